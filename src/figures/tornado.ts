/** A tornado: what each key, varied alone, changes in one number. */

import type { SweepReport } from '../sweep/report.ts'
import { draw, line, lineWidth, write } from './canvas.ts'
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
  type Focus,
  focusOf,
  focusWords,
  type Swing,
  shown,
  subjectOf,
  swings,
  unitOf,
} from './sweepFacts.ts'

/**
 * Draws signed bars against the scenario as it is; what changes most comes first.
 *
 * Rule: blue lowers the number and vermillion raises it; the value and the change stand beside
 *       each bar.
 */
export function tornado(report: SweepReport, focus: Focus, options: FigureOptions): Figure {
  const sheet = openSheet('tornado', subjectOf(report), options)
  const unit = unitOf(report, focus)
  const rows = swings(report, focus)
  const base = shown(focusOf(report.cells[0], focus), unit)
  const words = focusWords(report, focus)
  const title = titleOf(rows, words, unit)
  writeHeading(sheet, [{ text: title, tone: 'plain' }], `${words}: ${base} as the scenario is`)
  drawBars(sheet, rows, unit)
  const told = rows.map(({ name, value, change }) => {
    return `${name}: ${shown(value, unit)} (${signed(change, unit)})`
  })
  const description = `${title}; ${base} as the scenario is. ${told.join('; ')}.`
  const cells = rows.map(({ key, name, value, change }) => [key, name, value, change])
  const csv = table(subjectOf(report), ['key', 'set', 'value', 'change'], cells)
  return closeSheet(sheet, { title, description, csv })
}

function titleOf(rows: readonly Swing[], words: string, unit: string): string {
  const most = rows.reduce<Swing | null>((largest, row) => {
    return Math.abs(row.change ?? 0) > Math.abs(largest?.change ?? 0) ? row : largest
  }, null)
  if (most === null) return `Nothing that was varied changes ${words}`
  return `${most.name} changes ${words} most: by ${signed(most.change, unit)}`
}

function signed(change: number | null, unit: string): string {
  return `${change !== null && change > 0 ? '+' : ''}${shown(change, unit)}`
}

function drawBars(sheet: Sheet<Subject>, rows: readonly Swing[], unit: string): void {
  const { canvas, theme, left, right, narrow } = sheet
  const style = { size: narrow ? 11 : 12 }
  const room = (of: (swing: Swing) => string) =>
    Math.max(0, ...rows.map((swing) => lineWidth(line(of(swing), theme.ink2, style)))) + 10
  const names = narrow
    ? 0
    : Math.min(
        room(({ name }) => name),
        (right - left) / 3,
      )
  const changes = room(({ change }) => signed(change, unit))
  const numbers = changes + room(({ value }) => shown(value, unit))
  const half = (right - left - names - numbers) / 2
  const middle = left + names + half
  const most = Math.max(...rows.map(({ change }) => Math.abs(change ?? 0)), Number.MIN_VALUE)
  const height = narrow ? 38 : 26
  sheet.y += 14
  const top = sheet.y
  for (const swing of rows) {
    const y = sheet.y + (narrow ? 18 : 4)
    const word = line(swing.name, theme.ink2, style)
    write(canvas, word, { x: left, y: narrow ? sheet.y + 12 : y + 13 })
    const long = (half * Math.abs(swing.change ?? 0)) / most
    const isMore = (swing.change ?? 0) > 0
    const box = { x: isMore ? middle : middle - long, y, width: long, height: 16 }
    draw(canvas, 'rect', { ...box, fill: isMore ? theme.total : theme.first })
    const value = line(shown(swing.value, unit), theme.ink2, style)
    const change = line(signed(swing.change, unit), theme.ink1, style)
    write(canvas, value, { x: right - changes, y: y + 13 }, 'end')
    write(canvas, change, { x: right, y: y + 13 }, 'end')
    sheet.y += height
  }
  const ends = { x1: middle, x2: middle, y1: top, y2: sheet.y }
  draw(canvas, 'line', { ...ends, stroke: theme.control })
}
