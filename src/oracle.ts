/** The contract of a price feed: what a protocol believes. Models are in `oracles/`. */

import type { Moment } from './moment.ts'

/**
 * One asset's feed in one protocol.
 *
 * Law: `observe` is called once a block, in rising order, with the price in the market before
 *      anything of this block is settled; what it publishes counts in this block.
 * Law: no allocation in `observe`; equal observations give equal bytes.
 */
export interface Oracle {
  /** The file name of the model: `spot`, `pushed`, ... */
  readonly kind: string
  /**
   * Share of a lasting fall of the market that the price makes in the end while the outside price
   * stays: how far forced sales reach it.
   */
  readonly follows: number
  /**
   * Sees the market price, and the price that the outside world alone would make, both USD per
   * unit, and may publish.
   */
  observe(at: Moment, market: number, outside: number): void
  /** What the protocol reads, USD per unit. At the opening it is the opening price. */
  price(): number
  /** Half-width of the confidence interval, USD; 0 for a feed that states none. */
  confidence(): number
  /** False while the protocol must not act on it: nothing is liquidated then. */
  valid(): boolean
  /** When the published price was in the market, seconds since the opening. */
  seenAt(): number
  copy(): Oracle
  reset(from: Oracle): void
}
