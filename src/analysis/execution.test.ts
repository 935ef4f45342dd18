import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  almgrenChriss,
  blockCost,
  obizhaevaWang,
  obizhaevaWangContinuous,
  type SaleTerms,
  twoStepLiquidation,
} from './execution.ts'

function expectNear(found: number, wanted: number, relative: number): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

// The parameters of Almgren and Chriss 2000.
const PAPER: SaleTerms = {
  units: 1e6,
  horizon: 5,
  steps: 5,
  volatility: 0.95,
  halfSpread: 0.0625,
  permanent: 2.5e-7,
  temporary: 2.5e-6,
  riskAversion: 1e-6,
}

describe('almgrenChriss', () => {
  it("default: the paper's setting", () => {
    const schedule = almgrenChriss(PAPER)
    const wanted = [458_044.4, 252_101.3, 141_956.7, 85_755.7, 62_141.8]
    expect(schedule.sales).toHaveLength(5)
    wanted.forEach((units, k) => {
      expectNear(schedule.sales[k], units, 1e-6)
    })
    expectNear(schedule.urgency, 0.607076, 1e-6)
    expectNear(schedule.cost, 911_226.99, 1e-8)
    expectNear(schedule.deviation, 603_430.67, 1e-8)
  })

  it.each([
    [0, 0, 662_500, 1_040_672.86],
    [2e-6, 0.846297, 1_140_715.17, 449_367.65],
  ])('default: risk aversion %d', (riskAversion, urgency, cost, deviation) => {
    const schedule = almgrenChriss({ ...PAPER, riskAversion })
    expect(schedule.urgency).toBeCloseTo(urgency, 6)
    expectNear(schedule.cost, cost, 1e-8)
    expectNear(schedule.deviation, deviation, 1e-8)
  })

  it('law: no other schedule has a lower cost + risk aversion x variance', () => {
    const tau = PAPER.horizon / PAPER.steps
    const objective = (sales: readonly number[]): number => {
      const temporary = PAPER.temporary - (PAPER.permanent * tau) / 2
      let held = PAPER.units
      let sum = 0
      for (const sale of sales) {
        held -= sale
        sum += (temporary / tau) * sale * sale
        sum += PAPER.riskAversion * PAPER.volatility * PAPER.volatility * tau * held * held
      }
      return sum
    }
    const { sales } = almgrenChriss(PAPER)
    const shift = fc.double({ min: -1e5, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(fc.nat(4), fc.nat(4), shift, (from, to, units) => {
        const other = [...sales]
        other[from] -= units
        other[to] += units
        expect(objective(other)).toBeGreaterThanOrEqual(objective(sales) * (1 - 1e-12))
      }),
      { seed: 14, numRuns: 200 },
    )
  })

  it('law: all is sold, whatever the terms', () => {
    for (const steps of [1, 2, 7, 100])
      for (const riskAversion of [0, 1e-12, 1e-6, 1e-2]) {
        const { sales, deviation } = almgrenChriss({ ...PAPER, steps, riskAversion })
        expectNear(
          sales.reduce((sum, units) => sum + units, 0),
          1e6,
          1e-12,
        )
        for (const units of sales) expect(units).toBeGreaterThanOrEqual(0)
        if (steps === 1) expect(deviation).toBe(0)
      }
  })

  it('error: intervals so long that permanent impact outweighs temporary', () => {
    expect(() => almgrenChriss({ ...PAPER, permanent: 5e-6 })).toThrow('temporary impact')
    expect(() => almgrenChriss({ ...PAPER, steps: 0 })).toThrow('intervals')
  })
})

const REFILL = { units: 100_000, horizon: 1, recovery: 2, depth: 1 }

/** The cost of any trades at equal distances, from the displacement that each of them meets. */
function bookCost(trades: readonly number[], { horizon, recovery, depth }: typeof REFILL): number {
  const kept = Math.exp((-recovery * horizon) / (trades.length - 1))
  let displaced = 0
  let cost = 0
  for (const units of trades) {
    cost += (units * (displaced + units / 2)) / depth
    displaced = (displaced + units) * kept
  }
  return cost
}

function tradesOf(intervals: number): number[] {
  const { ends, inner } = obizhaevaWang(REFILL, intervals)
  return [ends, ...new Array<number>(intervals - 1).fill(inner), ends]
}

describe('obizhaevaWang', () => {
  it('default: ten intervals and one', () => {
    const ten = obizhaevaWang(REFILL, 10)
    expectNear(ten.ends, 27_537.412711, 1e-9)
    expectNear(ten.inner, 4_991.686064, 1e-9)
    expectNear(ten.cost, 2_504_156_967.866, 1e-12)
    const one = obizhaevaWang(REFILL, 1)
    expect(one.ends).toBe(50_000)
    expectNear(one.cost, 2_838_338_208.09, 1e-11)
    expect(blockCost(REFILL.units, 1)).toBe(5e9)
  })

  it('default: without pause, two blocks and a rate', () => {
    const sale = obizhaevaWangContinuous(REFILL)
    expect(sale).toEqual({ ends: 25_000, rate: 50_000, cost: 2.5e9 })
  })

  it('law: cost is what the book takes, and all is sold', () => {
    for (const intervals of [1, 2, 10, 333]) {
      const trades = tradesOf(intervals)
      expectNear(bookCost(trades, REFILL), obizhaevaWang(REFILL, intervals).cost, 1e-12)
      expectNear(
        trades.reduce((sum, units) => sum + units, 0),
        REFILL.units,
        1e-12,
      )
    }
  })

  it('law: no other trades at these times cost less', () => {
    const trades = tradesOf(10)
    const least = bookCost(trades, REFILL)
    const shift = fc.double({ min: -2e4, max: 2e4, noNaN: true })
    fc.assert(
      fc.property(fc.nat(10), fc.nat(10), shift, (from, to, units) => {
        const other = [...trades]
        other[from] -= units
        other[to] += units
        expect(bookCost(other, REFILL)).toBeGreaterThanOrEqual(least * (1 - 1e-12))
      }),
      { seed: 15, numRuns: 200 },
    )
  })

  it('law: more trades cost less, down to trading without pause', () => {
    const costs = [1, 2, 5, 20, 100, 10_000].map((n) => obizhaevaWang(REFILL, n).cost)
    costs.push(obizhaevaWangContinuous(REFILL).cost)
    for (let k = 1; k < costs.length; k++) expect(costs[k]).toBeLessThan(costs[k - 1])
    expectNear(costs[5], costs[6], 1e-8)
  })

  it('error: no time, no recovery, no depth, one trade', () => {
    for (const key of ['horizon', 'recovery', 'depth'] as const)
      expect(() => obizhaevaWang({ ...REFILL, [key]: 0 }, 10)).toThrow('above 0')
    expect(() => obizhaevaWang(REFILL, 0)).toThrow('two trades')
  })
})

describe('twoStepLiquidation', () => {
  // Qin et al. 2021: the optimal strategy beats one liquidation of the whole close factor.
  it('default: 1000 against 760 at 0.75, 8 % and half', () => {
    const { first, second, profit, plainProfit } = twoStepLiquidation(1000, 760, 0.75, 0.08, 0.5)
    expect(first).toBeCloseTo(52.631579, 6)
    expect(second).toBeCloseTo(353.684211, 6)
    expect(profit).toBeCloseTo(32.505263, 6)
    expect(plainProfit).toBeCloseTo(30.4, 12)
    expect(profit / plainProfit).toBeCloseTo(1.0692521, 7)
    expect((0.75 * (1000 - 1.08 * first)) / (760 - first)).toBeCloseTo(1, 12)
  })

  // Compound, block 11333036, with the paper's rounded amounts.
  it('default: the DAI liquidation of November 2020', () => {
    const dai = 1.095299
    const collateral = 108.51e6 * dai + 17.88e6
    const leg = 93.22e6 * dai
    const debt = leg + 506_640
    expect((0.75 * collateral) / debt).toBeCloseTo(0.99939, 5)
    const steps = twoStepLiquidation(collateral, debt, 0.75, 0.08, 0.5, leg)
    expectNear(steps.first / dai, 296_610, 0.02)
    expectNear(steps.second / dai, 46.46e6, 1e-3)
    expectNear(steps.profit / dai, 3.74e6, 1e-3)
    expectNear(steps.plainProfit / dai, 3.73e6, 1e-3)
    // What happened: 46.14 million repaid, in two liquidations.
    expectNear(steps.profit / dai - 0.08 * 46.14e6, 49_460, 1e-2)
  })

  it('behaviour: a healthy position gives nothing', () => {
    const nothing = { first: 0, second: 0, profit: 0, plainProfit: 0 }
    expect(twoStepLiquidation(1000, 740, 0.75, 0.08, 0.5)).toEqual(nothing)
  })

  it('behaviour: a deep position is closed by the factor twice, as far as collateral pays', () => {
    expect(twoStepLiquidation(1000, 900, 0.75, 0.08, 0.5)).toMatchObject({
      first: 450,
      second: 225,
    })
    const { first, second } = twoStepLiquidation(500, 900, 0.75, 0.08, 0.5)
    expect(1.08 * (first + second)).toBeCloseTo(500, 9)
  })

  it('law: no other first step that leaves it liquidatable earns more', () => {
    const best = twoStepLiquidation(1000, 760, 0.75, 0.08, 0.5)
    for (let share = 0; share <= 1; share += 0.01) {
      const first = share * best.first
      expect((0.75 * (1000 - 1.08 * first)) / (760 - first)).toBeLessThanOrEqual(1 + 1e-12)
      expect(0.08 * (first + 0.5 * (760 - first))).toBeLessThanOrEqual(best.profit + 1e-12)
    }
  })
})
