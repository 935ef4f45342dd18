/** Worlds that the laws of rules are tried on, and what the laws look at. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { accountsOf, bookFrom } from '../book.ts'
import { InputError } from '../errors.ts'
import { pow } from '../math/exponential.ts'
import { offerList, type Protocol, protocolFrom, type Rules } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { offersOf, type PlainLeg, protocolOf, take } from './vectors.suite.ts'

/** Number of assets a conforming model is built over; the last has no threshold. */
export const ASSETS = 4

/** What a counterexample prints. */
export interface PlainWorld {
  readonly prices: readonly number[]
  readonly legs: readonly PlainLeg[]
}

/**
 * Random prices and accounts with one to three collaterals and one to four debts, at any health.
 */
export function arbitraryWorld(rules: Rules, groups: readonly number[]): fc.Arbitrary<PlainWorld> {
  const usd = fc.double({ min: 1, max: 7, noNaN: true }).map((digits) => pow(10, digits))
  const side = (sign: 1 | -1, group: number) =>
    fc
      .tuple(
        ...Array.from({ length: ASSETS }, (_, asset) =>
          rules.slotOf(asset, sign, group) < 0 ? fc.constant(0) : fc.option(usd, { nil: 0 }),
        ),
      )
      .filter((values) => values.some((value) => value > 0))
  const account = fc.constantFrom(...groups).chain((group) =>
    fc.record({
      group: fc.constant(group),
      owns: side(1, group),
      owes: side(-1, group),
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
      const legs = accounts.flatMap(({ group, owns, owes, factor }, i): PlainLeg[] => {
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

/**
 * The world as a protocol, its legs placed by the rules where they do that; null where they refuse
 * the positions.
 */
export function opened(rules: Rules, { prices, legs }: PlainWorld): Protocol | null {
  if (rules.legs === undefined && rules.items === undefined) return protocolOf(rules, prices, legs)
  try {
    const positions = positionsOf(legs)
    const placed = rules.legs?.(positions) ?? plainLegs(rules, legs)
    const { accounts } = positions
    const book = bookFrom(
      accounts.length,
      [...placed].sort((a, b) => a.account - b.account),
    )
    const at = Float64Array.from(prices)
    return protocolFrom({ name: rules.name, rules, book, prices: at, accounts, positions })
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

function plainLegs(rules: Rules, legs: readonly PlainLeg[]) {
  return legs.map(([account, asset, amount, group = 0]) => ({
    account,
    slot: rules.slotOf(asset, amount > 0 ? 1 : -1, group),
    amount,
  }))
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
    synthetic: true,
    asOf: null,
  }
}

/** Settles any offer of the account until none is listed or `most` were; returns how many. */
export function settleAll(protocol: Protocol, account: number, pick: number, most: number): number {
  for (let steps = 0; steps < most; steps++) {
    const offers = offersOf(protocol, account)
    if (offers.count === 0) return steps
    expect(take(protocol, offers, (pick + steps) % offers.count).reason).toBe(0)
  }
  return most
}

/** The offers of every account. */
export function listAll(protocol: Protocol): ReturnType<typeof offerList> {
  const offers = offerList()
  for (let account = 0; account < accountsOf(protocol.book); account++) {
    protocol.rules.offers(protocol, account, offers)
  }
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
export function columns({ book, prices, values, badDebt }: Protocol): Float64Array[] {
  return [book.amount, Float64Array.from(book.version), prices, values, badDebt].map((column) =>
    column.slice(),
  )
}
