/**
 * The laws that all rules obey. A model joins by one call; its exceptions are given with a reason,
 * and each is held to be one: the law must fail there.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountsOf, health } from '../book.ts'
import type { Protocol, Rules } from '../rules.ts'
import {
  exchanged,
  type Flowing,
  type HistoryLaw,
  histories,
  historyLaws,
  stockLaws,
} from './conformance.flow.suite.ts'
import { type Exception, type Law, saleLaw, settlementLaws } from './conformance.sale.suite.ts'
import { tableLaws } from './conformance.table.suite.ts'
import {
  ASSETS,
  accountOf,
  arbitraryWorld,
  close,
  isSame,
  legsOf,
  listAll,
  opened,
  type PositionsPer,
  play,
  type Step,
  settleAll,
  stateOf,
} from './conformance.world.suite.ts'
import { offersOf, publish, take } from './vectors.suite.ts'

export { ASSETS }

/** One model under the laws. */
export interface Conforming extends Flowing {
  readonly rules: Rules
  /** Groups that positions are drawn from. */
  readonly groups: readonly number[]
  /** Whether an account may hold several assets; any unless told otherwise. */
  readonly positionsPer?: PositionsPer
  /** Most settlements of one account at fixed prices. */
  readonly stepsMax: (protocol: Protocol, account: number) => number
  /** Law name to the reason why it does not hold for this model. */
  readonly exceptions: Partial<Record<Exception, string>>
}

const options = { seed: 20260701, numRuns: 100 }

/** Registers every law as a test of the model. */
export function rulesConformance(model: Conforming): void {
  const { rules, groups, exceptions, positionsPer = 'any' } = model
  const worlds = arbitraryWorld(rules, groups, positionsPer)
  const register = (name: string, property: fc.IRawProperty<unknown>, exception?: Exception) => {
    const reason = exception === undefined ? undefined : exceptions[exception]
    if (reason === undefined) it(`law: ${name}`, () => fc.assert(property, options))
    else
      it(`exception: not "${name}", because ${reason}`, () => {
        expect(fc.check(property, { ...options, endOnFailure: true })).toMatchObject({
          failed: true,
        })
      })
  }
  const law: Law = (name, predicate, exception) => {
    const property = fc.property(worlds, fc.nat(1000), (world, pick) =>
      predicate(opened(rules, world), pick),
    )
    register(name, property as fc.IRawProperty<unknown>, exception)
  }
  const historyLaw: HistoryLaw = (name, predicate, exception) => {
    const property = fc.property(worlds, histories, (world, history) =>
      predicate(opened(rules, world), history),
    )
    register(name, property as fc.IRawProperty<unknown>, exception)
  }
  describe(`${rules.name}, ${rules.sale}`, () => {
    priceLaws(law)
    admissionLaws(law)
    settlementLaws(law)
    endLaws(law, model)
    if (rules.sale !== 'repeated') saleLaw(law)
    stateLaws(law, historyLaw)
    stockLaws(law, model)
    historyLaws(historyLaw, model)
    tableLaws(model, exceptions)
  })
}

function priceLaws(law: Law): void {
  law(
    'health falls with the price of what is owned',
    (protocol, pick) => {
      const [owned, change] = dropped(protocol, pick)
      if (owned > 0) expect(change).toBeLessThan(0)
    },
    'price',
  )

  law(
    'health rises as the price of what is owed falls',
    (protocol, pick) => {
      const [owned, change] = dropped(protocol, pick)
      if (owned < 0) expect(change).toBeGreaterThan(0)
    },
    'par',
  )
}

/** Lowers a price by a tenth: what an account owns of it, weighted, and how its health changes. */
function dropped(protocol: Protocol, pick: number): readonly [owned: number, change: number] {
  const { book, values, rules } = protocol
  const leg = pick % book.amount.length
  const asset = rules.slots.asset[book.slot[leg]]
  const account = accountOf(protocol, leg)
  const owned = net(protocol, account, asset)
  const before = health(book, values, account)
  publish(protocol, asset, protocol.prices[asset] * 0.9)
  return [owned, health(book, values, account) - before]
}

function admissionLaws(law: Law): void {
  law(
    'a breached account with collateral lists every pair of its legs',
    (protocol) => {
      for (let account = 0; account < accountsOf(protocol.book); account++) {
        if (!(health(protocol.book, protocol.values, account) < 0)) continue
        const legs = legsOf(protocol, account)
        const owned = legs.filter((amount) => amount > 0).length
        expect(offersOf(protocol, account).count).toBe(owned * (legs.length - owned))
      }
    },
    'listed',
  )

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

  law('an offer settled first is never refused', (protocol) => {
    const offers = listAll(protocol)
    const copy = protocol.copy()
    for (let o = 0; o < offers.count; o++) {
      expect(health(protocol.book, protocol.values, offers.account[o])).toBeLessThan(0)
      for (const bid of [Number.POSITIVE_INFINITY, offers.amount[o]]) {
        if (bid === 0) continue
        copy.reset(protocol)
        expect(take(copy, offers, o, bid).reason).toBe(0)
      }
    }
  })

  law(
    'without time an offer gives what it listed',
    (protocol) => {
      const offers = listAll(protocol)
      const copy = protocol.copy()
      for (let o = 0; o < offers.count; o++) {
        if (offers.amount[o] === 0) continue
        copy.reset(protocol)
        const { got, paid } = exchanged(offers, o, take(copy, offers, o))
        close(got, offers.amount[o], 1e-15)
        close(paid, offers.cost[o], 1e-12)
      }
    },
    'atOnce',
  )
}

function endLaws(law: Law, model: Conforming): void {
  law('repeated settlement at fixed prices ends within the stated bound', (opening, pick) => {
    for (const taker of [-1, 0]) {
      const protocol = opening.copy()
      for (let account = 0; account < accountsOf(protocol.book); account++) {
        const bound = model.stepsMax(protocol, account)
        const steps = settleAll(protocol, account, pick, bound + 1, taker)
        expect(steps).toBeLessThanOrEqual(bound)
        expect(offersOf(protocol, account).count).toBe(0)
      }
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

function stateLaws(law: Law, historyLaw: HistoryLaw): void {
  law('a copy is independent, and reset restores every byte', (protocol, pick) => {
    const copy = protocol.copy()
    const opening = stateOf(protocol)
    for (let account = 0; account < accountsOf(copy.book); account++)
      settleAll(copy, account, pick, 5)
    publish(copy, 1, 7)
    expect(isSame(stateOf(protocol), opening)).toBe(true)
    copy.reset(protocol)
    expect(isSame(stateOf(copy), opening)).toBe(true)
  })

  historyLaw(
    'in time a copy is independent, reset restores it, and it repeats',
    (protocol, all) => {
      const later = (at: Protocol, history: readonly Step[]) => {
        play(at, history, () => {})
        return stateOf(at)
      }
      const opening = later(protocol, all.slice(0, all.length / 2))
      const copy = protocol.copy()
      const once = later(copy, all)
      expect(isSame(stateOf(protocol), opening)).toBe(true)
      copy.reset(protocol)
      expect(isSame(stateOf(copy), opening)).toBe(true)
      expect(isSame(later(copy, all), once)).toBe(true)
    },
  )
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
