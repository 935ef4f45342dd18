import { describe, expect, it } from 'vitest'
import { defenceFactories, defenceFrom } from '../setup.ts'
import { dip, fall, market, metric, ran } from './defences.suite.ts'

/** Every defence with parameters that make it act in a dip of 30 %. */
const cases: Readonly<Record<string, Record<string, unknown>>> = {
  breaker: { drop: 0.1, windowSeconds: 600, pauseSeconds: 900, graceSeconds: 900 },
  speedLimit: { perBlockUsd: 500 },
}

/** Those that stand in the market even where nothing happens. */
const standing: readonly string[] = []

describe.each(Object.keys(defenceFactories))('%s', (kind) => {
  const defence = { kind, ...cases[kind] }

  it('law: it acts in a dip, and every check of the run holds', () => {
    expect(cases[kind], 'a case in this file').toBeDefined()
    const report = ran(market([defence], dip(0.3)))
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    const bare = ran(market([], dip(0.3)))
    expect(report.metrics).not.toEqual(bare.metrics)
  })

  it('law: where prices stand still nobody is sold, with it or without', () => {
    const quiet = ran(market([defence], [fall(0, 0, 1)]))
    const bare = ran(market([], [fall(0, 0, 1)]))
    expect(metric(quiet, 'total_liquidated_usd')).toBe(0)
    if (!standing.includes(kind)) expect(quiet.metrics).toEqual(bare.metrics)
  })

  it('law: the same twice is the same, to the last bit', () => {
    const twice = [0, 1].map(() => JSON.stringify(ran(market([defence], dip(0.3)))))
    expect(twice[0]).toBe(twice[1])
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
