/** Loans in LLAMMA's bands: where they open, what their shares are worth, and their health. */

import { log } from '../../math/exponential.ts'
import { type Bands, DEAD_SHARES, downWorth, narrowing, topOf, WEI } from './bands.ts'

/**
 * What shares of bands stand for.
 *
 * Units: crvUSD and collateral tokens.
 */
export interface Holding {
  stable: number
  collateral: number
}

/**
 * Collateral that counts towards a loan's debt, at the upper price of its first band.
 *
 * Rule:   C (1 - d) / (sqrt(A / (A - 1)) N) (1 + q + ... + q^(N-1)), q = (A - 1) / A; d carries the
 *         part of 1000 dead shares in C / N on top.
 * Source: curvefi/curve-stablecoin, controller.vy _get_y_effective(), commit cf1d05fb
 */
export function effectiveCollateral(
  amplification: number,
  collateral: number,
  count: number,
  discount: number,
): number {
  const ratio = narrowing(amplification)
  const dead = DEAD_SHARES / Math.max(collateral / count, DEAD_SHARES)
  let part = (collateral * (1 - Math.min(1, discount + dead)) * Math.sqrt(ratio)) / count
  let sum = part
  for (let k = 1; k < count; k++) sum += part *= ratio
  return sum
}

/**
 * First band of a new loan, the highest-priced of its `count` bands; NaN where debt is too high.
 *
 * Rule:   n1 = floor(ln(y_eff p_up(active) / debt) / ln(A / (A - 1))) + active, at most 1024 - N
 *         above it. Its upper price must lie below the published one, and none of the bands from n1
 *         to the active one may hold crvUSD.
 * Source: curvefi/curve-stablecoin, Controller.vy _calculate_debt_n1()
 */
export function firstBand(
  bands: Bands,
  oracle: number,
  collateral: number,
  debt: number,
  count: number,
  discount: number,
): number {
  const { amplification, active } = bands
  const effective = effectiveCollateral(amplification, collateral, count, discount)
  const covers = (effective * topOf(bands, active)) / (debt + WEI)
  const steps = Math.floor(-log(covers) / log(narrowing(amplification)) + 0)
  const band = active + Math.min(steps, BANDS_FROM_ACTIVE - count)
  if (!(band >= bands.first && band + count <= bands.first + bands.top.length)) return Number.NaN
  for (let n = active; n >= band; n--) if (bands.stable[n - bands.first] > 0) return Number.NaN
  return topOf(bands, band) < oracle ? band : Number.NaN
}

const BANDS_FROM_ACTIVE = 1024

/**
 * Puts collateral into `count` bands in equal parts, and gives shares for it.
 *
 * Rule:   a band gives (S + dead) y / (Y + 1 wei) shares for y. The active band moves below the
 *         first one, if it has to.
 * Shape:  `shares` gets `count` entries from `from` on.
 * Source: curvefi/curve-stablecoin, AMM.vy deposit_range()
 */
export function deposit(
  bands: Bands,
  collateral: number,
  band: number,
  count: number,
  shares: Float64Array,
  from: number,
): void {
  const part = collateral / count
  for (let k = 0; k < count; k++) {
    const row = band + k - bands.first
    const given = ((bands.shares[row] + DEAD_SHARES) * part) / (bands.collateral[row] + WEI)
    shares[from + k] = given
    bands.shares[row] += given
    bands.collateral[row] += part
  }
  bands.active = Math.min(bands.active, band - 1)
  bands.lowest = Math.min(bands.lowest, band)
  bands.highest = Math.max(bands.highest, band + count - 1)
}

/**
 * Takes a part of a loan's shares out of its bands.
 *
 * Rule:   each band pays its holdings in proportion. Whoever leaves a band last leaves nothing.
 * Shape:  reads and writes `count` entries of `shares` from `from` on.
 * Source: curvefi/curve-stablecoin, AMM.vy withdraw()
 */
