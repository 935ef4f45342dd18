/** Lines over time that keep their extremes, and the signs of liquidations by their fate. */

import { along, around, type Box, type Point } from './box.ts'
import { draw } from './canvas.ts'
import type { Scale } from './scale.ts'
import { keepClear, type Sheet, type Subject } from './sheet.ts'
import { type Attributes, coordinate, pathThrough } from './svg.ts'
import type { Theme } from './theme.ts'
import type { Values } from './timedFacts.ts'

/** A plot of a part of the sheet: both scales and the box they fill. */
export interface Panel {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
}

/**
 * Draws a column as a line, broken where values are missing.
 *
 * Rule: within a pixel the first, the lowest, the highest and the last value are drawn, so that no
 *       spike is lost. `steps` holds each value until the next one, as a published price does.
 */
export function drawSeries(
  sheet: Sheet<Subject>,
  panel: Panel,
  seconds: readonly number[],
  values: Values,
  look: Attributes,
  steps = false,
): void {
  const { box } = panel
  for (const stretch of stretches(panel, seconds, values)) {
    const thin = thinned(stretch)
    const points = steps ? stepped(thin) : thin
    if (points.length === 1)
      points.push({ x: Math.min(points[0].x + 1, box.x + box.width), y: points[0].y })
    const shape = { fill: 'none', 'stroke-linejoin': 'round', 'stroke-width': 1.5 }
    draw(sheet.canvas, 'path', { d: pathThrough(points), ...shape, ...look })
    keepClear(sheet, ...along(points, 1.5, 8))
  }
}

/** The area between a column and the foot of its panel. */
export function drawArea(
  sheet: Sheet<Subject>,
  panel: Panel,
  seconds: readonly number[],
  values: Values,
  look: Attributes,
): void {
  const foot = panel.box.y + panel.box.height
  for (const stretch of stretches(panel, seconds, values)) {
    const points = thinned(stretch)
    const last = points[points.length - 1]
    const closed = [...points, { x: last.x, y: foot }, { x: points[0].x, y: foot }]
    draw(sheet.canvas, 'path', { d: pathThrough(closed, true), ...look })
  }
}

function stretches(panel: Panel, seconds: readonly number[], values: Values): Point[][] {
  const all: Point[][] = []
  let open = false
  values.forEach((value, i) => {
    if (value !== null) {
      if (!open) all.push([])
      all[all.length - 1].push({ x: panel.x(seconds[i]), y: panel.y(value) })
    }
    open = value !== null
  })
  return all
}

function thinned(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (let from = 0; from < points.length; ) {
    let to = from
    let low = from
    let high = from
    const pixel = Math.floor(points[from].x)
    for (; to < points.length && Math.floor(points[to].x) === pixel; to++) {
      if (points[to].y < points[low].y) low = to
      if (points[to].y > points[high].y) high = to
    }
    const some = new Set([from, Math.min(low, high), Math.max(low, high), to - 1])
    for (const i of some) kept.push(points[i])
    from = to
  }
  return kept
}

function stepped(points: readonly Point[]): Point[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1]
    return before === undefined || before.y === point.y
      ? [point]
      : [{ x: point.x, y: before.y }, point]
  })
}

type Shape = 'disc' | 'triangle' | 'diamond' | 'square'

/** How liquidations of one fate look: told apart by shape as well as by colour. */
export interface FateLook {
  readonly fate: string
  readonly shape: Shape
  readonly fill: string
}

/** The four fates of a liquidation, and one look for all where there is nothing to compare with. */
export function fateLooks(theme: Theme): readonly FateLook[] {
  return [
    { fate: 'primary', shape: 'disc', fill: theme.first },
    { fate: 'hastened', shape: 'triangle', fill: theme.warning },
    { fate: 'feedback only', shape: 'diamond', fill: theme.total },
    { fate: 'delayed', shape: 'square', fill: theme.absorb },
  ]
}

/** Draws one sign of a liquidation; all shapes of one radius have about the same area. */
export function drawFate(
  sheet: Sheet<Subject>,
  look: Omit<FateLook, 'fate'>,
  at: Point,
  radius: number,
): void {
  const { canvas, theme } = sheet
  const paint = { fill: look.fill, stroke: theme.surface, 'stroke-width': 1, 'fill-opacity': 0.9 }
  if (look.shape === 'disc') {
    draw(canvas, 'circle', { cx: at.x, cy: at.y, r: radius, ...paint })
  } else {
    const corners = outlines[look.shape].map(([x, y]) => ({
      x: at.x + radius * x,
      y: at.y + radius * y,
    }))
    draw(canvas, 'path', { d: pathThrough(corners, true), ...paint })
  }
  keepClear(sheet, around(at, radius))
}

const outlines: Readonly<Record<Exclude<Shape, 'disc'>, readonly (readonly [number, number])[]>> = {
  triangle: [
    [-1.2, -0.8],
    [1.2, -0.8],
    [0, 1.3],
  ],
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
}

/** An upright line through a panel. */
export function uprightPath(x: number, from: number, to: number): string {
  return `M${coordinate(x)} ${coordinate(from)}V${coordinate(to)}`
}
