/**
 * Fire sales across overlapping portfolios: banks that hold the same assets and deleverage back to
 * target.
 */

import { assert } from '../errors.ts'
import { solve, spectralRadius } from '../math/eigen.ts'

/**
 * Banks (n) and assets (k).
 *
 * Shape: `assets`, `leverage` and `equity` have n entries; `weights` n rows of k; `illiquidity` and
 *        `shock` k.
 * Units: `assets` and `equity` in one currency; `weights` are fractions of a bank's assets;
 *        `leverage` is the target debt / equity; `illiquidity` is the relative price drop per unit
 *        of currency sold; `shock` is each asset's return, so a loss is negative.
 */
export interface Portfolios {
  readonly assets: readonly number[]
  readonly weights: readonly (readonly number[])[]
  readonly leverage: readonly number[]
  readonly equity: readonly number[]
  readonly illiquidity: readonly number[]
  readonly shock: readonly number[]
}

/** One round of deleveraging, and the loop that it would close. Losses and sales are negative. */
export interface Vulnerability {
  /** Sold per asset, in currency. */
  readonly sales: readonly number[]
  /** Return of each asset that the sales cause. */
  readonly priceEffect: readonly number[]
  /** Return of each bank's assets that the sales cause. */
  readonly bankReturns: readonly number[]
  /** Loss by the shock itself / total equity. */
  readonly direct: number
  /** Loss by the sales / total equity: the aggregate vulnerability. */
  readonly aggregate: number
  /** k rows of k: the return of asset a that a return of 1 in asset b causes. */
  readonly loop: readonly (readonly number[])[]
  readonly spectralRadius: number
  /**
   * Returns of the assets after infinitely many rounds, shock included; null at a spectral radius
   * of 1 or more.
   */
  readonly total: readonly number[] | null
}

/**
 * Vulnerability of a banking system to fire sales.
 *
 * Rule:       sales = M'A B M F, price effect = L sales, aggregate = -1'A M L M'A B M F / sum(E),
 *             loop G = L M'A B M, all rounds (I - G)^-1 F; stable iff the spectral radius of G is
 *             below 1.
 * Source:     Greenwood, Landier and Thesmar 2015, Vulnerable banks; the branching condition on the
 *             largest eigenvalue as in Caccioli, Shrestha, Moore and Farmer 2014.
 * Simplifies: impact is linear in currency sold; banks sell in proportion to what they hold and
 *             keep their leverage however deep the loss, so equity may pass through zero.
 */
export function vulnerability(portfolios: Portfolios): Vulnerability {
  checkShapes(portfolios)
  const { assets, weights, equity, illiquidity, shock } = portfolios
  const shocked = portfolioReturns(weights, shock)
  const sales = salesFor(portfolios, shocked)
  const priceEffect = sales.map((sold, a) => illiquidity[a] * sold)
  const bankReturns = portfolioReturns(weights, priceEffect)
  const loop = loopMatrix(portfolios)
  const radius = spectralRadius(loop)
  return {
    sales,
    priceEffect,
    bankReturns,
    direct: -dot(assets, shocked) / sum(equity),
    aggregate: -dot(assets, bankReturns) / sum(equity),
    loop,
    spectralRadius: radius,
    total: radius < 1 ? solve(identityMinus(loop), shock) : null,
  }
}

/** M F: what these asset returns do to each bank. */
function portfolioReturns(
  weights: readonly (readonly number[])[],
  returns: readonly number[],
): number[] {
  return weights.map((row) => dot(row, returns))
}

/**
 * M'A B r: a bank that lost r of its assets sells leverage x r of them, asset by asset at its
 * weights.
 */
function salesFor(portfolios: Portfolios, bankReturns: readonly number[]): number[] {
  const { assets, weights, leverage, illiquidity } = portfolios
  const deleveraged = assets.map((worth, bank) => worth * leverage[bank] * bankReturns[bank])
  return illiquidity.map((_, a) =>
    dot(
      deleveraged,
      weights.map((row) => row[a]),
    ),
  )
}

/** Column b is the price effect of a return of 1 in asset b alone. */
function loopMatrix(portfolios: Portfolios): number[][] {
  const { weights, illiquidity } = portfolios
  const columns = illiquidity.map((_, b) =>
    salesFor(
      portfolios,
      weights.map((row) => row[b]),
    ),
  )
  return illiquidity.map((drop, a) => columns.map((column) => drop * column[a]))
}

function identityMinus(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row, i) => row.map((value, j) => (i === j ? 1 : 0) - value))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i], 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function checkShapes({ assets, weights, leverage, equity, illiquidity, shock }: Portfolios): void {
  const banks = assets.length
  const kinds = illiquidity.length
  assert(leverage.length === banks && equity.length === banks, 'a leverage and equity per bank')
  assert(weights.length === banks, 'a row of weights per bank')
  assert(
    weights.every((row) => row.length === kinds),
    'a weight per bank and asset',
  )
  assert(shock.length === kinds, 'a shock per asset')
  assert(sum(equity) > 0, 'a system with equity')
}
