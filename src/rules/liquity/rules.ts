/** What both versions of Liquity do: a pool pays for troves, and the others take over the rest. */

import { type Book, health } from '../../book.ts'
import {
  ACCOUNTS,
  BIDDER,
  type Bid,
  BORROWERS,
  type Offers,
  POOL,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
  type Rules,
  type Settlement,
} from '../../rules.ts'
import {
  type Branches,
  branchOf,
  count,
  layOut,
  noTroves,
  OWN,
  priceOf,
  SHARED,
  SLOTS,
  STAKE,
  slotOf,
  type Troves,
  totalRatio,
  troveBook,
} from './troves.ts'

/** One trove and what surrounds it. Units; `price` in USD. Reused between calls. */
export interface Trove {
  coll: number
  debt: number
  price: number
  /** Collateral ratios: of the trove, and of all troves of its branch together. */
  ratio: number
  total: number
  /** What the pool can pay. */
  pool: number
}

/** What becomes of a trove: `offset + sharedDebt` is its debt, the other parts its collateral. */
export interface Division {
  /** To whoever liquidates, to the pool, to the other troves, and back to the owner. */
  reward: number
  toPool: number
  shared: number
  surplus: number
  /** Debt that the pool pays, and that the other troves take over. */
  offset: number
  sharedDebt: number
}

/** What differs between the versions of Liquity. */
export interface TroveModel extends Branches {
  readonly name: string
  /** Units that never leave a pool. */
  readonly poolKeeps: number
  /** What the caller gets beside the reward, set aside when the trove was opened. */
  readonly deposit: { readonly asset: number; readonly units: number }
  /** What the pool of a branch gains, as a fraction of the debt it pays. */
  bonus(b: number): number
  /** The collateral ratio that a trove needs, given that of all troves of the branch. */
  needed(b: number, total: number): number
  /** How a trove that lacks it is divided, or why it is left alone. */
  divide(b: number, trove: Trove, out: Division): Reason
  readonly accrue?: Rules['accrue']
  readonly scaled: Rules['scaled']
}

/**
 * Rules of troves.
 *
 * Rule:  A trove is three legs: its stake, its own debt, and as many units as the stake of debt
 *        taken over. The index of the stake is collateral per stake, 1 at the opening; that of the
 *        third leg is debt taken over per stake, 0 at the opening. What a liquidated trove leaves
 *        to the others moves these two numbers and no account.
 * Shape: slots 3 b + STAKE, OWN and SHARED of branch b.
 */
export function troveRules(model: TroveModel): Rules {
  const { name, branches, debt } = model
  const slots = layOut(model)
  return {
    name,
    slots,
    edge: 'below',
    sale: 'repeated',
    slotOf: (asset, side, group) => slotOf(model, asset, side, group),
    terms(asset, group) {
      const slot = slotOf(model, asset, 1, group)
      if (slot < 0) return null
      const b = branchOf(slot)
      return { threshold: 1 / branches[b].mcr, bonus: model.bonus(b) }
    },
    value: (protocol) => value(model, protocol),
    ...(model.accrue === undefined ? {} : { accrue: model.accrue }),
    book: (positions) => troveBook(model, positions),
    items: () => noTroves(branches),
    standing: (protocol, _, out) => listPools(model, protocol, out),
    offers(protocol, account, out) {
      if (decide(model, protocol, account) !== 0) return
      const { book } = protocol
      const own = book.start[account]
      const sells = branches[branchOf(book.slot[own])].collateral
      // Below 0: the caller gets it.
      const cost = -depositIn(model, protocol)
      const now = book.version[account]
      pushOffer(out, account, sells, division.reward, debt, cost, now, own, TROVE)
    },
    settle(protocol, offers, offer, bid, out) {
      out.moves.count = 0
      out.seized = out.fee = out.surplus = out.repaid = 0
      if (!(bid.amount > 0)) return 'nothing'
      const account = offers.account[offer]
      if (account < 0) return sellHeld(model, protocol, offers.own[offer], bid, out)
      const reason = decide(model, protocol, account)
      if (reason !== 0) return reason
      const b = branchOf(protocol.book.slot[protocol.book.start[account]])
      close(model, protocol, account, b)
      if (bid.taker < 0) moveAtOnce(model, protocol, b, out)
      else move(model, b, out)
      value(model, protocol)
      return 0
    },
    scaled: model.scaled,
  }
}

