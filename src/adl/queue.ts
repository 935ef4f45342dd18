/** Deleveraging by rank: the highest give up all that they may, until nothing is needed. */

import { threefry } from '../math/random.ts'
import type { Policy, Standing, Winners } from './policy.ts'

/**
 * The exchange's queue: profit in percent times effective leverage.
 *
 * Rule:   score = PNL / entry value x notional / equity, each summed over a winner's positions. As
 *         the formula has it, who has less than no equity ranks last.
 * Source: BitMEX and Binance documentation of auto-deleveraging; T. Chitra, Autodeleveraging:
 *         impossibilities and optimization, arXiv 2512.01112, for the queue as a rule
 */
export function queue(): Policy {
  return {
    name: 'queue',
    isRanked: true,
    score: ({ profit, entryValue, notional, equity }) =>
      (profit / entryValue) * (notional / equity),
    weight: () => 1,
    allocate: (winners, need, _draw, taken) => takeHighest(winners, need, taken),
  }
}

/**
 * Hyperliquid's queue.
 *
 * Rule:    score = mark / entry x notional / account value; for a short entry / mark.
 * Source:  Hyperliquid documentation, trading/auto-deleveraging
 * Assumes: that a short's profit counts as a long's does: the documentation writes one ratio.
 */
export function hyperliquid(): Policy {
  return { ...queue(), name: 'hyperliquid', score: scoreOnHyperliquid }
}

function scoreOnHyperliquid({ side, mark, entry, notional, equity }: Standing): number {
  return (side > 0 ? mark / entry : entry / mark) * (notional / equity)
}

/**
 * dYdX's order: the list of accounts from a pseudo-random start.
 *
 * Source: dydxprotocol/v4-chain, protocol/x/clob/keeper/deleveraging.go, commit 84d4664b
 */
export function dydx(): Policy {
  return {
    name: 'dydx',
    isRanked: false,
    score: () => 0,
    weight: () => 1,
    allocate({ count, cap }, need, draw, taken) {
      let left = need
      for (let n = 0; n < count; n++) taken[n] = 0
      const start = Math.floor(draw * count)
      for (let k = 0; k < count && left > 0; k++) {
        const n = (start + k) % count
        taken[n] = Math.min(cap[n], left)
        left -= taken[n]
      }
      return need - left
    },
  }
}

/**
 * Takes of the highest scores first, ties by account, without sorting: parts that are certainly
 * taken or left are never looked into.
 *
 * Law: what is taken depends on who takes part in it alone: whoever gets nothing may stay away, to
 *      the last bit; but where caps add up to the need but for rounding, whose turn is last may
 *      depend on the others.
 */
function takeHighest(winners: Winners, need: number, taken: number[]): number {
  const { count, cap } = winners
  if (rows.length < count) rows = new Uint32Array(2 * count)
  for (let n = 0; n < count; n++) {
    rows[n] = n
    taken[n] = 0
  }
  let [from, upTo, left] = [0, count, need]
  while (from < upTo && left > 0) {
    const middle = partition(winners, from, upTo)
    let above = 0
    for (let k = from; k < middle; k++) above += cap[rows[k]]
    if (above > left && middle - from > 1) upTo = middle
    else {
      for (let k = from; k < middle; k++) taken[rows[k]] = 1
      left -= above
      from = middle
    }
  }
  return takeMarked(winners, need, from === 0 ? -1 : rows[from - 1], taken)
}

/** Takes all of who is marked, and of the last of them what is left; sums in the order of rows. */
function takeMarked({ count, cap }: Winners, need: number, last: number, taken: number[]): number {
  let left = need
  for (let n = 0; n < count; n++) {
    if (taken[n] === 0 || n === last) continue
    taken[n] = cap[n]
    left -= cap[n]
  }
  if (last < 0) return 0
  taken[last] = Math.min(cap[last], Math.max(0, left))
  return need - (left - taken[last])
}

/** Puts those at or above a pivot first; returns where the others begin. At least one is above. */
function partition(winners: Winners, from: number, upTo: number): number {
  // Rows drawn by the part itself: fixed ones are bad pivots where scores rise and then fall.
  threefry(from, upTo, 0, 0, drawn)
  const a = rows[from + (drawn[0] % (upTo - from))]
  const b = rows[from + (drawn[1] % (upTo - from))]
  const pivot = medianOf(winners, a, b, rows[(from + upTo) >> 1])
  const { score, account } = winners
  const [least, last] = [score[pivot], account[pivot]]
  let at = from
  for (let k = from; k < upTo; k++) {
    const row = rows[k]
    if (score[row] < least || (score[row] === least && account[row] > last)) continue
    rows[k] = rows[at]
    rows[at++] = row
  }
  // All of them are at or above the lowest: then only the highest goes first.
  if (at === upTo) return bringHighest(winners, from, upTo)
  return at
}

function bringHighest(winners: Winners, from: number, upTo: number): number {
  let best = from
  for (let k = from + 1; k < upTo; k++) if (isBefore(winners, rows[k], rows[best])) best = k
  const row = rows[from]
  rows[from] = rows[best]
  rows[best] = row
  return from + 1
}

function medianOf(of: Winners, a: number, b: number, c: number): number {
  if (isBefore(of, a, b)) return isBefore(of, b, c) ? b : isBefore(of, a, c) ? c : a
  return isBefore(of, a, c) ? a : isBefore(of, b, c) ? c : b
}

function isBefore({ score, account }: Winners, a: number, b: number): boolean {
  return score[a] > score[b] || (score[a] === score[b] && account[a] < account[b])
}

let rows = new Uint32Array(0)
const drawn = new Uint32Array(2)
