/** Documents and pictures of a sweep, as text. */

import { phase } from '../figures/phase.ts'
import type { Figure, FigureOptions } from '../figures/sheet.ts'
import {
  type Focus,
  focusOf,
  focusWords,
  measureWords,
  nameOf,
  runsWords,
  shown,
  unitOf,
} from '../figures/sweepFacts.ts'
import { type Columns, tail } from '../figures/tail.ts'
import { tornado } from '../figures/tornado.ts'
import type { SweepReport } from '../sweep/report.ts'
import { type StatName, statOf } from '../sweep/stats.ts'
import type { OutFile } from './save.ts'

/** A sweep, what of it is looked at, and the words that began it. */
export interface Sheets {
  readonly report: SweepReport
  readonly focus: Focus
  readonly command: string
  /** Values of the runs by cell, of the measure that is looked at; empty of a single run. */
  readonly columns: Columns
}

/** Pictures that fit the sweep, each light and dark. */
export function sweepPictures(sheets: Sheets): OutFile[] {
  return Object.entries(figuresOf(sheets)).flatMap(([name, figure]) => [
    { name: `${name}.svg`, text: figure({ width: WIDTH, theme: 'light' }).svg },
    { name: `${name}-dark.svg`, text: figure({ width: WIDTH, theme: 'dark' }).svg },
  ])
}

/** Pictures by name: a map of two keys, bars of keys one at a time, a tail of many runs. */
export function figuresOf({
  report,
  focus,
  command,
  columns,
}: Sheets): Record<string, (options: FigureOptions) => Figure> {
  const foot = { command, stamp: runsWords(report) }
  const isMap = report.variations.length === 2 && !report.one_at_a_time
  const isMany = report.runs > 1 && columns.some((column) => column.length > 1)
  return {
    ...(isMap ? { phase: (options) => phase(report, focus, { ...options, ...foot }) } : {}),
    ...(report.one_at_a_time
      ? { tornado: (options) => tornado(report, focus, { ...options, ...foot }) }
      : {}),
    ...(isMany ? { tail: (options) => tail(report, focus, columns, { ...options, ...foot }) } : {}),
  }
}

/** A page in Markdown: what was run, its cells with their intervals, what failed. */
export function sweepPage({ report, focus, command }: Sheets): OutFile {
  const { cells, runs, failed } = report
  const lines = [
    `# ${report.scenario}: ${focusWords(report, focus)}`,
    '',
    `${cells.length} cells of ${runs} runs each, ${runsWords(report)}; sweep \`${report.run_id.slice(0, 16)}\`,`,
    `Firebreak ${report.engine_version}. Intervals hold at ${100 * report.level} %.`,
    '',
    ...cellTable(report, focus),
    '',
    ...failed.flatMap(({ text, rerun }) => [`- ${text}`, '', `      ${rerun}`, '']),
    '```sh',
    command,
    '```',
    '',
  ]
  return { name: 'sweep.md', text: lines.join('\n') }
}

function cellTable(report: SweepReport, { measure }: Focus): string[] {
  const stats: readonly StatName[] =
    report.runs === 1 ? ['mean'] : ['mean', 'nonzero', 'q50', 'q95', 'q99', 'es97.5']
  const head = report.runs === 1 ? [measureWords(measure)] : stats
  const rows = report.cells.map((cell) => {
    const numbers = stats.map((stat) => {
      const unit = unitOf(report, { measure, stat })
      const { low, high } = statOf(cell, measure, stat)
      const value = shown(focusOf(cell, { measure, stat }), unit)
      return low === null ? value : `${value} (${shown(low, unit)} to ${shown(high, unit)})`
    })
    return `| ${[nameOf(report, cell), ...numbers].join(' | ')} |`
  })
  return [`| cell | ${head.join(' | ')} |`, `| --- |${' ---: |'.repeat(head.length)}`, ...rows]
}

const WIDTH = 900
