import { describe, expect, it } from 'vitest'
import { dip, fall, market, metric, ran, reading } from './defences.suite.ts'

const spec = { kind: 'fund', capitalUsd: 1e3 }
const courses = [fall(0.45, 120, 240)]

describe('fund', () => {
  it('rule: it pays what was lost, no more than it has, and is a row of the report', () => {
    for (const capitalUsd of [1e3, 1e5]) {
      const report = ran(market([{ ...spec, capitalUsd }], courses))
      const lost = metric(report, 'bad_debt_usd')
      const paid = Math.min(lost, capitalUsd)
      expect(lost).toBeGreaterThan(2e3)
      expect(reading(report, 'paid_usd')).toBeCloseTo(paid, 6)
      expect(reading(report, 'left_usd')).toBeCloseTo(capitalUsd - paid, 6)
      expect(report.funds).toHaveLength(1)
      const [{ fund, drawn_usd, uncovered_usd }] = report.funds
      expect(fund).toBe('fund of bank')
      expect(drawn_usd).toBeCloseTo(paid, 6)
      expect(uncovered_usd).toBeCloseTo(lost - paid, 6)
    }
  })

  it('helps: lenders bear less of what was lost', () => {
    const [with_, without] = [1e5, 0.01].map((capitalUsd) =>
      ran(market([{ ...spec, capitalUsd }], courses)),
    )
    expect(with_.funds[0].uncovered_usd).toBe(0)
    expect(without.funds[0].uncovered_usd).toBeGreaterThan(2e3)
  })

  it('hurts: in a dip it is capital that stands idle, and stops no sale', () => {
    const [with_, without] = [[spec], []].map((of) => ran(market(of, dip(0.3))))
    expect(reading(with_, 'left_usd')).toBe(1e3)
    expect(with_.metrics).toEqual(without.metrics)
  })
})
