/** The contract of whoever may take an offer. Models are in `takers/`. */

import type { Transactions } from './chain.ts'
import type { Market } from './market.ts'
import type { Moment } from './moment.ts'
import type { Offers, Protocol } from './rules.ts'

/** What a taker sees when it bids: the block's opening, before anything is settled. */
export interface View {
  readonly at: Moment
  readonly market: Market
  /** USD price of every asset in the market at the opening of the block. */
  readonly mids: Float64Array
  /** Gas price likely to be included, and the cost of one unit of gas at 1 gwei, USD. */
  readonly gwei: number
  readonly usdPerGwei: number
  /** Highest gas price that a liquidator was passed over with in the block before; 0: none. */
  readonly contestedGwei: number
  /** Whether a price of protocol `j` was published in this block. */
  isPublished(j: number): boolean
  /** Block in which an account of protocol `j` became liquidatable. */
  since(j: number, account: number): number
  /**
   * A uniform number in (0, 1) for taker `t` and this account: the same at every look until the
   * account becomes liquidatable anew. Never drawn by turn.
   */
  draw(t: number, j: number, account: number): number
}

/**
 * A taker with state: what it owns, what it waits for, whether it is still there.
 *
 * Units: `cash` in USD, `inventory` in units by asset. The ledger holds both; the taker reads and
 *        the loop writes them.
 */
export interface Taker {
  readonly name: string
  readonly index: number
  /** Cash free to spend; Infinity for one without limit. */
  cash: number
  readonly inventory: Float64Array
  /** USD paid into auctions that are not decided; written by the loop. */
  escrowUsd: number
  /** USD: what it paid and received so far, apart: proceeds, debt paid, gas, tips, fees. */
  readonly books: TakerBooks
  /** True once it stopped bidding for good: ruined, or past the loss it bears. */
  hasLeft: boolean
  /** Judges the offers `from`..`upTo` of one account and appends at most one transaction, or
   * one for each call.
   */
  bid(
    view: View,
    protocol: Protocol,
    j: number,
    offers: Offers,
    from: number,
    upTo: number,
    out: Transactions,
  ): Answer
  /** Units of what it just received that it sells at once; the rest becomes inventory. */
  sellsAtOnce(market: Market, asset: number, units: number): number
  /** Units of an asset in inventory that it sells in this block. */
  sellsNow(at: Moment, asset: number): number
  /** It received units into inventory, to be sold by its schedule from this moment on. */
  received(at: Moment, asset: number, units: number): void
  /** Once a block, after the sales: sets `hasLeft` from what the taker lost at these prices. */
  judge(mids: Float64Array): void
  copy(): Taker
  reset(from: Taker): void
}

/** `waits`: it may act later, by the passing of time alone. `declines`: not at these prices. */
export type Answer = 'bids' | 'waits' | 'declines'

/** What a taker did so far: USD, and counts of transactions and of offers. */
export interface TakerBooks {
  proceedsUsd: number
  paidUsd: number
  gasUsd: number
  tipUsd: number
  flashUsd: number
  won: number
  failed: number
  /** Offers that would have paid but for gas, and but for capital. */
  pricedOut: number
  outOfCapital: number
}
