import { describe, expect, it } from 'vitest'
import { HALTON_DIMENSIONS, halton } from './halton.ts'

describe('halton', () => {
  it('default: digits turned around behind the point', () => {
    expect([1, 2, 3, 4, 5].map((n) => halton(n, 0))).toEqual([0.5, 0.25, 0.75, 0.125, 0.625])
    expect([1, 2, 3].map((n) => halton(n, 1))).toEqual([1 / 3, 2 / 3, expect.closeTo(1 / 9, 15)])
  })

  it('law: every coordinate fills [0, 1) evenly', () => {
    for (let d = 0; d < HALTON_DIMENSIONS; d++) {
      const points = Array.from({ length: 2000 }, (_, n) => halton(n + 1, d)).sort((a, b) => a - b)
      points.forEach((point, k) => {
        expect(Math.abs(point - (k + 0.5) / points.length)).toBeLessThan(0.02)
      })
    }
  })
})
