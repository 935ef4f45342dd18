/** A list of accounts, sorted roughly by distance: whoever is near is in the first part of it. */

import { type AccountList, accountList } from './accountList.ts'

/** Accounts within a largest distance, on shelves of equal width. */
export interface Shelves {
  /** By rising shelf, in no order on one. */
  readonly list: AccountList
  /** How many at the head of the list hold everybody up to this distance, and some beyond. */
  upTo(distance: number): number
  /** Takes the candidates that are within the largest distance, and nobody else. */
  fill(candidates: AccountList, distanceOf: (account: number) => number): void
  /** Puts an account in, or moves it down to a nearer shelf; it is never moved up. */
  put(account: number, distance: number): void
  reset(from: Shelves): void
}

/**
 * Empty shelves.
 *
 * Shape: `place` has an entry for every account of the book; several shelves that never hold the
 *        same account may share it. Whether an account stands where its place says, the list tells.
 * Units: distances from 0 to `most`; what is nearer than 0 or no number is on the first shelf.
 */
export function shelves(capacity: number, place: Uint32Array, most: number): Shelves {
  const list = accountList(capacity)
  const ends = new Uint32Array(SHELVES)
  const { account: at } = list

  function shelfOf(distance: number): number {
    const shelf = Math.floor((distance / most) * SHELVES)
    return shelf > 0 ? Math.min(SHELVES - 1, shelf) : 0
  }

  /** Opens a gap below each shelf above `to`, by moving its first account to its end. */
  function lower(account: number, to: number): void {
    for (let shelf = SHELVES - 1; shelf > to; shelf--) {
      const first = ends[shelf - 1]
      const from = place[account]
      if (from < first) continue
      at[from] = at[first]
      place[at[from]] = from
      at[first] = account
      place[account] = first
      ends[shelf - 1]++
    }
  }

  const self: Stateful = {
    list,
    ends,
    upTo: (distance) => ends[shelfOf(distance)],
    fill({ count, account: candidates }, distanceOf) {
      ends.fill(0)
      for (let k = 0; k < count; k++) {
        const distance = distanceOf(candidates[k])
        place[candidates[k]] = distance > most ? NOWHERE : shelfOf(distance)
        if (!(distance > most)) ends[place[candidates[k]]]++
      }
      list.count = 0
      for (let shelf = 0; shelf < SHELVES; shelf++) {
        const start = list.count
        list.count += ends[shelf]
        ends[shelf] = start
      }
      for (let k = 0; k < count; k++) {
        const shelf = place[candidates[k]]
        if (shelf === NOWHERE) continue
        place[candidates[k]] = ends[shelf]
        at[ends[shelf]++] = candidates[k]
      }
    },
    put(account, distance) {
      if (!(place[account] < list.count && at[place[account]] === account)) {
        if (distance > most) return
        place[account] = list.count
        at[list.count++] = account
        ends[SHELVES - 1]++
      }
      lower(account, shelfOf(distance))
    },
    reset(from) {
      list.count = from.list.count
      for (let k = 0; k < list.count; k++) {
        at[k] = from.list.account[k]
        place[at[k]] = k
      }
      ends.set((from as Stateful).ends)
    },
  }
  return self
}

interface Stateful extends Shelves {
  /** Where each shelf ends in the list. */
  readonly ends: Uint32Array
}

const SHELVES = 64
/** The place of an account that is on no shelf. */
const NOWHERE = 0xffffffff
