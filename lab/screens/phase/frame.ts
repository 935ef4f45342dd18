/** Where cells lie on the screen. */

import { linear, niceTicks } from '../../../src/figures/scale.ts'
import type { PhaseMeasure } from '../../engine/phaseMap.ts'
import type { PhaseMap } from '../../state/phase.ts'
import { type AxisValues, HAIRCUT_KEY } from './axis.ts'
import { type Field, type Known, type Place, valueAt } from './contour.ts'

/** The plot on its sheet, in pixels. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** One axis on the screen. */
export interface Scale {
  /** A value in pixels. */
  (value: number): number
  /** Ends of the cells, in pixels, by index; one more than there are cells. */
  readonly edges: readonly number[]
  readonly ticks: readonly number[]
}

export type Scales = ReturnType<typeof scalesOf>

/** Both axes; a haircut falls upwards, so that a thicker book is above. */
export function scalesOf(
  { x, y }: PhaseMap,
  { left, top, width, height }: Frame,
  isLog: { readonly x: boolean; readonly y: boolean },
) {
  const [low, high] = y.key === HAIRCUT_KEY ? [top, top + height] : [top + height, top]
  return {
    x: scaleOf(x, [left, left + width], Math.max(2, Math.round(width / 90)), isLog.x),
    y: scaleOf(y, [low, high], Math.max(2, Math.round(height / 70)), isLog.y),
  }
}

function scaleOf(
  { numbers }: AxisValues,
  range: readonly [number, number],
  count: number,
  isLog: boolean,
): Scale {
  const at = numbers.map((number) => (isLog ? Math.log(number) : number))
  const last = at.length - 1
  const inner = at.slice(1).map((number, k) => (number + at[k]) / 2)
  const ends = [2 * at[0] - inner[0], 2 * at[last] - inner[last - 1]] as const
  const place = linear(ends, range)
  const edges = [ends[0], ...inner, ends[1]].map(place)
  const ticks = isLog ? ratioTicks(Math.exp(ends[0]), Math.exp(ends[1])) : niceTicks(ends, count)
  const scale = (value: number) => place(isLog ? Math.log(value) : value)
  return Object.assign(scale, { edges, ticks })
}

/** Round values between two, about as far apart from each other in ratio. */
function ratioTicks(low: number, high: number): number[] {
  const decades = Array.from({ length: 40 }, (_, k) => 10 ** (k - 20))
  const wanted = [1, 1.5, 2, 3, 4, 6, 8]
  return decades.flatMap((decade) =>
    wanted.map((one) => one * decade).filter((one) => one >= low && one <= high),
  )
}

/** A place on the grid in pixels. */
export function pixelOf(
  { x, y }: PhaseMap,
  scales: Scales,
  { column, row }: Place,
): { readonly x: number; readonly y: number } {
  return { x: scales.x(valueAt(x.numbers, column)), y: scales.y(valueAt(y.numbers, row)) }
}

/** The cell under a pixel; null outside. */
export function cellAt(
  scales: Scales,
  at: { readonly x: number; readonly y: number },
): { readonly column: number; readonly row: number } | null {
  const column = between(scales.x.edges, at.x)
  const row = between(scales.y.edges, at.y)
  return column < 0 || row < 0 ? null : { column, row }
}

function between(edges: readonly number[], at: number): number {
  return edges.findIndex((edge, k) => {
    const next = edges[k + 1]
    return next !== undefined && at >= Math.min(edge, next) && at < Math.max(edge, next)
  })
}

/** A measure of a map as numbers by row and column. */
export function fieldOf({ x, y, values }: PhaseMap, measure: PhaseMeasure): Field {
  const columns = x.values.length
  const column = values[measure]
  return { columns, rows: y.values.length, at: (row, c) => column[row * columns + c] }
}

/** Where the ignition of a line was refined: exact, as in the report. */
export function knownEdges({ x, y, edges, isAcross }: PhaseMap): Known {
  const { numbers } = isAcross ? x : y
  return (row, column, way) => {
    if ((way === 'across') !== isAcross) return null
    const edge = edges[isAcross ? row : column]
    const k = isAcross ? column : row
    if (edge === null || edge < numbers[k] || edge > numbers[k + 1]) return null
    return (edge - numbers[k]) / (numbers[k + 1] - numbers[k])
  }
}

/**
 * The cell that lies furthest inside a region, for a word that stands there; null of no region.
 *
 * Rule: chessboard distance to the nearest cell outside, the sheet's border counted as such.
 */
export function roomiest(
  columns: number,
  rows: number,
  isIn: (row: number, column: number) => boolean,
): (Place & { readonly room: number }) | null {
  const room = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => (isIn(row, column) ? columns + rows : 0)),
  )
  const near = (row: number, column: number) => room[row]?.[column] ?? 0
  const sweep = (order: readonly number[], across: readonly number[], back: 1 | -1) => {
    for (const r of order)
      for (const c of across) {
        const around = [near(r - back, c - 1), near(r - back, c), near(r - back, c + 1)]
        room[r][c] = Math.min(room[r][c], 1 + Math.min(...around, near(r, c - back)))
      }
  }
  const [down, right] = [Array.from(room.keys()), Array.from({ length: columns }, (_, c) => c)]
  sweep(down, right, 1)
  sweep(down.toReversed(), right.toReversed(), -1)
  let best: (Place & { room: number }) | null = null
  for (const row of down)
    for (const column of right) {
      if (!isIn(row, column)) continue
      if (room[row][column] > (best?.room ?? 0)) best = { row, column, room: room[row][column] }
    }
  return best
}
