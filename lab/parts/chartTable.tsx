/** The numbers behind a picture of the Lab. */

import type { Table } from '../../src/document/table.ts'
import { curveTable, levelsTable, roundsTable } from '../../src/document/tables.ts'
import { generationsTable, timelineTable } from '../../src/document/timedTables.ts'
import { busiest, isWithin } from '../../src/figures/timedFacts.ts'
import type { Report } from '../../src/report.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import type { ChartName } from './chartCard.tsx'
import { Grid } from './grid.tsx'

export function ChartTable({
  name,
  report,
}: {
  readonly name: ChartName
  readonly report: Report | TimedReport
}) {
  const table =
    report.schema === 'firebreak.result/1' ? ofInstant(name, report) : inTime(name, report)
  return <Grid table={table} />
}

function ofInstant(name: ChartName, report: Report): Table {
  if (name === 'levels') return levelsTable(report)
  return name === 'response' ? curveTable(report) : roundsTable(report)
}

function inTime(name: ChartName, report: TimedReport): Table {
  if (name === 'generations') return generationsTable(report)
  const whole = timelineTable(report)
  const stretch = name === 'closeup' ? busiest(report) : null
  if (stretch === null) return whole
  const seconds = whole.columns.findIndex(({ key }) => key === 'seconds')
  return { ...whole, rows: whole.rows.filter((row) => isWithin(stretch, Number(row[seconds]))) }
}
