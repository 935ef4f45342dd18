/**
 * A scenario after reading: validated, in plain numbers, every file already columns. The shell
 * makes it, `run` takes it.
 */

import type { Cohort } from './cohorts.ts'
import type { DefenceSpec } from './defence.ts'
import type { Sampling } from './paths/sampling.ts'
import type { Order } from './report.ts'
import type { VenueSpec } from './venue.ts'

export type { VenueCommon, VenueSpec } from './venue.ts'

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
  /** Columns that the rules declare for themselves, one number per position. */
  readonly own?: Readonly<Record<string, Float64Array>>
  readonly synthetic: boolean
  /** What a synthetic book was drawn from, so that another seed draws another. */
  readonly cohorts?: readonly Cohort[]
  readonly asOf: string | null
}

/** One asset's liquidation terms as fractions; null threshold: not usable as collateral. */
export interface LendingAsset {
  readonly asset: number
  readonly threshold: number | null
  readonly bonus: number
  /** Interest per year on debt and on collateral, as fractions; 0 where left out. */
  readonly borrowRate?: number
  readonly supplyRate?: number
}

/**
 * Parameters of a rules factory, by its name. Each factory declares its own (`parameters.ts`); the
 * reader of a file holds them to it, and the factory checks what they mean.
 */
export interface RulesSpec {
  readonly kind: string
  readonly [parameter: string]: unknown
}

/**
 * How one number runs over time, as a factor on its opening value. Several are multiplied.
 *
 * Units: times in seconds since the opening; drift, volatility and jumps per year of 365 days.
 *        `waypoints` holds factors, `series` (returns of a bootstrap) simple returns.
 */
export type CourseSpec =
  | { readonly kind: 'step'; readonly drop: number; readonly atSeconds: number }
  | {
      readonly kind: 'ramp'
      readonly drop: number
      readonly fromSeconds: number
      readonly toSeconds: number
    }
  | {
      readonly kind: 'waypoints'
      readonly atSeconds: readonly number[]
      readonly factor: readonly number[]
      /** Straight in the value, straight in its logarithm, or the last value held. */
      readonly between: 'linear' | 'log' | 'hold'
    }
  | { readonly kind: 'gbm'; readonly drift: number; readonly volatility: number }
  | {
      readonly kind: 'jumpDiffusion'
      readonly drift: number
      readonly volatility: number
      readonly jumpsPerYear: number
      /** Mean and standard deviation of the logarithm of one jump's factor. */
      readonly jumpMean: number
      readonly jumpDeviation: number
    }
  | {
      /** GARCH(1,1) on log returns of `stepSeconds`: h = omega + alpha e^2 + beta h. */
      readonly kind: 'garch'
      readonly stepSeconds: number
      readonly omega: number
      readonly alpha: number
      readonly beta: number
      /** Variance of the first step. */
      readonly opening: number
    }
  | {
      /** Stationary block bootstrap of recorded returns of `stepSeconds`. */
      readonly kind: 'bootstrap'
      readonly stepSeconds: number
      readonly returns: Float64Array
      /** Mean length of a run of consecutive returns, in steps. */
      readonly meanRun: number
    }

