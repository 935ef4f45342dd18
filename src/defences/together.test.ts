import { describe, expect, it } from 'vitest'
import type { DefenceSpec } from '../defence.ts'
import { dip, fall, market, metric, ran } from './defences.suite.ts'

const specs: readonly DefenceSpec[] = [
  { kind: 'violationBonus', least: 0.2, fullAt: 0.9 },
  { kind: 'oracleAuction', share: 0.5, windowSeconds: 60 },
  { kind: 'stabilityPool', capitalUsd: 5e3, gas: 3e5 },
  { kind: 'dutchAuction', buffer: 1.05, cut: 0.99, stepSeconds: 12 },
  {
    kind: 'backstop',
    ...{ capitalUsd: 1e4, minProfitUsd: -5, afterSeconds: 120, share: 0.2, gas: 3e5 },
    sellSeconds: 900,
  },
  { kind: 'protocolLiquidity', reservesUsd: 2e4, width: 0.1, fee: 0.003, halfLifeSeconds: 3600 },
  { kind: 'fund', capitalUsd: 1e3 },
  { kind: 'sharedBackstop', capitalUsd: 1e3, rule: 'byDebt' },
  { kind: 'speedLimit', perBlockUsd: 2e3 },
  { kind: 'breaker', drop: 0.2, windowSeconds: 300, pauseSeconds: 120, graceSeconds: 600 },
]

const part = { share: 0.5, gas: 3e5 }

/** Five of them, from each place on. */
const fives = specs.map((_, first) => [0, 1, 2, 3, 4].map((k) => specs[(first + 2 * k) % 10]))

describe('defences together', () => {
  it('law: whose an account is, is decided when all have shaped it, in whatever order', () => {
    const less = { kind: 'violationBonus', least: 0.2, fullAt: 0.9 }
    // They earn by the whole bonus with many accounts, and by what is left of it with few.
    for (const own of [
      { kind: 'stabilityPool', capitalUsd: 5e4, gas: 1e7 },
      { kind: 'backstop', ...{ capitalUsd: 5e4, minProfitUsd: 20, afterSeconds: 60 }, ...part },
    ]) {
      const [one, other] = [
        [own, less],
        [less, own],
      ].map((of) => ran(market(of, dip(0.3))))
      expect(one.metrics).toEqual(other.metrics)
    }
  })

  it.each([...fives, specs, [...specs].reverse()].map((of) => [of.map(({ kind }) => kind), of]))(
    'law: every check holds with %j',
    (_, of) => {
      for (const courses of [dip(0.3), [fall(0.45, 120, 240)]]) {
        const report = ran(market(of as DefenceSpec[], courses))
        expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
        expect(metric(report, 'total_liquidated_usd')).toBeGreaterThan(0)
        for (const { readings } of report.protocols[0].defences)
          for (const { value } of readings) expect(value).not.toBeNaN()
      }
    },
  )
})
