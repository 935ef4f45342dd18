import { describe, expect, it } from 'vitest'
import { courseOf } from './statistics.suite.ts'
import { step } from './step.ts'

const grid = { blocks: 4, blockSeconds: 12 }
const run = (drop: number, atSeconds: number) => [
  ...courseOf(step({ drop, atSeconds }, grid, 'here'), grid),
]

describe('step', () => {
  it('default: the drop is there from its second on', () => {
    expect(run(0.25, 24)).toEqual([1, 1, 0.75, 0.75, 0.75])
    expect(run(0.25, 13)).toEqual([1, 1, 0.75, 0.75, 0.75])
    expect(run(0.25, 49)).toEqual([1, 1, 1, 1, 1])
  })

  it('behaviour: the opening stays 1, so a drop at 0 is in the first block', () => {
    expect(run(0.25, 0)).toEqual([1, 0.75, 0.75, 0.75, 0.75])
  })

  it('behaviour: a negative drop is a rise', () => {
    expect(run(-9, 36)).toEqual([1, 1, 1, 10, 10])
  })

  it('error: FB2422 for a drop to 0, FB2423 for a time before the opening', () => {
    for (const drop of [1, 1.5, Number.NaN, -Infinity])
      expect(() => run(drop, 0)).toThrow(/FB2422 here.drop/)
    for (const at of [-1, Number.NaN, Infinity])
      expect(() => run(0.1, at)).toThrow(/FB2423 here.atSeconds/)
  })
})
