import { describe, expect, it } from 'vitest'
import { lending } from '../rules/lending.ts'
import { stopOut } from '../rules/stopOut.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { attribute, countOf, total } from './attribution.ts'
import { batchOf, bracket, greatestDrop } from './bracket.ts'
import {
  attributionCheck,
  conservation,
  feedbackOffInOrder,
  firstRoundIsAlone,
  monotone,
  settledCheck,
} from './checks.ts'
import { gainNow, gainShocked, headline } from './headline.ts'
import { benchOf, dropCurve, firstRound, simulate } from './simulate.ts'
import { atRisk, healthBins, levelBins, outcomes, shortfallUsd } from './tables.ts'
import { GOLD, goldTerms, goldVenue, goldWorld } from './worlds.suite.ts'

const options = { order: 'worst-first', feedback: true, disposal: 'all', buys: false } as const
const whole = { closeFactor: 1, wholeBelow: 0, dustUsd: 0, target: null }
const curveOf = (coefficient: number) =>
  impactCurve({ ...goldVenue, shape: 'linear', coefficient, crossover: 0, observedUnits: null })

// Triggers 105 (already), 95, 93, 60; the fifth owns nothing, the sixth owes nothing.
const accounts = [
  { units: 1, debt: 84 },
  { units: 1000, debt: 76000 },
  { units: 1000, debt: 74400 },
  { units: 10, debt: 480 },
  { units: 0, debt: 33 },
  { units: 7, debt: 0 },
]
const lendingWorld = () =>
  goldWorld(lending({ assets: goldTerms(0.8, 0.1), ...whole }), curveOf(0.03), accounts)
const bench = () => benchOf(lendingWorld(), GOLD, options)

describe('atRisk', () => {
  it('default: accounts below the edge at a drop, counted by hand', () => {
    const { base, scratch } = bench()
    const rows = atRisk(base, scratch, GOLD, [0, 0.06, 0.08])
    expect(rows.map((row) => row.accounts)).toEqual([2, 3, 4])
    expect(rows.map((row) => row.debt_usd)).toEqual([117, 76117, 150517])
    expect(rows[1].collateral_usd).toBeCloseTo(1001 * 94, 6)
  })
})

describe('healthBins', () => {
  it('default: every account with debt once, with what it owes', () => {
    const bins = healthBins(lendingWorld())
    expect(bins.reduce((n, bin) => n + bin.accounts, 0)).toBe(5)
    expect(bins.reduce((sum, bin) => sum + bin.debt_usd, 0)).toBe(150997)
    expect(bins.filter((bin) => bin.accounts > 0).map(({ from }) => from)).toEqual([
      0, 0.95, 1.05, 1.5,
    ])
  })
})

describe('outcomes', () => {
  it('law: dollars per account add up, and fates say what they are', () => {
    const of = bench()
    const first = firstRound(of, 0.06)
    const actual = simulate(of, 0.06)
    const rows = outcomes(of.base, of.prepared, actual, attribute(actual, first))
    expect(rows.map(({ fate }) => fate)).toEqual([
      'first round',
      'first round',
      'feedback',
      'feedback',
      'untouched',
      'untouched',
    ])
    expect(rows[1].trigger_drop).toBeCloseTo(0.05, 12)
    expect(rows.map((row) => row.trigger_drop)).toEqual([
      0,
      expect.closeTo(0.05),
      expect.closeTo(0.07),
      expect.closeTo(0.4),
      0,
      null,
    ])
    for (const row of rows) {
      expect(row.common_usd + row.extra_usd).toBeCloseTo(row.repaid_usd, 9)
      expect(row.common_usd + row.averted_usd).toBeCloseTo(row.first_round_usd, 9)
    }
    const bins = levelBins(of.base, of.prepared, rows, 50)
    const sum = (key: 'first_usd' | 'feedback_usd') => bins.reduce((s, bin) => s + bin[key], 0)
    expect([sum('first_usd'), sum('feedback_usd')]).toEqual([76084, 74880])
    expect(bins.reduce((s, bin) => s + bin.bids_usd, 0)).toBeCloseTo((50 / 0.03) * 75, 6)
  })

  it('behaviour: shortfall is debt above collateral, of open accounts only', () => {
    const { base } = bench()
    expect(shortfallUsd(base)).toBe(0)
    const sunk = base.copy()
    sunk.protocols[0].prices[GOLD] = 40
    expect(shortfallUsd(sunk)).toBe(84 - 40 + 76000 - 40000 + 74400 - 40000 + 480 - 400)
  })
})

describe('headline', () => {
  it('law: total is first round + extra - averted, amplification leaves out the overhang', () => {
    const of = bench()
    const { numbers, parts } = headline(of, 0.06)
    const second = total(parts.extra) - total(parts.averted)
    expect(numbers.total_liquidated_usd).toBeCloseTo(numbers.first_round_usd + second, 6)
    const still = 1 - simulate(of, 0).prices[GOLD] / 100
    expect(still).toBeGreaterThan(0)
    expect(numbers.amplification).toBeCloseTo((numbers.final_drop - still) / 0.06, 12)
    expect(headline(of, 0).numbers.amplification).toBeNull()
    expect(numbers.bad_debt_usd).toBeGreaterThan(33)
  })

  it('default: gain now and after the move, by hand on a linear curve', () => {
    const rules = stopOut({ assets: goldTerms(0.8, 0.1) })
    const of = benchOf(goldWorld(rules, curveOf(0.003), accounts), GOLD, options)
    const now = gainNow(of, [0.06])
    expect(now.profile[0].gain).toBeCloseTo(1000 / (6 / 0.003), 12)
    const [shocked] = gainShocked(of, now, 0.06, [0.02])
    // At 94 the account at 95 belongs to the first round; the one at 93 waits.
    expect(shocked.gain).toBeCloseTo(1000 / (1.88 / 0.003), 12)
    const unsold = goldWorld(rules, curveOf(0.003), accounts)
    expect(gainNow(benchOf(unsold, 1, options), [0.06]).several[0]?.joint ?? null).toBeNull()
  })
})

