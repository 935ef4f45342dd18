/** Bands are sold while every account stands: the page of such a run must say so. */

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { KINDS } from '../src/block/done.ts'
import { paintFor } from '../src/cli/paint.ts'
import { renderTimedRun } from '../src/cli/terminal/timed.ts'
import { markdown } from '../src/document/markdown.ts'
import { timedOutline } from '../src/document/timed.ts'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import { run } from '../src/run.ts'
import { columnOf, type Table } from '../src/table.ts'
import { timedRun } from '../src/timed.ts'
import type { TimedReport } from '../src/timedReport.ts'

const folder = join(import.meta.dirname, '../examples/rules')

it('behaviour: collateral that is sold where nobody is liquidated is said with its dollars', async () => {
  const mild = [['paths.prices.ETH.points', '{ 0s: 2000, 30min: 1850, 1h: 1900 }']] as const
  const { scenario, runId } = await readScenario('crvUsd.yaml', diskSource(folder, null), mild)
  const report = run(scenario, { runId, engineVersion: '0', data: [] }) as TimedReport
  const [{ accounts, sales, sales_usd: usd }] = report.protocols
  expect(accounts).toBe(0)
  expect(sales).toBeGreaterThan(2)
  expect(usd).toBeGreaterThan(1e4)
  const said = `nobody was liquidated, but crvusd itself sold $${(usd / 1e3).toFixed(0)}k`
  expect(markdown(timedOutline(report, [], 'firebreak run crvUsd'))).toContain(said)
  const page = renderTimedRun(report, {
    ...{ columns: 80, paint: paintFor('none'), unicode: true, program: 'firebreak' },
    ...{ entry: 'crvUsd', gates: [], saved: null, milliseconds: null },
  })
  expect(page.replace(/\s+/g, ' ')).toContain(said)
  expect(page).toContain(`${sales} sales by protocols`)
  expect(page).toContain('crvusd itself sells collateral for the first time')
})

it('law: what is bought back on the way up is no sale, and all else is', async () => {
  const { scenario } = await readScenario('crvUsd.yaml', diskSource(folder, null), [])
  const blocks = timedRun(scenario, { runId: '', engineVersion: '0', data: [] })
  let events: Table
  let next = blocks.next()
  for (; !next.done; next = blocks.next()) events = next.value.tables[1]
  const kind = columnOf(events!, 'kind')
  const units = columnOf(events!, 'units')
  const opening = columnOf(events!, 'price_before')
  const count = [0, 0]
  const usd = [0, 0]
  columnOf(events!, 'collateral').forEach((asset, row) => {
    if (KINDS[kind[row]] !== 'sale') return
    const isCoin = scenario.assets[asset].name === 'crvUSD' ? 1 : 0
    count[isCoin]++
    usd[isCoin] += units[row] * opening[row]
  })
  expect(count[1]).toBeGreaterThan(5)
  const [{ sales, sales_usd: sold }] = next.value.protocols
  expect(sales).toBe(count[0])
  expect(Math.abs(sold / usd[0] - 1)).toBeLessThan(0.01)
})
