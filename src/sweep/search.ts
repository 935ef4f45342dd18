/** The search for a front over a grid that is too large to run: spread points, then boxes. */

import { halton } from '../math/halton.ts'
import { type Aims, frontOf } from './frontier.ts'

/** One combination: by key the index of its value. */
export type GridPoint = readonly number[]

/**
 * Searches a grid for its front, in rounds. Yields the points of a round and takes what they come
 * to, in their order; null for one that is refused.
 *
 * Rule:   half of the budget goes to points spread evenly over the whole grid (Halton). Then boxes
 *         around the points of the front so far, as wide as half of the grid and half as wide in
 *         every further round: in each box by turns an end along a key and a point inside it
 *         (Halton, half of whose coordinates are put to an end), one box after the other. What is
 *         left of the budget is shared evenly between the rounds. Once boxes are as wide as one
 *         step, whatever is left goes to them, and where they are used up to further points spread
 *         over the grid. A grid within the budget is run whole.
 * Shape:  deterministic: equal inputs, equal points. No point comes twice; never more than `budget`
 *         in all. At most HALTON_DIMENSIONS keys.
 * Assumes: neighbours of a point of the front are worth more than points elsewhere. It may miss a
 *         part of the front that is narrower than the spread points.
 */
export function* searchFront(
  sizes: readonly number[],
  budget: number,
): Generator<readonly GridPoint[], void, readonly (Aims | null)[]> {
  const tried = triedIn(sizes)
  const whole = sizes.reduce((product, size) => product * size, 1)
  if (whole <= budget) {
    tried.note(yield* once(tried.take(everyPoint(sizes), whole)))
    return
  }
  const spread = spreadOver(sizes, SPREAD_TRIES * budget)
  tried.note(yield* once(tried.take(spread, Math.ceil(budget * SPREAD))))
  let reach = sizes.map((size) => Math.max(1, Math.ceil(size / 4)))
  while (tried.count < budget) {
    const left = budget - tried.count
    const room = Math.ceil(left / roundsFrom(reach))
    const isLast = reach.every((steps) => steps === 1)
    const round = tried.take(byTurns(boxesAround(tried.front(), reach, sizes)), room)
    if (round.length === 0 && isLast) round.push(...tried.take(spread, room))
    if (round.length === 0 && isLast) return
    if (round.length > 0) tried.note(yield* once(round))
    reach = reach.map((steps) => Math.max(1, Math.floor(steps / 2)))
  }
}

/** The share of the budget that is spread evenly. */
const SPREAD = 0.5
/** Draws for each point wanted: most of a grid that is nearly used up has been tried already. */
const SPREAD_TRIES = 64
/** Draws inside a box. */
const BOX_TRIES = 64

type Round = readonly GridPoint[]
interface Rated {
  readonly points: Round
  readonly aims: readonly (Aims | null)[]
}

function* once(points: Round): Generator<Round, Rated, readonly (Aims | null)[]> {
  return { points, aims: yield points }
}

/** What has been tried so far. */
function triedIn(sizes: readonly number[]) {
  const keys = new Set<string>()
  const known: { readonly point: GridPoint; readonly aims: Aims }[] = []
  return {
    get count() {
      return keys.size
    },
    /** Up to `room` points that were not taken before. */
    take(points: Iterator<GridPoint>, room: number): GridPoint[] {
      const taken: GridPoint[] = []
      while (taken.length < room) {
        const next = points.next()
        if (next.done) break
        const key = next.value.join()
        if (keys.has(key)) continue
        keys.add(key)
        taken.push(next.value)
      }
      return taken
    },
    note({ points, aims }: Rated) {
      points.forEach((point, p) => {
        const of = aims[p]
        if (of !== null) known.push({ point, aims: of })
      })
    },
    /** In the order of the grid, evenly spread: a round may not have room for all. */
    front(): GridPoint[] {
      const { front } = frontOf(known.map(({ aims }) => aims))
      const points = front.map((p) => known[p].point)
      points.sort((one, other) => rankOf(one, sizes) - rankOf(other, sizes))
      return points
        .map((point, p) => ({ point, at: halton(p + 1, 0) }))
        .sort((one, other) => one.at - other.at)
        .map(({ point }) => point)
    },
  }
}

/** The place of a point in the grid; the last key runs fastest. */
export function rankOf(point: GridPoint, sizes: readonly number[]): number {
  return point.reduce((rank, index, d) => rank * sizes[d] + index, 0)
}

/** How many rounds it takes until boxes are as wide as a step, that one included. */
function roundsFrom(reach: readonly number[]): number {
  let rounds = 1
  for (let most = Math.max(...reach); most > 1; most = Math.floor(most / 2)) rounds++
  return rounds
}

function* everyPoint(sizes: readonly number[]): Generator<GridPoint, void> {
  const whole = sizes.reduce((product, size) => product * size, 1)
  for (let n = 0; n < whole; n++) {
    const point = new Array<number>(sizes.length)
    let rest = n
    for (let d = sizes.length - 1; d >= 0; d--) {
      point[d] = rest % sizes[d]
      rest = Math.floor(rest / sizes[d])
    }
    yield point
  }
}

function* spreadOver(sizes: readonly number[], draws: number): Generator<GridPoint, void> {
  for (let n = 1; n <= draws; n++) yield sizes.map((size, d) => Math.floor(halton(n, d) * size))
}

function boxesAround(
  points: readonly GridPoint[],
  reach: readonly number[],
  sizes: readonly number[],
): Generator<GridPoint, void>[] {
  return points.map((point, turn) => insideBox(point, reach, sizes, turn))
}

/** Ends along a key and points inside by turns; every box begins elsewhere. */
function* insideBox(
  point: GridPoint,
  reach: readonly number[],
  sizes: readonly number[],
  turn: number,
): Generator<GridPoint, void> {
  const least = point.map((index, d) => Math.max(0, index - reach[d]))
  const most = point.map((index, d) => Math.min(sizes[d] - 1, index + reach[d]))
  const ends = point.flatMap((_, d) => [point.with(d, least[d]), point.with(d, most[d])])
  for (let n = 0; n < BOX_TRIES; n++) {
    if (n < ends.length) yield ends[(n + turn) % ends.length]
    const at = turn * BOX_TRIES + n + 1
    yield least.map((low, d) => stretched(halton(at, d), low, most[d]))
  }
}

/** Between two indices; half of all shares land on an end, for fronts often lie on faces. */
function stretched(share: number, least: number, most: number): number {
  const index = least + Math.floor((2 * share - 0.5) * (most - least + 1))
  return Math.min(most, Math.max(least, index))
}

/** One of each in turn, until all are used up. */
function* byTurns(all: readonly Generator<GridPoint, void>[]): Generator<GridPoint, void> {
  let open = all
  while (open.length > 0) {
    const still: Generator<GridPoint, void>[] = []
    for (const one of open) {
      const next = one.next()
      if (next.done) continue
      yield next.value
      still.push(one)
    }
    open = still
  }
}
