/** The example of an exchange with limits shows what limits do. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'

async function reportOf(name: string): Promise<TimedReport> {
  const folder = join(import.meta.dirname, '../../examples/rules')
  const { scenario, runId } = await readScenario(`${name}.yaml`, diskSource(folder, null), [])
  return run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
}

it('behaviour: sales wait, the fund is emptied, and deleveraging then costs little', async () => {
  const report = await reportOf('perpetual-dydx')
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  const [{ gauges, accounts, liquidations, bad_debt_usd, shortfall_usd }] = report.protocols
  const gauge = (name: string) => gauges.find((row) => row.name === name)!
  expect(gauge('fund').highest).toBeGreaterThan(250_000)
  expect(gauge('fund').lowest).toBeLessThan(100)
  expect(gauge('deleveraged').final).toBeGreaterThan(5e6)
  expect(gauge('haircut').final).toBeLessThan(0.01 * gauge('deleveraged').final)
  expect(gauge('unmet').final).toBe(0)
  expect([bad_debt_usd, shortfall_usd]).toEqual([0, 0])
  expect(liquidations).toBeGreaterThan(5 * accounts)
  expect(report.fates!.delayed.accounts).toBeGreaterThan(0.9 * accounts)
})
