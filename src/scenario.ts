/**
 * A scenario after reading: validated, in plain numbers, every file already columns. The shell
 * makes it, `run` takes it.
 */

import type { Order } from './report.ts'
import type { Beyond } from './venue.ts'

/** Opening price in USD, or in another asset (`in`: index) for a claim such as stETH in ETH. */
export interface AssetSpec {
  readonly name: string
  readonly price: number
  readonly in: number | null
}

/**
 * Positions as columns; `asset` indexes the scenario's assets, `side` is 1 or -1, `amount` > 0 in
 * whole tokens.
 */
export interface Positions {
  readonly accounts: readonly string[]
  readonly account: Uint32Array
  readonly asset: Uint16Array
  readonly side: Int8Array
  readonly group: Uint16Array
  readonly amount: Float64Array
  readonly synthetic: boolean
  readonly asOf: string | null
}

/** One asset's liquidation terms as fractions; null threshold: not usable as collateral. */
export interface LendingAsset {
  readonly asset: number
  readonly threshold: number | null
  readonly bonus: number
}

/** Parameters of a rules factory, by its name. Field meanings stand at the factory. */
export type RulesSpec =
  | {
      readonly kind: 'lending'
      readonly assets: readonly LendingAsset[]
      readonly closeFactor: number
      readonly wholeBelow: number
      readonly dustUsd: number
      readonly target: number | null
    }
  | { readonly kind: 'stopOut'; readonly assets: readonly LendingAsset[] }
  | { readonly kind: 'aaveV2'; readonly assets: readonly LendingAsset[]; readonly dustUsd: number }
  | {
      readonly kind: 'aaveV3'
      readonly assets: readonly (LendingAsset & { readonly protocolFee: number })[]
      readonly eModes: readonly {
        readonly group: number
        readonly assets: readonly LendingAsset[]
      }[]
    }

/** What every venue needs. `outside` is the opening price, quote per base. */
export interface VenueCommon {
  readonly name: string
  readonly base: number
  readonly quoteAsset: number
  readonly outside: number
  readonly fee: number
  readonly asOf: number | null
  readonly beyond: Beyond
}

/** Parameters of a venue factory, by its name. Field meanings stand at the factory. */
export type VenueSpec = VenueCommon &
  (
    | {
        readonly kind: 'orderBook'
        /** Bid prices falling, sizes in base units. */
        readonly price: readonly number[]
        readonly size: readonly number[]
        readonly levels: 'absolute' | 'relative'
      }
    | {
        readonly kind: 'constantProduct'
        /** Base units in the pool at `outside`. */
        readonly reserve: number
        readonly keepsFee: boolean
        readonly reprice: 'arbitrage' | 'cash'
      }
    | {
        readonly kind: 'concentrated'
        /**
         * Rising price bounds (n + 1) and the liquidity of each range (n), in whole-token units:
         * sqrt(base x quote).
         */
        readonly bound: readonly number[]
        readonly liquidity: readonly number[]
      }
    | {
        readonly kind: 'stableSwap'
        readonly amplification: number
        readonly baseBalance: number
        readonly quoteBalance: number
      }
    | {
        readonly kind: 'quoteLadder'
        /** Noisy quotes: units in, quote asset out. Any order. */
        readonly amountIn: readonly number[]
        readonly amountOut: readonly number[]
      }
    | {
        readonly kind: 'impactCurve'
        readonly shape: 'none' | 'linear' | 'exponential' | 'squareRoot'
        /**
         * linear: quote per unit; exponential: 1 / unit; squareRoot: fraction per sqrt(unit); none:
         * 0.
         */
        readonly coefficient: number
        /** Units below which a square root is a line through 0; required for squareRoot, else 0. */
        readonly crossover: number
        /** Units up to which the curve was observed; null: no edge. */
        readonly observedUnits: number | null
      }
  )

/**
 * How liquidators get rid of what they seize, and whether buying the debt asset moves its price.
 */
export interface LiquidatorsSpec {
  /**
   * `all`: sells everything seized. `cost`: sells just enough to pay the debt and keeps the bonus.
   */
  readonly disposal: 'all' | 'cost'
  readonly buys: boolean
}

/** Everything `run` needs, resolved. */
export interface Scenario {
  readonly name: string
  readonly seed: number
  readonly asOf: string | null
  readonly assets: readonly AssetSpec[]
  readonly cash: number
  readonly protocols: readonly {
    readonly name: string
    readonly rules: RulesSpec
    readonly positions: Positions
  }[]
  readonly venues: readonly VenueSpec[]
  /** Names of the assets' first hops, by asset index: venue indices, empty when never sold. */
  readonly hop: readonly (readonly number[])[]
  /** Fraction of depth that vanishes when the shock starts. */
  readonly haircut: number
  readonly liquidators: LiquidatorsSpec
  readonly shock: { readonly asset: number; readonly drop: number }
  readonly order: Order
  readonly feedback: boolean
  /** Drops at which loop gain is stated. */
  readonly gainDrops: readonly number[]
  /** Feedback, as a fraction of the book's debt, past which a cascade counts as ignited. */
  readonly ignitionTolerance: number
  readonly warnings: readonly {
    readonly code: string
    readonly text: string
    readonly effect: string
  }[]
}
