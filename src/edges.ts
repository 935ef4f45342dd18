/** How far accounts are from the edge where their health changes sign. */

import type { Book } from './book.ts'
import type { Kind } from './kinds.ts'

// Outside these sizes (USD) an account is always judged, beyond these moves everybody is: products
// may lose digits or overflow there, even where all values move alike.
const TINY = 1e-290
const HUGE = 1e290
const MOVE_MOST = 1e6

/** Ratio of the largest to the least relative move; Infinity where distances say nothing. */
export function spreadOf(slots: Uint16Array, base: Float64Array, values: Float64Array): number {
  let lo = Number.POSITIVE_INFINITY
  let hi = 0
  for (let k = 0; k < slots.length; k++) {
    const from = base[slots[k]]
    const to = values[slots[k]]
    if (from === 0 && to === 0) continue
    const ratio = to / from
    if (!(ratio > 1 / MOVE_MOST && ratio < MOVE_MOST)) return Number.POSITIVE_INFINITY
    if (ratio < lo) lo = ratio
    if (ratio > hi) hi = ratio
  }
  return hi > lo ? hi / lo : 1
}

/** The largest |H| / G that a spread can bring to 0. */
export function reachOf(spread: number): number {
  return (spread - 1) / (spread + 1)
}

/** Which e turns, of accounts with two legs, when their values have moved so; see `edgeOf`. */
export function ratioOf([p, q]: Uint16Array, base: Float64Array, values: Float64Array): number {
  const [up, uq] = [values[p] / base[p], values[q] / base[q]]
  return (uq - up) / (uq + up)
}

/** |H| / G less a guard; 0 when that cannot be trusted, Infinity when all legs are empty. */
export function distanceOf(
  { start, slot, amount }: Book,
  values: Float64Array,
  account: number,
  guard: number,
): number {
  const end = start[account + 1]
  let sum = 0
  let size = 0
  let units = 0
  for (let k = start[account]; k < end; k++) {
    const worth = amount[k] * values[slot[k]]
    sum += worth
    size += Math.abs(worth)
    units += Math.abs(amount[k])
  }
  if (size > TINY && size < HUGE) return Math.abs(sum) / size - guard
  return units === 0 ? Number.POSITIVE_INFINITY : 0
}

/**
 * H / G times the sign of the worth in the slot `first`, of an account with two legs; NaN when that
 * cannot be trusted, Infinity when both legs are empty.
 */
export function edgeOf(
  { start, slot, amount }: Book,
  values: Float64Array,
  account: number,
  first: number,
): number {
  const k = start[account]
  if (amount[k] === 0 && amount[k + 1] === 0) return Number.POSITIVE_INFINITY
  const one = amount[k] * values[slot[k]]
  const other = amount[k + 1] * values[slot[k + 1]]
  const size = Math.abs(one) + Math.abs(other)
  if (!(size > TINY && size < HUGE)) return Number.NaN
  const inFirst = slot[k] === first ? one : other
  return ((one + other) / size) * (inFirst < 0 ? -1 : 1)
}

/** Whether all accounts of a kind have two legs, in two slots. */
export function isPair({ start, slot }: Book, { slots, members }: Kind): boolean {
  const hasTwo = (i: number) =>
    start[i + 1] === start[i] + 2 && slot[start[i]] !== slot[start[i] + 1]
  return slots.length === 2 && members.every(hasTwo)
}

/** Whether no value of these slots has moved. */
export function isUnmoved(slots: Uint16Array, from: Float64Array, to: Float64Array): boolean {
  for (let k = 0; k < slots.length; k++) if (from[slots[k]] !== to[slots[k]]) return false
  return true
}
