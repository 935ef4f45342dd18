/** Dominance between points that are judged by several aims, and the front that it leaves. */

/** What a point comes to by aim, less is better; NaN where it has no value. */
export type Aims = readonly number[]

/** The points that none dominates, and what dominates each of the others. */
export interface Front {
  /** Indices of the front, rising. */
  readonly front: readonly number[]
  /** By point: one of the front that dominates it; null for the front, and where an aim is NaN. */
  readonly dominatedBy: readonly (number | null)[]
}

/**
 * Whether a point is nowhere worse than another, and somewhere better.
 *
 * Rule: equal points do not dominate each other. With a NaN on either side there is no dominance.
 */
export function dominates(one: Aims, other: Aims): boolean {
  let isBetter = false
  for (let k = 0; k < one.length; k++) {
    if (!(one[k] <= other[k])) return false
    if (one[k] < other[k]) isBetter = true
  }
  return isBetter
}

/**
 * The Pareto front of points.
 *
 * Rule:  points that no other dominates; equal points stand on it together, and one with a NaN does
 *        not stand on it. Only order within an aim matters: the scale of an aim changes nothing,
 *        nor does the order of the points.
 * Shape: as many aims for every point. Work grows with points times the size of the front.
 */
export function frontOf(points: readonly Aims[]): Front {
  const dominatedBy = new Array<number | null>(points.length).fill(null)
  const known = Array.from(points.keys()).filter((p) => !points[p].some(Number.isNaN))
  // What dominates a point stands before it, and one that is on the front dominates it too.
  known.sort((p, q) => order(points[p], points[q]) || p - q)
  const front: number[] = []
  for (const p of known) {
    const by = front.find((q) => dominates(points[q], points[p]))
    if (by === undefined) front.push(p)
    else dominatedBy[p] = by
  }
  return { front: front.sort((p, q) => p - q), dominatedBy }
}

/** By the first aim, where that is equal by the second, and so on. */
function order(one: Aims, other: Aims): number {
  for (let k = 0; k < one.length; k++) {
    if (one[k] < other[k]) return -1
    if (one[k] > other[k]) return 1
  }
  return 0
}
