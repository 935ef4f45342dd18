/** The time axis that all panels of a timeline share: hours, numbered turns, heads and guides. */

import type { TimedReport, Turn } from '../timedReport.ts'
import type { Box } from './box.ts'
import { draw, line, lineWidth, write } from './canvas.ts'
import { ticksBelow } from './chart.ts'
import { linear, type Scale } from './scale.ts'
import { drawKey, type KeyEntry, type Sheet } from './sheet.ts'
import { wrapped } from './text.ts'
import { clock, isWithin, type Stretch, spanOf } from './timedFacts.ts'
import { uprightPath } from './timelineMarks.ts'

/** A turn and its number on the axis. */
export interface NumberedTurn extends Turn {
  readonly number: number
}

/** What every panel is drawn against: a part of the run, or all of it. */
export interface TimeAxis {
  readonly x: Scale
  readonly stretch: Stretch
  readonly left: number
  readonly width: number
  readonly span: number
  readonly ticks: readonly number[]
  readonly turns: readonly NumberedTurn[]
  /** Whether the numbers of the turns stand already: they do above the first panel. */
  called: boolean
}

/** Radius of a callout, pixels. */
const radius = 10

/** Lays a stretch of the run over the width of the sheet; turns are numbered over the whole run. */
export function timeAxis(sheet: Sheet<TimedReport>, stretch: Stretch): TimeAxis {
  const { report, narrow, pad } = sheet
  const left = pad + (narrow ? 44 : 56)
  const width = sheet.width - pad - left - (narrow ? 4 : 12)
  const { from, to } = stretch
  const ticks = timeTicks(to - from, Math.max(2, Math.floor(width / (narrow ? 64 : 80))))
  const step = ticks[1] ?? to - from
  const first = Math.ceil(from / step - 1e-9) * step
  return {
    x: linear([from, to], [left, left + width]),
    stretch,
    left,
    width,
    span: spanOf(report),
    ticks: ticks.map((tick) => first + tick).filter((tick) => tick <= to),
    turns: numberedTurns(report).filter((turn) => isWithin(stretch, turn.at_seconds)),
    called: false,
  }
}

/** The turns in the order of time, numbered from 1. */
export function numberedTurns(report: TimedReport): NumberedTurn[] {
  return [...report.turns]
    .sort((a, b) => a.at_seconds - b.at_seconds || a.block - b.block)
    .map((turn, i) => ({ ...turn, number: i + 1 }))
}

/** Reserves a panel under its title and key, with the hours and the turns drawn behind it. */
export function openPanel(
  sheet: Sheet<TimedReport>,
  axis: TimeAxis,
  title: string,
  entries: readonly KeyEntry[],
  height: number,
): Box {
  const { canvas, theme } = sheet
  writeHead(sheet, title, entries)
  drawCallouts(sheet, axis)
  const box = { x: axis.left, y: sheet.y, width: axis.width, height }
  for (const tick of axis.ticks) {
    const d = uprightPath(axis.x(tick), box.y, box.y + height)
    draw(canvas, 'path', { d, stroke: theme.grid })
  }
  for (const turn of axis.turns) {
    const d = uprightPath(axis.x(turn.at_seconds), box.y - 2, box.y + height)
    draw(canvas, 'path', { d, stroke: theme.control, 'stroke-dasharray': '1.5 3' })
  }
  sheet.y = box.y + height
  return box
}

/** Writes the hours under the last panel. */
export function writeHours(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const box = { x: axis.left, y: sheet.y, width: axis.width, height: 0 }
  const words = axis.ticks.map((tick) => ({ x: axis.x(tick), text: clock(tick, axis.span) }))
  ticksBelow(sheet, box, words)
  sheet.y += 24
}

