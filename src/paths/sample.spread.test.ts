import { describe, expect, it } from 'vitest'
import { plainTime } from '../blocks.suite.ts'
import type { TimeSpec } from '../scenario.ts'
import { pathSampler, pathsFor } from './sample.ts'

const time: TimeSpec = {
  ...plainTime,
  blocks: 4,
  prices: [{ asset: 1, courses: [{ kind: 'step', drop: 0.2, atSeconds: 1 }] }],
  sample: { depth: 0.25, drop: 0.2, books: false },
}

/** Depth and drop of many paths. */
function drawn(spec: TimeSpec, count: number): [number, number][] {
  const sampler = pathSampler(spec, 2)
  const paths = pathsFor(spec, 2)
  return Array.from({ length: count }, (_, path) => {
    sampler.sample(7, path, paths)
    return [paths.depth[2], 1 - paths.price[2 * 2 + 1]]
  })
}

const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length

describe('sample', () => {
  it('law: over many paths depth and drop are on average what the scenario says', () => {
    const pairs = drawn(time, 20_000)
    expect(mean(pairs.map(([depth]) => depth))).toBeCloseTo(1, 2)
    expect(mean(pairs.map(([, drop]) => drop))).toBeCloseTo(0.2, 2)
    const logs = pairs.map(([depth]) => Math.log(depth))
    const sd = Math.sqrt(mean(logs.map((one) => (one - mean(logs)) ** 2)))
    expect(sd).toBeCloseTo(0.25, 2)
  })

  it('law: the same path is the same, and the opening is the opening', () => {
    expect(drawn(time, 3)).toEqual(drawn(time, 3))
    const paths = pathsFor(time, 2)
    pathSampler(time, 2).sample(7, 0, paths)
    expect([paths.depth[0], paths.price[1]]).toEqual([1, 1])
  })

  it('default: without a sample nothing differs', () => {
    expect(new Set(drawn({ ...time, sample: null }, 5).map(String)).size).toBe(1)
  })
})
