import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { SAMPLE, timeOverrides } from '../ingest/inTime.ts'
import { readScenario } from '../ingest/read.ts'
import type { Metric } from '../report.ts'
import { run } from '../run.ts'
import { worldOf } from '../timedWorlds.suite.ts'
import { drawKey, drawOf, isRandom } from './draw.ts'
import { meterOf } from './meter.ts'

const read = (name: string, keys: [string, string][] = []) =>
  readScenario(name, diskSource('.'), keys)

const examples: [string, [string, string][]][] = [
  ['eth-lending', []],
  ['two-protocols', []],
  ['eth-lending', [['order', 'batch']]],
  ['slow-oracle', [['blocks', '600']]],
  ['rules/perpetual', [['blocks', '600']]],
  ['may-2021', [['blocks', '2500']]],
  ['october-2025', []],
  ['black-thursday', []],
  ['rules/crvUsd', [['blocks', '900']]],
  ['rules/makerClip', [['blocks', '900']]],
  ['rules/comet', []],
  ['eth-lending', compared('eth-lending')],
]

/** Keys of a comparison: a time, a sample, and a defence of its own. */
function compared(name: string): [string, string][] {
  const added = timeOverrides(name, diskSource('.'), [])
  const keys = [...added, SAMPLE, ['defences.breaker', '{}']] as [string, string][]
  return keys
}

describe('meterOf', () => {
  it('law: a run is the same after others, where a defence moves thresholds', () => {
    const moving = {
      kind: 'dynamicThreshold',
      ...{ sensitivity: 1, calm: 0.1, horizonSeconds: 86400, halfLifeSeconds: 60, floor: 0.6 },
      ...{ everySeconds: 1, perDay: 1000, rampSeconds: 1, grandfathered: 0 },
    }
    for (let n = 0; n < 20; n++) {
      const world = worldOf(n)
      const protocols = world.protocols.map((one) =>
        one.rules.kind === 'makerFlip' ? one : { ...one, defences: [moving] },
      )
      const meter = meterOf({ ...world, protocols }, { extra: 'none' })
      const first = meter.run(0).slice()
      meter.run(1)
      expect(meter.run(0), `world ${n}`).toEqual(first)
    }
  })

  it.each(examples)('law: a run of %s %j is that of its rerun', async (name, keys) => {
    const { scenario } = await read(name, keys)
    const meter = meterOf(scenario, { extra: 'none' })
    let [exact, all] = [0, 0]
    for (const index of [0, 3]) {
      const row = meter.run(index)
      meter.measures.forEach(({ range, name }, m) => {
        const [least, most] = range ?? [Number.NEGATIVE_INFINITY, null]
        expect(row[m] < least || row[m] > (most ?? Number.POSITIVE_INFINITY), name).toBe(false)
      })
      const key = drawKey(scenario)
      const again = await read(name, [...keys, [key, String(drawOf(scenario, index))]])
      const report = run(again.scenario, { runId: '', engineVersion: '', data: [] })
      meter.measures.forEach(({ name }, m) => {
        const metric = report.metrics[name] as Metric | undefined
        if (metric === undefined) return
        const value = metric.value ?? Number.NaN
        // Stock of several generations is sold in parts by the rerun, at once by the meter.
        const rounding = 1e-12 * Math.abs(value)
        const isSame = Object.is(row[m], value) || Math.abs(row[m] - value) <= rounding
        expect(isSame, `${name} ${row[m]} ${value}`).toBe(true)
        exact += +Object.is(row[m], value)
        all++
      })
      const known = meter.measures.filter(({ name }) => report.metrics[name] !== undefined)
      expect(known.length).toBeGreaterThan(10)
    }
    expect(exact).toBeGreaterThan((2 / 3) * all)
  })

  it('vector: what a number cannot leave', async () => {
    const { scenario } = await read('slow-oracle', [['blocks', '400']])
    const { measures } = meterOf(scenario, { extra: 'none' })
    const ranges = Object.fromEntries(measures.map(({ name, range }) => [name, range]))
    expect(ranges).toMatchObject({ lowest_drop: [0, 1], bad_debt_usd: [0, null] })
    expect([ranges.final_drop, ranges.liquidator_profit_usd]).toEqual([undefined, undefined])
  })

  it('law: runs of a meter do not touch each other', async () => {
    const { scenario } = await read('slow-oracle', [['blocks', '400']])
    const once = meterOf(scenario, { extra: 'none' }).run(5)
    const meter = meterOf(scenario, { extra: 'none' })
    meter.run(2)
    expect(meter.run(5)).toEqual(once)
  })

  it('behaviour: ignition is that of the report', async () => {
    const { scenario } = await read('eth-lending')
    const meter = meterOf(scenario, { extra: 'ignition' })
    const at = meter.measures.findIndex(({ name }) => name === 'ignition_drop')
    const report = run(scenario, { runId: '', engineVersion: '', data: [] })
    const { value } = report.metrics.ignition_drop as Metric
    expect(meter.run(0)[at]).toBeCloseTo(value!, 5)
  })
})

describe('isRandom', () => {
  it('behaviour: a book that is read, or has a seed of its own, is the same in every run', async () => {
    expect(isRandom((await read('eth-lending')).scenario)).toBe(true)
    expect(isRandom((await read('slow-oracle')).scenario)).toBe(true)
    const { scenario } = await read('eth-lending')
    const cohorts = scenario.protocols[0].positions.cohorts!.map((one) => ({
      ...one,
      isFixed: true,
    }))
    const positions = { ...scenario.protocols[0].positions, cohorts }
    const protocols = [{ ...scenario.protocols[0], positions }]
    expect(isRandom({ ...scenario, protocols })).toBe(false)
  })
})
