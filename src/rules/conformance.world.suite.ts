/** Worlds that the laws of rules are tried on, histories in them, and what the laws look at. */

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect } from 'vitest'
import { accountsOf, bookFrom, type Leg } from '../book.ts'
import { pow } from '../math/exponential.ts'
import {
  type Bid,
  type Offers,
  offerList,
  type Protocol,
  protocolFrom,
  type Rules,
  settlement,
  WHOLE_OFFER,
} from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { offersOf, type PlainLeg } from './vectors.suite.ts'

/** Number of assets a conforming model is built over; the last has no threshold. */
export const ASSETS = 4

const assets = Array.from({ length: ASSETS }, (_, asset) => asset)

/** What a counterexample prints. */
export interface PlainWorld {
  readonly prices: readonly number[]
  /** Positions, debt negative. */
  readonly legs: readonly PlainLeg[]
}

/** What an account may hold: anything that the rules know, or one collateral and another debt. */
export type PositionsPer = 'any' | 'pair'

/**
 * Random prices and one to four accounts in one group each, with one to three collaterals and one
 * to four debts, or a pair, at any health.
 */
export function arbitraryWorld(
  rules: Rules,
  groups: readonly number[],
  positionsPer: PositionsPer,
): fc.Arbitrary<PlainWorld> {
  const held = positionsPer === 'pair' ? onePair : anything
  const account = fc.constantFrom(...groups).chain((group) =>
    fc.record({
      group: fc.constant(group),
      held: held(rules, group),
      factor: fc.double({ min: 0.2, max: 1.2, noNaN: true }),
    }),
  )
  const prices = fc.tuple(
    fc.constant(1),
    fc.double({ min: 500, max: 5000, noNaN: true }),
    fc.double({ min: 0.01, max: 100, noNaN: true }),
    fc.double({ min: 0.5, max: 2, noNaN: true }),
  )
  return fc
    .tuple(prices, fc.array(account, { minLength: 1, maxLength: 4 }))
    .map(([at, accounts]) => {
      const legs = accounts.flatMap(({ group, held: [owns, owes], factor }, i): PlainLeg[] => {
        const term = (asset: number) => rules.terms(asset, group)?.threshold ?? 0
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

/** USD owned and owed, by asset. */
type Held = readonly [owns: readonly number[], owes: readonly number[]]

const usd = fc.double({ min: 1, max: 7, noNaN: true }).map((digits) => pow(10, digits))

function anything(rules: Rules, group: number): fc.Arbitrary<Held> {
  const side = (sign: 1 | -1) =>
    fc
      .tuple(
        ...assets.map((asset) =>
          rules.slotOf(asset, sign, group) < 0 ? fc.constant(0) : fc.option(usd, { nil: 0 }),
        ),
      )
      .filter((values) => values.some((value) => value > 0))
  return fc.tuple(side(1), side(-1))
}

function onePair(rules: Rules, group: number): fc.Arbitrary<Held> {
  const may = (sign: 1 | -1) => assets.filter((asset) => rules.slotOf(asset, sign, group) >= 0)
  const pairs = may(1).flatMap((own) =>
    may(-1).flatMap((owed) => (owed === own ? [] : [[own, owed] as const])),
  )
  const only = (of: number, value: number) => assets.map((asset) => (asset === of ? value : 0))
  return fc
    .tuple(fc.constantFrom(...pairs), usd, usd)
    .map(([[own, owed], worth, debt]) => [only(own, worth), only(owed, debt)])
}

/** A world as a protocol; the rules put its positions into legs where they do that. */
export function opened(rules: Rules, { prices, legs }: PlainWorld): Protocol {
  const positions = positionsOf(legs)
  const { accounts } = positions
  const placed = legs.map(([account, asset, amount, group = 0]): Leg => {
    return { account, slot: rules.slotOf(asset, amount > 0 ? 1 : -1, group), amount }
  })
  return protocolFrom({
    name: rules.name,
    rules,
    book: rules.book?.(positions, Float64Array.from(prices)) ?? bookFrom(accounts.length, placed),
    prices: Float64Array.from(prices),
    accounts,
    positions,
  })
}

function positionsOf(legs: readonly PlainLeg[]): Positions {
  const accounts = 1 + Math.max(...legs.map(([account]) => account))
  return {
    accounts: Array.from({ length: accounts }, (_, i) => `borrower ${i}`),
    account: Uint32Array.from(legs, ([account]) => account),
    asset: Uint16Array.from(legs, ([, asset]) => asset),
    side: Int8Array.from(legs, ([, , amount]) => (amount > 0 ? 1 : -1)),
    group: Uint16Array.from(legs, ([, , , group = 0]) => group),
    amount: Float64Array.from(legs, ([, , amount]) => Math.abs(amount)),
    synthetic: false,
    asOf: null,
  }
}

/** One step of a history: time and prices move, then one offer is bid for. */
export interface Step {
  readonly pick: number
  readonly taker: number
  /** Of what is offered; from 1 on all of it. */
  readonly part: number
  readonly later: number
  /** Factor on the price of asset 1. */
  readonly price: number
}

export const arbitraryHistory: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    pick: fc.nat(1000),
    taker: fc.nat(2),
    part: fc.constantFrom(1, 1, 1.2, 0.4, 0.9),
    later: fc.constantFrom(0, 0, 15, 900, 9000, 80_000),
    price: fc.constantFrom(1, 1, 1, 0.9, 0.97, 1.05),
  }),
  { minLength: 1, maxLength: 20 },
)

/** One bid of a history and what came of it. */
export interface Settled {
  readonly before: Protocol
  readonly offers: Offers
  readonly o: number
  readonly bid: Bid
  readonly moved: Moved
}

export type Moved = ReturnType<typeof takeBy>

/** Plays a history in time, and hands every bid to `see`. */
export function play(
  protocol: Protocol,
  history: readonly Step[],
  see: (settled: Settled) => void,
): void {
  const { rules, prices } = protocol
  let atSeconds = 0
  for (const { pick, taker, part, later, price } of history) {
    if (later > 0) rules.accrue?.(protocol, later)
    atSeconds += later
    prices[1] *= price
    rules.value(protocol)
    const offers = listAt(protocol, atSeconds)
    if (offers.count === 0) continue
    const o = pick % offers.count
    const asked = part < 1 && offers.amount[o] > 0 ? part * offers.amount[o] : Infinity
    const { pays, ...of } = termsFor(offers, o, taker)
    const worth = (offers.amount[o] * prices[offers.sells[o]]) / prices[offers.pays[o]]
    // Where payments are the bidders' own, the last of three takers bids what the lot is worth.
    const isBold = offers.free[o] === 1 && taker === 2
    const bid = { amount: asked, atSeconds, ...of, pays: isBold ? Math.max(pays, worth) : pays }
    const before = protocol.copy()
    see({ before, offers, o, bid, moved: takeBy(protocol, offers, o, bid) })
  }
}

/** A taker who may have an offer, the wanted one if that is possible, and what it must pay. */
function termsFor({ reserved, cost }: Offers, o: number, wanted: number) {
  const other = reserved[o] === -2 - wanted ? wanted + 1 : wanted
  return { taker: reserved[o] >= 0 ? reserved[o] : other, pays: Math.max(0, cost[o]) }
}

/** Settles an offer by a taker in time, all of it unless told otherwise. */
export function takeBy(protocol: Protocol, offers: Offers, o: number, bid: Partial<Bid> = {}) {
  const moved = settlement()
  const whole = { ...WHOLE_OFFER, ...termsFor(offers, o, 0) }
  const reason = protocol.rules.settle(protocol, offers, o, { ...whole, ...bid }, moved)
  return { reason, ...moved }
}

/** Settles any offer of the account until none is listed or `most` were; returns how many. */
export function settleAll(
  protocol: Protocol,
  account: number,
  pick: number,
  most: number,
  taker = -1,
): number {
  for (let steps = 0; steps < most; steps++) {
    const offers = offersOf(protocol, account)
    if (offers.count === 0) return steps
    const o = (pick + steps) % offers.count
    expect(takeBy(protocol, offers, o, { taker }).reason).toBe(0)
  }
  return most
}

/** The offers of every account. */
export function listAll(protocol: Protocol): Offers {
  const offers = offerList()
  for (let account = 0; account < accountsOf(protocol.book); account++)
    protocol.rules.offers(protocol, account, offers)
  return offers
}

/** What the rules hold themselves, then the offers of every account, at a time. */
export function listAt(protocol: Protocol, atSeconds: number): Offers {
  const offers = offerList()
  const { rules } = protocol
  rules.standing?.(protocol, { block: 1, seconds: 12, atSeconds, gwei: 20 }, offers)
  for (let account = 0; account < accountsOf(protocol.book); account++)
    rules.offers(protocol, account, offers)
  return offers
}

/** The account of a leg. */
export function accountOf({ book }: Protocol, leg: number): number {
  return book.start.findIndex((first) => first > leg) - 1
}

/** Amounts of the legs of an account. */
export function legsOf({ book }: Protocol, account: number): number[] {
  return [...book.amount.subarray(book.start[account], book.start[account + 1])]
}

/** Equal within a share of the larger. */
export function close(actual: number, expected: number, tolerance: number): void {
  const scale = Math.max(Math.abs(actual), Math.abs(expected))
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * scale)
}

/** Everything that changes, as plain copies. */
export function stateOf({ book, prices, index, values, badDebt, items }: Protocol): unknown {
  return plain({
    amount: book.amount,
    version: book.version,
    prices,
    index,
    values,
    badDebt,
    items,
  })
}

/** Whether two states are the same, to the byte. */
export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other)
}

/** Data without functions, to any depth. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return structuredClone(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => typeof part !== 'function')
      .map(([name, part]) => [name, plain(part)]),
  )
}
