/** Who is liquidatable now: exactly the accounts of a full scan, found without one. */

import { accountsOf, type Book, health } from './book.ts'
import { assert } from './errors.ts'
import { heap } from './math/heap.ts'
import type { Rules } from './rules.ts'

/** Accounts, as a growing list: `count` entries are valid. */
export interface AccountList {
  count: number
  readonly account: Uint32Array
}

/**
 * Watches the health of every account of one book.
 *
 * Law: after `look(values)`, `isBreached(i)` is what a full scan with `health` says, for every
 *      account, whatever the values did and whatever was touched.
 */
export interface Watchlist {
  /**
   * Looks at new slot values. Lists the accounts that became breached and those that recovered
   * since the last look (or touch), each in rising order. Both lists are emptied first and must
   * have room for every account.
   */
  look(values: Float64Array, fallen: AccountList, risen: AccountList): void
  /**
   * Judges one account again after a write to its legs, at the values of the last look, and returns
   * whether it is breached. O(its legs).
   */
  touch(account: number): boolean
  isBreached(account: number): boolean
  /** How many are breached now. */
  breached(): number
  /** The same state over a copy of the book; it shares nothing that changes. */
  copy(book: Book): Watchlist
  /** Takes over the state of a copy, whose book must be in the state of the other's book. */
  reset(from: Watchlist): void
}

/** An empty list with room for `capacity` accounts. */
export function accountList(capacity: number): AccountList {
  return { count: 0, account: new Uint32Array(capacity) }
}

/**
 * A watchlist that has looked once, at `values`: what is breached there is neither fallen nor risen
 * later.
 *
 * Rule:   H = sum of an account's worths and G = sum of their sizes, at base values. While every
 *         slot value has moved by a ratio in [lo, hi], H' >= (lo (G + H) - hi (G - H)) / 2, and so
 *         for -H. So an account keeps its side while |H| / G > (s - 1) / (s + 1), s = hi / lo: its
 *         distance against one number for all. What is nearer is judged by the sum of `health`.
 *         The near list serves small moves from its own base; it is drawn from the far list, which
 *         serves larger ones. A value that comes to or leaves 0 or changes sign makes s infinite:
 *         all are judged. Against rounding, distances are lessened by 16 (legs + 4) 2^-53, four
 *         times the worst case of H, G, s and H' together, for the account with most legs.
 * Units:  values in USD per scaled unit; they may be negative.
 * Shape:  `values` has one entry per slot.
 */
export function watchlistFrom(book: Book, edge: Rules['edge'], values: Float64Array): Watchlist {
  const mostLegs = book.start.reduce((most, end, i, start) => Math.max(most, end - start[i - 1]))
  const state: State = {
    book,
    limit: edge === 'below' ? 0 : Number.MIN_VALUE,
    guard: 16 * (mostLegs + 4) * (Number.EPSILON / 2),
    hasPairs: book.start.every((first, account) => first === 2 * account),
    slots: Uint16Array.from(new Set(book.slot)),
    ...emptyColumns(accountsOf(book), values.length),
    breached: 0,
    reach: 0,
    arrears: 0,
    rest: 0,
    nextRest: REST_LEAST,
  }
  state.last.set(values)
  build(state, values)
  return watchlist(state)
}

/** How far values may spread since the base of the near list. */
const NEAR_SPREAD = 1.012
/** How far they may have spread between the base of the far list and that of the near list. */
const FAR_SPREAD = 1.077
const NEAR_REACH = reachOf(NEAR_SPREAD)
const FAR_REACH = reachOf(NEAR_SPREAD * FAR_SPREAD)

// Outside these sizes (USD) an account is always judged, beyond these moves everybody is: products
// may lose digits or overflow there, even where all values move alike.
const TINY = 1e-290
const HUGE = 1e290
const MOVE_MOST = 1e6

// Costs per account, measured, where a full scan costs 1 and reading a distance too.
const BUILD_COST = 7
const JUDGE_COST = 5
/** Full scans' worth that lists may waste, before they rest for a number of looks. */
const ARREARS_MAX = 14
const REST_LEAST = 16
const REST_MOST = 512

