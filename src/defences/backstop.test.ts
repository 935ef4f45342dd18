import { describe, expect, it } from 'vitest'
import { curve, ETH, positionsOf, timedScenario, USD, unlimited } from '../blocks.suite.ts'
import type { VenueSpec } from '../scenario.ts'
import { withDefences } from '../setup.ts'
import { dip, fall, market, metric, ran, reading, searcher } from './defences.suite.ts'

const spec = {
  kind: 'backstop',
  ...{ capitalUsd: 5e4, minProfitUsd: -10, afterSeconds: 60, share: 0, gas: 3e5 },
}

/** Takers that small loans are not worth it for. */
const choosy = { takers: [{ ...searcher, minProfitUsd: 60 }] }

const whole = {
  kind: 'stopOut',
  assets: [
    { asset: ETH, threshold: 0.8, bonus: 0 },
    { asset: USD, threshold: null, bonus: 0 },
  ],
}
const linearCurve = { ...curve, shape: 'linear', coefficient: 0.024 } as VenueSpec

/**
 * Theory T13: 25 units forced per dollar, an impact of 0.024 dollars a unit, so a loop gain of 0.6;
 * ETH falls by 4 of 100 dollars. Positions of a quarter of a unit, at triggers a cent apart.
 */
function linear(share: number) {
  const rows = Array.from({ length: 2000 }, (_, i): [number, number, 1 | -1, number][] => [
    [i, ETH, 1, 0.25],
    [i, USD, -1, 0.25 * 0.8 * (100 - 0.01 * (i + 1))],
  ])
  const scenario = timedScenario(
    positionsOf(rows.flat()),
    {
      blocks: 60,
      prices: [{ asset: ETH, courses: [{ kind: 'step', drop: 0.04, atSeconds: 1 }] }],
      takers: [unlimited],
    },
    { rules: whole, venues: [linearCurve] },
  )
  const [bank] = scenario.protocols
  const own = { ...spec, capitalUsd: 1e9, minProfitUsd: -1e9, afterSeconds: 1e6, share, gas: 0 }
  return withDefences({ ...scenario, protocols: [{ ...bank, defences: [own] }] })
}

describe('backstop', () => {
  it.each([0, 0.25, 0.5, 0.75])('theory T23b: absorbing %f leaves loop gain x (1 - w)', (w) => {
    const report = ran(linear(w))
    const drop = 100 * metric(report, 'lowest_drop')
    // A position is a share of 1 / 500 of what is forced.
    expect(Math.abs(drop / (4 / (1 - 0.6 * (1 - w))) - 1)).toBeLessThan(0.003)
    expect(Math.abs(reading(report, 'absorbed_share') - w)).toBeLessThan(0.003)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('rule: others have an account for themselves until the time is over, to the block', () => {
    const nobody = { takers: [{ ...searcher, minProfitUsd: 1e9 }] }
    const courses = [{ kind: 'step', drop: 0.05, atSeconds: 120 } as const]
    const report = ran(market([spec], courses, nobody))
    expect(report.events.length).toBeGreaterThan(0)
    // Who fell in block 10, at 120 s, and nobody wants: no price moves after that but by its own.
    expect(Math.min(...report.events.map(({ at_seconds }) => at_seconds))).toBe(120 + 60)
    expect(reading(report, 'absorbed_share')).toBe(1)
  })

  it('rule: below the profit that it wants it does not buy either', () => {
    const nobody = { takers: [{ ...searcher, minProfitUsd: 1e9 }] }
    const report = ran(market([{ ...spec, minProfitUsd: 1e6 }], dip(0.3), nobody))
    expect(reading(report, 'absorbed_usd')).toBe(0)
  })

  it('helps: it buys what nobody wants, before it is bad debt', () => {
    const [with_, without] = [[spec], []].map((of) =>
      ran(market(of, [fall(0.45, 120, 3600)], choosy)),
    )
    const lost = (report: typeof with_) =>
      metric(report, 'bad_debt_usd') + metric(report, 'shortfall_usd')
    expect(lost(without)).toBeGreaterThan(0)
    expect(lost(with_)).toBeLessThan(0.5 * lost(without))
  })

  it('hurts: what it sells by its schedule comes on top of a fall that goes on', () => {
    const seller = { ...spec, minProfitUsd: -100, afterSeconds: 0, share: 0.5, sellSeconds: 600 }
    const [with_, without] = [[seller], []].map((of) => ran(market(of, [fall(0.5, 120, 1800)])))
    expect(metric(with_, 'lowest_drop')).toBeGreaterThan(metric(without, 'lowest_drop'))
    expect(with_.liquidators[1].profit_usd).toBeLessThan(0)
  })
})
