/** Every kind of rules has an example that runs in time, with its books balanced. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyBook } from '../src/book.ts'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import type { Metric, Report } from '../src/report.ts'
import { run } from '../src/run.ts'
import { rulesFactories, rulesFrom } from '../src/setup.ts'
import type { TimedReport } from '../src/timedReport.ts'

const folder = join(import.meta.dirname, '../examples/rules')

it('behaviour: a version may be written as a number', async () => {
  const source = diskSource(folder, null)
  for (const [given, version] of [
    ['3.3', '3.3'],
    ['3.0', '3.0'],
    ['"3.7"', '3.7'],
  ] as const) {
    const set = [['protocols.market.rules.version', given]] as const
    const { scenario } = await readScenario('aaveV3.yaml', source, set)
    expect(scenario.protocols[0].rules.version).toBe(version)
  }
})

it('law: a book that rules make twice shares nothing that a run writes to', async () => {
  const makers: string[] = []
  for (const kind of Object.keys(rulesFactories)) {
    const { scenario } = await readScenario(`${kind}.yaml`, diskSource(folder, null), [])
    const prices = Float64Array.from(scenario.assets, ({ price }) => price)
    const { rules: spec, positions } = scenario.protocols[0]
    const rules = rulesFrom(spec)
    if (rules.book === undefined) continue
    makers.push(kind)
    const [one, other] = [rules.book(positions, prices), rules.book(positions, prices)]
    const wanted = copyBook(other)
    expect(one).toEqual(wanted)
    one.amount.fill(7)
    one.version.fill(7)
    expect(other).toEqual(wanted)
  }
  expect(makers).toEqual(expect.arrayContaining(['perpetual', 'gmxV2', 'crvUsd', 'fluid']))
})

describe.each(Object.keys(rulesFactories))('%s', (kind) => {
  it('law: has an example that runs, whose checks hold, and in which collateral is sold', async () => {
    expect(existsSync(join(folder, `${kind}.yaml`))).toBe(true)
    const { scenario, runId } = await readScenario(`${kind}.yaml`, diskSource(folder, null), [])
    expect(scenario.protocols.map(({ rules }) => rules.kind)).toContain(kind)
    const report = run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.checks.map(({ name }) => name)).toContain('stock = flow')
    const isHouse = rulesFrom(scenario.protocols[0].rules).house !== undefined
    const brought = report.liquidators.reduce((sum, { proceeds_usd }) => sum + proceeds_usd, 0)
    expect(isHouse ? report.protocols[0].repaid_usd : brought).toBeGreaterThan(1e5)
  })

  it.each([0.1, 0.2, 0.35])('law: without time its checks hold at a drop of %f', async (drop) => {
    const { scenario, runId } = await readScenario(`${kind}.yaml`, diskSource(folder, null), [])
    const instant = { ...scenario, time: null, shock: { asset: 0, drop } }
    const report = run(instant, { runId, engineVersion: '0', data: [] })
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  })
})

it('law: an exchange with a vault runs, its checks hold, and nothing of it is an auction', async () => {
  const name = 'perpetual-hyperliquid.yaml'
  const { scenario, runId } = await readScenario(name, diskSource(folder, null), [])
  const report = run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  const [exchange] = report.protocols
  expect(exchange.sales_usd).toBeGreaterThan(1e6)
  expect(exchange.in_auction_usd).toBe(0)
  expect(exchange.gauges.find(({ name }) => name === 'backstop')!.lowest).toBeLessThan(2e6)
})

it.each([
  ['makerFlip', 0],
  ['makerClip', 0],
  ['liquityV1', 0.045],
])('law: without time %s leaves liquidators at most %f of the debt', async (kind, most) => {
  const { scenario, runId } = await readScenario(`${kind}.yaml`, diskSource(folder, null), [])
  const instant = { ...scenario, time: null, shock: { asset: 0, drop: 0.3 } }
  const { metrics } = run(instant, { runId, engineVersion: '0', data: [] }) as Report
  const numberOf = (name: string) => (metrics[name] as Metric).value!
  const repaid = numberOf('total_liquidated_usd')
  expect(repaid).toBeGreaterThan(1e5)
  expect(numberOf('liquidator_profit_usd')).toBeLessThan((most + 1e-9) * repaid)
})
