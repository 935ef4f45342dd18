import { describe, expect, it } from 'vitest'
import { withDefences } from '../setup.ts'
import { dip, fall, market, metric, ran, reading } from './defences.suite.ts'

const spec = { kind: 'stabilityPool', capitalUsd: 5e4, gas: 3e5 }

describe('stabilityPool', () => {
  it('rule: it stands first, and spends what it has and no more', () => {
    const large = ran(market([spec], dip(0.3)))
    expect(reading(large, 'absorbed_share')).toBe(1)
    expect(large.liquidators.map(({ name, won }) => [name, won > 0])).toEqual([
      ['searcher', false],
      ['stability pool of bank', true],
    ])
    const small = ran(market([{ ...spec, capitalUsd: 1e4 }], dip(0.3)))
    expect(reading(small, 'absorbed_usd')).toBeGreaterThan(0.98e4)
    expect(reading(small, 'absorbed_usd')).toBeLessThanOrEqual(1e4)
    expect(small.liquidators[0].won).toBeGreaterThan(0)
    // Nobody else is asked for what is kept for it, so nobody pays gas in vain.
    expect(small.liquidators[1].failed).toBe(0)
  })

  it('rule: it pays debts of its own protocol alone', () => {
    const scenario = market([], dip(0.3))
    const [bank] = scenario.protocols
    const report = ran(
      withDefences({
        ...scenario,
        protocols: [
          { ...bank, defences: [spec] },
          { ...bank, name: 'other' },
        ],
      }),
    )
    const [own] = report.protocols
    const row = report.liquidators.find(({ name }) => name === 'stability pool of bank')!
    expect(reading(report, 'absorbed_usd')).toBeGreaterThan(0)
    expect(reading(report, 'absorbed_usd')).toBeLessThanOrEqual(own.repaid_usd * (1 + 1e-9))
    expect(row.paid_usd).toBeCloseTo(reading(report, 'absorbed_usd'), 6)
  })

  it('helps: as long as it lasts nothing is sold, and nobody is pulled along', () => {
    const [with_, without] = [[spec], []].map((of) => ran(market(of, dip(0.3))))
    expect(metric(with_, 'lowest_drop')).toBeCloseTo(0.3, 9)
    expect(metric(without, 'lowest_drop')).toBeGreaterThan(0.4)
    const liquidated = metric(with_, 'total_liquidated_usd')
    expect(liquidated).toBeLessThan(0.7 * metric(without, 'total_liquidated_usd'))
  })

  it('hurts: spent on a first fall it lacks in the second, and depositors hold the loss', () => {
    const courses = [fall(0.2, 120, 480), fall(0.3, 900, 1500)]
    const small = { ...spec, capitalUsd: 2e4 }
    const [with_, without] = [[small], []].map((of) => ran(market(of, courses)))
    expect(metric(with_, 'lowest_drop')).toBeGreaterThan(metric(without, 'lowest_drop'))
    expect(with_.liquidators[1].profit_usd).toBeLessThan(-5000)
  })
})
