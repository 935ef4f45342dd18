import { describe, expect, it } from 'vitest'
import { randomAt } from '../../src/math/random.ts'
import { leastSquares } from './leastSquares.suite.ts'

describe('leastSquares', () => {
  it('behaviour: gives the slope, error and R2 of five points worked by hand', () => {
    // Sxx = 10, Sxy = 6, Syy = 6; residuals .8, -.8, .6, -1, .4 less 0: slope .6, R2 .6.
    const fit = leastSquares([2, 4, 5, 4, 5], [[1, 2, 3, 4, 5]], 0)
    expect(fit.slope[0]).toBeCloseTo(0.6, 12)
    expect(fit.r2).toBeCloseTo(0.6, 12)
    // Residuals -.8, .6, 1, -.6, -.2 times -2..2: squares 2.56, .36, 0, .36, .16; sqrt(3.44) / 10.
    expect(fit.error[0]).toBeCloseTo(Math.sqrt(3.44) / 10, 12)
  })

  it('law: finds the slopes that made the data, within three errors', () => {
    const random = randomAt(7, 0)
    const a = Array.from({ length: 4000 }, (_, k) => random.normal(k, 0))
    const b = a.map((value, k) => 0.5 * value + 1000 * random.normal(k, 1))
    const y = a.map((value, k) => 3 + 2 * value - 0.001 * b[k] + random.normal(k, 2))
    const { slope, error } = leastSquares(y, [a, b], 5)
    expect(Math.abs(slope[0] - 2)).toBeLessThan(3 * error[0])
    expect(Math.abs(slope[1] + 0.001)).toBeLessThan(3 * error[1])
    expect(error[0]).toBeGreaterThan(0.01)
    expect(error[0]).toBeLessThan(0.03)
  })
})
