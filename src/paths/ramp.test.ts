import { describe, expect, it } from 'vitest'
import { ramp } from './ramp.ts'
import { courseOf } from './statistics.suite.ts'

const grid = { blocks: 6, blockSeconds: 10 }
const run = (drop: number, fromSeconds: number, toSeconds: number) => [
  ...courseOf(ramp({ drop, fromSeconds, toSeconds }, grid, 'here'), grid),
]

describe('ramp', () => {
  it('default: straight in the value between the two times', () => {
    expect(run(0.5, 10, 50)).toEqual([1, 1, 0.875, 0.75, 0.625, 0.5, 0.5])
    expect(run(-1, 0, 40)).toEqual([1, 1.25, 1.5, 1.75, 2, 2, 2])
  })

  it('behaviour: the ends may lie inside blocks', () => {
    expect(run(0.5, 15, 35)).toEqual([1, 1, 0.875, 0.625, 0.5, 0.5, 0.5])
  })

  it('error: FB2422 for a drop to 0, FB2423 for times that do not follow', () => {
    expect(() => run(1, 0, 10)).toThrow(/FB2422 here.drop/)
    expect(() => run(0.1, -1, 10)).toThrow(/FB2423 here.fromSeconds/)
    expect(() => run(0.1, 0, Infinity)).toThrow(/FB2423 here.toSeconds/)
    expect(() => run(0.1, 10, 10)).toThrow(/FB2423 here: .*got 10 to 10/)
  })
})
