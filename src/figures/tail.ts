/** The tail of a sweep: the share of runs that come to more than each value. */

import { counted, percent } from '../format.ts'
import { exp, log } from '../math/exponential.ts'
import { UNKNOWN } from '../statistics/interval.ts'
import type { CellReport, SweepReport } from '../sweep/report.ts'
import { type Stat, statOf } from '../sweep/stats.ts'
import { around, type Box, type Point } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { openPlot, ticksBelow } from './chart.ts'
import { linear, logarithmic, niceTicks, type Scale } from './scale.ts'
import {
  closeSheet,
  drawStroke,
  type Figure,
  type FigureOptions,
  keepClear,
  openSheet,
  type Sheet,
  type Subject,
  table,
  writeHeading,
} from './sheet.ts'
import { pathThrough } from './svg.ts'
import {
  type Focus,
  levelWords,
  measureWords,
  nameOf,
  rangeWords,
  shown,
  subjectOf,
  tickText,
  unitOf,
} from './sweepFacts.ts'
import { wrapped } from './text.ts'

/** Values of the runs of a cell, in any order, without NaN. */
export type Columns = readonly Float64Array[]

/** A cell that is drawn. */
interface Curve {
  readonly cell: CellReport
  readonly index: number
  readonly corners: readonly Corner[]
  readonly runs: number
}

/** A value that a run has, and the share of runs above it. */
interface Corner {
  readonly value: number
  readonly above: number
}

/** What all curves of a picture have in common. */
interface Facts {
  readonly report: SweepReport
  readonly measure: string
  readonly unit: string
}

interface Plot {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
  /** All runs have one value. */
  readonly isFlat: boolean
}

/**
 * Draws exceedance curves of one measure, a line for each of up to six cells.
 *
 * Rule:  share of runs above a value, logarithmic, down to one run, where a curve ends. Quantiles
 *        are marked where at least one run lies beyond them. Of more cells than lines, the worst,
 *        the best, and some evenly between them by the 95 % quantile.
 * Shape: `columns` by cell.
 */
export function tail(
  report: SweepReport,
  { measure }: Pick<Focus, 'measure'>,
  columns: Columns,
  options: FigureOptions,
): Figure {
  const sheet = openSheet('tail', subjectOf(report), options)
  const facts = { report, measure, unit: unitOf(report, { measure, stat: 'mean' }) }
  const curves = chosenCurves(facts, columns)
  const title = titleOf(facts, curves)
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitleOf(facts, curves))
  const plot = plotFor(sheet, curves)
  writeAxes(sheet, plot, facts.unit)
  const looks = looksOf(sheet)
  curves.forEach((curve, k) => {
    drawCurve(sheet, plot, curve, looks[k])
  })
  curves.forEach((curve, k) => {
    drawMarks(sheet, plot, facts, curve, looks[k].stroke)
  })
  curves.forEach((curve, k) => {
    writeCurve(sheet, facts, curve, looks[k])
  })
  const told = curves.map((curve) => `${nameOf(report, curve.cell)}: ${words(facts, curve)}.`)
  const rows = curves.flatMap(({ index, corners }) =>
    corners.map(({ value, above }) => [index, value, above]),
  )
  const csv = table(subjectOf(report), ['cell', measure, 'share_above'], rows)
  return closeSheet(sheet, { title, description: [`${title}.`, ...told].join(' '), csv })
}

function chosenCurves({ report, measure }: Facts, columns: Columns): Curve[] {
  const rank = (cell: CellReport) => statOf(cell, measure, 'q95').value ?? Number.NEGATIVE_INFINITY
  const most = ({ metrics }: CellReport) => metrics[measure]?.most ?? 0
  const all = report.cells
    .map((cell, index) => ({ cell, index }))
    .filter(({ index }) => columns[index].length > 0)
    .sort((a, b) => rank(b.cell) - rank(a.cell) || most(b.cell) - most(a.cell))
  const lines = Math.min(LINES, all.length)
  return Array.from({ length: lines }, (_, k) => {
    const { cell, index } = all[Math.round((k * (all.length - 1)) / Math.max(1, lines - 1))]
    const column = columns[index]
    return { cell, index, corners: cornersOf(column), runs: column.length }
  })
}

/** Values at which a curve falls, rising; of many, evenly in the logarithm of the share. */
function cornersOf(column: Float64Array): Corner[] {
  const sorted = column.slice().sort()
  const n = sorted.length
  const corners: Corner[] = []
  let last = -1
  for (const rank of ranksOf(n)) {
    if (rank <= last) continue
    last = rank
    while (last + 1 < n && sorted[last + 1] === sorted[last]) last++
    corners.push({ value: sorted[last], above: (n - 1 - last) / n })
  }
  return corners
}

