/** What the walls are asked for and made of: plain data for both sides of the worker. */

import type { AccountOutcome, LevelBin } from '../../src/report.ts'
import type { Draft } from './protocol.ts'

/** Null: all protocols, all venues. */
export interface WallsAsk {
  readonly draft: Draft
  readonly protocol: string | null
  readonly venue: string | null
}

/** Accounts that a fall of the shocked asset can liquidate. Columns of equal length. */
export interface WallAccounts {
  readonly protocol: readonly string[]
  readonly account: readonly string[]
  /** Price of the shocked asset at which it can be liquidated, USD, and the drop to there. */
  readonly trigger: Float64Array
  readonly drop: Float64Array
  readonly debt: Float64Array
  readonly collateral: Float64Array
  readonly fate: readonly AccountOutcome['fate'][]
}

/** What the venues take on the way down. Columns of equal length; NaN: no sale leads there. */
export interface Reach {
  /** Edges of the levels, falling. */
  readonly price: Float64Array
  readonly units: Float64Array
  readonly usd: Float64Array
  readonly extrapolated: readonly boolean[]
}

export interface Walls {
  /** As filtered. */
  readonly levels: readonly LevelBin[]
  readonly accounts: WallAccounts
  readonly reach: Reach
  /** Venues that buy the shocked asset. */
  readonly venues: readonly string[]
}
