/** An hour of any rules in time, read from a scenario as a person writes it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'

/** The day of the bundled examples, in which ETH falls by a third. */
const day = readFileSync(
  join(import.meta.dirname, '..', '..', 'examples', 'rules', '_day.yaml'),
  'utf8',
)

/** Runs rules over positions, and holds the run to its own checks. */
export async function runInTime(rules: string, positions: readonly string[]): Promise<TimedReport> {
  const text = `extends: _day.yaml
name: falling
asOf: 2024-01-02
protocols:
  market:
    rules: ${rules}
    oracle: spot
    book: { file: positions.csv }
`
  const rows = ['account,asset,side,amount,group', ...positions]
  const files = { '_day.yaml': day, 'own.yaml': text, 'positions.csv': `${rows.join('\n')}\n` }
  const { scenario, runId, data } = await readScenario('own.yaml', memorySource(files))
  const report = run(scenario, { runId, engineVersion: 'test', data }) as TimedReport
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  return report
}

/** Borrowers of USDC on ETH whose health factors lie close together. */
export function borrowers(count: number, threshold: number, group = ''): string[] {
  return Array.from({ length: count }, (_, i) => {
    const units = 10 + 3 * i
    const debt = (units * 2000 * threshold) / (1.05 + (0.6 * i) / count)
    return [`b${i},ETH,collateral,${units},${group}`, `b${i},USDC,debt,${debt},${group}`]
  }).flat()
}
