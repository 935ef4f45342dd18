import { expect, it } from 'vitest'
import { factorOf } from './course.ts'

it('default: the factor is the exponential of the level', () => {
  expect(factorOf(0, 'courses[0]')).toBe(1)
  expect(factorOf(-230, 'courses[0]') / 1.2949981925089835e-100).toBeCloseTo(1, 14)
})

it('error: FB2429 where a factor passes 10^100, or is no number', () => {
  for (const level of [231, -231, Number.NaN, Infinity])
    expect(() => factorOf(level, 'courses[0]')).toThrow(/FB2429 courses\[0\]/)
})