// Bits of `mark`. FAR: is in `far`.
const BREACHED = 1
const FAR = 2

interface State extends ReturnType<typeof emptyColumns> {
  readonly book: Book
  /** Breached means health < limit: 0, or the least positive number when 0 itself is breached. */
  readonly limit: number
  readonly guard: number
  /** Whether every account has two legs: then `start` need not be read. */
  readonly hasPairs: boolean
  /** The slots that some leg points at: no other can move an account. */
  readonly slots: Uint16Array
  breached: number
  /** Reach of the spread from `nearBase` to `last`. */
  reach: number
  /** What lists have cost beyond one full scan per look, not yet saved again. */
  arrears: number
  /** Looks still to be made without lists, now and when lists next fail. */
  rest: number
  nextRest: number
}

function emptyColumns(accounts: number, slots: number) {
  return {
    mark: new Uint8Array(accounts),
    /** Accounts that both spreads together, since `farBase`, could turn. */
    far: accountList(accounts),
    /** Accounts that the near spread, since `nearBase`, could turn. */
    near: accountList(accounts),
    /** Of each place in `near`: |H| / G at `nearBase`, less the guard. */
    distance: new Float64Array(accounts),
    /** Where an account stands in `near`, if it does: what stands there tells. */
    place: new Uint32Array(accounts),
    /** Accounts that changed side in the present look. */
    turned: accountList(accounts),
    queue: heap(accounts),
    farBase: new Float64Array(slots),
    nearBase: new Float64Array(slots),
    /** Values of the last look. */
    last: new Float64Array(slots),
  }
}

type Stateful = Watchlist & { readonly state: State }

function watchlist(state: State): Stateful {
  return {
    state,
    look: (values, fallen, risen) => look(state, values, fallen, risen),
    touch: (account) => touch(state, account),
    isBreached: (account) => (state.mark[account] & BREACHED) !== 0,
    breached: () => state.breached,
    copy(book) {
      const copy = { ...state, ...emptyColumns(state.mark.length, state.last.length), book }
      resetState(copy, state)
      return watchlist(copy)
    },
    reset: (from) => resetState(state, (from as Partial<Stateful>).state),
  }
}

function look(state: State, values: Float64Array, fallen: AccountList, risen: AccountList): void {
  const { mark, turned } = state
  if (state.rest > 0) {
    state.rest--
    judgeAll(state, values)
  } else keepCost(state, judgeFollowed(state, values))
  state.last.set(values)
  sort(state)
  fallen.count = 0
  risen.count = 0
  for (let k = 0; k < turned.count; k++) {
    const account = turned.account[k]
    if ((mark[account] & BREACHED) !== 0) fallen.account[fallen.count++] = account
    else risen.account[risen.count++] = account
  }
}

/** Judges every account that could have changed side, and returns the cost. */
function judgeFollowed(state: State, values: Float64Array): number {
  const spread = spreadOf(state.slots, state.nearBase, values)
  if (spread <= NEAR_SPREAD) return scanNear(state, values, reachOf(spread))
  if (spreadOf(state.slots, state.farBase, values) <= FAR_SPREAD) return narrow(state, values)
  return build(state, values)
}

/**
 * When everybody is at the edge, or values jump in every block, lists cost more than full scans.
 * Then they rest, and are built anew after it. If that does not pay soon, they rest twice as long.
 */
function keepCost(state: State, cost: number): void {
  const accounts = state.mark.length
  state.arrears = Math.max(0, state.arrears + cost - accounts)
  if (state.arrears === 0) state.nextRest = REST_LEAST
  if (state.arrears < ARREARS_MAX * accounts) return
  state.arrears = (ARREARS_MAX - BUILD_COST) * accounts
  state.rest = state.nextRest
  state.nextRest = Math.min(2 * state.nextRest, REST_MOST)
  state.farBase.fill(Number.NaN) // spreads from here are infinite
  state.nearBase.fill(Number.NaN)
}

