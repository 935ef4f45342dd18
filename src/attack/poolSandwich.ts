/**
 * Liquidation in a constant-product pool that is also the oracle: closed forms, without a run.
 *
 * | word                       | here                                                           |
 * | -------------------------- | -------------------------------------------------------------- |
 * | A, B                       | `base`, `quote`: reserves of collateral and of the debt asset  |
 * | gamma                      | `fee`: share of what is paid in that does not join the pool    |
 * | b, LT, CF                  | `bonus`, `threshold`, `trigger`: liquidatable below, often 1   |
 * | c, d                       | `collateral`, `debt` of the account, units                     |
 * | k = (1 - gamma) (1 + b)    | `gain`: what a slice adds to the pool, per unit of debt's worth |
 * | x                          | collateral that the repaid debt was worth; seized is (1 + b) x |
 */

/** A pool, and one account that reads its price. Units as in the table. */
export interface PoolLoan {
  readonly base: number
  readonly quote: number
  readonly fee: number
  readonly bonus: number
  readonly threshold: number
  readonly trigger: number
  readonly collateral: number
  readonly debt: number
}

/** What a liquidation in infinitesimal slices comes to. */
export interface Sliced {
  /** Collateral that the repaid debt was worth, slice by slice. */
  readonly worth: number
  readonly repaid: number
  readonly seized: number
  /** In the debt asset, after all slices are sold. */
  readonly profit: number
}

/** k: whoever liquidates in slices gains only where it is above 1. */
export function gainOf({ fee, bonus }: Pick<PoolLoan, 'fee' | 'bonus'>): number {
  return (1 - fee) * (1 + bonus)
}

/** Whether the account is below its trigger at the price of the pool. */
export function isBreached({
  base,
  quote,
  threshold,
  trigger,
  collateral,
  debt,
}: PoolLoan): boolean {
  return threshold * collateral * (quote / base) < trigger * debt
}

/**
 * The best liquidation in infinitesimal slices: each repays at the price of the pool, seizes with
 * the bonus, and sells there before the next.
 *
 * Rule:   nothing where k <= 1 or the account is healthy. Else x is the least of c / (1 + b) (all
 *         collateral), d A / (B - d k) (all debt; never where B <= d k), and the x that restores
 *         the trigger: CF G x^2 - L x - (CF d A^2 - LT A B c) = 0 with G = B k - d k^2 and
 *         L = CF (2 A d k - A B) + LT A B (1 + b). Repaid B x / (A + k x), profit
 *         B (k - 1) x / (A + k x).
 * Source: Sadeghi and Feinstein, arXiv 2602.12104. The printed algorithm has L with the opposite
 *         sign and the test of the fee reversed; these signs follow from its own conditions.
 * Simplifies: the one finite trade that may follow where the trigger binds is left out.
 */
export function slicedLiquidation(loan: PoolLoan): Sliced {
  const k = gainOf(loan)
  if (k <= 1 || !isBreached(loan)) return { worth: 0, repaid: 0, seized: 0, profit: 0 }
  const { base, quote, bonus, collateral, debt } = loan
  const byCollateral = collateral / (1 + bonus)
  const byDebt = quote > debt * k ? (debt * base) / (quote - debt * k) : Number.POSITIVE_INFINITY
  const worth = Math.min(byCollateral, byDebt, restoring(loan, k))
  const repaid = (quote * worth) / (base + k * worth)
  return { worth, repaid, seized: (1 + bonus) * worth, profit: (k - 1) * repaid }
}

/** The x after which the account is back at its trigger; Infinity where none brings it there. */
function restoring(loan: PoolLoan, k: number): number {
  const { base: a, quote: b, bonus, threshold, trigger, collateral, debt } = loan
  const square = trigger * (b * k - debt * k * k)
  const linear = trigger * (2 * a * debt * k - a * b) + threshold * a * b * (1 + bonus)
  const lack = trigger * debt * a * a - threshold * a * b * collateral
  const under = linear * linear + 4 * square * lack
  if (under < 0) return Number.POSITIVE_INFINITY
  const root = Math.sqrt(under)
  // The root above 0, written so that nothing cancels.
  const x = linear > 0 ? (linear + root) / (2 * square) : (2 * lack) / (root - linear)
  return x > 0 ? x : Number.POSITIVE_INFINITY
}

/** What a sandwich comes to, in the debt asset. */
export interface Sandwiched {
  /** Whether the pool holds enough to buy the units sold back. */
  readonly isFeasible: boolean
  /** -Infinity where it is not feasible. */
  readonly profit: number
  readonly liquidation: Sliced
}

/** The most units that can be sold first and bought back after all collateral was sold. */
export function largestSandwich({ base, fee, collateral }: PoolLoan): number {
  return fee > 0 ? (base + (1 - fee) * collateral) / fee : Number.POSITIVE_INFINITY
}

/**
 * Units are sold into the pool, the account is liquidated there, and the units are bought back.
 *
 * Rule:   the sale leaves A1 = A + (1 - gamma) E, B1 = A B / A1; the liquidation is that of the
 *         pool as it is then, and leaves A2 = A1 + k x. Buying E back takes
 *         (A B / (A2 - E) - A B / A2) / (1 - gamma), and needs E < A2: with all collateral seized,
 *         E <= (A + (1 - gamma) c) / gamma.
 * Source: as above; the feasible sizes are its own, the rest follows from the pool.
 */
export function sandwiched(loan: PoolLoan, size: number): Sandwiched {
  const { base, quote, fee } = loan
  const product = base * quote
  const pushed = base + (1 - fee) * size
  const liquidation = slicedLiquidation({ ...loan, base: pushed, quote: product / pushed })
  const after = pushed + gainOf(loan) * liquidation.worth
  if (!(size < after)) return { isFeasible: false, profit: Number.NEGATIVE_INFINITY, liquidation }
  const sold = quote - product / pushed
  const paid = (product / (after - size) - product / after) / (1 - fee)
  return { isFeasible: true, profit: sold + liquidation.profit - paid, liquidation }
}

/**
 * The loan-to-value above which each small liquidation lowers the health factor, where what is
 * seized is sold in the pool that is also the oracle.
 *
 * Rule:   1 / ((1 + b) lambda), lambda = 1 + 2 c / y: c USD of collateral, y USD of the debt asset
 *         in the pool. Without impact lambda is 1.
 * Source: McFarlane, arXiv 2510.10171; a statement about one small step.
 */
export function toxicLoanToValue(bonus: number, collateralUsd: number, quoteUsd: number): number {
  return 1 / ((1 + bonus) * (1 + (2 * collateralUsd) / quoteUsd))
}

/** The highest threshold that is safe at the onset where the bonus grows from 0: 1 / lambda. */
export function safeThreshold(collateralUsd: number, quoteUsd: number): number {
  return 1 / (1 + (2 * collateralUsd) / quoteUsd)
}
