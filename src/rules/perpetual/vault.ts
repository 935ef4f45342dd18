/** The backstop of a perpetual exchange: a vault that takes positions over and sells them. */

import { type Closings, type Filled, type Orders, pushClosing } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import { ACCOUNTS, BIDDER, ITEMS, LENDERS, POOL, type Protocol, pushMove } from '../../rules.ts'
import { debit, type PerpetualBooks } from './books.ts'
import { type Engine, order } from './engine.ts'

/** The vault sells what it took over, a share of it in every block. */
export function planVault(
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

/** Takes over a position of the plan, at the mark. */
export function takeOver(
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
export function giveCash(
  { layout }: Engine,
  { book, items }: Protocol,
  cashLeg: number,
  { moves }: Closings,
): void {
  const { slots, cash } = layout
  const units = book.amount[cashLeg]
  book.amount[cashLeg] = 0
  ;(items as PerpetualBooks).vaultCash += units
  pushMove(moves, slots.asset[cash], ACCOUNTS, ITEMS, units)
}

/** Settles what the vault sold; once it is flat, the fund pays what it lost. */
export function fillVault(
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

/** The vault is flat below this worth of a position. */
const DUST_USD = 1e-6
