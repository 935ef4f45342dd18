/** Tells sleepers when time alone changes what is asked of their accounts. */

import type { Sight } from '../defence.ts'

/** The blocks in which accounts became liquidatable whose terms still change. */
export interface Wakes {
  /** An account that became liquidatable in this block waits for a change of its terms. */
  note(block: number): void
  /** Once a block: how often terms of any of them have changed so far. */
  count(at: Sight['at']): number
}

/**
 * Counts the changes of terms that follow from the time since an account became liquidatable.
 *
 * Rule: `stage` says which terms hold after so many seconds, from 0 up; at `last` they stay.
 */
export function wakesAt(stage: (seconds: number) => number, last: number): Wakes {
  const blocks = new Set<number>()
  let changes = 0
  return {
    note(block) {
      blocks.add(block)
    },
    count({ block: now, seconds }) {
      let isChanged = false
      for (const block of blocks) {
        const reached = stage((now - block) * seconds)
        isChanged ||= reached > stage(Math.max(0, now - 1 - block) * seconds)
        if (reached >= last) blocks.delete(block)
      }
      if (isChanged) changes++
      return changes
    },
  }
}

/** Seconds since an account became liquidatable. */
export function secondsSince({ at, since }: Sight, account: number): number {
  return (at.block - since(account)) * at.seconds
}
