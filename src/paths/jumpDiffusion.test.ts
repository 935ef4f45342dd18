import { describe, expect, it } from 'vitest'
import { gbm } from './gbm.ts'
import { type JumpDiffusionSpec, jumpDiffusion } from './jumpDiffusion.ts'
import {
  centralMoment,
  courseOf,
  errorsFrom,
  logReturns,
  mean,
  overPaths,
  standardError,
} from './statistics.suite.ts'

const SPEC: JumpDiffusionSpec = {
  drift: 0.1,
  volatility: 0.5,
  jumpsPerYear: 40,
  jumpMean: -0.05,
  jumpDeviation: 0.1,
}
const T = 10 / 365
const DAY = 86_400

// Cumulants of a compound Poisson sum: rate x E(jump^n), the jump normal(m, d).
const MEAN = (0.1 - 0.125 + 40 * -0.05) * T
const VARIANCE = (0.25 + 40 * (0.05 ** 2 + 0.1 ** 2)) * T
const CUMULANT4 = 40 * T * (0.05 ** 4 + 6 * 0.05 ** 2 * 0.1 ** 2 + 3 * 0.1 ** 4)

describe('jumpDiffusion', () => {
  const grid = { blocks: 10, blockSeconds: DAY }
  const ends = overPaths([{ kind: 'jumpDiffusion', ...SPEC }], grid, 40_000, (out) => out[10])
  const logs = ends.map(Math.log)

  it('law: mean and variance of the log return are those of Merton', () => {
    expect(errorsFrom(logs, MEAN)).toBeLessThan(4)
    const squares = logs.map((x) => (x - MEAN) ** 2)
    expect(errorsFrom(squares, VARIANCE)).toBeLessThan(4)
  })

  it('law: the fourth moment, so the kurtosis, is that of Merton', () => {
    const fourths = logs.map((x) => (x - MEAN) ** 4)
    expect(errorsFrom(fourths, CUMULANT4 + 3 * VARIANCE ** 2)).toBeLessThan(4)
    const excess = CUMULANT4 / VARIANCE ** 2
    expect(excess).toBeGreaterThan(0.5)
    const found = centralMoment(logs, 4) / centralMoment(logs, 2) ** 2 - 3
    expect(Math.abs(found - excess)).toBeLessThan((4 * standardError(fourths)) / VARIANCE ** 2)
  })

  it('law: the compensator is not subtracted', () => {
    const growth = 0.1 + 40 * (Math.exp(-0.05 + 0.005) - 1)
    expect(errorsFrom(ends, Math.exp(growth * T))).toBeLessThan(4)
    expect(errorsFrom(ends, Math.exp(0.1 * T))).toBeGreaterThan(20)
  })

  it('law: the number of jumps is Poisson, for small and large means', () => {
    for (const perBlock of [0.01, 1, 80]) {
      const long = { blocks: 20_000, blockSeconds: DAY }
      const spec = { drift: 0, volatility: 0, jumpsPerYear: perBlock * 365, jumpDeviation: 0 }
      // A jump up by 1e-4 and a drift that keeps the level within bounds.
      const jumps = { ...spec, jumpMean: 1e-4, drift: -perBlock * 365 * 1e-4 }
      const returns = logReturns(courseOf(jumpDiffusion(jumps, long, 'here'), long))
      const counts = returns.map((x) => x / 1e-4 + perBlock)
      counts.forEach((n) => {
        expect(n).toBeCloseTo(Math.round(n), 6)
      })
      expect(errorsFrom(counts, perBlock)).toBeLessThan(4)
      expect(
        errorsFrom(
          counts.map((n) => (n - perBlock) ** 2),
          perBlock,
        ),
      ).toBeLessThan(4)
      const none = counts.map((n) => (Math.abs(n) < 0.5 ? 1 : 0))
      const chance = Math.exp(-perBlock)
      const error = Math.sqrt((chance * (1 - chance)) / counts.length)
      expect(Math.abs(mean(none) - chance)).toBeLessThanOrEqual(4 * error)
    }
  })

  it('behaviour: without jumps it is geometric Brownian motion, number for number', () => {
    const plain = { drift: 0.1, volatility: 0.5 }
    const still = jumpDiffusion({ ...SPEC, jumpsPerYear: 0 }, grid, 'here')
    expect(courseOf(still, grid, 3)).toEqual(courseOf(gbm(plain, grid, 'here'), grid, 3))
  })

  it('error: FB2424 for parameters out of range', () => {
    const bad: Partial<JumpDiffusionSpec>[] = [
      { volatility: -1 },
      { drift: Number.NaN },
      { jumpsPerYear: -1 },
      { jumpMean: Infinity },
      { jumpDeviation: -0.1 },
      { jumpsPerYear: 101 * 365 },
    ]
    for (const change of bad) {
      const place = Object.keys(change)[0]
      expect(() => jumpDiffusion({ ...SPEC, ...change }, grid, 'here')).toThrow(
        new RegExp(`FB2424 here.${place}`),
      )
    }
  })
})
