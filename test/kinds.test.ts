/** Every kind of rules has an example that runs in time, with its books balanced. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import { run } from '../src/run.ts'
import { rulesFactories } from '../src/setup.ts'
import type { TimedReport } from '../src/timedReport.ts'

const folder = join(import.meta.dirname, '../examples/rules')

describe.each(Object.keys(rulesFactories))('%s', (kind) => {
  it('law: has an example that runs, whose checks hold, and in which collateral is sold', async () => {
    expect(existsSync(join(folder, `${kind}.yaml`))).toBe(true)
    const { scenario, runId } = await readScenario(`${kind}.yaml`, diskSource(folder, null), [])
    expect(scenario.protocols.map(({ rules }) => rules.kind)).toContain(kind)
    const report = run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.checks.map(({ name }) => name)).toContain('stock = flow')
    const sold = report.liquidators.reduce((sum, { proceeds_usd }) => sum + proceeds_usd, 0)
    expect(sold).toBeGreaterThan(1e5)
  })
})
