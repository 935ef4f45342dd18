/** The example shows what a pool bears, and that without a hedge nothing feeds back. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'

async function reportOf(hedge: string | null): Promise<TimedReport> {
  const folder = join(import.meta.dirname, '../../examples/rules')
  const set = hedge === null ? [] : [['protocols.pool.rules.hedge', hedge] as const]
  const { scenario, runId } = await readScenario('gmxV2.yaml', diskSource(folder, null), set)
  return run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
}

it('behaviour: the pool gains from longs, owes to shorts, and deleverages them', async () => {
  const report = await reportOf(null)
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  const [{ gauges, liquidations, repaid_usd }] = report.protocols
  const gauge = (name: string) => gauges.find((row) => row.name === name)!
  expect(liquidations).toBeGreaterThan(300)
  expect(gauge('long_interest').final).toBeLessThan(0.1 * gauge('long_interest').opening)
  expect(gauge('deleveraged').final).toBeGreaterThan(5e6)
  expect(gauge('unhedged').final).toBeLessThan(1)
  expect(gauge('pool').lowest).toBeLessThan(0.7 * gauge('pool').opening)
  expect(report.protocols[0].sales_usd).toBeGreaterThan(0.4 * repaid_usd)
})

it('behaviour: at a hedge of 0 positions close as they would, and no price moves', async () => {
  const report = await reportOf('0%')
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  const { primary, hastened, feedback_only, averted } = report.fates!
  expect(primary.accounts).toBeGreaterThan(300)
  expect([hastened, feedback_only, averted].map(({ accounts }) => accounts)).toEqual([0, 0, 0])
  expect(report.protocols[0].sales_usd).toBe(0)
})
