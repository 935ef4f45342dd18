/** The front of a sweep: its cells by two aims, and the staircase that no cell lies beyond. */

import { counted } from '../format.ts'
import { type Aims, frontOf } from '../sweep/frontier.ts'
import { aimOf, type FrontReport } from '../sweep/frontReport.ts'
import type { SweepReport } from '../sweep/report.ts'
import type { Stat } from '../sweep/stats.ts'
import { along, around, type Box, type Point } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { openPlot, ticksBelow } from './chart.ts'
import { aimWords, frontWords, searchWords } from './frontFacts.ts'
import { place } from './place.ts'
import { linear, niceTicks, type Scale } from './scale.ts'
import {
  closeSheet,
  drawKey,
  drawStroke,
  type Figure,
  type FigureOptions,
  type KeyEntry,
  keepClear,
  openSheet,
  type Sheet,
  type Subject,
  table,
  writeHeading,
} from './sheet.ts'
import { pathThrough } from './svg.ts'
import { extremes, nameOf, shown, subjectOf, tickText } from './sweepFacts.ts'

type Kind = 'front' | 'dominated' | 'refused'

/** A cell with a value of the first two aims. */
interface Dot {
  readonly cell: number
  readonly kind: Kind
  readonly x: Stat
  readonly y: Stat
  /** The third aim; null where there is none. */
  readonly size: number | null
}

interface Plot {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
  /** Radius of a dot. */
  radius(dot: Dot): number
}

/**
 * Draws cells by two aims, and a third one as the size of the dots.
 *
 * Rule:  filled dots are the front, with their intervals; hollow ones are dominated, crosses are
 *        refused by limits. The staircase is the front of the first two aims alone: with a third
 *        aim, filled dots may lie behind it. Values rise to the right and upwards, whichever side
 *        is better; the words of the axes say it.
 * Shape: a report with a front of two aims or more.
 */
export function frontier(report: SweepReport, options: FigureOptions): Figure {
  const front = report.front!
  const sheet = openSheet('frontier', subjectOf(report), options)
  const dots = dotsOf(report, front)
  const title = titleOf(report, front)
  const how = `${frontWords(front)}; ${searchWords(front, report.runs)}`
  writeHeading(sheet, [{ text: title, tone: 'plain' }], how)
  drawKey(sheet, keyOf(sheet, report, front, dots))
  const plot = plotFor(sheet, dots)
  writeAxes(sheet, plot, report, front)
  drawStairs(sheet, plot, front, dots)
  for (const kind of ['refused', 'dominated', 'front'] as const)
    for (const dot of dots) if (dot.kind === kind) drawDot(sheet, plot, dot)
  nameDots(sheet, plot, dots)
  const told = front.points.map(({ cell, aims }) => {
    const numbers = aims.map(({ value }, k) => {
      const aim = front.aims[k]
      return `${aimWords(report, aim)} ${shown(value, aim.unit)}`
    })
    return `Cell ${cell}, ${nameOf(report, report.cells[cell])}: ${numbers.join(', ')}.`
  })
  const description = [`${title}.`, `${how}.`, ...told].join(' ')
  return closeSheet(sheet, { title, description, csv: csvOf(report, front) })
}

function titleOf(report: SweepReport, { points, aims }: FrontReport): string {
  const [x, y] = aims.map((aim) => aimWords(report, aim))
  if (points.length === 0) return `No cell is within all limits: ${x} against ${y}`
  const [first, last] = [points[0], points[points.length - 1]]
  const at = (point: typeof first, k: number) => shown(point.aims[k].value, aims[k].unit)
  if (points.length === 1)
    return `One cell is best: ${at(first, 0)} of ${x}, ${at(first, 1)} of ${y}`
  const words = `${x} from ${at(first, 0)} to ${at(last, 0)}`
  return `${words[0].toUpperCase()}${words.slice(1)} buys ${y} from ${at(first, 1)} to ${at(last, 1)}`
}

function dotsOf(report: SweepReport, { aims, points, refused }: FrontReport): Dot[] {
  const on = new Set(points.map(({ cell }) => cell))
  const out = new Set(refused.map(({ cell }) => cell))
  return report.cells.flatMap((of, cell) => {
    const [x, y, size] = aims.map((aim) => aimOf(report, of, aim))
    if (x.value === null || y.value === null) return []
    const kind = on.has(cell) ? 'front' : out.has(cell) ? 'refused' : 'dominated'
    return [{ cell, kind, x, y, size: size?.value ?? null }]
  })
}

