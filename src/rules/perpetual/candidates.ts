/** Who may be asked to deleverage: the legs of a side of a market, found once for a book. */

import type { Protocol } from '../../rules.ts'
import type { PerpetualBooks } from './books.ts'
import type { Layout } from './markets.ts'

/** Legs that may ever be on the other side of a side of a market, by account: they never change. */
export interface Candidates {
  readonly leg: Uint32Array
  readonly account: Uint32Array
}

/** Finds them once for each book: copies share the columns of slots. */
export function candidatesOf(
  { slots, marketOf }: Layout,
  protocol: Protocol,
  side: number,
): Candidates {
  const { start, slot } = protocol.book
  const { entry } = protocol.items as PerpetualBooks
  const known = bySlots.get(slot) ?? []
  bySlots.set(slot, known)
  if (known[side] !== undefined) return known[side]
  const wanted = side % 2 === 0 ? -1 : 1
  const leg: number[] = []
  const account: number[] = []
  for (let i = 0; i + 1 < start.length; i++)
    for (let k = start[i]; k < start[i + 1]; k++) {
      if (marketOf[slot[k]] !== side >> 1 || slots.side[slot[k]] !== wanted) continue
      if (!(entry.length > k)) continue
      leg.push(k)
      account.push(i)
    }
  known[side] = { leg: Uint32Array.from(leg), account: Uint32Array.from(account) }
  return known[side]
}

const bySlots = new WeakMap<Uint16Array, Candidates[]>()
