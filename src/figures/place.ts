/** Puts notes beside their marks where they cover nothing, and ties far ones to them by a line. */

import { along, type Box, grown, type Point, within } from './box.ts'
import { type Align, type Canvas, draw, type Line, lineWidth, write } from './canvas.ts'
import { ascent, descent } from './text.ts'

/** Where a note may stand, as seen from its mark. */
export type Side =
  | 'right'
  | 'left'
  | 'above'
  | 'below'
  | 'above right'
  | 'above left'
  | 'below right'
  | 'below left'

export interface Note {
  readonly lines: readonly Line[]
  /** The point that the note speaks of, and how far from it its mark reaches. */
  readonly at: Point
  readonly reach: number
  /** Tried in this order at `gap`, then at growing distances, then on every side. */
  readonly sides: readonly Side[]
  /** Distance wished for, pixels; a note beyond `leaderless` gets a leader. */
  readonly gap: number
  readonly leader: string
  /** Stays on its sides and within leaderless reach, or is left out. */
  readonly close?: boolean
}

/** Up to this many pixels from its mark a note needs no leader. */
const leaderless = 16

/** Pixels kept free around a note. */
const clearance = 2

const distances = [0, 6, 12, 24, 40, 60, 84, 112, 144, 180, 220, 270, 330, 400]

/**
 * Writes a note at its first free place and returns whether there was one.
 *
 * Rule:   a place is free if the note stays inside the frame, clear of all words and marks of the
 *         canvas and of the blocked areas, and its leader clear of all words. A note that finds no
 *         place is left out.
 */
export function place(
  canvas: Canvas,
  note: Note,
  frame: Box,
  blocked: readonly Box[] = [],
): boolean {
  const size = sizeOf(note)
  const words = edgesOf(canvas.labels)
  const others = edgesOf(canvas.marks, blocked)
  for (const { side, distance } of candidates(note)) {
    const box = movedInto(noteBox(note, size, side, distance), frame)
    const padded = grown(box, clearance)
    if (!within(box, frame)) continue
    if (hits(words, padded) || hits(others, padded)) continue
    const leader = distance > leaderless ? leaderFor(note, box, distance) : []
    const boxes = along(leader, 0.5, 4)
    if (boxes.some((part) => hits(words, part))) continue
    if (leader.length > 0) {
      const [from, to] = leader
      const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y }
      draw(canvas, 'line', { ...ends, stroke: note.leader, 'stroke-width': 1 })
      canvas.marks.push(...boxes)
    }
    writeNote(canvas, note, box, side)
    return true
  }
  return false
}

/** Every line of a note is this much taller than its font. */
const leading = 1.36

function* candidates(note: Note): Generator<{ side: Side; distance: number }> {
  for (const further of distances) {
    if (note.close && note.gap + further > leaderless) return
    for (const side of note.sides) yield { side, distance: note.gap + further }
  }
  const others = (Object.keys(directions) as Side[]).filter((side) => !note.sides.includes(side))
  for (const distance of distances) {
    for (const side of others) yield { side, distance: note.gap + distance }
  }
}

const directions: Readonly<Record<Side, Point>> = {
  right: { x: 1, y: 0 },
  left: { x: -1, y: 0 },
  above: { x: 0, y: -1 },
  below: { x: 0, y: 1 },
  'above right': { x: 0.71, y: -0.71 },
  'above left': { x: -0.71, y: -0.71 },
  'below right': { x: 0.71, y: 0.71 },
  'below left': { x: -0.71, y: 0.71 },
}

/** Left, top, right and bottom of each box in a row: some thousand places are tried on them. */
function edgesOf(...lists: readonly (readonly Box[])[]): Float64Array {
  const edges = new Float64Array(4 * lists.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const list of lists)
    for (let i = 0; i < list.length; i++) {
      const { x, y, width, height } = list[i]
      edges[at++] = x
      edges[at++] = y
      edges[at++] = x + width
      edges[at++] = y + height
    }
  return edges
}

/** Whether a box shares an area with one of those; as `overlap` says it. */
function hits(edges: Float64Array, { x, y, width, height }: Box): boolean {
  const [right, bottom] = [x + width, y + height]
  for (let i = 0; i < edges.length; i += 4)
    if (edges[i] < right && x < edges[i + 2] && edges[i + 1] < bottom && y < edges[i + 3])
      return true
  return false
}

function sizeOf({ lines }: Note): Pick<Box, 'width' | 'height'> {
  return {
    width: Math.max(...lines.map(lineWidth)),
    height: lines.reduce((sum, line) => sum + leading * line.style.size, 0),
  }
}

function noteBox(
  note: Note,
  { width, height }: Pick<Box, 'width' | 'height'>,
  side: Side,
  distance: number,
): Box {
  const { x, y } = directions[side]
  const away = note.reach + distance
  const near = { x: note.at.x + x * away, y: note.at.y + y * away }
  return {
    x: near.x - width * (x > 0 ? 0 : x < 0 ? 1 : 0.5),
    y: near.y - height * (y > 0 ? 0 : y < 0 ? 1 : 0.5),
    width,
    height,
  }
}

/** A note that would stick out of the frame slides along its edge. */
function movedInto(box: Box, frame: Box): Box {
  const right = frame.x + frame.width - box.width
  const bottom = frame.y + frame.height - box.height
  const x = Math.max(frame.x, Math.min(box.x, right))
  const y = Math.max(frame.y, Math.min(box.y, bottom))
  return { ...box, x, y }
}

/** From the rim of the mark to the nearest point of the note. */
function leaderFor(note: Note, box: Box, distance: number): Point[] {
  const end = {
    x: Math.min(Math.max(note.at.x, box.x - 2), box.x + box.width + 2),
    y: Math.min(Math.max(note.at.y, box.y - 2), box.y + box.height + 2),
  }
  const dx = end.x - note.at.x
  const dy = end.y - note.at.y
  const length = Math.max(Math.sqrt(dx * dx + dy * dy), distance)
  const start = (note.reach + 1) / length
  return [{ x: note.at.x + dx * start, y: note.at.y + dy * start }, end]
}

function writeNote(canvas: Canvas, note: Note, box: Box, side: Side): void {
  const align: Align = side.includes('right') ? 'start' : side.includes('left') ? 'end' : 'middle'
  const x = box.x + box.width * (align === 'start' ? 0 : align === 'end' ? 1 : 0.5)
  let top = box.y
  for (const line of note.lines) {
    const height = leading * line.style.size
    // The font's own ascent and descent, centred in the line.
    const spare = height - (ascent + descent) * line.style.size
    write(canvas, line, { x, y: top + spare / 2 + ascent * line.style.size }, align)
    top += height
  }
}
