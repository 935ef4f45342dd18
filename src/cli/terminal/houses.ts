/** What protocols hold against losses: houses with their funds, and funds that several share. */

import { count, money } from '../../format.ts'
import type { ClosingRow, FundRow, GaugeRow, TimedReport } from '../../timedReport.ts'
import type { View } from '../terminal.ts'
import { type Column, grid, minus } from './grid.ts'

/** What the house of a protocol holds and did: its fund first of all. */
export function houseLines(report: TimedReport, view: View): string[] {
  return report.protocols.flatMap(({ name, gauges, closings }) => {
    const moved = gauges.filter((row) => row.highest > 0 || row.lowest < 0)
    if (moved.length === 0) return []
    const at = (title: string, of: (row: GaugeRow) => number, rank: number): Column => ({
      title,
      cells: moved.map((row) => gaugeText(of(row), row.unit)),
      rank,
    })
    const columns = [
      at('opening', (row) => row.opening, 2),
      at('lowest', (row) => row.lowest, 0),
      at('highest', (row) => row.highest, 1),
      at('end', (row) => row.final, 0),
    ]
    const names = moved.map((row) => row.name.replaceAll('_', ' '))
    return [
      ...grid(`HOUSE OF ${name.toUpperCase()}`, names, columns, view),
      ...closingLines(closings, view),
    ]
  })
}

/** How many positions a house closed in each way, and their worth. */
function closingLines(closings: readonly ClosingRow[], view: View): string[] {
  const some = closings.filter((row) => row.closings > 0)
  if (some.length === 0) return []
  const columns: Column[] = [
    { title: 'count', cells: some.map((row) => count(row.closings)), rank: 0 },
    { title: 'notional', cells: some.map((row) => money(row.usd, 'plain')), rank: 0 },
  ]
  return grid(
    'CLOSINGS',
    some.map((row) => row.name),
    columns,
    view,
  )
}

/** Who drew on which shared fund. */
export function fundLines({ funds }: TimedReport, view: View): string[] {
  if (funds.length === 0) return []
  const of = (title: string, print: (row: FundRow) => number, rank: number): Column => ({
    title,
    cells: funds.map((row) => money(print(row), 'plain')),
    rank,
  })
  const columns = [
    of('may draw', (row) => row.most_usd, 1),
    of('drawn', (row) => row.drawn_usd, 0),
    of('fund left', (row) => row.left_usd, 0),
    of('not covered', (row) => row.uncovered_usd, 0),
  ]
  const names = funds.map(({ fund, protocol }) => `${fund}: ${protocol}`)
  return grid('SHARED FUNDS', names, columns, view)
}

function gaugeText(value: number, unit: GaugeRow['unit']): string {
  return unit === 'usd' ? minus(money(value, 'plain')) : count(value)
}
