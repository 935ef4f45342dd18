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
  const accounts = accountsOf(book)
  const found = new Map<number | string, number>()
  const slots: number[][] = []
  const count: number[] = []
  const own = new Uint32Array(accounts)
  for (let i = 0; i < accounts; i++) {
    const key = keyOf(book, i)
    let kind = found.get(key)
    if (kind === undefined) {
      kind = slots.push(slotsOf(book, i)) - 1
      count.push(0)
      found.set(key, kind)
    }
    own[i] = kind
    count[kind]++
  }
  const bySize = slots.map((_, kind) => kind).sort((a, b) => count[b] - count[a])
  const kept = bySize.length > KINDS_MAX ? KINDS_MAX - 1 : bySize.length
  const index = new Uint8Array(slots.length).fill(kept)
  bySize.slice(0, kept).forEach((kind, k) => {
    index[kind] = k
  })
  const groups = bySize.slice(0, kept).map((kind) => [kind])
  if (kept < bySize.length) groups.push(bySize.slice(kept))
  const members = groups.map((kinds) => new Uint32Array(kinds.reduce((n, k) => n + count[k], 0)))
  const next = new Uint32Array(groups.length)
  const of = new Uint8Array(accounts)
  for (let i = 0; i < accounts; i++) {
    of[i] = index[own[i]]
    members[of[i]][next[of[i]]++] = i
  }
  const kinds = groups.map((all, k) => ({
    slots: Uint16Array.from(new Set(all.flatMap((kind) => slots[kind]))).sort(),
    members: members[k],
  }))
  return { kinds, of }
}
