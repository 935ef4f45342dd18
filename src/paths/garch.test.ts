import { describe, expect, it } from 'vitest'
import { type GarchSpec, garch } from './garch.ts'
import {
  autocorrelation,
  centralMoment,
  courseOf,
  errorsFrom,
  logReturns,
  overPaths,
} from './statistics.suite.ts'

const HOUR = 3600
const LONG_RUN = 1e-4
const SPEC: GarchSpec = {
  stepSeconds: HOUR,
  omega: 0.1 * LONG_RUN,
  alpha: 0.1,
  beta: 0.8,
  opening: LONG_RUN,
}
const hourly = (blocks: number) => ({ blocks, blockSeconds: HOUR })

describe('garch', () => {
  const grid = hourly(200_000)
  const returns = logReturns(courseOf(garch(SPEC, grid, 'here'), grid))
  const squares = returns.map((r) => r * r)

  // Squares are dependent, with autocorrelations 0.14, 0.126, ...: the variance of their mean is
  // that of independent ones times 1 + 2 (0.14 + 0.126 + ...) = 1 + 2 x 0.14 / (1 - 0.9).
  it('law: the long-run variance is omega / (1 - alpha - beta)', () => {
    const wider = Math.sqrt(1 + (2 * 0.14) / (1 - 0.9))
    expect(errorsFrom(squares, LONG_RUN) / wider).toBeLessThan(4)
  })

  // Bollerslev 1986: rho_1 = a (1 - a b - b^2) / (1 - 2 a b - b^2), then times a + b per lag.
  it('law: squares are autocorrelated as in Bollerslev, returns are not', () => {
    expect(Math.abs(autocorrelation(squares, 1) - 0.14)).toBeLessThan(0.02)
    expect(Math.abs(autocorrelation(squares, 5) - 0.14 * 0.9 ** 4)).toBeLessThan(0.02)
    expect(Math.abs(autocorrelation(returns, 1))).toBeLessThan(0.012)
  })

  // Kurtosis 3 (1 - (a + b)^2) / (1 - (a + b)^2 - 2 a^2) = 3.35.
  it('law: the tails are fatter than normal', () => {
    const kurtosis = centralMoment(returns, 4) / centralMoment(returns, 2) ** 2
    expect(kurtosis).toBeGreaterThan(3.2)
    expect(kurtosis).toBeLessThan(3.5)
  })

  it('law: a shock of variance fades with half-life log 2 / -log(alpha + beta)', () => {
    const beta = 0.5 ** 0.1 - 0.1
    const omega = LONG_RUN * (1 - 0.1 - beta)
    const spec = { kind: 'garch', ...SPEC, omega, beta, opening: 9 * LONG_RUN } as const
    for (const [step, times] of [
      [1, 9],
      [11, 5],
      [21, 3],
    ]) {
      const found = overPaths([spec], hourly(step), 20_000, (out) => {
        return Math.log(out[step] / out[step - 1]) ** 2
      })
      expect(errorsFrom(found, times * LONG_RUN), `step ${step}`).toBeLessThan(4)
    }
  })

  it('behaviour: inside a step the return is spread evenly', () => {
    const fine = { blocks: 50, blockSeconds: HOUR / 5 }
    const inside = logReturns(courseOf(garch(SPEC, fine, 'here'), fine))
    for (let b = 0; b < 50; b++) expect(inside[b]).toBeCloseTo(returns[Math.floor(b / 5)] / 5, 14)
  })

  it('behaviour: steps inside a block add up, and a cut step gives its share', () => {
    const coarse = { blocks: 10, blockSeconds: 3 * HOUR }
    const sums = logReturns(courseOf(garch(SPEC, coarse, 'here'), coarse))
    for (let b = 0; b < 10; b++) {
      const sum = returns[3 * b] + returns[3 * b + 1] + returns[3 * b + 2]
      expect(sums[b]).toBeCloseTo(sum, 14)
    }
    const skew = { blocks: 2, blockSeconds: 1.5 * HOUR }
    const cut = logReturns(courseOf(garch(SPEC, skew, 'here'), skew))
    expect(cut[0]).toBeCloseTo(returns[0] + returns[1] / 2, 14)
    expect(cut[1]).toBeCloseTo(returns[1] / 2 + returns[2], 14)
  })

  it('behaviour: alpha + beta may be 1 or more', () => {
    const spec = { ...SPEC, omega: 0, alpha: 0.1, beta: 0.9 }
    expect(courseOf(garch(spec, hourly(100), 'here'), hourly(100))[100]).toBeGreaterThan(0)
  })

  it('error: FB2426 for negative parameters, FB2425 for a step without length', () => {
    for (const name of ['omega', 'alpha', 'beta', 'opening'] as const)
      for (const bad of [-1e-9, Number.NaN])
        expect(() => garch({ ...SPEC, [name]: bad }, hourly(1), 'here')).toThrow(
          new RegExp(`FB2426 here.${name}`),
        )
    for (const stepSeconds of [0, -1, Number.NaN, Infinity, 1e-6])
      expect(() => garch({ ...SPEC, stepSeconds }, hourly(1), 'here')).toThrow(
        /FB2425 here.stepSeconds/,
      )
  })

  it('error: FB2429 where the variance explodes', () => {
    const course = garch({ ...SPEC, alpha: 3, beta: 3 }, hourly(1000), 'here')
    expect(() => courseOf(course, hourly(1000))).toThrow(/FB2429 here/)
  })
})
