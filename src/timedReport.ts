/**
 * What a run in time returns: one plain JSON document. The tables of every block stand beside it.
 */

import type { Check, DataSource, Metric, MetricAt, Warning } from './report.ts'

/** A point of a run in time that a person should look at. */
export interface Turn {
  readonly block: number
  readonly at_seconds: number
  /** What happened, in one sentence with its numbers. */
  readonly text: string
  readonly kind:
    | 'first own sale'
    | 'first liquidation'
    | 'first feedback'
    | 'oracle gap'
    | 'feed not valid'
    | 'gas peak'
    | 'priced out'
    | 'won for nothing'
    | 'bad debt'
    | 'liquidator left'
    | 'lowest price'
}

/** Accounts and dollars of debt by their fate against the counterfactual run without feedback. */
export interface Fates {
  readonly primary: Fate
  readonly hastened: Fate
  readonly feedback_only: Fate
  readonly delayed: Fate
  readonly averted: Fate
}

export interface Fate {
  readonly accounts: number
  readonly repaid_usd: number
}

/** What one liquidator did. profit = proceeds + inventory - paid - gas - tips - flash fees. */
export interface LiquidatorRow {
  readonly name: string
  readonly won: number
  readonly failed: number
  readonly proceeds_usd: number
  readonly paid_usd: number
  readonly gas_usd: number
  readonly tips_usd: number
  readonly flash_usd: number
  /** What is left in stock, at final prices, and bids in auctions that are not decided. */
  readonly inventory_usd: number
  readonly profit_usd: number
  /** Null: without limit. */
  readonly capital_usd: number | null
  readonly priced_out: number
  readonly out_of_capital: number
  readonly left: boolean
}

/** What one protocol met. */
export interface ProtocolRow {
  readonly name: string
  readonly rules: string
  readonly liquidations: number
  readonly accounts: number
  readonly repaid_usd: number
  readonly bad_debt_usd: number
  /** Debt above collateral of the accounts at the end, at market prices. */
  readonly shortfall_usd: number
  /** Breached at the end and not settled. */
  readonly waiting: number
  /** Debt whose collateral is in auctions that are not decided at the end. */
  readonly in_auction_usd: number
  /** Longest age of a published price, and its largest distance to the market. */
  readonly oracle_age_seconds: number
  readonly oracle_gap: number
  readonly gap_at_seconds: number
  /**
   * What the rules sold of their own: bands, absorbed collateral, what a pool or vault held.
   * Collateral that they bought back is left out.
   */
  readonly sales: number
  readonly sales_usd: number
  /** Of its house, if it has one. */
  readonly gauges: readonly GaugeRow[]
  /** How its house closed positions: a row for each way, in this order; empty without one. */
  readonly closings: readonly ClosingRow[]
  /**
   * What borrowers lost in liquidations beside their debts, at the market prices of the blocks:
   * bonus and fees, less what defences gave back. Closings of a house and auctions are not in it.
   */
  readonly borrowers_lost_usd: number
  /** What defences made takers pay on top, to borrowers and to the protocol. */
  readonly returned_usd: number
  readonly kept_usd: number
  /** In the order in which they act; empty without any. */
  readonly defences: readonly DefenceRow[]
}

/** Positions of a house that ended in one way. */
export interface ClosingRow {
  /** As in the table of events. */
  readonly kind: 'liquidation' | 'takeover' | 'sale' | 'offset' | 'deleveraged'
  /** The kind in words. */
  readonly name: string
  readonly closings: number
  /** Notional at the prices at which they were closed. */
  readonly usd: number
}

/** What one protocol drew on a shared fund. */
export interface FundRow {
  readonly fund: string
  readonly opening_usd: number
  readonly left_usd: number
  readonly protocol: string
  readonly most_usd: number
  readonly drawn_usd: number
  /** Lost by the lenders of the protocol and paid by no fund. */
  readonly uncovered_usd: number
}

/** What a defence of a protocol did. */
export interface DefenceRow {
  readonly name: string
  readonly readings: readonly {
    readonly name: string
    readonly unit: 'usd' | 'count' | 'seconds' | 'ratio'
    readonly definition: string
    readonly value: number
  }[]
}

/** One number of a house over the run. */
export interface GaugeRow {
  readonly name: string
  readonly unit: 'usd' | 'count'
  readonly definition: string
  readonly opening: number
  readonly lowest: number
  readonly highest: number
  readonly final: number
}

/** Liquidations of one generation: 0 are those that the outside move alone made possible. */
export interface GenerationRow {
  readonly generation: number
  /** The last that is told apart: it holds later ones, too. */
  readonly and_later: boolean
  readonly liquidations: number
  readonly repaid_usd: number
  /**
   * Drop of the headline asset that its sales caused, when the market was lowest; null for a
   * generation whose sales came after that.
   */
  readonly drop: number | null
}

/** One liquidation, as the table of events has it; `liquidator` is empty where a house did it. */
export interface EventRow {
  readonly block: number
  readonly at_seconds: number
  readonly protocol: string
  readonly account: string
  readonly liquidator: string
  readonly sold: string
  readonly units: number
  readonly repaid_usd: number
  readonly price: number
  /** Null where no transaction was sent: a house closes by itself. */
  readonly gwei: number | null
  readonly fate: string
  readonly generation: number
}

/** Columns of equal length, thinned for pictures; the tables of `--out` hold every block. */
export interface Timeline {
  readonly columns: readonly {
    readonly name: string
    readonly unit: string
    readonly definition: string
    readonly values: readonly (number | null)[]
  }[]
}

/** Result of a run in time. Shaped for JSON: no NaN, no Infinity, no undefined, no wall time. */
export interface TimedReport {
  readonly schema: 'firebreak.run/1'
  readonly run_id: string
  readonly engine_version: string
  readonly scenario: string
  readonly seed: number
  readonly path: number
  readonly feedback: boolean
  /** What the prices of the scenario are: an outside move, or a record that sales had moved. */
  readonly prices_are: 'outside' | 'given' | 'inferred'
  readonly as_of: string | null
  readonly blocks: number
  readonly block_seconds: number
  /** Who is served first where gas is short. */
  readonly service: string
  readonly headline: string
  readonly assets: readonly {
    readonly name: string
    readonly opening: number
    readonly lowest: number
    readonly lowest_at_seconds: number
    readonly final: number
    /** Where the price would have ended without any forced sale. */
    readonly undisturbed: number
  }[]
  readonly book: {
    readonly protocols: readonly { readonly name: string; readonly rules: string }[]
    readonly accounts: number
    readonly legs: number
    readonly debt_usd: number
    readonly collateral_usd: number
    readonly synthetic: boolean
  }
  readonly metrics: Readonly<Record<string, Metric | readonly MetricAt[]>>
  readonly turns: readonly Turn[]
  readonly generations: readonly GenerationRow[]
  /** Null where feedback is off: there is nothing to compare with. */
  readonly fates: Fates | null
  readonly protocols: readonly ProtocolRow[]
  readonly liquidators: readonly LiquidatorRow[]
  /** What protocols drew on shared funds: a row for each fund and protocol that may. */
  readonly funds: readonly FundRow[]
  readonly timeline: Timeline
  /** The largest liquidations; at most 25. */
  readonly events: readonly EventRow[]
  readonly checks: readonly Check[]
  readonly warnings: readonly Warning[]
  readonly data: readonly DataSource[]
}
