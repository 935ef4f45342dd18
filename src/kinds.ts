/** Accounts by the slots that their legs point at. */

import { accountsOf, type Book } from './book.ts'

/**
 * Accounts of one kind: no other slot can move them.
 *
 * Shape: both rising.
 */
export interface Kind {
  readonly slots: Uint16Array
  readonly members: Uint32Array
}

/** The kinds of a book, and by account the index of its own. */
export interface Kinds {
  readonly kinds: readonly Kind[]
  readonly of: Uint8Array
}

/** More kinds than this are kept together, the smallest of them. */
const KINDS_MAX = 64

function slotsOf({ start, slot }: Book, account: number): number[] {
  const own = new Set(slot.subarray(start[account], start[account + 1]))
  return [...own].sort((a, b) => a - b)
}

/** Names the slots of an account; most have two. */
function keyOf(book: Book, account: number): number | string {
  const k = book.start[account]
  if (book.start[account + 1] !== k + 2) return slotsOf(book, account).join()
  const [one, other] = [book.slot[k], book.slot[k + 1]]
  return one < other ? one * SLOTS_MOST + other : other * SLOTS_MOST + one
}

const SLOTS_MOST = 65536

/** Sorts the accounts of a book into kinds, the largest first. */
export function kindsOf(book: Book): Kinds {
  const bySlots = new Map<number | string, { slots: number[]; members: number[] }>()
  for (let i = 0; i < accountsOf(book); i++) {
    const key = keyOf(book, i)
    const found = bySlots.get(key)
    if (found === undefined) bySlots.set(key, { slots: slotsOf(book, i), members: [i] })
    else found.members.push(i)
  }
  const sorted = [...bySlots.values()].sort((a, b) => b.members.length - a.members.length)
  const kept = sorted.length > KINDS_MAX ? sorted.slice(0, KINDS_MAX - 1) : sorted
  const rest = sorted.slice(kept.length)
  if (rest.length > 0) {
    const slots = new Set(rest.flatMap((kind) => kind.slots))
    const members = rest.flatMap((kind) => kind.members)
    kept.push({ slots: [...slots], members })
  }
  const of = new Uint8Array(accountsOf(book))
  const kinds = kept.map(({ slots, members }, index) => {
    for (const account of members) of[account] = index
    return { slots: Uint16Array.from(slots).sort(), members: Uint32Array.from(members).sort() }
  })
  return { kinds, of }
}
