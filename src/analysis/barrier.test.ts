import { describe, expect, it } from 'vitest'
import { normalCdf } from '../math/normal.ts'
import { mean, overPaths, standardError } from '../paths/statistics.suite.ts'
import {
  expectedBadDebt,
  hitProbability,
  hitProbabilityDiscrete,
  latencyInsolvency,
} from './barrier.ts'

const DAY = 86_400
const MONTH = { opening: 100, barrier: 80, drift: 0, volatility: 0.8, seconds: 30 * DAY }
const WALK = { kind: 'gbm', drift: 0, volatility: 0.8 } as const

/** Share of paths that are at 80 of 100 or below after one of the looks. */
function hitShare(looks: number, paths: number): Float64Array {
  const grid = { blocks: looks, blockSeconds: (30 * DAY) / looks }
  return overPaths([WALK], grid, paths, (out) => (out.some((factor) => factor <= 0.8) ? 1 : 0))
}

describe('hitProbability', () => {
  // theory.md, target 26; digits past its own from 50-digit arithmetic.
  it('default: target 26', () => {
    expect(hitProbability(MONTH)).toBeCloseTo(0.3683585640762935, 13)
    expect(hitProbabilityDiscrete(MONTH, DAY)).toBeCloseTo(0.3162625879301859, 13)
    expect(hitProbabilityDiscrete(MONTH, DAY / 24)).toBeCloseTo(0.3573326651732288, 13)
  })

  // Target 26: 0.3190 and 0.3578 within 0.004 with 200,000 paths.
  it('behaviour: drawn paths seen once a day hit as often as target 26 says', () => {
    const share = mean(hitShare(30, 200_000))
    expect(Math.abs(share - 0.319)).toBeLessThan(0.004)
    expect(Math.abs(share - hitProbabilityDiscrete(MONTH, DAY))).toBeLessThan(0.005)
  })

  // Fewer paths keep the test short: 4 standard errors of 20,000 in place of 0.004.
  it('behaviour: drawn paths seen once an hour hit as often as target 26 says', () => {
    const hits = hitShare(720, 20_000)
    expect(Math.abs(mean(hits) - 0.3578)).toBeLessThan(4 * standardError(hits))
    expect(Math.abs(mean(hits) - hitProbabilityDiscrete(MONTH, DAY / 24))).toBeLessThan(
      4 * standardError(hits),
    )
  })

  it('law: with rising drift hits become rarer; without trend it is twice the end below', () => {
    const still = hitProbability({ ...MONTH, drift: 0.32 })
    expect(still).toBeCloseTo(2 * normalCdf(Math.log(0.8) / (0.8 * Math.sqrt(30 / 365))), 13)
    expect(hitProbability({ ...MONTH, drift: 5 })).toBeLessThan(still)
    expect(hitProbability({ ...MONTH, drift: -50 })).toBeGreaterThan(0.999)
  })

  it('behaviour: at the barrier or below it is 1', () => {
    expect(hitProbability({ ...MONTH, barrier: 100 })).toBe(1)
    expect(hitProbability({ ...MONTH, barrier: 120 })).toBe(1)
  })

  // Falling by 19 standard deviations towards a barrier 20 away: Phi(-1) and a product of
  // underflow and overflow. Either way of writing it must agree across the switch.
  it('behaviour: far out the product keeps its digits', () => {
    const volatility = 0.01
    const seconds = 365 * DAY
    const at = (away: number) =>
      hitProbability({
        opening: 1,
        barrier: Math.exp(-away * volatility),
        drift: -(away - 1) * volatility + (volatility * volatility) / 2,
        volatility,
        seconds,
      })
    const normalBelow = 0.15865525393145705
    const density = 0.24197072451914337
    for (const away of [15, 18.9, 19.1, 19.9, 20, 40]) {
      const y = 2 * away - 1
      const mills = (1 - 1 / y ** 2 + 3 / y ** 4 - 15 / y ** 6 + 105 / y ** 8) / y
      expect(at(away) / (normalBelow + density * mills)).toBeCloseTo(1, 8)
    }
  })
})

describe('expectedBadDebt', () => {
  const loan = {
    units: 10,
    opening: 100,
    debt: 750,
    bonus: 0.05,
    volatility: 0.8,
    seconds: 30 * DAY,
  }

  it('default: theory.md, target 27', () => {
    expect(expectedBadDebt(loan)).toBeCloseTo(14.84776, 5)
  })

  it('behaviour: drawn paths lose as much, within 4 standard errors', () => {
    const grid = { blocks: 1, blockSeconds: 30 * DAY }
    const lost = overPaths([WALK], grid, 200_000, (out) =>
      Math.max(0, 750 - (1000 * out[1]) / 1.05),
    )
    expect(Math.abs(mean(lost) - expectedBadDebt(loan))).toBeLessThan(4 * standardError(lost))
    const under = lost.map((x) => (x > 0 ? 1 : 0))
    expect(Math.abs(mean(under) - 0.176985)).toBeLessThan(4 * standardError(under))
  })

  it('law: it rises with debt and volatility, and is the shortfall when nothing moves', () => {
    expect(expectedBadDebt({ ...loan, debt: 760 })).toBeGreaterThan(expectedBadDebt(loan))
    expect(expectedBadDebt({ ...loan, volatility: 1 })).toBeGreaterThan(expectedBadDebt(loan))
    const sunk = { ...loan, debt: 2000, volatility: 0.01, seconds: 1 }
    expect(expectedBadDebt(sunk)).toBeCloseTo(2000 - 1000 / 1.05, 9)
  })
})

describe('latencyInsolvency', () => {
  const loan = { threshold: 0.825, bonus: 0.05, volatility: 0.8, seconds: DAY }

  // theory.md, target 28 prints 3.2724e-4 and 3.8e-12; these are the same to 13 digits, from
  // 50-digit arithmetic. The second is 1.01 % below its two printed digits.
  it('default: target 28', () => {
    const day = latencyInsolvency(loan)
    const hours = latencyInsolvency({ ...loan, seconds: DAY / 4 })
    expect(day / 3.272411902402e-4).toBeCloseTo(1, 10)
    expect(hours / 3.761677757362e-12).toBeCloseTo(1, 10)
    expect([day.toExponential(4), hours.toExponential(1)]).toEqual(['3.2724e-4', '3.8e-12'])
  })

  // At the threshold collateral is debt / threshold; it pays debt and bonus above 1 + bonus of it.
  it('behaviour: drawn paths end insolvent as often, within 4 standard errors', () => {
    for (const days of [1, 7]) {
      const grid = { blocks: 1, blockSeconds: days * DAY }
      const lost = overPaths([WALK], grid, 200_000, (out) => (out[1] < 0.825 * 1.05 ? 1 : 0))
      const chance = latencyInsolvency({ ...loan, seconds: days * DAY })
      const error = Math.sqrt((chance * (1 - chance)) / lost.length)
      expect(Math.abs(mean(lost) - chance)).toBeLessThan(4 * error)
    }
  })
})