/** Thresholds scaled: the ratio needed, kept above 1. */
export function scaledRatio(ratio: number, by: number): number {
  return Math.max(ratio / by, 1 + Number.EPSILON)
}

/**
 * Pays what a pool can, at the same share of the collateral; the other troves take over the rest.
 *
 * Rule: offset = min(debt, pool); the pool gets rest x offset / debt of the collateral without the
 *       reward.
 */
export function divideByDebt(trove: Trove, reward: number, pool: number, out: Division): void {
  const rest = trove.coll - reward
  const offset = Math.min(trove.debt, pool)
  out.reward = reward
  out.offset = offset
  out.sharedDebt = trove.debt - offset
  out.toPool = offset === trove.debt ? rest : (rest * offset) / trove.debt
  out.shared = rest - out.toPool
  out.surplus = 0
}

/** `Offers.other`: a trove, or what a pool sells. */
const TROVE = 0
const HELD = 1

/** Goes with a deposit that is all the caller gets: an offer of nothing would be a call. */
const WEI = 1e-18

function value(model: TroveModel, protocol: Protocol): void {
  const { values, index, items } = protocol
  const { branches } = model
  if (!(items as Troves).isCounted) {
    for (let b = 0; b < branches.length; b++) index[SLOTS * b + SHARED] = 0
    count(protocol)
  }
  for (let b = 0; b < branches.length; b++) {
    const first = SLOTS * b
    const needed = model.needed(b, totalRatio(model, protocol, b))
    values[first + STAKE] = priceOf(protocol, branches[b].collateral) * index[first + STAKE]
    values[first + OWN] = needed * index[first + OWN]
    values[first + SHARED] = needed * index[first + SHARED]
  }
}

/** The admission test and the division, for listing and for settling. */
function decide(model: TroveModel, protocol: Protocol, account: number): Reason {
  const { book, values, index, items } = protocol
  const own = book.start[account]
  if (own === book.start[account + 1] || !(book.amount[own] > 0)) return 'stale'
  if (!(health(book, values, account) < 0)) return 'healthy'
  const b = branchOf(book.slot[own])
  const troves = items as Troves
  if (troves.count[b] <= 1) return 'nothing'
  trove.coll = book.amount[own] * index[book.slot[own]]
  trove.debt = debtOf(book, index, account)
  trove.price = priceOf(protocol, model.branches[b].collateral)
  trove.ratio = (trove.coll * trove.price) / trove.debt
  trove.total = totalRatio(model, protocol, b)
  trove.pool = Math.max(0, troves.pool[b] - model.poolKeeps)
  const reason = model.divide(b, trove, division)
  if (reason !== 0 || division.reward > 0 || !(model.deposit.units > 0)) return reason
  division.reward = Math.min(WEI, division.shared)
  division.shared -= division.reward
  return 0
}

/** What the deposit is worth in the debt asset, at published prices. */
function depositIn({ deposit, debt }: TroveModel, { prices }: Protocol): number {
  if (deposit.asset === debt || deposit.units === 0) return deposit.units
  return prices[debt] > 0 ? (deposit.units * prices[deposit.asset]) / prices[debt] : 0
}

function debtOf({ start, slot, amount }: Book, index: Float64Array, account: number): number {
  let debt = 0
  for (let k = start[account]; k < start[account + 1]; k++)
    if (amount[k] < 0) debt -= amount[k] * index[slot[k]]
  return debt
}

