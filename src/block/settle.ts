/** Transactions settle one by one, in the order of the chain; each sale moves the next price. */

import type { Settled } from '../defence.ts'
import type { Holders, Place } from '../ledger.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  BORROWERS,
  FIRST_TAKER,
  type Holder,
  ITEMS,
  LENDERS,
  type Offers,
  offerList,
  RESERVE,
  settlement,
} from '../rules.ts'
import { countLiquidation, countSale } from './count.ts'
import { mostOf, settledAll, shapeAll } from './defend.ts'
import { type Done, describe, emptyDone, escrowed, WINS } from './done.ts'
import { notedHoldings, reachOthers } from './pledged.ts'
import { arrive } from './publish.ts'
import { partsOf, shelve } from './shelf.ts'
import type { Stage } from './stage.ts'
import { pay, receive, refund } from './trade.ts'
import { generationOf, twinFor } from './twins.ts'

/** Whoever keeps settlements. */
export interface EventRecorder {
  event(stage: Stage, done: Done): void
}

/** Settles what the chain includes. */
export function settleAll(stage: Stage, recorder: EventRecorder | null): void {
  const { transactions, chain, tally } = stage
  if (transactions.count === 0) {
    chain.close(0)
    return
  }
  if (stage.order.length < transactions.count) stage.order = new Uint32Array(2 * transactions.count)
  const count = chain.order(transactions, stage.order)
  for (let k = 0; k < count; k++) {
    const i = stage.order[k]
    const isDone = settleOne(stage, i, recorder)
    const share = isDone ? 1 : stage.time.chain.failedGasShare
    payGas(stage, i, share, isDone)
    if (isDone) continue
    tally.block.failed++
    stage.takers[transactions.taker[i]].books.failed++
  }
  chain.close(tally.block.gasUsed)
}

/** Whether the transaction did what it wanted. If not, nothing of it has happened. */
function settleOne(stage: Stage, i: number, recorder: EventRecorder | null): boolean {
  const { transactions, posts, takers, tally, clock } = stage
  const j = transactions.protocol[i]
  const t = transactions.taker[i]
  const { offers } = posts[j]
  const listed = transactions.offer[i]
  const account = offers.account[listed]
  const isFresh = isAsListed(stage, j, listed)
  const list = isFresh ? offers : again
  const offer = isFresh ? listed : listedAgain(stage, j, listed)
  if (offer < 0) return false
  const asked = Math.min(transactions.amount[i], list.amount[offer])
  const units = account < 0 ? asked : mostOf(posts[j], list, offer, asked)
  if (units === 0 && asked > 0) return false
  if (!isCovered(stage, i, list, offer, units)) return false
  bid.amount = posts[j].guards === null || account < 0 ? transactions.amount[i] : units
  bid.pays = transactions.pays[i]
  bid.taker = t
  bid.atSeconds = clock.atSeconds
  const row = account < 0 ? -1 : stage.offset[j] + account
  const isFirst = row >= 0 && tally.firstBlock[row] === 0
  const parts = row < 0 ? partsOf(stage, j, list, offer) : null
  const generation =
    parts !== null
      ? largestOf(parts)
      : isFirst
        ? Math.max(generationOf(stage, j, account), tally.reached[row])
        : tally.generation[row]
  const holdings = notedHoldings(stage, j, account)
  if (!settled(stage, j, account, listed, list, offer)) return false
  if (holdings !== null) reachOthers(stage, j, holdings, generation)
  if (stage.isFelt) twinFor(stage, generation)
  const before = takers[t].books.proceedsUsd
  describe(stage, list, offer, moved, done)
  const lostUsd = settleMoves(stage, j, t, list.sells[offer], list.pays[offer], generation, parts)
  if (account >= 0) settleWithBorrower(stage, j, t, list, offer, generation)
  if (WINS[done.kind]) takers[t].books.won++
  done.taker = t
  done.protocol = j
  done.account = account
  done.proceedsUsd = takers[t].books.proceedsUsd - before
  done.gwei = transactions.gwei[i]
  done.gasUsd = transactions.gas[i] * transactions.gwei[i] * stage.view.usdPerGwei
  done.lostUsd = lostUsd
  done.generation = generation
  done.bidUsd =
    list.free[offer] === 1
      ? escrowed(done.kind, done.pays, moved) * stage.mids[done.pays]
      : Number.NaN
  if (done.kind === 5) countSale(stage, done)
  if (done.kind <= 1 && row >= 0) countLiquidation(stage, done, row, isFirst)
  recorder?.event(stage, done)
  return true
}

/** Lets the rules settle; an account that a sale of their own wrote to is judged again. */
function settled(
  stage: Stage,
  j: number,
  account: number,
  listed: number,
  list: Offers,
  offer: number,
): boolean {
  const { ledger, posts } = stage
  const post = posts[j]
  const { protocol, watch } = post
  if (account < 0) return protocol.rules.settle(protocol, list, offer, bid, moved) === 0
  const before = protocol.book.version[account]
  ledger.take(j, account)
  const reason = protocol.rules.settle(protocol, list, offer, bid, moved)
  ledger.put(j, account)
  if (reason !== 0) return false
  const isOwn = listed < post.standing && protocol.book.version[account] !== before
  if (isOwn && watch.touch(account)) arrive(stage, post, account)
  return true
}

