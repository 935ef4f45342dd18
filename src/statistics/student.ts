/** Student's t distribution: how far a mean of few values may be off. */

import { assert } from '../errors.ts'
import { exp, log } from '../math/exponential.ts'
import { normalQuantile } from '../math/normal.ts'

/**
 * The t below which Student's distribution of `df` degrees of freedom falls with probability u.
 *
 * Rule:   halving on the distribution, by the incomplete beta function; beyond 10^7 degrees of
 *         freedom the normal.
 * Source: W. H. Press and others, Numerical Recipes, 3rd edition, 2007, section 6.4 (continued
 *         fraction of the incomplete beta function)
 */
export function studentQuantile(u: number, df: number): number {
  assert(u > 0 && u < 1 && df >= 1, 'a quantile of Student needs u in (0, 1) and df of 1 or more')
  if (df > 1e7) return normalQuantile(u)
  if (u < 0.5) return -studentQuantile(1 - u, df)
  let low = 0
  let high = 1
  while (studentCdf(high, df) < u) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, df) < u) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Probability that Student's t of `df` degrees of freedom is at most t. */
export function studentCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
  return t >= 0 ? 1 - tail : tail
}

/**
 * The regularised incomplete beta function I_x(a, b).
 *
 * Source: as above; the logarithm of the gamma function after C. Lanczos, 1964.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x))
  const isNear = x < (a + 1) / (a + b + 2)
  return isNear ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

/** The continued fraction, by Lentz's method. */
function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = away(1 - ((a + b) * x) / (a + 1))
  d = 1 / d
  let value = d
  for (let m = 1; m < TERMS_MOST; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return value
}

function away(x: number): number {
  return Math.abs(x) < 1e-300 ? 1e-300 : x
}

/** The logarithm of the gamma function, of x above 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return logGamma(x + 1) - log(x)
  let sum = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x - 1 + i)
  const t = x - 1 + 7.5
  return 0.9189385332046728 + (x - 0.5) * log(t) - t + log(sum)
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

const TERMS_MOST = 100_000