/** Takes the trove out of the book; the others and the pool take over what it was. */
function close({ branches }: TroveModel, protocol: Protocol, account: number, b: number): void {
  const { book, index } = protocol
  const troves = protocol.items as Troves
  const own = book.start[account]
  const first = SLOTS * b
  troves.stakes[b] -= book.amount[own]
  troves.debts[b] += book.amount[own + OWN]
  troves.count[b]--
  for (let k = own; k < book.start[account + 1]; k++) book.amount[k] = 0
  book.version[account]++
  // What is left of a sum that was once much larger is mostly rounding.
  if (2 * troves.stakes[b] <= troves.counted[b]) count(protocol)
  index[first + STAKE] += division.shared / troves.stakes[b]
  index[first + SHARED] += division.sharedDebt / troves.stakes[b]
  troves.pool[b] -= division.offset
  if (branches[b].poolSells !== null) troves.held[b] += division.toPool
}

function move({ branches, debt, deposit }: TroveModel, b: number, out: Settlement): void {
  const { collateral } = branches[b]
  const { reward, toPool, surplus, offset } = division
  out.seized = reward
  if (offset > 0) pushMove(out.moves, debt, POOL, ACCOUNTS, offset)
  if (toPool > 0) pushMove(out.moves, collateral, ACCOUNTS, POOL, toPool)
  if (surplus > 0) pushMove(out.moves, collateral, ACCOUNTS, BORROWERS, surplus)
  if (deposit.units > 0) pushMove(out.moves, deposit.asset, RESERVE, BIDDER, deposit.units)
}

/** Without time the taker stands for the pool: pays with its debt asset, and sells for it. */
function moveAtOnce(model: TroveModel, protocol: Protocol, b: number, out: Settlement): void {
  const { debt, deposit } = model
  const { collateral, poolSells } = model.branches[b]
  const { reward, toPool, surplus, offset } = division
  const { pool, held } = protocol.items as Troves
  const isSold = poolSells !== null
  out.seized = reward + toPool + surplus
  out.fee = surplus + (isSold ? 0 : toPool)
  out.repaid = offset
  if (offset > 0) pushMove(out.moves, debt, POOL, BIDDER, offset)
  if (surplus > 0) pushMove(out.moves, collateral, RESERVE, BORROWERS, surplus)
  if (deposit.units > 0) pushMove(out.moves, deposit.asset, RESERVE, BIDDER, deposit.units)
  if (!isSold) {
    if (toPool > 0) pushMove(out.moves, collateral, RESERVE, POOL, toPool)
    return
  }
  const paid = costOf(model, protocol, b, toPool)
  held[b] -= toPool
  pool[b] += paid
  if (paid > 0) pushMove(out.moves, debt, BIDDER, POOL, paid)
}

function costOf(
  { branches, debt }: TroveModel,
  { prices }: Protocol,
  b: number,
  units: number,
): number {
  const { collateral, poolSells } = branches[b]
  return (units * prices[collateral] * (1 - (poolSells ?? 0))) / prices[debt]
}

function listPools(model: TroveModel, protocol: Protocol, out: Offers): void {
  const { branches, debt } = model
  const { held } = protocol.items as Troves
  for (let b = 0; b < branches.length; b++) {
    if (!(held[b] > 0)) continue
    const cost = costOf(model, protocol, b, held[b])
    if (!(cost > 0 && cost < Number.POSITIVE_INFINITY)) continue
    pushOffer(out, -1, branches[b].collateral, held[b], debt, cost, 0, b, HELD)
  }
}

function sellHeld(
  model: TroveModel,
  protocol: Protocol,
  b: number,
  bid: Bid,
  { moves }: Settlement,
): Reason {
  const troves = protocol.items as Troves
  const units = Math.min(bid.amount, troves.held[b])
  if (bid.taker < 0 || !(units > 0)) return 'nothing'
  const paid = costOf(model, protocol, b, units)
  troves.held[b] -= units
  troves.pool[b] += paid
  troves.stamp++
  pushMove(moves, model.branches[b].collateral, POOL, BIDDER, units)
  pushMove(moves, model.debt, BIDDER, POOL, paid)
  return 0
}

// Reused between calls; halves, so that they hold doubles from the start.
const trove: Trove = { coll: 0.5, debt: 0.5, price: 0.5, ratio: 0.5, total: 0.5, pool: 0.5 }
const division: Division = {
  reward: 0.5,
  toPool: 0.5,
  shared: 0.5,
  surplus: 0.5,
  offset: 0.5,
  sharedDebt: 0.5,
}
