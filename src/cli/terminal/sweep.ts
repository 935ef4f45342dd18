/** A sweep on one screen: gates, the map or the list of its cells, what failed, what next. */

import {
  extremes,
  type Focus,
  failedWords,
  focusWords,
  shown as inUnit,
  measureWords,
  nameOf,
  runsWords,
  shortKey,
  swings,
  unitOf,
} from '../../figures/sweepFacts.ts'
import { counted, shortId } from '../../format.ts'
import type { CellReport, SweepReport } from '../../sweep/report.ts'
import { type Stat, type StatName, statOf } from '../../sweep/stats.ts'
import { flow, left, pageOf, right, wrap } from '../layout.ts'
import { width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { bar } from './bars.ts'
import { frontLines } from './front.ts'
import { type Column, grid } from './grid.ts'
import { gateLines } from './head.ts'

/**
 * Returns the page, ending in a newline.
 *
 * Rule: two keys make a map of one number, keys one at a time a list of what each changes, anything
 *       else a list of cells; a sweep without keys shows every measure. The cells of a search stand
 *       in its files, and its front on the page. Intervals hold at 95 %.
 */
export function renderSweep(report: SweepReport, focus: Focus, view: View): string {
  const { cells, variations, one_at_a_time: alone, runs } = report
  const isSearched = report.front !== undefined && report.front.search.method !== 'grid'
  const body = alone
    ? tornadoLines(report, focus, view)
    : isSearched
      ? []
      : variations.length === 2
        ? fits(report, focus, view)
          ? mapLines(report, focus, view)
          : shadeLines(report, focus, view)
        : cells.length > 1
          ? listLines(report, focus, view)
          : measureLines(report, cells[0], view)
  return pageOf(view.unicode, [
    headLines(report, view),
    gateLines(view),
    body,
    frontLines(report, view),
    ...(runs > 1 && cells.length > 1 && !isSearched ? [intervalLines(report, focus, view)] : []),
    controlLines(report, view),
    failedLines(report, view),
    warningLines(report, view),
    lastLines(view),
  ])
}

function headLines(report: SweepReport, view: View): string[] {
  const { strong, quiet } = view.paint
  const { cells, runs } = report
  const size =
    runs === 1
      ? counted(cells.length, 'cell')
      : `${counted(cells.length, 'cell')} × ${counted(runs, 'run')}`
  const facts = [report.scenario, `sweep ${shortId(report.run_id)}`, size, runsWords(report)]
  return flow(
    [strong(`Firebreak ${report.engine_version}`), quiet(facts.join(' · '))],
    view.columns - 2,
    '   ',
  )
}

/** Whether a map has room for all of its columns. */
function fits(report: SweepReport, focus: Focus, view: View): boolean {
  const [down, across] = report.variations
  const unit = unitOf(report, focus)
  const rows = down.values.slice(0, ROWS_SHOWN)
  const cells = report.cells
    .slice(0, rows.length * across.values.length)
    .map((_, cell) => width(cellText(report, cell, focus, unit)))
  const wide = extremes([...across.values.map(width), ...cells])[1] + 2
  const names = extremes([width(shortKey(down.key)), ...rows.map(width)])[1] + 4
  return names + wide * across.values.length <= view.columns
}

function mapLines(report: SweepReport, focus: Focus, view: View): string[] {
  const [down, across] = report.variations
  const { strong, quiet } = view.paint
  const unit = unitOf(report, focus)
  const names = down.values.slice(0, ROWS_SHOWN)
  const columns: Column[] = across.values.map((title, c) => ({
    title,
    cells: names.map((_, r) => cellText(report, r * across.values.length + c, focus, unit)),
    rank: 0,
  }))
  const heading = shortKey(down.key)
  const lines = grid(heading, names, columns, view)
  return [
    strong(focusWords(report, focus)),
    quiet(`by ${down.key} and ${across.key}`),
    '',
    ...lines,
    ...moreRows(report, view),
  ]
}

/** What of a map is not shown. */
function moreRows({ variations: [down] }: SweepReport, view: View): string[] {
  const more = down.values.length - ROWS_SHOWN
  return more > 0 ? [view.paint.quiet(`  and ${counted(more, 'row')} more`)] : []
}

/** A map too wide for its values: a shade for each, from the least to the greatest. */
function shadeLines(report: SweepReport, focus: Focus, view: View): string[] {
  const [down, across] = report.variations
  const { strong, quiet } = view.paint
  const unit = unitOf(report, focus)
  const values = report.cells.map((cell) => statOf(cell, focus.measure, focus.stat).value)
  const known = values.filter((value) => value !== null)
  const [least, most] = extremes(known)
  const shownRows = down.values.slice(0, ROWS_SHOWN)
  const names = Math.max(...shownRows.map(width)) + 2
  const wide = Math.max(1, Math.floor((view.columns - names - 4) / across.values.length))
  const shade = (value: number | null) => {
    if (value === null) return '?'
    const share = most > least ? (value - least) / (most - least) : 0
    return SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))]
  }
  const rows = shownRows.map((name, r) => {
    const cells = across.values.map((_, c) => shade(values[r * across.values.length + c]))
    return `  ${right(name, names - 2)} ${cells.map((cell) => cell.repeat(wide)).join('')}`
  })
  return [
    strong(focusWords(report, focus)),
    quiet(`down ${down.key}; across ${across.key}, ${across.values[0]} to ${across.values.at(-1)}`),
    quiet(`${SHADES[0]} ${shown(least, unit)} to ${SHADES.at(-1)} ${shown(most, unit)}`),
    '',
    ...rows.map((row) => row.slice(0, view.columns)),
    ...moreRows(report, view),
  ]
}

const SHADES = ['·', '░', '▒', '▓', '█']

