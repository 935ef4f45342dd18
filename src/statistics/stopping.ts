/** When a sweep has run enough: few looks, each at a level of its own, or intervals of any time. */

import { assert } from '../errors.ts'
import { log } from '../math/exponential.ts'
import { type Estimate, meanOf, root, sdOf, shareOf } from './interval.ts'
import { logGamma } from './student.ts'

/**
 * Sizes at which a sweep is looked at, the last of them `most`.
 *
 * Rule:   each twice the one before, at least `least`; with K looks each interval stands at the
 *         level 1 - 0.05 / K, so that stopping at the first narrow one still covers 95 %.
 * Source: Bonferroni. Looking every ten runs without it covers 64.5 % (own simulation).
 */
export function looks(most: number, least = LEAST): number[] {
  assert(most >= 1 && least >= 1, 'a sweep runs at least once')
  const sizes = [most]
  while (sizes[0] / 2 >= least) sizes.unshift(Math.ceil(sizes[0] / 2))
  return sizes
}

/** The level of each of so many looks. */
export function levelOf(count: number): number {
  return 1 - 0.05 / count
}

/** Below it no interval says much. */
const LEAST = 50

/**
 * Sizes at which a sweep is looked at whose intervals hold at any time: each a quarter more than
 * the one before, the first where they begin, the last `most`.
 */
export function anytimeLooks(most: number): number[] {
  const sizes: number[] = []
  for (let size = ANYTIME_LEAST; size < most; size = Math.ceil(1.25 * size)) sizes.push(size)
  return [...sizes, most]
}

/**
 * The mean of independent values that are looked at as often as anybody likes.
 *
 * Rule:       mean -+ sd sqrt(2 (n r + 1) / (n^2 r) ln(sqrt(n r + 1) / (1 - level))): all of them
 *             from ANYTIME_LEAST values on hold together. r makes it narrowest near there, where it
 *             is 1.55 times as wide as that of a fixed n.
 * Source:     I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Annals of Statistics
 *             52, 2024, theorem 2.2; H. Robbins, Annals of Mathematical Statistics 41, 1970.
 * Simplifies: the normal law of large n: of heavy tails it holds less often than it says.
 */
export function anytimeMean(values: Float64Array, level = 0.95): Estimate {
  const n = values.length
  const { value } = meanOf(values)
  if (value === null || n < ANYTIME_LEAST) return { value, low: null, high: null }
  const m = n * MIXTURE + 1
  const half = (sdOf(values) / n) * Math.sqrt((2 * m * log(Math.sqrt(m) / (1 - level))) / MIXTURE)
  return { value, low: value - half, high: value + half }
}

/**
 * A share among independent runs that are looked at as often as anybody likes.
 *
 * Rule:   all p at which the chance of these hits, averaged over every share alike, is not more
 *         than 1 / (1 - level) times as great: B(hits + 1, misses + 1) (1 - level) is at most
 *         p^hits (1 - p)^misses. Exact at any n.
 * Source: H. Robbins, Annals of Mathematical Statistics 41, 1970.
 */
export function anytimeShare(hits: number, n: number, level = 0.95): Estimate {
  const { value } = shareOf(hits, n, level)
  if (value === null) return { value, low: null, high: null }
  const misses = n - hits
  const least = logGamma(hits + 1) + logGamma(misses + 1) - logGamma(n + 2) + log(1 - level)
  const part = (count: number, p: number) => (count === 0 ? 0 : count * log(p))
  const chance = (p: number) => part(hits, p) + part(misses, 1 - p) - least
  return {
    value,
    low: hits === 0 ? 0 : root((x) => chance(x * value), 0) * value,
    high: hits === n ? 1 : 1 - root((x) => chance(1 - x * (1 - value)), 0) * (1 - value),
  }
}

/** Below it the normal law says too little of skewed values. */
const ANYTIME_LEAST = 500
const MIXTURE = 0.0159
