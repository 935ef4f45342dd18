/** The bundled examples in time hold in every block, and show what they are there to show. */

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diskSource } from '../src/ingest/files.ts'
import { readScenario } from '../src/ingest/read.ts'
import type { Metric } from '../src/report.ts'
import { columnOf, type Table } from '../src/table.ts'
import { timedRun } from '../src/timed.ts'
import type { TimedReport } from '../src/timedReport.ts'

interface Day {
  readonly report: TimedReport
  readonly frames: Table
  readonly events: Table
}

async function dayOf(name: string): Promise<Day> {
  const folder = join(import.meta.dirname, '../examples')
  const { scenario, runId } = await readScenario(`${name}.yaml`, diskSource(folder, null), [])
  const blocks = timedRun(scenario, { runId, engineVersion: '0', data: [] })
  let tables: readonly Table[] = []
  for (;;) {
    const next = blocks.next()
    if (next.done) return { report: next.value, frames: tables[0], events: tables[1] }
    tables = next.value.tables
  }
}

const value = ({ metrics }: TimedReport, name: string) => (metrics[name] as Metric).value!

const sum = (column: Float64Array): number => column.reduce((all, one) => all + one, 0)

/** Stock = flow is looked at in every block; the detail names the worst. */
function expectSound({ report, frames, events }: Day): void {
  expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
  expect(report.checks.map(({ name }) => name)).toContain('stock = flow')
  expect(frames.rows).toBe(report.blocks)
  expect(sum(columnOf(frames, 'liquidated_usd'))).toBeCloseTo(
    value(report, 'total_liquidated_usd'),
    2,
  )
  expect(events.rows).toBeGreaterThan(100)
  expect(value(report, 'total_liquidated_usd')).toBeGreaterThan(1e6)
}

describe('black-thursday', async () => {
  const day = await dayOf('black-thursday')

  it('law: holds', () => {
    expectSound(day)
  })

  it('behaviour: feeds are hours old, keepers priced out, and lots go for next to nothing', () => {
    const { report, events } = day
    expect(value(report, 'oracle_age_seconds')).toBeGreaterThan(3600)
    expect(value(report, 'peak_gwei')).toBeGreaterThan(300)
    const keepers = report.liquidators.filter(({ name }) => name.startsWith('keeper'))
    for (const keeper of keepers) expect(keeper.priced_out).toBeGreaterThan(0)
    const [bid, units, price] = ['bid_usd', 'units', 'price_before'].map((name) =>
      columnOf(events, name),
    )
    const isWon = columnOf(events, 'kind').map((kind) => +(kind === 3))
    let [won, forNothing] = [0, 0]
    isWon.forEach((is, row) => {
      won += is
      forNothing += is * +(bid[row] < 0.01 * units[row] * price[row])
    })
    expect(won).toBeGreaterThan(1000)
    expect(forNothing / won).toBeGreaterThan(0.2)
    expect(value(report, 'bad_debt_usd')).toBeGreaterThan(1e6)
    expect(report.turns.map(({ kind }) => kind)).toContain('won for nothing')
  })
})

describe('may-2021', async () => {
  const day = await dayOf('may-2021')

  it('law: holds', () => {
    expectSound(day)
  })

  it('behaviour: the market is the record, and the outside move beneath it fell less', () => {
    const { report, frames } = day
    const [eth] = report.assets
    expect(report.prices_are).toBe('inferred')
    expect(eth.lowest / 1930).toBeGreaterThan(0.97)
    expect(eth.lowest / 1930).toBeLessThan(1.001)
    const at = columnOf(frames, 'seconds').indexOf(eth.lowest_at_seconds)
    expect(columnOf(frames, 'outside_ETH')[at]).toBeGreaterThan(eth.lowest)
  })
})

describe('slow-oracle', async () => {
  const day = await dayOf('slow-oracle')

  it('law: holds', () => {
    expectSound(day)
  })

  it('behaviour: with the same book, the slow feed is further off and loses more', () => {
    const [quick, slow] = day.report.protocols
    expect(slow.oracle_gap).toBeGreaterThan(3 * quick.oracle_gap)
    expect(slow.bad_debt_usd).toBeGreaterThan(quick.bad_debt_usd)
    expect(day.report.fates!.hastened.accounts).toBeGreaterThan(0)
  })
})
