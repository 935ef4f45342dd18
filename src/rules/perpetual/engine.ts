/** The engine of a perpetual exchange: what it closes, and how closings are settled. */

import type { AccountList } from '../../accountList.ts'
import { type Closings, type Filled, type Orders, pushClosing, type Quote } from '../../house.ts'
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
import { type Margin, marginOf, retier } from './accounts.ts'
import { type AdlTerms, deleverage, deleverageInstead, oweLoss, shareLosses } from './adl.ts'
import { credit, debit, type PerpetualBooks } from './books.ts'
import type { Layout } from './markets.ts'

/** What the engine is told. Units: fractions, USD and seconds; see the parameters. */
export interface EngineTerms {
  readonly liquidationFee: number
  readonly leftover: 'account' | 'fund'
  readonly portion?: number
  readonly portionAboveUsd?: number
  readonly cooldownSeconds?: number
  readonly backstop?: { readonly below: number; readonly unwindSeconds: number }
}

/**
 * Legs to be closed or taken over, by account; and sums of what closings move.
 *
 * Units: `units` and `closed` of position (by asset); `cash` and `funding` in the settlement asset.
 */
interface Plan {
  count: number
  readonly account: number[]
  readonly leg: number[]
  readonly units: number[]
  /** In the market, by the vault, or against winners. */
  readonly how: number[]
  readonly unwound: Float64Array
  readonly closed: Float64Array
  cash: number
  funding: number
}

/** An engine: the layout of its slots, its terms, and scratch that lives from send to fill. */
export interface Engine {
  readonly layout: Layout
  readonly of: EngineTerms
  readonly adl: AdlTerms | null
  readonly plan: Plan
  readonly margin: Margin
}

/** An engine that plans nothing yet. */
export function engineOf(layout: Layout, of: EngineTerms, adl: AdlTerms | null): Engine {
  const assets = 1 + layout.slots.asset.reduce((most, asset) => Math.max(most, asset), 0)
  return {
    layout,
    of,
    adl,
    plan: {
      ...{ count: 0, account: [], leg: [], units: [], how: [], cash: 0.5, funding: 0.5 },
      unwound: new Float64Array(layout.markets.length),
      closed: new Float64Array(assets),
    },
    margin: { equity: 0.5, maintenance: 0.5, notional: 0.5, cashLeg: 0, hasCollateral: false },
  }
}

/** Plans what is closed now, and sends it. */
export function send(
  engine: Engine,
  protocol: Protocol,
  breached: AccountList,
  at: Moment,
  quote: Quote,
  out: Orders,
): void {
  const { plan, margin, layout, adl } = engine
  plan.count = 0
  for (let n = 0; n < breached.count; n++) {
    const account = breached.account[n]
    marginOf(layout, protocol, account, margin)
    if (margin.notional === 0) planCollateral(engine, protocol, account, out)
    else if (margin.equity < margin.maintenance) planPositions(engine, protocol, account, at, out)
  }
  if (adl?.basis === 'notional' && plan.count > 0) deleverageInstead(engine, protocol, quote, out)
  planVault(engine, protocol, at, out)
}

function planPositions(
  { layout, of, plan, margin }: Engine,
  { book, items }: Protocol,
  account: number,
  at: Moment,
  out: Orders,
): void {
  const { coolUntil } = items as PerpetualBooks
  const { equity, maintenance, notional, hasCollateral } = margin
  const isTakeover =
    of.backstop !== undefined && !hasCollateral && equity < of.backstop.below * maintenance
  const until = coolUntil.get(account)
  if (!isTakeover && until !== undefined && at.atSeconds < until) return
  const { portion = 1, portionAboveUsd = 0, cooldownSeconds = 0 } = of
  const isPart = !isTakeover && until === undefined && notional > portionAboveUsd && portion < 1
  if (isPart) coolUntil.set(account, at.atSeconds + cooldownSeconds)
  const share = isPart ? portion : 1
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    if (layout.marketOf[book.slot[k]] < 0 || book.amount[k] === 0) continue
    const units = book.amount[k] * share
    add(plan, account, k, units, isTakeover ? TAKEOVER : MARKET)
    if (!isTakeover) order(layout.slots.asset[book.slot[k]], units, out)
  }
}

/** Positions are gone: collateral is sold as far as the account still owes cash. */
function planCollateral(
  { layout, plan, margin }: Engine,
  { book, prices }: Protocol,
  account: number,
  out: Orders,
): void {
  const { slots, cash, allowance } = layout
  let owedUsd = -book.amount[margin.cashLeg] * prices[slots.asset[cash]]
  for (let k = book.start[account]; k < book.start[account + 1] && owedUsd > 0; k++) {
    const slot = book.slot[k]
    if (slot === cash || slot === allowance || !(book.amount[k] > 0)) continue
    const units = Math.min(book.amount[k], owedUsd / prices[slots.asset[slot]])
    owedUsd -= units * prices[slots.asset[slot]]
    add(plan, account, k, units, MARKET)
    order(slots.asset[slot], units, out)
  }
}

/** The vault sells what it took over, a share of it in every block. */
function planVault(
  { layout, of, plan }: Engine,
  { items }: Protocol,
  at: Moment,
  out: Orders,
): void {
  if (of.backstop === undefined) return
  const share = Math.min(1, at.seconds / of.backstop.unwindSeconds)
  const { vault } = items as PerpetualBooks
  for (let m = 0; m < vault.length; m++) {
    plan.unwound[m] = vault[m] * share
    order(layout.markets[m].asset, plan.unwound[m], out)
  }
}

function add(plan: Plan, account: number, leg: number, units: number, how: number): void {
  const n = plan.count++
  plan.account[n] = account
  plan.leg[n] = leg
  plan.units[n] = units
  plan.how[n] = how
}