/** Ratio of the largest to the least relative move; Infinity where distances say nothing. */
function spreadOf(slots: Uint16Array, base: Float64Array, values: Float64Array): number {
  let lo = Number.POSITIVE_INFINITY
  let hi = 0
  for (let k = 0; k < slots.length; k++) {
    const from = base[slots[k]]
    const to = values[slots[k]]
    if (from === 0 && to === 0) continue
    const ratio = to / from
    if (!(ratio > 1 / MOVE_MOST && ratio < MOVE_MOST)) return Number.POSITIVE_INFINITY
    if (ratio < lo) lo = ratio
    if (ratio > hi) hi = ratio
  }
  return hi > lo ? hi / lo : 1
}

/** The largest |H| / G that a spread can bring to 0. */
function reachOf(spread: number): number {
  return (spread - 1) / (spread + 1)
}

/** Judges the near accounts that this spread, or that of the last look, could turn. */
function scanNear(state: State, values: Float64Array, reach: number): number {
  const { distance, near } = state
  const out = state.turned.account
  // What the last look turned may turn back now, though the spread has become smaller.
  const both = Math.max(reach, state.reach)
  let n = 0
  for (let k = 0; k < near.count; k++) {
    out[n] = near.account[k]
    n += +(distance[k] <= both) // no branch: it would go either way
  }
  state.reach = reach
  turnAll(state, wrong(state, values, out, n))
  return near.count + JUDGE_COST * n
}

/** Draws the near list from the far list, at new base values. */
function narrow(state: State, values: Float64Array): number {
  const { count, account } = state.far
  turnAll(state, wrong(state, values, account, count))
  drawNear(state, values)
  return 2 * JUDGE_COST * count
}

/** Judges every account and draws both lists, at new base values. */
function build(state: State, values: Float64Array): number {
  judgeAll(state, values)
  const { mark, far } = state
  far.count = 0
  for (let i = 0; i < mark.length; i++) {
    mark[i] &= ~FAR
    if (!(distanceOf(state, values, i) > FAR_REACH)) addFar(state, i)
  }
  state.farBase.set(values)
  drawNear(state, values)
  return BUILD_COST * mark.length
}

function drawNear(state: State, values: Float64Array): void {
  const { far, near } = state
  near.count = 0
  for (let k = 0; k < far.count; k++) {
    const distance = distanceOf(state, values, far.account[k])
    if (!(distance > NEAR_REACH)) addNear(state, far.account[k], distance)
  }
  state.nearBase.set(values)
  state.reach = 0
}

function judgeAll(state: State, values: Float64Array): void {
  const { account: all } = state.turned
  for (let i = 0; i < all.length && !state.hasPairs; i++) all[i] = i
  turnAll(state, state.hasPairs ? wrongPairs(state, values) : wrong(state, values, all, all.length))
}

// The loops below call and write no more than this: it makes them up to twice as fast.

/** Lists in `turned` the accounts of a list, which may be that, that are not marked rightly. */
function wrong(state: State, values: Float64Array, list: Uint32Array, count: number): number {
  const { book, hasPairs, mark, limit } = state
  const { slot, amount } = book
  const out = state.turned.account
  let n = 0
  for (let k = 0; k < count; k++) {
    const i = list[k]
    const sum = hasPairs ? twoLegs(slot, amount, values, 2 * i) : health(book, values, i)
    if (+(sum < limit) !== (mark[i] & BREACHED)) out[n++] = i
  }
  return n
}

