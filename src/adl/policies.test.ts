/** Policies of auto-deleveraging against exact solvers, and what they promise. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { policies } from './index.ts'
import { deleveraging, sumOf } from './metrics.ts'
import type { Standing, Winners } from './policy.ts'
import { byBreakpoints, bySorting, winnersOf } from './reference.suite.ts'

type Name = keyof typeof policies
const names = Object.keys(policies) as Name[]
const queues: readonly Name[] = ['queue', 'hyperliquid']

/** Winners with ties, nothing to give, and limits. */
function bookOf(n: number, most = 30): { winners: Winners; need: number } {
  const random = randomAt(20260802, n)
  let turn = 0
  const draw = () => random.uniform(turn++, 0)
  const rows = Array.from({ length: 1 + Math.floor(draw() * most) }, () => ({
    cap: draw() < 0.1 ? 0 : draw() * 1000,
    limit: draw() < 0.5 ? 1 : draw(),
    score: draw() < 0.3 ? 5 : draw() * 10,
    weight: draw() < 0.2 ? 1 : 0.01 + draw() * 50,
  }))
  const all = rows.reduce((sum, { cap }) => sum + cap, 0)
  return { winners: winnersOf(rows), need: draw() < 0.1 ? 0 : all * draw() * 1.3 }
}

function take(name: Name, winners: Winners, need: number, draw = 0) {
  const taken: number[] = []
  const got = policies[name]().allocate(winners, need, draw, taken)
  return { got, taken: taken.slice(0, winners.count) }
}

const isLimited = (name: Name) => name === 'cappedProRata' || name === 'riskAware'
const weighing = (name: Name, winners: Winners): Winners => ({
  ...winners,
  weight: name === 'riskAware' ? winners.weight : winners.weight.map(() => 1),
  limit: isLimited(name) ? winners.limit : winners.limit.map(() => 1),
})

describe.each(names)('%s', (name) => {
  it('law: what is taken is what an exact solver takes, of nobody more than may be', () => {
    let short = 0
    for (let n = 0; n < 400; n++) {
      const { winners: drawn, need } = bookOf(n)
      const winners = weighing(name, drawn)
      const { got, taken } = take(name, winners, need, (n % 10) / 10)
      const most = winners.cap.map((cap, w) => cap * winners.limit[w])
      const all = most.reduce((sum, cap) => sum + cap, 0)
      expect(got).toBeLessThanOrEqual(need)
      expect(Math.abs(got - Math.min(need, all))).toBeLessThanOrEqual(1e-9 * (1 + all))
      expect(Math.abs(taken.reduce((sum, x) => sum + x, 0) - got)).toBeLessThan(1e-9 * (1 + all))
      taken.forEach((x, w) => {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(most[w])
      })
      if (need > all) short++
      if (name === 'dydx') continue
      const exact = queues.includes(name) ? bySorting(winners, need) : byBreakpoints(winners, need)
      taken.forEach((x, w) => {
        expect(Math.abs(x - exact[w])).toBeLessThanOrEqual(1e-9 * (1 + exact[w]))
      })
    }
    expect(short).toBeGreaterThan(20)
  })
})

describe('target 25', () => {
  const rows = [
    { profit: 400, notional: 2000, equity: 1000 },
    { profit: 300, notional: 600, equity: 400 },
    { profit: 200, notional: 3000, equity: 300 },
    { profit: 100, notional: 500, equity: 500 },
  ]
  const standing = (of: (typeof rows)[number]): Standing => ({
    ...{ ...of, entryValue: of.notional - of.profit },
    ...{ side: 1, entry: 1, mark: 1 },
  })

  it('default: pro-rata takes 40, 30, 20, 10 of a deficit of 100', () => {
    const winners = winnersOf(rows.map(({ profit }) => ({ cap: profit })))
    expect(take('proRata', winners, 100).taken).toEqual([40, 30, 20, 10])
  })

  it('default: the queue is B, C, A, D', () => {
    const score = rows.map((row) => policies.queue().score(standing(row)))
    const expected = [0.5, 1.5, 0.7142857, 0.25]
    score.forEach((key, w) => {
      expect(key).toBeCloseTo(expected[w], 6)
    })
    const winners = winnersOf(rows.map(({ profit }, w) => ({ cap: profit, score: score[w] })))
    expect(take('queue', winners, 100).taken).toEqual([0, 100, 0, 0])
    expect(take('queue', winners, 550).taken).toEqual([50, 300, 200, 0])
  })

  it('default: 10 at 50,000 with a mark of 54,000 on BitMEX has a score of 0.48', () => {
    const of = { side: 1 as const, profit: 4000, notional: 54_000, equity: 9000, entryValue: 5e4 }
    expect(policies.queue().score({ ...of, entry: 50_000, mark: 54_000 })).toBeCloseTo(0.48, 12)
  })
})

