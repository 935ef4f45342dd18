/** What an attacker has, and how long it may act: the `attack` part of a scenario, in numbers. */

/**
 * An attacker's means.
 *
 * Units: USD, fractions, blocks and units of gas. `cashUsd` is its own money; `flashUsd` is lent
 *        for one block at most, at `flashFee` of it.
 */
export interface AttackSpec {
  readonly cashUsd: number
  readonly flashUsd: number
  readonly flashFee: number
  /** Gas of one block's trades. */
  readonly gas: number
  /** The most blocks over which it holds a price. */
  readonly blocksMax: number
  /** Share of the depth of all venues that is its own: it may take it away before the strike. */
  readonly depthShare: number
  /** The move of a published price, as a fraction, whose cost is stated. */
  readonly move: number
  /** The least profit for which it acts. */
  readonly minProfitUsd: number
  /** How many plans the search may try, for the scenario and again for each guard. */
  readonly evaluations: number
  /** What it may hold outside: perpetuals or shorts that close at the mid. */
  readonly outside: readonly OutsideSpec[]
  /** What protocols still have to lend. */
  readonly loans: readonly LoanSpec[]
}

/** A market outside that takes a position of so many USD for a margin, and asks a fee each way. */
export interface OutsideSpec {
  readonly asset: number
  readonly capacityUsd: number
  readonly margin: number
  readonly fee: number
}

/**
 * Units of an asset that a protocol has to lend. A borrower gets at most `upTo` of the debt at
 * which it could be liquidated: loan-to-value over liquidation threshold.
 */
export interface LoanSpec {
  readonly protocol: number
  readonly asset: number
  readonly units: number
  readonly upTo: number
}
