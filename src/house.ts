/** The contract of a protocol that trades for itself. Rules that have one are in `rules/`. */

import type { AccountList } from './accountList.ts'
import type { Deleveraged } from './adl/metrics.ts'
import type { Moment } from './moment.ts'
import type { Moves, Protocol } from './rules.ts'

/**
 * A protocol that closes positions itself: a perpetual exchange. All that it sends in a block goes
 * to the market as one net order an asset and is filled at one price.
 *
 * Law: what was bought and sold within one block at that price needs no market.
 */
export interface House {
  /** Named numbers of the house, for frames: its fund, open interest, what was deleveraged. */
  readonly gauges: readonly Gauge[]
  /**
   * Decides what is closed of the accounts listed (all of them breached) and of what it holds, and
   * adds it to `out`.
   */
  send(protocol: Protocol, breached: AccountList, at: Moment, quote: Quote, out: Orders): void
  /** Settles what was sent; fills `out`. */
  fill(protocol: Protocol, at: Moment, filled: Filled, out: Closings): void
  /** Writes the gauges as they stand. */
  gauge(protocol: Protocol, out: Float64Array): void
  /** What deleveraging cost so far; null where there is none. */
  deleveraged(protocol: Protocol): Deleveraged | null
}

/** One number of a house. */
export interface Gauge {
  readonly name: string
  readonly unit: 'usd' | 'count'
  readonly definition: string
}

/** USD per unit that a sale of so many units would bring on average; negative units buy. */
export type Quote = (asset: number, units: number) => number

/** Units by asset, both above 0. */
export interface Orders {
  readonly sold: Float64Array
  readonly bought: Float64Array
}

/** By asset: USD per unit, and which part of the units sold and bought was filled. */
export interface Filled {
  readonly price: Float64Array
  readonly sold: Float64Array
  readonly bought: Float64Array
}

/**
 * What became of accounts: 0 closed in the market, 1 taken over, 2 deleveraged as a counterparty, 3
 * as a loser, whose other ends these are.
 */
export type Ending = 0 | 1 | 2 | 3

/** What a house did with accounts, as growing columns, and what changed hands. */
export interface Closings {
  count: number
  readonly account: number[]
  readonly asset: number[]
  /** Units closed of a long (> 0) or a short (< 0), and USD for each. */
  readonly units: number[]
  readonly price: number[]
  readonly ending: Ending[]
  /** USD that nobody had: what lenders, or those who are owed, lose. */
  readonly lostUsd: number[]
  /** The market stands as BIDDER. */
  readonly moves: Moves
  /** To be called before the first write to an account; set by whoever settles. */
  before(account: number): void
}

/** Nothing closed yet. */
export function closings(before: (account: number) => void): Closings {
  const moves = { count: 0, asset: [], from: [], to: [], amount: [] }
  return {
    count: 0,
    account: [],
    asset: [],
    units: [],
    price: [],
    ending: [],
    lostUsd: [],
    moves,
    before,
  }
}

/** Appends one closing; the argument order is that of the columns. */
export function pushClosing(
  out: Closings,
  account: number,
  asset: number,
  units: number,
  price: number,
  ending: Ending,
  lostUsd: number,
): void {
  const n = out.count++
  out.account[n] = account
  out.asset[n] = asset
  out.units[n] = units
  out.price[n] = price
  out.ending[n] = ending
  out.lostUsd[n] = lostUsd
}
