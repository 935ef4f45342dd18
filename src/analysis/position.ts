/**
 * Closed forms for one position with one collateral and one debt: what the rules must agree with.
 */

import { assert } from '../errors.ts'
import { log } from '../math/exponential.ts'

/**
 * The price of the collateral below which the position may be liquidated.
 *
 * Rule:   debt / (threshold x units)
 * Units:  debt in USD, units of collateral, price in USD; Infinity without collateral, 0 without
 *         debt.
 * Source: Perez et al., "Liquidations: DeFi on a Knife-edge", eq. 3
 */
export function liquidationPrice(units: number, debt: number, threshold: number): number {
  return debt === 0 ? 0 : debt / (threshold * units)
}

/**
 * Debt to repay, in USD, so that the health factor becomes `target`.
 *
 * Rule:   (h D - LT C) / (h - LT (1 + b)), within 0 and D; D where h <= LT (1 + b) or the
 *         collateral does not suffice, for then no repayment reaches h.
 * Units:  collateral and debt in USD, ratios as fractions; seized is the result x (1 + bonus).
 */
export function repayToTarget(
  collateral: number,
  debt: number,
  threshold: number,
  bonus: number,
  target: number,
): number {
  const lack = target * debt - threshold * collateral
  if (lack <= 0) return 0
  const gain = target - threshold * (1 + bonus)
  return gain <= 0 ? debt : Math.min(debt, lack / gain)
}

/**
 * The loan-to-value above which a partial liquidation makes a position worse.
 *
 * Rule:   1 / (1 + bonus); a threshold at or above it is toxic from the start
 * Source: Warmuz, Chaudhary and Pinna, arXiv 2212.07306
 */
export function toxicLtv(bonus: number): number {
  return 1 / (1 + bonus)
}

/** What repeated partial liquidation at one price does to a position. */
export interface Spiral {
  /** Loan-to-value before the first step and after each step that leaves collateral. */
  readonly ltv: readonly number[]
  /** USD of debt left when the collateral is gone, had the spiral all the steps it wants. */
  readonly badDebt: number
  /** Whether the collateral was gone within `stepsMax` steps. */
  readonly exhausted: boolean
}

/**
 * The path of a position that is liquidated by a close factor again and again at a fixed price.
 *
 * Rule:   D' = D (1 - cf), C' = C - (1 + b) (D - D'); final bad debt max(0, D - C / (1 + b)),
 *         whatever the close factor.
 * Units:  collateral and debt in USD, > 0; ratios as fractions.
 * Source: Warmuz, Chaudhary and Pinna, arXiv 2212.07306
 */
export function toxicSpiral(
  collateral: number,
  debt: number,
  bonus: number,
  closeFactor: number,
  stepsMax: number,
): Spiral {
  const ltv = [debt / collateral]
  let left = collateral
  let owed = debt
  for (let step = 0; step < stepsMax && left > 0; step++) {
    left -= (1 + bonus) * closeFactor * owed
    owed *= 1 - closeFactor
    if (left > 0) ltv.push(owed / left)
  }
  return { ltv, badDebt: Math.max(0, debt - collateral / (1 + bonus)), exhausted: left <= 0 }
}

/** Which instant drops of the collateral a position survives. Drops are positive fractions. */
export interface JumpFrontier {
  /** Drop from which the position may be liquidated. */
  readonly eligible: number
  /** Drop beyond which the liquidation leaves bad debt. */
  readonly loss: number
  /** Width of the band in which it is liquidated without loss. */
  readonly zeroLossBand: number
  /** Collateral / (collateral - debt) before the drop; Infinity without equity. */
  readonly leverage: number
}

/**
 * The frontier of instant drops without loss.
 *
 * Rule:       eligible = 1 - 1 / HF; loss = max(eligible, 1 - (1 + b) LT / HF)
 * Units:      ratios and fractions; a negative `eligible` says how far the position is below
 *             already.
 * Source:     Gatto, SSRN 7157638
 * Simplifies: the liquidator takes the whole position at the dropped price; no price impact.
 */
export function jumpFrontier(healthFactor: number, threshold: number, bonus: number): JumpFrontier {
  const eligible = 1 - 1 / healthFactor
  const loss = Math.max(eligible, 1 - ((1 + bonus) * threshold) / healthFactor)
  const equity = 1 - threshold / healthFactor
  const leverage = equity > 0 ? 1 / equity : Number.POSITIVE_INFINITY
  return { eligible, loss, zeroLossBand: loss - eligible, leverage }
}

/**
 * The health factor that survives an instant drop without bad debt: the inverse of `jumpFrontier`.
 *
 * Rule: min(1, (1 + b) LT) / (1 - drop)
 */
export function healthFactorFor(drop: number, threshold: number, bonus: number): number {
  return Math.min(1, (1 + bonus) * threshold) / (1 - drop)
}

/**
 * Bad debt in USD after an instant drop, when the position is liquidated whole at the dropped
 * price.
 *
 * Rule:   0 up to the frontier, else D - C (1 - drop) / (1 + b)
 * Units:  collateral (before the drop) and debt in USD.
 * Source: Gatto, SSRN 7157638
 */
export function jumpLoss(
  collateral: number,
  debt: number,
  threshold: number,
  bonus: number,
  drop: number,
): number {
  const worth = collateral * (1 - drop)
  return threshold * worth >= debt ? 0 : Math.max(0, debt - worth / (1 + bonus))
}

/**
 * Most settlements that a close factor needs to end one debt leg at a fixed price.
 *
 * Rule: 1 + ceil(ln(debt / dust) / -ln(1 - cf)): each leaves at most 1 - cf of the debt, and at the
 *       dust limit it is closed whole.
 */
export function stepsMax(closeFactor: number, debtUsd: number, dustUsd: number): number {
  if (closeFactor >= 1 || debtUsd <= dustUsd) return 1
  assert(closeFactor > 0 && dustUsd > 0, 'a close factor below 1 ends only with dust above 0')
  return 1 + Math.ceil(log(debtUsd / dustUsd) / -log(1 - closeFactor))
}

/**
 * Most settlements that a target health factor needs while the price falls from `high` to `low`.
 *
 * Rule: 1 + floor(ln(high / low) / ln target): after each the price must fall by the target again.
 */
export function targetStepsMax(target: number, high: number, low: number): number {
  assert(target > 1 && high >= low && low > 0, 'a target above 1 and a falling price')
  return 1 + Math.floor(log(high / low) / log(target))
}
