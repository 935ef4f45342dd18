/** What Replay plays: a run as columns, the same for rounds and for blocks. Plain data. */

import type { KINDS } from '../../src/block/done.ts'

export type EventKind = (typeof KINDS)[number]

/** A run, frame by frame: a frame is a round of an instant cascade, or a block of a run in time. */
export interface ReplayColumns {
  readonly kind: 'instant' | 'timed'
  readonly runId: string
  /** The asset whose price is shown, and its price before anything moved. */
  readonly asset: string
  readonly opening: number
  /** Whether it ended by itself; a run in time always does. */
  readonly isSettled: boolean
  readonly blockSeconds: number | null
  readonly frames: FrameColumns
  readonly events: EventColumns
  /** What the columns of the events name by index. */
  readonly accounts: readonly string[]
  readonly protocolOf: Uint16Array
  readonly protocols: readonly string[]
  readonly assets: readonly string[]
  readonly kinds: readonly EventKind[]
  readonly liquidators: readonly string[]
}

/**
 * One entry a frame. Frame 0 is the moment before the first sale: after the outside drop, or the
 * opening; frame n is round n or block n.
 *
 * Units: USD at the end of the frame, or within it; NaN is missing.
 */
export interface FrameColumns {
  readonly price: Float64Array
  /** What the outside world alone would make of it; null in an instant cascade. */
  readonly outside: Float64Array | null
  /** Published prices, by protocol. */
  readonly oracles: readonly { readonly name: string; readonly price: Float64Array }[]
  /** Debt repaid in the frame, at opening prices. */
  readonly repaidUsd: Float64Array
  /** What the sales of the frame brought. */
  readonly soldUsd: Float64Array
  /** Bad debt so far. */
  readonly badDebtUsd: Float64Array
  /** This round's sales against the round's before; in time the loop gain, as last sampled. */
  readonly gain: Float64Array
  /** Only in time. */
  readonly gwei: Float64Array | null
  readonly capitalUsd: Float64Array | null
}

/**
 * One entry a settlement, in the order in which they happened. Bids and calls are left out.
 *
 * Units: USD; NaN is missing. `account` is -1 for a sale of what rules hold themselves.
 */
export interface EventColumns {
  readonly frame: Uint32Array
  readonly kind: Uint8Array
  readonly account: Int32Array
  readonly asset: Uint16Array
  readonly units: Float64Array
  readonly repaidUsd: Float64Array
  /** The collateral at the price in the market before it, or what its sale brought at once. */
  readonly worthUsd: Float64Array
  readonly badDebtUsd: Float64Array
  /** Price of the asset in the market before and after: of the block before, in time. */
  readonly before: Float64Array
  readonly after: Float64Array
  /** Price at or below which the account could be liquidated; null where that is no one number. */
  readonly level: Float64Array | null
  /** The event whose sale made it possible, OUTSIDE or UNTOLD; null where no event is told. */
  readonly cause: Int32Array | null
  /** Only in time. */
  readonly generation: Uint8Array | null
  readonly liquidator: Int16Array | null
  readonly oracle: Float64Array | null
}

/** Causes that are no event: the outside move, and a sale that the run does not tell. */
export const OUTSIDE = -1
export const UNTOLD = -2
