import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { lending } from '../rules/lending.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { benchOf, simulate } from './simulate.ts'
import { OUTSIDE, wakers } from './wakers.ts'
import { GOLD, goldTerms, goldVenue, goldWorld } from './worlds.suite.ts'

const options = { order: 'worst-first', feedback: true, disposal: 'all', buys: false } as const
const DROP = 0.1
const SHOCKED = 100 * (1 - DROP)

function worldOf(closeFactor: number, seed: number) {
  const random = randomAt(seed, 0)
  const venue = impactCurve({
    ...goldVenue,
    ...{ shape: 'exponential', coefficient: 0.002, crossover: 0, observedUnits: null },
  })
  const accounts = Array.from({ length: 60 }, (_, k) => {
    const units = 1 + 9 * random.uniform(k, 6)
    return { units, debt: 0.8 * units * (50 + 48 * random.uniform(k, 7)) }
  })
  const terms = { closeFactor, wholeBelow: 0, dustUsd: 1, target: null }
  return goldWorld(lending({ assets: goldTerms(0.8, 0.05), ...terms }), venue, accounts)
}

describe('wakers', () => {
  it.each([1, 2, 3])('law: it is the sale that took the price through the level (%i)', (seed) => {
    const bench = benchOf(worldOf(1, seed), GOLD, options)
    const { trace } = simulate(bench, DROP)
    const by = wakers(bench.prepared, trace, SHOCKED)!
    expect(trace.row.length).toBeGreaterThan(20)
    expect(new Set(by).size).toBeGreaterThan(3)
    by.forEach((sale, n) => {
      const trigger = 100 / trace.key[n]
      if (sale === OUTSIDE) {
        expect(SHOCKED).toBeLessThanOrEqual(trigger * (1 + 1e-9))
        return
      }
      expect(sale).toBeLessThan(n)
      expect(trace.round[sale]).toBe(trace.round[n] - 1)
      expect(trace.price[sale]).toBeLessThanOrEqual(trigger * (1 + 1e-9))
      const before = sale === 0 ? SHOCKED : trace.price[sale - 1]
      expect(before).toBeGreaterThan(trigger * (1 - 1e-9))
    })
  })

  it('law: an account that comes back was made ready by itself or by a later sale', () => {
    const bench = benchOf(worldOf(0.5, 4), GOLD, options)
    const { trace } = simulate(bench, DROP)
    const by = wakers(bench.prepared, trace, SHOCKED)!
    const last = new Map<number, number>()
    let again = 0
    trace.row.forEach((row, n) => {
      const before = last.get(row)
      last.set(row, n)
      if (before === undefined) return
      again++
      expect(by[n]).toBeGreaterThanOrEqual(before)
      expect(by[n]).toBeLessThan(n)
    })
    expect(again).toBeGreaterThan(10)
  })

  it('edge: without feedback the outside move woke them all; nothing sold has no wakers', () => {
    const bench = benchOf(worldOf(1, 5), GOLD, { ...options, feedback: false })
    const { trace } = simulate(bench, DROP)
    expect(new Set(wakers(bench.prepared, trace, SHOCKED))).toEqual(new Set([OUTSIDE]))
    expect(wakers(bench.prepared, simulate(bench, 0.001).trace, 99.9)).toHaveLength(0)
  })

  it('edge: where several assets move a level is no price', () => {
    const { prepared } = benchOf(worldOf(1, 6), GOLD, options)
    expect(wakers({ ...prepared, lead: -1 }, { row: [], key: [], price: [] }, 90)).toBeNull()
  })

  it('law: what each settlement wrote off adds up by account', () => {
    const bench = benchOf(worldOf(1, 7), GOLD, options)
    const { trace, badDebtUsd, repaidUsd } = simulate(bench, 0.35)
    const lost = new Float64Array(repaidUsd.length)
    trace.badDebtUsd.forEach((usd, n) => {
      lost[trace.row[n]] += usd
    })
    expect(Math.max(...badDebtUsd)).toBeGreaterThan(0)
    lost.forEach((usd, row) => {
      expect(usd).toBeCloseTo(badDebtUsd[row], 9)
    })
  })
})
