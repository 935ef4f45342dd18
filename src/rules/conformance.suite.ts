/**
 * The laws that all rules obey. A model joins by one call; its exceptions are given with a reason.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountsOf, health } from '../book.ts'
import {
  ACCOUNTS,
  type Offers,
  type Protocol,
  type Rules,
  settlement,
  WHOLE_OFFER,
} from '../rules.ts'
import {
  ASSETS,
  accountOf,
  arbitraryWorld,
  close,
  columns,
  legsOf,
  listAll,
  opened,
  settleAll,
} from './conformance.world.suite.ts'
import { offersOf, publish, take } from './vectors.suite.ts'

export { ASSETS }

/** One model under the laws. */
export interface Conforming {
  readonly rules: Rules
  /** Groups that positions are drawn from. */
  readonly groups: readonly number[]
  /** Most settlements of one account at fixed prices. */
  readonly stepsMax: (protocol: Protocol, account: number) => number
  /** Law name to the reason why it does not hold for this model. */
  readonly exceptions: Partial<
    Record<'listed' | 'gives' | 'legs' | 'value' | 'sale' | 'anyBid' | 'table' | 'price', string>
  >
}

const options = { seed: 20260701, numRuns: 100 }

/** Registers every law as a test of the model. */
export function rulesConformance(model: Conforming): void {
  const worlds = arbitraryWorld(model.rules, model.groups)
  const law = (name: string, predicate: (protocol: Protocol, pick: number) => void) =>
    it(`law: ${name}`, () => {
      const property = fc.property(worlds, fc.nat(1000), (world, pick) => {
        const protocol = opened(model.rules, world)
        fc.pre(protocol !== null)
        predicate(protocol!, pick)
      })
      fc.assert(property, options)
    })
  describe(`${model.rules.name}, ${model.rules.sale}`, () => {
    if (model.exceptions.price === undefined) priceLaws(law)
    admissionLaws(law, model)
    settlementLaws(law, model)
    endLaws(law, model)
    saleLaws(law, model)
    stateLaws(law)
    stockLaws(law)
    if (model.exceptions.table === undefined) tableLaws(model)
  })
}

type Law = (name: string, predicate: (protocol: Protocol, pick: number) => void) => void

function priceLaws(law: Law): void {
  law('health falls with the price of what is owned, rises with what is owed', (protocol, pick) => {
    const { book, values, rules } = protocol
    const leg = pick % book.amount.length
    const asset = rules.slots.asset[book.slot[leg]]
    const account = accountOf(protocol, leg)
    const owned = net(protocol, account, asset)
    const before = health(book, values, account)
    publish(protocol, asset, protocol.prices[asset] * 0.9)
    const change = health(book, values, account) - before
    if (owned > 0) expect(change).toBeLessThan(0)
    if (owned < 0) expect(change).toBeGreaterThan(0)
  })
}

function admissionLaws(law: Law, model: Conforming): void {
  if (model.exceptions.listed === undefined) {
    law('a breached account with collateral lists every pair of its legs', (protocol) => {
      for (let account = 0; account < accountsOf(protocol.book); account++) {
        if (!(health(protocol.book, protocol.values, account) < 0)) continue
        const legs = legsOf(protocol, account)
        const owned = legs.filter((amount) => amount > 0).length
        expect(offersOf(protocol, account).count).toBe(owned * (legs.length - owned))
      }
    })
  }

  law('a healthy account lists nothing and is refused', (protocol) => {
    const offers = listAll(protocol)
    for (let asset = 0; asset < ASSETS - 1; asset++) {
      protocol.prices[asset] *= asset === 0 ? 1 : 1e6
    }
    protocol.rules.value(protocol)
    const before = protocol.book.amount.slice()
    for (let o = 0; o < offers.count; o++) {
      if (health(protocol.book, protocol.values, offers.account[o]) < 0) continue
      expect(offersOf(protocol, offers.account[o]).count).toBe(0)
      expect(take(protocol, offers, o).reason).toBe('healthy')
    }
    expect(protocol.book.amount).toEqual(before)
  })

  law('an offer settled first is never refused, and gives what it listed', (protocol) => {
    const offers = listAll(protocol)
    const copy = protocol.copy()
    for (let o = 0; o < offers.count; o++) {
      expect(health(protocol.book, protocol.values, offers.account[o])).toBeLessThan(0)
      for (const bid of [Number.POSITIVE_INFINITY, offers.amount[o]]) {
        copy.reset(protocol)
        const moved = take(copy, offers, o, bid)
        expect(moved.reason).toBe(0)
        if (model.exceptions.gives !== undefined) continue
        expect(moved).toMatchObject({
          reason: 0,
          seized: offers.amount[o],
          repaid: offers.cost[o],
        })
      }
    }
  })
}

