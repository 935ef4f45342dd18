/** Who may be asked to deleverage: the legs of a side of a market, found once for a book. */

import type { Protocol } from '../../rules.ts'
import type { PerpetualBooks } from './books.ts'
import type { Layout } from './markets.ts'

/**
 * Legs that may ever be on the other side of a side of a market, by account: they never change.
 *
 * Units: `entry` in the settlement asset for each unit; NaN where a position states none.
 */
export interface Candidates {
  readonly leg: Uint32Array
  readonly entry: Float64Array
  /** 1: the account has nothing else but cash, and that is its next leg. */
  readonly isPlain: Uint8Array
  /** Read for the few that matter. */
  readonly account: Uint32Array
}

/** Finds them once for each book: copies share the columns of slots. */
export function candidatesOf(layout: Layout, protocol: Protocol, side: number): Candidates {
  const { slot } = protocol.book
  const known = bySlots.get(slot) ?? []
  bySlots.set(slot, known)
  known[side] ??= find(layout, protocol, side)
  return known[side]
}

function find({ slots, marketOf, cash }: Layout, protocol: Protocol, side: number): Candidates {
  const { start, slot } = protocol.book
  const { entry } = protocol.items as PerpetualBooks
  const legs = Math.min(slot.length, entry.length)
  const wanted = side % 2 === 0 ? -1 : 1
  const isWanted = Uint8Array.from(
    marketOf,
    (m, s) => +(m === side >> 1 && slots.side[s] === wanted),
  )
  let count = 0
  for (let k = 0; k < legs; k++) count += isWanted[slot[k]]
  const found = {
    leg: new Uint32Array(count),
    entry: new Float64Array(count),
    isPlain: new Uint8Array(count),
    account: new Uint32Array(count),
  }
  for (let k = 0, i = 0, n = 0; k < legs; k++) {
    while (k >= start[i + 1]) i++
    if (isWanted[slot[k]] === 0) continue
    found.leg[n] = k
    found.account[n] = i
    found.entry[n] = entry[k]
    found.isPlain[n++] = +(start[i + 1] === start[i] + 2 && slot[k + 1] === cash)
  }
  return found
}

const bySlots = new WeakMap<Uint16Array, Candidates[]>()
