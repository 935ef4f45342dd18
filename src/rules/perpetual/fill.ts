/** How closings of a perpetual exchange are settled, between the account, the fund and lenders. */

import { type Closings, type Filled, pushClosing } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import {
  ACCOUNTS,
  BIDDER,
  ITEMS,
  LENDERS,
  type Moves,
  POOL,
  type Protocol,
  pushMove,
} from '../../rules.ts'
import { marginOf, retier } from './accounts.ts'
import { deleverage, oweLoss, shareLosses } from './adl.ts'
import { bankruptcyUsd } from './bankruptcy.ts'
import { credit, debit, type PerpetualBooks } from './books.ts'
import { type Engine, MARKET, TAKEOVER } from './engine.ts'
import { fillVault, giveCash, takeOver } from './vault.ts'
import { walk } from './walk.ts'

/** Settles what was planned at the prices of the market. */
export function fill(
  engine: Engine,
  protocol: Protocol,
  at: Moment,
  filled: Filled,
  out: Closings,
): void {
  const { plan, adl } = engine
  plan.closed.fill(0)
  plan.cash = plan.funding = 0
  if (adl?.walk) walk(engine, protocol, adl.walk, at, out)
  else if (adl?.basis === 'notional') deleverage(engine, protocol, adl, at, out)
  for (let n = 0; n < plan.count; ) {
    const account = plan.account[n]
    const from = n
    let isAny = false
    for (; n < plan.count && plan.account[n] === account; n++) isAny ||= isSent(plan.how[n])
    if (!isAny) continue
    out.before(account)
    closeAccount(engine, protocol, from, n, filled, out)
  }
  raiseVersions(engine, protocol)
  if (adl?.basis === 'profit') shareLosses(engine, protocol, adl, at, out)
  fillVault(engine, protocol, filled, out)
  pushSums(engine, out)
}

function isSent(how: number): boolean {
  return how === MARKET || how === TAKEOVER
}

// Accounts lie far apart: a loop that does little else waits for several of them at once.
function raiseVersions({ plan }: Engine, { book }: Protocol): void {
  const { version } = book
  let last = -1
  for (let n = 0; n < plan.count; n++) {
    const account = plan.account[n]
    if (account === last || !isSent(plan.how[n])) continue
    version[account]++
    last = account
  }
}

function closeAccount(
  engine: Engine,
  protocol: Protocol,
  from: number,
  upTo: number,
  filled: Filled,
  out: Closings,
): void {
  const { plan, layout, margin, of } = engine
  const account = plan.account[from]
  const cashLeg = plan.cashLeg[from]
  if (plan.how[from] === TAKEOVER) {
    for (let n = from; n < upTo; n++) takeOver(engine, protocol, n, out)
    giveCash(engine, protocol, cashLeg, out)
    return
  }
  const isByFill = of.fundSettles === 'fill'
  let notional = 0
  for (let n = from; n < upTo; n++)
    if (isByFill) settleFill(engine, protocol, n, cashLeg, filled, out)
    else notional += closeLeg(engine, protocol, n, cashLeg, filled, out)
  marginOf(layout, protocol, account, margin)
  payFee(engine, protocol, cashLeg, Math.min(of.liquidationFee * notional, margin.equity), out)
  if (margin.notional > 0) retier(layout, protocol, account)
  else settleFlat(engine, protocol, cashLeg, out)
}

/** Closes a leg as far as it was filled; returns its notional in USD. */
function closeLeg(
  { plan, layout }: Engine,
  { book, items, prices }: Protocol,
  n: number,
  cashLeg: number,
  filled: Filled,
  out: Closings,
): number {
  const books = items as PerpetualBooks
  const { slots, marketOf, cash } = layout
  const leg = plan.leg[n]
  const asset = slots.asset[book.slot[leg]]
  const m = marketOf[book.slot[leg]]
  const part = plan.units[n] > 0 ? filled.sold[asset] : filled.bought[asset]
  const units = part === 1 ? plan.units[n] : plan.units[n] * part
  if (units === 0) return 0
  const isAll = Math.abs(book.amount[leg] - units) <= REMAINDER * Math.abs(units)
  book.amount[leg] = isAll ? 0 : book.amount[leg] - units
  const received = (units * filled.price[asset]) / prices[slots.asset[cash]]
  const owed = m < 0 ? 0 : units * books.funding[m]
  book.amount[cashLeg] += received - owed
  plan.closed[asset] += units
  plan.cash += received
  plan.funding += owed
  if (m >= 0) books.open[units > 0 ? 2 * m : 2 * m + 1] -= Math.abs(units)
  pushClosing(out, plan.account[n], asset, units, filled.price[asset], 0, 0)
  return Math.abs(units) * filled.price[asset]
}

