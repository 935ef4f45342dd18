/** A drawing in progress. What is written or marked leaves its box, so that nothing lands on it. */

import type { Box, Point } from './box.ts'
import type { Attributes } from './svg.ts'
import { coordinate, element, escapeText } from './svg.ts'
import { ascent, descent, monoStack, type TextStyle, textWidth } from './text.ts'
import type { Theme } from './theme.ts'

/** A written line and the room it takes, generously estimated. */
export interface Label extends Box {
  readonly text: string
}

export interface Canvas {
  readonly theme: Theme
  /** Starts every id, so that several figures can stand in one page. */
  readonly prefix: string
  /** Markup, back to front; words stand in front of all marks. */
  readonly shapes: string[]
  readonly words: string[]
  readonly definitions: string[]
  readonly labels: Label[]
  readonly marks: Box[]
}

/** Returns a drawing to try something on, without a change to the original. */
export function copied(canvas: Canvas): Canvas {
  const { shapes, words, labels, marks } = canvas
  return {
    ...canvas,
    shapes: [...shapes],
    words: [...words],
    labels: [...labels],
    marks: [...marks],
  }
}

/** Takes over what was drawn on a copy. */
export function adopt(canvas: Canvas, copy: Canvas): void {
  canvas.shapes.push(...copy.shapes.slice(canvas.shapes.length))
  canvas.words.push(...copy.words.slice(canvas.words.length))
  canvas.labels.push(...copy.labels.slice(canvas.labels.length))
  canvas.marks.push(...copy.marks.slice(canvas.marks.length))
}

export type Align = 'start' | 'middle' | 'end'

/** One line of text; spans with other colours or weights follow each other in it. */
export interface Line {
  readonly spans: readonly {
    readonly text: string
    readonly fill: string
    readonly bold?: boolean
  }[]
  readonly style: TextStyle
}

export function line(text: string, fill: string, style: TextStyle): Line {
  return { spans: [{ text, fill, bold: style.bold === true }], style }
}

function lineText(line: Line): string {
  return line.spans.map((span) => span.text).join('')
}

export function lineWidth(line: Line): number {
  return line.spans.reduce(
    (sum, span) => sum + textWidth(span.text, { ...line.style, bold: span.bold === true }),
    0,
  )
}

/** A line that stays within a width, cut with an ellipsis where it must be. */
export function cutTo(text: string, fill: string, style: TextStyle, room: number): Line {
  for (let letters = text.length; letters > 1; letters--) {
    const cut = letters === text.length ? text : `${text.slice(0, letters - 1)}…`
    const words = line(cut, fill, style)
    if (lineWidth(words) <= room) return words
  }
  return line(text.slice(0, 1), fill, style)
}

/** Returns the room a line takes when its baseline starts, ends or centres at a point. */
function lineBox(line: Line, at: Point, align: Align): Box {
  const width = lineWidth(line)
  const left = align === 'start' ? at.x : align === 'end' ? at.x - width : at.x - width / 2
  return {
    x: left,
    y: at.y - ascent * line.style.size,
    width,
    height: (ascent + descent) * line.style.size,
  }
}

/** Draws a shape over those before it. */
export function draw(canvas: Canvas, name: string, attributes: Attributes, ...children: string[]) {
  canvas.shapes.push(element(name, attributes, ...children))
}

/** Writes a line with a halo in the surface colour and records its box. */
export function write(canvas: Canvas, line: Line, at: Point, align: Align = 'start'): void {
  canvas.words.push(textElement(canvas, line, { x: at.x, y: at.y }, align))
  canvas.labels.push({ text: lineText(line), ...lineBox(line, at, align) })
}

/** Writes a line that reads upwards, its baseline centred at a point. */
export function writeUpright(canvas: Canvas, line: Line, at: Point): void {
  const turn = `rotate(-90 ${coordinate(at.x)} ${coordinate(at.y)})`
  canvas.words.push(textElement(canvas, line, { x: at.x, y: at.y, transform: turn }, 'middle'))
  const flat = lineBox(line, at, 'middle')
  const box = { x: flat.y - at.y + at.x, y: at.y - flat.width / 2 }
  canvas.labels.push({ text: lineText(line), ...box, width: flat.height, height: flat.width })
}

function textElement(canvas: Canvas, line: Line, at: Attributes, align: Align): string {
  const [head] = line.spans
  const single = line.spans.length === 1
  const spans = line.spans.map((span) =>
    single
      ? escapeText(span.text)
      : element(
          'tspan',
          { fill: span.fill, 'font-weight': span.bold ? 600 : undefined },
          escapeText(span.text),
        ),
  )
  const attributes = {
    ...at,
    'font-size': line.style.size,
    'font-family': line.style.mono ? monoStack : undefined,
    'font-weight': single && head.bold ? 600 : undefined,
    'text-anchor': align === 'start' ? undefined : align,
    fill: single ? head.fill : undefined,
    stroke: canvas.theme.surface,
    'stroke-width': 4,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
    'xml:space': 'preserve',
  }
  return element('text', attributes, ...spans)
}

/** Returns the paint of a hatch in one colour. `lean` 1 rises to the right, -1 to the left. */
export function hatch(canvas: Canvas, name: string, colour: string, lean: 1 | -1): string {
  const id = `${canvas.prefix}-${name}`
  const stripe = element('path', {
    d: lean === 1 ? 'M-1 7L7 -1M5 7L7 5M-1 1L1 -1' : 'M-1 -1L7 7M-1 5L1 7M5 -1L7 1',
    stroke: colour,
    'stroke-width': 1.3,
  })
  canvas.definitions.push(
    element('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, stripe),
  )
  return `url(#${id})`
}
