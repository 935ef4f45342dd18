/** The document as files, each with the run that it came from. */

import { type Format, filesOf, type OutFile, type Parts } from '../../../src/document/files.ts'
import { csv, type Table } from '../../../src/document/table.ts'
import type { Report } from '../../../src/report.ts'
import type { TimedReport } from '../../../src/timedReport.ts'
import type { Piece } from '../../state/report.ts'

/**
 * The files of a format, of the pieces that are shown.
 *
 * Rule: a page and a post say their run, seed and command in their first and last piece, a picture
 *       in its footer; a table has columns for them, and the result a key for the command.
 */
export function reportFiles(
  report: Report | TimedReport,
  parts: Parts,
  pieces: readonly Piece[],
  command: string,
  format: Format,
): OutFile[] {
  const blocks = pieces.flatMap((piece) => piece.blocks)
  const tables = blocks.flatMap((block) => (block.kind === 'table' ? [block.table] : []))
  if (format === 'csv')
    return tables.map((table) => ({
      name: `${table.name}.csv`,
      text: csv(stamped(table, report, command)),
    }))
  if (format === 'svg')
    return blocks.flatMap((block) =>
      block.kind === 'figure'
        ? [{ name: `${block.figure.name}.svg`, text: block.figure.wide.light.svg }]
        : [],
    )
  if (format === 'json')
    return [{ name: 'result.json', text: `${JSON.stringify({ ...report, rerun: command })}\n` }]
  return filesOf(report, { ...parts, blocks }, [format]).slice(0, 1)
}

/** A table with its run in every row. */
function stamped(table: Table, report: Report | TimedReport, command: string): Table {
  const { run_id, seed, as_of } = report
  const stamp = { run_id, seed, data_as_of: as_of, rerun: command }
  return {
    ...table,
    columns: [
      ...table.columns,
      ...Object.keys(stamp).map((key) => ({ key, title: key, unit: 'text' as const })),
    ],
    rows: table.rows.map((row) => [...row, ...Object.values(stamp)]),
  }
}
