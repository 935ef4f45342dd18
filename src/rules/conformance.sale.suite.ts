/** Laws of one sale without time: what it may change, what it is worth, and what is declared. */

import { expect } from 'vitest'
import { accountsOf, health } from '../book.ts'
import type { Protocol } from '../rules.ts'
import { exchanged } from './conformance.flow.suite.ts'
import {
  ASSETS,
  accountOf,
  close,
  isSame,
  legsOf,
  listAll,
  settleAll,
  stateOf,
} from './conformance.world.suite.ts'
import { offersOf, take } from './vectors.suite.ts'

/** A law that a model may be excepted from. All others hold for every model. */
export type Exception =
  | 'price'
  | 'par'
  | 'listed'
  | 'atOnce'
  | 'gives'
  | 'legs'
  | 'grows'
  | 'value'
  | 'loss'
  | 'anyBid'
  | 'linear'
  | 'table'
  | 'scaled'

/** Registers a law of worlds. */
export type Law = (
  name: string,
  predicate: (protocol: Protocol, pick: number) => void,
  exception?: Exception,
) => void

/** Registers the laws of one settlement. */
export function settlementLaws(law: Law): void {
  law('only legs of the settled account change', (protocol) => {
    changes(protocol, (leg, account) => {
      expect(accountOf(protocol, leg)).toBe(account)
    })
  })

  law(
    'no leg grows or turns',
    (protocol) => {
      changes(protocol, (_, __, before, amount) => {
        expect(Math.abs(amount)).toBeLessThan(Math.abs(before))
        expect(amount * before).toBeGreaterThanOrEqual(0)
      })
    },
    'grows',
  )

  law(
    'one collateral leg pays, by what is seized; all debts are repaid, owed or bad',
    (protocol) => {
      const offers = listAll(protocol)
      for (let o = 0; o < offers.count; o++) {
        const before = protocol.copy()
        const moved = take(protocol, offers, o, o % 2 === 0 ? Infinity : offers.amount[o] / 3)
        if (moved.reason === 0) onePays(before, protocol, offers.own[o], offers.pays[o], moved)
        else expect(isSame(stateOf(protocol), stateOf(before))).toBe(true)
      }
    },
    'legs',
  )

  law('version goes up by one, for the settled account only', (protocol) => {
    const offers = listAll(protocol)
    if (offers.count === 0) return
    take(protocol, offers, 0)
    const expected = new Uint32Array(accountsOf(protocol.book))
    expected[offers.account[0]] = 1
    expect(protocol.book.version).toEqual(expected)
  })

  law(
    'what is sold is worth what is repaid and the bonus',
    (protocol) => {
      for (const { due, sold } of salesOf(protocol)) close(due, sold, 4e-12)
    },
    'value',
  )

  law(
    'what is sold is worth at least what is repaid and the bonus',
    (protocol) => {
      for (const { due, sold } of salesOf(protocol))
        expect(due).toBeLessThanOrEqual(sold * (1 + 4e-12))
    },
    'loss',
  )

  law(
    'a bid for less gets no more than it asked for, at the same price',
    (protocol, pick) => {
      const offers = listAll(protocol)
      if (offers.count === 0) return
      const o = pick % offers.count
      const asked = offers.amount[o] * 0.4
      if (!(asked > 0 && offers.cost[o] > 0)) return
      const moved = take(protocol, offers, o, asked)
      if (moved.reason !== 0) return
      const { got, paid } = exchanged(offers, o, moved)
      expect(got).toBeLessThanOrEqual(asked)
      close(paid / got, offers.cost[o] / offers.amount[o], 1e-9)
    },
    'linear',
  )
}

/** Settles all offers, whole or in part, and shows every leg that it changed. */
function changes(
  protocol: Protocol,
  seen: (leg: number, account: number, before: number, amount: number) => void,
): void {
  const offers = listAll(protocol)
  for (let o = 0; o < offers.count; o++) {
    const before = protocol.book.amount.slice()
    take(protocol, offers, o, o % 2 === 0 ? Infinity : offers.amount[o] / 3)
    protocol.book.amount.forEach((amount, leg) => {
      if (amount !== before[leg]) seen(leg, offers.account[o], before[leg], amount)
    })
  }
}

/** USD of what each offer sells, and of its cost with the bonus; calls and rewards are no sales. */
function salesOf(protocol: Protocol) {
  const { rules, book, prices } = protocol
  const offers = listAll(protocol)
  return Array.from({ length: offers.count }, (_, o) => o)
    .filter((o) => offers.amount[o] > 0 && offers.cost[o] > 0)
    .map((o) => {
      const slot = book.slot[offers.own[o]]
      const { bonus } = rules.terms(rules.slots.asset[slot], rules.slots.group[slot])!
      const sold = offers.amount[o] * prices[offers.sells[o]]
      return { sold, due: offers.cost[o] * prices[offers.pays[o]] * (1 + bonus) }
    })
}

/** Registers the law of what a model declares as `sale`. */
export function saleLaw(law: Law): void {
  law('what a crossing sells at lower prices is as declared', (protocol, pick) => {
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

/** What one settlement may change where one leg pays one debt. */
function onePays(
  before: Protocol,
  after: Protocol,
  own: number,
  pays: number,
  moved: { seized: number; fee: number; repaid: number },
): void {
  const { amount, slot } = before.book
  const units = amount[own] * before.index[slot[own]]
  expect(moved.seized).toBeLessThanOrEqual(units)
  expect(moved.fee).toBeGreaterThanOrEqual(0)
  expect(moved.fee).toBeLessThanOrEqual(moved.seized)
  const left = after.book.amount[own] * after.index[slot[own]]
  expect(Math.abs(units - moved.seized - left)).toBeLessThanOrEqual(1e-15 * units)
  for (let leg = 0; leg < amount.length; leg++)
    if (amount[leg] > 0 && leg !== own) expect(after.book.amount[leg]).toBe(amount[leg])
  for (let asset = 0; asset < ASSETS; asset++) {
    const paid = asset === pays ? moved.repaid : 0
    const opening = owed(before, asset) + before.badDebt[asset]
    close(owed(after, asset) + after.badDebt[asset] + paid, opening, 1e-12)
  }
}

function owed({ book, rules, index }: Protocol, asset: number): number {
  let sum = 0
  book.amount.forEach((amount, leg) => {
    const slot = book.slot[leg]
    if (amount < 0 && rules.slots.asset[slot] === asset) sum -= amount * index[slot]
  })
  return sum
}
