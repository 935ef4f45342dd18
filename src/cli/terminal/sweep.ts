/** A sweep on one screen: gates, the map or the list of its cells, what failed, what next. */

import { count, counted, factor, money, percent, shortId } from '../../format.ts'
import type { CellReport, SweepReport } from '../../sweep/report.ts'
import { type Stat, type StatName, statOf } from '../../sweep/stats.ts'
import { flow, left, pageOf, right, wrap } from '../layout.ts'
import { width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { bar } from './bars.ts'
import { type Column, grid, minus } from './grid.ts'
import { gateLines } from './head.ts'

/** What of a sweep is shown. */
export interface Focus {
  readonly measure: string
  readonly stat: StatName
}

/**
 * Returns the page, ending in a newline.
 *
 * Rule: two keys make a map of one number, keys one at a time a list of what each changes, anything
 *       else a list of cells; a sweep without keys shows every measure. Intervals hold at 95 %.
 */
export function renderSweep(report: SweepReport, focus: Focus, view: View): string {
  const { cells, variations, one_at_a_time: alone, runs } = report
  const body = alone
    ? tornadoLines(report, focus, view)
    : variations.length === 2
      ? mapLines(report, focus, view)
      : cells.length > 1
        ? listLines(report, focus, view)
        : measureLines(report, cells[0], view)
  return pageOf(view.unicode, [
    headLines(report, view),
    gateLines(view),
    body,
    ...(runs > 1 && cells.length > 1 ? [intervalLines(report, focus, view)] : []),
    failedLines(report, view),
    lastLines(view),
  ])
}

/** A value of a measure in the form of its unit; a minus for what is below 0. */
export function shown(value: number | null, unit: string): string {
  if (value === null) return '–'
  if (unit === 'usd') return minus(money(value, 'plain'))
  if (unit === 'ratio') return minus(percent(value, 1, 'plain'))
  if (unit === 'count') return Number.isInteger(value) ? count(value) : factor(value, 'plain')
  return factor(value, 'plain')
}

function headLines(report: SweepReport, view: View): string[] {
  const { strong, quiet } = view.paint
  const { cells, runs, draw, first } = report
  const size =
    runs === 1
      ? counted(cells.length, 'cell')
      : `${counted(cells.length, 'cell')} × ${counted(runs, 'run')}`
  const drawn = runs === 1 ? `${draw} ${first}` : `${draw} ${first} to ${first + runs - 1}`
  const facts = [report.scenario, `sweep ${shortId(report.run_id)}`, size, drawn]
  return flow(
    [strong(`Firebreak ${report.engine_version}`), quiet(facts.join(' · '))],
    view.columns - 2,
    '   ',
  )
}

function titleOf({ runs }: SweepReport, { measure, stat }: Focus): string {
  const name = measure.replaceAll('_', ' ').replace(/ usd$/, '')
  return runs === 1 ? name : `${name}, ${wordsOf(stat)}`
}

function wordsOf(stat: StatName): string {
  if (stat === 'mean') return 'mean'
  if (stat === 'nonzero') return 'share of runs above 0'
  const level = stat.replace(/^\D+/, '')
  return stat.startsWith('q') ? `${level} % quantile` : `mean of the worst ${100 - Number(level)} %`
}

function mapLines(report: SweepReport, focus: Focus, view: View): string[] {
  const [down, across] = report.variations
  const { strong, quiet } = view.paint
  const unit = unitOf(report, focus.measure)
  const columns: Column[] = across.values.map((title, c) => ({
    title,
    cells: down.values.map((_, r) => cellText(report, r * across.values.length + c, focus, unit)),
    rank: 0,
  }))
  const heading = shortKey(down.key)
  const lines = grid(heading, down.values, columns, view)
  return [strong(titleOf(report, focus)), quiet(`by ${down.key} and ${across.key}`), '', ...lines]
}

function listLines(report: SweepReport, focus: Focus, view: View): string[] {
  const { cells, runs } = report
  const columns = chosen(report, focus).map(({ title, measure, stat }, rank): Column => {
    const unit = stat === 'nonzero' ? 'ratio' : unitOf(report, measure)
    return {
      title,
      cells: cells.map((cell) => shown(statOf(cell, measure, stat).value, unit)),
      rank,
    }
  })
  const name = runs === 1 ? 'CELLS' : titleOf(report, focus).toUpperCase()
  return grid(
    name,
    cells.map((cell) => nameOf(report, cell)),
    columns,
    view,
  )
}

/** Columns of a list: several measures of one run, or several numbers of one measure. */
function chosen({ runs, measures }: SweepReport, { measure }: Focus) {
  if (runs === 1)
    return [measure, ...measures.map(({ name }) => name).filter((name) => name !== measure)]
      .slice(0, 8)
      .map((name) => ({
        title: name.replace(/_usd$/, '').replaceAll('_', ' '),
        measure: name,
        stat: 'mean' as const,
      }))
  return (['mean', 'nonzero', 'q50', 'q95', 'q99', 'es99'] as const).map((stat) => ({
    title: stat === 'nonzero' ? '> 0' : stat,
    measure,
    stat,
  }))
}

function measureLines(report: SweepReport, cell: CellReport, view: View): string[] {
  const rows = report.measures.filter(({ name }) => statOf(cell, name, 'mean').value !== null)
  const of = (stat: StatName, print: (at: Stat, unit: string) => string) =>
    rows.map(({ name, unit }) =>
      print(statOf(cell, name, stat), stat === 'nonzero' ? 'ratio' : unit),
    )
  const plain = ({ value }: Stat, unit: string) => shown(value, unit)
  const range = ({ low, high }: Stat, unit: string) =>
    low === null && high === null ? '' : `${shown(low, unit)} to ${shown(high, unit)}`
  const columns: Column[] = [
    { title: 'mean', cells: of('mean', plain), rank: 0 },
    { title: '95 % interval', cells: of('mean', range), rank: 2 },
    { title: '> 0', cells: of('nonzero', plain), rank: 1 },
    { title: 'q50', cells: of('q50', plain), rank: 1 },
    { title: 'q95', cells: of('q95', plain), rank: 0 },
    { title: '95 % interval', cells: of('q95', range), rank: 3 },
    { title: 'q99', cells: of('q99', plain), rank: 1 },
    { title: 'es99', cells: of('es99', plain), rank: 0 },
  ]
  const shownColumns = report.runs === 1 ? columns.slice(0, 1) : columns
  return grid(
    'MEASURES',
    rows.map(({ name }) => name.replace(/_usd$/, '').replaceAll('_', ' ')),
    shownColumns,
    view,
  )
}

/** Signed bars of what each value changes against the base, the largest key first. */
function tornadoLines(report: SweepReport, focus: Focus, view: View): string[] {
  const { strong, quiet, first, total } = view.paint
  const unit = unitOf(report, focus.measure)
  const base = statOf(report.cells[0], focus.measure, focus.stat).value
  const rows = swings(report, focus)
  const most = Math.max(...rows.map(({ change }) => Math.abs(change ?? 0)))
  const name = Math.max(...rows.map((row) => width(row.name)))
  const half = Math.max(6, Math.floor((view.columns - name - 32) / 2))
  const drawn = rows.map(({ name: text, value, change }) => {
    const long = most > 0 && change !== null ? bar(Math.abs(change) / most, half) : ''
    const less = right((change ?? 0) < 0 ? first('█'.repeat(width(long))) : '', half)
    const more = left((change ?? 0) > 0 ? total(long) : '', half)
    const sign = change !== null && change > 0 ? '+' : ''
    const numbers = `${right(shown(value, unit), 10)} ${right(sign + shown(change, unit), 11)}`
    return `  ${left(text, name)} ${less}${quiet('│')}${more} ${numbers}`
  })
  return [strong(`${titleOf(report, focus)}: ${shown(base, unit)} as the scenario is`), ...drawn]
}

/** Cells of keys varied alone, with what each changes; keys that change most come first. */
export function swings({ cells, variations }: SweepReport, { measure, stat }: Focus) {
  const base = statOf(cells[0], measure, stat).value
  const rows = cells.slice(1).map((cell) => {
    const v = cell.values.findIndex((value) => value !== null)
    const { value } = statOf(cell, measure, stat)
    const change = value === null || base === null ? null : value - base
    return {
      key: variations[v].key,
      name: `${shortKey(variations[v].key)} ${cell.values[v]}`,
      value,
      change,
    }
  })
  const most = (key: string) =>
    Math.max(...rows.filter((row) => row.key === key).map(({ change }) => Math.abs(change ?? 0)))
  const order = [...new Set(rows.map(({ key }) => key))].sort((a, b) => most(b) - most(a))
  return order.flatMap((key) => rows.filter((row) => row.key === key))
}

/** The widest interval of what is shown: how sure the page is. */
function intervalLines(report: SweepReport, focus: Focus, view: View): string[] {
  const unit = focus.stat === 'nonzero' ? 'ratio' : unitOf(report, focus.measure)
  let widest: { cell: CellReport; low: number; high: number } | null = null
  let open = 0
  for (const cell of report.cells) {
    const { value, low, high } = statOf(cell, focus.measure, focus.stat)
    if (value === null) continue
    if (low === null || high === null) open++
    else if (widest === null || high - low > widest.high - widest.low) widest = { cell, low, high }
  }
  const lines: string[] = []
  if (widest !== null)
    lines.push(
      `widest interval ${shown(widest.low, unit)} to ${shown(widest.high, unit)} ` +
        `at ${nameOf(report, widest.cell)}`,
    )
  if (open > 0) lines.push(`${counted(open, 'cell')} with too few runs for an upper end`)
  return lines.flatMap((line) => wrap(line, view.columns - 2)).map(view.paint.quiet)
}

function failedLines({ failed }: SweepReport, view: View): string[] {
  if (failed.length === 0) return []
  const { total, quiet } = view.paint
  return [
    total(
      `${counted(failed.length, 'run')} failed and ${failed.length === 1 ? 'is' : 'are'} left out`,
    ),
    ...failed
      .slice(0, FAILED_SHOWN)
      .flatMap(({ text, rerun }) => [
        ...wrap(text, view.columns - 4).map((line) => `  ${line}`),
        ...wrap(rerun, view.columns - 4).map((line) => `  ${quiet(line)}`),
      ]),
    ...(failed.length > FAILED_SHOWN ? [quiet(`  and ${failed.length - FAILED_SHOWN} more`)] : []),
  ]
}

function lastLines(view: View): string[] {
  const { quiet } = view.paint
  const took = view.milliseconds === null ? [] : [`took ${(view.milliseconds / 1000).toFixed(1)} s`]
  const kept = view.saved === null ? [] : [`kept in ${view.saved}`]
  return flow([...kept, ...took], view.columns - 2, ' · ').map(quiet)
}

function cellText(
  report: SweepReport,
  cell: number,
  { measure, stat }: Focus,
  unit: string,
): string {
  return shown(statOf(report.cells[cell], measure, stat).value, stat === 'nonzero' ? 'ratio' : unit)
}

function unitOf({ measures }: SweepReport, name: string): string {
  return measures.find((measure) => measure.name === name)?.unit ?? ''
}

/** What was set in a cell. */
export function nameOf({ variations }: SweepReport, { values }: CellReport): string {
  const set = values.flatMap((value, v) =>
    value === null ? [] : [`${shortKey(variations[v].key)} ${value}`],
  )
  return set.length === 0 ? 'as it is' : set.join(', ')
}

/** The last steps of a key: `depth.haircut`, `rules.fund`. */
export function shortKey(key: string): string {
  return key === 'shock.drop' ? 'drop' : key.split('.').slice(-2).join('.')
}

const FAILED_SHOWN = 5