function ranksOf(n: number): number[] {
  if (n <= CORNERS) return Array.from({ length: n }, (_, k) => k)
  const ranks = Array.from({ length: CORNERS }, (_, c) =>
    Math.min(n - 1, n - Math.round(exp((1 - c / (CORNERS - 1)) * log(n)))),
  )
  return ranks.sort((a, b) => a - b)
}

function titleOf({ report, measure, unit }: Facts, curves: readonly Curve[]): string {
  const of = measureWords(measure)
  if (curves.length === 0) return `No run has a value of ${of}`
  const [{ cell, runs, corners }] = curves
  const most = Math.max(...curves.map((curve) => curve.corners[curve.corners.length - 1].value))
  if (most === 0 && curves.every((curve) => curve.corners.length === 1))
    return `In none of the runs is there any ${of}`
  const at = report.cells.length > 1 ? ` at ${nameOf(report, cell)}` : ''
  if (runs < TWENTY) {
    const worst = shown(corners[corners.length - 1].value, unit)
    return `The worst of ${counted(runs, 'run')} comes to ${worst} of ${of}${at}`
  }
  const { value } = statOf(cell, measure, 'q95')
  return `One run in twenty comes to more than ${shown(value, unit)} of ${of}${at}`
}

function subtitleOf({ report }: Facts, curves: readonly Curve[]): string {
  const all = report.cells.length
  const some = curves.length < all && curves.length === LINES
  const which = some ? `${LINES} of ${all} cells, from the worst to the best; ` : ''
  const runs = Math.max(0, ...curves.map((curve) => curve.runs))
  const dots = runs < TWENTY ? '' : `; dots: quantiles with ${levelWords(report)} intervals`
  const diamonds = marked(runs).includes('q99')
  const worst = diamonds ? '; diamonds: mean of the worst 1\u202f%' : ''
  return `${which}share of ${counted(runs, 'run')} that comes to more${dots}${worst}`
}

/** What a curve shows: its atom at 0, its quantiles, the mean of the worst. */
function words({ measure, unit }: Facts, { cell, runs, corners }: Curve): string {
  const most = shown(corners[corners.length - 1].value, unit)
  const zeros = 1 - (statOf(cell, measure, 'nonzero').value ?? 1)
  const stats = marked(runs).map((name) => {
    const stat = statOf(cell, measure, name)
    const range = rangeWords(stat, unit)
    return `${name} ${shown(stat.value, unit)}${range === '' ? '' : ` (${range})`}`
  })
  const { value } = marked(runs).includes('q99') ? statOf(cell, measure, 'es99') : UNKNOWN
  return [
    ...(zeros > 0
      ? [`0 in ${zeros === 1 ? 'all' : percent(zeros)} of ${counted(runs, 'run')}`]
      : []),
    ...stats,
    ...(value === null ? [] : [`mean of the worst 1\u202f% ${shown(value, unit)}`]),
    `most ${most}`,
  ].join(', ')
}

/** Quantiles with at least one run beyond them. */
function marked(runs: number): ('q95' | 'q99')[] {
  return runs < TWENTY ? [] : runs < 5 * TWENTY ? ['q95'] : ['q95', 'q99']
}

function looksOf({ theme }: Sheet<Subject>) {
  const { total, first, absorb, ink1, control, ink2 } = theme
  const dashes = [undefined, undefined, undefined, '6 3', '2 3', '9 3 2 3']
  return [total, first, absorb, ink1, control, ink2].map((stroke, k) => ({
    stroke,
    'stroke-width': 2,
    'stroke-dasharray': dashes[k],
    fill: 'none',
  }))
}

function plotFor(sheet: Sheet<Subject>, curves: readonly Curve[]): Plot {
  sheet.y += 8
  const box = openPlot(sheet, 0.45)
  const runs = Math.max(2, ...curves.map((curve) => curve.runs))
  const least = Math.min(...curves.map(({ corners }) => corners[0].value))
  const most = Math.max(...curves.map(({ corners }) => corners[corners.length - 1].value))
  // From 0, unless all values lie far from it.
  const from = least > 0 && least < 0.5 * most ? 0 : least
  const isFlat = !(most > from)
  const domain: [number, number] = curves.length === 0 ? [0, 1] : [from, isFlat ? from + 1 : most]
  const x = linear(domain, [box.x, box.x + box.width])
  const y = logarithmic([1 / (1.5 * runs), 1], [box.y + box.height, box.y])
  return { box, x, y, isFlat }
}

