/** The bundled example of collateral that backs debts in two protocols. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import type { Metric, Report } from '../src/report.ts'
import { run } from '../src/run.ts'

const examples = diskSource(join(import.meta.dirname, '../examples'), null)
const play = async (set: readonly (readonly [string, string])[] = []) => {
  const { scenario, runId } = await readScenario('pledged.yaml', examples, set)
  return run(scenario, { runId, engineVersion: '0', data: [] }) as Report
}
const value = ({ metrics }: Report, name: string) => (metrics[name] as Metric).value!

it('behaviour: the second market falls because the first seized, not because of the price', async () => {
  const report = await play()
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  expect(report.checks.map(({ name }) => name)).toContain('pledged collateral is held once')
  const { first_usd, caused_usd, total_usd } = report.contagion!
  expect(first_usd[1]).toBeLessThan(0.02 * total_usd[1])
  expect(caused_usd[1][0]).toBeGreaterThan(0.85 * total_usd[1])
  expect(value(report, 'bad_debt_usd')).toBeGreaterThan(5e6)
  const { text } = report.warnings.find(({ code }) => code === 'FB4127')!
  expect(text).toMatch(/^double-counted collateral \$50\.\dM: 300 accounts borrow/)
})

it('law: what is at risk never counts more collateral than there is', async () => {
  const { at_risk, book } = await play()
  const [deepest] = at_risk.slice(-1)
  expect(deepest.collateral_usd).toBeGreaterThan(0)
  expect(deepest.collateral_usd).toBeLessThanOrEqual(
    book.collateral_usd * (1 - deepest.drop) * (1 + 1e-9),
  )
})

it('law: without feedback each protocol has the collateral for itself, and all checks hold', async () => {
  const report = await play([['feedback', 'false']])
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  expect(value(report, 'bad_debt_usd')).toBe(0)
})
