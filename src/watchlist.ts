/** Who is liquidatable now: exactly the accounts of a full scan, found without one. */

import { type AccountList, accountList, sortByRow } from './accountList.ts'
import { bandOf } from './bands.ts'
import { accountsOf, type Book, health } from './book.ts'
import { distanceOf, isPair, isUnmoved, reachOf, spreadOf } from './edges.ts'
import { assert } from './errors.ts'
import { type Kinds, kindsOf } from './kinds.ts'
import type { Rules } from './rules.ts'
import { type Group, groupOf, NEAR_SPREAD, REST_LEAST, resetGroup } from './watchGroup.ts'

/**
 * Watches the health of every account of one book.
 *
 * Law: after `look(values)`, `isBreached(i)` is what a full scan with `health` says, for every
 *      account, whatever the values did and whatever was touched.
 */
export interface Watchlist {
  /**
   * Looks at new slot values. Lists the accounts that became breached and those that recovered
   * since the last look (or touch), each in the order of their rows. Both lists are emptied first
   * and must have room for every account.
   */
  look(values: Float64Array, fallen: AccountList, risen: AccountList): void
  /**
   * Judges one account again after a write to its legs, at the values of the last look, and returns
   * whether it is breached. O(its legs).
   */
  touch(account: number): boolean
  /** The same for several accounts, each once; lists in their order who is breached. */
  touchAll(accounts: AccountList, breached: AccountList): void
  isBreached(account: number): boolean
  /** How many are breached now. */
  breached(): number
  /** The same state over a copy of the book; it shares nothing that changes. */
  copy(book: Book): Watchlist
  /** Takes over the state of a copy, whose book must be in the state of the other's book. */
  reset(from: Watchlist): void
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
 *         Where all accounts of a kind have two legs, one ratio moves them all: with legs p and q
 *         whose values have moved by P and Q, an account turns where (Q - P) / (Q + P) passes
 *         e = H / G x the sign of its worth in p. All stand in a band by e, from one base, and
 *         only who lies between the last and this look is judged.
 * Units:  values in USD per scaled unit; they may be negative.
 * Shape:  `values` has one entry per slot; `row` as of the protocol.
 */
export function watchlistFrom(
  book: Book,
  edge: Rules['edge'],
  values: Float64Array,
  { kinds, of }: Kinds = kindsOf(book),
  row: Uint32Array | null = null,
): Watchlist {
  const mostLegs = book.start.reduce((most, end, i, start) => Math.max(most, end - start[i - 1]))
  const columns = emptyColumns(accountsOf(book), values.length)
  const guard = 16 * (mostLegs + 4) * (Number.EPSILON / 2)
  const state: State = {
    book,
    row,
    limit: edge === 'below' ? 0 : Number.MIN_VALUE,
    guard,
    hasPairs: book.start.every((first, account) => first === 2 * account),
    kindOf: of,
    groups: kinds.map((kind) => {
      const band = isPair(book, kind)
        ? bandOf(book, kind, guard, columns.place, columns.hasMoved)
        : null
      return groupOf(kind, band, values.length, columns.place)
    }),
    ...columns,
    breached: 0,
  }
  state.last.set(values)
  for (const group of state.groups) build(state, group, values)
  return watchlist(state)
}

/** How far they may have spread between the base of the far list and that of the near list. */
const FAR_SPREAD = 1.077
const FAR_REACH = reachOf(NEAR_SPREAD * FAR_SPREAD)

// Costs per account, measured, where a full scan costs 1 and reading a distance too.
const BUILD_COST = 7
const JUDGE_COST = 5
/** Full scans' worth that lists may waste, before they rest for a number of looks. */
const ARREARS_MAX = 14
const REST_MOST = 512

// Bits of `mark`. FAR: is in `far`, of a group without a band.
const BREACHED = 1
const FAR = 2

interface State extends ReturnType<typeof emptyColumns> {
  readonly book: Book
  readonly row: Uint32Array | null
  /** Breached means health < limit: 0, or the least positive number when 0 itself is breached. */
  readonly limit: number
  readonly guard: number
  /** Whether every account has two legs: then `start` need not be read. */
  readonly hasPairs: boolean
  /** By account, its group. */
  readonly kindOf: Uint8Array
  readonly groups: readonly Group[]
  breached: number
}

function emptyColumns(accounts: number, slots: number) {
  return {
    mark: new Uint8Array(accounts),
    /** Where an account stands on the shelves of its group, or among the moved of its band. */
    place: new Uint32Array(accounts),
    /** Whether it was written to since the band of its group was drawn. */
    hasMoved: new Uint8Array(accounts),
    /** Accounts that changed side in the present look. */
    turned: accountList(accounts),
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
    touchAll: (accounts, breached) => touchAll(state, accounts, breached),
    isBreached: (account) => (state.mark[account] & BREACHED) !== 0,
    breached: () => state.breached,
    copy(book) {
      const columns = emptyColumns(state.mark.length, state.last.length)
      const { length } = state.last
      const groups = state.groups.map(({ kind, band }) => {
        const own =
          band === null ? null : bandOf(book, kind, state.guard, columns.place, columns.hasMoved)
        return groupOf(kind, own, length, columns.place)
      })
      const copy = { ...state, ...columns, groups, book }
      resetState(copy, state)
      return watchlist(copy)
    },
    reset: (from) => resetState(state, (from as Partial<Stateful>).state),
  }
}

function look(state: State, values: Float64Array, fallen: AccountList, risen: AccountList): void {
  const { mark, turned, groups } = state
  turned.count = fallen.count = risen.count = 0
  for (let g = 0; g < groups.length; g++) {
    const group = groups[g]
    if (isUnmoved(group.kind.slots, state.last, values)) continue
    if (group.rest > 0) {
      group.rest--
      judgeAll(state, group, values)
    } else keepCost(group, judgeFollowed(state, group, values))
  }
  state.last.set(values)
  // Lists are drawn by shelf, and groups one after another.
  sortByRow(turned, state.row)
  for (let k = 0; k < turned.count; k++) {
    const account = turned.account[k]
    if ((mark[account] & BREACHED) !== 0) fallen.account[fallen.count++] = account
    else risen.account[risen.count++] = account
  }
}

/** Judges every account that could have changed side, and returns the cost. */
function judgeFollowed(state: State, group: Group, values: Float64Array): number {
  const { kind, nearBase, farBase, isBanded, isDrawn } = group
  if (!isDrawn) return build(state, group, values)
  if (isBanded) return scanBand(state, group, values)
  const spread = spreadOf(kind.slots, nearBase, values)
  if (spread <= NEAR_SPREAD) return scanNear(state, group, values, reachOf(spread))
  if (spreadOf(kind.slots, farBase, values) > FAR_SPREAD) return build(state, group, values)
  return narrow(state, group, values)
}

/**
 * When everybody is at the edge, or values jump in every block, lists cost more than full scans.
 * Then they rest, and are built anew after it. If that does not pay soon, they rest twice as long.
 */
function keepCost(group: Group, cost: number): void {
  const accounts = group.kind.members.length
  group.arrears = Math.max(0, group.arrears + cost - accounts)
  if (group.arrears === 0) group.nextRest = REST_LEAST
  if (group.arrears < ARREARS_MAX * accounts) return
  group.arrears = (ARREARS_MAX - BUILD_COST) * accounts
  group.rest = group.nextRest
  group.nextRest = Math.min(2 * group.nextRest, REST_MOST)
  group.isDrawn = false
}

/** Judges the near accounts that this spread, or that of the last look, could turn. */
function scanNear(state: State, group: Group, values: Float64Array, reach: number): number {
  // What the last look turned may turn back now, though the spread has become smaller.
  const count = group.near.upTo(Math.max(reach, group.reach))
  group.reach = reach
  if (count > 0) judge(state, values, group.near.list.account, 0, count)
  return JUDGE_COST * count
}

/** Judges the accounts of a band that the move from the last look to this one could turn. */
function scanBand(state: State, group: Group, values: Float64Array): number {
  const { far } = group
  const band = group.band!
  if (!band.follows(values)) return build(state, group, values)
  band.turning(state.last, values, far)
  judge(state, values, far.account, 0, far.count)
  return JUDGE_COST * far.count
}

/** Draws the near list from the far list, at new base values. */
function narrow(state: State, group: Group, values: Float64Array): number {
  const { count, account } = group.far
  judge(state, values, account, 0, count)
  drawNear(state, group, values)
  return 2 * JUDGE_COST * count
}

/** Judges every account and draws the band, or both lists, at new base values. */
function build(state: State, group: Group, values: Float64Array): number {
  judgeAll(state, group, values)
  group.isDrawn = true
  group.isBanded = group.band?.draw(values) ?? false
  if (!group.isBanded) drawLists(state, group, values)
  return BUILD_COST * group.kind.members.length
}

function drawLists(state: State, group: Group, values: Float64Array): void {
  const { mark } = state
  const { members } = group.kind
  group.far.count = 0
  for (let k = 0; k < members.length; k++) {
    const i = members[k]
    mark[i] &= ~FAR
    if (!(distanceOf(state.book, values, i, state.guard) > FAR_REACH)) addFar(state, group, i)
  }
  group.farBase.set(values)
  drawNear(state, group, values)
}

function drawNear({ book, guard }: State, group: Group, values: Float64Array): void {
  group.near.fill(group.far, (account) => distanceOf(book, values, account, guard))
  group.nearBase.set(values)
  group.reach = 0
}

function judgeAll(state: State, group: Group, values: Float64Array): void {
  judge(state, values, group.kind.members, 0, group.kind.members.length)
}

/** Turns the accounts of a part of a list that are not marked rightly. */
function judge(state: State, values: Float64Array, list: Uint32Array, from: number, upTo: number) {
  const { turned } = state
  const before = turned.count
  turned.count = wrong(state, values, list, from, upTo)
  for (let k = before; k < turned.count; k++) turn(state, turned.account[k])
}

// The loops below call and write no more than this: it makes them up to twice as fast.

/** Adds to `turned` the accounts of a part of a list that are not marked rightly. */
function wrong(
  state: State,
  values: Float64Array,
  list: Uint32Array,
  from: number,
  upTo: number,
): number {
  const { book, hasPairs, mark, limit } = state
  const { slot, amount } = book
  const out = state.turned.account
  let n = state.turned.count
  // The write always happens, the counter moves only for who is marked wrongly.
  if (hasPairs)
    for (let k = from; k < upTo; k++) {
      const i = list[k]
      out[n] = i
      n += +(twoLegs(slot, amount, values, 2 * i) < limit) ^ (mark[i] & BREACHED)
    }
  else
    for (let k = from; k < upTo; k++) {
      const i = list[k]
      out[n] = i
      n += +(health(book, values, i) < limit) ^ (mark[i] & BREACHED)
    }
  return n
}

// The sum of `health`: same operations, same order.
function twoLegs(slot: Uint16Array, amount: Float64Array, values: Float64Array, k: number): number {
  return amount[k] * values[slot[k]] + amount[k + 1] * values[slot[k + 1]]
}

function turn(state: State, account: number): void {
  state.mark[account] ^= BREACHED
  state.breached += (state.mark[account] & BREACHED) === 0 ? -1 : 1
}

function touch(state: State, account: number): boolean {
  const { book, mark, last } = state
  const isBreached = health(book, last, account) < state.limit
  if (+isBreached !== (mark[account] & BREACHED)) turn(state, account)
  put(state, state.groups[state.kindOf[account]], account)
  return isBreached
}

function touchAll(state: State, { account, count }: AccountList, breached: AccountList): void {
  const { last, mark, groups, kindOf, turned } = state
  turned.count = 0
  judge(state, last, account, 0, count)
  breached.count = 0
  for (let n = 0; n < count; n++) {
    const i = account[n]
    put(state, groups[kindOf[i]], i)
    if ((mark[i] & BREACHED) !== 0) breached.account[breached.count++] = i
  }
}

/** Puts an account where it now belongs. What cannot be trusted is judged always, by distance. */
function put(state: State, group: Group, account: number): void {
  const { book, guard, mark } = state
  const { farBase, nearBase, near, band } = group
  if (!group.isDrawn) return
  if (group.isBanded) {
    group.isBanded = band!.move(account)
    if (!group.isBanded) drawLists(state, group, state.last)
    return
  }
  const isListed = (mark[account] & FAR) !== 0
  if (!isListed && !(distanceOf(book, farBase, account, guard) > FAR_REACH))
    addFar(state, group, account)
  near.put(account, distanceOf(book, nearBase, account, guard))
}

function addFar(state: State, { far }: Group, account: number): void {
  state.mark[account] |= FAR
  far.account[far.count++] = account
}

// What lies beyond the lists' counts, and the places of accounts outside, are never read.
function resetState(state: State, from: State | undefined): void {
  assert(
    from !== undefined && from.kindOf === state.kindOf,
    'a watchlist resets from its own copies',
  )
  state.mark.set(from.mark)
  state.last.set(from.last)
  state.breached = from.breached
  for (let g = 0; g < state.groups.length; g++) resetGroup(state.groups[g], from.groups[g])
}
