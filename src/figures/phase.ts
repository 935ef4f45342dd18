/** A phase map: one number of a sweep over two keys, as colours with their values. */

import { count, counted } from '../format.ts'
import type { SweepReport } from '../sweep/report.ts'
import { statOf } from '../sweep/stats.ts'
import type { Box, Point } from './box.ts'
import { cutTo, draw, hatch, line, lineWidth, write } from './canvas.ts'
import { cividis, inkOn } from './cividis.ts'
import {
  closeSheet,
  drawKey,
  drawSwatch,
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
import {
  extremes,
  type Focus,
  focusOf,
  focusWords,
  nameOf,
  shown,
  subjectOf,
  unitOf,
} from './sweepFacts.ts'

/** A contour is drawn between cells on either side of `line`. */
export type PhaseOptions = FigureOptions & { readonly line?: number | undefined }

/** Values of a map by row and column; null where there is none. */
interface Grid {
  readonly down: readonly string[]
  readonly across: readonly string[]
  readonly values: readonly (readonly (number | null)[])[]
  readonly least: number
  readonly most: number
  readonly unit: string
  readonly limit: number | null
}

/**
 * Draws a number over two varied keys; lighter is more.
 *
 * Rule: colours run evenly from the least value to the greatest; a cell without a value is hatched,
 *       and values are written where all of them fit. A contour parts the cells at or above `line`
 *       from those below.
 */
export function phase(report: SweepReport, focus: Focus, options: PhaseOptions): Figure {
  const sheet = openSheet('phase', subjectOf(report), options)
  const grid = gridOf(report, focus, options.line ?? null)
  const title = titleOf(report, focus, grid)
  const [down, across] = report.variations
  writeHeading(sheet, [{ text: title, tone: 'plain' }], `rows: ${down.key}; columns: ${across.key}`)
  const none = hatch(sheet.canvas, 'none', sheet.theme.control, 1)
  writeScale(sheet, grid)
  writeKey(sheet, grid, none)
  const frame = frameOf(sheet, grid)
  writeAcross(sheet, grid, frame)
  writeDown(sheet, grid, frame)
  drawCells(sheet, grid, frame, none)
  drawContour(sheet, grid, frame)
  sheet.y = frame.y + grid.down.length * frame.height
  const description = describe(report, focus, title)
  return closeSheet(sheet, { title, description, csv: csvOf(report, focus) })
}

function gridOf(report: SweepReport, focus: Focus, limit: number | null): Grid {
  const [{ values: down }, { values: across }] = report.variations
  const values = down.map((_, r) =>
    across.map((_, c) => focusOf(report.cells[r * across.length + c], focus)),
  )
  const known = values.flat().filter((value) => value !== null)
  const [least, most] = extremes(known)
  return { down, across, values, least, most, unit: unitOf(report, focus), limit }
}

function titleOf(report: SweepReport, focus: Focus, grid: Grid): string {
  const { values, least, most, unit, limit } = grid
  const words = focusWords(report, focus)
  const name = `${words[0].toUpperCase()}${words.slice(1)}`
  const known = values.flat().filter((value) => value !== null)
  if (known.length === 0) return `${name}: no cell has a value`
  if (limit !== null) {
    const above = known.filter((value) => value >= limit).length
    const all = counted(values.flat().length, 'cell')
    return `${name}: ${shown(limit, unit)} or more in ${count(above)} of ${all}`
  }
  if (least === most) return `${name}: ${shown(most, unit)} everywhere`
  return `${name}: from ${shown(least, unit)} to ${shown(most, unit)}`
}

/** The colours from least to most, with both ends. */
function writeScale(sheet: Sheet<Subject>, { least, most, unit }: Grid): void {
  if (least === most) return
  const { canvas, theme, left, narrow } = sheet
  const style = { size: narrow ? 11 : 12 }
  const y = sheet.y + 12
  const low = line(shown(least, unit), theme.ink2, style)
  const high = line(shown(most, unit), theme.ink2, style)
  const scale = { x: left + lineWidth(low) + 8, y, width: narrow ? 100 : 160, height: 12 }
  write(canvas, low, { x: left, y: y + 10 })
  for (let k = 0; k < SHADES; k++) {
    const x = scale.x + (k * scale.width) / SHADES
    const box = { ...scale, x, width: scale.width / SHADES + (k < SHADES - 1 ? 0.5 : 0) }
    draw(canvas, 'rect', { ...box, fill: cividis(k / (SHADES - 1)) })
  }
  keepClear(sheet, scale)
  write(canvas, high, { x: scale.x + scale.width + 8, y: y + 10 })
  sheet.y = y + 16
}

/** What the colours do not say: the contour, and cells without a value. */
function writeKey(sheet: Sheet<Subject>, { values, limit, unit }: Grid, none: string): void {
  const entries: KeyEntry[] = []
  if (limit !== null)
    entries.push({
      word: `contour at ${shown(limit, unit)}`,
      draw: (box) => {
        const y = box.y + box.height / 2
        drawEdges(sheet, [
          [
            { x: box.x, y },
            { x: box.x + box.width, y },
          ],
        ])
        keepClear(sheet, box)
      },
    })
  if (values.flat().includes(null))
    entries.push({
      word: 'no value',
      draw: (box) => drawSwatch(sheet, box, { fill: none, stroke: sheet.theme.control }),
    })
  if (entries.length > 0) drawKey(sheet, entries)
}

/** The first cell: where the grid begins, and the size of its cells. */
function frameOf(sheet: Sheet<Subject>, { down, across }: Grid): Box {
  const { left, right, theme } = sheet
  const widest = Math.max(...down.map((text) => lineWidth(line(text, theme.ink2, styleOf(sheet)))))
  const room = Math.min(widest, (right - left) / 3) + 8
  const width = Math.min(WIDTH_MOST, (right - left - room) / across.length)
  const height = Math.max(10, Math.min(32, 640 / down.length))
  return { x: left + room, y: sheet.y + 26, width, height }
}

function styleOf({ narrow }: Sheet<Subject>): { readonly size: number } {
  return { size: narrow ? 11 : 12 }
}

/** Values of columns; where there is no room for all, every second, third and so on. */
function writeAcross(sheet: Sheet<Subject>, { across }: Grid, { x, y, width }: Box): void {
  const { canvas, theme } = sheet
  const words = across.map((text) => cutTo(text, theme.ink2, styleOf(sheet), 110))
  const every = Math.ceil((Math.max(...words.map(lineWidth)) + 6) / width)
  words.forEach((word, c) => {
    const middle = x + (c + 0.5) * width
    if (c % every !== 0 || middle + lineWidth(word) / 2 > sheet.width - 2) return
    write(canvas, word, { x: middle, y: y - 8 }, 'middle')
  })
}

function writeDown(sheet: Sheet<Subject>, { down }: Grid, { x, y, height }: Box): void {
  const { canvas, theme, left } = sheet
  const every = Math.ceil(15 / height)
  down.forEach((text, r) => {
    if (r % every !== 0) return
    // A hair more than the widest: sums of floats.
    const word = cutTo(text, theme.ink2, styleOf(sheet), x - 7.9 - left)
    write(canvas, word, { x: x - 8, y: y + (r + 0.5) * height + 4 }, 'end')
  })
}

function drawCells(sheet: Sheet<Subject>, grid: Grid, frame: Box, none: string): void {
  const { canvas, theme } = sheet
  const { values, least, most, unit } = grid
  const texts = values.map((row) => row.map((value) => (value === null ? '' : shown(value, unit))))
  const room = (text: string) => lineWidth(line(text, theme.ink1, CELL_STYLE))
  const isWritten =
    frame.height >= 16 && texts.flat().every((text) => room(text) <= frame.width - 6)
  // Gaps between small cells would drown their colours.
  const gap = isWritten ? 1 : 0
  values.forEach((row, r) => {
    row.forEach((value, c) => {
      const at = { x: frame.x + c * frame.width, y: frame.y + r * frame.height }
      const box = { ...at, width: frame.width - gap, height: frame.height - gap }
      const share = value === null || most === least ? 0 : (value - least) / (most - least)
      const fill = value === null ? none : cividis(share)
      draw(canvas, 'rect', { ...box, fill, 'shape-rendering': 'crispEdges' })
      if (isWritten && value !== null) writeValue(sheet, texts[r][c], box, inkOn(share))
    })
  })
}

/** Without the halo of other words: the ground is the colour of the cell. */
function writeValue({ canvas }: Sheet<Subject>, text: string, box: Box, ink: string): void {
  const halo = { theme: { ...canvas.theme, surface: 'none' } }
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 + 4 }
  write({ ...canvas, ...halo }, line(text, ink, CELL_STYLE), at, 'middle')
}

