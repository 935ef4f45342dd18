import { describe, expect, it } from 'vitest'
import {
  decadeBelow,
  decadeTicks,
  decimalsOf,
  linear,
  logarithmic,
  niceStep,
  niceTicks,
} from './scale.ts'

describe('scales', () => {
  it('default: linear and logarithmic meet their ends', () => {
    const straight = linear([1000, 2000], [300, 0])
    expect([straight(1000), straight(1500), straight(2000)]).toEqual([300, 150, 0])
    const curved = logarithmic([1, 10000], [0, 100])
    expect(curved(1)).toBeCloseTo(0, 9)
    expect(curved(100)).toBeCloseTo(50, 9)
    expect(curved(10000)).toBeCloseTo(100, 9)
  })

  it('default: an empty domain lands in the middle', () => {
    expect(linear([5, 5], [0, 10])(5)).toBe(5)
  })

  it('default: ticks are multiples of 1, 2 or 5 inside the domain', () => {
    expect(niceTicks([1150, 2040], 5)).toEqual([1200, 1400, 1600, 1800, 2000])
    expect(niceTicks([0, 0.35], 4)).toEqual([0, 0.1, 0.2, 0.3])
    expect(niceStep(0, 5)).toBe(1)
    expect(decadeTicks([3, 2e6], 9)).toEqual([10, 100, 1000, 10_000, 100_000, 1_000_000])
    expect(decadeTicks([1, 1e6], 3)).toEqual([1, 1000, 1e6])
  })

  it('default: decimals tell the multiples of a step apart', () => {
    expect([200, 1, 0.5, 0.25, 0.001].map(decimalsOf)).toEqual([0, 0, 1, 2, 3])
  })

  it('behaviour: a power of ten is its own decade', () => {
    for (let power = -12; power < 20; power++) {
      const decade = Number(`1e${power}`)
      expect(decadeBelow(decade)).toBe(decade)
      expect(decadeBelow(decade * 9.99)).toBe(decade)
    }
  })
})