/** One asset's feed in one protocol. Field meanings stand at the factory in `oracles/`. */
export type OracleSpec =
  | { readonly kind: 'spot' }
  | {
      readonly kind: 'pushed'
      readonly deviation: number
      readonly heartbeatSeconds: number
      /** Delay at a quiet chain, and its growth with gas: delay x (gwei / calmGwei) ^ power. */
      readonly delaySeconds: number
      readonly delaySpread: number
      readonly calmGwei: number
      readonly congestionPower: number
      /** Bounds on the answer of the feed; null: none. */
      readonly answerMin: number | null
      readonly answerMax: number | null
    }
  | {
      readonly kind: 'securityModule'
      readonly hopSeconds: number
      /** Feeds whose median is taken: each sees the market this many seconds late. */
      readonly feedDelaysSeconds: readonly number[]
      /** Pokes wait while gas is above this; null: they never wait. */
      readonly pokeMaxGwei: number | null
    }
  | {
      readonly kind: 'twap'
      readonly windowSeconds: number
      readonly mean: 'arithmetic' | 'geometric'
    }
  | { readonly kind: 'ema'; readonly timeSeconds: number }
  | {
      readonly kind: 'confident'
      /** Half-width at rest, as a fraction of the price, and what volatility adds to it. */
      readonly width: number
      readonly volatilityWidth: number
      readonly halfLifeSeconds: number
      /** Above this half-width, as a fraction, the price is not valid. */
      readonly widthMax: number
      readonly delaySeconds: number
    }
  | {
      /** The mark price of an exchange of perpetuals. */
      readonly kind: 'mark'
      readonly component: 'index' | 'book' | 'median'
      /** Time constant of the mean of market - index; null: the component is the index. */
      readonly timeSeconds: number | null
      /** Weight of the exchange's own market in the index. */
      readonly ownWeight: number
      /** Funding per interval, and seconds from the opening to the next; null: none. */
      readonly funding: {
        readonly rate: number
        readonly intervalSeconds: number
        readonly dueSeconds: number
      } | null
    }
  | {
      /** Growth cap on the ratio to another asset (or on USD): Aave CAPO. */
      readonly kind: 'capped'
      /** Growth of the cap per year, from `snapshotRatio` at -`snapshotAgeSeconds`. */
      readonly growthPerYear: number
      readonly snapshotRatio: number
      readonly snapshotAgeSeconds: number
      /** The feed beneath the cap. */
      readonly under: OracleSpec
    }

/** The chain that orders transactions. */
export interface ChainSpec {
  readonly blockSeconds: number
  /** Gas in a block; Infinity: no limit, and gas is free. */
  readonly gasLimit: number
  /** Gas that the rest of the world wants in a block, as a share of the limit, at any price. */
  readonly demand: number
  /** Spread (log standard deviation) of what the rest of the world pays around the gas price. */
  readonly priceSpread: number
  readonly feeMarket: 'first-price' | 'eip1559'
  /** Opening gas price, gwei: the median that the rest of the world pays. Courses multiply it. */
  readonly gwei: number
  /** Asset that gas is paid in; its mid makes gas USD. Negative: `gasTokenUsd` does. */
  readonly gasAsset: number
  readonly gasTokenUsd: number
  /** Share of its gas that a failed transaction burns. */
  readonly failedGasShare: number
}

/** One kind of liquidator. */
export interface TakerSpec {
  readonly name: string
  /** Opening cash, USD; Infinity: without limit. */
  readonly capitalUsd: number
  /** Fraction paid on what is borrowed for the moment; null: only own cash. */
  readonly flashFee: number | null
  /** Blocks from seeing an offer to acting on it, or a mean of exponential waiting. */
  readonly latency:
    | { readonly kind: 'blocks'; readonly blocks: number }
    | { readonly kind: 'exponential'; readonly meanSeconds: number }
  readonly minProfitUsd: number
  /** The whole offer, or the largest part of it that still pays at the margin. */
  readonly size: 'whole' | 'profitable'
  /** Gas of one liquidation, units, where the rules state none. */
  readonly gas: number
  readonly bidding:
    | { readonly kind: 'fixed'; readonly gwei: number }
    /** A multiple of the gas price of the moment. */
    | { readonly kind: 'market'; readonly times: number }
    /** A share of the expected profit, at least the gas price of the moment. */
    | { readonly kind: 'auction'; readonly share: number }
  /** Pays no more than this for gas; Infinity: no limit. */
  readonly maxGwei: number
  readonly route: 'public' | 'private' | 'oracleAuction'
  /** Share of the expected profit paid for a private or auctioned place. */
  readonly tipShare: number
  /** Most that it offers for collateral in an auction, as a share of its worth at the mid. */
  readonly valuation: number
  /** What it bids there: all of that at once, or the least that is accepted. */
  readonly outbids: 'valuation' | 'least'
  readonly disposal:
    | { readonly kind: 'now' }
    | { readonly kind: 'hold' }
    /** Almgren-Chriss over `seconds`, with urgency kappa per second; 0: evenly. */
    | { readonly kind: 'schedule'; readonly seconds: number; readonly urgency: number }
  /** Leaves once its loss passes this, USD; Infinity: never. */
  readonly leavesAfterUsd: number
  /** The only protocol that it takes from, by index; all where left out. */
  readonly only?: number
}

