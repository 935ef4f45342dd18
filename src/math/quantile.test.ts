import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { quantile, quantileRanks } from './quantile.ts'
import { randomAt } from './random.ts'

it('default: interpolates between order statistics', () => {
  const sorted = Float64Array.of(1, 2, 4, 8)
  expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantile(sorted, p))).toEqual([1, 1.75, 3, 5, 8])
  expect(quantile(Float64Array.of(5), 0.3)).toBe(5)
})

it('behaviour: infinite neighbours stay what they are', () => {
  expect(quantile(Float64Array.of(1, Infinity, Infinity), 0.75)).toBe(Infinity)
  expect(quantile(Float64Array.of(1, 2, Infinity), 0.5)).toBe(2)
})

it.each([
  [100, 0.95, 90, 100, 0.982607],
  [200, 0.95, 184, 197, 0.967152],
  [1000, 0.95, 936, 964, 0.958095],
  [1000, 0.975, 965, 985, 0.957892],
  [1000, 0.99, 983, 997, 0.976095],
  [10000, 0.95, 9457, 9543, 0.951528],
  [10000, 0.99, 9880, 9920, 0.955755],
])('default: ranks of n = %d, p = %d are %d and %d', (n, p, lower, upper, coverage) => {
  const ranks = quantileRanks(n, p, 0.95)
  expect([ranks.lower, ranks.upper]).toEqual([lower, upper])
  expect(ranks.coverage).toBeCloseTo(coverage, 6)
})

it.each([
  [0.95, 72],
  [0.975, 146],
  [0.99, 368],
])('behaviour: the %d quantile has an upper end from n = %d on', (p, n) => {
  expect(quantileRanks(n - 1, p, 0.95).upper).toBeNull()
  expect(quantileRanks(n, p, 0.95).upper).toBe(n)
  expect(quantileRanks(n - 1, 1 - p, 0.95).lower).toBeNull()
  expect(quantileRanks(n, 1 - p, 0.95).lower).toBe(1)
})

it('error: empty columns and impossible probabilities stop the run', () => {
  expect(() => quantile(new Float64Array(0), 0.5)).toThrow(AssertionError)
  expect(() => quantile(Float64Array.of(1), 1.5)).toThrow(AssertionError)
  expect(() => quantileRanks(0, 0.5, 0.95)).toThrow(AssertionError)
  expect(() => quantileRanks(10, 1, 0.95)).toThrow(AssertionError)
  expect(() => quantileRanks(10, 0.5, 1)).toThrow(AssertionError)
})

it('law: the interval holds the true quantile as often as its coverage says', () => {
  const [n, p, samples] = [100, 0.9, 2000]
  const { lower, upper, coverage } = quantileRanks(n, p, 0.95)
  let held = 0
  for (let path = 0; path < samples; path++) {
    const random = randomAt(5, path)
    const sorted = Float64Array.from({ length: n }, (_, i) => random.uniform(i, 0)).sort()
    if (sorted[lower! - 1] <= p && p <= sorted[upper! - 1]) held++
  }
  expect(Math.abs(held / samples - coverage)).toBeLessThan(0.015)
})
