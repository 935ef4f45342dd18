/**
 * The whole response to an outside drop in one pass over the book: every cliff, its size and who
 * lights it.
 */

import { assert } from '../errors.ts'
import type { Curve } from '../venue.ts'
import type { Ladder } from './ladder.ts'

/**
 * Edges of the least and the greatest cascade of a ladder on a path-independent curve.
 *
 * Rule:   account k (0-based, falling trigger T, S_k sold before it) is taken by the least cascade
 *         iff X < min over j <= k of inv(T_j, S_j), by the greatest iff X < max over j >= k of
 *         inv(T_j, S_(j+1)).
 * Units:  edges are outside prices; the outside drop of an edge is 1 - edge / opening price.
 * Shape:  `least` and `greatest` have n + 1 entries, never rising: with k accounts sold, X <
 *         least[k].
 * Source: Tarski's theorem on p = phi(X, Q(p)): the least cascade passes k iff it passes every
 *         account above it, and any k with phi(X, S_k) < T_k is self-consistent.
 * Simplifies: nothing for sales of fixed units (or of fixed cash on a cash curve); not valid for
 *             sizes that depend
 *         on the price of the moment.
 */
export interface ResponseCurve {
  readonly ladder: Ladder
  readonly curve: Curve
  readonly least: Float64Array
  readonly greatest: Float64Array
}

/**
 * An avalanche: at outside prices below `edge`, accounts `first .. last` (ladder positions) fall
 * together.
 */
export interface Record {
  readonly edge: number
  readonly first: number
  readonly last: number
  readonly units: number
}

/** Both edge arrays, in O(n). */
export function responseCurve(ladder: Ladder, curve: Curve): ResponseCurve {
  const { trigger, sold } = ladder
  const n = trigger.length
  const least = new Float64Array(n + 1)
  const greatest = new Float64Array(n + 1)
  least[0] = Number.POSITIVE_INFINITY
  for (let k = 0; k < n; k++) least[k + 1] = Math.min(least[k], curve.outside(trigger[k], sold[k]))
  let edge = Number.NEGATIVE_INFINITY
  greatest[n] = edge
  for (let k = n; k > 0; k--) {
    edge = Math.max(edge, curve.outside(trigger[k - 1], sold[k]))
    greatest[k] = edge
  }
  greatest[0] = Number.POSITIVE_INFINITY
  return { ladder, curve, least, greatest }
}

/**
 * How many accounts the least cascade takes at an outside price: the outcome of rounds from the
 * shocked price.
 *
 * Rule:  the last k with least[k] > X proposes; the forward test phi(X, S_k) < T_k decides, as
 *        rounds would.
 */
export function leastCascade(response: ResponseCurve, outside: number): number {
  const { ladder, curve, least } = response
  const { trigger, sold } = ladder
  let k = lastAbove(least, outside)
  while (k > 0) {
    const first = firstAtMost(least, least[k]) - 1
    if (curve.price(outside, sold[first]) < trigger[first]) break
    k = first
  }
  while (k < trigger.length && curve.price(outside, sold[k]) < trigger[k]) k++
  return k
}

/**
 * How many accounts the greatest self-consistent cascade takes: the worst rest state at this
 * outside price.
 */
export function greatestCascade(response: ResponseCurve, outside: number): number {
  const { ladder, curve, greatest } = response
  let k = lastAbove(greatest, outside * NEARLY_ONE)
  while (k > 0 && !(curve.price(outside, ladder.sold[k]) < ladder.trigger[k - 1])) k--
  return k
}

/** Every avalanche, in order of rising outside drop. Ties fall together. */
export function records(response: ResponseCurve): Record[] {
  const { least, ladder } = response
  const n = ladder.trigger.length
  const found: Record[] = []
  let first = 0
  for (let k = 1; k <= n; k++) {
    if (k < n && least[k + 1] === least[first + 1]) continue
    const units = ladder.sold[k] - ladder.sold[first]
    found.push({ edge: least[first + 1], first, last: k - 1, units })
    first = k
  }
  return found
}

// 1 - 2^-49: covers the rounding of inv; the forward test then steps down to the exact answer.
const NEARLY_ONE = 1 - 8 * Number.EPSILON

// The largest k with column[k] > value in a column that never rises; column[0] is +Infinity.
function lastAbove(column: Float64Array, value: number): number {
  assert(!Number.isNaN(value), 'an outside price')
  let low = 0
  let high = column.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (column[middle] > value) low = middle
    else high = middle - 1
  }
  return low
}

function firstAtMost(column: Float64Array, value: number): number {
  let low = 0
  let high = column.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column[middle] <= value) high = middle
    else low = middle + 1
  }
  return low
}