function settlementLaws(law: Law, model: Conforming): void {
  law('debt never grows, nothing is sold that is not owned, and debt is conserved', (protocol) => {
    if (model.exceptions.legs !== undefined) return
    const offers = listAll(protocol)
    for (let o = 0; o < offers.count; o++) {
      const before = protocol.copy()
      const moved = take(protocol, offers, o, o % 2 === 0 ? Infinity : offers.amount[o] / 3)
      if (moved.reason === 0) compare(before, protocol, offers.own[o], offers.pays[o], moved)
      else expect(columns(protocol)).toEqual(columns(before))
    }
  })

  law('version goes up by one, for the settled account only', (protocol) => {
    const offers = listAll(protocol)
    if (offers.count === 0) return
    take(protocol, offers, 0)
    const expected = new Uint32Array(accountsOf(protocol.book))
    expected[offers.account[0]] = 1
    expect(protocol.book.version).toEqual(expected)
  })

  law('what is sold is worth what is repaid and the bonus', (protocol) => {
    const { slots } = model.rules
    const offers = listAll(protocol)
    for (let o = 0; o < offers.count; o++) {
      if (model.exceptions.value !== undefined || !(offers.amount[o] > 0)) continue
      const slot = protocol.book.slot[offers.own[o]]
      const bonus = model.rules.terms(slots.asset[slot], slots.group[slot])!.bonus
      const sold = offers.amount[o] * protocol.prices[offers.sells[o]]
      const due = offers.cost[o] * protocol.prices[offers.pays[o]] * (1 + bonus)
      expect(due).toBeLessThanOrEqual(sold * (1 + 4e-12))
      close(due, sold, 4e-12)
    }
  })

  law('a bid for less gets no more than it asked for', (protocol, pick) => {
    const offers = listAll(protocol)
    if (offers.count === 0) return
    const o = pick % offers.count
    if (!(offers.amount[o] > 0)) return
    const moved = take(protocol, offers, o, offers.amount[o] * 0.4)
    if (model.exceptions.anyBid === undefined) expect(moved.reason).toBe(0)
    if (moved.reason !== 0) return
    if (model.exceptions.gives !== undefined) return
    expect(moved.seized).toBeLessThanOrEqual(offers.amount[o] * 0.4)
    close(moved.repaid / moved.seized, offers.cost[o] / offers.amount[o], 1e-9)
  })
}

function endLaws(law: Law, model: Conforming): void {
  law('repeated settlement at fixed prices ends within the stated bound', (protocol, pick) => {
    for (let account = 0; account < accountsOf(protocol.book); account++) {
      const bound = model.stepsMax(protocol, account)
      expect(settleAll(protocol, account, pick, bound + 1)).toBeLessThanOrEqual(bound)
      expect(offersOf(protocol, account).count).toBe(0)
    }
  })

  law('an account without collateral owes nothing once settled, its debt is bad', (protocol) => {
    for (let account = 0; account < accountsOf(protocol.book); account++) {
      if (settleAll(protocol, account, 0, 200) === 0) continue
      const legs = legsOf(protocol, account)
      if (legs.some((amount) => amount > 0)) continue
      expect(legs.every((amount) => amount === 0)).toBe(true)
    }
  })
}

