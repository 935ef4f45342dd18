/** A column of runs as a few numbers with their intervals. */

import { compensatedSum } from '../math/sum.ts'
import {
  type Estimate,
  meanOf,
  quantileOf,
  type Shortfall,
  sdOf,
  shareOf,
  shareOfBatches,
  shortfallOf,
  UNKNOWN,
  within,
} from './interval.ts'
import { anytimeMean, anytimeShare } from './stopping.ts'
import { studentQuantile } from './student.ts'

/** What a measure comes to over the runs of a cell. Null where it is not known; JSON as it is. */
export interface Summary {
  /** Runs that have a value. */
  readonly n: number
  readonly sd: number | null
  readonly least: number | null
  readonly most: number | null
  readonly mean: Estimate
  /** Share of runs that are not 0. */
  readonly nonzero: Estimate
  readonly quantiles: Readonly<Record<'q50' | 'q90' | 'q95' | 'q99', Estimate>>
  readonly shortfalls: Readonly<Record<'es95' | 'es97.5' | 'es99', Shortfall>>
}

/** How the runs of a column were drawn, and what its intervals shall hold. */
export interface Drawn {
  /** Seed of the bootstrap alone. */
  readonly seed: number
  /** Runs that were spread together; 1: all are independent. */
  readonly batch: number
  /** Probability of the intervals. */
  readonly level: number
  /** Whether the runs were looked at, as often as anybody liked, until they were enough. */
  readonly anytime?: boolean
}

/** What a number cannot leave; null: no limit above. */
export type Range = readonly [least: number, most: number | null]

/**
 * Sums up the values of runs, given in the order of the runs; NaN where a run has none.
 *
 * Rule: of one run there are no intervals. Where runs were spread in batches, the means of batches
 *       are the independent values: of them come the intervals of the mean and of the share, and
 *       quantiles and shortfalls have none. They have none either where the runs were looked at
 *       until they were enough, and mean and share hold at any time. The interval of the mean stays
 *       in the range.
 */
export function summary(column: Float64Array, drawn: Drawn, range: Range = ANY): Summary {
  const values = column.filter(Number.isFinite)
  const n = values.length
  if (n === 1) return ofOne(values[0])
  const sorted = values.slice().sort()
  const { seed, batch, level, anytime = false } = drawn
  const keeps = batch === 1 && !anytime
  const at = (p: number) => withoutEnds(quantileOf(sorted, p, level), keeps)
  const beyond = (p: number) => withoutEnds(shortfallOf(sorted, p, seed, level), keeps)
  const independent = batch === 1 ? values : batchMeans(column, batch)
  return {
    n,
    sd: n === 0 ? null : sdOf(values),
    least: n === 0 ? null : sorted[0],
    most: n === 0 ? null : sorted[n - 1],
    mean: within((anytime ? anytimeMean : meanOf)(independent, level), range),
    nonzero: nonzeroOf(column, values, drawn),
    quantiles: { q50: at(0.5), q90: at(0.9), q95: at(0.95), q99: at(0.99) },
    shortfalls: { es95: beyond(0.95), 'es97.5': beyond(0.975), es99: beyond(0.99) },
  }
}

const ANY: Range = [Number.NEGATIVE_INFINITY, null]

function nonzeroOf(column: Float64Array, values: Float64Array, drawn: Drawn): Estimate {
  const { batch, level, anytime = false } = drawn
  const n = values.length
  const hits = values.reduce((count, value) => count + +(value !== 0), 0)
  if (batch === 1) return (anytime ? anytimeShare : shareOf)(hits, n, level)
  const isHit = column.map((value) => (Number.isFinite(value) ? +(value !== 0) : value))
  return withoutEnds(shareOfBatches(batchMeans(isHit, batch), n, level), !anytime)
}

/** Very many cells of one run each hold what is the same in all of them once. */
function ofOne(value: number): Summary {
  const one: Estimate = { value, low: null, high: null }
  return {
    ...{ n: 1, sd: 0, least: value, most: value, mean: one },
    nonzero: value === 0 ? NONE : ALL,
    quantiles: { q50: one, q90: one, q95: one, q99: one },
    shortfalls: NO_SHORTFALLS,
  }
}

