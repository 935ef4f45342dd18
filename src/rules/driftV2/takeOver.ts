/** Liquidators of Drift v2 take positions, borrows and losses over. */

import {
  ACCOUNTS,
  type Bid,
  ITEMS,
  type Offers,
  POOL,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Settlement,
} from '../../rules.ts'
import { look, writeRequirements } from './accounts.ts'
import { isBankrupt, resolve } from './bankruptcy.ts'
import { type DriftBooks, lessen } from './books.ts'
import { risesFor } from './formulas.ts'
import { DEPOSIT, MARGIN, PERP } from './layout.ts'
import { type Engine, isPair, REMAINDER, sizePerp, sizeSpot } from './sizes.ts'

/** `Offers.other` of a position; of a pair it is the leg that is owed. */
const POSITION = -1

/** Lists every position of an account, and every pair of a deposit and a borrow. */
export function listAccount(
  engine: Engine,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  const { layout, of, standing: at } = engine
  const { book } = protocol
  look(layout, of.buffer, protocol, account, at)
  if (!(at.health < 0)) return
  const [from, end] = [book.start[account], book.start[account + 1]]
  for (let k = from; k < end; k++) {
    const kind = layout.kind[book.slot[k]]
    if (book.amount[k] === 0 || kind === MARGIN) continue
    if (kind === PERP) {
      if (sizePerp(engine, protocol, k)) push(engine, protocol, account, k, POSITION, out)
      continue
    }
    for (let d = from; d < end; d++)
      if (isPair(engine, protocol, k, d) && sizeSpot(engine, protocol, k, d))
        push(engine, protocol, account, k, d, out)
  }
}

/** A call begins a liquidation of which nothing may be closed at once. */
function push(
  { standing: at, sale }: Engine,
  { book }: Protocol,
  account: number,
  own: number,
  other: number,
  out: Offers,
): void {
  const { lot, most, gives, costs, sells, pays } = sale
  const now = book.version[account]
  if (most > 0) pushOffer(out, account, sells, most * gives, pays, most * costs, now, own, other)
  else if (!at.isInLiquidation && lot > 0)
    pushOffer(out, account, sells, 0, pays, 0, now, own, other, 0, -1, 0, lot * gives)
}

/** Takes some or all of an offer over. */
export function settleAccount(
  engine: Engine,
  protocol: Protocol,
  offers: Offers,
  offer: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { layout, of, standing: at, sale } = engine
  const { book } = protocol
  const account = offers.account[offer]
  const own = offers.own[offer]
  const other = offers.other[offer]
  const isPosition = other === POSITION
  if (book.amount[own] === 0 || (!isPosition && book.amount[other] === 0)) return 'stale'
  look(layout, of.buffer, protocol, account, at)
  if (!(at.health < 0)) return 'healthy'
  const isOffered = isPosition
    ? sizePerp(engine, protocol, own)
    : isPair(engine, protocol, own, other) && sizeSpot(engine, protocol, own, other)
  if (!isOffered) return 'paused'
  if (sale.most === 0 && at.isInLiquidation) return 'nothing'
  if (sale.most > 0 && !(bid.amount > 0)) return 'nothing'
  const whole = sale.most * sale.gives
  const isAll = whole - bid.amount <= REMAINDER * whole
  out.seized = isAll ? whole : bid.amount
  const units = isAll ? sale.most : bid.amount / sale.gives
  const { firstPerp, shortage, freedUsd } = at
  if (isPosition) takePosition(engine, protocol, own, units, out)
  else takeBorrow(engine, protocol, own, other, units, out)
  const isCovered = units >= sale.cover * (1 - REMAINDER)
  proceed(engine, protocol, account, shortage, freedUsd, isCovered)
  const market = isPosition ? layout.market[book.slot[own]] : firstPerp
  if (isBankrupt(at)) resolve(engine, protocol, account, market, out.moves)
  book.version[account]++
  return 0
}

/** Goes on with a liquidation, or ends it: what was lacking is covered, or nothing is owed. */
function proceed(
  { layout, of, standing: at }: Engine,
  protocol: Protocol,
  account: number,
  shortage: number,
  freedUsd: number,
  isCovered: boolean,
): void {
  const books = protocol.items as DriftBooks
  if (!at.isInLiquidation) {
    books.since[account] = books.clock
    books.growsUntil = books.clock + (of.durationSeconds ?? 0)
    books.risesUntil = books.clock + feesRiseFor(layout)
  }
  writeRequirements(layout, protocol, account, of.buffer)
  look(layout, of.buffer, protocol, account, at)
  books.freedUsd[account] = freedUsd + Math.max(0, shortage - Math.max(0, at.shortage))
  if (!isCovered && (at.owes || at.hasOpen)) return
  books.since[account] = -1
  books.freedUsd[account] = 0
  writeRequirements(layout, protocol, account, 0)
}

/** Seconds for which the fees of a liquidation rise. */
function feesRiseFor({ perps }: Engine['layout']): number {
  let most = 0
  for (const { liquidationFee, maintenance } of perps)
    if (liquidationFee > 0) most = Math.max(most, risesFor(liquidationFee, maintenance))
  return most
}

function takePosition(
  { layout, standing: at, sale }: Engine,
  { book, items }: Protocol,
  leg: number,
  units: number,
  out: Settlement,
): void {
  const { fund, pot, funding, loss, borne, open, openCounted } = items as DriftBooks
  const { settlement } = layout
  const isLong = book.amount[leg] > 0
  const m = layout.market[book.slot[leg]]
  const side = 2 * m + (isLong ? 0 : 1)
  const left = Math.abs(book.amount[leg]) - units
  const paid = funding[m] * units * (isLong ? 1 : -1)
  const lost = loss[m] * units
  const fee = sale.fee * units
  out.repaid = sale.costs * units
  book.amount[leg] = left > 0 ? (isLong ? left : -left) : 0
  book.amount[at.cashLeg] += (isLong ? out.repaid : -out.seized) - paid - lost - fee
  lessen(open, openCounted, side, units, book, book.slot[leg])
  fund[settlement] += fee
  pot[settlement] += paid
  borne[m] += lost
  if (fee > 0) pushMove(out.moves, settlement, ACCOUNTS, POOL, fee)
  if (paid < 0) pushMove(out.moves, settlement, ITEMS, ACCOUNTS, -paid)
  const kept = Math.max(0, paid) + lost
  if (kept > 0) pushMove(out.moves, settlement, ACCOUNTS, ITEMS, kept)
}

function takeBorrow(
  { layout, sale }: Engine,
  { book, index, items }: Protocol,
  own: number,
  owed: number,
  units: number,
  out: Settlement,
): void {
  const { fund, deposits, depositsCounted } = items as DriftBooks
  const { slot, amount } = book
  const owned = amount[own] * index[slot[own]]
  const debt = 0 - amount[owed] * index[slot[owed]]
  const fee = sale.fee * units
  const before = amount[own]
  if (owned - out.seized <= REMAINDER * owned) out.seized = owned
  out.repaid = units
  amount[own] = out.seized === owned ? 0 : before * (1 - out.seized / owned)
  amount[owed] = units - fee === debt ? 0 : amount[owed] * (1 - (units - fee) / debt)
  if (layout.kind[slot[own]] === DEPOSIT)
    lessen(deposits, depositsCounted, sale.sells, before - amount[own], book, slot[own])
  fund[sale.pays] += fee
  if (fee > 0) pushMove(out.moves, sale.pays, ACCOUNTS, POOL, fee)
}