function saleLaws(law: Law, model: Conforming): void {
  if (model.exceptions.sale !== undefined) return
  law(`what a crossing sells at lower prices is as declared`, (protocol, pick) => {
    const { rules } = protocol
    const lower = protocol.copy()
    for (let asset = 1; asset < ASSETS - 1; asset++) lower.prices[asset] *= 1 - (pick % 90) / 100
    rules.value(lower)
    for (let account = 0; account < accountsOf(protocol.book); account++) {
      if (!(health(protocol.book, protocol.values, account) < 0)) continue
      if (!(health(lower.book, lower.values, account) < 0)) continue
      if (rules.sale === 'units') sameUnits(protocol, lower, account)
      else sameValue(protocol, lower, account)
    }
  })
}

/** Everything is sold, at either price. */
function sameUnits(protocol: Protocol, lower: Protocol, account: number): void {
  for (const at of [protocol, lower]) {
    settleAll(at, account, 1, 100)
    expect(legsOf(at, account).every((amount) => amount === 0)).toBe(true)
  }
}

/** Sold = min(collateral, fixed cash / price): the cash is read at the higher price. */
function sameValue(protocol: Protocol, lower: Protocol, account: number): void {
  const high = offersOf(protocol, account)
  const low = offersOf(lower, account)
  expect(low.count).toBe(high.count)
  for (let o = 0; o < high.count; o++) {
    const owned = protocol.book.amount[high.own[o]]
    const cash = high.amount[o] * priceIn(protocol, high.sells[o], high.pays[o])
    const fit = cash / priceIn(lower, high.sells[o], high.pays[o])
    if (fit < high.amount[o]) continue
    close(low.amount[o], high.amount[o] === owned ? owned : Math.min(owned, fit), 1e-12)
  }
}

function priceIn({ prices }: Protocol, asset: number, other: number): number {
  return prices[asset] / prices[other]
}

function stateLaws(law: Law): void {
  law('a copy is independent, and reset restores every byte', (protocol, pick) => {
    const copy = protocol.copy()
    const opening = columns(protocol)
    for (let account = 0; account < accountsOf(copy.book); account++) {
      settleAll(copy, account, pick, 5)
    }
    publish(copy, 1, 7)
    expect(columns(protocol)).toEqual(opening)
    copy.reset(protocol)
    expect(columns(copy)).toEqual(opening)
  })
}

function stockLaws(law: Law): void {
  law('stock = flow: what accounts hold changes by what was moved to and from them', (protocol) => {
    for (const taker of [-1, 0]) {
      const copy = protocol.copy()
      const offers = listAll(copy)
      for (let o = 0; o < offers.count; o++) {
        const before = stocks(copy)
        const moved = settlement()
        const bid = { ...WHOLE_OFFER, taker, pays: offers.cost[o] }
        if (copy.rules.settle(copy, offers, o, bid, moved) !== 0) continue
        const flow = flows(offers, o, moved)
        stocks(copy).forEach((stock, asset) => {
          const scale = Math.abs(before[asset]) + Math.abs(stock) + Math.abs(flow[asset])
          expect(Math.abs(stock - before[asset] - flow[asset])).toBeLessThanOrEqual(1e-11 * scale)
        })
      }
    }
  })

  law('no time is no interest, and an index never falls by time', (protocol) => {
    const { rules, index } = protocol
    const opening = index.slice()
    rules.accrue?.(protocol, 0)
    expect(index).toEqual(opening)
    rules.accrue?.(protocol, 86_400)
    expect(index.findIndex((now, s) => !(now >= opening[s]))).toBe(-1)
  })
}