/** Lists the turns: number, time and what happened. */
export function listTurns(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { canvas, theme, left, right, narrow } = sheet
  const style = { size: narrow ? 12 : 13 }
  const bold = { ...style, bold: true }
  const times = axis.turns.map((turn) => line(clock(turn.at_seconds, axis.span), theme.ink1, bold))
  const text = left + 2 * radius + 18 + Math.max(0, ...times.map(lineWidth))
  sheet.y += 8
  axis.turns.forEach((turn, i) => {
    const y = sheet.y + radius
    draw(canvas, 'circle', { cx: left + radius, cy: y, r: radius, ...calloutLook(sheet) })
    const number = line(String(turn.number), theme.ink1, { size: 11, bold: true })
    write(canvas, number, { x: left + radius, y: y + 4 }, 'middle')
    write(canvas, times[i], { x: text - 8, y: y + 4.5 }, 'end')
    for (const part of wrapped(turn.text, right - text, style)) {
      write(canvas, line(part, theme.ink2, style), { x: text, y: sheet.y + radius + 4.5 })
      sheet.y += narrow ? 17 : 18
    }
    sheet.y += 6
  })
}

/** The numbers of the turns side by side above the first panel, each tied to its moment. */
function drawCallouts(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { canvas, theme } = sheet
  const { turns, x, left, width } = axis
  if (turns.length === 0 || axis.called) return
  axis.called = true
  const shown = turns.slice(0, Math.floor(width / (2 * radius + 3)) + 1)
  const y = sheet.y + 2 + radius
  const wished = shown.map((turn) => x(turn.at_seconds))
  const spread = apart(wished, 2 * radius + 3, [left, left + width])
  const style = { size: 11, bold: true }
  shown.forEach((turn, i) => {
    const tie = { x1: spread[i], y1: y + radius, x2: x(turn.at_seconds), y2: y + radius + 10 }
    draw(canvas, 'line', { ...tie, stroke: theme.ink3 })
    draw(canvas, 'circle', { cx: spread[i], cy: y, r: radius, ...calloutLook(sheet) })
    const word = line(String(turn.number), theme.ink1, style)
    write(canvas, word, { x: spread[i], y: y + 4 }, 'middle')
  })
  sheet.y = y + radius + 10
}

/** Times worth a tick, s: a step of a clock that gives about `count` of them. */
export function timeTicks(span: number, count: number): number[] {
  const days = Math.ceil(span / 86_400 / count) * 86_400
  const step = steps.find((step) => span / step <= count) ?? days
  return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => i * step)
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200,
  86_400,
]

/**
 * Places in a row with a gap between them, each as near to where it was wished as its neighbours
 * allow: those that would touch spread evenly to both sides.
 */
function apart(wished: readonly number[], gap: number, ends: readonly [number, number]): number[] {
  const groups: { sum: number; size: number }[] = []
  wished.forEach((at, i) => {
    groups.push({ sum: at - i * gap, size: 1 })
    for (let last = groups.length - 1; last > 0; last--) {
      const [before, after] = [groups[last - 1], groups[last]]
      if (before.sum / before.size <= after.sum / after.size) break
      groups.splice(last - 1, 2, { sum: before.sum + after.sum, size: before.size + after.size })
    }
  })
  const most = ends[1] - (wished.length - 1) * gap
  return groups
    .flatMap(({ sum, size }) => Array<number>(size).fill(sum / size))
    .map((at, i) => Math.max(ends[0], Math.min(at, most)) + i * gap)
}

function calloutLook({ theme }: Sheet<TimedReport>) {
  return { fill: theme.surface, stroke: theme.ink1, 'stroke-width': 1.25 }
}

/** A title and the key of its panel in one row, or the key below where they do not fit. */
function writeHead(sheet: Sheet<TimedReport>, title: string, entries: readonly KeyEntry[]): void {
  const { canvas, theme, left, right } = sheet
  const bold = { size: 12, bold: true }
  sheet.y += 28
  const lines = wrapped(title, right - left, bold)
  lines.forEach((part, i) => {
    write(canvas, line(part, theme.ink1, bold), { x: left, y: sheet.y + 17 * i })
  })
  sheet.y += 17 * (lines.length - 1)
  if (entries.length > 0) drawKey(sheet, entries)
  else sheet.y += 10
}
