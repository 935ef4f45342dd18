import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { isotonicFit } from './isotonic.ts'

const ones = (n: number) => new Float64Array(n).fill(1)

it('default: pools what runs the wrong way', () => {
  expect([...isotonicFit(Float64Array.of(1, 3, 2, 4), ones(4), 'rising')]).toEqual([1, 2.5, 2.5, 4])
  expect([...isotonicFit(Float64Array.of(1, 3, 2, 4), ones(4), 'falling')]).toEqual([
    2.5, 2.5, 2.5, 2.5,
  ])
})

it('behaviour: weights pull the mean', () => {
  const fit = isotonicFit(Float64Array.of(4, 1), Float64Array.of(1, 2), 'rising')
  expect([...fit]).toEqual([2, 2])
})

it('behaviour: a monotone column stays as it is, an empty one too', () => {
  expect([...isotonicFit(Float64Array.of(3, 2, 2, -1), ones(4), 'falling')]).toEqual([3, 2, 2, -1])
  expect(isotonicFit(new Float64Array(0), new Float64Array(0), 'rising')).toHaveLength(0)
})

it('error: weights must fit and be above 0', () => {
  expect(() => isotonicFit(ones(2), ones(1), 'rising')).toThrow(AssertionError)
  expect(() => isotonicFit(ones(1), Float64Array.of(0), 'rising')).toThrow(AssertionError)
})

it('law: equals the min-max formula, the independent definition of the fit', () => {
  const column = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 5 })))
  fc.assert(
    fc.property(column, (pairs) => {
      const values = Float64Array.from(pairs, ([value]) => value)
      const weights = Float64Array.from(pairs, ([, weight]) => weight)
      const fit = isotonicFit(values, weights, 'rising')
      fit.forEach((got, i) => {
        expect(got).toBeCloseTo(minMax(values, weights, i), 12)
        if (i > 0) expect(got).toBeGreaterThanOrEqual(fit[i - 1])
      })
    }),
    { seed: 6, numRuns: 60 },
  )
})

// max over starts at or before i of min over ends at or after i of the weighted mean between.
function minMax(values: Float64Array, weights: Float64Array, i: number): number {
  let best = -Infinity
  for (let start = 0; start <= i; start++) {
    let least = Infinity
    let sum = 0
    let weight = 0
    for (let end = start; end < values.length; end++) {
      sum += values[end] * weights[end]
      weight += weights[end]
      if (end >= i) least = Math.min(least, sum / weight)
    }
    best = Math.max(best, least)
  }
  return best
}