function listLines(report: SweepReport, focus: Focus, view: View): string[] {
  const { runs } = report
  const cells = report.cells.slice(0, CELLS_SHOWN)
  const columns = chosen(report, focus).map(({ title, measure, stat }, rank): Column => {
    const unit = unitOf(report, { measure, stat })
    return {
      title,
      cells: cells.map((cell) => shown(statOf(cell, measure, stat).value, unit)),
      rank,
    }
  })
  const name = runs === 1 ? 'CELLS' : measureWords(focus.measure).toUpperCase()
  const names = cells.map((cell) => nameOf(report, cell))
  // What tells cells apart is worth more than another measure.
  const room = view.columns - 2 - Math.max(width(name), ...names.map((one) => width(one) + 2))
  const taken = () =>
    columns.reduce((sum, { title, cells: of }) => {
      return sum + 2 + Math.max(width(title), ...of.map(width))
    }, 0)
  while (columns.length > 2 && taken() > room) columns.pop()
  const more = report.cells.length - cells.length
  return [
    ...grid(name, names, columns, view),
    ...(more > 0 ? [view.paint.quiet(`  and ${counted(more, 'cell')} more`)] : []),
  ]
}

/** Columns of a list: several measures of one run, or several numbers of one measure. */
function chosen({ runs, measures }: SweepReport, { measure }: Focus) {
  if (runs === 1)
    return [measure, ...measures.map(({ name }) => name).filter((name) => name !== measure)]
      .slice(0, 8)
      .map((name) => ({
        title: measureWords(name),
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
    rows.map(({ name }) => measureWords(name)),
    shownColumns,
    view,
  )
}

/** Signed bars of what each value changes against the base, the largest key first. */
function tornadoLines(report: SweepReport, focus: Focus, view: View): string[] {
  const { strong, quiet, first, total } = view.paint
  const unit = unitOf(report, focus)
  const base = statOf(report.cells[0], focus.measure, focus.stat).value
  const rows = swings(report, focus)
  const most = extremes(rows.map(({ change }) => Math.abs(change ?? 0)))[1]
  const name = extremes(rows.map((row) => width(row.name)))[1]
  const half = Math.max(6, Math.floor((view.columns - name - 32) / 2))
  const drawn = rows.map(({ name: text, value, change }) => {
    const long = most > 0 && change !== null ? bar(Math.abs(change) / most, half) : ''
    const less = right((change ?? 0) < 0 ? first('█'.repeat(width(long))) : '', half)
    const more = left((change ?? 0) > 0 ? total(long) : '', half)
    const sign = change !== null && change > 0 ? '+' : ''
    const numbers = `${right(shown(value, unit), 10)} ${right(sign + shown(change, unit), 11)}`
    return `  ${left(text, name)} ${less}${quiet('│')}${more} ${numbers}`
  })
  return [strong(`${focusWords(report, focus)}: ${shown(base, unit)} as the scenario is`), ...drawn]
}

/** The widest interval of what is shown: how sure the page is. */
function intervalLines(report: SweepReport, focus: Focus, view: View): string[] {
  const unit = unitOf(report, focus)
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
      `widest interval of ${focusWords(report, focus)}: ${shown(widest.low, unit)} to ` +
        `${shown(widest.high, unit)} at ${nameOf(report, widest.cell)}`,
    )
  if (open > 0) lines.push(`${counted(open, 'cell')} with too few runs for an upper end`)
  return lines.flatMap((line) => wrap(line, view.columns - 2)).map(view.paint.quiet)
}

/** Means with the instant cascade as a control, where they were asked for. */
function controlLines({ cells, runs }: SweepReport, view: View): string[] {
  const lines = cells.flatMap(({ controlled }, c) =>
    Object.entries(controlled ?? {}).map(([name, { mean, reduction }]) => {
      const at = cells.length > 1 ? `cell ${c}, ` : ''
      const range = `${shown(mean.low, 'usd')} to ${shown(mean.high, 'usd')}`
      const saved = `as ${shown(reduction * runs, 'count').replace(/\.\d+$/, '')} runs without it`
      return `${at}${measureWords(name)}: mean ${shown(mean.value, 'usd')} (${range}), ${saved}`
    }),
  )
  if (lines.length === 0) return []
  return [view.paint.strong('WITH THE INSTANT CASCADE AS A CONTROL'), ...lines.map((l) => `  ${l}`)]
}

function failedLines(report: SweepReport, view: View): string[] {
  const { failed } = report
  if (failed.length === 0) return []
  const { total, quiet } = view.paint
  return [
    ...wrap(failedWords(report), view.columns - 2).map(total),
    ...failed
      .slice(0, FAILED_SHOWN)
      .flatMap(({ text, rerun }) => [
        ...wrap(text, view.columns - 4).map((line) => `  ${line}`),
        ...wrap(rerun, view.columns - 4).map((line) => `  ${quiet(line)}`),
      ]),
    ...(failed.length > FAILED_SHOWN ? [quiet(`  and ${failed.length - FAILED_SHOWN} more`)] : []),
  ]
}

function warningLines({ warnings }: SweepReport, view: View): string[] {
  const { warn, quiet } = view.paint
  return warnings.flatMap(({ code, text }) => {
    const lines = wrap(`! ${text}   ${view.program} help ${code}`, view.columns - 2, 2)
    return lines.map((line, i) => (i === 0 ? warn('!') + quiet(line.slice(1)) : quiet(line)))
  })
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
  return shown(statOf(report.cells[cell], measure, stat).value, unit)
}

const FAILED_SHOWN = 5
/** Cells of a list, and rows of a map. */
const CELLS_SHOWN = 60
const ROWS_SHOWN = 100

function shown(value: number | null, unit: string): string {
  return inUnit(value, unit, 'plain')
}
