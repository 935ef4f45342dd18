/** The map, its diagonal and the staircase between them, at any magnification. */

import type { CobwebMap, Report, Round } from '../report.ts'
import { along, type Box, boxOf, type Point } from './box.ts'
import { type Canvas, draw } from './canvas.ts'
import type { Scale } from './scale.ts'
import { element, pathThrough } from './svg.ts'

/** A square of prices and the square of pixels that shows it; both axes have the same scale. */
export interface Window {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
  /** Names the clip regions of this window. */
  readonly name: string
}

/** Draws zones, diagonal, map and staircase, back to front, clipped to the window. */
export function drawStaircase(canvas: Canvas, report: Report, window: Window): void {
  const { theme } = canvas
  const clips = clipRegions(canvas, window)
  const line = visible(report.map, window)
  zones(canvas, report.map, line, window, clips)
  const [low, high] = window.x.domain
  const ends = [at(window, low, low), at(window, high, high)]
  draw(canvas, 'path', { d: pathThrough(ends), stroke: theme.control, 'stroke-width': 1.5 })
  mapLine(canvas, report.map, line, window, clips.all)
  rounds(canvas, report.rounds, window, clips.all)
  canvas.marks.push(...clipped([...along(ends, 1)], window.box))
  canvas.marks.push(...clipped(along(line.map(toPoint(window)), 2), window.box))
  for (const round of report.rounds) {
    canvas.marks.push(...clipped(along(stepOf(round, window), 1.5), window.box))
  }
}

/** Returns the pixel of a price before and a price after. */
export function at(window: Window, before: number, after: number): Point {
  return { x: window.x(before), y: window.y(after) }
}

/**
 * Returns the map as a line that can be drawn from the stop up to the opening price.
 *
 * Rule:  a whole map is that line already; otherwise the line joins the corners of the rounds, with
 *        the stop at one end and the untouched market at the other.
 */
export function drawable(map: CobwebMap): CobwebMap {
  if (map.whole && map.before.length > 1) return map
  return {
    ...map,
    before: [map.final, ...map.before, map.now],
    after: [map.final, ...map.after, map.shocked],
  }
}

/** Returns the map's value at a price, on the line that joins its points. */
export function mapAt(map: CobwebMap, price: number): number {
  const { before, after } = map
  let high = before.findIndex((value) => value >= price)
  if (high === -1) high = before.length - 1
  if (high === 0 || before[high] === price) return after[high]
  const share = (price - before[high - 1]) / (before[high] - before[high - 1])
  return after[high - 1] + Math.min(share, 1) * (after[high] - after[high - 1])
}

interface MapPoint {
  readonly before: number
  readonly after: number
}

interface Clips {
  readonly all: string
  readonly below: string
  readonly above: string
}

function toPoint(window: Window): (point: MapPoint) => Point {
  return (point) => at(window, point.before, point.after)
}

/** The map inside the window, without points that fall on the pixel of the one before. */
function visible(map: CobwebMap, window: Window): MapPoint[] {
  const [low, high] = window.x.domain
  const from = Math.max(low, map.before[0])
  const to = Math.min(high, map.before[map.before.length - 1])
  const points: MapPoint[] = [{ before: from, after: mapAt(map, from) }]
  let last = at(window, points[0].before, points[0].after)
  map.before.forEach((before, i) => {
    if (before <= from || before >= to) return
    const point = at(window, before, map.after[i])
    if (Math.abs(point.x - last.x) + Math.abs(point.y - last.y) < 0.5) return
    points.push({ before, after: map.after[i] })
    last = point
  })
  points.push({ before: to, after: mapAt(map, to) })
  return points
}

function clipRegions(canvas: Canvas, window: Window): Clips {
  const { x, y, width, height } = window.box
  const corners = {
    topLeft: { x, y },
    topRight: { x: x + width, y },
    bottomLeft: { x, y: y + height },
    bottomRight: { x: x + width, y: y + height },
  }
  const { topLeft, topRight, bottomLeft, bottomRight } = corners
  return {
    all: clip('all', [topLeft, topRight, bottomRight, bottomLeft]),
    below: clip('below', [bottomLeft, topRight, bottomRight]),
    above: clip('above', [bottomLeft, topRight, topLeft]),
  }

  function clip(name: string, points: readonly Point[]): string {
    const id = `${canvas.prefix}-${window.name}-${name}`
    const path = element('path', { d: pathThrough(points, true) })
    canvas.definitions.push(element('clipPath', { id }, path))
    return `url(#${id})`
  }
}

