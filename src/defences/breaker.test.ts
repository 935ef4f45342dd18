import { describe, expect, it } from 'vitest'
import { breaker } from './breaker.ts'
import { dip, fall, market, metric, ran, reading } from './defences.suite.ts'

const of = { drop: 0.1, windowSeconds: 600, pauseSeconds: 1800, graceSeconds: 3600 }
const spec = { kind: 'breaker', ...of }

describe('breaker', () => {
  it('helps: in a dip that comes back nobody is sold while it pauses', () => {
    const [with_, without] = [[spec], []].map((defences) => ran(market(defences, dip(0.25))))
    expect(reading(with_, 'trips')).toBe(1)
    expect(reading(with_, 'paused_seconds')).toBe(1800)
    expect(metric(with_, 'total_liquidated_usd')).toBeLessThan(
      0.8 * metric(without, 'total_liquidated_usd'),
    )
  })

  it('hurts: where the price stays low it turns sales into bad debt', () => {
    const courses = [fall(0.15, 120, 240), fall(0.35, 300, 900)]
    const [with_, without] = [[spec], []].map((defences) => ran(market(defences, courses)))
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(metric(without, 'bad_debt_usd'))
  })

  it('rule: it trips at the first price that is that far below the highest of the window', () => {
    const prices = Float64Array.of(1, 100)
    const sight = (atSeconds: number) =>
      ({
        at: { block: 1, seconds: 12, atSeconds, gwei: 0 },
        protocol: { prices, rules: { slots: { side: [1], asset: [1] } } },
      }) as never
    const one = breaker({ ...of, asset: 1 })
    const pausedAt = (atSeconds: number, price: number) => {
      prices[1] = price
      const stance = { isPaused: false, threshold: 1, borrowing: 1 }
      one.react!(sight(atSeconds), stance)
      return stance.isPaused
    }
    expect(pausedAt(0, 100)).toBe(false)
    expect(pausedAt(300, 90.1)).toBe(false)
    // The 100 is out of the window: 90 is a fall from 90.1 alone.
    expect(pausedAt(612, 90)).toBe(false)
    expect(pausedAt(624, 0.9 * 90.1)).toBe(true)
    expect(pausedAt(624 + 1799, 200)).toBe(true)
    expect(pausedAt(624 + 1800, 200)).toBe(false)
    // Within the grace period it does not trip again.
    expect(pausedAt(624 + 1812, 50)).toBe(false)
  })

  it('rule: a guardian trips it once, at its moment, whatever prices do', () => {
    const report = ran(market([{ ...spec, fromSeconds: 600 }], [fall(0, 0, 1)]))
    expect(reading(report, 'trips')).toBe(1)
    expect(reading(report, 'paused_seconds')).toBe(1800)
  })
})