function plotFor(sheet: Sheet<Subject>, dots: readonly Dot[]): Plot {
  sheet.y += 28
  const box = openPlot(sheet, 0.5)
  sheet.y += 20
  const scale = (of: (dot: Dot) => number, range: readonly [number, number]) => {
    const [least, most] = extremes(dots.map(of))
    const wide = most - least || Math.abs(most) || 1
    return linear([least - 0.06 * wide, most + 0.06 * wide], range)
  }
  const [small, large] = extremes(dots.flatMap(({ size }) => (size === null ? [] : [size])))
  return {
    box,
    x: scale(({ x }) => x.value!, [box.x, box.x + box.width]),
    y: scale(({ y }) => y.value!, [box.y + box.height, box.y]),
    // Areas, not radii, grow with the third aim.
    radius: ({ size }) =>
      size === null || small === large
        ? RADIUS
        : Math.sqrt(9 + ((size - small) / (large - small)) * 91),
  }
}

function writeAxes(
  sheet: Sheet<Subject>,
  { box, x, y }: Plot,
  report: SweepReport,
  { aims }: FrontReport,
): void {
  const { canvas, theme } = sheet
  const foot = box.y + box.height
  for (const tick of niceTicks(y.domain, Math.max(2, Math.round(box.height / 60)))) {
    const ends = { x1: box.x, x2: box.x + box.width, y1: y(tick), y2: y(tick) }
    draw(canvas, 'line', { ...ends, stroke: theme.grid })
    const word = line(tickText(tick, aims[1].unit), theme.ink3, SMALL)
    write(canvas, word, { x: box.x - 8, y: y(tick) + 4 }, 'end')
  }
  draw(canvas, 'line', { x1: box.x, x2: box.x + box.width, y1: foot, y2: foot, stroke: theme.line })
  const ticks = niceTicks(x.domain, Math.max(2, Math.round(box.width / 110)))
  ticksBelow(
    sheet,
    box,
    ticks.map((tick) => ({ x: x(tick), text: tickText(tick, aims[0].unit) })),
  )
  const [across, up] = aims.map((aim) => aimWords(report, aim))
  const better = aims[0].better === 'lower' ? `← better   ${across}` : `${across}   better →`
  const at = { x: box.x + box.width / 2, y: foot + 38 }
  write(canvas, line(better, theme.ink2, LABEL), at, 'middle')
  const words = `${up}   ${aims[1].better === 'lower' ? '↓' : '↑'} better`
  write(canvas, line(words, theme.ink2, LABEL), { x: sheet.left, y: box.y - 14 })
}

/** The edge of what the cells within the limits reach, by the first two aims. */
function drawStairs(
  { canvas, theme }: Sheet<Subject>,
  { box, x, y }: Plot,
  { aims }: FrontReport,
  dots: readonly Dot[],
): void {
  const [signX, signY] = aims.map(({ better }) => (better === 'lower' ? 1 : -1))
  const kept = dots.filter(({ kind }) => kind !== 'refused')
  const pairs = kept.map((dot): Aims => [signX * dot.x.value!, signY * dot.y.value!])
  const { front } = frontOf(pairs)
  if (front.length === 0) return
  const rising = front.map((p) => pairs[p]).sort((a, b) => a[0] - b[0])
  const worst = {
    x: signX > 0 ? box.x + box.width : box.x,
    y: signY > 0 ? box.y : box.y + box.height,
  }
  const path: Point[] = []
  let level = worst.y
  for (const [a, b] of rising) {
    path.push({ x: x(signX * a), y: level })
    level = y(signY * b)
    path.push({ x: x(signX * a), y: level })
  }
  path.push({ x: worst.x, y: level })
  draw(canvas, 'path', { d: pathThrough(path), fill: 'none', stroke: theme.absorb, ...STAIR })
  canvas.marks.push(...along(path, 1))
}

function drawDot(sheet: Sheet<Subject>, plot: Plot, dot: Dot): void {
  const at = { x: plot.x(dot.x.value!), y: plot.y(dot.y.value!) }
  const r = plot.radius(dot)
  if (dot.kind === 'front') drawIntervals(sheet, plot, dot, at)
  drawSign(sheet, dot.kind, at, r)
  if (dot.kind === 'front') keepClear(sheet, around(at, r + 1))
  else keepClear(sheet, around(at, Math.min(r, 3)))
}

