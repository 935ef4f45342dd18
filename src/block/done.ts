/** What a settlement was, read from what it moved. */

import { ACCOUNTS, BIDDER, ITEMS, type Offers, POOL, RESERVE, type Settlement } from '../rules.ts'
import type { Stage } from './stage.ts'

/**
 * What a settlement was. `auction`: a lot was put up; `bid`: for one; `won`: it changed hands;
 * `sale`: of what the rules hold and no account owns; `takeover`: by a backstop; `deleveraged`: a
 * counterparty was made to close; `offset`: what it was made to close with.
 */
export type Kind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
export const KINDS = [
  'liquidation',
  'auction',
  'bid',
  'won',
  'call',
  'sale',
  'takeover',
  'deleveraged',
  'offset',
] as const

/** One settlement: what the recorder writes. Reused between calls. */
export interface Done {
  kind: Kind
  /** What the rules call the item: which auction. */
  item: number
  taker: number
  protocol: number
  account: number
  sells: number
  pays: number
  seized: number
  repaid: number
  repaidUsd: number
  proceedsUsd: number
  gwei: number
  gasUsd: number
  lostUsd: number
  generation: number
  /** What the taker paid of its own will, USD; NaN where the rules set the price. */
  bidUsd: number
}

/** Reads from the movements what the settlement was, and how much left the accounts. */
export function describe(
  { opening, mids }: Stage,
  list: Offers,
  offer: number,
  moved: Settlement,
  done: Done,
): void {
  done.item = list.own[offer]
  done.sells = lotOf(list.sells[offer], moved)
  done.pays = list.pays[offer]
  done.seized = moved.seized
  done.repaid = moved.repaid
  const isOwned = list.account[offer] >= 0
  if (isOwned) describeOwned(moved, done, list.amount[offer] === 0)
  else describeSale(moved, done)
  // Debt counts at opening prices; what buys from the rules themselves is a payment of today.
  done.repaidUsd = done.repaid * (isOwned ? opening : mids)[list.pays[offer]]
}

/** What left the account: of the listed asset, or, where a reward is listed, the lot put up. */
function lotOf(sells: number, moved: Settlement): number {
  const { from, to, asset, count } = moved.moves
  let lot = -1
  for (let m = 0; m < count; m++) {
    if (from[m] !== ACCOUNTS || (to[m] !== ITEMS && to[m] !== POOL)) continue
    if (asset[m] === sells) return sells
    if (lot < 0) lot = asset[m]
  }
  return lot < 0 || moved.seized > 0 ? sells : lot
}

function describeOwned(moved: Settlement, done: Done, isCall: boolean): void {
  const { sells, pays } = done
  const { from, to, asset, amount, count } = moved.moves
  let kind: Kind = 4
  let byReserve = 0
  for (let m = 0; m < count; m++) {
    const isTaken = from[m] === ACCOUNTS && (to[m] === ITEMS || to[m] === POOL)
    const isPaid = to[m] === ACCOUNTS && (from[m] === ITEMS || from[m] === POOL)
    if (isTaken || (from[m] === ITEMS && to[m] === BIDDER))
      done.seized += asset[m] === sells ? amount[m] : 0
    else if (isPaid && asset[m] === pays) done.repaid += amount[m]
    else if (from[m] === RESERVE && to[m] === ACCOUNTS && asset[m] === pays) byReserve += amount[m]
    if (isTaken && to[m] === ITEMS && moved.seized === 0) kind = 1
    // Who calls for an auction may stand bond for it.
    else if (from[m] === BIDDER && to[m] === ITEMS) kind = isCall ? 1 : 2
    else if (from[m] === ITEMS && to[m] === BIDDER) kind = 3
  }
  // Reserves that pay the debt take the collateral in return; alone, they only bear a loss.
  if (kind === 1 || moved.seized > 0) done.repaid += byReserve
  done.kind = kind === 4 && (done.seized > 0 || done.repaid > 0) ? 0 : kind
}

function describeSale(moved: Settlement, done: Done): void {
  const { sells, pays } = done
  const { from, to, asset, amount, count } = moved.moves
  for (let m = 0; m < count; m++) {
    if (to[m] === BIDDER && asset[m] === sells) done.seized += amount[m]
    if (from[m] === BIDDER && asset[m] === pays) done.repaid += amount[m]
  }
  done.kind = done.seized > 0 ? 5 : 4
}

/** Units in escrow from now on: a bid that waits for its lot, or a bond. */
export function escrowed(kind: Kind, pays: number, { moves }: Settlement): number {
  if (kind !== 1 && kind !== 2) return 0
  const { from, to, asset, amount, count } = moves
  let units = 0
  for (let m = 0; m < count; m++)
    if (from[m] === BIDDER && to[m] === ITEMS && asset[m] === pays) units += amount[m]
  return units
}

/** By kind: whether the taker got collateral. */
export const WINS = KINDS.map((kind) => kind === 'liquidation' || kind === 'won' || kind === 'sale')

/** A settlement to be described; halves, so that it holds doubles from the start. */
export function emptyDone(): Done {
  return {
    kind: 0,
    item: 0,
    taker: 0,
    protocol: 0,
    account: 0,
    sells: 0,
    pays: 0,
    seized: 0.5,
    repaid: 0.5,
    repaidUsd: 0.5,
    proceedsUsd: 0.5,
    gwei: 0.5,
    gasUsd: 0.5,
    lostUsd: 0.5,
    generation: 0,
    bidUsd: 0.5,
  }
}
