/** Sums that do not depend on the order of their terms, and one that keeps what rounding drops. */

import { assert } from '../errors.ts'
import { sumError } from './exact.ts'

/**
 * Rounds a column so that its values add up without any rounding, in every order and grouping.
 *
 * Rule:       with P the first power of two >= bound, y = (x + 3 P) - 3 P: every y is a multiple of
 *             2^-51 P, and so is every partial sum, which fits into a double.
 * Units:      `bound` is at least the sum of the sizes of everything that is ever added together.
 *             Declare it for the whole, never per chunk, or the chunks get other grids.
 * Shape:      `out` may be `values` itself.
 * Source:     J. Demmel, H. D. Nguyen, Fast reproducible floating-point summation, ARITH 21, 2013.
 * Simplifies: a value moves by at most bound 2^-51, so values far below the bound lose digits.
 * Throws:     AssertionError where the sizes add up to more than 2 P, the end of exactness.
 */
export function roundForSum(values: Float64Array, bound: number, out: Float64Array): void {
  assert(out.length >= values.length, 'roundForSum needs room for every value')
  const power = powerAbove(bound)
  let size = 0
  for (let i = 0; i < values.length; i++) {
    out[i] = values[i] + 3 * power - 3 * power
    size += Math.abs(out[i])
  }
  assert(size <= 2 * power, 'roundForSum met more than its bound')
}

/** The sum of the values as roundForSum would round them: the same bits in every order. */
export function exactSum(values: Float64Array, bound: number): number {
  const rounded = new Float64Array(values.length)
  roundForSum(values, bound, rounded)
  let sum = 0
  for (let i = 0; i < rounded.length; i++) sum += rounded[i]
  return sum
}

/**
 * The sum of finite values, nearly as if added in double width and rounded once.
 *
 * Rule:       what each addition drops is added up apart and put back at the end.
 * Source:     A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen,
 *             ZAMM 54, 1974.
 * Simplifies: relative error about 2^-53 plus n^2 2^-106 times sum(|x|) / |sum(x)|.
 */
export function compensatedSum(values: Float64Array): number {
  let sum = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const next = sum + values[i]
    lost += sumError(sum, values[i], next)
    sum = next
  }
  return sum + lost
}

function powerAbove(bound: number): number {
  assert(bound >= 0 && bound < BOUND_MAX, 'the bound of a sum must lie in [0, 1e300)')
  let power = 1
  while (power < bound) power *= 2
  while (power / 2 >= bound && power > 1 / BOUND_MAX) power /= 2
  return power
}

const BOUND_MAX = 1e300