function drawSign({ canvas, theme }: Sheet<Subject>, kind: Kind, at: Point, r: number): void {
  if (kind === 'refused') {
    for (const way of [-1, 1]) {
      const ends = { x1: at.x - 3.5, x2: at.x + 3.5, y1: at.y - way * 3.5, y2: at.y + way * 3.5 }
      draw(canvas, 'line', { ...ends, stroke: theme.total, 'stroke-width': 1.5 })
    }
    return
  }
  const look =
    kind === 'front'
      ? { fill: theme.absorb, stroke: theme.surface, 'stroke-width': 1.5 }
      : { fill: 'none', stroke: theme.control, 'stroke-width': 1.25 }
  draw(canvas, 'circle', { cx: at.x, cy: at.y, r, ...look })
}

/** Thin lines along both axes, as far as the plot goes; an end that is not known ends there. */
function drawIntervals({ canvas, theme }: Sheet<Subject>, plot: Plot, dot: Dot, at: Point): void {
  const { box, x, y } = plot
  const inside = (value: number, least: number, size: number) =>
    Math.min(least + size, Math.max(least, value))
  const look = { stroke: theme.absorb, 'stroke-width': 1, opacity: 0.55 }
  if (dot.x.low !== null && dot.x.high !== null) {
    const [x1, x2] = [dot.x.low, dot.x.high].map((end) => inside(x(end), box.x, box.width))
    draw(canvas, 'line', { x1, x2, y1: at.y, y2: at.y, ...look })
  }
  if (dot.y.low !== null && dot.y.high !== null) {
    const [y1, y2] = [dot.y.low, dot.y.high].map((end) => inside(y(end), box.y, box.height))
    draw(canvas, 'line', { x1: at.x, x2: at.x, y1, y2, ...look })
  }
}

/** Numbers of the cells on the front, as tables have them, where they find room. */
function nameDots({ canvas, theme }: Sheet<Subject>, plot: Plot, dots: readonly Dot[]): void {
  for (const dot of dots) {
    if (dot.kind !== 'front') continue
    const lines = [line(`cell ${dot.cell}`, theme.ink1, SMALL)]
    const at = { x: plot.x(dot.x.value!), y: plot.y(dot.y.value!) }
    const note = { lines, at, reach: plot.radius(dot) + 1, gap: 3, leader: theme.ink3 }
    const sides = ['right', 'above right', 'below right', 'left', 'above left', 'above'] as const
    place(canvas, { ...note, sides, close: true }, plot.box)
  }
}

function keyOf(
  sheet: Sheet<Subject>,
  report: SweepReport,
  { aims, refused }: FrontReport,
  dots: readonly Dot[],
): KeyEntry[] {
  const { theme } = sheet
  const sign = (kind: Kind) => (box: Box) => {
    drawSign(sheet, kind, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, RADIUS)
    keepClear(sheet, box)
  }
  const sizes = dots.flatMap(({ size }) => (size === null ? [] : [size]))
  const [least, most] = extremes(sizes)
  const third = aims[2]
  const range =
    third === undefined ? '' : `${shown(least, third.unit)} to ${shown(most, third.unit)}`
  return [
    { word: 'on the front', draw: sign('front') },
    { word: 'dominated', draw: sign('dominated') },
    ...(refused.length > 0 ? [{ word: 'refused by limits', draw: sign('refused') }] : []),
    {
      word: third === undefined ? 'best of one for the other' : 'best by these two alone',
      draw: (box: Box) => drawStroke(sheet, box, { stroke: theme.absorb, ...STAIR }),
    },
    ...(third === undefined || sizes.length === 0
      ? []
      : [{ word: `size: ${aimWords(report, third)}, ${range}`, draw: sign('dominated') }]),
    ...(aims.length > 3 ? [{ word: counted(aims.length - 3, 'more aim'), draw: () => {} }] : []),
  ]
}

function csvOf(report: SweepReport, { aims, points, dominated, refused }: FrontReport): string {
  const standing = new Map<number, string>([
    ...points.map(({ cell }) => [cell, 'front'] as const),
    ...dominated.map(({ cell }) => [cell, 'dominated'] as const),
    ...refused.map(({ cell }) => [cell, 'refused'] as const),
  ])
  const keys = report.variations.map(({ key }) => key)
  const names = aims.map(({ measure, stat }) => `${measure}_${stat}`)
  const rows = report.cells.map((of, cell) => [
    cell,
    ...of.values,
    ...aims.map((aim) => aimOf(report, of, aim).value),
    standing.get(cell) ?? 'unknown',
  ])
  return table(subjectOf(report), ['cell', ...keys, ...names, 'stands'], rows)
}

const RADIUS = 4.5
const SMALL = { size: 11 }
const LABEL = { size: 12 }
const STAIR = { 'stroke-width': 2, 'stroke-linejoin': 'round' }