/** Units that accounts hold, by asset; debt is negative. */
function stocks({ book, index, rules }: Protocol): number[] {
  const units = new Array<number>(ASSETS).fill(0)
  book.amount.forEach((amount, leg) => {
    const slot = book.slot[leg]
    units[rules.slots.asset[slot]] += amount * index[slot]
  })
  return units
}

/** Units that a settlement moved to accounts, by asset. */
function flows(offers: Offers, o: number, moved: ReturnType<typeof settlement>): number[] {
  const units = new Array<number>(ASSETS).fill(0)
  units[offers.sells[o]] -= moved.seized
  units[offers.pays[o]] += moved.repaid
  const { asset, from, to, amount, count } = moved.moves
  for (let m = 0; m < count; m++) {
    if (from[m] === ACCOUNTS) units[asset[m]] -= amount[m]
    if (to[m] === ACCOUNTS) units[asset[m]] += amount[m]
  }
  return units
}

function tableLaws({ rules, groups }: Conforming): void {
  it('law: slots, slotOf and terms agree', () => {
    const { slots } = rules
    for (let s = 0; s < slots.count; s++) {
      const side = slots.side[s] === 1 ? 1 : -1
      expect(rules.slotOf(slots.asset[s], side, slots.group[s])).toBe(s)
    }
    for (const group of groups) {
      for (let asset = 0; asset < ASSETS; asset++) {
        expect(rules.terms(asset, group) === null).toBe(rules.slotOf(asset, 1, group) === -1)
      }
    }
    expect(rules.slotOf(ASSETS, 1, 0)).toBe(-1)
    expect(rules.terms(0, 999)).toBeNull()
  })

  it.each(['threshold', 'bonus'] as const)('law: %s scales in every group, alone', (parameter) => {
    const other = parameter === 'bonus' ? 'threshold' : 'bonus'
    const scaled = rules.scaled(parameter, 0.99)!
    expect(scaled.slots).toEqual(rules.slots)
    for (const group of groups) {
      for (let asset = 0; asset < ASSETS; asset++) {
        const before = rules.terms(asset, group)
        const after = scaled.terms(asset, group)
        expect(after?.[parameter]).toBe(before === null ? undefined : before[parameter] * 0.99)
        expect(after?.[other]).toBe(before?.[other])
      }
    }
  })
}

/** What one settlement may change, asset by asset. */
function compare(
  before: Protocol,
  after: Protocol,
  own: number,
  pays: number,
  moved: { seized: number; fee: number; repaid: number },
): void {
  const { amount } = before.book
  expect(moved.seized).toBeLessThanOrEqual(amount[own])
  expect(moved.fee).toBeGreaterThanOrEqual(0)
  expect(moved.fee).toBeLessThanOrEqual(moved.seized)
  close(amount[own] - moved.seized, after.book.amount[own], 0)
  for (let leg = 0; leg < amount.length; leg++) {
    const left = after.book.amount[leg]
    if (amount[leg] < 0) expect(left <= 0 && left >= amount[leg]).toBe(true)
    else if (leg !== own) expect(left).toBe(amount[leg])
  }
  for (let asset = 0; asset < ASSETS; asset++) {
    const paid = asset === pays ? moved.repaid : 0
    const opening = owed(before, asset) + before.badDebt[asset]
    close(owed(after, asset) + after.badDebt[asset] + paid, opening, 1e-12)
  }
}

function owed({ book, rules }: Protocol, asset: number): number {
  let sum = 0
  book.amount.forEach((amount, leg) => {
    if (amount < 0 && rules.slots.asset[book.slot[leg]] === asset) sum -= amount
  })
  return sum
}

function net({ book, rules }: Protocol, account: number, asset: number): number {
  let sum = 0
  for (let leg = book.start[account]; leg < book.start[account + 1]; leg++) {
    const slot = book.slot[leg]
    if (rules.slots.asset[slot] !== asset) continue
    const weight = book.amount[leg] > 0 ? rules.terms(asset, rules.slots.group[slot])!.threshold : 1
    sum += book.amount[leg] * weight
  }
  return sum
}