/** How prices form around the sales: what decays, what stays, what makers do. */
export interface FormationSpec {
  /** Half-life of displacement, seconds; Infinity: venues never recover. By venue. */
  readonly halfLifeSeconds: readonly number[]
  /** Share of each sale's units whose impact stays and moves the outside price. By venue. */
  readonly permanentShare: readonly number[]
  /** Units of displacement that come back per second, whatever stands. By venue; none: 0. */
  readonly refillPerSecond?: readonly number[]
  /** Half-life of differences between venues of one asset; 0: at once, Infinity: never. */
  readonly arbitrageSeconds: number
  /** Makers' answer to realised volatility; null: depth follows its course only. */
  readonly withdrawal: {
    /** Half-life of the realised variance. */
    readonly halfLifeSeconds: number
    /** Volatility per year at which depth is what was recorded. */
    readonly calmVolatility: number
    /** depth = (calm / realised) ^ power where realised is above calm. */
    readonly power: number
    /** Least share of depth that stays. */
    readonly floor: number
    /** Half-life at which withdrawn depth comes back; withdrawal is immediate. */
    readonly refillSeconds: number
  } | null
}

/** A run in time. Without it a scenario is an instant cascade. */
export interface TimeSpec {
  readonly blocks: number
  readonly chain: ChainSpec
  /** Prices that move of themselves: courses are multiplied. */
  readonly prices: readonly { readonly asset: number; readonly courses: readonly CourseSpec[] }[]
  /** Correlation of the random courses, in the order of `prices`; null: independent. */
  readonly correlation: readonly (readonly number[])[] | null
  /** What the prices are: an outside move, or a record that sales had already moved. */
  readonly pricesAre: 'outside' | 'given' | 'inferred'
  readonly gas: readonly CourseSpec[]
  readonly depth: readonly CourseSpec[]
  readonly formation: FormationSpec
  readonly takers: readonly TakerSpec[]
  /** Generations told apart in attribution; later ones count as the last. */
  readonly generations: number
  /** Which path of the seed: 0 unless many are run. */
  readonly path: number
  /** What else differs from path to path; null or left out: nothing. */
  readonly sample?: SampleSpec | null
  /** How the paths of many runs are spread; null or left out: independently. */
  readonly sampling?: Sampling | null
  /** Funds that protocols share; none where left out. */
  readonly funds?: readonly FundSpec[]
}

/**
 * What differs from path to path beside random prices.
 *
 * Units: standard deviations of logarithms of the depth of all venues and of the drops of steps and
 *        ramps, one factor of each for a path.
 */
export interface SampleSpec {
  readonly depth: number
  readonly drop: number
  /** Whether synthetic books without a seed of their own are drawn anew for every path. */
  readonly books: boolean
}

/** A fund that pays what lenders of several protocols lost. */
export interface FundSpec {
  readonly name: string
  readonly capitalUsd: number
  /** By protocol: the largest share of the capital that it may draw; 0: nothing. */
  readonly draws: readonly number[]
}

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
    /**
     * Collateral of its accounts that stands in another protocol (by index): they borrow here
     * against what the accounts of their names hold of these assets there.
     */
    readonly pledged?: { readonly in: number; readonly assets: readonly number[] }
    /** Feeds of a run in time, by asset index; an instant cascade reads the venues. */
    readonly oracles: readonly OracleSpec[]
    /** What holds its cascade back, in the order in which it acts; only in time. */
    readonly defences?: readonly DefenceSpec[]
  }[]
  readonly venues: readonly VenueSpec[]
  /** Names of the assets' first hops, by asset index: venue indices, empty when never sold. */
  readonly hop: readonly (readonly number[])[]
  /** Fraction of depth that vanishes when the shock starts. */
  readonly haircut: number
  readonly liquidators: LiquidatorsSpec
  readonly shock: { readonly asset: number; readonly drop: number }
  /** Null: an instant cascade. */
  readonly time: TimeSpec | null
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

/** A key path with its value as typed: `['shock.drop', '15%']`. Later ones win. */
export type Override = readonly [path: string, value: string]
