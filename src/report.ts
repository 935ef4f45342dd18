/**
 * What a run returns: one plain JSON document. Terminal, figures and files draw it and never
 * recompute it.
 */

/** The order in which an instant cascade takes accounts. Named in every report. */
export type Order = 'worst-first' | 'batch' | 'at-trigger'

/** A number is never bare. `value` is null when it is missing or does not exist, never 0. */
export interface Metric {
  readonly value: number | null
  /** `usd`, `ratio`, `count`, `seconds` or `usd per unit`. */
  readonly unit: string
  /** What it is measured on: the scale, the order, the currency, the direction. */
  readonly basis: string
  /** One sentence; `firebreak help <metric>` has the formula and the source. */
  readonly definition: string
  /** The further drop at which a gain stands. */
  readonly h?: number
  readonly quantile?: number
  readonly horizonSeconds?: number
  readonly runs?: number
  readonly ci95?: readonly [number, number | null]
}

/** A metric at a stated parameter: `band`, `drop`, `h` or `asset`. */
export interface MetricAt extends Metric {
  readonly [parameter: string]: unknown
}

/** One pass of the cascade. Round 1 holds everything the outside move alone would reach. */
export interface Round {
  readonly round: number
  /** Price of the shocked asset when the round opens and when it closes, USD. */
  readonly price_before: number
  readonly price_after: number
  readonly repaid_usd: number
  /** Units of the shocked asset sold, and cash that all sales of the round brought. */
  readonly sold_units: number
  readonly proceeds_usd: number
  /** Accounts that were liquidated for the first time in this round. */
  readonly accounts: number
  /** Settlements, counting an account again each time it comes back. */
  readonly settlements: number
  /**
   * This round's repaid / the round's before; null for round 1 and where the sums are too small to
   * mean anything.
   */
  readonly gain: number | null
}

/** A cliff of the response curve: one more ulp of outside drop and the avalanche runs. */
export interface Avalanche {
  readonly drop: number
  /** The account that lights it. */
  readonly protocol: string
  readonly account: string
  readonly accounts: number
  readonly units: number
  readonly repaid_usd: number
}

/** The response to every outside drop of a grid. Columns of equal length. */
export interface ResponseColumns {
  readonly asset: string
  /**
   * `one pass`: exact everywhere; `walk`: worst-first walks at the grid, cliffs refined between its
   * points.
   */
  readonly method: 'one pass' | 'walk'
  readonly drop: readonly number[]
  readonly first_usd: readonly number[]
  readonly total_usd: readonly number[]
  readonly final_drop: readonly number[]
  readonly bad_debt_usd: readonly number[]
  readonly accounts: readonly number[]
  /** Largest first; where a walk found the cliffs, `drop` is bracketed to 1e-6. */
  readonly avalanches: readonly Avalanche[]
}

/** The map of the cobweb: price before a round -> price after what is forced at that price. */
export interface CobwebMap {
  readonly asset: string
  readonly now: number
  readonly shocked: number
  readonly final: number
  /**
   * False when several assets move: then only the staircase is exact and the line joins its
   * corners.
   */
  readonly whole: boolean
  /** Rising in `before`, USD. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  /** Where the map crosses the diagonal, falling in price. */
  readonly fixed: readonly { readonly price: number; readonly stable: boolean }[]
  /**
   * Lowest price that the venues' observed depth covers at this shock; null when all of it is
   * observed.
   */
  readonly observed_to: number | null
}

/**
 * Liquidation levels over mirrored depth, in price bins of the shocked asset, falling. USD of debt
 * at its trigger.
 */
export interface LevelBin {
  readonly from: number
  readonly to: number
  readonly first_usd: number
  readonly feedback_usd: number
  readonly untouched_usd: number
  /** Cash that the venues absorb over the bin at the opening state. */
  readonly bids_usd: number
  readonly extrapolated: boolean
}

/** One asset's market, as quoted at the opening. */
export interface DepthTable {
  readonly asset: string
  readonly venues: readonly {
    readonly name: string
    readonly kind: string
    readonly as_of: string | null
    readonly beyond: string
    /** Depth of the observed edge as a drop; null when there is no edge. */
    readonly edge_drop: number | null
  }[]
  readonly bands: readonly {
    readonly band: number
    readonly usd: number | null
    readonly units: number | null
    readonly extrapolated: boolean
  }[]
  /** Columns, rising in size. */
  readonly slippage: readonly {
    readonly units: number
    readonly usd: number
    /** 1 - average price / mid. */
    readonly slippage: number
    /** 1 - mid after / mid before. */
    readonly impact: number
    readonly extrapolated: boolean
  }[]
}

