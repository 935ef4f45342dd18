/** Auctions under way, as columns: what `makerFlip` holds beside its book. */

import type { Items } from '../rules.ts'

/**
 * Running auctions in no order that means anything: the last takes the place of one that ends.
 *
 * Shape: `place` has one entry per auction ever started, by its id: its row in the other columns,
 *        or -1 once it ended. The other columns have `count` valid rows.
 * Units: `lot` in units of `asset`; `debt`, `tab` and `bid` in DAI; times in seconds since the
 *        opening.
 */
export interface FlipAuctions extends Items {
  count: number
  readonly place: number[]
  readonly id: number[]
  /** Whose vault was bitten. */
  readonly account: number[]
  readonly asset: number[]
  readonly lot: number[]
  /** What the vault owed for the lot, and what the auction asks: with the penalty. */
  readonly debt: number[]
  readonly tab: number[]
  /** The standing bid, in escrow, and the taker who made it; 0 and -1 before the first. */
  readonly bid: number[]
  readonly leader: number[]
  /** When the standing bid wins, and when the auction ends; Infinity before the first bid. */
  readonly bidEnds: number[]
  readonly ends: number[]
  copy(): FlipAuctions
  reset(from: FlipAuctions): void
}

/** No auction yet. */
export function noAuctions(): FlipAuctions {
  const columns = emptyColumns()
  const self: FlipAuctions = {
    count: 0,
    ...columns,
    copy() {
      const other = noAuctions()
      other.reset(self)
      return other
    },
    reset(from) {
      self.count = from.count
      for (const name of COLUMNS) refill(columns[name], from[name])
    },
  }
  return self
}

/** Starts an auction without a bid. */
export function start(
  auctions: FlipAuctions,
  account: number,
  asset: number,
  lot: number,
  debt: number,
  tab: number,
  ends: number,
): void {
  const row = auctions.count++
  auctions.id[row] = auctions.place.push(row) - 1
  auctions.account[row] = account
  auctions.asset[row] = asset
  auctions.lot[row] = lot
  auctions.debt[row] = debt
  auctions.tab[row] = tab
  auctions.bid[row] = 0
  auctions.leader[row] = -1
  auctions.bidEnds[row] = Number.POSITIVE_INFINITY
  auctions.ends[row] = ends
}

/** Takes an auction off the list. */
export function finish(auctions: FlipAuctions, row: number): void {
  const last = --auctions.count
  auctions.place[auctions.id[row]] = -1
  if (row === last) return
  for (const name of ROWS) auctions[name][row] = auctions[name][last]
  auctions.place[auctions.id[row]] = row
}

/** The last moment before which bids are taken, and after which the auction is over. */
export function closing(auctions: FlipAuctions, row: number): number {
  return Math.min(auctions.bidEnds[row], auctions.ends[row])
}

const ROWS = [
  'id',
  'account',
  'asset',
  'lot',
  'debt',
  'tab',
  'bid',
  'leader',
  'bidEnds',
  'ends',
] as const
const COLUMNS = ['place', ...ROWS] as const

function emptyColumns(): Record<(typeof COLUMNS)[number], number[]> {
  return {
    place: [],
    id: [],
    account: [],
    asset: [],
    lot: [],
    debt: [],
    tab: [],
    bid: [],
    leader: [],
    bidEnds: [],
    ends: [],
  }
}

function refill(column: number[], from: readonly number[]): void {
  column.length = from.length
  for (let i = 0; i < from.length; i++) column[i] = from[i]
}