describe('splitting an account in two', () => {
  it('law: changes nothing under pro-rata; under a list from a start it may', () => {
    let moved = 0
    for (let n = 0; n < 100; n++) {
      const { winners, need } = bookOf(n)
      const part = 0.3
      const split = (of: readonly number[], shared: boolean) => [
        ...of.map((x, w) => (w === 0 && shared ? x * part : x)),
        shared ? of[0] * (1 - part) : of[0],
      ]
      const two: Winners = {
        count: winners.count + 1,
        account: Array.from({ length: winners.count + 1 }, (_, w) => w),
        cap: split(winners.cap, true),
        limit: split(winners.limit, false),
        score: split(winners.score, false),
        weight: split(winners.weight, false),
      }
      const [a, b] = [take('proRata', winners, need).taken, take('proRata', two, need).taken]
      a.forEach((x, w) => {
        expect(w === 0 ? b[0] + b[winners.count] : b[w]).toBeCloseTo(x, 8)
      })
      const [c, d] = [take('dydx', winners, need, 0.5).taken, take('dydx', two, need, 0.5).taken]
      if (Math.abs(c[0] - d[0] - d[winners.count]) > 1e-9) moved++
    }
    expect(moved).toBeGreaterThan(5)
  })
})

describe('what winners rank and weigh by', () => {
  const at = { profit: 2000, entryValue: 20_000, entry: 2000 }
  const long: Standing = { ...at, side: 1, notional: 22_000, equity: 4400, mark: 2200 }
  const short: Standing = { ...at, side: -1, notional: 16_000, equity: 4000, mark: 1600 }

  it('default: Hyperliquid ranks by the ratio of prices times leverage, turned for a short', () => {
    expect(policies.hyperliquid().score(long)).toBeCloseTo(1.1 * 5, 12)
    expect(policies.hyperliquid().score(short)).toBeCloseTo(1.25 * 4, 12)
  })

  it.each(queues)('behaviour: under %s who has less than no equity ranks last', (name) => {
    expect(policies[name]().score({ ...long, equity: -1 })).toBeLessThan(0)
  })

  it('default: risk-aware weighs by the square of leverage, at most 1e6 of it', () => {
    const { weight } = policies.riskAware()
    expect([weight(long), weight(short)]).toEqual([25, 16])
    for (const equity of [1e-9, 0, -1]) expect(weight({ ...long, equity })).toBe(1e12)
    expect(weight({ ...long, notional: 0, equity: 0 })).toBe(1e12)
  })
})

describe('proRata', () => {
  it('behaviour: knows no limit', () => {
    const winners = winnersOf([
      { cap: 300, limit: 0.1 },
      { cap: 100, limit: 0.1 },
    ])
    expect(take('proRata', winners, 200).taken).toEqual([150, 50])
    expect(take('cappedProRata', winners, 200)).toEqual({ got: 40, taken: [30, 10] })
  })

  it('law: free of scale, and more need never takes less of anybody', () => {
    for (let n = 0; n < 100; n++) {
      const { winners, need } = bookOf(n)
      const { taken } = take('proRata', winners, need)
      const scaled = { ...winners, cap: winners.cap.map((cap) => 7 * cap) }
      take('proRata', scaled, 7 * need).taken.forEach((x, w) => {
        expect(x).toBeCloseTo(7 * taken[w], 7)
      })
      take('proRata', winners, 1.1 * need).taken.forEach((x, w) => {
        expect(x).toBeGreaterThanOrEqual(taken[w] * (1 - 1e-12))
      })
    }
  })
})

describe('queue', () => {
  it('law: of 100,000 winners it takes those of a full sort', () => {
    const random = randomAt(5, 0)
    const rows = Array.from({ length: 100_000 }, (_, n) => ({
      cap: random.uniform(n, 0),
      score: Math.floor(random.uniform(n, 1) * 5000),
    }))
    const winners = winnersOf(rows)
    const sorted = bySorting(winners, 4000)
    const off = take('queue', winners, 4000).taken.map((x, w) => Math.abs(x - sorted[w]))
    expect(Math.max(...off)).toBeLessThan(1e-9)
  })
})

