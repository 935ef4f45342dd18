/** A phase map: one number of a sweep over two keys, as colours with their values. */

import type { SweepReport } from '../sweep/report.ts'
import type { Box } from './box.ts'
import { draw, hatch, line, lineWidth, write } from './canvas.ts'
import { cividis, wantsDarkInk } from './cividis.ts'
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
  nameOf,
  shortKey,
  shown,
  subjectOf,
  unitOf,
} from './sweepFacts.ts'

/** Values of a map by row and column; null where there is none. */
interface Grid {
  readonly down: readonly string[]
  readonly across: readonly string[]
  readonly values: readonly (readonly (number | null)[])[]
  readonly least: number
  readonly most: number
}

/**
 * Draws a number over two varied keys; lighter is more.
 *
 * Rule: colours run from the least value to the greatest; a cell without a value is hatched, and
 *       values are written where all of them fit. `line`: cells at or above it have a frame.
 */
export function phase(
  report: SweepReport,
  focus: Focus,
  options: FigureOptions & { readonly line?: number },
): Figure {
  const sheet = openSheet('phase', subjectOf(report), options)
  const grid = gridOf(report, focus)
  const unit = unitOf(report, focus)
  const title = titleOf(report, focus, grid)
  const [down, across] = report.variations.map(({ key }) => shortKey(key))
  writeHeading(sheet, [{ text: title, tone: 'plain' }], `down: ${down}; across: ${across}`)
  writeScale(sheet, grid, unit)
  drawCells(sheet, grid, unit, options.line ?? null)
  const description = describe(report, focus, title)
  return closeSheet(sheet, { title, description, csv: csvOf(report, focus) })
}

function gridOf(report: SweepReport, focus: Focus): Grid {
  const [{ values: down }, { values: across }] = report.variations
  const values = down.map((_, r) =>
    across.map((_, c) => focusOf(report.cells[r * across.length + c], focus)),
  )
  const known = values.flat().filter((value) => value !== null)
  const [least, most] = known.length === 0 ? [0, 0] : [Math.min(...known), Math.max(...known)]
  return { down, across, values, least, most }
}

function titleOf(report: SweepReport, focus: Focus, { least, most }: Grid): string {
  const unit = unitOf(report, focus)
  const words = focusWords(report, focus)
  const name = `${words[0].toUpperCase()}${words.slice(1)}`
  if (least === most) return `${name}: ${shown(most, unit)} everywhere`
  return `${name}: from ${shown(least, unit)} to ${shown(most, unit)}`
}

/** The colours from least to most, with both ends. */
function writeScale(sheet: Sheet<Subject>, { least, most }: Grid, unit: string): void {
  const { canvas, theme, left, narrow } = sheet
  const style = { size: narrow ? 11 : 12 }
  const y = sheet.y + 12
  const low = line(shown(least, unit), theme.ink2, style)
  const high = line(shown(most, unit), theme.ink2, style)
  const from = left + lineWidth(low) + 8
  const width = narrow ? 100 : 160
  write(canvas, low, { x: left, y: y + 10 })
  for (let k = 0; k < SHADES; k++) {
    const box = { x: from + (k * width) / SHADES, y, width: width / SHADES + 0.5, height: 12 }
    draw(canvas, 'rect', { ...box, fill: cividis(k / (SHADES - 1)) })
  }
  write(canvas, high, { x: from + width + 8, y: y + 10 })
  sheet.y = y + 20
}