/** Edges between a cell at or above the limit and one below it. */
function drawContour(sheet: Sheet<Subject>, { values, limit }: Grid, frame: Box): void {
  if (limit === null) return
  const { x, y, width, height } = frame
  const edges: Point[][] = []
  const isAbove = (r: number, c: number) => {
    const value = values[r]?.[c]
    return value === undefined || value === null ? null : value >= limit
  }
  const differ = (a: boolean | null, b: boolean | null) => a !== null && b !== null && a !== b
  values.forEach((row, r) => {
    row.forEach((_, c) => {
      const [right, bottom] = [x + (c + 1) * width - 0.5, y + (r + 1) * height - 0.5]
      if (differ(isAbove(r, c), isAbove(r, c + 1)))
        edges.push([
          { x: right, y: bottom - height + 1 },
          { x: right, y: bottom },
        ])
      if (differ(isAbove(r, c), isAbove(r + 1, c)))
        edges.push([
          { x: right - width + 1, y: bottom },
          { x: right, y: bottom },
        ])
    })
  })
  if (edges.length > 0) drawEdges(sheet, edges)
}

/** Vermillion in a white rim: stands out on every colour of the palette. */
function drawEdges({ canvas }: Sheet<Subject>, edges: readonly (readonly Point[])[]): void {
  const path = { d: edges.map((edge) => pathThrough(edge)).join(''), 'stroke-linecap': 'square' }
  draw(canvas, 'path', { ...path, stroke: '#FFFFFF', 'stroke-width': 5 })
  draw(canvas, 'path', { ...path, stroke: '#D55E00', 'stroke-width': 2.5 })
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

function csvOf(report: SweepReport, { measure, stat }: Focus): string {
  const keys = report.variations.map(({ key }) => key)
  const rows = report.cells.map((cell) => {
    const { value, low, high } = statOf(cell, measure, stat)
    return [...cell.values, value, low, high]
  })
  return table(subjectOf(report), [...keys, `${measure}_${stat}`, 'low', 'high'], rows)
}

const CELL_STYLE = { size: 11 }
/** Wider cells say no more. */
const WIDTH_MOST = 140
const SHADES = 24
/** Cells that the description spells out. */
const TOLD = 60
