/** Plots with a left axis in dollars: the frame, the grid and the ticks. */

import { money } from '../format.ts'
import type { Box } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { linear, niceTicks, type Scale } from './scale.ts'
import type { Sheet, Subject } from './sheet.ts'
import { textWidth } from './text.ts'

const tickStyle = { size: 11 }

/** Reserves the next part of the sheet for a plot, with room for ticks left and below. */
export function openPlot(sheet: Sheet<Subject>, share: number): Box {
  const { x, width } = plotSpan(sheet)
  const { height: whole } = sheet.options
  const room = whole === undefined ? share * width : whole - sheet.y - 34
  const height = Math.round(Math.min(Math.max(room, whole === undefined ? 200 : 120), 520))
  const box = { x, y: sheet.y + 10, width, height }
  sheet.y = box.y + height + 24
  return box
}

/** Where plots of a sheet begin, and how wide they are. */
export function plotSpan(sheet: Pick<Sheet, 'width' | 'narrow' | 'pad'>): Pick<Box, 'x' | 'width'> {
  const x = sheet.pad + (sheet.narrow ? Math.max(44, 50 - sheet.pad) : 56)
  return { x, width: sheet.width - sheet.pad - x - (sheet.narrow ? 4 : 12) }
}

/** Draws level grid lines with money beside them; amounts below zero print without a sign. */
export function moneyAxis(
  sheet: Sheet<Subject>,
  box: Box,
  scale: Scale,
  ticks?: readonly number[],
): void {
  const { canvas, theme } = sheet
  const at = ticks ?? niceTicks(scale.domain, Math.max(2, Math.round(box.height / 60)))
  for (const tick of at) {
    const y = scale(tick)
    const ends = { x1: box.x, x2: box.x + box.width, y1: y, y2: y }
    draw(canvas, 'line', { ...ends, stroke: tick === 0 ? theme.control : theme.grid })
    const word = line(tick === 0 ? '0' : axisMoney(Math.abs(tick)), theme.ink3, tickStyle)
    write(canvas, word, { x: box.x - 8, y: y + 4 }, 'end')
  }
}

/** Writes tick labels under a plot, leaving out those that would touch the one before. */
export function ticksBelow(
  sheet: Sheet<Subject>,
  box: Box,
  ticks: readonly { readonly x: number; readonly text: string }[],
): void {
  let free = Number.NEGATIVE_INFINITY
  for (const { x, text } of ticks) {
    const half = textWidth(text, tickStyle) / 2
    const middle = Math.min(Math.max(x, half + 2), sheet.width - half - 2)
    if (middle - half < free) continue
    const at = { x: middle, y: box.y + box.height + 18 }
    write(sheet.canvas, line(text, sheet.theme.ink3, tickStyle), at, 'middle')
    free = middle + half + 8
  }
}

/** Returns a scale from 0 to a little above the greatest value; the amounts may all be 0. */
export function upTo(most: number, box: Box): Scale {
  return linear([0, most > 0 ? 1.06 * most : 1], [box.y + box.height, box.y])
}

/** Money on an axis: no more decimals than a round number needs. */
export function axisMoney(usd: number): string {
  return money(usd).replace(/\.0+(?=[MBT])/, '')
}