/** Adds units to the orders of a block. */
export function order(asset: number, units: number, { sold, bought }: Orders): void {
  if (units > 0) sold[asset] += units
  else bought[asset] -= units
}

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
  if (adl?.basis === 'notional') deleverage(engine, protocol, adl, at, out)
  for (let n = 0; n < plan.count; ) {
    const account = plan.account[n]
    const from = n
    while (n < plan.count && plan.account[n] === account) n++
    if (plan.how[from] === DELEVERAGE) continue
    out.before(account)
    closeAccount(engine, protocol, from, n, filled, out)
    protocol.book.version[account]++
  }
  if (adl?.basis === 'profit') shareLosses(engine, protocol, adl, at, out)
  fillVault(engine, protocol, filled, out)
  pushSums(engine, out)
}

function closeAccount(
  engine: Engine,
  protocol: Protocol,
  from: number,
  upTo: number,
  filled: Filled,
  out: Closings,
): void {
  const { plan, layout, margin } = engine
  const account = plan.account[from]
  marginOf(layout, protocol, account, margin)
  const { cashLeg } = margin
  if (plan.how[from] === TAKEOVER) {
    for (let n = from; n < upTo; n++) takeOver(engine, protocol, n, out)
    giveCash(protocol, layout, cashLeg, out)
    return
  }
  let notional = 0
  for (let n = from; n < upTo; n++) notional += closeLeg(engine, protocol, n, cashLeg, filled, out)
  marginOf(layout, protocol, account, margin)
  payFee(engine, protocol, cashLeg, notional, out)
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

/** The fee on what was closed, from what the account has above 0, into the fund. */
function payFee(
  { layout, of, margin }: Engine,
  { book, items, prices }: Protocol,
  cashLeg: number,
  notionalUsd: number,
  { moves }: Closings,
): void {
  const asset = layout.slots.asset[layout.cash]
  const feeUsd = Math.min(of.liquidationFee * notionalUsd, margin.equity)
  if (!(feeUsd > 0)) return
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

function takeOver(
  { plan, layout }: Engine,
  { book, items, prices }: Protocol,
  n: number,
  out: Closings,
): void {
  const books = items as PerpetualBooks
  const leg = plan.leg[n]
  const m = layout.marketOf[book.slot[leg]]
  const { asset } = layout.markets[m]
  const units = book.amount[leg]
  book.amount[leg] = 0
  books.vault[m] += units
  books.vaultCash -= units * books.funding[m]
  books.open[units > 0 ? 2 * m : 2 * m + 1] -= Math.abs(units)
  pushMove(out.moves, asset, ACCOUNTS, ITEMS, units)
  pushClosing(out, plan.account[n], asset, units, prices[asset], 1, 0)
}

/** The rest of a margin goes with the positions. */
function giveCash(
  { book, items }: Protocol,
  { slots, cash }: Layout,
  cashLeg: number,
  { moves }: Closings,
): void {
  const units = book.amount[cashLeg]
  book.amount[cashLeg] = 0
  ;(items as PerpetualBooks).vaultCash += units
  pushMove(moves, slots.asset[cash], ACCOUNTS, ITEMS, units)
}

function fillVault(
  { plan, layout, of }: Engine,
  { items, prices, badDebt }: Protocol,
  filled: Filled,
  out: Closings,
): void {
  if (of.backstop === undefined) return
  const books = items as PerpetualBooks
  const coin = layout.slots.asset[layout.cash]
  let isFlat = true
  for (let m = 0; m < books.vault.length; m++) {
    const { asset } = layout.markets[m]
    const part = plan.unwound[m] > 0 ? filled.sold[asset] : filled.bought[asset]
    const units = plan.unwound[m] * part
    plan.unwound[m] = 0
    if (units !== 0) {
      const received = (units * filled.price[asset]) / prices[coin]
      const left = books.vault[m] - units
      books.vault[m] = Math.abs(left) * prices[asset] < DUST_USD ? 0 : left
      books.vaultCash += received - units * books.funding[m]
      pushMove(out.moves, asset, ITEMS, BIDDER, units)
      pushMove(out.moves, coin, BIDDER, ITEMS, received)
      pushClosing(out, -1, asset, units, filled.price[asset], 0, 0)
    }
    isFlat &&= books.vault[m] === 0
  }
  if (!isFlat || !(books.vaultCash < 0)) return
  const paid = debit(books, -books.vaultCash)
  const lost = -books.vaultCash - paid
  books.vaultCash = 0
  pushMove(out.moves, coin, POOL, ITEMS, paid)
  if (!(lost > 0)) return
  badDebt[coin] += lost
  pushMove(out.moves, coin, LENDERS, ITEMS, lost)
}

/** All that was closed in the market, as one movement each. */
function pushSums({ plan, layout }: Engine, { moves }: Closings): void {
  const coin = layout.slots.asset[layout.cash]
  for (let asset = 0; asset < plan.closed.length; asset++)
    if (plan.closed[asset] !== 0) pushMove(moves, asset, ACCOUNTS, BIDDER, plan.closed[asset])
  if (plan.cash !== 0) pushMove(moves, coin, BIDDER, ACCOUNTS, plan.cash)
  if (plan.funding !== 0) pushMove(moves, coin, ACCOUNTS, ITEMS, plan.funding)
}

/** How a row of the plan is closed. */
export const MARKET = 0
export const TAKEOVER = 1
export const DELEVERAGE = 2

/** Below this share of what was closed a remainder is rounding. */
const REMAINDER = 1e-12
/** The vault is flat below this worth of a position. */
const DUST_USD = 1e-6
