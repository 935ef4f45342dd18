/** Bids on running auctions, their end and their restart: Flip's tend, dent, deal and tick. */

import type { Moment } from '../../moment.ts'
import {
  BIDDER,
  type Bid,
  BORROWERS,
  FIRST_TAKER,
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
import { closing, type FlipAuctions, finish } from './flipAuctions.ts'
import type { MakerFlipSpec } from './flipParameters.ts'

/** `Offers.other` of what concerns an auction. Above 0: 0 is left to the bites. */
const TEND = 1
const DENT = 2
const DEAL = 3
const TICK = 4

/** `Offers.reserved` of a bid: anybody but taker t is -2 - t, so anybody is -1. */
const BUT = -2

/** One rad of DAI: the chain asks of a first bid only that it is above 0. */
const FIRST_BID = 1e-45

/** Appends one offer for every auction that takes bids or is over. */
export function listAuctions(of: MakerFlipSpec, protocol: Protocol, at: Moment, out: Offers): void {
  const auctions = protocol.items as FlipAuctions
  for (let row = 0; row < auctions.count; row++) {
    const closes = closing(auctions, row)
    if (at.atSeconds < closes) listBid(of, protocol, auctions, row, out)
    else if (at.atSeconds > closes) listEnd(of, protocol, auctions, row, out)
  }
}

function listBid(
  of: MakerFlipSpec,
  { book }: Protocol,
  auctions: FlipAuctions,
  row: number,
  out: Offers,
): void {
  const account = auctions.account[row]
  const kind = kindOfBid(auctions, row)
  const sells = auctions.asset[row]
  const lot = nextLot(of, auctions, row)
  const cost = leastBid(of, auctions, row)
  const version = book.version[account]
  const { dai, gas } = of
  const id = auctions.id[row]
  const notFor = BUT - auctions.leader[row]
  pushOffer(out, account, sells, lot, dai, cost, version, id, kind, gas.tend, notFor, 1)
}

function listEnd(
  of: MakerFlipSpec,
  { book }: Protocol,
  auctions: FlipAuctions,
  row: number,
  out: Offers,
): void {
  const account = auctions.account[row]
  const leader = auctions.leader[row]
  const kind = leader < 0 ? TICK : DEAL
  const sells = auctions.asset[row]
  const version = book.version[account]
  const { dai, gas } = of
  const id = auctions.id[row]
  const lot = auctions.lot[row]
  pushOffer(out, account, sells, 0, dai, 0, version, id, kind, gas.deal, leader, 0, lot)
}

function kindOfBid(auctions: FlipAuctions, row: number): number {
  return auctions.bid[row] === auctions.tab[row] ? DENT : TEND
}

/** The lot that the next bid is for. */
function nextLot(of: MakerFlipSpec, auctions: FlipAuctions, row: number): number {
  const lot = auctions.lot[row]
  return kindOfBid(auctions, row) === DENT ? lot / (1 + of.beg) : lot
}

function leastBid(of: MakerFlipSpec, auctions: FlipAuctions, row: number): number {
  const raised = Math.max(FIRST_BID, auctions.bid[row] * (1 + of.beg))
  return Math.min(auctions.tab[row], raised)
}

/** Settles what concerns a running auction. */
export function settleAuction(
  of: MakerFlipSpec,
  protocol: Protocol,
  offers: Offers,
  offer: number,
  bid: Bid,
  moves: Moves,
): Reason {
  const auctions = protocol.items as FlipAuctions
  const row = auctions.place[offers.own[offer]]
  if (row < 0) return 'stale'
  if (bid.taker < 0) return 'nothing'
  const kind = offers.other[offer]
  const closes = closing(auctions, row)
  if (kind === TEND || kind === DENT) {
    const isOpen = bid.atSeconds < closes && kind === kindOfBid(auctions, row)
    if (!isOpen || nextLot(of, auctions, row) < offers.amount[offer]) return 'stale'
    return outbid(of, auctions, row, bid, moves)
  }
  const isOver = bid.atSeconds > closes && (kind === DEAL) === auctions.leader[row] >= 0
  if (!isOver) return 'stale'
  if (kind === DEAL) return deal(of, protocol, auctions, row, bid, moves)
  auctions.ends[row] = bid.atSeconds + of.tauSeconds
  return 0
}

function outbid(
  of: MakerFlipSpec,
  auctions: FlipAuctions,
  row: number,
  bid: Bid,
  moves: Moves,
): Reason {
  const most = nextLot(of, auctions, row)
  const isDent = kindOfBid(auctions, row) === DENT
  // In dent a bidder may ask for still less; in tend the lot is not divided.
  const lot = isDent ? Math.min(bid.amount, most) : most
  const back = auctions.lot[row] - lot
  const former = auctions.leader[row]
  if (bid.taker === former || !(bid.amount >= lot && lot > 0)) return 'nothing'
  if (!(bid.pays >= leastBid(of, auctions, row))) return 'stale'
  const pays = Math.min(bid.pays, auctions.tab[row])
  pushMove(moves, of.dai, BIDDER, ITEMS, pays)
  if (former >= 0) pushMove(moves, of.dai, ITEMS, FIRST_TAKER + former, auctions.bid[row])
  if (back > 0) pushMove(moves, auctions.asset[row], ITEMS, BORROWERS, back)
  auctions.lot[row] = lot
  auctions.bid[row] = pays
  auctions.leader[row] = bid.taker
  auctions.bidEnds[row] = bid.atSeconds + of.ttlSeconds
  return 0
}

function deal(
  of: MakerFlipSpec,
  { badDebt }: Protocol,
  auctions: FlipAuctions,
  row: number,
  bid: Bid,
  moves: Moves,
): Reason {
  if (bid.taker !== auctions.leader[row]) return 'nothing'
  const over = auctions.bid[row] - auctions.debt[row]
  pushMove(moves, auctions.asset[row], ITEMS, BIDDER, auctions.lot[row])
  if (over > 0) pushMove(moves, of.dai, ITEMS, RESERVE, over)
  if (over < 0) {
    badDebt[of.dai] -= over
    pushMove(moves, of.dai, LENDERS, ITEMS, -over)
  }
  finish(auctions, row)
  if (of.boxUsd !== undefined) auctions.stamp++
  return 0
}
