/** What all figures share: the sheet with its heading above, its key and its footer. */

import { shortId, shortPercent } from '../format.ts'
import type { Report } from '../report.ts'
import type { Box } from './box.ts'
import { type Canvas, draw, type Label, type Line, line, lineWidth, write } from './canvas.ts'
import type { Segment } from './caption.ts'
import type { Scale } from './scale.ts'
import { type Attributes, element, escapeText } from './svg.ts'
import { sansStack, type TextStyle, textWidth, wrapped } from './text.ts'
import { type Theme, themes } from './theme.ts'

/**
 * `width` in pixels, from 320. `command` and `stamp` replace the footer's rerun line and age.
 *
 * Rule: `bare` leaves out heading, footer and CSV, for a page that has its own and draws many times
 *       a second; `height` is then the height of the whole, where the figure can choose its own.
 */
export interface FigureOptions {
  readonly width: number
  readonly theme: 'light' | 'dark'
  readonly command?: string
  readonly stamp?: string
  readonly bare?: boolean
  readonly height?: number
}

/** Where values lie in a picture: what a hand that moves over it needs. */
export interface PlotArea {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
}

/** A picture, what it says in words, the numbers behind it, and the boxes of its parts. */
export interface Figure {
  readonly svg: string
  readonly title: string
  readonly description: string
  readonly csv: string
  readonly width: number
  readonly height: number
  readonly labels: readonly Label[]
  readonly marks: readonly Box[]
  readonly plot?: PlotArea
}

/** What a sheet needs to know of the report that it draws: an instant one or one in time. */
export interface Subject {
  readonly run_id: string
  readonly scenario: string
  readonly seed: number
  readonly as_of: string | null
  readonly book: { readonly synthetic: boolean }
  readonly shock?: Report['shock']
}

/** A sheet being filled from the top: `y` is where the next part begins. */
export interface Sheet<Of extends Subject = Report> {
  readonly canvas: Canvas
  readonly theme: Theme
  readonly report: Of
  readonly options: FigureOptions
  readonly width: number
  readonly pad: number
  readonly narrow: boolean
  /** Left and right edge of the heading and the key; a wide cobweb keeps them in a column. */
  readonly left: number
  readonly right: number
  y: number
}

/** Starts an empty sheet; `column` narrows the heading and the key to a part of the width. */
export function openSheet<Of extends Subject>(
  name: string,
  report: Of,
  options: FigureOptions,
  column?: number,
): Sheet<Of> {
  const theme = themes[options.theme]
  const { bare = false } = options
  const { width, narrow, pad } = sizesOf(options.width, bare)
  const prefix = `${name}-${report.run_id.slice(-8)}-${width}-${theme.name}`
  return {
    canvas: { theme, prefix, shapes: [], words: [], definitions: [], labels: [], marks: [] },
    theme,
    report,
    options,
    width,
    pad,
    narrow,
    left: pad,
    right: column === undefined ? width - pad : pad + column,
    y: bare ? 0 : narrow ? 12 : 28,
  }
}

/** What a sheet makes of the width that it is given. */
export function sizesOf(given: number, bare = false): Pick<Sheet, 'width' | 'narrow' | 'pad'> {
  const width = Math.max(bare ? 240 : 320, Math.round(given))
  const narrow = width < (bare ? 440 : 560)
  return { width, narrow, pad: bare ? 0 : narrow ? 12 : 32 }
}

/** Writes the sentence over the picture, each run of words in the tone of what it speaks of. */
export function writeHeading(
  sheet: Sheet<Subject>,
  segments: readonly Segment[],
  subtitle?: string,
): void {
  if (sheet.options.bare) return
  const { theme, left, right, narrow } = sheet
  const tones = { plain: theme.ink1, first: theme.firstText, total: theme.totalText }
  const large = sheet.width >= 1100
  const style = { size: narrow ? 15 : large ? 21 : 18, bold: true }
  const leading = narrow ? 22 : large ? 30 : 27
  const text = segments.map((segment) => segment.text).join('')
  const fills = segments.flatMap(({ text, tone }) => Array<string>(text.length).fill(tones[tone]))
  let at = 0
  for (const part of balanced(text, right - left, style)) {
    at = text.indexOf(part, at)
    write(sheet.canvas, coloured(part, fills.slice(at), style), {
      x: left,
      y: sheet.y + leading - 8,
    })
    sheet.y += leading
    at += part.length
  }
  if (subtitle === undefined) return
  const small = { size: narrow ? 12 : 13 }
  for (const part of wrapped(subtitle, right - left, small)) {
    write(sheet.canvas, line(part, theme.ink2, small), { x: left, y: sheet.y + 14 })
    sheet.y += 20
  }
}

/** One entry of the key: draws its sign in a box of 26 by 14 pixels, then its word. */
export interface KeyEntry {
  readonly word: string
  draw(box: Box): void
}