/** The same over all accounts, unlisted; four at a time, as in `healthSweep`. */
function wrongPairs({ book, mark, limit, turned }: State, values: Float64Array): number {
  const { slot, amount } = book
  const out = turned.account
  const whole = mark.length - (mark.length % 4)
  let n = 0
  for (let i = 0; i < mark.length; i += 4) {
    if (
      i < whole &&
      (+(twoLegs(slot, amount, values, 2 * i) < limit) ^ (mark[i] & BREACHED)) === 0 &&
      (+(twoLegs(slot, amount, values, 2 * i + 2) < limit) ^ (mark[i + 1] & BREACHED)) === 0 &&
      (+(twoLegs(slot, amount, values, 2 * i + 4) < limit) ^ (mark[i + 2] & BREACHED)) === 0 &&
      (+(twoLegs(slot, amount, values, 2 * i + 6) < limit) ^ (mark[i + 3] & BREACHED)) === 0
    )
      continue
    for (let j = i; j < Math.min(i + 4, mark.length); j++)
      if (+(twoLegs(slot, amount, values, 2 * j) < limit) !== (mark[j] & BREACHED)) out[n++] = j
  }
  return n
}

// The sum of `health`: same operations, same order.
function twoLegs(slot: Uint16Array, amount: Float64Array, values: Float64Array, k: number): number {
  return amount[k] * values[slot[k]] + amount[k + 1] * values[slot[k + 1]]
}

function turnAll(state: State, count: number): void {
  for (let k = 0; k < count; k++) turn(state, state.turned.account[k])
  state.turned.count = count
}

function turn(state: State, account: number): void {
  state.mark[account] ^= BREACHED
  state.breached += (state.mark[account] & BREACHED) === 0 ? -1 : 1
}

function touch(state: State, account: number): boolean {
  const { book, mark, near, place, distance, last } = state
  const isBreached = health(book, last, account) < state.limit
  if (isBreached !== ((mark[account] & BREACHED) !== 0)) turn(state, account)
  if ((mark[account] & FAR) === 0 && !(distanceOf(state, state.farBase, account) > FAR_REACH))
    addFar(state, account)
  const own = distanceOf(state, state.nearBase, account)
  const at = place[account]
  if (at < near.count && near.account[at] === account) distance[at] = own
  else if (!(own > NEAR_REACH)) addNear(state, account, own)
  return isBreached
}

/** |H| / G less the guard; 0 when that cannot be trusted, Infinity when all legs are empty. */
function distanceOf({ book, guard }: State, values: Float64Array, account: number): number {
  const { start, slot, amount } = book
  const end = start[account + 1]
  let sum = 0
  let size = 0
  let units = 0
  for (let k = start[account]; k < end; k++) {
    const worth = amount[k] * values[slot[k]]
    sum += worth
    size += Math.abs(worth)
    units += Math.abs(amount[k])
  }
  if (size > TINY && size < HUGE) return Math.abs(sum) / size - guard
  return units === 0 ? Number.POSITIVE_INFINITY : 0
}

function addFar(state: State, account: number): void {
  state.mark[account] |= FAR
  state.far.account[state.far.count++] = account
}

function addNear(state: State, account: number, distance: number): void {
  const at = state.near.count++
  state.near.account[at] = account
  state.distance[at] = distance
  state.place[account] = at
}

// Lists are drawn in rising order; only accounts touched since stand at their end. `queue` sorts.
function sort({ turned: { account, count }, queue }: State): void {
  let sorted = 1
  while (sorted < count && account[sorted - 1] < account[sorted]) sorted++
  if (sorted >= count) return
  for (let k = 0; k < count; k++) queue.push(account[k], account[k])
  for (let k = 0; k < count; k++) account[k] = queue.popItem()
}

// What lies beyond the lists' counts, and the places of accounts outside, are never read.
function resetState(state: State, from: State | undefined): void {
  assert(from !== undefined && from.slots === state.slots, 'a watchlist resets from its own copies')
  state.mark.set(from.mark)
  state.farBase.set(from.farBase)
  state.nearBase.set(from.nearBase)
  state.last.set(from.last)
  state.far.count = from.far.count
  for (let k = 0; k < from.far.count; k++) state.far.account[k] = from.far.account[k]
  state.near.count = 0
  for (let k = 0; k < from.near.count; k++) addNear(state, from.near.account[k], from.distance[k])
  state.breached = from.breached
  state.reach = from.reach
  state.arrears = from.arrears
  state.rest = from.rest
  state.nextRest = from.nextRest
}