describe('attribution', () => {
  it('default: min, excess and lack, account by account', () => {
    const run = simulate(bench(), 0.06)
    const made = (usd: number[]) => ({ ...run, repaidUsd: Float64Array.from(usd) })
    const parts = attribute(made([5, 0, 7, 2]), made([3, 4, 7, 0]))
    expect([...parts.common]).toEqual([3, 0, 7, 0])
    expect([...parts.extra]).toEqual([2, 0, 0, 2])
    expect([...parts.averted]).toEqual([0, 4, 0, 0])
    expect([parts.totalUsd, parts.firstUsd]).toEqual([14, 14])
    expect(countOf(parts.extra)).toBe(2)
  })
})

describe('checks', () => {
  it('behaviour: conservation holds, and fails when a leg or a flow is wrong or not a number', () => {
    const of = bench()
    const run = simulate(of, 0.06)
    expect(conservation(of, of.scratch, run).ok).toBe(true)
    const bent = of.scratch.copy()
    bent.protocols[0].book.amount[6] += 0.001
    expect(conservation(of, bent, run).ok).toBe(false)
    bent.protocols[0].book.amount[6] = Number.NaN
    expect(conservation(of, bent, run).ok).toBe(false)
    run.seized[0][GOLD] *= 1 + 1e-6
    expect(conservation(of, of.scratch, run).ok).toBe(false)
  })

  it('behaviour: every other check can fail, too', () => {
    const of = bench()
    const first = firstRound(of, 0.06)
    expect(firstRoundIsAlone(of, 0.06, first).ok).toBe(true)
    expect(firstRoundIsAlone(of, 0.08, first).ok).toBe(false)
    expect(feedbackOffInOrder(of, 0.06, first).ok).toBe(true)
    expect(feedbackOffInOrder(of, 0.08, first).ok).toBe(false)
    const curve = dropCurve(of, [0, 0.06, 0.08])
    expect(monotone(curve).ok).toBe(true)
    expect(monotone({ ...curve, firstAccounts: [2, 1, 4] }).ok).toBe(false)
    expect(settledCheck({ ...first, settled: false }).ok).toBe(false)
    expect(attributionCheck(10, 8, { common: 8, extra: 2, averted: 0 }).ok).toBe(true)
    expect(attributionCheck(10, 8, { common: 8, extra: 1, averted: 0 }).ok).toBe(false)
  })
})

describe('bracket', () => {
  it('law: the end of every order lies between at trigger and clearing (V3)', () => {
    const of = benchOf(
      goldWorld(
        lending({ assets: goldTerms(0.8, 0.1), ...whole }),
        curveOf(0.03),
        accounts.slice(1, 3),
      ),
      GOLD,
      options,
    )
    const bounds = bracket(of, 0.06)!
    expect(bounds.clearing).toBeCloseTo(0.66, 9)
    expect(bounds.atTrigger).toBeCloseTo(1 - 0.40919148936, 9)
    const { final_drop } = headline(of, 0.06).numbers
    expect(final_drop).toBeGreaterThanOrEqual(bounds.atTrigger)
    expect(final_drop).toBeLessThanOrEqual(bounds.clearing)
    expect(batchOf(of, 0.08)!.final_drop).toBeCloseTo(1 - 0.38052173913, 9)
    expect(bracket({ ...of, options: { ...options, disposal: 'cost' } }, 0.06)).toBeNull()
  })

  it('default: the greatest cascade where a panic would come true (V2)', () => {
    const triggers = [1960, 1940, 1900, 1880, 1800, 1790, 1600, 1500]
    const units = [10, 25, 5, 40, 60, 15, 100, 30]
    const pool = { keepsFee: false, reprice: 'arbitrage', reserve: 2500, outside: 2000 } as const
    const book = triggers.map((at, k) => ({ units: units[k], debt: 0.8 * units[k] * at }))
    const rules = stopOut({ assets: goldTerms(0.8, 0.05) })
    const of = benchOf(
      goldWorld(rules, constantProduct({ ...goldVenue, ...pool }), book),
      GOLD,
      options,
    )
    const { ladder } = gainNow(of, [0.1])
    const least = headline(of, 0.025).numbers.final_drop
    expect(least).toBeCloseTo(1 - 1889.8149348 / 2000, 9)
    expect(greatestDrop(of, 0.025, ladder, least)).toBeCloseTo(1 - 1731.5047266 / 2000, 9)
    expect(greatestDrop(of, 0.2, ladder, headline(of, 0.2).numbers.final_drop)).toBeNull()
  })
})
