/** Documents and pictures of a sweep, as text. */

import type { OutFile } from '../document/files.ts'
import { aimWords, frontWords, isWhole, searchWords } from '../figures/frontFacts.ts'
import { frontier } from '../figures/frontier.ts'
import { phase } from '../figures/phase.ts'
import type { Figure, FigureOptions } from '../figures/sheet.ts'
import {
  type Focus,
  failedWords,
  focusWords,
  levelWords,
  measureWords,
  nameOf,
  rangeWords,
  runsWords,
  shown,
  unitOf,
} from '../figures/sweepFacts.ts'
import { type Columns, tail } from '../figures/tail.ts'
import { tornado } from '../figures/tornado.ts'
import { counted, shortId } from '../format.ts'
import { aimOf } from '../sweep/frontReport.ts'
import type { SweepReport } from '../sweep/report.ts'
import { type StatName, statOf } from '../sweep/stats.ts'

/** A sweep, what of it is looked at, and the words that began it. */
export interface Sheets {
  readonly report: SweepReport
  readonly focus: Focus
  readonly command: string
  /** Values of the runs by cell, of the measure that is looked at; empty of a single run. */
  readonly columns: Columns
  /** Where the map has a contour: the limit of a gate on what is looked at. */
  readonly line?: number
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
  line,
}: Sheets): Record<string, (options: FigureOptions) => Figure> {
  const foot = { command, stamp: runsWords(report) }
  const isMap = report.variations.length === 2 && isWhole(report)
  const isMany = report.runs > 1 && columns.some((column) => column.length > 1)
  return {
    ...(isMap ? { phase: (options) => phase(report, focus, { ...options, ...foot, line }) } : {}),
    ...(report.one_at_a_time
      ? { tornado: (options) => tornado(report, focus, { ...options, ...foot }) }
      : {}),
    ...(report.front !== undefined && report.front.aims.length > 1
      ? { frontier: (options) => frontier(report, { ...options, ...foot }) }
      : {}),
    ...(isMany ? { tail: (options) => tail(report, focus, columns, { ...options, ...foot }) } : {}),
  }
}

/** A page in Markdown: what was run, its cells with their intervals, what failed. */
export function sweepPage({ report, focus, command }: Sheets): OutFile {
  const lines = [
    `# ${plain(report.scenario)}: ${focusWords(report, focus)}`,
    '',
    ...aboutLines(report),
    '',
    ...frontLines(report),
    ...cellTable(report, focus),
    '',
    ...failedLines(report),
    ...report.warnings.flatMap(({ code, text }) => [`- ${plain(text)} (${code})`, '']),
    'To see it again:',
    '',
    '```sh',
    command,
    '```',
    '',
  ]
  return { name: 'sweep.md', text: lines.join('\n') }
}

function aboutLines(report: SweepReport): string[] {
  const { cells, runs, measures, variations, engine_version, run_id } = report
  const size =
    cells.length === 1
      ? counted(runs, 'run')
      : `${counted(cells.length, 'cell')} of ${counted(runs, 'run')} each`
  const keys = variations.map(({ key, values }) => `\`${key}\` of ${values.map(plain).join(', ')}`)
  const how = report.one_at_a_time ? 'Varied one at a time' : 'Varied'
  return [
    `${size}, ${runsWords(report)}; sweep ${shortId(run_id)}, Firebreak ${engine_version}.`,
    ...(keys.length > 0 ? [`${how}: ${keys.join('; ')}.`] : []),
    `${counted(measures.length, 'measure')} of every run stand in \`sweep.parquet\`.`,
    ...(runs > 1 ? [`Intervals in brackets hold at ${levelWords(report)}.`] : []),
  ]
}

/** The front as a table, where one was asked for. */
function frontLines(report: SweepReport): string[] {
  const { front, variations, cells, runs } = report
  if (front === undefined) return []
  // A key stands among the keys.
  const measured = front.aims.filter(({ numbers }) => numbers === undefined)
  const heads = [
    ...variations.map(({ key }) => key),
    ...measured.map((aim) => `${aimWords(report, aim)} (${aim.better} is better)`),
    'limits that bind',
  ]
  const rows = front.points.map(({ cell, binds }) => [
    ...cells[cell].values.map((value) => value ?? '–'),
    ...measured.map((aim) => {
      const stat = aimOf(report, cells[cell], aim)
      const range = rangeWords(stat, aim.unit)
      const value = shown(stat.value, aim.unit)
      return range === '' ? value : `${value} (${range})`
    }),
    binds.join('; '),
  ])
  const refused = front.refused
    .slice(0, FAILED_SHOWN)
    .map(
      ({ cell, by }) => `- refused: ${plain(`${nameOf(report, cells[cell])} by ${by.join('; ')}`)}`,
    )
  const more = front.refused.length - refused.length
  return [
    '## Front',
    '',
    `${plain(frontWords(front))}. Search: ${plain(searchWords(front, runs))}.`,
    ...(front.limits.length > 0 ? ['', `Limits: ${front.limits.map(plain).join('; ')}.`] : []),
    '',
    `| ${heads.map(plain).join(' | ')} |`,
    `|${' --- |'.repeat(heads.length)}`,
    ...rows.map((row) => `| ${row.map(plain).join(' | ')} |`),
    '',
    ...refused,
    ...(more > 0 ? [`- and ${more} more, in \`result.json\``] : []),
    ...(refused.length > 0 ? [''] : []),
    '## Cells',
    '',
  ]
}

function failedLines(report: SweepReport): string[] {
  const { failed } = report
  if (failed.length === 0) return []
  const shown = failed.slice(0, FAILED_SHOWN)
  const more = failed.length - shown.length
  return [
    `${failedWords(report)}.`,
    '',
    ...shown.flatMap(({ text, rerun }) => [`- ${plain(text)}`, '', `      ${rerun}`, '']),
    ...(more > 0 ? [`and ${more} more, in \`result.json\`.`, ''] : []),
  ]
}

function cellTable(report: SweepReport, { measure }: Focus): string[] {
  const stats: readonly StatName[] =
    report.runs === 1 ? ['mean'] : ['mean', 'nonzero', 'q50', 'q95', 'q99', 'es97.5']
  const heads = stats.map((stat) => {
    if (report.runs === 1) return measureWords(measure)
    return stat === 'nonzero' ? 'not 0' : stat
  })
  const rows = report.cells.map((cell) => {
    const numbers = stats.map((stat) => {
      const unit = unitOf(report, { measure, stat })
      const found = statOf(cell, measure, stat)
      const range = rangeWords(found, unit)
      return range === '' ? shown(found.value, unit) : `${shown(found.value, unit)} (${range})`
    })
    return `| ${[nameOf(report, cell), ...numbers].map(plain).join(' | ')} |`
  })
  return [`| cell | ${heads.join(' | ')} |`, `| --- |${' ---: |'.repeat(heads.length)}`, ...rows]
}

/** Text whose characters Markdown would otherwise read as its own. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\r?\n/g, ' ')
}

/** Failed runs on the page. */
const FAILED_SHOWN = 20
const WIDTH = 900
