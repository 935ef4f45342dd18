/** Scenarios of very many cells, held in little room. */

import type { Positions, Scenario } from '../scenario.ts'
import { alike } from './alike.ts'

/** Scenarios by cell. */
export interface Scenarios {
  /** The next cell's. */
  add(scenario: Scenario): void
  /** Null where it is not held. */
  of(cell: number): Scenario | null
}

/**
 * Holds scenarios without what each has in common with the one before.
 *
 * Rule:  one whose books would take the legs of all books beyond `most` is not held, but the first
 *        FIRST always are.
 * Shape: books that are equal are one object, as `sharingBooks` makes them.
 */
export function scenariosBelow(most: number): Scenarios {
  const scenarios: (Scenario | null)[] = []
  const books = new Set<Positions>()
  let legs = 0
  let last: Scenario | null = null
  return {
    add(scenario) {
      const fresh = scenario.protocols.map((one) => one.positions).filter((one) => !books.has(one))
      const all = fresh.reduce((sum, { account }) => sum + account.length, legs)
      if (all > most && scenarios.length >= FIRST) {
        scenarios.push(null)
        return
      }
      legs = all
      for (const book of fresh) books.add(book)
      last = last === null ? scenario : alike(scenario, last)
      scenarios.push(last)
    },
    of: (cell) => scenarios[cell],
  }
}

/** A comparison has fewer cells, and asks for them again and again. */
export const FIRST = 100
