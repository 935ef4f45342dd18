import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { pathSampler, pathsFor } from '../paths/sample.ts'
import type { Metric } from '../report.ts'
import { run } from '../run.ts'
import { controlledMeans, controlOf, controls } from './control.ts'
import { ExtraError, meterOf } from './meter.ts'

const calm: [string, string][] = [
  ['blocks', '300'],
  ['paths.prices.ETH', '[{ kind: gbm, drift: 0%, volatility: 2000% }]'],
]
const read = async (keys = calm) =>
  (await readScenario('slow-oracle', diskSource('.'), keys)).scenario

describe('controlOf', () => {
  it('law: at a lowest price on the grid it is the instant cascade of that drop', async () => {
    const scenario = await read()
    const paths = pathsFor(scenario.time!, scenario.assets.length)
    paths.price.fill(1)
    const { asset } = scenario.shock
    paths.price[7 * scenario.assets.length + asset] = 0.8
    const [total, bad] = controlOf(scenario).of(paths)
    const report = run(
      { ...scenario, time: null, shock: { asset, drop: 0.2 } },
      { runId: '', engineVersion: '', data: [] },
    )
    const value = (name: string) => (report.metrics[name] as Metric).value!
    expect(total / value('total_liquidated_usd')).toBeCloseTo(1, 9)
    expect(bad).toBeCloseTo(value('bad_debt_usd'), 4)
    expect(total).toBeGreaterThan(1e6)
  })

  it('law: a meter reads it from the path of its run', async () => {
    const scenario = await read()
    const meter = meterOf(scenario, { extra: 'control' })
    const plain = meterOf(scenario, { extra: 'none' }).run(3)
    const row = meter.run(3)
    expect(row.subarray(0, plain.length)).toEqual(plain)
    const paths = pathsFor(scenario.time!, scenario.assets.length)
    const { seed, time, assets } = scenario
    pathSampler(time!, assets.length).sample(seed, time!.path + 3, paths)
    expect([...row.subarray(plain.length)]).toEqual([...controlOf(scenario).of(paths)])
    const names = meter.measures.map(({ name }) => name)
    for (const name of Object.values(controls)) expect(names).toContain(name)
  })

  it('law: it saves runs, and says how many', async () => {
    const scenario = await read()
    const meter = meterOf(scenario, { extra: 'control' })
    const rows = Array.from({ length: 60 }, (_, k) => meter.run(k))
    const column = (name: string) =>
      Float64Array.from(rows, (row) => row[meter.measures.findIndex((one) => one.name === name)])
    const { mean, reduction, explained } = controlledMeans(
      scenario,
      column,
      0.95,
    ).total_liquidated_usd
    expect(explained).toBeGreaterThan(0.5)
    expect(reduction).toBeGreaterThan(1.5)
    const plain = column('total_liquidated_usd').reduce((a, b) => a + b, 0) / 60
    expect(mean.low! < plain && plain < mean.high!).toBe(true)
  })

  it('error: what a scenario does not have', async () => {
    const scenario = await read()
    expect(() => meterOf(scenario, { extra: 'ignition' })).toThrow(ExtraError)
    const instant = (await readScenario('eth-lending', diskSource('.'))).scenario
    expect(() => meterOf(instant, { extra: 'control' })).toThrow(/FB2091/)
  })
})
