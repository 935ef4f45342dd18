import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { randomAt } from './random.ts'
import { argsort } from './sort.ts'
import { compensatedSum, exactSum, roundForSum } from './sum.ts'

const random = randomAt(11, 0)
const amounts = Float64Array.from({ length: 5000 }, (_, i) => {
  return random.normal(i, 0) * (i % 7 === 0 ? 1e6 : 1)
})
const sizes = amounts.reduce((sum, x) => sum + Math.abs(x), 0)

function shuffled(values: Float64Array, stream: number): Float64Array {
  const keys = values.map((_, i) => random.uniform(i, stream))
  return Float64Array.from(argsort(keys, 'rising'), (i) => values[i])
}

function plainSum(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0)
}

it('default: sums are the known ones', () => {
  const values = Float64Array.of(0.5, 0.25, -1, 3)
  expect(exactSum(values, 10)).toBe(2.75)
  expect(compensatedSum(values)).toBe(2.75)
  expect([exactSum(new Float64Array(0), 0), compensatedSum(new Float64Array(0))]).toEqual([0, 0])
})

it('behaviour: compensation keeps what a plain sum loses', () => {
  const values = Float64Array.of(1, 1e100, 1, -1e100)
  expect(compensatedSum(values)).toBe(2)
  expect(plainSum(values)).toBe(0)
})

it('behaviour: rounding moves a value by at most bound 2^-51', () => {
  const rounded = new Float64Array(amounts.length)
  roundForSum(amounts, sizes, rounded)
  const step = (sizes / 1125899906842624) * 0.5
  expect(amounts.every((x, i) => Math.abs(x - rounded[i]) <= step)).toBe(true)
  roundForSum(rounded, sizes, rounded)
  expect(plainSum(rounded)).toBe(exactSum(amounts, sizes))
})

it('error: more than the bound, or no bound, stops the run', () => {
  expect(() => exactSum(Float64Array.of(3, 3), 2)).toThrow(AssertionError)
  expect(() => exactSum(Float64Array.of(1), NaN)).toThrow(AssertionError)
  expect(() => roundForSum(Float64Array.of(1, 1), 2, new Float64Array(1))).toThrow(AssertionError)
})

it('law: rounded columns have one sum, whatever the order and the chunks', () => {
  const rounded = new Float64Array(amounts.length)
  roundForSum(amounts, sizes, rounded)
  const sum = exactSum(amounts, sizes)
  for (let stream = 1; stream <= 50; stream++) {
    const other = shuffled(rounded, stream)
    expect(plainSum(other)).toBe(sum)
    const cut = 100 * stream
    expect(plainSum(other.subarray(cut)) + plainSum(other.subarray(0, cut))).toBe(sum)
  }
  const plain = new Set(Array.from({ length: 50 }, (_, k) => plainSum(shuffled(amounts, k + 1))))
  expect(plain.size).toBeGreaterThan(1)
  expect(Math.abs(sum - compensatedSum(amounts))).toBeLessThan(1e-11 * sizes)
})
