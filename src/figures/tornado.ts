/** A tornado: what each key, varied alone, changes in one number. */

import type { SweepReport } from '../sweep/report.ts'
import { type Stat, statOf } from '../sweep/stats.ts'
import type { Box } from './box.ts'
import { cutTo, draw, line, lineWidth, write } from './canvas.ts'
import { ticksBelow } from './chart.ts'
import { linear, niceTicks, type Scale } from './scale.ts'
import {
  closeSheet,
  type Figure,
  type FigureOptions,
  openSheet,
  type Sheet,
  type Subject,
  table,
  writeHeading,
} from './sheet.ts'
import {
  extremes,
  type Focus,
  focusWords,
  levelWords,
  measureWords,
  type Swing,
  shown,
  subjectOf,
  swings,
  tickText,
  unitOf,
} from './sweepFacts.ts'

/**
 * Draws signed bars against the scenario as it is; what changes most comes first.
 *
 * Rule:       blue lowers the number and vermillion raises it; the value and the change stand
 *             beside each bar. A thin line is the interval of the value, the grey band that of the
 *             scenario as it is.
 * Simplifies: runs of the cells are paired, so a change is surer than two intervals that overlap
 *             make it look.
 */
export function tornado(report: SweepReport, focus: Focus, options: FigureOptions): Figure {
  const sheet = openSheet('tornado', subjectOf(report), options)
  const unit = unitOf(report, focus)
  const rows = swings(report, focus)
  const base = statOf(report.cells[0], focus.measure, focus.stat)
  const title = titleOf(rows, focus, unit)
  const as = `${focusWords(report, focus)}: ${shown(base.value, unit)} as the scenario is`
  const known = [base, ...rows].some(({ low, high }) => low !== null || high !== null)
  const lines = known ? `; thin lines and the grey band: ${levelWords(report)} intervals` : ''
  writeHeading(sheet, [{ text: title, tone: 'plain' }], `${as}${lines}`)
  drawRows(sheet, rows, base, unit)
  const told = rows.map(({ name, value, change }) => {
    return `${name}: ${shown(value, unit)} (${signed(change, unit)})`
  })
  const description = `${title}; ${as}. ${told.join('; ')}.`
  const cells = rows.map(({ key, name, value, change, low, high }) => {
    return [key, name, value, change, low, high]
  })
  const columns = ['key', 'set', 'value', 'change', 'low', 'high']
  const csv = table(subjectOf(report), columns, cells)
  return closeSheet(sheet, { title, description, csv })
}

function titleOf(rows: readonly Swing[], { measure }: Focus, unit: string): string {
  const words = measureWords(measure)
  const most = rows.reduce<Swing | null>((largest, row) => {
    return Math.abs(row.change ?? 0) > Math.abs(largest?.change ?? 0) ? row : largest
  }, null)
  if (most === null) return `Nothing that was varied changes ${words}`
  const name = `${words[0].toUpperCase()}${words.slice(1)}`
  return `${name} changes most with ${most.name}: ${signed(most.change, unit)}`
}

function signed(change: number | null, unit: string): string {
  return `${change !== null && change > 0 ? '+' : ''}${shown(change, unit)}`
}

function drawRows(sheet: Sheet<Subject>, rows: readonly Swing[], base: Stat, unit: string): void {
  const { canvas, theme, left, right, narrow } = sheet
  const style = { size: narrow ? 11 : 12 }
  const widest = (of: (swing: Swing) => string) =>
    Math.max(0, ...rows.map((swing) => lineWidth(line(of(swing), theme.ink2, style)))) + 12
  const names = narrow
    ? 0
    : Math.min(
        widest(({ name }) => name),
        (right - left) / 3,
      )
  const changes = widest(({ change }) => signed(change, unit))
  const numbers = changes + widest(({ value }) => shown(value, unit))
  const height = narrow ? 38 : 26
  const box = {
    ...{ x: left + names + 2, y: sheet.y + 14 },
    ...{ width: right - left - names - numbers - 4, height: rows.length * height },
  }
  const x = linear(domainOf([base, ...rows]), [box.x, box.x + box.width])
  drawBase(sheet, box, x, base, unit)
  rows.forEach((swing, r) => {
    const top = box.y + r * height
    const bar = { x: box.x, y: top + (narrow ? 18 : 4), width: box.width, height: 16 }
    const room = narrow ? right - left : names - 8
    const at = { x: left, y: narrow ? top + 12 : bar.y + 13 }
    write(canvas, cutTo(swing.name, theme.ink2, style, room), at)
    drawBar(sheet, bar, x, swing, base)
    const value = line(shown(swing.value, unit), theme.ink2, style)
    const change = line(signed(swing.change, unit), theme.ink1, style)
    write(canvas, value, { x: right - changes, y: bar.y + 13 }, 'end')
    write(canvas, change, { x: right, y: bar.y + 13 }, 'end')
  })
  sheet.y = box.y + box.height + 24
}

/** From the least to the greatest value or end of an interval. */
function domainOf(stats: readonly Stat[]): [number, number] {
  const known = stats
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((value) => value !== null)
  return extremes(known)
}

/** The axis, and the scenario as it is with its interval. */
function drawBase(sheet: Sheet<Subject>, box: Box, x: Scale, base: Stat, unit: string): void {
  const { canvas, theme, narrow } = sheet
  const { y, height } = box
  if (base.value === null) return
  const [from, to] = [x(base.low ?? base.value), x(base.high ?? base.value)]
  draw(canvas, 'rect', { x: from, y, width: to - from, height, fill: theme.grid })
  const at = x(base.value)
  draw(canvas, 'line', { x1: at, x2: at, y1: y, y2: y + height, stroke: theme.control })
  const ticks = niceTicks(x.domain, Math.max(2, Math.round(box.width / (narrow ? 55 : 110))))
  const words = ticks.map((tick) => ({ x: x(tick), text: tickText(tick, unit) }))
  ticksBelow(sheet, box, words)
}

function drawBar(sheet: Sheet<Subject>, box: Box, x: Scale, swing: Swing, base: Stat): void {
  const { canvas, theme } = sheet
  const { value, low, high } = swing
  if (value === null || base.value === null) return
  const [from, to] = [x(base.value), x(value)]
  const bar = { ...box, x: Math.min(from, to), width: Math.abs(to - from) }
  draw(canvas, 'rect', { ...bar, fill: to > from ? theme.total : theme.first })
  if (low === null && high === null) return
  const y = box.y + box.height / 2
  const ends = { x1: x(low ?? value), x2: x(high ?? value) }
  const look = { stroke: theme.ink1, 'stroke-width': 1.5 }
  // A rim: the line passes over the bar and over the ground.
  draw(canvas, 'line', { ...ends, y1: y, y2: y, stroke: theme.surface, 'stroke-width': 4 })
  draw(canvas, 'line', { ...ends, y1: y, y2: y, ...look })
  for (const end of [low, high])
    if (end !== null)
      draw(canvas, 'line', { x1: x(end), x2: x(end), y1: y - 4, y2: y + 4, ...look })
}