export function withdraw(
  bands: Bands,
  part: number,
  band: number,
  count: number,
  shares: Float64Array,
  from: number,
  out: Holding,
): void {
  out.stable = out.collateral = 0
  for (let k = 0; k < count; k++) {
    const row = band + k - bands.first
    const taken = part === 1 ? shares[from + k] : part * shares[from + k]
    takeShares(bands, row, taken, out)
    shares[from + k] -= taken
  }
}

/** Takes shares out of one band, and adds what they stood for to `out`. */
export function takeShares(bands: Bands, row: number, taken: number, out: Holding): void {
  const { stable, collateral, shares } = bands
  const left = shares[row] - taken
  const isLast = left <= REMAINDER * shares[row]
  const part = isLast ? 1 : taken / (shares[row] + DEAD_SHARES)
  out.stable += stable[row] * part
  out.collateral += collateral[row] * part
  shares[row] = isLast ? 0 : left
  stable[row] = isLast ? 0 : stable[row] * (1 - part)
  collateral[row] = isLast ? 0 : collateral[row] * (1 - part)
}

/** Below this part of a band, what is left of its shares is rounding. */
const REMAINDER = 1e-13

/** What a loan's shares stand for now. */
export function holdingOf(
  bands: Bands,
  band: number,
  count: number,
  shares: Float64Array,
  from: number,
  out: Holding,
): void {
  out.stable = out.collateral = 0
  for (let k = 0; k < count; k++) {
    const row = band + k - bands.first
    const part = shares[from + k] / (bands.shares[row] + DEAD_SHARES)
    out.stable += bands.stable[row] * part
    out.collateral += bands.collateral[row] * part
  }
}

/** crvUSD that a loan brings if the published price falls slowly through its bands (get_x_down). */
export function downWorthOf(
  bands: Bands,
  oracle: number,
  band: number,
  count: number,
  shares: Float64Array,
  from: number,
): number {
  let sum = 0
  for (let k = 0; k < count; k++) {
    const row = band + k - bands.first
    sum += shares[from + k] * downWorthPerShare(bands, oracle, row)
  }
  return sum
}

/** The same of one share of one band. */
export function downWorthPerShare(bands: Bands, oracle: number, row: number): number {
  const { amplification, base, top, stable, collateral, shares } = bands
  const worth = downWorth(amplification, oracle, base * top[row], stable[row], collateral[row])
  return worth / (shares[row] + DEAD_SHARES)
}

/**
 * Health of a loan as the contract reports it: below 0 in the full form it may be liquidated.
 *
 * Rule:   x_down (1 - liquidation discount) / debt - 1. The full form adds (p - p_up(n1)) C / debt
 *         while all bands lie above the active one and p above p_up(n1).
 * Source: curvefi/curve-stablecoin, controller.vy _health(), commit cf1d05fb
 */
export function loanHealth(worth: number, discount: number, debt: number, above = 0): number {
  return (worth * (1 - discount) + above) / debt - 1
}

/** What collateral adds to full health: its worth above the upper price of the first band. */
export function worthAbove(bands: Bands, oracle: number, band: number, collateral: number): number {
  if (band <= bands.active) return 0
  return Math.max(0, oracle - topOf(bands, band)) * collateral
}

/**
 * Part of the shares that repaying part of the debt takes out.
 *
 * Rule:   ((1 + h / 2) (1 - part) / (1 + h) + part) part, h the liquidation discount; all for all.
 * Source: curvefi/curve-stablecoin, controller.vy _get_f_remove()
 */
export function removedPart(part: number, discount: number): number {
  if (part === 1) return 1
  return (((1 + discount / 2) * (1 - part)) / (1 + discount) + part) * part
}

/** Part of the debt that takes out this part of the shares: `removedPart` turned round. */
export function repaidPart(removed: number, discount: number): number {
  const first = (1 + discount / 2) / (1 + discount)
  return (2 * removed) / (first + Math.sqrt(first * first + 4 * (1 - first) * removed))
}
