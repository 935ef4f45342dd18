/** Breached and not yet settled: who is offered next, and who is left alone until prices move. */

import { CARD, cardsOf, INSIDE } from './dormitory.ts'
import { heap } from './math/heap.ts'
import { type Numbers, type Rest, sleepersOf } from './sleepers.ts'

/**
 * The breached accounts of one protocol.
 *
 * Law: an account that arrived is inside until it is taken by `next` and not put back.
 * Law: a sleeper wakes before the numbers of its kind have moved by its gap, in either direction,
 *      and before gas has fallen by its fall; by twice the least width (1 %) and the least fall
 *      (4 %) where its own are smaller. Where it is known at which gas it pays it sleeps on until
 *      that could be.
 */
export interface Backlog {
  /** It became breached; nothing happens if it is inside already. Margin in USD, of all it has. */
  arrive(account: number, margin: number): void
  /** It was written to while it is inside: it is looked at when it wakes next. */
  doubt(account: number): void
  /** Takes out the account of the largest margin, of equals the first listed; -1: none is awake. */
  next(): number
  /** Leaves it alone for a while. */
  sleep(account: number, margin: number, rest: Rest): void
  /**
   * Opens a block: reads the numbers anew. `gas` is the price of gas in USD; `isNew`: what accounts
   * may offer has changed by something else, and every sleeper wakes. Returns for how many nothing
   * but gas and prices had to be asked to see that they cannot pay.
   */
  wake(gas: number, isNew?: boolean): number
  has(account: number): boolean
  clear(): void
}

/**
 * An empty backlog.
 *
 * Rule:   margins are those of the last look, so the order is that of the last looks.
 * Shape:  `kindOf` has an index into `kinds` for every account; `row` as of the protocol.
 */
export function backlogFrom(
  kindOf: Uint8Array,
  kinds: readonly Numbers[],
  row: Uint32Array | null = null,
): Backlog {
  const accountAt = inverseOf(row)
  const cards = cardsOf(kindOf.length)
  const { numbers, links } = cards
  const queue = heap(64)
  const sleepers = sleepersOf(kindOf, cards, kinds, join)

  function join(account: number): void {
    links[CARD * account + INSIDE] = 1
    queue.push(-numbers[(CARD / 2) * account], row === null ? account : row[account])
  }

  return {
    arrive(account, margin) {
      if (links[CARD * account + INSIDE] === 1) return
      numbers[(CARD / 2) * account] = margin
      join(account)
    },
    next() {
      if (queue.size === 0) return -1
      const first = queue.popItem()
      const account = accountAt === null ? first : accountAt[first]
      links[CARD * account + INSIDE] = 0
      return account
    },
    sleep(account, margin, rest) {
      links[CARD * account + INSIDE] = 1
      numbers[(CARD / 2) * account] = margin
      if (rest.gap < Number.POSITIVE_INFINITY) sleepers.add(account, rest)
    },
    doubt: sleepers.doubt,
    wake: sleepers.wake,
    has: (account) => links[CARD * account + INSIDE] === 1,
    clear() {
      links.fill(0)
      queue.clear()
      sleepers.clear()
    },
  }
}

function inverseOf(row: Uint32Array | null): Uint32Array | null {
  if (row === null) return null
  const inverse = new Uint32Array(row.length)
  for (let i = 0; i < row.length; i++) inverse[row[i]] = i
  return inverse
}
