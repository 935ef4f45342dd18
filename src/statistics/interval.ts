/** Numbers of a sample with their intervals. Each depends only on the values in their order. */

import { assert } from '../errors.ts'
import { exp, log } from '../math/exponential.ts'
import { quantile, quantileRanks } from '../math/quantile.ts'
import { randomAt } from '../math/random.ts'
import { compensatedSum } from '../math/sum.ts'
import { incompleteBeta, studentQuantile } from './student.ts'

/** An estimate and where the truth lies at a stated level; null: not known, or without an end. */
export interface Estimate {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

export const UNKNOWN: Estimate = { value: null, low: null, high: null }

/**
 * The mean of independent values.
 *
 * Rule:       mean -+ t(n - 1) sd / sqrt(n); no interval of one value.
 * Simplifies: of heavy tails it covers less than it says: of a tenth of non-zero losses with a
 *             log-sd of 1.5, 90.6 % in place of 95 % at n = 3000. Look at quantiles first.
 */
export function meanOf(values: Float64Array, level = 0.95): Estimate {
  const n = values.length
  if (n === 0) return UNKNOWN
  const value = compensatedSum(values) / n
  if (n === 1) return { value, low: null, high: null }
  const half = (studentQuantile((1 + level) / 2, n - 1) * sdOf(values)) / Math.sqrt(n)
  return { value, low: value - half, high: value + half }
}

/** The standard deviation of a sample, over n - 1; 0 of one value. */
export function sdOf(values: Float64Array): number {
  const n = values.length
  if (n < 2) return 0
  const mean = compensatedSum(values) / n
  const squares = values.map((value) => (value - mean) * (value - mean))
  return Math.sqrt(compensatedSum(squares) / (n - 1))
}

/**
 * The share of `hits` among n.
 *
 * Rule:   Clopper and Pearson: ends at which so many hits, or so few, have probability
 *         (1 - level) / 2. Never too narrow.
 * Source: C. J. Clopper, E. S. Pearson, Biometrika 26, 1934.
 */
export function shareOf(hits: number, n: number, level = 0.95): Estimate {
  if (n === 0) return UNKNOWN
  assert(hits >= 0 && hits <= n, 'a share counts some of all')
  const tail = (1 - level) / 2
  const low = hits === 0 ? 0 : root((p) => incompleteBeta(p, hits, n - hits + 1), tail)
  const high = hits === n ? 1 : root((p) => incompleteBeta(p, hits + 1, n - hits), 1 - tail)
  return { value: hits / n, low, high }
}

/**
 * The share of hits among n runs of which those of a batch hang together.
 *
 * Rule:   Clopper and Pearson with as many runs as would be as unsure if all were independent:
 *         m = p (1 - p) / v (t(n - 1) / t(B - 1))^2, v the variance of the mean of B batches, and
 *         never more than n. No interval of one batch.
 * Shape:  `means` are the shares of B batches.
 * Source: E. L. Korn, B. I. Graubard, Survey Methodology 24, 1998. Student's t of the batches holds
 *         3 to 94 % where hits are rare: without a hit it has no width (own simulation).
 */
export function shareOfBatches(means: Float64Array, n: number, level = 0.95): Estimate {
  const { value } = meanOf(means, level)
  const batches = means.length
  if (value === null || batches === 1) return { value, low: null, high: null }
  const spread = sdOf(means)
  const u = (1 + level) / 2
  const wider = studentQuantile(u, n - 1) / studentQuantile(u, batches - 1)
  const as = (value * (1 - value) * batches * wider * wider) / (spread * spread)
  const runs = spread > 0 ? Math.min(n, as) : n
  return { ...shareOf(Math.min(runs, value * runs), runs, level), value }
}

/**
 * An estimate whose ends leave out what cannot be.
 *
 * Rule:  the truth is in the range, so that its part of an interval holds it as often as the whole.
 * Shape: `most` is null where there is no limit above.
 */
export function within(
  { value, low, high }: Estimate,
  [least, most]: readonly [number, number | null],
): Estimate {
  return {
    value,
    // Rounding may leave the estimate itself a hair outside.
    low: low === null ? null : Math.max(low, Math.min(least, value ?? least)),
    high: high === null || most === null ? high : Math.min(high, Math.max(most, value ?? most)),
  }
}

/** Where a rising function of [0, 1] passes a level. */
export function root(of: (p: number) => number, level: number): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (of(middle) < level) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The p-quantile of a rising column of independent values, with order statistics around it.
 *
 * Rule: as `quantileRanks`: no model, at least the level, with an atom more. An end is null where
 *       the sample is too small to have one: the upper end of 95 % needs 72 values, of 99 % 368.
 */
export function quantileOf(sorted: Float64Array, p: number, level = 0.95): Estimate {
  if (sorted.length === 0) return UNKNOWN
  const { lower, upper } = quantileRanks(sorted.length, p, level)
  return {
    value: quantile(sorted, p),
    low: lower === null ? null : sorted[lower - 1],
    high: upper === null ? null : sorted[upper - 1],
  }
}

/** Values that a mean of the worst needs, or it is that of a few. */
export const TAIL_LEAST = 50

/** The mean of the worst, and how many values it is of. */
export interface Shortfall extends Estimate {
  readonly tail: number
}

/**
 * Expected shortfall at level p: the mean of the worst share 1 - p of a rising column.
 *
 * Rule:       the largest n (1 - p) values, the last of them by the part that belongs to it; the
 *             interval is that of the middle of samples drawn again from the values. Below
 *             TAIL_LEAST values in the tail there is no interval, and below one no value.
 * Source:     R. T. Rockafellar, S. Uryasev, Journal of Banking and Finance 26, 2002; B. Efron,
 *             Annals of Statistics 7, 1979.
 * Simplifies: of heavy tails the interval covers less than it says: of log-normal losses with a
 *             log-sd of 1, 89 % in place of 95 % at n = 1000 and 93 % at 4000 (own simulation).
 */
export function shortfallOf(
  sorted: Float64Array,
  p: number,
  seed: number,
  level = 0.95,
): Shortfall {
  const n = sorted.length
  const tail = Math.floor(n * (1 - p) + 1e-9)
  if (tail < 1) return { ...UNKNOWN, tail }
  const value = worst(sorted, n * (1 - p))
  if (tail < TAIL_LEAST) return { value, low: null, high: null, tail }
  const again = bootstrap(sorted, p, seed)
  return {
    value,
    low: quantile(again, (1 - level) / 2),
    high: quantile(again, (1 + level) / 2),
    tail,
  }
}

function worst(sorted: Float64Array, size: number): number {
  const whole = Math.floor(size)
  let sum = 0
  for (let k = 0; k < whole; k++) sum += sorted[sorted.length - 1 - k]
  const rest = size - whole
  if (rest > 0 && whole < sorted.length) sum += rest * sorted[sorted.length - 1 - whole]
  return sum / size
}

/**
 * Shortfalls of samples drawn again, rising.
 *
 * Rule: how often a rank is drawn is binomial given how often the higher ones were, so that only
 *       the ranks of the tail need be drawn.
 */
function bootstrap(sorted: Float64Array, p: number, seed: number): Float64Array {
  const n = sorted.length
  const size = n * (1 - p)
  const results = new Float64Array(size <= TAIL_SMALL ? 1000 : 400)
  for (let b = 0; b < results.length; b++) {
    const random = randomAt(seed, b)
    let undrawn = n
    let left = size
    let sum = 0
    for (let rank = n - 1; rank >= 0 && left > 0; rank--) {
      const times = binomial(undrawn, 1 / (rank + 1), random.uniform(rank, STREAM))
      undrawn -= times
      const taken = Math.min(left, times)
      sum += taken * sorted[rank]
      left -= taken
    }
    results[b] = sum / size
  }
  return results.sort()
}

/** The binomial number of n tries at chance p at which its distribution passes u. */
function binomial(n: number, p: number, u: number): number {
  if (p >= 1) return n
  let chance = exp(n * log(1 - p))
  let passed = chance
  let k = 0
  while (passed < u && k < n) {
    chance *= ((n - k) * p) / ((k + 1) * (1 - p))
    passed += chance
    k++
  }
  return k
}

/** Up to so long a tail, samples are cheap, and an interval of few runs needs them. */
const TAIL_SMALL = 2000
const STREAM = 60_000
