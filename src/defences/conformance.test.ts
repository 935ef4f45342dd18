import { describe, expect, it } from 'vitest'
import { ETH, USD } from '../blocks.suite.ts'
import { defenceFactories, defenceFrom } from '../setup.ts'
import type { FundRow } from '../timedReport.ts'
import { defaultsOf, dip, fall, market, metric, ran } from './defences.suite.ts'

/** Every defence with parameters, beside its defaults, that make it act in a dip of 30 %. */
const cases: Readonly<Record<string, Record<string, unknown>>> = {
  backstop: { capitalUsd: 2e4, minProfitUsd: -10, afterSeconds: 60, share: 0.3, gas: 3e5 },
  breaker: { drop: 0.1, windowSeconds: 600, pauseSeconds: 900, graceSeconds: 900 },
  dutchAuction: { buffer: 1.2, cut: 0.99, stepSeconds: 30 },
  dynamicThreshold: { everySeconds: 60, perDay: 50, rampSeconds: 120 },
  fund: { capitalUsd: 1e3 },
  oracleAuction: { share: 0.5, windowSeconds: 60 },
  oracleGuard: { fromMean: 0.05, windowSeconds: 600 },
  priceBand: { band: 0.002 },
  protocolLiquidity: { reservesUsd: 1e5, width: 0.1, fee: 0.003, halfLifeSeconds: 3600 },
  sharedBackstop: { capitalUsd: 1e3, rule: 'byDebt' },
  softLiquidation: { width: 0.01 },
  speedLimit: { perBlockUsd: 500 },
  stabilityPool: { capitalUsd: 2e4, gas: 3e5 },
  targetHealth: {},
  violationBonus: { least: 0, fullAt: 0.95 },
}

/** Those that stand there even where nothing happens: quotes, and a zone for the next fall. */
const standing: readonly string[] = ['protocolLiquidity', 'softLiquidation']

/** Those that pay for what was lost, and so act in a fall that loses something. */
const paying: readonly string[] = ['fund', 'sharedBackstop']

const isDrawn = ({ drawn_usd }: FundRow) => drawn_usd > 0

describe.each(Object.keys(defenceFactories))('%s', (kind) => {
  const defence = { kind, ...defaultsOf(kind), ...cases[kind] }

  it('law: it acts in a dip, and every check of the run holds', () => {
    expect(cases[kind], 'a case in this file').toBeDefined()
    const course = paying.includes(kind) ? [fall(0.45, 120, 240)] : dip(0.3)
    const report = ran(market([defence], course))
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    const bare = ran(market([], course))
    const acts = ({ metrics, funds }: typeof report) => [metrics, funds.some(isDrawn)]
    expect(acts(report)).not.toEqual(acts(bare))
  })

  it('law: where prices stand still nobody is sold, with it or without', () => {
    const quiet = ran(market([defence], [fall(0, 0, 1)]))
    const bare = ran(market([], [fall(0, 0, 1)]))
    expect(metric(quiet, 'total_liquidated_usd')).toBe(0)
    if (!standing.includes(kind)) expect(quiet.metrics).toEqual(bare.metrics)
  })

  it('law: it stands a book of which a part could be liquidated before anything moved', () => {
    const scenario = market([defence], [fall(0.1, 120, 720)])
    const assets = [
      { asset: ETH, threshold: 0.75, bonus: 0.06 },
      { asset: USD, threshold: null, bonus: 0 },
    ]
    const [bank] = scenario.protocols
    const report = ran({ ...scenario, protocols: [{ ...bank, rules: { ...bank.rules, assets } }] })
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(metric(report, 'total_liquidated_usd')).toBeGreaterThan(0)
  })

  it('law: the same twice is the same, to the last bit', () => {
    const twice = [0, 1].map(() => JSON.stringify(ran(market([defence], dip(0.3)))))
    expect(twice[0]).toBe(twice[1])
  })

  it('default: it stands with its defaults alone', () => {
    const report = ran(market([{ kind, ...defaultsOf(kind) }], dip(0.1)))
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })

  it('default: it has readings with names and definitions, one number each', () => {
    const made = defenceFrom(defence)
    const out = new Float64Array(made.readings.length).fill(Number.NaN)
    made.read(out)
    expect(out.every((value) => Number.isFinite(value))).toBe(true)
    expect(made.name).toBe(kind)
    for (const { name, definition } of made.readings) {
      expect(name).toMatch(/^[a-z0-9_]+$/)
      expect(definition).toMatch(/\.$/)
    }
  })
})

describe('all of them at once', () => {
  it.each([
    ['in a dip', dip(0.3)],
    ['in a crash', [fall(0.45, 120, 240)]],
  ])('law: %s every check of the run holds', (_, courses) => {
    const all = Object.keys(defenceFactories)
    const specs = all.map((kind) => ({ kind, ...defaultsOf(kind), ...cases[kind] }))
    for (const defences of [specs, [...specs].reverse()]) {
      const report = ran(market(defences, courses))
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
      expect(metric(report, 'total_liquidated_usd')).toBeGreaterThan(0)
    }
  })
})
