import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { argsort } from './sort.ts'

// The plain answer: compare values, then positions.
function byComparison(values: Float64Array, direction: 'rising' | 'falling'): number[] {
  const sign = direction === 'rising' ? 1 : -1
  return Array.from(values, (_, i) => i).sort((i, j) => {
    const a = values[i]
    const b = values[j]
    return a === b ? i - j : a < b ? -sign : sign
  })
}

function repeat(values: readonly number[], times: number): Float64Array {
  return Float64Array.from({ length: values.length * times }, (_, i) => values[i % values.length])
}

it('default: gives the order of a column, rising and falling', () => {
  const values = Float64Array.of(3, 1, 2)
  expect([...argsort(values, 'rising')]).toEqual([1, 2, 0])
  expect([...argsort(values, 'falling')]).toEqual([0, 2, 1])
  expect([...values]).toEqual([3, 1, 2])
})

it('default: an empty column has an empty order', () => {
  expect(argsort(new Float64Array(0), 'rising')).toHaveLength(0)
})

it.each(['rising', 'falling'] as const)('behaviour: ties keep their order, %s', (direction) => {
  for (const times of [1, 300]) {
    const values = repeat([0, 5, -0, 5, Infinity, -Infinity, 5], times)
    expect([...argsort(values, direction)]).toEqual(byComparison(values, direction))
  }
})

it('behaviour: a long column of one value keeps its order', () => {
  expect([...argsort(new Float64Array(1000).fill(7), 'falling')].every((i, k) => i === k)).toBe(
    true,
  )
})

it('error: NaN stops the run', () => {
  expect(() => argsort(Float64Array.of(1, NaN), 'rising')).toThrow(AssertionError)
})

it('law: agrees with comparison on every kind of double', () => {
  const column = fc.oneof(
    fc.array(fc.double({ noNaN: true }), { maxLength: 40 }),
    fc.array(fc.double({ noNaN: true }), { minLength: 201, maxLength: 600 }),
    fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 201, maxLength: 600 }),
  )
  fc.assert(
    fc.property(column, fc.constantFrom('rising', 'falling'), (list, direction) => {
      const values = Float64Array.from(list)
      expect([...argsort(values, direction)]).toEqual(byComparison(values, direction))
    }),
    { seed: 1, numRuns: 200 },
  )
})