describe('dydx', () => {
  it('default: begins at the draw and goes round', () => {
    const winners = winnersOf([{ cap: 1 }, { cap: 2 }, { cap: 3 }, { cap: 4 }])
    expect(take('dydx', winners, 5, 0.5).taken).toEqual([0, 0, 3, 2])
    expect(take('dydx', winners, 8, 0.75).taken).toEqual([1, 2, 1, 4])
  })
})

describe('metrics', () => {
  const event = {
    ...{ notionalUsd: 30, openInterestUsd: 100, haircutUsd: 6, profitUsd: 60, neededUsd: 4 },
  }

  it('default: fraction, haircut and overshoot, each with its basis', () => {
    expect(deleveraging(sumOf([event, event]))).toEqual({
      fraction: { value: 0.3, basis: 'notional' },
      haircut: { value: 0.1, basis: 'pnl' },
      overshoot: { value: 1.5, basis: 'pnl' },
      excessUsd: 4,
    })
  })

  it('behaviour: nothing is divided by 0', () => {
    const { fraction, haircut, overshoot, excessUsd } = deleveraging(sumOf([]))
    expect([fraction.value, haircut.value, overshoot.value, excessUsd]).toEqual([
      null,
      null,
      null,
      0,
    ])
  })
})

const recording = join(process.env.FIREBREAK_DATA ?? '', 'hyperliquid-adl-waves-2025-10-10')
const isThere = process.env.FIREBREAK_DATA !== undefined && existsSync(recording)

describe('target 35: the waves of 10 October 2025 on Hyperliquid', () => {
  const rowsOf = (name: string) => {
    const [head, ...lines] = readFileSync(join(recording, name), 'utf8').trim().split('\n')
    const columns = head.split(',')
    return lines.map((line) => {
      const cells = line.split(',')
      return (column: string) => cells[columns.indexOf(column)]
    })
  }

  it.skipIf(!isThere)('default: what each needed, to the cent (FIREBREAK_DATA)', () => {
    const gaps = rowsOf('wave_coin_price_gap.csv')
    expect(rowsOf('waves.csv')).toHaveLength(16)
    expect(gaps).toHaveLength(728)
    const needed = gaps.reduce((sum, at) => sum + Number(at('gap_usd')), 0)
    expect(needed.toFixed(2)).toBe('15079669.61')
  })

  it.skipIf(!isThere).each(names)(
    'law: %s meets every need to the cent, and no more (FIREBREAK_DATA)',
    (name) => {
      const needs = new Map<string, number>()
      for (const at of rowsOf('wave_coin_price_gap.csv'))
        needs.set(at('wave'), (needs.get(at('wave')) ?? 0) + Number(at('gap_usd')))
      const events = rowsOf('waves.csv').map((wave) => {
        const neededUsd = needs.get(wave('wave')) ?? 0
        const profitUsd = Number(wave('winners_pnl_start_usd'))
        const winners = sharing(profitUsd, Number(wave('wave')))
        const { taken } = take(name, winners, neededUsd, 0.5)
        taken.forEach((x, w) => {
          expect(x).toBeLessThanOrEqual(winners.cap[w])
        })
        const haircutUsd = taken.reduce((sum, x) => sum + x, 0)
        expect(Math.abs(haircutUsd - neededUsd)).toBeLessThan(0.005)
        return { haircutUsd, profitUsd, neededUsd, notionalUsd: 0, openInterestUsd: 0 }
      })
      const { haircutUsd } = sumOf(events)
      expect(haircutUsd.toFixed(2)).toBe('15079669.61')
      const { overshoot, excessUsd } = deleveraging(sumOf(events))
      expect(overshoot.value).toBeCloseTo(1, 9)
      expect(Math.abs(excessUsd)).toBeLessThan(0.005)
    },
  )
})

/** 2,000 winners who share a profit, with scores and weights at random. */
function sharing(profit: number, n: number): Winners {
  const random = randomAt(35, n)
  const shares = Array.from({ length: 2000 }, (_, w) => random.uniform(w, 0))
  const sum = shares.reduce((total, share) => total + share, 0)
  return winnersOf(
    shares.map((share, w) => ({
      cap: (profit * share) / sum,
      score: random.uniform(w, 1),
      weight: 2500 * random.uniform(w, 2),
    })),
  )
}
