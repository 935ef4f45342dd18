import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import type { Order } from '../report.ts'
import { lending } from '../rules/lending.ts'
import { stopOut } from '../rules/stopOut.ts'
import type { Rules } from '../rules.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { type World, worldFrom } from '../world.ts'
import { total } from './attribution.ts'
import type { Cascade } from './cascade.ts'
import { headline } from './headline.ts'
import { benchOf, firstRound, simulate } from './simulate.ts'
import type { CascadeOptions } from './walk.ts'
import { type Account, GOLD, goldTerms, goldVenue, goldWorld } from './worlds.suite.ts'

const all: CascadeOptions = { order: 'worst-first', feedback: true, disposal: 'all', buys: false }
const whole = { closeFactor: 1, wholeBelow: 0, dustUsd: 0, target: null }

function linear(coefficient: number) {
  const rest = { crossover: 0, observedUnits: null } as const
  return impactCurve({ ...goldVenue, shape: 'linear', coefficient, ...rest })
}

function exponential(coefficient: number) {
  const rest = { crossover: 0, observedUnits: null } as const
  return impactCurve({ ...goldVenue, shape: 'exponential', coefficient, ...rest })
}

function account(units: number, trigger: number, threshold = 0.8): Account {
  return { units, debt: threshold * units * trigger }
}

function outcome(world: World, drop: number, options: Partial<CascadeOptions> = {}) {
  const bench = benchOf(world, GOLD, { ...all, ...options })
  const run = simulate(bench, drop)
  const units = run.trace.units.reduce((sum, u) => sum + u, 0)
  return { run, price: run.prices[GOLD], units, bad: total(run.badDebtUsd), bench }
}

