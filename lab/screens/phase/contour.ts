/** Where a grid of numbers passes a limit: lines between cells, and how far they are. */

/** Numbers by row and column; NaN where there is none. */
export interface Field {
  readonly columns: number
  readonly rows: number
  at(row: number, column: number): number
}

/**
 * Where the line is known to pass between a cell and the next to its right or below it, as a part
 * of the way; null where it is not known better than straight between them.
 */
export type Known = (row: number, column: number, way: 'across' | 'down') => number | null

/** A place on the grid: whole numbers are middles of cells. */
export interface Place {
  readonly column: number
  readonly row: number
}

/** A piece of the line. `isJump`: the numbers leap here, and the line has no place of its own. */
export interface Piece {
  readonly places: readonly Place[]
  readonly isJump: boolean
}

interface Crossing extends Place {
  readonly name: string
  readonly isJump: boolean
}

/**
 * The line between cells above a limit and those that are not, by marching squares.
 *
 * Rule:   straight between the middles of two cells, unless `known` says better. A saddle is parted
 *         by the mean of its corners. A piece jumps where the numbers at both of its ends differ by
 *         more than `leap` from one cell to the next. A square with an unknown corner has no line.
 * Source: W. E. Lorensen, H. E. Cline, Marching cubes, SIGGRAPH 1987, in the plane.
 */
export function contour(field: Field, limit: number, leap: number, known?: Known): Piece[] {
  const pairs: (readonly [Crossing, Crossing])[] = []
  for (let row = 0; row + 1 < field.rows; row++)
    for (let column = 0; column + 1 < field.columns; column++)
      pairs.push(...square(field, limit, leap, { row, column }, known))
  return joined(pairs)
}

/** Where the line meets a row, from the left. */
export function meetsRow(field: Field, limit: number, row: number, known?: Known): number[] {
  return Array.from({ length: Math.max(0, field.columns - 1) }, (_, column) =>
    crossing(field, limit, 0, { row, column }, 'across', known),
  ).flatMap((one) => (one === null ? [] : [one.column]))
}

/** Where the line meets a column, from the first row. */
export function meetsColumn(field: Field, limit: number, column: number, known?: Known): number[] {
  return Array.from({ length: Math.max(0, field.rows - 1) }, (_, row) =>
    crossing(field, limit, 0, { row, column }, 'down', known),
  ).flatMap((one) => (one === null ? [] : [one.row]))
}

/** Of some places the one that is nearest; null of none. */
export function nearest(places: readonly number[], to: number): number | null {
  return places.reduce<number | null>(
    (best, at) => (best === null || Math.abs(at - to) < Math.abs(best - to) ? at : best),
    null,
  )
}

/** The value at a place between two of a rising column. */
export function valueAt(values: ArrayLike<number>, place: number): number {
  const below = Math.min(Math.floor(place), values.length - 1)
  const above = Math.min(below + 1, values.length - 1)
  return values[below] + (place - below) * (values[above] - values[below])
}

function square(
  field: Field,
  limit: number,
  leap: number,
  { row, column }: Place,
  known: Known | undefined,
): (readonly [Crossing, Crossing])[] {
  const corners = [0, 1].flatMap((r) => [0, 1].map((c) => field.at(row + r, column + c)))
  if (corners.some(Number.isNaN)) return []
  const edge = (r: number, c: number, way: 'across' | 'down') =>
    crossing(field, limit, leap, { row: row + r, column: column + c }, way, known)
  const [top, left] = [edge(0, 0, 'across'), edge(0, 0, 'down')]
  const [bottom, right] = [edge(1, 0, 'across'), edge(0, 1, 'down')]
  const met = [top, right, bottom, left].filter((one) => one !== null)
  if (met.length === 2) return [[met[0], met[1]]]
  if (met.length < 4) return []
  const mean = corners.reduce((sum, value) => sum + value, 0) / 4
  const isFirst = corners[0] > limit === mean > limit
  return isFirst
    ? [
        [top!, right!],
        [left!, bottom!],
      ]
    : [
        [top!, left!],
        [right!, bottom!],
      ]
}

function crossing(
  field: Field,
  limit: number,
  leap: number,
  { row, column }: Place,
  way: 'across' | 'down',
  known: Known | undefined,
): Crossing | null {
  const [down, right] = way === 'across' ? [0, 1] : [1, 0]
  const from = field.at(row, column)
  const to = field.at(row + down, column + right)
  if (Number.isNaN(from) || Number.isNaN(to) || from > limit === to > limit) return null
  const straight = (limit - from) / (to - from)
  const part = known?.(row, column, way) ?? (Number.isFinite(straight) ? straight : 0.5)
  return {
    ...{ row: row + down * part, column: column + right * part },
    ...{ name: `${way} ${row} ${column}`, isJump: Math.abs(to - from) > leap },
  }
}

/** Pairs that share an end, as lines; a line ends where it begins or ends to jump. */
function joined(pairs: readonly (readonly [Crossing, Crossing])[]): Piece[] {
  const byEnd = new Map<string, (readonly [Crossing, Crossing])[]>()
  for (const pair of pairs)
    for (const { name } of pair) byEnd.set(name, [...(byEnd.get(name) ?? []), pair])
  const left = new Set(pairs)
  const jumps = (pair: readonly [Crossing, Crossing]) => pair.every(({ isJump }) => isJump)
  const grow = (line: Crossing[], isJump: boolean) => {
    for (;;) {
      const end = line[line.length - 1]
      const next = byEnd.get(end.name)!.find((one) => left.has(one) && jumps(one) === isJump)
      if (next === undefined) return line
      left.delete(next)
      line.push(next[0].name === end.name ? next[1] : next[0])
    }
  }
  const pieces: Piece[] = []
  for (const pair of pairs) {
    if (!left.delete(pair)) continue
    const isJump = jumps(pair)
    const ahead = grow([pair[0], pair[1]], isJump)
    const line = grow(ahead.reverse(), isJump).reverse()
    pieces.push({ places: line.map(({ row, column }) => ({ row, column })), isJump })
  }
  return pieces
}
