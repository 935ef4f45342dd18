/** Quantiles of a sample, and the ranks between which the true quantile lies. */

import { assert } from '../errors.ts'

/**
 * Returns the p-quantile of a rising column.
 *
 * Rule:   linear between order statistics at (n - 1) p: type 7, the default of R and NumPy.
 * Units:  p is a fraction in [0, 1]; the result has the unit of the values.
 * Source: R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American
 *         Statistician 50, 1996.
 * Throws: AssertionError on an empty column or p outside [0, 1].
 */
export function quantile(sorted: Float64Array, p: number): number {
  assert(sorted.length > 0, 'a quantile needs at least one value')
  assert(p >= 0 && p <= 1, 'a quantile needs p in [0, 1]')
  const at = (sorted.length - 1) * p
  const below = Math.floor(at)
  const low = sorted[below]
  const high = sorted[Math.min(below + 1, sorted.length - 1)]
  return low === high || at === below ? low : low + (at - below) * (high - low)
}

/** The interval [x_(lower), x_(upper)] of order statistics; ranks count from 1. */
export interface QuantileRanks {
  /** null where the sample is too small to bound the quantile on this side. */
  readonly lower: number | null
  readonly upper: number | null
  /** Probability that the interval (open where a rank is null) holds the true quantile. */
  readonly coverage: number
}

/**
 * Returns the order statistics that bracket the true p-quantile whatever the distribution.
 *
 * Rule:       how many of n fall below the quantile, B, is binomial(n, p). With
 *             a = (1 - level) / 2, lower is the largest l with P(B <= l - 1) <= a, upper the
 *             smallest u with P(B >= u) <= a; coverage = P(lower <= B <= upper - 1).
 * Units:      p and level are fractions in (0, 1).
 * Source:     H. A. David, H. N. Nagaraja, Order Statistics, 3rd edition, 2003, section 7.1.
 * Simplifies: a distribution with atoms (losses of exactly 0) is covered more often than stated.
 */
export function quantileRanks(n: number, p: number, level: number): QuantileRanks {
  assert(Number.isInteger(n) && n > 0, 'quantile ranks need a whole sample size above 0')
  assert(p > 0 && p < 1, 'quantile ranks need p in (0, 1)')
  assert(level > 0 && level < 1, 'quantile ranks need a level in (0, 1)')
  const chance = binomial(n, p)
  const allowed = (1 - level) / 2
  let lower = 0
  let below = 0
  while (below + chance[lower] <= allowed) below += chance[lower++]
  let upper = n + 1
  let above = 0
  while (above + chance[upper - 1] <= allowed) above += chance[--upper]
  return {
    lower: lower === 0 ? null : lower,
    upper: upper === n + 1 ? null : upper,
    coverage: 1 - below - above,
  }
}

// P(B = k) for k = 0 .. n. Neighbours differ by a ratio, so start at the mode with 1, walk outwards
// and divide by the total: nothing overflows, and what underflows does not count.
function binomial(n: number, p: number): Float64Array {
  const chance = new Float64Array(n + 1)
  const mode = Math.min(n, Math.floor((n + 1) * p))
  chance[mode] = 1
  let total = 1
  for (let k = mode; k < n; k++) {
    chance[k + 1] = (chance[k] * (n - k) * p) / ((k + 1) * (1 - p))
    total += chance[k + 1]
  }
  for (let k = mode; k > 0; k--) {
    chance[k - 1] = (chance[k] * k * (1 - p)) / ((n - k + 1) * p)
    total += chance[k - 1]
  }
  return chance.map((c) => c / total)
}
