/** The example of Drift v2 shows what waits, and who pays for it. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'

it('behaviour: accounts wait while the market is below the oracle, and some come to owe', async () => {
  const folder = join(import.meta.dirname, '../../examples/rules')
  const { scenario, runId } = await readScenario('driftV2.yaml', diskSource(folder, null), [])
  const report = run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  const [{ accounts, liquidations, bad_debt_usd }] = report.protocols
  expect(liquidations).toBeGreaterThan(5 * accounts)
  expect(report.fates!.delayed.accounts).toBeGreaterThan(0.3 * accounts)
  expect(bad_debt_usd).toBeGreaterThan(1e5)
})
