/** Accounts with two legs in the order in which one ratio of values turns them. */

import type { AccountList } from './accountList.ts'
import type { Book } from './book.ts'
import { edgeOf, ratioOf, spreadOf } from './edges.ts'
import type { Kind } from './kinds.ts'

/**
 * Where each account of a kind turns, seen from one base.
 *
 * Law: what `turning` lists holds everybody whose health changes its sign between two values.
 */
export interface Band {
  /** Draws everybody at new base values; false where somebody's edge cannot be trusted. */
  draw(values: Float64Array): boolean
  /** Whether moves to these values can be followed, and that is cheaper than to draw anew. */
  follows(values: Float64Array): boolean
  /** Lists whom a move could turn, each once; what was there is overwritten. */
  turning(from: Float64Array, to: Float64Array, out: AccountList): void
  /** Puts an account where it now belongs, after a write; false where its edge is not trusted. */
  move(account: number): boolean
  reset(from: Band): void
}

/**
 * A band that is not drawn yet.
 *
 * Rule:  accounts stand on shelves by e, with e beside each. Whoever is written to since is taken
 *        from there into a list without order, read but for the parts of it that are elsewhere.
 *        When it has cost as much as drawing the band, that is done.
 * Shape: all members have two legs, in the two slots of the kind. `at` and `hasMoved` have an
 *        entry for every account of the book; bands of other kinds may share them.
 */
export function bandOf(
  book: Book,
  kind: Kind,
  guard: number,
  at: Uint32Array,
  hasMoved: Uint8Array,
): Band {
  const state = columnsOf(book, kind, guard, at, hasMoved)
  const { base } = state
  const self: Stateful = {
    state,
    draw: (values) => draw(state, values),
    follows: (values) =>
      state.cost < DRAW_COST * kind.members.length &&
      spreadOf(kind.slots, base, values) < Number.POSITIVE_INFINITY,
    turning(from, to, out) {
      const [a, b] = [ratioOf(kind.slots, base, from), ratioOf(kind.slots, base, to)]
      list(state, Math.min(a, b) - 2 * guard, Math.max(a, b) + 2 * guard, out)
    },
    move(account) {
      const edge = edgeOf(book, base, account, kind.slots[0])
      // Nothing but another write turns an account whose legs are empty.
      if (edge === Number.POSITIVE_INFINITY && hasMoved[account] === 0) return true
      if (hasMoved[account] === 0) join(state, account)
      place(state, at[account], edge)
      return !Number.isNaN(edge)
    },
    reset: (from) => reset(state, (from as Stateful).state),
  }
  return self
}

type Stateful = Band & { readonly state: State }
type State = ReturnType<typeof columnsOf>

function columnsOf(book: Book, kind: Kind, guard: number, at: Uint32Array, hasMoved: Uint8Array) {
  const { length } = kind.members
  return {
    book,
    kind,
    guard,
    /** By account: whether it stands no more, and where it then is among those who have moved. */
    hasMoved,
    at,
    base: new Float64Array(1 + kind.slots.reduce((most, slot) => Math.max(most, slot), 0)),
    /** By rising shelf, in no order on one. */
    account: new Uint32Array(length),
    edge: new Float64Array(length),
    ends: new Uint32Array(SHELVES),
    moved: new Uint32Array(length),
    movedEdge: new Float64Array(length),
    /** Bounds of the edges of each CHUNK of them. */
    chunkLeast: new Float64Array(Math.ceil(length / CHUNK)),
    chunkMost: new Float64Array(Math.ceil(length / CHUNK)),
    movedCount: 0,
    /** How many of those who have moved were read since the band was drawn. */
    cost: 0,
  }
}

function draw(state: State, values: Float64Array): boolean {
  const { book, kind, base, account, edge, ends, hasMoved } = state
  const { slots, members } = kind
  base.set(values.subarray(0, base.length))
  state.movedCount = state.cost = 0
  ends.fill(0)
  if (slots.some((slot) => values[slot] === 0)) return false
  if (edges.length < members.length) edges = new Float64Array(members.length)
  for (let k = 0; k < members.length; k++) {
    edges[k] = edgeOf(book, values, members[k], slots[0])
    if (Number.isNaN(edges[k])) return false
    ends[shelfOf(edges[k])]++
  }
  let sum = 0
  for (let shelf = 0; shelf < SHELVES; shelf++) {
    sum += ends[shelf]
    ends[shelf] = sum - ends[shelf]
  }
  for (let k = 0; k < members.length; k++) {
    const to = ends[shelfOf(edges[k])]++
    account[to] = members[k]
    edge[to] = edges[k]
    hasMoved[members[k]] = 0
  }
  return true
}

function list(state: State, least: number, most: number, out: AccountList): void {
  const { account, edge, ends, hasMoved, moved, movedEdge, movedCount, chunkLeast, chunkMost } =
    state
  const into = out.account
  let n = 0
  const first = shelfOf(least)
  for (let k = first === 0 ? 0 : ends[first - 1], upTo = ends[shelfOf(most)]; k < upTo; k++)
    if (edge[k] >= least && edge[k] <= most && hasMoved[account[k]] === 0) into[n++] = account[k]
  for (let at = 0, c = 0; at < movedCount; at += CHUNK, c++) {
    state.cost++
    if (chunkLeast[c] > most || chunkMost[c] < least) continue
    const end = Math.min(at + CHUNK, movedCount)
    for (let k = at; k < end; k++)
      if (movedEdge[k] >= least && movedEdge[k] <= most) into[n++] = moved[k]
    state.cost += end - at
  }
  out.count = n
}

/** Writes the edge of one that has moved; those who move together turn close to each other. */
function place({ movedEdge, chunkLeast, chunkMost }: State, at: number, edge: number): void {
  const c = Math.floor(at / CHUNK)
  movedEdge[at] = edge
  if (edge < chunkLeast[c]) chunkLeast[c] = edge
  if (edge > chunkMost[c]) chunkMost[c] = edge
}

function join(state: State, account: number): void {
  if (state.movedCount % CHUNK === 0) {
    state.chunkLeast[state.movedCount / CHUNK] = Number.POSITIVE_INFINITY
    state.chunkMost[state.movedCount / CHUNK] = Number.NEGATIVE_INFINITY
  }
  state.at[account] = state.movedCount
  state.hasMoved[account] = 1
  state.moved[state.movedCount++] = account
}

function reset(state: State, from: State): void {
  state.base.set(from.base)
  state.account.set(from.account)
  state.edge.set(from.edge)
  state.ends.set(from.ends)
  for (const member of state.kind.members) {
    state.hasMoved[member] = from.hasMoved[member]
    state.at[member] = from.at[member]
  }
  state.moved.set(from.moved)
  state.movedEdge.set(from.movedEdge)
  state.chunkLeast.set(from.chunkLeast)
  state.chunkMost.set(from.chunkMost)
  state.movedCount = from.movedCount
  state.cost = from.cost
}

/** The shelf of an e: from -1 to 1, narrow around 0; on the last who has empty legs. */
export function shelfOf(edge: number): number {
  const shelf = Math.floor((1 + edge / (Math.abs(edge) + NARROW)) * (SHELVES / 2))
  return shelf > 0 ? Math.min(SHELVES - 1, shelf) : edge > 0 ? SHELVES - 1 : 0
}

export const SHELVES = 4096
/** Most accounts stand within this of 0: half of all shelves are theirs. */
const NARROW = 1 / 16
/** What drawing an account costs, where reading one that has moved costs 1. Measured. */
const DRAW_COST = 32
/** How many of those who have moved are passed over at once. */
const CHUNK = 64
let edges = new Float64Array(0)
