import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import {
  gainOf,
  isBreached,
  largestSandwich,
  type PoolLoan,
  safeThreshold,
  sandwiched,
  slicedLiquidation,
  toxicLoanToValue,
} from './poolSandwich.ts'

/** An account a little below its trigger: 1 % of the pool. */
const loan: PoolLoan = {
  ...{ base: 10_000, quote: 1_000_000, fee: 0.003, bonus: 0.08 },
  ...{ threshold: 0.8, trigger: 1, collateral: 100, debt: 8100 },
}

function poolOf({ base, quote, fee }: PoolLoan) {
  return constantProduct({
    ...{ name: 'pool', base: 1, quoteAsset: 0, outside: quote / base, fee, asOf: null },
    ...{ beyond: 'linear', reserve: base, keepsFee: false, reprice: 'arbitrage' },
  })
}

/** The liquidation slice by slice, in a pool, until the account is healthy, empty or debt-free. */
function brute(of: PoolLoan, slices: number) {
  const pool = poolOf(of)
  let [collateral, debt, repaid, proceeds] = [of.collateral, of.debt, 0, 0]
  const step = of.collateral / slices
  while (collateral > 0 && debt > 0) {
    if (of.threshold * collateral * pool.mid() >= of.trigger * debt) break
    const seized = Math.min(step, collateral)
    const paid = Math.min(debt, (seized / (1 + of.bonus)) * pool.mid())
    proceeds += pool.sell(seized).proceeds
    collateral -= seized
    debt -= paid
    repaid += paid
  }
  return { repaid, seized: of.collateral - collateral, profit: proceeds - repaid }
}

/** Within a share of each other, or of what is at stake. */
function expectNear(one: number, other: number, scale: number): void {
  expect(Math.abs(one - other) / scale).toBeLessThan(2e-3)
}

describe('poolSandwich', () => {
  it('law: nobody liquidates in slices where k is at most 1, and somebody does above', () => {
    const fee = 1 - 1 / 1.08
    expect(gainOf({ ...loan, fee })).toBeCloseTo(1, 15)
    for (const more of [0, 1e-6, 0.1])
      expect(slicedLiquidation({ ...loan, fee: fee + more + 1e-12 }).profit).toBe(0)
    expect(slicedLiquidation({ ...loan, fee: fee - 1e-6 }).profit).toBeGreaterThan(0)
    expect(slicedLiquidation({ ...loan, debt: 7900 }).profit).toBe(0)
  })

  it('law: the closed form is the limit of slices, whichever bound ends it', () => {
    const random = randomAt(3, 0)
    const bounds = { collateral: 0, debt: 0, trigger: 0 }
    for (let n = 0; n < 60; n++) {
      const u = (stream: number) => random.uniform(n, stream)
      const bonus = 0.02 + 0.1 * u(0)
      const threshold = 0.6 + 0.38 * u(1)
      const collateral = 20 + 1500 * u(2)
      const debt = collateral * 100 * threshold * (1 + 0.25 * u(3))
      const of = { ...loan, bonus, threshold, collateral, debt, fee: 0.01 * u(4) }
      const { worth, repaid, seized, profit } = slicedLiquidation(of)
      const slow = brute(of, 20_000)
      if (Math.abs(seized - collateral) < 1e-9) bounds.collateral++
      else if (Math.abs(repaid - debt) < 1e-6) bounds.debt++
      else bounds.trigger++
      expect(worth).toBeGreaterThanOrEqual(0)
      expectNear(seized, slow.seized, collateral)
      expectNear(repaid, slow.repaid, debt)
      expectNear(profit, slow.profit, debt)
    }
    expect(bounds.collateral).toBeGreaterThan(5)
    expect(bounds.trigger).toBeGreaterThan(5)
  })

  it('behaviour: where nothing restores the trigger the debt is repaid whole', () => {
    const { repaid } = slicedLiquidation({ ...loan, threshold: 0.5, trigger: 1e9 })
    expect(repaid).toBeCloseTo(8100, 5)
  })

  it('law: a sandwich is feasible up to (A + (1 - gamma) c) / gamma, once all is seized', () => {
    const all = { ...loan, fee: 0.3, bonus: 0.6, debt: 1e9 }
    const largest = largestSandwich(all)
    expect(largest).toBeCloseTo((10_000 + 0.7 * 100) / 0.3, 8)
    expect(slicedLiquidation(all).seized).toBeCloseTo(100, 10)
    expect(sandwiched(all, largest * (1 - 1e-9)).isFeasible).toBe(true)
    expect(sandwiched(all, largest * (1 + 1e-9)).isFeasible).toBe(false)
    expect(largestSandwich({ ...all, fee: 0 })).toBe(Number.POSITIVE_INFINITY)
  })

  it('law: a sandwich is what the three trades bring in a pool', () => {
    const healthy = { ...loan, debt: 7600 }
    expect(isBreached(healthy)).toBe(false)
    for (const size of [100, 400, 900, 3000]) {
      const pool = poolOf(healthy)
      const sold = pool.sell(size).proceeds
      const { profit, liquidation } = sandwiched(healthy, size)
      const proceeds = pool.sell(liquidation.seized).proceeds
      const paid = -pool.sell(-size).proceeds
      expect(profit).toBeCloseTo(sold + proceeds - liquidation.repaid - paid, 6)
    }
  })

  it('law: a push that breaches nobody only costs; the right one pays', () => {
    const healthy = { ...loan, debt: 7600 }
    expect(sandwiched(healthy, 100).profit).toBeLessThan(0)
    expect(sandwiched(healthy, 400).liquidation.seized).toBeGreaterThan(0)
    expect(sandwiched({ ...healthy, fee: 1e-6 }, 400).profit).toBeGreaterThan(0)
  })

  it('law: without a bonus no sandwich pays; the larger it is, the more the best one does', () => {
    const best = (bonus: number) => {
      let most = Number.NEGATIVE_INFINITY
      for (let size = 1; size < 3000; size *= 1.05)
        most = Math.max(most, sandwiched({ ...loan, debt: 7900, bonus }, size).profit)
      return most
    }
    expect(best(0)).toBeLessThan(0)
    const profits = [0.005, 0.02, 0.05, 0.1, 0.2].map(best)
    expect(profits[0]).toBeGreaterThan(0)
    expect(profits).toEqual([...profits].sort((a, b) => a - b))
  })
})

describe('slice-aware toxicity', () => {
  it('vector: target 8', () => {
    expect(toxicLoanToValue(0.05, 1e6, 20e6)).toBeCloseTo(0.8658009, 7)
    expect(toxicLoanToValue(0.05, 0, 20e6)).toBeCloseTo(0.952381, 7)
    expect(safeThreshold(1e6, 20e6)).toBeCloseTo(0.9090909, 7)
  })

  it('law: a dollar repaid below the frontier raises the health factor, above it lowers it', () => {
    const [bonus, collateralUsd, quoteUsd] = [0.05, 1e6, 20e6]
    const frontier = toxicLoanToValue(bonus, collateralUsd, quoteUsd)
    const changeAt = (loanToValue: number) => {
      const pool = poolOf({ ...loan, base: quoteUsd / 100, quote: quoteUsd, fee: 0 })
      const units = collateralUsd / 100
      const debt = loanToValue * collateralUsd
      const before = (units * pool.mid()) / debt
      const seized = (1 + bonus) / 100
      pool.sell(seized)
      return ((units - seized) * pool.mid()) / (debt - 1) - before
    }
    expect(changeAt(frontier * 0.999)).toBeGreaterThan(0)
    expect(changeAt(frontier * 1.001)).toBeLessThan(0)
  })
})
