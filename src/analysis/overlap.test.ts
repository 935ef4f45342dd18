import { describe, expect, it } from 'vitest'
import { type Portfolios, vulnerability } from './overlap.ts'

const twoBanks: Portfolios = {
  assets: [100, 50],
  weights: [
    [0.6, 0.4],
    [0.3, 0.7],
  ],
  leverage: [9, 4],
  equity: [10, 10],
  illiquidity: [1e-3, 2e-3],
  shock: [-0.02, 0],
}

function near(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 9)
  })
  expect(actual.length).toBe(expected.length)
}

describe('vulnerability', () => {
  it('default: two banks and two assets, one round by hand', () => {
    const result = vulnerability(twoBanks)
    near(result.sales, [-6.84, -5.16])
    near(result.priceEffect, [-0.00684, -0.01032])
    near(result.bankReturns, [-0.008232, -0.009276])
    expect(result.direct).toBeCloseTo(0.075, 12)
    expect(result.aggregate).toBeCloseTo(0.06435, 12)
  })

  it('default: the loop of the two banks, and all its rounds', () => {
    const result = vulnerability(twoBanks)
    near(result.loop[0], [0.342, 0.258])
    near(result.loop[1], [0.516, 0.484])
    expect(result.spectralRadius).toBeCloseTo(0.784711, 6)
    near(result.total!, [-0.05, -0.05])
  })

  it('law: all rounds are the sum of the rounds', () => {
    const { total, loop } = vulnerability(twoBanks)
    let round = [...twoBanks.shock]
    const sum = [0, 0]
    for (let n = 0; n < 200; n++) {
      round.forEach((value, a) => {
        sum[a] += value
      })
      round = loop.map((row) => row.reduce((all, value, b) => all + value * round[b], 0))
    }
    near(total!, sum)
  })

  it('law: the price effect is the loop applied to the shock', () => {
    const { priceEffect, loop } = vulnerability(twoBanks)
    near(
      priceEffect,
      loop.map((row) => row[0] * -0.02),
    )
  })

  it('behaviour: past a spectral radius of 1 the rounds have no sum', () => {
    const thin = vulnerability({ ...twoBanks, illiquidity: [2e-3, 4e-3] })
    expect(thin.spectralRadius).toBeCloseTo(2 * 0.784711, 5)
    expect(thin.total).toBeNull()
  })

  it('behaviour: banks without debt sell nothing', () => {
    const { sales, aggregate, total } = vulnerability({ ...twoBanks, leverage: [0, 0] })
    expect(sales.map(Math.abs)).toEqual([0, 0])
    expect(Math.abs(aggregate)).toBe(0)
    near(total!, twoBanks.shock)
  })

  it('error: columns of other lengths are our own fault', () => {
    expect(() => vulnerability({ ...twoBanks, shock: [-0.02] })).toThrow('a shock per asset')
  })
})
