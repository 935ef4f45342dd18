/**
 * The contract of a venue: a place where one asset is sold for another. Models are in `venues/`.
 */

/** How a venue answers past its observed edge. Never assumed: every venue declares one. */
export type Beyond = 'wall' | 'linear' | 'sqrt'

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
    | {
        readonly kind: 'redemption'
        /** Quote asset for one unit, before the fee. */
        readonly rate: number
        /** Units that can be redeemed at once. */
        readonly capacity: number
        /** Fee added per share of the supply that was redeemed; 0: the fee is flat. */
        readonly feePerShare: number
        /** Units that a rising fee is a share of; null where it is flat. */
        readonly supply: number | null
        /** How long a redeemer waits, and what a year of waiting costs, as a fraction. */
        readonly waitSeconds: number
        readonly yearRate: number
        /** Units that can be minted at once; 0: none. */
        readonly mints: number
        /** Asset handed out for the rate of quote asset; null: the quote asset itself. */
        readonly pays: number | null
      }
    | {
        readonly kind: 'poolShare'
        /** Index of the constant-product pool, and its two assets, base and quote. */
        readonly pool: number
        readonly pair: readonly [number, number]
        /** Base units in the pool and its price at the opening. */
        readonly reserve: number
        readonly opening: number
        /** Shares of the whole pool at the opening. */
        readonly shares: number
      }
  )

/**
 * The answer to a sale, in quote-asset units. `extrapolated` is true if any part lies past the
 * observed edge.
 */
export interface Fill {
  /** Units actually taken: smaller than asked only where a wall or an empty pool stops the sale. */
  readonly units: number
  /** Quote asset received, after the fee. */
  readonly proceeds: number
  readonly extrapolated: boolean
}

/**
 * A path-independent price: however a quantity was sliced, the price ends the same.
 *
 * Units: prices are quote per base; `sold` is forced units on top of where the outside price put
 *        the venue, >= 0 (negative values are purchases, where the venue is two-sided).
 * Law:   as computed in float64, `price` never falls with `outside` and never rises with `sold`.
 * Source: own; phi and inv are the map and its generalised inverse of a fire sale (Cifuentes,
 *         Ferrucci and Shin 2005).
 */
export interface Curve {
  /**
   * phi: the mid once `sold` units are absorbed at this outside price. At `sold` = 0 it is
   * `outside` exactly.
   */
  price(outside: number, sold: number): number
  /**
   * inv: the supremum of outside prices at which `price(outside, sold) < trigger`; +Infinity when
   * every one is.
   */
  outside(trigger: number, sold: number): number
  /**
   * The most units beyond `sold` while the price is still at or above `price`; 0 if it is below
   * already. The loop-gain theorem needs a flat piece at exactly that price to count.
   */
  units(outside: number, sold: number, price: number): number
  /**
   * Quote received, before the fee, for going from `sold` to `sold + units`: the integral of the
   * price.
   */
  proceeds(outside: number, sold: number, units: number): number
}

/**
 * A market for one pair, with state. Quotes never invent liquidity: past the edge, `beyond`
 * answers.
 */
export interface Venue {
  readonly name: string
  /** The file name of the model: `orderBook`, `constantProduct`, ... */
  readonly kind: string
  /** Index of the asset sold, and of the asset paid. */
  readonly base: number
  readonly quoteAsset: number
  /** Fraction taken from the proceeds. A seller's marginal proceeds are mid x (1 - fee). */
  readonly fee: number
  /** When the depth was recorded, unix seconds; null for a model that was never recorded. */
  readonly asOf: number | null
  readonly beyond: Beyond
  /**
   * The path-independent form at the opening's depth, factor 1; null where slicing changes the
   * result (a pool that keeps its fee). At depth d, Q units weigh as Q / d do on it.
   */
  readonly curve: Curve | null
  /** Quote per base at the margin. */
  mid(): number
  /**
   * What the next unit sold is worth here, where that can be less than the mid of a venue at rest:
   * a redemption below the market. 0 where nothing is taken; left out where it is the mid.
   */
  bid?(): number
  /**
   * What a sale would give; changes nothing. Negative units are a purchase; one-sided venues refuse
   * it (units 0).
   */
  quote(units: number): Fill
  /** Sells (negative: buys) and moves the mid. */
  sell(units: number): Fill
  /**
   * The most units that can be sold while the mid is still at or above `price`; 0 if it is below
   * already. At exactly the mid a flat piece of depth counts: Infinity for a venue that never
   * moves.
   */
  capacity(price: number): number
  /**
   * The outside price changes; units already absorbed by force stay absorbed, but for purchases
   * that the venue could not serve at the new price.
   */
  move(outside: number): void
  /** The outside price of the pair now. */
  outside(): number
  /**
   * Units of displacement on top of the outside price now: 0 at rest, negative where more was
   * bought than sold.
   */
  forced(): number
  /**
   * Sets the displacement, and nobody pays: recovery and arbitrage. It is kept to what the venue
   * can hold: a wall ends sales, an empty pool and a one-sided book purchases. A depth of 0 can be
   * displaced by nothing.
   *
   * Law: force(forced()) changes nothing; after force(0) the mid is the outside price.
   */
  force(units: number): void
  /**
   * Sets the factor of depth, 1 at the opening: units and money of every trade are multiplied by
   * it. 0 takes nothing. The factor is on the opening's depth, not on the last one.
   *
   * Law: the mid stays where it is, so displaced units are multiplied too; at rest a quote is that
   *      of `scaled(depth)`.
   */
  deepen(depth: number): void
  /**
   * The edge of what was observed at the present outside price: lowest mid and units to it.
   * Infinity of units: no edge.
   */
  edge(): { readonly price: number; readonly units: number }
  /**
   * The same venue with its depth multiplied: 0.99 is 1 % less of everything. Fresh, with nothing
   * sold; its opening's depth is the smaller one, and the factor of `deepen` stays on top.
   */
  scaled(depth: number): Venue
  copy(): Venue
  reset(from: Venue): void
}