function drawCells(sheet: Sheet<Subject>, grid: Grid, unit: string, limit: number | null): void {
  const { canvas, theme, left, right, narrow } = sheet
  const { down, across, values } = grid
  const style = { size: narrow ? 10 : 12 }
  const widest = Math.max(...down.map((text) => lineWidth(line(text, theme.ink2, style))))
  const room = Math.min(widest, (right - left) / 3) + 8
  const width = (right - left - room) / across.length
  const height = Math.max(10, Math.min(32, 640 / down.length))
  const none = hatch(canvas, 'none', theme.control, 1)
  const texts = values
    .flat()
    .map((value) => line(shown(value, unit), theme.ink1, cellStyle(narrow)))
  const isWritten = height >= 14 && texts.every((text) => lineWidth(text) <= width - 6)
  sheet.y += 18
  writeAcross(sheet, across, left + room, width)
  down.forEach((text, r) => {
    const y = sheet.y + r * height
    const isTold = r % Math.max(1, Math.ceil(14 / height)) === 0
    const word = line(text, theme.ink2, style)
    if (isTold && lineWidth(word) <= room)
      write(canvas, word, { x: left + room - 8, y: y + height / 2 + 4 }, 'end')
    across.forEach((_, c) => {
      const box = { x: left + room + c * width, y, width: width - 1, height: height - 1 }
      drawCell(sheet, {
        box,
        value: values[r][c],
        grid,
        unit: isWritten ? unit : null,
        none,
        limit,
      })
    })
  })
  sheet.y += down.length * height
}

function writeAcross(
  sheet: Sheet<Subject>,
  across: readonly string[],
  from: number,
  width: number,
): void {
  const { canvas, theme, narrow } = sheet
  let free = Number.NEGATIVE_INFINITY
  across.forEach((text, c) => {
    const word = line(text, theme.ink2, { size: narrow ? 10 : 12 })
    const middle = from + (c + 0.5) * width
    const half = lineWidth(word) / 2
    const isInside = middle + half <= sheet.width - 2
    if (middle - half < free || !isInside) return
    write(canvas, word, { x: middle, y: sheet.y }, 'middle')
    free = middle + half + 6
  })
  sheet.y += 8
}

function drawCell(
  { canvas, theme, narrow }: Sheet<Subject>,
  cell: {
    readonly box: Box
    readonly value: number | null
    readonly grid: Grid
    /** Null: no value is written. */
    readonly unit: string | null
    readonly none: string
    readonly limit: number | null
  },
): void {
  const { box, value, grid, unit, none, limit } = cell
  if (value === null) {
    draw(canvas, 'rect', { ...box, fill: none })
    return
  }
  const { least, most } = grid
  const share = most > least ? (value - least) / (most - least) : 0
  draw(canvas, 'rect', { ...box, fill: cividis(share) })
  if (limit !== null && value >= limit) {
    const frame = { x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2 }
    draw(canvas, 'rect', { ...frame, fill: 'none', stroke: theme.total, 'stroke-width': 2 })
  }
  if (unit === null) return
  const fill = wantsDarkInk(share) ? '#12161C' : '#FFFFFF'
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 + 4 }
  const look = { 'font-size': cellStyle(narrow).size, 'text-anchor': 'middle', fill }
  // Without the halo of other words: the ground is the colour of the cell.
  draw(canvas, 'text', { ...at, ...look }, shown(value, unit))
}

function cellStyle(narrow: boolean): { readonly size: number } {
  return { size: narrow ? 9 : 11 }
}

function describe(report: SweepReport, focus: Focus, title: string): string {
  const unit = unitOf(report, focus)
  const cells = report.cells.map(
    (cell) => `${nameOf(report, cell)}: ${shown(focusOf(cell, focus), unit)}`,
  )
  const told = cells.slice(0, TOLD)
  const more = cells.length > TOLD ? [`and ${cells.length - TOLD} more cells`] : []
  return `${title}. ${[...told, ...more].join('; ')}.`
}

function csvOf(report: SweepReport, focus: Focus): string {
  const keys = report.variations.map(({ key }) => key)
  const rows = report.cells.map((cell) => [...cell.values, focusOf(cell, focus)])
  return table(subjectOf(report), [...keys, `${focus.measure}_${focus.stat}`], rows)
}

const SHADES = 24
/** Cells that the description spells out. */
const TOLD = 60