/** Whether an offer stands as it was listed: nobody was faster on the same account. */
function isAsListed({ posts }: Stage, j: number, listed: number): boolean {
  const { protocol, offers, standing } = posts[j]
  if (listed < standing) return true
  return protocol.book.version[offers.account[listed]] === offers.version[listed]
}

/** Where `again` has what is offered now for the same legs; -1 when it is gone. */
function listedAgain({ posts }: Stage, j: number, listed: number): number {
  const { protocol, offers } = posts[j]
  again.count = 0
  protocol.rules.offers(protocol, offers.account[listed], again)
  shapeAll(posts[j], again, 0)
  for (let n = 0; n < again.count; n++)
    if (again.own[n] === offers.own[listed] && again.other[n] === offers.other[listed]) return n
  return -1
}

/** Whether the taker can still pay, and the sale still brings what it must. */
function isCovered(stage: Stage, i: number, list: Offers, offer: number, units: number): boolean {
  const { transactions, takers, market, time } = stage
  const t = transactions.taker[i]
  const spec = time.takers[t]
  const isFree = list.free[offer] === 1
  const isCall = list.amount[offer] === 0
  const whole = list.amount[offer]
  const owed = isFree ? transactions.pays[i] : share(list.cost[offer], units, whole)
  const published = stage.posts[transactions.protocol[i]].protocol.prices
  // A call takes nothing over: what it puts up is not paid for.
  const passed = isCall ? 0 : share(list.passed[offer], units, whole)
  const passedUsd = passed * published[list.sells[offer]]
  const owedUsd = owed * market.price(list.pays[offer]) + passedUsd
  // What stands in escrow beyond its transaction cannot be lent for it.
  const isLent = !isFree && !isCall && spec.flashFee !== null && spec.disposal.kind === 'now'
  if (owedUsd > 0 && owedUsd > takers[t].cash && !isLent) return false
  const least = transactions.minProceeds[i]
  if (!(least > 0) || market.hop[list.sells[offer]].length === 0) return true
  const wanted = share(least, units, transactions.amount[i])
  return stage.outlet.quote(list.sells[offer], units).proceeds >= wanted
}

function share(of: number, units: number, whole: number): number {
  return units >= whole ? of : (of * units) / whole
}

/** Moves what a settlement moved; returns USD at opening prices that lenders lost. */
function settleMoves(
  stage: Stage,
  j: number,
  t: number,
  sells: number,
  pays: number,
  generation: number,
  parts: Float64Array | null,
): number {
  const { ledger, takers, posts, market } = stage
  const { holders } = ledger
  const cashBefore = Math.max(0, takers[t].cash)
  const paidBefore = takers[t].books.paidUsd
  if (moved.repaid > 0) pay(stage, t, pays, moved.repaid, generation)
  let lostUsd = 0
  const { moves } = moved
  for (let m = 0; m < moves.count; m++) {
    const amount = moves.amount[m]
    if (moves.from[m] === BIDDER) pay(stage, t, moves.asset[m], amount, generation)
    const from = placeOf(holders, j, t, moves.from[m])
    ledger.move(moves.asset[m], from, placeOf(holders, j, t, moves.to[m]), amount)
    if (moves.from[m] !== LENDERS) continue
    stage.tally.lost[j][moves.asset[m]] += amount
    lostUsd += amount * stage.opening[moves.asset[m]]
  }
  const own = moved.seized - moved.fee
  ledger.move(pays, holders.taker(t), holders.of(j, ACCOUNTS), moved.repaid)
  ledger.move(sells, holders.of(j, ACCOUNTS), holders.taker(t), own)
  ledger.move(sells, holders.of(j, ACCOUNTS), holders.of(j, RESERVE), moved.fee)
  if (moved.surplus > 0) {
    const usd = moved.surplus * posts[j].protocol.prices[sells]
    takers[t].cash -= usd
    takers[t].books.paidUsd += usd
    ledger.move(market.cash, holders.taker(t), holders.of(j, BORROWERS), usd)
  }
  const paidUsd = takers[t].books.paidUsd - paidBefore
  shelve(stage, j, moves, generation)
  if (own > 0) receive(stage, t, sells, own, generation)
  for (let m = 0; m < moves.count; m++) {
    const to = moves.to[m]
    const asset = moves.asset[m]
    const amount = moves.amount[m]
    if (to >= FIRST_TAKER) refund(stage, to - FIRST_TAKER, asset, amount)
    if (to !== BIDDER) continue
    if (parts === null || asset !== sells) receive(stage, t, asset, amount, generation)
    else receiveParts(stage, t, asset, amount, parts)
  }
  endEscrow(stage, j, t)
  if (escrowed(done.kind, pays, moved) > 0) beginEscrow(stage, j, t, paidUsd)
  else payFlash(stage, t, paidUsd - cashBefore)
  return lostUsd
}

