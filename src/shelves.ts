/** A list of accounts, sorted roughly by a number: a stretch of it is a stretch of the list. */

import { type AccountList, accountList } from './accountList.ts'

/** Accounts by a number between two bounds, on shelves of equal width. */
export interface Shelves {
  /** By rising shelf, in no order on one. */
  readonly list: AccountList
  /** How many at the head of the list hold everybody up to this distance, and some beyond. */
  upTo(distance: number): number
  /** Takes the candidates that are within the bounds, and nobody else. */
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
 * Units: distances from `least` to `most`; what is no number is on the first shelf.
 */
export function shelves(
  capacity: number,
  place: Uint32Array,
  least: number,
  most: number,
): Shelves {
  const list = accountList(capacity)
  const state: State = { list, place, ends: new Uint32Array(SHELVES), least, most }
  const { ends } = state
  const self: Stateful = {
    list,
    ends,
    upTo: (distance) => ends[shelfOf(state, distance)],
    fill: (candidates, distanceOf) => fill(state, candidates, distanceOf),
    put(account, distance) {
      if (placed(state, account, distance)) lower(state, account, shelfOf(state, distance))
    },
    reset: (from) => reset(state, from as Stateful),
  }
  return self
}

interface Stateful extends Shelves {
  /** Where each shelf ends in the list. */
  readonly ends: Uint32Array
}

interface State {
  readonly list: AccountList
  readonly place: Uint32Array
  readonly ends: Uint32Array
  readonly least: number
  readonly most: number
}

function shelfOf({ least, most }: State, distance: number): number {
  const shelf = Math.floor(((distance - least) / (most - least)) * SHELVES)
  return shelf > 0 ? Math.min(SHELVES - 1, shelf) : 0
}

function isOutside({ least, most }: State, distance: number): boolean {
  return distance > most || distance < least
}

/** The shelf of a place in the list: the first that ends beyond it. */
function standing(ends: Uint32Array, place: number): number {
  let low = 0
  let high = SHELVES - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle] > place) high = middle
    else low = middle + 1
  }
  return low
}

/** Opens a gap below each shelf above `to`, by moving its first account to its end. */
function lower({ list: { account: at }, place, ends }: State, account: number, to: number): void {
  for (let shelf = standing(ends, place[account]); shelf > to; shelf--) {
    const first = ends[shelf - 1]
    const from = place[account]
    at[from] = at[first]
    place[at[from]] = from
    at[first] = account
    place[account] = first
    ends[shelf - 1]++
  }
}

/** Whether the account is on a shelf; puts it on the last where it is on none and may be. */
function placed(state: State, account: number, distance: number): boolean {
  const { list, place, ends } = state
  if (place[account] < list.count && list.account[place[account]] === account) return true
  if (isOutside(state, distance)) return false
  place[account] = list.count
  list.account[list.count++] = account
  ends[SHELVES - 1]++
  return true
}

function fill(
  state: State,
  { count, account: candidates }: AccountList,
  distanceOf: (account: number) => number,
): void {
  const { list, place, ends } = state
  ends.fill(0)
  for (let k = 0; k < count; k++) {
    const distance = distanceOf(candidates[k])
    const shelf = isOutside(state, distance) ? NOWHERE : shelfOf(state, distance)
    place[candidates[k]] = shelf
    if (shelf !== NOWHERE) ends[shelf]++
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
    list.account[ends[shelf]++] = candidates[k]
  }
}

function reset({ list, place, ends }: State, from: Stateful): void {
  list.count = from.list.count
  for (let k = 0; k < list.count; k++) {
    list.account[k] = from.list.account[k]
    place[list.account[k]] = k
  }
  ends.set(from.ends)
}

const SHELVES = 128
/** The place of an account that is on no shelf. */
const NOWHERE = 0xffffffff
