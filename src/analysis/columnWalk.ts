/**
 * Cascades of accounts that sell min(collateral, cash / price) once: worst first, slow descent, at
 * trigger, clearing.
 */

import { argsort } from '../math/sort.ts'
import type { Curve } from '../venue.ts'

/**
 * Accounts with one collateral and debt in cash, in order of falling trigger.
 *
 * Units: `collateral` in units of the sold asset; `cash` = debt x (1 + bonus), the collateral value
 *        a liquidator takes; `debt` in cash. An account whose collateral is worth less than `cash`
 *        leaves debt - value / (1 + bonus) unpaid.
 */
export interface SaleColumns {
  readonly trigger: Float64Array
  readonly collateral: Float64Array
  readonly cash: Float64Array
  readonly debt: Float64Array
  /** Position in the columns these were made from. */
  readonly origin: Uint32Array
}

/** Where a walk ended. */
export interface WalkEnd {
  readonly price: number
  readonly sold: number
  /** Accounts taken: a prefix of the columns. */
  readonly count: number
  readonly badDebt: number
}

/** Sorts the columns by falling trigger. */
export function saleColumns(parts: {
  trigger: Float64Array
  collateral: Float64Array
  cash: Float64Array
  debt: Float64Array
}): SaleColumns {
  const origin = argsort(parts.trigger, 'falling')
  const order = (column: Float64Array) => Float64Array.from(origin, (i) => column[i])
  return {
    trigger: order(parts.trigger),
    collateral: order(parts.collateral),
    cash: order(parts.cash),
    debt: order(parts.debt),
    origin,
  }
}

/**
 * The canonical instant cascade: falling trigger, the price read again after each sale.
 *
 * Rule:   while phi(X, Q) < T_k: Q += min(C_k, A_k / phi(X, Q)).
 * Why:    Q + min(C, A / phi(X, Q)) rises with Q and with the shock, so everything here is monotone
 *         in the shock.
 * Source: own; by induction from the line above, checked against brute force and every order in the
 *         tests.
 */
export function walkWorstFirst(columns: SaleColumns, curve: Curve, outside: number): WalkEnd {
  const { trigger, collateral, cash, debt } = columns
  const n = trigger.length
  let k = 0
  let sold = 0
  let badDebt = 0
  let price = curve.price(outside, sold)
  while (k < n && price < trigger[k]) {
    if (collateral[k] * price < cash[k]) {
      sold += collateral[k]
      badDebt += debt[k] - (collateral[k] * price * debt[k]) / cash[k]
    } else sold += cash[k] / price
    k++
    price = curve.price(outside, sold)
  }
  return { price, sold, count: k, badDebt }
}

/**
 * Every account sells what it would at min(its trigger, the outside price): an upper bound on the
 * final price of every order and batching.
 */
export function walkAtTrigger(columns: SaleColumns, curve: Curve, outside: number): WalkEnd {
  const { trigger, collateral, cash, debt } = columns
  let k = 0
  let sold = 0
  let badDebt = 0
  let price = curve.price(outside, sold)
  while (k < trigger.length && price < trigger[k]) {
    const at = Math.min(trigger[k], outside)
    const units = Math.min(collateral[k], cash[k] / at)
    sold += units
    badDebt += Math.max(0, debt[k] - (units * at * debt[k]) / cash[k])
    k++
    price = curve.price(outside, sold)
  }
  return { price, sold, count: k, badDebt }
}

/** What an account met when the outside price sank slowly. Entry k belongs to column entry k. */
export interface SlowDescent {
  /** Outside price at which account k is taken; never rises with k. */
  readonly edge: Float64Array
  /** Price at which it is sold, and units sold by all up to and including it. */
  readonly execution: Float64Array
  readonly sold: Float64Array
}

/**
 * The outside price falls continuously: one pass gives the whole curve. It never lies below that of
 * a sudden jump.
 *
 * Rule: X_k = min(X_(k-1), inv(T_k, Q)); the account is sold at min(T_k, phi(X_k, Q)).
 */
export function slowDescent(columns: SaleColumns, curve: Curve): SlowDescent {
  const n = columns.trigger.length
  const edge = new Float64Array(n)
  const execution = new Float64Array(n)
  const sold = new Float64Array(n)
  let last = Number.POSITIVE_INFINITY
  let total = 0
  for (let k = 0; k < n; k++) {
    last = Math.min(last, curve.outside(columns.trigger[k], total))
    edge[k] = last
    execution[k] = Math.min(columns.trigger[k], curve.price(last, total))
    total += Math.min(columns.collateral[k], columns.cash[k] / execution[k])
    sold[k] = total
  }
  return { edge, execution, sold }
}

/** Price and units at an outside price that was reached slowly. */
export function slowDescentAt(
  descent: SlowDescent,
  curve: Curve,
  outside: number,
): { price: number; sold: number; count: number } {
  let count = 0
  while (count < descent.edge.length && outside < descent.edge[count]) count++
  const sold = count === 0 ? 0 : descent.sold[count - 1]
  return { price: curve.price(outside, sold), sold, count }
}

/**
 * The clearing price: everybody sells at the one final price. A lower bound on the price of every
 * order.
 *
 * Rule:   the highest p with phi(X, Q(p)) >= p, Q(p) = sum over T > p of min(C, A / p).
 * Why:    Q never falls as p falls, so p <- phi(X, Q(p)) from X sinks to the answer and never
 *         passes it. Sellers are kept as A(p) / p + B(p), so a pass costs what changed, not the
 *         book.
 * Source: Tarski's theorem, as for clearing with fire sales (Eisenberg and Noe 2001; Cifuentes,
 *         Ferrucci and Shin 2005).
 * Simplifies: stops where a pass moves the price by less than 1e-15 of itself, or after PASSES_MAX
 *             passes.
 */
export function clearingPrice(columns: SaleColumns, curve: Curve, outside: number): WalkEnd {
  const { trigger, collateral, cash } = columns
  const n = trigger.length
  const exhausted = Float64Array.from(cash, (amount, k) => amount / collateral[k])
  const byExhaustion = argsort(exhausted, 'falling')
  const capped = new Uint8Array(n)
  let price = outside
  let count = 0
  let next = 0
  let cashSum = 0
  let units = 0
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    for (; next < n && exhausted[byExhaustion[next]] > price; next++) {
      const k = byExhaustion[next]
      capped[k] = 1
      if (k < count) {
        cashSum -= cash[k]
        units += collateral[k]
      }
    }
    for (; count < n && price < trigger[count]; count++) {
      if (capped[count] === 1) units += collateral[count]
      else cashSum += cash[count]
    }
    const after = curve.price(outside, cashSum / price + units)
    if (!(after < price * (1 - 1e-15))) break
    price = after
    if (price <= 0) break
  }
  const sold = price > 0 ? cashSum / price + units : units
  return { price, sold, count, badDebt: unpaid(columns, count, price) }
}

function unpaid(columns: SaleColumns, count: number, price: number): number {
  let sum = 0
  for (let k = 0; k < count; k++) {
    const value = columns.collateral[k] * price
    if (value < columns.cash[k]) sum += columns.debt[k] * (1 - value / columns.cash[k])
  }
  return sum
}

const PASSES_MAX = 10_000_000
