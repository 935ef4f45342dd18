import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Cohort, fitted, syntheticPositions } from './cohorts.ts'
import { diskSource } from './ingest/files.ts'
import { readScenario } from './ingest/read.ts'
import { log } from './math/exponential.ts'
import { quantile } from './math/quantile.ts'
import { rulesFrom } from './setup.ts'

const cohort: Cohort = {
  accounts: 20_000,
  seed: 7,
  isFixed: false,
  path: 0,
  collateral: [{ asset: 0, share: 1, factor: 1600 }],
  debt: [
    { asset: 1, share: 0.7, factor: 1 },
    { asset: 2, share: 0.3, factor: 1.01 },
  ],
  group: 3,
  totalDebtUsd: null,
  largestShare: null,
  medianDebtUsd: null,
  debtSpread: null,
  medianHealth: null,
  healthSpread: null,
}

/** Debts in USD and health factors, by account. */
function read(positions: ReturnType<typeof syntheticPositions>) {
  const factors = [1600, 1, 1.01]
  const worth = positions.amount.map((amount, k) => amount * factors[positions.asset[k]])
  const debt = worth.filter((_, k) => positions.side[k] < 0)
  const backing = worth.filter((_, k) => positions.side[k] > 0)
  return { debt, health: backing.map((value, i) => value / debt[i]) }
}

/** Median, spread and correlation as `fitted` defines them. */
function refit(debt: Float64Array, health: Float64Array) {
  const logDebt = debt.map(log)
  const buffer = health.map((factor) => log(log(factor)))
  const spread = (values: Float64Array) => {
    const sorted = values.slice().sort()
    return (quantile(sorted, 0.9) - quantile(sorted, 0.1)) / 2.5631
  }
  const rank = rankCorrelation(logDebt, buffer)
  return {
    medianDebtUsd: quantile(debt.slice().sort(), 0.5),
    debtSpread: spread(logDebt),
    medianHealth: quantile(health.slice().sort(), 0.5),
    healthSpread: spread(buffer),
    correlation: 2 * Math.sin((Math.PI * rank) / 6),
  }
}

function rankCorrelation(a: Float64Array, b: Float64Array): number {
  const n = a.length
  const ranks = (values: Float64Array) => {
    const order = [...values.keys()].sort((i, j) => values[i] - values[j])
    const rank = new Float64Array(n)
    order.forEach((i, place) => {
      rank[i] = place - (n - 1) / 2
    })
    return rank
  }
  const [x, y] = [ranks(a), ranks(b)]
  return x.reduce((sum, value, i) => sum + value * y[i], 0) / (((n * n - 1) / 12) * n)
}

describe('syntheticPositions', () => {
  it('law: a large book has the fitted shape, and everybody is healthy', () => {
    const { debt, health } = read(syntheticPositions([cohort]))
    const found = refit(debt, health)
    expect(found.medianDebtUsd / fitted.medianDebtUsd).toBeCloseTo(1, 1)
    expect(found.debtSpread).toBeCloseTo(fitted.debtSpread, 1)
    expect(found.medianHealth).toBeCloseTo(fitted.medianHealth, 1)
    expect(found.healthSpread).toBeCloseTo(fitted.healthSpread, 1)
    expect(found.correlation).toBeCloseTo(fitted.correlation, 1)
    expect(Math.min(...health)).toBeGreaterThan(1)
  })

  it('law: the same seed gives the same bytes, and a longer book begins with the shorter', () => {
    const book = syntheticPositions([cohort])
    expect(syntheticPositions([cohort])).toEqual(book)
    const short = syntheticPositions([{ ...cohort, accounts: 100 }])
    expect(short.amount).toEqual(book.amount.slice(0, 200))
    expect(syntheticPositions([{ ...cohort, seed: 8 }]).amount).not.toEqual(book.amount)
    expect(syntheticPositions([{ ...cohort, path: 1 }]).amount).not.toEqual(book.amount)
  })

  it('behaviour: shares of assets, the group, names across cohorts', () => {
    const { asset, side, group, accounts } = syntheticPositions([cohort, { ...cohort, path: 1 }])
    const first = asset.filter((one, k) => side[k] < 0 && one === 1).length
    expect(first / 40_000).toBeCloseTo(0.7, 1)
    expect(new Set(group)).toEqual(new Set([3]))
    expect(accounts[0]).toBe('synthetic-00001')
    expect(new Set(accounts).size).toBe(40_000)
  })

  it('behaviour: debts are cut to the largest share and scaled to the total', () => {
    for (const largestShare of [0.5, 0.02, 1e-4, 1e-5]) {
      const { debt } = read(syntheticPositions([{ ...cohort, largestShare, totalDebtUsd: 1e8 }]))
      const total = debt.reduce((sum, one) => sum + one, 0)
      expect(total / 1e8).toBeCloseTo(1, 12)
      const share = Math.max(...debt) / total
      expect(share).toBeLessThanOrEqual(Math.max(largestShare, 1 / cohort.accounts) * (1 + 1e-9))
    }
  })

  const recording = join(process.env.FIREBREAK_DATA ?? '', 'ready/aave-v2-steth-2023-06-19')
  const isThere = process.env.FIREBREAK_DATA !== undefined && existsSync(recording)
  it.skipIf(!isThere)(
    'law: the defaults are those of the recorded book (FIREBREAK_DATA)',
    async () => {
      const source = diskSource(process.cwd(), recording)
      const { scenario } = await readScenario('aave-v2-steth-2023-06-19', source)
      const { positions, rules } = scenario.protocols[0]
      const debt = new Float64Array(positions.accounts.length)
      const health = new Float64Array(positions.accounts.length)
      const { terms } = rulesFrom(rules)
      positions.amount.forEach((amount, k) => {
        const asset = positions.asset[k]
        const worth = amount * scenario.assets[asset].price
        const account = positions.account[k]
        if (positions.side[k] < 0) debt[account] += worth
        else health[account] += worth * (terms(asset, 0)?.threshold ?? 0)
      })
      const found = refit(
        debt,
        health.map((backing, i) => backing / debt[i]),
      )
      expect(found.medianDebtUsd / fitted.medianDebtUsd).toBeCloseTo(1, 3)
      expect(found.debtSpread).toBeCloseTo(fitted.debtSpread, 2)
      expect(found.medianHealth).toBeCloseTo(fitted.medianHealth, 2)
      expect(found.healthSpread).toBeCloseTo(fitted.healthSpread, 2)
      expect(found.correlation).toBeCloseTo(fitted.correlation, 2)
    },
  )
})
