/** The monotone column nearest to a given one. */

import { assert } from '../errors.ts'

/**
 * Returns the rising (or falling) column with the least weighted sum of squared differences.
 *
 * Rule:   pool adjacent violators: neighbours in the wrong order become one block at their weighted
 *         mean, until none are left; linear time.
 * Shape:  one result and one weight (> 0) per value.
 * Source: M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid, E. Silverman, An empirical distribution
 *         function for sampling with incomplete information, Ann. Math. Statist. 26, 1955.
 * Throws: AssertionError where lengths differ or a weight is not above 0.
 */
export function isotonicFit(
  values: Float64Array,
  weights: Float64Array,
  direction: 'rising' | 'falling',
): Float64Array {
  assert(values.length === weights.length, 'isotonicFit needs one weight per value')
  const sign = direction === 'rising' ? 1 : -1
  const end = new Uint32Array(values.length)
  const mean = new Float64Array(values.length)
  const weight = new Float64Array(values.length)
  let blocks = 0
  for (let i = 0; i < values.length; i++) {
    assert(weights[i] > 0, 'isotonicFit needs weights above 0')
    mean[blocks] = values[i]
    weight[blocks] = weights[i]
    end[blocks++] = i + 1
    while (blocks > 1 && sign * mean[blocks - 2] > sign * mean[blocks - 1]) {
      const [a, b] = [blocks - 2, blocks - 1]
      const sum = weight[a] + weight[b]
      mean[a] += (mean[b] - mean[a]) * (weight[b] / sum)
      weight[a] = sum
      end[a] = end[b]
      blocks--
    }
  }
  const fit = new Float64Array(values.length)
  for (let k = 0; k < blocks; k++) fit.fill(mean[k], k === 0 ? 0 : end[k - 1], end[k])
  return fit
}
