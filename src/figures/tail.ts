/** The tail of a sweep: the share of runs that come to more than each value. */

import { exp, log } from '../math/exponential.ts'
import type { SweepReport } from '../sweep/report.ts'
import { statOf } from '../sweep/stats.ts'
import type { Box } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { openPlot, ticksBelow } from './chart.ts'
import { linear, logarithmic, niceTicks, type Scale } from './scale.ts'
import {
  closeSheet,
  drawKey,
  drawStroke,
  type Figure,
  type FigureOptions,
  openSheet,
  type Sheet,
  type Subject,
  table,
  writeHeading,
} from './sheet.ts'
import { pathThrough } from './svg.ts'
import { type Focus, measureWords, nameOf, shown, subjectOf, unitOf } from './sweepFacts.ts'

/** Values of the runs of a cell, in any order, without NaN. */
export type Columns = readonly Float64Array[]

/** Most cells in one picture. */
const LINES = 6

/**
 * Draws exceedance curves of one measure, a line for each of up to six cells.
 *
 * Rule:  share of runs above a value, logarithmic, from 1 down to one run. Of more cells than
 *        lines those with the largest and the least 95 % quantile, and some evenly between.
 * Shape: `columns` by cell.
 */
export function tail(
  report: SweepReport,
  { measure }: Pick<Focus, 'measure'>,
  columns: Columns,
  options: FigureOptions,
): Figure {
  const sheet = openSheet('tail', subjectOf(report), options)
  const unit = unitOf(report, { measure, stat: 'mean' })
  const chosen = chosenCells(report, measure)
  const title = titleOf(report, measure, unit)
  const subtitle = `share of runs that come to more, of ${report.runs} each`
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitle)
  const looks = looksOf(sheet)
  drawKey(
    sheet,
    chosen.map((cell, k) => ({
      word: nameOf(report, report.cells[cell]),
      draw: (box: Box) => drawStroke(sheet, box, looks[k]),
    })),
  )
  drawCurves(
    sheet,
    chosen.map((cell) => columns[cell]),
    unit,
    looks,
  )
  const description = `${title}. ${chosen.map((cell) => told(report, cell, measure, unit)).join(' ')}`
  const rows = chosen.flatMap((cell) => csvRows(columns[cell], cell))
  const csv = table(subjectOf(report), ['cell', measure, 'share_above'], rows)
  return closeSheet(sheet, { title, description, csv })
}

function chosenCells(report: SweepReport, measure: string): number[] {
  const rank = (cell: number) => statOf(report.cells[cell], measure, 'q95').value ?? 0
  const all = report.cells.map((_, cell) => cell)
  if (all.length <= LINES) return all
  const sorted = all.sort((a, b) => rank(b) - rank(a) || a - b)
  return Array.from({ length: LINES }, (_, k) => {
    return sorted[Math.round((k * (sorted.length - 1)) / (LINES - 1))]
  })
}

function titleOf(report: SweepReport, measure: string, unit: string): string {
  const [worst] = chosenCells(report, measure).sort((a, b) => {
    const of = (cell: number) => statOf(report.cells[cell], measure, 'q95').value ?? 0
    return of(b) - of(a)
  })
  const { value } = statOf(report.cells[worst], measure, 'q95')
  const at = report.cells.length > 1 ? ` at ${nameOf(report, report.cells[worst])}` : ''
  return `One run in twenty comes to more than ${shown(value, unit)} of ${measureWords(measure)}${at}`
}

function told(report: SweepReport, cell: number, measure: string, unit: string): string {
  const at = report.cells[cell]
  const range = (name: 'q95' | 'q99') => {
    const { value, low, high } = statOf(at, measure, name)
    return `${shown(value, unit)} (${shown(low, unit)} to ${shown(high, unit)})`
  }
  const share = shown(statOf(at, measure, 'nonzero').value, 'ratio')
  return (
    `${nameOf(report, at)}: ${share} of the runs are not 0, ` +
    `95 % quantile ${range('q95')}, 99 % ${range('q99')}.`
  )
}

function looksOf({ theme }: Sheet<Subject>) {
  const inks = [theme.total, theme.first, theme.absorb, theme.ink1, theme.warning, theme.control]
  return inks.map((stroke, k) => ({
    stroke,
    'stroke-width': 2,
    'stroke-dasharray': k < 3 ? undefined : '6 3',
    fill: 'none',
  }))
}

function drawCurves(
  sheet: Sheet<Subject>,
  columns: Columns,
  unit: string,
  looks: ReturnType<typeof looksOf>,
): void {
  const box = openPlot(sheet, 0.5)
  const values = columns.flatMap((column) => [...column])
  const runs = Math.max(1, ...columns.map((column) => column.length))
  const [least, most] = rangeOf(values)
  const x = linear([least, most > least ? most : least + 1], [box.x, box.x + box.width])
  const y = logarithmic([1 / (1.5 * runs), 1], [box.y + box.height, box.y])
  writeAxes(sheet, { box, x, y }, unit)
  columns.forEach((column, k) => {
    const points = stepsOf(column).map(([value, share]) => ({ x: x(value), y: y(share) }))
    if (points.length > 1) draw(sheet.canvas, 'path', { d: pathThrough(points), ...looks[k] })
  })
}

/** From 0, unless all values lie far from it. */
function rangeOf(values: readonly number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (least > most) return [0, 1]
  return least > 0 && least < 0.5 * most ? [0, most] : [Math.min(least, most), most]
}

interface Plot {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
}

function writeAxes(sheet: Sheet<Subject>, { box, x, y }: Plot, unit: string): void {
  const { canvas, theme } = sheet
  for (const share of [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001]) {
    if (share < y.domain[0]) break
    const at = y(share)
    draw(canvas, 'line', { x1: box.x, x2: box.x + box.width, y1: at, y2: at, stroke: theme.grid })
    const text = line(shareText(share), theme.ink3, { size: 11 })
    write(canvas, text, { x: box.x - 8, y: at + 4 }, 'end')
  }
  const ticks = niceTicks(x.domain, sheet.narrow ? 3 : 6)
  ticksBelow(
    sheet,
    box,
    ticks.map((tick) => ({ x: x(tick), text: shown(tick, unit) })),
  )
}

function shareText(share: number): string {
  return share >= 0.01 ? `${Math.round(100 * share)} %` : `1 : ${Math.round(1 / share)}`
}

/** Corners of an exceedance curve, falling; at most as many as a screen shows. */
function stepsOf(column: Float64Array): [value: number, share: number][] {
  const sorted = column.slice().sort()
  const n = sorted.length
  const steps: [number, number][] = []
  for (const k of ranksOf(n)) {
    steps.push([sorted[k], (n - k) / n])
    steps.push([sorted[k], Math.max(1, n - k - 1) / n])
  }
  return steps
}

/** Ranks at which a curve turns: all of a few, and of many evenly in the logarithm of the share. */
function ranksOf(n: number): number[] {
  if (n <= CORNERS) return Array.from({ length: n }, (_, k) => k)
  const ranks = new Set<number>()
  for (let c = 0; c <= CORNERS; c++)
    ranks.add(Math.min(n - 1, n - Math.round(exp((1 - c / CORNERS) * log(n)))))
  return [...ranks].sort((a, b) => a - b)
}

function csvRows(column: Float64Array, cell: number): (number | string)[][] {
  const sorted = column.slice().sort()
  const n = sorted.length
  return ranksOf(n).map((k) => [cell, sorted[k], (n - k - 1) / n])
}

const CORNERS = 400
