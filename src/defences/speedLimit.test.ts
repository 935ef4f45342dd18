import { describe, expect, it } from 'vitest'
import { dip, fall, market, metric, ran, reading } from './defences.suite.ts'

const spec = { kind: 'speedLimit', perBlockUsd: 500 }

describe('speedLimit', () => {
  it('law: no block repays more than the limit', () => {
    const report = ran(market([spec], dip(0.3)))
    const column = report.timeline.columns.find(({ name }) => name === 'liquidated_usd')!
    expect(Math.max(...column.values.map((value) => value ?? 0))).toBeLessThanOrEqual(
      500 * (1 + 1e-9),
    )
    expect(reading(report, 'limited_blocks')).toBeGreaterThan(10)
  })

  it('helps: a market that refills between blocks falls less deep', () => {
    const [with_, without] = [[spec], []].map((defences) => ran(market(defences, dip(0.3))))
    expect(metric(with_, 'lowest_drop')).toBeLessThan(metric(without, 'lowest_drop'))
  })

  it('hurts: who waits while the price falls on is under water when its turn comes', () => {
    const courses = [fall(0.5, 120, 1800)]
    const [with_, without] = [[spec], []].map((defences) => ran(market(defences, courses)))
    const lost = (report: typeof with_) =>
      metric(report, 'bad_debt_usd') + metric(report, 'shortfall_usd')
    expect(lost(with_)).toBeGreaterThan(lost(without))
  })
})
