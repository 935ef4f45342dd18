/** A fund that an exchange and a lending market share, in a run in time. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import { run } from '../src/run.ts'
import type { TimedReport } from '../src/timedReport.ts'

const examples = diskSource(join(import.meta.dirname, '../examples'), null)
const play = async (set: readonly (readonly [string, string])[]) => {
  const { scenario, runId } = await readScenario('october-2025.yaml', examples, set)
  return run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
}

it('default: lenders get back what the fund may pay; the rest is named', async () => {
  const report = await play([
    ['blocks', '420'],
    ['funds.umbrella.capital', '$2M'],
    ['funds.umbrella.draws.exchange', '75%'],
  ])
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  expect(report.checks.map(({ name }) => name)).toContain('shared funds balance')
  const [row] = report.funds
  expect(row).toMatchObject({ fund: 'umbrella', protocol: 'exchange', most_usd: 1.5e6 })
  expect(row.drawn_usd).toBeCloseTo(1.5e6, 3)
  expect(row.left_usd).toBeCloseTo(0.5e6, 3)
  expect(row.uncovered_usd).toBeCloseTo(report.protocols[0].bad_debt_usd - row.drawn_usd, 3)
})

it('error: a share of a protocol that is not there', async () => {
  const set = [
    ['funds.umbrella.capital', '$2M'],
    ['funds.umbrella.draws.exchang', '75%'],
  ] as const
  await expect(play(set)).rejects.toMatchObject({ code: 'FB2054' })
})