describe('cascade', () => {
  const v3 = () =>
    goldWorld(lending({ assets: goldTerms(0.8, 0.1), ...whole }), linear(0.03), [
      account(1000, 95),
      account(1000, 93),
    ])

  it('default: whole debts, two accounts, worst first and batch (V3)', () => {
    const six = outcome(v3(), 0.06)
    expect(six.price).toBeCloseTo(37.319148936, 8)
    expect(six.units).toBeCloseTo(1889.3617021, 6)
    expect(six.bad).toBeCloseTo(13200.773694, 5)
    const eight = outcome(v3(), 0.08, { order: 'batch' })
    expect(eight.price).toBeCloseTo(38.052173913, 8)
    expect(eight.units).toBeCloseTo(1798.2608696, 6)
    expect(eight.bad).toBe(0)
    expect(outcome(v3(), 0.08).bad).toBeCloseTo(15546.245059, 5)
    expect(outcome(v3(), 0.08, { order: 'at-trigger' }).price).toBeCloseTo(38.052173913, 7)
  })

  it('default: rounds of a batch cascade on an exponential venue (V4)', () => {
    const terms: [number, number, number, number][] = [
      [120, 96, 0.8, 0.05],
      [60, 92, 0.75, 0.1],
      [400, 88, 0.85, 0.08],
      [50, 80, 0.8, 0.1],
    ]
    for (const [drop, price, sold, count, worst, bad] of [
      [0.05, 64.54045902, 579.87688924, 4, 64.54045902, 166.90612706],
      [0.08, 62.288141689, 585.02626716, 3, 61.726993007, 299.12561628],
      [0.12, 58.742224069, 606.26703972, 2, 58.375924147, 1191.7004837],
    ]) {
      const run = (order: Order) => mixedOutcome(terms, drop, order)
      expect(run('batch').price).toBeCloseTo(price, 7)
      expect(run('batch').units).toBeCloseTo(sold, 6)
      expect(run('batch').run.rounds).toBe(count)
      expect(run('worst-first').price).toBeCloseTo(worst, 7)
      expect(run('worst-first').bad).toBeCloseTo(bad, 5)
    }
  })

  it('default: whole positions end at one price in every order, with other dollars (V5)', () => {
    const rules = stopOut({ assets: goldTerms(0.8, 0.1) })
    const world = () =>
      goldWorld(rules, linear(0.03), [
        { units: 1000, debt: 76000 },
        { units: 100, debt: 7440 },
      ])
    expect(outcome(world(), 0.06).price).toBeCloseTo(61, 9)
    expect(outcome(world(), 0.06).bad).toBeCloseTo(1621.8181818, 6)
    expect(outcome(world(), 0.08, { order: 'batch' }).price).toBeCloseTo(59, 9)
    expect(outcome(world(), 0.08, { order: 'batch' }).bad).toBe(0)
    expect(outcome(world(), 0.08).bad).toBeCloseTo(1803.6363636, 6)
  })

  it('default: sales of just enough cash on a pool (V6)', () => {
    const place = { reserve: 10000, keepsFee: false, reprice: 'arbitrage' } as const
    const world = () =>
      goldWorld(
        lending({ assets: goldTerms(0.8, 0.1), ...whole }),
        constantProduct({ ...goldVenue, ...place }),
        [account(100, 96), account(300, 93), account(200, 88), account(500, 80)],
      )
    for (const [drop, price, count] of [
      [0.05, 93.508790629, 1],
      [0.06, 88.272784171, 2],
      [0.12, 74.3049434, 4],
    ]) {
      const { run, price: end } = outcome(world(), drop, { disposal: 'cost' })
      expect(end).toBeCloseTo(price, 6)
      expect(run.trace.row).toHaveLength(count)
    }
  })

  it('default: a close factor comes back, whole below a health factor of 0.95 (V7)', () => {
    const rules = { closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 100, target: null }
    const world = () =>
      goldWorld(lending({ assets: goldTerms(0.8, 0.1), ...rules }), linear(0.03), [
        account(400, 98),
        account(900, 87),
      ])
    const six = outcome(world(), 0.06)
    expect([six.price, six.units]).toEqual([
      expect.closeTo(55.202379434, 7),
      expect.closeTo(1293.2540189, 6),
    ])
    expect(six.run.trace.row).toHaveLength(5)
    const seven = outcome(world(), 0.07)
    expect([seven.price, seven.units]).toEqual([
      expect.closeTo(56.624145348, 7),
      expect.closeTo(1212.5284884, 6),
    ])
    expect(seven.run.trace.row).toHaveLength(2)
  })

  it('behaviour: of a stopped-out position the taker earns the bonus, the borrower the surplus', () => {
    const par = impactCurve({
      ...goldVenue,
      shape: 'none',
      coefficient: 0,
      crossover: 0,
      observedUnits: null,
    })
    const rules = stopOut({ assets: goldTerms(0.5, 0.1) })
    const world = goldWorld(rules, par, [{ units: 10, debt: 480 }])
    const { numbers } = headline(benchOf(world, GOLD, all), 0.05)
    expect(numbers.total_liquidated_usd).toBeCloseTo(480, 8)
    expect(numbers.liquidator_profit_usd).toBeCloseTo(48, 8)
  })

  it('behaviour: feedback off is the first round exactly, in every order', () => {
    for (const order of ['worst-first', 'batch', 'at-trigger'] as const) {
      const { bench, run } = outcome(v3(), 0.06, { order, feedback: false })
      expect([...run.repaidUsd]).toEqual([...firstRound(bench, 0.06).repaidUsd])
      expect(run.prices[GOLD]).toBe(94)
    }
  })

  it('behaviour: a second run after reset gives the same bytes', () => {
    const bench = benchOf(v3(), GOLD, all)
    const once = simulate(bench, 0.08)
    simulate(bench, 0.3)
    const again = simulate(bench, 0.08)
    expect(again.trace).toEqual(once.trace)
    expect([...again.badDebtUsd]).toEqual([...once.badDebtUsd])
  })

  it('law: a deeper drop never makes the first round smaller', () => {
    for (const rules of someRules()) {
      const world = randomWorld(rules, 3)
      const bench = benchOf(world, GOLD, all)
      let before = 0
      for (let drop = 0; drop < 0.5; drop += 0.01) {
        const sold = firstRound(bench, drop).repaidUsd.reduce((n, usd) => n + +(usd > 0), 0)
        expect(sold).toBeGreaterThanOrEqual(before)
        before = sold
      }
    }
  })

  it('law: rounds are the staircase: each opens where the one before closed', () => {
    const bench = benchOf(randomWorld(someRules()[0], 5), GOLD, all)
    const { trace, rounds } = simulate(bench, 0.1)
    expect(trace.round[trace.round.length - 1]).toBe(rounds)
    expect(
      trace.key.every((key, i) => i === 0 || trace.round[i] >= trace.round[i - 1] || key),
    ).toBe(true)
  })
})

function someRules(): Rules[] {
  return [
    stopOut({ assets: goldTerms(0.8, 0.05) }),
    lending({ assets: goldTerms(0.8, 0.05), ...whole }),
    lending({
      assets: goldTerms(0.8, 0.05),
      closeFactor: 0.5,
      wholeBelow: 0.95,
      dustUsd: 10,
      target: null,
    }),
  ]
}

function randomWorld(rules: Rules, seed: number): World {
  const random = randomAt(seed, 0)
  const accounts = Array.from({ length: 60 }, (_, k) =>
    account(1 + 200 * random.uniform(k, 0), 50 + 50 * random.uniform(k, 1)),
  )
  return goldWorld(rules, exponential(0.00005), accounts)
}

// V4 mixes thresholds and bonuses: one protocol each, all on one venue.
function mixedOutcome(
  terms: readonly [number, number, number, number][],
  drop: number,
  order: Order,
) {
  const worlds = terms.map(([units, trigger, threshold, bonus]) => {
    const rules = lending({ assets: goldTerms(threshold, bonus), ...whole })
    return goldWorld(rules, exponential(1 / 1500), [account(units, trigger, threshold)])
  })
  const market = worlds[0].market
  const protocols = worlds.map((world) => world.protocols[0])
  const world = worldFrom(market, protocols)
  const run: { run: Cascade; price: number; units: number; bad: number } = outcome(world, drop, {
    order,
  })
  return run
}
