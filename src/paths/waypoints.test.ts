import { describe, expect, it } from 'vitest'
import { courseOf } from './statistics.suite.ts'
import { type WaypointsSpec, waypoints } from './waypoints.ts'

const grid = { blocks: 6, blockSeconds: 10 }
const SPEC: WaypointsSpec = { atSeconds: [10, 30, 50], factor: [1, 0.25, 0.5], between: 'linear' }
const run = (change: Partial<WaypointsSpec>) => [
  ...courseOf(waypoints({ ...SPEC, ...change }, grid, 'here'), grid),
]

describe('waypoints', () => {
  it('default: straight in the value, in its logarithm, or held', () => {
    expect(run({ between: 'linear' })).toEqual([1, 1, 0.625, 0.25, 0.375, 0.5, 0.5])
    expect(run({ between: 'hold' })).toEqual([1, 1, 1, 0.25, 0.25, 0.5, 0.5])
    const inLog = run({ between: 'log' })
    expect(inLog[2]).toBeCloseTo(0.5, 15)
    expect(inLog[4]).toBeCloseTo(Math.sqrt(0.125), 15)
    expect([inLog[0], inLog[1], inLog[3], inLog[5], inLog[6]]).toEqual([1, 1, 0.25, 0.5, 0.5])
  })

  it('behaviour: the opening is the factor at second 0, which need not be 1', () => {
    expect(run({ factor: [0.9, 0.25, 0.5] })[0]).toBe(0.9)
    expect(run({ atSeconds: [-10, 30, 50] })[0]).toBe(0.8125)
    expect(run({ atSeconds: [-10, 30, 50], between: 'hold' })[0]).toBe(1)
  })

  it('behaviour: several points inside one block count too', () => {
    const atSeconds = [1, 2, 3]
    expect(run({ atSeconds })).toEqual([1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    expect(run({ atSeconds: [8, 9, 11] })[1]).toBe(0.375)
  })

  it('behaviour: one point is a constant', () => {
    expect(run({ atSeconds: [25], factor: [0.7] })).toEqual([0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7])
  })

  it('error: FB2421 for points that are not in order, FB2422 for a factor of 0', () => {
    expect(() => run({ atSeconds: [10, 30, 30] })).toThrow(
      /FB2421 here.atSeconds\[2\].*30 after 30/,
    )
    expect(() => run({ atSeconds: [10, 30, Infinity] })).toThrow(/FB2421 here.atSeconds\[2\]/)
    expect(() => run({ atSeconds: [10, 30] })).toThrow(/FB2421 here: .*got 2 times and 3 factors/)
    expect(() => run({ atSeconds: [], factor: [] })).toThrow(/FB2421/)
    for (const bad of [0, -1, Number.NaN, Infinity])
      expect(() => run({ factor: [1, bad, 1] })).toThrow(/FB2422 here.factor\[1\]/)
  })
})
