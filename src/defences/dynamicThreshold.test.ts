import { describe, expect, it } from 'vitest'
import { defaultsOf, dip, market, metric, ran, reading } from './defences.suite.ts'
import { dynamicThreshold } from './dynamicThreshold.ts'
import { bothWays, scenes } from './scenes.suite.ts'

const kind = 'dynamicThreshold'
const of = scenes.dynamicThreshold
const { spec } = of
const wobble = of.hurts.courses

describe('dynamicThreshold', () => {
  it('helps: who was sold in the unrest before a jump leaves less bad debt in it', () => {
    const [with_, without] = bothWays(of, of.helps)
    expect(metric(with_, 'bad_debt_usd')).toBeLessThan(0.7 * metric(without, 'bad_debt_usd'))
  })

  it('hurts: the cut is itself a shock, and sells where nobody was in need', () => {
    const [with_, without] = bothWays(of, of.hurts)
    expect(metric(without, 'total_liquidated_usd')).toBe(0)
    expect(metric(with_, 'total_liquidated_usd')).toBeGreaterThan(1000)
    expect(metric(with_, 'lowest_drop')).toBeGreaterThan(metric(without, 'lowest_drop'))
  })

  it('law: where all keep their terms the book is as without, to the last bit', () => {
    const without = ran(market([], dip(0.25)))
    const names = ['total_liquidated_usd', 'bad_debt_usd', 'shortfall_usd', 'lowest_drop'] as const
    const told = (grandfathered: number) => {
      const report = ran(market([{ ...spec, grandfathered }], dip(0.25)))
      expect(reading(report, 'lowest_factor')).toBeLessThan(0.85)
      expect(metric(report, 'borrowing_power')).toBeLessThan(0.95)
      return names.map((name) => metric(report, name))
    }
    const expected = names.map((name) => metric(without, name))
    expect(told(1)).toEqual(expected)
    // All of the eighty accounts, too, but by their own terms one by one.
    expect(told(1 - 1e-9)).toEqual(expected)
  })

  it('law: the fewer keep their terms, the more is sold in a wobble', () => {
    const sold = [0, 0.25, 0.5, 0.75, 1].map((grandfathered) =>
      metric(ran(market([{ ...spec, grandfathered }], wobble)), 'total_liquidated_usd'),
    )
    expect(sold).toEqual([...sold].sort((a, b) => b - a))
    expect(sold[4]).toBe(0)
  })

  /** The factors on thresholds, a block of so many seconds after the other, at these prices. */
  function factors(given: Record<string, unknown>, seconds: number, prices: readonly number[]) {
    const one = dynamicThreshold({ ...defaultsOf(kind), ...given } as never)
    const now = Float64Array.of(1, 100)
    return prices.map((price, k) => {
      now[1] = price
      const protocol = { prices: now, rules: { slots: { side: [-1, 1], asset: [0, 1] } } }
      const stance = { isPaused: false, threshold: 1, borrowing: 1 }
      one.react!({ at: { seconds, atSeconds: seconds * (k + 1) }, protocol } as never, stance)
      return stance.threshold
    })
  }

  it('rule: e^(-c (sigma - calm) sqrt(horizon)), sigma from squared returns by half-lives', () => {
    const free = { everySeconds: 1, perDay: 1e6, rampSeconds: 0, floor: 0.1 }
    const [first, second, third] = factors(
      { ...free, halfLifeSeconds: 3600 },
      3600,
      [100, 102, 102],
    )
    expect(first).toBe(1)
    const variance = 0.25 * 0.64 + 0.5 * Math.log(1.02) ** 2 * 8760
    const day = Math.sqrt(1 / 365)
    expect(second).toBeCloseTo(Math.exp(-(Math.sqrt(variance) - 0.8) * day), 12)
    expect(third).toBeCloseTo(Math.exp(-(Math.sqrt(variance / 2) - 0.8) * day), 12)
    const [, floored] = factors({ ...free, floor: 0.97 }, 3600, [100, 150])
    expect(floored).toBe(0.97)
  })

  it('rule: decisions are apart, bounded, and reached by a ramp downwards, at once upwards', () => {
    const slow = {
      floor: 0.9,
      everySeconds: 600,
      perDay: 7.2,
      rampSeconds: 300,
      halfLifeSeconds: 1e5,
    }
    // The jump is at 200 s. Decisions at 100, 700 and 1300 s, five points each, in three blocks.
    const found = factors(slow, 100, [100, ...Array.from({ length: 13 }, () => 200)])
    const [part, whole] = [0.05 / 3, 0.95]
    const expected = [1, 1, 1, 1, 1, 1, 1, 1 - part, 1 - 2 * part, whole, whole, whole, whole]
    for (const [n, factor] of [...expected, whole - part].entries())
      expect(found[n], `block ${n + 1}`).toBeCloseTo(factor, 12)
    // The ramp goes on through decisions that change nothing.
    const steady = { ...slow, everySeconds: 100, perDay: 1e6 }
    for (const [n, factor] of factors(steady, 100, [100, 200, 200, 200, 200, 200]).entries())
      expect(factor, `block ${n + 1}`).toBeCloseTo(1 - Math.min(3, Math.max(0, n - 1)) / 30, 12)
    expect(factors({ ...steady, grandfathered: 1 }, 100, [100, 200, 200])).toEqual([1, 1, 1])
    // Quiet again after two blocks: the ramp downwards ends, and the factor is 1 at once.
    const quick = { ...slow, everySeconds: 100, perDay: 1e6, halfLifeSeconds: 10 }
    const [, , lower, back] = factors(quick, 100, [100, 200, 200, 200])
    expect(lower).toBeCloseTo(1 - 0.1 / 3, 12)
    expect(back).toBe(1)
  })
})
