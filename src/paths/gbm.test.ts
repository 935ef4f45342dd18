import { describe, expect, it } from 'vitest'
import { normalCdf } from '../math/normal.ts'
import { gbm } from './gbm.ts'
import { centralMoment, courseOf, errorsFrom, logReturns, overPaths } from './statistics.suite.ts'

const DAY = 86_400
const MONTH = 30 / 365

describe('gbm', () => {
  const grid = { blocks: 30, blockSeconds: DAY }
  const spec = { kind: 'gbm', drift: 0.3, volatility: 0.8 } as const
  const ends = overPaths([spec], grid, 20_000, (out) => out[30])
  const logs = ends.map(Math.log)

  it('law: the mean factor is e^(drift t), the log return has mean (drift - v^2 / 2) t', () => {
    expect(errorsFrom(ends, Math.exp(0.3 * MONTH))).toBeLessThan(4)
    expect(errorsFrom(logs, (0.3 - 0.32) * MONTH)).toBeLessThan(4)
  })

  it('law: the log return has variance v^2 t, within 4 standard errors', () => {
    const ratio = centralMoment(logs, 2) / (0.64 * MONTH)
    expect(Math.abs(ratio - 1)).toBeLessThan(4 * Math.sqrt(2 / logs.length))
  })

  // Kolmogorov: sqrt(n) times the largest distance passes 1.95 with probability 0.001.
  it('law: the factor is log-normal', () => {
    const z = logs.map((x) => (x + 0.02 * MONTH) / (0.8 * Math.sqrt(MONTH))).sort()
    const n = z.length
    let distance = 0
    z.forEach((x, i) => {
      const below = normalCdf(x)
      distance = Math.max(distance, Math.abs(below - i / n), Math.abs(below - (i + 1) / n))
    })
    expect(distance * Math.sqrt(n)).toBeLessThan(1.95)
  })

  it('law: returns of different blocks are uncorrelated and alike', () => {
    const long = { blocks: 20_000, blockSeconds: 12 }
    const returns = logReturns(courseOf(gbm(spec, long, 'here'), long))
    const lagged = returns.subarray(1).map((x, i) => x * returns[i])
    expect(errorsFrom(lagged, 0)).toBeLessThan(4)
  })

  it('behaviour: without volatility only the drift is left', () => {
    const out = courseOf(gbm({ drift: 0.365, volatility: 0 }, grid, 'here'), grid)
    out.forEach((factor, day) => {
      expect(factor).toBeCloseTo(Math.exp(0.001 * day), 13)
    })
  })

  it('error: FB2424 for a negative volatility, FB2429 for a course out of range', () => {
    for (const volatility of [-0.1, Number.NaN, Infinity])
      expect(() => gbm({ drift: 0, volatility }, grid, 'here')).toThrow(/FB2424 here.volatility/)
    expect(() => gbm({ drift: Infinity, volatility: 0 }, grid, 'here')).toThrow(/FB2424 here.drift/)
    expect(() => courseOf(gbm({ drift: 1e5, volatility: 0 }, grid, 'here'), grid)).toThrow(
      /FB2429 here/,
    )
  })
})