function writeAxes(sheet: Sheet<Subject>, { box, x, y, isFlat }: Plot, unit: string): void {
  const { canvas, theme } = sheet
  const taken: number[] = []
  for (const share of SHARES) {
    const at = y(share)
    if (share < y.domain[0] || taken.some((other) => Math.abs(other - at) < 16)) continue
    taken.push(at)
    draw(canvas, 'line', { x1: box.x, x2: box.x + box.width, y1: at, y2: at, stroke: theme.grid })
    const text = line(`${Number((100 * share).toPrecision(1))} %`, theme.ink3, { size: 11 })
    write(canvas, text, { x: box.x - 8, y: at + 4 }, 'end')
  }
  const foot = box.y + box.height
  draw(canvas, 'line', { x1: box.x, x2: box.x + box.width, y1: foot, y2: foot, stroke: theme.line })
  const ticks = isFlat
    ? [x.domain[0]]
    : niceTicks(x.domain, Math.max(2, Math.round(box.width / 110)))
  const words = ticks.map((tick) => ({ x: x(tick), text: tickText(tick, unit) }))
  ticksBelow(
    sheet,
    box,
    words.filter(({ text }, k) => text !== words[k - 1]?.text && !text.startsWith('<')),
  )
}

/** A staircase: level between two values, falling at each; the last run has none above it. */
function drawCurve(
  { canvas }: Sheet<Subject>,
  { x, y }: Plot,
  { corners, runs }: Curve,
  look: ReturnType<typeof looksOf>[number],
): void {
  let share = 1
  const points: Point[] = []
  for (const { value, above } of corners) {
    points.push({ x: x(value), y: y(share) })
    share = above > 0 ? above : 1 / runs
    points.push({ x: x(value), y: y(share) })
  }
  draw(canvas, 'path', { d: pathThrough(points), 'stroke-linejoin': 'round', ...look })
}

function drawMarks(
  sheet: Sheet<Subject>,
  plot: Plot,
  { measure }: Facts,
  { cell, runs }: Curve,
  ink: string,
): void {
  const { canvas, theme } = sheet
  const { x, y } = plot
  for (const name of marked(runs)) {
    const stat = statOf(cell, measure, name)
    if (stat.value === null) continue
    const at = { x: x(stat.value), y: y(name === 'q95' ? 0.05 : 0.01) }
    drawInterval(sheet, plot, stat, at, ink)
    const rim = { stroke: theme.surface, 'stroke-width': 1.5 }
    draw(canvas, 'circle', { cx: at.x, cy: at.y, r: 4.5, fill: ink, ...rim })
    keepClear(sheet, around(at, 4))
  }
  const { value } = statOf(cell, measure, 'es99')
  if (value === null || !marked(runs).includes('q99')) return
  const at = { x: x(value), y: y(0.01) }
  const corners = [-5, 0, 5, 0].map((dx, k) => ({ x: at.x + dx, y: at.y + [0, -5, 0, 5][k] }))
  const look = { fill: theme.surface, stroke: ink, 'stroke-width': 1.5 }
  draw(canvas, 'path', { d: pathThrough(corners, true), ...look })
}

/** A line with a bar at each end; an end that is not known is an arrow. */
function drawInterval(
  { canvas }: Sheet<Subject>,
  { x }: Plot,
  { low, high }: Stat,
  { x: middle, y }: Point,
  stroke: string,
): void {
  if (low === null && high === null) return
  const look = { stroke, 'stroke-width': 1.5, fill: 'none' }
  for (const [end, sign] of [
    [low, -1],
    [high, 1],
  ] as const) {
    const at = end === null ? middle + sign * ARROW : x(end)
    draw(canvas, 'line', { x1: middle, x2: at, y1: y, y2: y, ...look })
    const head = end === null ? at - sign * 4 : at
    const points = [y - 4, y, y + 4].map((to) => ({ x: to === y ? at : head, y: to }))
    draw(canvas, 'path', { d: pathThrough(points), ...look })
  }
}

/** The key: the line of a cell, its name, and its numbers in words. */
function writeCurve(
  sheet: Sheet<Subject>,
  facts: Facts,
  curve: Curve,
  look: ReturnType<typeof looksOf>[number],
): void {
  const { canvas, theme, left, right, narrow } = sheet
  const bold = { size: narrow ? 12 : 13, bold: true }
  const small = { size: narrow ? 11 : 12 }
  const x = left + SIGN + 8
  sheet.y += 10
  drawStroke(sheet, { x: left, y: sheet.y, width: SIGN, height: 14 }, look)
  const lines = [
    ...wrapped(nameOf(facts.report, curve.cell), right - x, bold).map((part) =>
      line(part, theme.ink1, bold),
    ),
    ...wrapped(words(facts, curve), right - x, small).map((part) => line(part, theme.ink2, small)),
  ]
  for (const part of lines) {
    write(canvas, part, { x, y: sheet.y + 11.5 })
    sheet.y += 17
  }
}

/** Most cells in one picture. */
const LINES = 6
const CORNERS = 400
/** Runs from which one lies beyond the 95 % quantile. */
const TWENTY = 20
/** Shares worth a tick; where room is short, the first ones. */
const SHARES = [1, 0.01, 0.1, 0.001, 0.05, 1e-4, 1e-5, 0.5, 0.2, 0.02]
const SIGN = 26
const ARROW = 14
