import { describe, expect, it } from 'vitest'
import { defaultsOf, metric, reading } from './defences.suite.ts'
import { oracleGuard } from './oracleGuard.ts'
import { bothWays, scenes } from './scenes.suite.ts'

const kind = 'oracleGuard'
const of = scenes.oracleGuard

describe('oracleGuard', () => {
  it('helps: a price that is pushed down for minutes liquidates few', () => {
    const [with_, without] = bothWays(of, of.helps)
    expect(reading(with_, 'paused_seconds')).toBeGreaterThan(100)
    expect(metric(with_, 'total_liquidated_usd')).toBeLessThan(
      0.25 * metric(without, 'total_liquidated_usd'),
    )
    expect(metric(without, 'bad_debt_usd')).toBeGreaterThan(1000)
    expect(metric(with_, 'bad_debt_usd')).toBe(0)
  })

  it('hurts: in a true crash it waits until accounts are under water', () => {
    const [with_, without] = bothWays(of, of.hurts)
    expect(metric(without, 'bad_debt_usd')).toBe(0)
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(5000)
  })

  /** What it makes of blocks of a minute with these prices: [pauses, price used]. */
  function seen(given: Record<string, unknown>, published: readonly number[], mids = published) {
    const one = oracleGuard({ ...defaultsOf(kind), windowSeconds: 600, ...given } as never)
    const opening = Float64Array.of(1, 100)
    const slots = { side: [-1, 1], asset: [0, 1] }
    return published.map((price, k) => {
      const prices = Float64Array.of(1, price)
      const stance = { isPaused: false, threshold: 1, borrowing: 1 }
      const at = { seconds: 60, atSeconds: 60 * (k + 1) }
      const sight = { at, opening, protocol: { prices, rules: { slots } } }
      one.react!({ ...sight, mids: Float64Array.of(1, mids[k]) } as never, stance)
      return [stance.isPaused, prices[1]] as const
    })
  }

  it('rule: it pauses while the published price is too far from the market', () => {
    const far = seen({ fromMarket: 0.05 }, [100, 100, 100, 100], [100, 95.3, 95.2, 100])
    expect(far.map(([isPaused]) => isPaused)).toEqual([false, false, true, false])
  })

  it('rule: it pauses while the published price is too far from its own mean', () => {
    // After n minutes at 90 of ten, the mean is 100 - n: 10 % off until it is not.
    const prices = Array.from({ length: 8 }, () => 90)
    const far = seen({ fromMean: 0.05 }, prices, prices)
    expect(far.map(([isPaused]) => isPaused)).toEqual(
      prices.map((_, k) => 100 - (k + 1) - 90 > 0.05 * (100 - (k + 1))),
    )
    expect(far.map(([isPaused]) => isPaused).indexOf(false)).toBe(5)
  })

  it('rule: the price used follows step by step, and stays under its mean and a share', () => {
    const free = { fromMarket: 10, fromMean: 10 }
    const slow = seen({ ...free, perBlock: 0.1 }, [50, 50, 200, 75]).map(([, used]) => used)
    expect(slow[0]).toBeCloseTo(90, 12)
    expect(slow[1]).toBeCloseTo(81, 12)
    expect(slow[2]).toBeCloseTo(89.1, 12)
    expect(slow[3]).toBeCloseTo(80.19, 12)
    const [[, used]] = seen({ ...free, aboveMean: 0.02 }, [150])
    expect(used).toBeCloseTo(1.02 * 105, 12)
  })
})