const NONE: Estimate = { value: 0, low: null, high: null }
const ALL: Estimate = { value: 1, low: null, high: null }
const NO_TAIL: Shortfall = { ...UNKNOWN, tail: 0 }
const NO_SHORTFALLS: Summary['shortfalls'] = { es95: NO_TAIL, 'es97.5': NO_TAIL, es99: NO_TAIL }

function withoutEnds<T extends Estimate>(estimate: T, keeps: boolean): T {
  return keeps ? estimate : { ...estimate, low: null, high: null }
}

/** Means of consecutive batches, of the values that are there. */
export function batchMeans(column: Float64Array, batch: number): Float64Array {
  const means: number[] = []
  for (let from = 0; from < column.length; from += batch) {
    const known = column.subarray(from, from + batch).filter(Number.isFinite)
    if (known.length > 0) means.push(compensatedSum(known) / known.length)
  }
  return Float64Array.from(means)
}

/** A difference of two columns whose runs are paired. */
export interface Paired {
  readonly n: number
  readonly mean: Estimate
  readonly median: Estimate
  /** How many runs are lower, equal and higher in the second column. */
  readonly lower: number
  readonly equal: number
  readonly higher: number
}

/**
 * The second column less the first, run by run.
 *
 * Rule: one interval on the differences, never two apart: with a correlation of 0.95 it takes
 *       twelve times fewer runs.
 */
export function paired(first: Float64Array, second: Float64Array): Paired {
  const gaps = second.map((value, k) => value - first[k])
  const sorted = gaps.slice().sort()
  const count = (is: (gap: number) => boolean) => gaps.reduce((n, gap) => n + +is(gap), 0)
  return {
    n: gaps.length,
    mean: meanOf(gaps),
    median: quantileOf(sorted, 0.5),
    lower: count((gap) => gap < 0),
    equal: count((gap) => gap === 0),
    higher: count((gap) => gap > 0),
  }
}

/** A mean with the help of a control, and what the control brought. */
export interface Controlled {
  readonly mean: Estimate
  readonly coefficient: number
  /** Squared correlation of the two. */
  readonly explained: number
  /** Variance of the plain mean over that of this one: runs that it saves. */
  readonly reduction: number
}

/**
 * The mean of a column with the help of a control that was also measured on many more runs.
 *
 * Rule:   mean(y) - b (mean(c) - m), b = cov(y, c) / var(c), m the mean of `larger`, which are N
 *         other runs; with d = mean(c) - m and s^2 the squares that the line leaves over n - 2,
 *         variance = s^2 (1 / n + d^2 / sum((c - mean(c))^2)) + b^2 var(c) / N, and Student's t of
 *         n - 2. Below three runs, or where the control never changes, it is the plain mean.
 * Source: S. S. Lavenberg, P. D. Welch, Management Science 27, 1981 (control variates); the second
 *         term is that of an estimated control mean.
 */
export function controlled(
  values: Float64Array,
  control: Float64Array,
  larger: Float64Array,
  level = 0.95,
): Controlled {
  const n = values.length
  const mean = (column: Float64Array) => compensatedSum(column) / column.length
  const [my, mc, m] = [mean(values), mean(control), mean(larger)]
  const cov = mean(values.map((y, k) => (y - my) * (control[k] - mc)))
  const spread = mean(control.map((c) => (c - mc) * (c - mc)))
  if (n < 3 || spread === 0)
    return { mean: meanOf(values, level), coefficient: 0, explained: 0, reduction: 1 }
  const coefficient = cov / spread
  const plain = sdOf(values)
  const left = sdOf(values.map((y, k) => y - coefficient * control[k]))
  const near = (left * left * (n - 1) * (1 + ((mc - m) * (mc - m)) / spread)) / (n - 2) / n
  const far = (coefficient * sdOf(larger)) / Math.sqrt(larger.length)
  const error = Math.sqrt(near + far * far)
  const value = my - coefficient * (mc - m)
  const half = studentQuantile((1 + level) / 2, n - 2) * error
  return {
    mean: { value, low: value - half, high: value + half },
    coefficient,
    explained: plain > 0 ? 1 - (left * left) / (plain * plain) : 0,
    reduction: error > 0 ? (plain * plain) / n / (error * error) : 1,
  }
}