/** Below the diagonal a price falls on, above it holds; above the shocked price neither. */
function zones(
  canvas: Canvas,
  map: CobwebMap,
  line: readonly MapPoint[],
  window: Window,
  clips: Clips,
): void {
  const { theme } = canvas
  const corner = { before: map.shocked, after: mapAt(map, map.shocked) }
  const played = [...line.filter((point) => point.before < map.shocked), corner]
  const waiting = [corner, ...line.filter((p) => p.before > map.shocked && p.before < map.now)]
  const start = { before: map.now, after: mapAt(map, map.now) }
  const tints = [
    { clip: clips.below, fill: theme.total, opacity: theme.totalTint },
    { clip: clips.above, fill: theme.absorb, opacity: theme.absorbTint },
  ]
  const d = toDiagonal(played, window)
  for (const { clip, fill, opacity } of tints) {
    draw(canvas, 'path', { d, fill, 'fill-opacity': opacity, 'clip-path': clip })
  }
  const outside = toDiagonal([...waiting, start], window)
  draw(canvas, 'path', { d: outside, fill: theme.sunken, 'clip-path': clips.below })
}

/** The area between a stretch of the map and the diagonal. */
function toDiagonal(line: readonly MapPoint[], window: Window): string {
  const first = line[0]
  const last = line[line.length - 1]
  const back = [at(window, last.before, last.before), at(window, first.before, first.before)]
  return pathThrough([...line.map(toPoint(window)), ...back], true)
}

/** Solid where bids were observed, dotted where the book is extrapolated. */
function mapLine(
  canvas: Canvas,
  map: CobwebMap,
  line: readonly MapPoint[],
  window: Window,
  clip: string,
): void {
  const edge = map.observed_to ?? 0
  const split = line.findIndex((point) => point.after >= edge)
  const observed = split === -1 ? [] : line.slice(split)
  const extrapolated = split === -1 ? line : line.slice(0, split + 1)
  const attributes = {
    fill: 'none',
    stroke: canvas.theme.ink1,
    'stroke-width': 2.25,
    'stroke-linejoin': 'round',
    'clip-path': clip,
  }
  for (const { points, dash } of [
    { points: extrapolated, dash: '2.5 3.5' },
    { points: observed, dash: undefined },
  ]) {
    if (points.length < 2) continue
    const d = pathThrough(points.map(toPoint(window)))
    draw(canvas, 'path', { d, ...attributes, 'stroke-dasharray': dash })
  }
}

function rounds(canvas: Canvas, all: readonly Round[], window: Window, clip: string): void {
  const { theme } = canvas
  const falls = all.slice(1).map((round) => pathThrough(stepOf(round, window).slice(0, 2)))
  const runs = all.map((round) => pathThrough(stepOf(round, window).slice(1)))
  const later = { fill: 'none', stroke: theme.total, 'clip-path': clip }
  if (runs.length > 0) draw(canvas, 'path', { d: runs.join(''), ...later, 'stroke-width': 1.5 })
  if (falls.length > 0) draw(canvas, 'path', { d: falls.join(''), ...later, 'stroke-width': 2 })
  if (all.length === 0) return
  const d = pathThrough(stepOf(all[0], window).slice(0, 2))
  draw(canvas, 'path', { d, stroke: theme.first, 'stroke-width': 3.5, 'clip-path': clip })
}

/** Down from the diagonal to the map, then across to the diagonal. */
function stepOf(round: Round, window: Window): Point[] {
  const { price_before: before, price_after: after } = round
  return [at(window, before, before), at(window, before, after), at(window, after, after)]
}

function clipped(boxes: readonly Box[], frame: Box): Box[] {
  return boxes.flatMap((box) => {
    const left = Math.max(box.x, frame.x)
    const top = Math.max(box.y, frame.y)
    const right = Math.min(box.x + box.width, frame.x + frame.width)
    const bottom = Math.min(box.y + box.height, frame.y + frame.height)
    return right > left && bottom > top ? [boxOf({ x: left, y: top }, { x: right, y: bottom })] : []
  })
}
