/**
 * The laws that all rules obey. A model joins by one call; its exceptions are given with a reason.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountsOf, health } from '../book.ts'
import { pow } from '../math/exponential.ts'
import { offerList, type Protocol, type Rules } from '../rules.ts'
import { offersOf, type PlainLeg, protocolOf, publish, take } from './vectors.suite.ts'

/** Number of assets a conforming model is built over; the last has no threshold. */
export const ASSETS = 4

/** One model under the laws. */
export interface Conforming {
  readonly rules: Rules
  /** Groups that positions are drawn from. */
  readonly groups: readonly number[]
  /** Most settlements of one account at fixed prices. */
  readonly stepsMax: (protocol: Protocol, account: number) => number
  /** Law name to the reason why it does not hold for this model. */
  readonly exceptions: Partial<Record<'listed' | 'value' | 'sale' | 'anyBid', string>>
}

const options = { seed: 20260701, numRuns: 100 }

/** Registers every law as a test of the model. */
export function rulesConformance(model: Conforming): void {
  const worlds = arbitraryWorld(model)
  const law = (name: string, predicate: (protocol: Protocol, pick: number) => void) =>
    it(`law: ${name}`, () => {
      const open = ({ prices, legs }: PlainWorld) => protocolOf(model.rules, prices, legs)
      const property = fc.property(worlds, fc.nat(1000), (world, pick) => {
        predicate(open(world), pick)
      })
      fc.assert(property, options)
    })
  describe(`${model.rules.name}, ${model.rules.sale}`, () => {
    priceLaws(law)
    admissionLaws(law, model)
    settlementLaws(law, model)
    endLaws(law, model)
    saleLaws(law, model)
    stateLaws(law)
    tableLaws(model)
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
      const slot = protocol.book.slot[offers.own[o]]
      const bonus = model.rules.terms(slots.asset[slot], slots.group[slot])!.bonus
      const sold = offers.amount[o] * protocol.prices[offers.sells[o]]
      const due = offers.cost[o] * protocol.prices[offers.pays[o]] * (1 + bonus)
      expect(due).toBeLessThanOrEqual(sold * (1 + 4e-12))
      if (model.exceptions.value === undefined) close(due, sold, 4e-12)
    }
  })

  law('a bid for less gets no more than it asked for', (protocol, pick) => {
    const offers = listAll(protocol)
    if (offers.count === 0) return
    const o = pick % offers.count
    const moved = take(protocol, offers, o, offers.amount[o] * 0.4)
    if (model.exceptions.anyBid === undefined) expect(moved.reason).toBe(0)
    if (moved.reason !== 0) return
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
        expect(rules.slotOf(asset, -1, group)).toBeGreaterThanOrEqual(0)
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

/** What a counterexample prints. */
interface PlainWorld {
  readonly prices: readonly number[]
  readonly legs: readonly PlainLeg[]
}

/**
 * Random prices and accounts with one to three collaterals and one to four debts, at any health.
 */
function arbitraryWorld({ rules, groups }: Conforming): fc.Arbitrary<PlainWorld> {
  const usd = fc.double({ min: 1, max: 7, noNaN: true }).map((digits) => pow(10, digits))
  const side = (assets: number) =>
    fc.array(fc.option(usd, { nil: 0 }), { minLength: assets, maxLength: assets })
  const account = fc.record({
    group: fc.constantFrom(...groups),
    owns: side(ASSETS - 1).filter((values) => values.some((value) => value > 0)),
    owes: side(ASSETS).filter((values) => values.some((value) => value > 0)),
    factor: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
  })
  const prices = fc.tuple(
    fc.constant(1),
    fc.double({ min: 500, max: 5000, noNaN: true }),
    fc.double({ min: 0.01, max: 100, noNaN: true }),
    fc.double({ min: 0.5, max: 2, noNaN: true }),
  )
  return fc
    .tuple(prices, fc.array(account, { minLength: 1, maxLength: 4 }))
    .map(([at, accounts]) => {
      const legs = accounts.flatMap(({ group, owns, owes, factor }, i): PlainLeg[] => {
        const term = (asset: number) => rules.terms(asset, group)!.threshold
        const weighted = owns.reduce((sum, value, asset) => sum + value * term(asset), 0)
        const scale = weighted / factor / owes.reduce((sum, value) => sum + value, 0)
        return [
          ...owns.map((value, asset): PlainLeg => [i, asset, value / at[asset], group]),
          ...owes.map((value, asset): PlainLeg => [i, asset, (-value * scale) / at[asset], group]),
        ].filter(([, , amount]) => amount !== 0)
      })
      return { prices: at, legs }
    })
}

/** Settles any offer of the account until none is listed or `most` were; returns how many. */
function settleAll(protocol: Protocol, account: number, pick: number, most: number): number {
  for (let steps = 0; steps < most; steps++) {
    const offers = offersOf(protocol, account)
    if (offers.count === 0) return steps
    expect(take(protocol, offers, (pick + steps) % offers.count).reason).toBe(0)
  }
  return most
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

function close(actual: number, expected: number, tolerance: number): void {
  const scale = Math.max(Math.abs(actual), Math.abs(expected))
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * scale)
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

function accountOf({ book }: Protocol, leg: number): number {
  return book.start.findIndex((first) => first > leg) - 1
}

function legsOf({ book }: Protocol, account: number): number[] {
  return [...book.amount.subarray(book.start[account], book.start[account + 1])]
}

function listAll(protocol: Protocol): ReturnType<typeof offerList> {
  const offers = offerList()
  for (let account = 0; account < accountsOf(protocol.book); account++) {
    protocol.rules.offers(protocol, account, offers)
  }
  return offers
}

/** Everything that changes, as plain copies. */
function columns({ book, prices, values, badDebt }: Protocol): Float64Array[] {
  return [book.amount, Float64Array.from(book.version), prices, values, badDebt].map((column) =>
    column.slice(),
  )
}
