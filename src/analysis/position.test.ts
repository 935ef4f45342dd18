import { describe, expect, it } from 'vitest'
import {
  healthFactorFor,
  jumpFrontier,
  jumpLoss,
  liquidationPrice,
  repayToTarget,
  stepsMax,
  targetStepsMax,
  toxicLtv,
  toxicSpiral,
} from './position.ts'

describe('liquidationPrice', () => {
  it('default: 10 units against 14400 at a threshold of 0.8 fall at 1800', () => {
    expect(liquidationPrice(10, 14400, 0.8)).toBeCloseTo(1800, 9)
  })

  it('behaviour: no debt never, no collateral always', () => {
    expect(liquidationPrice(0, 0, 0.8)).toBe(0)
    expect(liquidationPrice(0, 1, 0.8)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('repayToTarget', () => {
  it('default: 1000 against 850 at 0.825 and 5 %', () => {
    expect(repayToTarget(1000, 850, 0.825, 0.05, 1)).toBeCloseTo(186.915888, 6)
    expect(repayToTarget(1000, 850, 0.825, 0.05, 1.05)).toBeCloseTo(367.346939, 6)
  })

  it('law: the repayment restores the target exactly', () => {
    const repaid = repayToTarget(1000, 850, 0.825, 0.05, 1.05)
    const healthFactor = (0.825 * (1000 - 1.05 * repaid)) / (850 - repaid)
    expect(healthFactor).toBeCloseTo(1.05, 12)
  })

  it('behaviour: nothing for a healthy position, everything for an unreachable target', () => {
    expect(repayToTarget(1000, 700, 0.825, 0.05, 1.05)).toBe(0)
    expect(repayToTarget(1000, 990, 0.99, 0.05, 1.03)).toBe(990)
  })
})

describe('toxicSpiral', () => {
  const paths: readonly [number, number[], number][] = [
    [90, [0.9, 0.853081, 0.772532, 0.649819], 0],
    [96, [0.96, 0.967742, 0.983607, 1.016949, 1.090909], 0.761905],
    [97, [0.97, 0.988283, 1.026998, 1.114302, 1.342561], 1.761905],
  ]
  it.each(paths)('default: debt %d against 100 at 5 %% and half', (debt, path, badDebt) => {
    const spiral = toxicSpiral(100, debt, 0.05, 0.5, path.length - 1)
    expect(spiral.ltv).toHaveLength(path.length)
    path.forEach((ltv, n) => {
      expect(spiral.ltv[n]).toBeCloseTo(ltv, 6)
    })
    expect(spiral.badDebt).toBeCloseTo(badDebt, 6)
  })

  it('default: 95 against 100 at 10 % ends in 5 steps with bad debt', () => {
    const spiral = toxicSpiral(100, 95, 0.1, 0.5, 64)
    expect(spiral).toMatchObject({ exhausted: true, badDebt: expect.closeTo(4.0909090909, 9) })
    expect(spiral.ltv).toHaveLength(5)
  })

  it('behaviour: a step raises loan-to-value exactly above 1 / (1 + bonus)', () => {
    expect(toxicLtv(0.05)).toBeCloseTo(0.952380952, 9)
    const stepped = (ltv: number) => toxicSpiral(1, ltv, 0.05, 0.001, 1).ltv[1]
    expect(stepped(toxicLtv(0.05) * 1.0001)).toBeGreaterThan(toxicLtv(0.05) * 1.0001)
    expect(stepped(toxicLtv(0.05) * 0.9999)).toBeLessThan(toxicLtv(0.05) * 0.9999)
  })
})

describe('jumpFrontier', () => {
  it('default: threshold 0.95, bonus 1 %, a loss from 7.42 %', () => {
    const healthFactor = healthFactorFor(0.0742, 0.95, 0.01)
    expect(healthFactor).toBeCloseTo(1.036401, 6)
    const frontier = jumpFrontier(healthFactor, 0.95, 0.01)
    expect(frontier.loss).toBeCloseTo(0.0742, 12)
    expect(frontier.eligible).toBeCloseTo(0.035122, 5)
    expect(frontier.leverage).toBeCloseTo(12, 1)
    expect(frontier.zeroLossBand).toBeCloseTo(0.039, 3)
  })

  it('behaviour: the loss begins at the frontier', () => {
    const debt = 0.95 / healthFactorFor(0.0742, 0.95, 0.01)
    expect(jumpLoss(1, debt, 0.95, 0.01, 0.0741)).toBe(0)
    expect(jumpLoss(1, debt, 0.95, 0.01, 0.1742)).toBeCloseTo(0.1 / 1.01, 9)
  })

  it('behaviour: with toxic terms the loss begins where the liquidation does', () => {
    const frontier = jumpFrontier(1.05, 0.97, 0.05)
    expect(frontier.zeroLossBand).toBe(0)
    expect(jumpFrontier(0.9, 0.95, 0).leverage).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('bounds on steps', () => {
  it('default: halves of 1000 down to 1 take at most 11', () => {
    expect(stepsMax(0.5, 1000, 1)).toBe(11)
    expect(stepsMax(1, 1000, 0)).toBe(1)
    expect(stepsMax(0.5, 1, 2)).toBe(1)
  })

  it('default: a target of 1.05 acts at most 15 times while the price halves', () => {
    expect(targetStepsMax(1.05, 100, 50)).toBe(15)
  })

  it('error: no bound without dust or without a target above 1', () => {
    expect(() => stepsMax(0.5, 1000, 0)).toThrow('dust')
    expect(() => targetStepsMax(1, 100, 50)).toThrow('target')
  })
})
