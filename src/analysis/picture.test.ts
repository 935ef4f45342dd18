import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { lending } from '../rules/lending.ts'
import { stopOut } from '../rules/stopOut.ts'
import type { Rules } from '../rules.ts'
import { shock } from './cascade.ts'
import { cobwebMap, fixedPoints, mapAt } from './cobwebMap.ts'
import { type CurveKind, curveKinds, venueOf } from './curves.suite.ts'
import { avalanches, cobweb, roundRows } from './picture.ts'
import { type Bench, benchOf, dropCurve, simulate } from './simulate.ts'
import { worldLadder } from './worldLadder.ts'
import { GOLD, goldTerms, goldWorld } from './worlds.suite.ts'

const options = { order: 'worst-first', feedback: true, disposal: 'all', buys: false } as const
const terms = goldTerms(0.8, 0.05)
const halves = { closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 10, target: null }
const rules: Rules[] = [stopOut({ assets: terms }), lending({ assets: terms, ...halves })]

function benchFor(kind: CurveKind, of: Rules, seed: number): Bench {
  const random = randomAt(seed, 0)
  const venue = { ...venueOf(kind, random), base: GOLD }
  const accounts = Array.from({ length: 40 }, (_, k) => {
    const units = 0.5 + 8 * random.uniform(k, 6)
    return { units, debt: 0.8 * units * (40 + 60 * random.uniform(k, 7)) }
  })
  return benchOf(goldWorld(of, venue, accounts), GOLD, options)
}

function mapOf(bench: Bench, drop: number) {
  bench.scratch.reset(bench.base)
  shock(bench.scratch, GOLD, drop)
  return cobwebMap(bench.scratch, bench.prepared, bench.options, 1)
}

describe('cobwebMap', () => {
  it.each(curveKinds)(
    "law: the first fixed point is the cascade's end, and so is the staircase's (%s)",
    (kind) => {
      rules.forEach((of, r) => {
        for (let seed = 0; seed < 8; seed++) {
          const bench = benchFor(kind, of, seed + 50 * r)
          const drop = 0.01 + 0.02 * seed
          const { prices, rounds } = simulate(bench, drop)
          const map = mapOf(bench, drop)
          const [first] = fixedPoints(map, 0)
          if (prices[GOLD] > 1) expect(first.price).toBe(prices[GOLD])
          let price = 100 * (1 - drop)
          let steps = 0
          for (let after = mapAt(map, price); after < price; after = mapAt(map, price)) {
            price = after
            steps++
          }
          if (prices[GOLD] <= 1) continue
          expect(price).toBe(prices[GOLD])
          // A last round on a flat stretch of the book sells without moving the price.
          expect([steps, steps + 1]).toContain(rounds)
        }
      })
    },
  )

  it('law: crossings take turns, and the map is on the side they say', () => {
    const bench = benchFor('exponential', rules[0], 5)
    const map = mapOf(bench, 0.02)
    const points = fixedPoints(map, 0)
    points.forEach(({ price, stable }, i) => {
      expect(stable).toBe(i % 2 === 0)
      expect(mapAt(map, price)).toBeGreaterThanOrEqual(price)
      if (stable) expect(mapAt(map, price)).toBe(price)
      else expect(mapAt(map, price * (1 - 1e-9))).toBeLessThan(price)
    })
  })

  it('behaviour: pairs closer than the noise are left out, the first rest state never', () => {
    const [trigger, after] = [
      [Number.POSITIVE_INFINITY, 89.9, 60],
      [90, 89.5, 59],
    ].map((column) => Float64Array.from(column))
    const prices = (apart: number) => fixedPoints({ trigger, after }, apart).map((p) => p.price)
    expect(prices(0)).toEqual([90, 89.9, 89.5, 60, 59])
    expect(prices(1)).toEqual([90, 60, 59])
  })
})

describe('cobweb', () => {
  it('law: both corners of large steps are in the line, which rises and is the map at every point', () => {
    const bench = benchFor('orderBook relative', rules[0], 3)
    const run = simulate(bench, 0.1)
    const line = cobweb(bench, 0.1, run)
    const map = mapOf(bench, 0.1)
    expect(line.before.length).toBeLessThanOrEqual(900)
    line.before.forEach((before, i) => {
      if (i > 0) expect(before).toBeGreaterThan(line.before[i - 1])
      expect(line.after[i]).toBe(mapAt(map, before))
      const fall = i === 0 ? 0 : line.after[i] - line.after[i - 1]
      // Forty accounts: every step is drawn, so none of them leans.
      if (fall > 1e-9) expect(before - line.before[i - 1]).toBeLessThan(1e-6)
    })
  })
})

describe('roundRows', () => {
  it('law: rounds open where the last closed, and add up', () => {
    const bench = benchFor('constantProduct arbitrage', rules[1], 1)
    const run = simulate(bench, 0.1)
    const rows = roundRows(run, 90)
    expect(rows.length).toBe(run.rounds)
    rows.forEach((row, i) => {
      expect(row.price_before).toBe(i === 0 ? 90 : rows[i - 1].price_after)
      expect(row.accounts).toBeLessThanOrEqual(row.settlements)
    })
    const repaid = rows.reduce((sum, row) => sum + row.repaid_usd, 0)
    expect(repaid).toBeCloseTo(
      run.repaidUsd.reduce((sum, usd) => sum + usd, 0),
      6,
    )
    expect(rows[0].gain).toBeNull()
  })

  it('behaviour: no gain where a round is too small to mean one', () => {
    const bench = benchFor('linear', rules[0], 1)
    const run = simulate(bench, 0.02)
    const gains = (repaidUsd: number[]) => {
      const trace = { ...run.trace, row: [0, 1, 2], round: [1, 2, 3], repaidUsd }
      const rows = roundRows({ ...run, trace, repaidUsd: Float64Array.from(repaidUsd) }, 98)
      return rows.map(({ gain }) => gain)
    }
    expect(gains([1000, 500, 900])).toEqual([null, 0.5, 1.8])
    expect(gains([1000, 1, 900])).toEqual([null, null, null])
  })
})

describe('avalanches', () => {
  it('law: in one pass, each edge splits the shocks that light it from those that do not', () => {
    const bench = benchFor('linear', rules[0], 2)
    const ladder = worldLadder(bench.base, bench.prepared, 'all')
    const { method, avalanches: found } = avalanches(bench, dropCurve(bench, [0, 0.1]), ladder, 1)
    expect(method).toBe('one pass')
    const taken = (drop: number) => new Set(simulate(bench, drop).trace.row).size
    for (const { drop, accounts } of found.filter((one) => one.drop > 0.001 && one.drop < 0.9))
      expect(taken(drop + 1e-9) - taken(drop - 1e-9)).toBe(accounts)
  })

  it('behaviour: a walk finds a cliff with the account that lights it', () => {
    const bench = benchFor('linear', rules[1], 2)
    const grid = Array.from({ length: 41 }, (_, i) => i / 100)
    const { method, avalanches: found } = avalanches(bench, dropCurve(bench, grid), null, 100)
    expect(method).toBe('walk')
    for (const { drop, account, repaid_usd } of found) {
      const [below, above] = [drop - 2e-6, drop].map((at) => simulate(bench, at))
      const sum = (run: typeof below) => run.repaidUsd.reduce((all, usd) => all + usd, 0)
      expect(sum(above) - sum(below)).toBeCloseTo(repaid_usd, 0)
      expect(bench.base.protocols[0].accounts).toContain(account)
    }
  })
})