/**
 * Closes a leg against its bankruptcy price: the fund gets what the fill is better, at most the
 * fee, or pays what it is worse.
 */
function settleFill(
  engine: Engine,
  protocol: Protocol,
  n: number,
  cashLeg: number,
  filled: Filled,
  out: Closings,
): void {
  const { plan, layout, margin, of } = engine
  const { book, prices, items } = protocol
  const leg = plan.leg[n]
  const m = layout.marketOf[book.slot[leg]]
  if (m >= 0) marginOf(layout, protocol, plan.account[n], margin)
  const held = book.amount[leg]
  const notional = closeLeg(engine, protocol, n, cashLeg, filled, out)
  const units = held - book.amount[leg]
  if (m < 0 || units === 0) return
  const market = layout.markets[m]
  const owed = bankruptcyUsd(market, held, units, prices[market.asset], margin)
  const surplus = units * filled.price[market.asset] - owed
  if (surplus >= 0) {
    payFee(engine, protocol, cashLeg, Math.min(of.liquidationFee * notional, surplus), out)
    return
  }
  const coin = layout.slots.asset[layout.cash]
  const paid = debit(items as PerpetualBooks, -surplus / prices[coin])
  book.amount[cashLeg] += paid
  if (paid > 0) pushMove(out.moves, coin, POOL, ACCOUNTS, paid)
}

/** A fee, where there is one, from the cash of the account into the fund. */
function payFee(
  { layout }: Engine,
  { book, items, prices }: Protocol,
  cashLeg: number,
  feeUsd: number,
  { moves }: Closings,
): void {
  if (!(feeUsd > 0)) return
  const asset = layout.slots.asset[layout.cash]
  const fee = feeUsd / prices[asset]
  book.amount[cashLeg] -= fee
  credit(items as PerpetualBooks, fee)
  pushMove(moves, asset, ACCOUNTS, POOL, fee)
}

/** An account without positions: what is left stays or goes, a loss is the fund's, or nobody's. */
function settleFlat(engine: Engine, protocol: Protocol, cashLeg: number, out: Closings): void {
  const { layout, of, margin } = engine
  const { book, items, prices } = protocol
  const asset = layout.slots.asset[layout.cash]
  const left = book.amount[cashLeg]
  if (left > 0 && of.leftover === 'fund' && !margin.hasCollateral) {
    book.amount[cashLeg] = 0
    credit(items as PerpetualBooks, left)
    pushMove(out.moves, asset, ACCOUNTS, POOL, left)
  }
  if (engine.adl?.basis === 'profit' && left < 0 && !margin.hasCollateral) {
    const paid = debit(items as PerpetualBooks, -left)
    book.amount[cashLeg] += paid
    if (paid > 0) pushMove(out.moves, asset, POOL, ACCOUNTS, paid)
    if (book.amount[cashLeg] < 0) oweLoss(cashLeg, out.count - 1)
    return
  }
  const lost = coverLoss(engine, protocol, cashLeg, out.moves)
  if (lost > 0) out.lostUsd[out.count - 1] += lost * prices[asset]
}

/** The fund pays what an account without anything owes, as far as it can; returns the rest. */
export function coverLoss(
  { layout, margin }: Engine,
  { book, items, badDebt }: Protocol,
  cashLeg: number,
  moves: Moves,
): number {
  const owed = -book.amount[cashLeg]
  if (!(owed > 0) || margin.hasCollateral) return 0
  const asset = layout.slots.asset[layout.cash]
  const paid = debit(items as PerpetualBooks, owed)
  book.amount[cashLeg] = 0
  if (paid > 0) pushMove(moves, asset, POOL, ACCOUNTS, paid)
  if (!(owed > paid)) return 0
  badDebt[asset] += owed - paid
  pushMove(moves, asset, LENDERS, ACCOUNTS, owed - paid)
  return owed - paid
}

/** All that was closed in the market, as one movement each. */
function pushSums({ plan, layout }: Engine, { moves }: Closings): void {
  const coin = layout.slots.asset[layout.cash]
  for (let asset = 0; asset < plan.closed.length; asset++)
    if (plan.closed[asset] !== 0) pushMove(moves, asset, ACCOUNTS, BIDDER, plan.closed[asset])
  if (plan.cash !== 0) pushMove(moves, coin, BIDDER, ACCOUNTS, plan.cash)
  if (plan.funding !== 0) pushMove(moves, coin, ACCOUNTS, ITEMS, plan.funding)
}

/** Below this share of what was closed a remainder is rounding. */
const REMAINDER = 1e-12