export interface HealthBin {
  readonly from: number
  /** Null: no upper end. */
  readonly to: number | null
  readonly accounts: number
  readonly debt_usd: number
}

/** Accounts with a health factor below 1 after a drop of the shocked asset, without feedback. */
export interface AtRisk {
  readonly drop: number
  readonly accounts: number
  readonly collateral_usd: number
  readonly debt_usd: number
}

/**
 * One account's part in the cascade. Dollars are debt repaid: total = common + extra, first round =
 * common + averted.
 */
export interface AccountOutcome {
  readonly protocol: string
  readonly account: string
  /**
   * Outside drop of the shocked asset at which it can be liquidated, others unmoved; null: never,
   * 0: already.
   */
  readonly trigger_drop: number | null
  readonly round: number | null
  readonly debt_usd: number
  readonly repaid_usd: number
  readonly first_round_usd: number
  readonly common_usd: number
  readonly extra_usd: number
  readonly averted_usd: number
  readonly bad_debt_usd: number
  readonly fate: 'first round' | 'feedback' | 'averted' | 'untouched'
}

/** Both neighbours of one metric when one input moves by 1 %. */
export interface Sensitivity {
  readonly input: string
  readonly metrics: Readonly<
    Record<string, { readonly down: number | null; readonly up: number | null }>
  >
}

export interface ContagionTable {
  readonly protocols: readonly string[]
  /** USD that the outside move alone makes each sell. */
  readonly first_usd: readonly number[]
  /** Rows: who sold; columns: whose sales brought it about. */
  readonly caused_usd: readonly (readonly number[])[]
  readonly total_usd: readonly number[]
}

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** `effect` says what it does to the answer: `pessimistic`, `optimistic`, `unknown` or `none`. */
export interface Warning {
  readonly code: string
  readonly text: string
  readonly effect: string
}

export interface DataSource {
  readonly name: string
  readonly role: 'positions' | 'parameters' | 'depth' | 'prices' | 'scenario'
  readonly sha256: string | null
  readonly rows: number
  readonly as_of: string | null
}

/** Shaped for JSON: no NaN, no Infinity, no undefined, no wall time. */
export interface Report {
  readonly schema: 'firebreak.result/1'
  readonly run_id: string
  readonly engine_version: string
  readonly scenario: string
  readonly seed: number
  readonly order: Order
  /** Feedback off: sales do not move the price. */
  readonly feedback: boolean
  readonly shock: { readonly asset: string; readonly drop: number }
  readonly as_of: string | null
  readonly assets: readonly {
    readonly name: string
    readonly price: number
    readonly shocked: number
    readonly final: number
  }[]
  readonly book: {
    readonly protocols: readonly { readonly name: string; readonly rules: string }[]
    readonly accounts: number
    readonly legs: number
    readonly debt_usd: number
    readonly collateral_usd: number
    readonly synthetic: boolean
    /** Zero collateral, some debt: bad debt that was there before any shock. */
    readonly already_bad: readonly { readonly account: string; readonly debt_usd: number }[]
    /** Accounts that could be liquidated before any shock, and what they owe. */
    readonly overhang: { readonly accounts: number; readonly debt_usd: number }
  }
  readonly metrics: Readonly<Record<string, Metric | readonly MetricAt[]>>
  readonly rounds: readonly Round[]
  readonly curve: ResponseColumns
  readonly map: CobwebMap
  readonly levels: readonly LevelBin[]
  readonly depth: readonly DepthTable[]
  readonly health: readonly HealthBin[]
  readonly at_risk: readonly AtRisk[]
  /** The largest, by the greater of both repaid amounts; at most 25. */
  readonly accounts: readonly AccountOutcome[]
  readonly sensitivity: readonly Sensitivity[]
  /** Who pulled whom; null where one protocol is alone. */
  readonly contagion: ContagionTable | null
  readonly checks: readonly Check[]
  readonly warnings: readonly Warning[]
  readonly data: readonly DataSource[]
}

/** What the shell knows and the pure part cannot: identity of the run and of its inputs. */
export interface Stamp {
  readonly runId: string
  readonly engineVersion: string
  readonly data: readonly DataSource[]
}
