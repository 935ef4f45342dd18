/** Who may be asked to deleverage: the legs of a side of a market, found once for a book. */

import type { Protocol } from '../../rules.ts'
import type { PerpetualBooks } from './books.ts'
import type { Layout } from './markets.ts'

/** Legs that may ever be on the other side of a side of a market, by account: they never change. */
export interface Candidates {
  readonly leg: Uint32Array
  readonly account: Uint32Array
  /** Where the cash of an account is that has nothing else, and 0 for others. */
  readonly cashLeg: Uint32Array
}

/** Finds them once for each book: copies share the columns of slots. */
export function candidatesOf(
  { slots, marketOf, cash }: Layout,
  protocol: Protocol,
  side: number,
): Candidates {
  const { start, slot } = protocol.book
  const { entry } = protocol.items as PerpetualBooks
  const known = bySlots.get(slot) ?? []
  bySlots.set(slot, known)
  if (known[side] !== undefined) return known[side]
  const wanted = side % 2 === 0 ? -1 : 1
  const leg = new Uint32Array(slot.length)
  const account = new Uint32Array(slot.length)
  const cashLeg = new Uint32Array(slot.length)
  let count = 0
  for (let i = 0; i + 1 < start.length; i++)
    for (let k = start[i]; k < start[i + 1]; k++) {
      if (marketOf[slot[k]] !== side >> 1 || slots.side[slot[k]] !== wanted) continue
      if (!(entry.length > k)) continue
      leg[count] = k
      cashLeg[count] = start[i + 1] === start[i] + 2 && slot[k + 1] === cash ? k + 1 : 0
      account[count++] = i
    }
  known[side] = {
    leg: leg.slice(0, count),
    account: account.slice(0, count),
    cashLeg: cashLeg.slice(0, count),
  }
  return known[side]
}

const bySlots = new WeakMap<Uint16Array, Candidates[]>()
