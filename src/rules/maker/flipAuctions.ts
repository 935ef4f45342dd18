/** Flip's auctions under way, as columns. */

import { type Auctions, auctionColumns, closeRow, openRow } from './auctions.ts'

/**
 * English auctions.
 *
 * Units: `lot` in units of `asset`; `debt`, `tab` and `bid` in DAI; times in seconds since the
 *        opening.
 */
export interface FlipAuctions extends Auctions {
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
}

/** No auction yet. */
export function noAuctions(): FlipAuctions {
  return auctionColumns(COLUMNS)
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
  const row = openRow(auctions, asset, tab)
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
  auctions.tabs[auctions.asset[row]] -= auctions.tab[row]
  closeRow(auctions, COLUMNS, row)
}

/** The last moment before which bids are taken, and after which the auction is over. */
export function closing(auctions: FlipAuctions, row: number): number {
  return Math.min(auctions.bidEnds[row], auctions.ends[row])
}

const COLUMNS = [
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