/** Pays what a defence added to the price, and counts what borrowers lost beside their debts. */
function settleWithBorrower(
  stage: Stage,
  j: number,
  t: number,
  list: Offers,
  offer: number,
  generation: number,
): void {
  const { tally, mids, ledger, posts } = stage
  const { holders } = ledger
  const pays = list.pays[offer]
  const sells = list.sells[offer]
  const own = list.cost[offer] - list.returned[offer] - list.kept[offer]
  const share = own > 0 ? moved.repaid / own : 0
  const returned = list.returned[offer] * share
  const kept = list.kept[offer] * share
  if (returned + kept > 0) {
    pay(stage, t, pays, returned + kept, generation)
    ledger.move(pays, holders.taker(t), holders.of(j, BORROWERS), returned)
    ledger.move(pays, holders.taker(t), holders.of(j, RESERVE), kept)
    tally.returnedUsd[j] += returned * mids[pays]
    tally.keptUsd[j] += kept * mids[pays]
  }
  const repaidUsd = moved.repaid * mids[pays]
  const takenUsd = (moved.seized - moved.surplus) * mids[sells]
  tally.borrowersLostUsd[j] += takenUsd - repaidUsd - returned * mids[pays]
  settledWith.account = list.account[offer]
  settledWith.taker = t
  settledWith.sells = sells
  settledWith.pays = pays
  settledWith.repaidUsd = repaidUsd
  settledWith.seizedUsd = (moved.seized - moved.fee - moved.surplus) * mids[sells]
  settledAll(posts[j], settledWith)
}

function placeOf(holders: Holders, j: number, t: number, holder: Holder): Place {
  if (holder === BIDDER) return holders.taker(t)
  return holder >= FIRST_TAKER ? holders.taker(holder - FIRST_TAKER) : holders.of(j, holder)
}

function receiveParts(stage: Stage, t: number, asset: number, units: number, parts: Float64Array) {
  for (let g = 0; g < parts.length; g++)
    if (parts[g] > 0) receive(stage, t, asset, units * parts[g], g)
}

/** What stands in escrow is neither cash nor lost. A refund or the lot ends it. */
function endEscrow({ takers, standingBids }: Stage, j: number, t: number): void {
  const { moves } = moved
  for (let m = 0; m < moves.count; m++) {
    if (moves.from[m] !== ITEMS || moves.to[m] < BIDDER) continue
    const winner = moves.to[m] === BIDDER ? t : moves.to[m] - FIRST_TAKER
    const key = `${j} ${done.item}`
    takers[winner].escrowUsd -= standingBids.get(key) ?? 0
    standingBids.delete(key)
  }
}

function beginEscrow({ takers, standingBids }: Stage, j: number, t: number, usd: number): void {
  takers[t].escrowUsd += usd
  standingBids.set(`${j} ${done.item}`, usd)
}

function payFlash(stage: Stage, t: number, lent: number): void {
  const { flashFee: fee, disposal } = stage.time.takers[t]
  if (disposal.kind !== 'now' || fee === null || !(lent > 0) || fee === 0) return
  const taker = stage.takers[t]
  taker.cash -= lent * fee
  taker.books.flashUsd += lent * fee
  const { holders, move } = stage.ledger
  move(stage.market.cash, holders.taker(t), holders.flash, lent * fee)
}

function payGas(stage: Stage, i: number, share: number, isDone: boolean): void {
  const { transactions, takers, tally, ledger, market } = stage
  const taker = takers[transactions.taker[i]]
  const used = transactions.gas[i] * share
  const gwei = transactions.gwei[i]
  const usd = used * gwei * stage.view.usdPerGwei
  const tip = isDone ? transactions.tipUsd[i] : 0
  tally.block.gasUsed += used
  taker.cash -= usd + tip
  taker.books.gasUsd += usd
  taker.books.tipUsd += tip
  const { holders, move } = ledger
  move(market.cash, holders.taker(taker.index), holders.validators, usd)
  move(market.cash, holders.taker(taker.index), holders.builders, tip)
  if (!isDone) return
  const { block } = tally
  block.lowestGwei = block.lowestGwei === 0 ? gwei : Math.min(block.lowestGwei, gwei)
  block.highestGwei = Math.max(block.highestGwei, gwei)
}

function largestOf(parts: Float64Array): number {
  let most = 0
  for (let g = 1; g < parts.length; g++) if (parts[g] > parts[most]) most = g
  return most
}

const moved = settlement()
const again = offerList()
const bid: { -readonly [key in keyof Bid]: Bid[key] } = {
  amount: 0.5,
  pays: 0.5,
  taker: 0,
  atSeconds: 0.5,
}
const done = emptyDone()
const settledWith: { -readonly [key in keyof Settled]: Settled[key] } = {
  ...{ account: 0, taker: 0, sells: 0, pays: 0, repaidUsd: 0.5, seizedUsd: 0.5 },
}
