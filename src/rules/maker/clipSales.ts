/** Purchases from running auctions, and their restart: Clip's take and redo. */

import type { Moment } from '../../moment.ts'
import {
  BIDDER,
  type Bid,
  BORROWERS,
  ITEMS,
  LENDERS,
  type Moves,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
} from '../../rules.ts'
import { ask } from './auctions.ts'
import {
  type ClipAuctions,
  endSale,
  fallen,
  isBelowLevel,
  isSpent,
  leastLeft,
  rewardFor,
} from './clipAuctions.ts'
import type { MakerClipSpec } from './clipParameters.ts'
import { REMAINDER } from './vault.ts'

/** `Offers.other` of what concerns an auction. 0 and 1 are left to the barks. */
const TAKE = 2
const REDO = 3

/** Appends one offer for every auction that sells or may be restarted. */
export function listSales(of: MakerClipSpec, protocol: Protocol, at: Moment, out: Offers): void {
  const auctions = protocol.items as ClipAuctions
  for (let row = 0; row < auctions.count; row++)
    if (isSpent(of, auctions, row, at.atSeconds)) listRedo(of, protocol, auctions, row, out)
    else listTake(of, protocol, auctions, row, at.atSeconds, out)
}

function listTake(
  of: MakerClipSpec,
  { book }: Protocol,
  auctions: ClipAuctions,
  row: number,
  now: number,
  out: Offers,
): void {
  const account = auctions.account[row]
  const sells = auctions.asset[row]
  if (!isBelowLevel(of, auctions, sells, 3)) return
  const price = priceAt(of, auctions, row, now)
  const cost = Math.min(auctions.tab[row], auctions.lot[row] * price)
  const lot = unitsFor(auctions, row, price)
  const version = book.version[account]
  pushOffer(out, account, sells, lot, of.dai, cost, version, auctions.id[row], TAKE, of.gas.take)
}

function listRedo(
  of: MakerClipSpec,
  protocol: Protocol,
  auctions: ClipAuctions,
  row: number,
  out: Offers,
): void {
  const { book, prices } = protocol
  const account = auctions.account[row]
  const asset = auctions.asset[row]
  if (!(isBelowLevel(of, auctions, asset, 2) && prices[asset] > 0)) return
  const reward = redoReward(of, auctions, row, prices[asset])
  const isPaid = reward > 0
  const sells = isPaid ? of.dai : asset
  const put = isPaid ? 0 : auctions.lot[row]
  const version = book.version[account]
  const id = auctions.id[row]
  pushOffer(out, account, sells, reward, of.dai, 0, version, id, REDO, of.gas.redo, -1, 0, put)
}

function priceAt(of: MakerClipSpec, auctions: ClipAuctions, row: number, now: number): number {
  return auctions.top[row] * fallen(of, now - auctions.since[row])
}

/** The most units that are sold: all, or what the tab needs. */
function unitsFor({ lot, tab }: ClipAuctions, row: number, price: number): number {
  return lot[row] * price > tab[row] ? tab[row] / price : lot[row]
}

/** Nothing for a remainder that is dust by debt or by worth. */
function redoReward(
  of: MakerClipSpec,
  { tab, lot }: ClipAuctions,
  row: number,
  price: number,
): number {
  const least = leastLeft(of)
  return tab[row] >= least && lot[row] * price >= least ? rewardFor(of, tab[row]) : 0
}

/** Settles what concerns a running auction. */
export function settleSale(
  of: MakerClipSpec,
  protocol: Protocol,
  offers: Offers,
  offer: number,
  bid: Bid,
  moves: Moves,
): Reason {
  const auctions = protocol.items as ClipAuctions
  const row = auctions.place[offers.own[offer]]
  if (row === undefined || row < 0) return 'stale'
  if (bid.taker < 0) return 'nothing'
  const isTake = offers.other[offer] === TAKE
  if (!isBelowLevel(of, auctions, auctions.asset[row], isTake ? 3 : 2)) return 'paused'
  if (isTake === isSpent(of, auctions, row, bid.atSeconds)) return 'stale'
  if (isTake) return take(of, protocol, auctions, row, bid, moves)
  return redo(of, protocol, auctions, row, bid.atSeconds, moves)
}

/** Sells at the price of the moment; a part may not leave less than `leastLeft`. */
function take(
  of: MakerClipSpec,
  protocol: Protocol,
  auctions: ClipAuctions,
  row: number,
  bid: Bid,
  moves: Moves,
): Reason {
  const price = priceAt(of, auctions, row, bid.atSeconds)
  const { lot, tab, asset, raised } = auctions
  const most = unitsFor(auctions, row, price)
  const isWhole = bid.amount >= most * (1 - REMAINDER)
  let slice = isWhole ? most : bid.amount
  let owe = isWhole ? Math.min(tab[row], lot[row] * price) : slice * price
  if (!(slice > 0)) return 'nothing'
  const least = leastLeft(of)
  let left = tab[row] - owe
  if (!isWhole && left < least) {
    if (tab[row] <= least) return 'dust'
    left = least
    owe = tab[row] - least
    slice = owe / price
  }
  lot[row] -= slice
  tab[row] = left
  raised[row] += owe
  ask(auctions, asset[row], -owe)
  pushMove(moves, of.dai, BIDDER, ITEMS, owe)
  pushMove(moves, asset[row], ITEMS, BIDDER, slice)
  if (lot[row] === 0 || tab[row] === 0) close(of, protocol, auctions, row, moves)
  if (of.holeUsd !== undefined || of.totalHoleUsd !== undefined) auctions.stamp++
  return 0
}

/** Of what was raised, more than the debt is the reserve's; what it lacks is bad debt. */
function close(
  of: MakerClipSpec,
  { badDebt }: Protocol,
  auctions: ClipAuctions,
  row: number,
  moves: Moves,
): void {
  const left = auctions.lot[row]
  const over = auctions.raised[row] - auctions.debt[row]
  if (left > 0) pushMove(moves, auctions.asset[row], ITEMS, BORROWERS, left)
  if (over > 0) pushMove(moves, of.dai, ITEMS, RESERVE, over)
  if (over < 0) {
    badDebt[of.dai] -= over
    pushMove(moves, of.dai, LENDERS, ITEMS, -over)
  }
  endSale(auctions, row)
}

/** Starts again from the price of now. */
function redo(
  of: MakerClipSpec,
  { prices }: Protocol,
  auctions: ClipAuctions,
  row: number,
  now: number,
  moves: Moves,
): Reason {
  const price = prices[auctions.asset[row]]
  if (!(price > 0)) return 'nothing'
  auctions.top[row] = price * (1 + of.buf)
  auctions.since[row] = now
  const reward = redoReward(of, auctions, row, price)
  if (reward > 0) pushMove(moves, of.dai, RESERVE, BIDDER, reward)
  return 0
}
