/** A backlog with numbers at hand, shared by its tests. */

import { type Backlog, backlogFrom } from './backlog.ts'
import type { Rest } from './sleepers.ts'

export const ACCOUNTS = 12
/** Price of gas in the first block, USD. */
export const GAS = 3

/** Takes out everybody who is awake, in order. */
export function drained(backlog: Backlog): number[] {
  const taken: number[] = []
  for (let next = backlog.next(); next >= 0; next = backlog.next()) taken.push(next)
  return taken
}

/** Ratio of the largest to the least move, of what moved and of what did not. */
export function spreadOf(before: Float64Array, after: Float64Array): number {
  const moves = Array.from(after, (to, k) => (to === before[k] ? 1 : to / before[k]))
  return Math.max(1, ...moves) / Math.min(1, ...moves)
}

/** An empty backlog, by account its kind; the numbers of each kind are what these arrays hold. */
export function backlogOf(kindOf: readonly number[], ...numbers: readonly Float64Array[]): Backlog {
  const kinds = numbers.map((now) => ({
    count: now.length,
    read(out: Float64Array) {
      const spread = spreadOf(out, now)
      out.set(now)
      return spread
    },
  }))
  const backlog = backlogFrom(Uint8Array.from(kindOf), kinds)
  backlog.wake(GAS)
  return backlog
}

/** The same with accounts of one kind. */
export function alike(accounts: number, numbers = Float64Array.of(1)): Backlog {
  return backlogOf(Array<number>(accounts).fill(0), numbers)
}

/** A backlog of one account that fell asleep so, and its numbers, which were 100 and 1. */
export function sleeping(gap: number, fall = 1): { backlog: Backlog; numbers: Float64Array } {
  const numbers = Float64Array.of(100, 1)
  const backlog = alike(1, numbers)
  backlog.arrive(0, -5)
  backlog.next()
  backlog.sleep(0, -5, restOf(gap, fall))
  return { backlog, numbers }
}

/** A rest of somebody of whom nothing else is known. */
export function restOf(gap: number, fall: number): Rest {
  return { gap, fall, pays: Number.POSITIVE_INFINITY, swing: 0, step: 0 }
}