/** Draws the key in rows from left to right, wrapped at the sheet's right edge. */
export function drawKey(sheet: Sheet<Subject>, entries: readonly KeyEntry[]): void {
  const style = { size: sheet.narrow ? 12 : 13 }
  const sign = { width: 26, height: 14 }
  let x = sheet.left
  sheet.y += 10
  for (const entry of entries) {
    const word = line(entry.word, sheet.theme.ink2, style)
    const width = sign.width + 8 + lineWidth(word)
    if (x > sheet.left && x + width > sheet.right) {
      x = sheet.left
      sheet.y += 22
    }
    entry.draw({ x, y: sheet.y, ...sign })
    write(sheet.canvas, word, { x: x + sign.width + 8, y: sheet.y + 11.5 })
    x += width + (sheet.narrow ? 14 : 20)
  }
  sheet.y += sign.height + 8
}

/** Draws a key's coloured field. */
export function drawSwatch(sheet: Sheet<Subject>, box: Box, look: Attributes): void {
  draw(sheet.canvas, 'rect', { ...box, rx: 3, ...look })
  keepClear(sheet, box)
}

/** Draws a key's piece of line, across or rising by `rise` pixels on each side of its middle. */
export function drawStroke(sheet: Sheet<Subject>, box: Box, look: Attributes, rise = 0): void {
  const y = box.y + box.height / 2
  const ends = { x1: box.x, x2: box.x + box.width, y1: y + rise, y2: y - rise }
  draw(sheet.canvas, 'line', { ...ends, ...look })
  keepClear(sheet, box)
}

/** Writes the footer and returns the finished figure. */
export function closeSheet(
  sheet: Sheet<Subject>,
  content: Pick<Figure, 'title' | 'description' | 'csv' | 'plot'>,
): Figure {
  const { canvas, theme, width } = sheet
  if (!sheet.options.bare) writeFooter(sheet)
  const height = Math.ceil(sheet.y)
  const ids = [`${canvas.prefix}-title`, `${canvas.prefix}-desc`]
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-labelledby': ids.join(' '),
      'font-family': sansStack,
      style: 'font-variant-numeric:tabular-nums',
    },
    element('title', { id: ids[0] }, escapeText(content.title)),
    element('desc', { id: ids[1] }, escapeText(content.description)),
    canvas.definitions.length > 0 ? element('defs', {}, ...canvas.definitions) : '',
    element('rect', { width, height, fill: theme.surface }),
    ...canvas.shapes,
    ...canvas.words,
  )
  return { svg, ...content, width, height, labels: canvas.labels, marks: canvas.marks }
}

/** Records boxes of marks that no word may cover. */
export function keepClear(sheet: Sheet<Subject>, ...boxes: readonly Box[]): void {
  sheet.canvas.marks.push(...boxes)
}

/**
 * Returns a table as CSV with the run it came from in every row.
 *
 * Units:  as the column names say; ASCII numbers with all their digits; null is an empty field.
 */
export function table(
  report: Subject,
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  const head = ['run_id', 'seed', ...columns]
  const all = rows.map((row) => [report.run_id, report.seed, ...row])
  return `${[head, ...all].map((row) => row.map(field).join(',')).join('\n')}\n`
}

function writeFooter(sheet: Sheet<Subject>): void {
  const { canvas, theme, report, options, pad, width } = sheet
  const style: TextStyle = { size: sheet.narrow ? 11 : 12, mono: true }
  const command = options.command ?? rerun(report)
  const run = [
    `run ${shortId(report.run_id)}`,
    `seed ${report.seed}`,
    options.stamp ?? ageOf(report),
  ]
  const stamp = run.filter((part) => part !== '').join(' · ')
  const room = width - 2 * pad
  sheet.y += 26
  if (textWidth(command, style) + 24 + textWidth(stamp, style) <= room) {
    write(canvas, line(command, theme.ink3, style), { x: pad, y: sheet.y })
    write(canvas, line(stamp, theme.ink3, style), { x: width - pad, y: sheet.y }, 'end')
  } else {
    const lines = [...wrapped(command, room, style), ...wrapped(stamp, room, style)]
    lines.forEach((part, i) => {
      write(canvas, line(part, theme.ink3, style), { x: pad, y: sheet.y + 18 * i })
    })
    sheet.y += 18 * (lines.length - 1)
  }
  sheet.y += pad * 0.75
}

function rerun({ scenario, shock }: Subject): string {
  const drop = shock === undefined ? '' : ` --drop ${shortPercent(shock.drop, 'plain')}`
  return `firebreak run ${scenario}${drop}`
}

/** How old the book of a report is, in the words of a footer. */
export function ageOf(report: Pick<Subject, 'as_of' | 'book'>): string {
  if (report.book.synthetic) return 'synthetic book'
  return report.as_of === null ? 'book undated' : `book of ${report.as_of}`
}

/** Wraps in as few lines as fit, of lengths as even as they come. */
function balanced(text: string, width: number, style: TextStyle): string[] {
  let best = wrapped(text, width, style)
  for (let share = 0.95; share > 0.5; share -= 0.05) {
    const lines = wrapped(text, width * share, style)
    if (lines.length > best.length) break
    best = lines
  }
  return best
}

function coloured(text: string, fills: readonly string[], style: TextStyle): Line {
  const spans: { text: string; fill: string; bold: boolean }[] = []
  for (let i = 0; i < text.length; i++) {
    const last = spans[spans.length - 1]
    if (last?.fill === fills[i]) last.text += text[i]
    else spans.push({ text: text[i], fill: fills[i], bold: true })
  }
  return { spans, style }
}

function field(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
