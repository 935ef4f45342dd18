/** Series over the time axis, their entries in the key, and the lines of a panel. */

import type { TimedReport } from '../timedReport.ts'
import type { Box } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { drawStroke, type KeyEntry, type Sheet } from './sheet.ts'
import type { Attributes } from './svg.ts'
import { columnOf, isWithin, secondsOf, type Values } from './timedFacts.ts'
import type { TimeAxis } from './timelineAxis.ts'
import { drawFate, drawSeries, type FateLook, type Panel } from './timelineMarks.ts'

/** A column, how it is drawn and what the key calls it. */
export interface Series {
  readonly word: string
  readonly values: Values
  readonly look: Attributes
  readonly steps?: boolean
}

/** Those of the wanted columns that the run has. */
export function present(
  report: TimedReport,
  wanted: readonly { readonly name: string; readonly word: string; readonly look: Attributes }[],
): Series[] {
  return wanted.flatMap(({ name, word, look }) => {
    const values = columnOf(report, name)
    return values === null ? [] : [{ word, values, look }]
  })
}

/** Only what lies in the stretch of the axis; series with nothing there are left out. */
export function seen(
  { report }: Sheet<TimedReport>,
  { stretch }: TimeAxis,
  series: readonly Series[],
): Series[] {
  const seconds = secondsOf(report)
  return series
    .map((one) => ({
      ...one,
      values: one.values.map((value, i) => (isWithin(stretch, seconds[i]) ? value : null)),
    }))
    .filter(({ values }) => values.some((value) => value !== null))
}

/** Draws every series over its panel, the later ones in front. */
export function drawAll(sheet: Sheet<TimedReport>, panel: Panel, series: readonly Series[]): void {
  const seconds = secondsOf(sheet.report)
  for (const { values, look, steps } of series)
    drawSeries(sheet, panel, seconds, values, look, steps)
}

/** Entries of the key, one a series. */
export function strokes(sheet: Sheet<TimedReport>, series: readonly Series[]): KeyEntry[] {
  return series.map(({ word, look }) => ({
    word,
    draw: (box) => drawStroke(sheet, box, { 'stroke-width': 1.5, ...look }),
  }))
}

/** Draws a sign in the middle of its place in the key. */
export function dotIn(
  sheet: Sheet<TimedReport>,
  look: Omit<FateLook, 'fate'>,
  radius = 3,
): KeyEntry['draw'] {
  return (box) =>
    drawFate(sheet, look, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, radius)
}

/** A level grid line with its value beside it. */
export function level(sheet: Sheet<TimedReport>, box: Box, y: number, text: string): void {
  const { canvas, theme } = sheet
  draw(canvas, 'line', { x1: box.x, x2: box.x + box.width, y1: y, y2: y, stroke: theme.grid })
  write(canvas, line(text, theme.ink3, { size: 11 }), { x: box.x - 8, y: y + 4 }, 'end')
}

/** The foot of a panel. */
export function baseline(sheet: Sheet<TimedReport>, box: Box): void {
  const y = box.y + box.height
  const ends = { x1: box.x, x2: box.x + box.width, y1: y, y2: y }
  draw(sheet.canvas, 'line', { ...ends, stroke: sheet.theme.control })
}
