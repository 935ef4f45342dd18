import { describe, expect, it } from 'vitest'
import { log } from '../math/exponential.ts'
import { normalCdf } from '../math/normal.ts'
import type { TimeSpec } from '../scenario.ts'
import { pathSampler, pathsFor } from './sample.ts'
import type { Sampling } from './sampling.ts'

const BLOCKS = 40
const volatility = 0.8
const gbm = { kind: 'gbm', drift: 0, volatility } as const
const time = (sampling: Sampling | null, correlation: number[][] | null = null) =>
  ({
    ...{ blocks: BLOCKS, chain: { blockSeconds: 3600 }, gas: [gbm], depth: [], correlation },
    ...{ prices: [0, 1].map((asset) => ({ asset, courses: [gbm] })), sampling },
  }) as unknown as TimeSpec

/** The standard normal that a path of the first price ends with, and that of the second. */
function ends(sampling: Sampling | null, path: number, correlation: number[][] | null = null) {
  const spec = time(sampling, correlation)
  const paths = pathsFor(spec, 2)
  pathSampler(spec, 2).sample(5, path, paths)
  const years = (BLOCKS * 3600) / (365 * 24 * 3600)
  const spread = volatility * Math.sqrt(years)
  const of = (asset: number) =>
    (log(paths.price[2 * BLOCKS + asset]) + (spread * spread) / 2) / spread
  return [of(0), of(1)]
}

const stratified: Sampling = { kind: 'stratified', batch: 16 }
const quasi: Sampling = { kind: 'quasi', batch: 32 }

describe('sampling', () => {
  it('law: a path of a mirrored pair is the other with its normals turned', () => {
    const sampling: Sampling = { kind: 'antithetic', batch: 2 }
    for (const pair of [0, 7]) {
      const [one, other] = [ends(sampling, 2 * pair), ends(sampling, 2 * pair + 1)]
      expect(one[0] + other[0]).toBeCloseTo(0, 9)
      expect(one[1] + other[1]).toBeCloseTo(0, 9)
      expect(one).toEqual(ends(null, pair))
    }
  })

  it('law: each stratum of a batch has one path, and the second price stays as it was', () => {
    for (const batch of [0, 3]) {
      const all = Array.from({ length: 16 }, (_, k) => ends(stratified, 16 * batch + k))
      const strata = all.map(([z]) => Math.floor(16 * normalCdf(z))).sort((a, b) => a - b)
      expect(strata).toEqual(Array.from({ length: 16 }, (_, k) => k))
      all.forEach(([, z], k) => {
        expect(z).toBe(ends(null, 16 * batch + k)[1])
      })
    }
  })

  it('law: evenly spread, both prices fill each half, quarter and third of a batch', () => {
    const all = Array.from({ length: 36 }, (_, k) => ends({ kind: 'quasi', batch: 36 }, k))
    for (const [d, parts] of [
      [0, 2],
      [0, 4],
      [1, 3],
    ]) {
      const counts = new Array<number>(parts).fill(0)
      for (const at of all) counts[Math.floor(parts * normalCdf(at[d]))]++
      for (const count of counts) expect(Math.abs(count - 36 / parts)).toBeLessThanOrEqual(2)
    }
  })

  it('law: every way keeps the distribution of a path: its ends, and a point on the way', () => {
    for (const sampling of [stratified, quasi, { kind: 'antithetic', batch: 2 } as const]) {
      const n = 2048
      const zs = Array.from({ length: n }, (_, k) => ends(sampling, k))
      for (const d of [0, 1]) {
        const mean = zs.reduce((sum, z) => sum + z[d], 0) / n
        const variance = zs.reduce((sum, z) => sum + z[d] * z[d], 0) / n
        expect(Math.abs(mean)).toBeLessThan(0.07)
        expect(Math.abs(variance - 1)).toBeLessThan(0.12)
      }
    }
  })

  it('law: an option on the end costs a fraction of the variance', () => {
    const price = (z: number) => Math.max(0, -z - 1)
    const spreadOf = (sampling: Sampling | null) => {
      const means = Array.from({ length: 40 }, (_, batch) => {
        let sum = 0
        for (let k = 0; k < 32; k++) sum += price(ends(sampling, 32 * batch + k)[0])
        return sum / 32
      })
      const mean = means.reduce((a, b) => a + b, 0) / 40
      return means.reduce((sum, m) => sum + (m - mean) * (m - mean), 0)
    }
    const plain = spreadOf(null)
    expect(spreadOf({ kind: 'stratified', batch: 32 })).toBeLessThan(plain / 10)
    expect(spreadOf(quasi)).toBeLessThan(plain / 4)
  })

  it('behaviour: correlated prices stay correlated', () => {
    const correlation = [
      [1, 0.9],
      [0.9, 1],
    ]
    const zs = Array.from({ length: 512 }, (_, k) => ends(quasi, k, correlation))
    const both = zs.reduce((sum, [a, b]) => sum + a * b, 0) / 512
    expect(both).toBeGreaterThan(0.8)
  })
})
