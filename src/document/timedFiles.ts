/** The files of a run in time and of its report, as text: pictures, tables, documents. */

import { generations } from '../figures/generations.ts'
import { closeup, timeline } from '../figures/timeline.ts'
import type { TimedReport } from '../timedReport.ts'
import { type Format, filesOf, type OutFile, type Parts } from './files.ts'
import type { FigureSet } from './outline.ts'
import { csv } from './table.ts'
import { timedOutline } from './timed.ts'
import { largestTable, timedTables, timelineTable } from './timedTables.ts'

/** What `run --out` keeps beside the result and the tables of every block. */
export function timedFiles(report: TimedReport, command: string): OutFile[] {
  return [
    ...pictures(figuresOf(report, command, pictureWidth)),
    ...[timelineTable(report), largestTable(report)].map((table) => ({
      name: `${table.name}.csv`,
      text: csv(table),
    })),
  ]
}

/** The files of a report in the formats asked for; each name once. */
export function timedReportFiles(
  report: TimedReport,
  chosen: readonly Format[],
  command: string,
): OutFile[] {
  return filesOf(report, timedPartsOf(report, command), chosen)
}

/** What a report is printed from. */
export function timedPartsOf(report: TimedReport, command: string): Parts {
  const figures = figuresOf(report, command, columnWidth)
  const blocks = timedOutline(report, figures, command)
  return { pictures: pictures(figures), blocks, tables: timedTables(report) }
}

/** A picture by itself, the column of a document, and a phone; pixels. */
const pictureWidth = 900
const columnWidth = 720
const phoneWidth = 360

/** A day without a busy stretch has no close-up of it. */
function figuresOf(report: TimedReport, command: string, width: number): FigureSet[] {
  return Object.entries({ timeline, closeup, generations }).flatMap(([name, figure]) => {
    const both = (width: number) => {
      const light = figure(report, { width, theme: 'light', command })
      const dark = figure(report, { width, theme: 'dark', command })
      return light === null || dark === null ? null : { light, dark }
    }
    const [wide, narrow] = [both(width), both(phoneWidth)]
    return wide === null || narrow === null ? [] : [{ name, wide, narrow }]
  })
}

function pictures(figures: readonly FigureSet[]): OutFile[] {
  return figures.flatMap(({ name, wide }) => [
    { name: `${name}.svg`, text: wide.light.svg },
    { name: `${name}-dark.svg`, text: wide.dark.svg },
  ])
}
