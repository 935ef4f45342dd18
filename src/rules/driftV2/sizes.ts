/** What may be taken over of an account of Drift v2 now, at which price, and at which fee. */

import type { Protocol } from '../../rules.ts'
import { ratioOf, type Standing, standing } from './accounts.ts'
import type { DriftBooks } from './books.ts'
import {
  allowedShare,
  isDivergent,
  perpFundFee,
  risenFee,
  spotFundFee,
  spotRoom,
  unitsToCover,
} from './formulas.ts'
import { CASH, DEBT, DEPOSIT, type Layout } from './layout.ts'
import type { DriftSpec } from './parameters.ts'

/** A position worth no more than this goes whole, and so does a borrow. */
const SMALL_PERP_USD = 50
const SMALL_BORROW_USD = 10

/** The rules, and what they reuse between calls. */
export interface Engine {
  readonly layout: Layout
  readonly of: DriftSpec
  readonly standing: Standing
  readonly sale: Sale
}

/** An engine of a deployment. */
export function engineOf(layout: Layout, of: DriftSpec): Engine {
  const sale = { lot: 0.5, most: 0.5, cover: 0.5, gives: 0.5, costs: 0.5, fee: 0.5 }
  return { layout, of, standing: standing(), sale: { ...sale, sells: 0, pays: 0 } }
}

/**
 * One way to liquidate an account: of a position or a borrow, so many units.
 *
 * Units: `lot` would be taken over if time allowed all, `most` now, `cover` ends the liquidation;
 *        `gives` and `costs` are what the liquidator gets and pays for a unit, in units of the
 *        assets `sells` and `pays`; `fee` is what the fund gets, in the settlement asset for a
 *        position and in the asset of a borrow.
 */
export interface Sale {
  lot: number
  most: number
  cover: number
  gives: number
  costs: number
  fee: number
  sells: number
  pays: number
}

/**
 * Sizes the take-over of a perpetual position; false where there is none.
 *
 * Rule: `cover` = shortage / (price x (ratio + buffer - fee - fund's fee)); at most the position,
 *       at least all of a small one.
 */
export function sizePerp(engine: Engine, protocol: Protocol, leg: number): boolean {
  const { layout, of, standing: at, sale } = engine
  const { book, prices } = protocol
  const slot = book.slot[leg]
  const perp = layout.perps[layout.market[slot]]
  const units = Math.abs(book.amount[leg])
  const price = prices[perp.asset]
  const coin = prices[layout.settlement]
  const isBlocked = perp.paused || diverges(engine, protocol, perp.asset)
  if (isBlocked || !(units > 0 && price > 0 && coin > 0)) return false
  const worth = units * price
  const ratio = ratioOf(layout, slot, units)
  const fee = risenFee(perp.liquidationFee, perp.maintenance, at.seconds)
  const room = ratio + of.buffer - fee
  const shortage = (at.shortage * worth * ratio) / at.requirement
  const fund = perpFundFee(perp.fundFee, room, shortage, worth)
  sale.cover = unitsToCover(at.shortage, price, room - fund)
  const isLong = book.amount[leg] > 0
  const cash = (price / coin) * (isLong ? 1 - fee : 1 + fee)
  sale.sells = isLong ? perp.asset : layout.settlement
  sale.pays = isLong ? layout.settlement : perp.asset
  sale.gives = isLong ? 1 : cash
  sale.costs = isLong ? cash : 1
  sale.fee = (price / coin) * fund
  share(engine, units, worth <= SMALL_PERP_USD ? units : 0)
  return true
}

/**
 * Sizes the take-over of a borrow, or of a loss in cash, for a deposit or cash; false where there
 * is none.
 *
 * Rule: weight = that of the borrow + buffer, 1 of a loss; with A = 1 + fee of the deposit, L = 1 -
 *       fee of the borrow (of the contract, for a loss): `cover` = shortage / (price x (weight -
 *       asset weight x A / L - fund's fee x weight)); at most the borrow and what the deposit pays
 *       for, at least all of a small borrow.
 */
export function sizeSpot(engine: Engine, protocol: Protocol, own: number, owed: number): boolean {
  const { layout, standing: at, sale } = engine
  const { book, index, prices } = protocol
  const [ownSlot, owedSlot] = [book.slot[own], book.slot[owed]]
  const deposit = layout.spots[layout.market[ownSlot]]
  const borrow = layout.spots[layout.market[owedSlot]]
  const [price, assetPrice] = [prices[borrow.asset], prices[deposit.asset]]
  const isBlocked =
    deposit.paused ||
    borrow.paused ||
    diverges(engine, protocol, deposit.asset) ||
    diverges(engine, protocol, borrow.asset)
  if (isBlocked || !(price > 0 && assetPrice > 0)) return false
  const owned = book.amount[own] * index[ownSlot]
  const debt = 0 - book.amount[owed] * index[owedSlot]
  if (!(owned > 0 && debt > 0)) return false
  const isLoss = layout.kind[owedSlot] === CASH && at.firstPerp >= 0
  const ratio = isLoss ? 1 : ratioOf(layout, owedSlot, debt)
  const weight = isLoss ? 1 : ratio + engine.of.buffer
  const { liquidationFee } = isLoss ? layout.perps[at.firstPerp] : borrow
  const multipliers = (1 + deposit.liquidationFee) / (1 - liquidationFee)
  const worth = debt * price
  const shortage = isLoss ? 0 : (at.shortage * worth * ratio) / at.requirement
  const most = isLoss ? 0 : borrow.fundFee
  const { assetWeight } = deposit
  const fund = spotFundFee(most, weight, assetWeight, multipliers, shortage, worth)
  const freed = spotRoom(weight, assetWeight, multipliers) - fund * weight
  sale.cover = unitsToCover(at.shortage, price, freed)
  sale.sells = deposit.asset
  sale.pays = borrow.asset
  sale.gives = (price / assetPrice) * multipliers
  sale.costs = 1
  sale.fee = fund
  share(engine, Math.min(debt, owned / sale.gives), worth <= SMALL_BORROW_USD ? debt : 0)
  return true
}

/** Whether two legs face each other: cash is part of it only once no position is open. */
export function isPair({ layout, standing: at }: Engine, protocol: Protocol, k: number, d: number) {
  const { slot, amount } = protocol.book
  const [own, owed] = [layout.kind[slot[k]], layout.kind[slot[d]]]
  const isOwned = amount[k] > 0 && (own === DEPOSIT || own === CASH)
  const isOwed = amount[d] < 0 && (owed === DEBT || owed === CASH)
  const isCash = own === CASH || owed === CASH
  return isOwned && isOwed && !(isCash && at.hasOpen)
}

/** Sets what may be taken of at most `all`, at least `small`. */
function share({ of, standing: at, sale }: Engine, all: number, small: number): void {
  const { initialShare = 0, durationSeconds = 0 } = of
  const part = allowedShare(at.shortage, at.freedUsd, at.seconds, initialShare, durationSeconds)
  const cut = (allowed: number) => {
    const units = Math.min(all, Math.max(allowed, small))
    return all - units <= REMAINDER * all ? all : units
  }
  sale.lot = cut(sale.cover)
  sale.most = part === 0 ? Math.min(all, small) : cut(sale.cover * part)
}

function diverges({ of }: Engine, { prices, items }: Protocol, asset: number): boolean {
  const { average } = items as DriftBooks
  return (
    of.blockedAbove !== undefined && isDivergent(prices[asset], average[asset], of.blockedAbove)
  )
}

/** Below this share a remainder is rounding. */
export const REMAINDER = 1e-12
