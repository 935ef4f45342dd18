/** Accounts of a perpetual exchange: their equity and margin, and writes to them. */

import type { Protocol } from '../../rules.ts'
import type { PerpetualBooks } from './books.ts'
import { type Layout, maintenance } from './markets.ts'
import { findTiers, held, hold } from './tiers.ts'

/** What an account has and needs, USD. Reused between calls. */
export interface Margin {
  equity: number
  maintenance: number
  notional: number
  /** Whether it owns anything beside cash and positions. */
  hasCollateral: boolean
  cashLeg: number
}

/**
 * Equity and maintenance margin of an account at the published marks, exactly.
 *
 * Rule: equity = cash + sum q (mark - F) + sum collateral x price x (1 - haircut), with F the
 *       funding per unit so far; maintenance by the tier of each position's notional.
 */
export function marginOf(layout: Layout, protocol: Protocol, account: number, out: Margin): void {
  const { book, prices, items } = protocol
  const { funding } = items as PerpetualBooks
  const { slots, marketOf, markets, counts, cash, allowance } = layout
  const coin = prices[slots.asset[cash]]
  // Sums are written when they are done: a field of an object costs more than a local.
  let equity = 0
  let needed = 0
  let notional = 0
  let hasCollateral = false
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) {
    const slot = book.slot[k]
    const units = book.amount[k]
    const m = marketOf[slot]
    if (slot === cash) {
      out.cashLeg = k
      equity += units * coin
    } else if (m < 0 && slot !== allowance) {
      equity += units * prices[slots.asset[slot]] * counts[slot]
      if (units > 0) hasCollateral = true
    } else if (m >= 0 && units !== 0) {
      const mark = prices[markets[m].asset]
      const worth = Math.abs(units) * mark
      equity += units * (mark - funding[m] * coin)
      needed += maintenance(markets[m], worth)
      notional += worth
    }
  }
  out.equity = equity
  out.maintenance = needed
  out.notional = notional
  out.hasCollateral = hasCollateral
}

/** Cash after a closing at the bankruptcy price is 0 where only rounding says otherwise. */
export function forgetRounding({ book }: Protocol, cashLeg: number, closed: number): void {
  if (Math.abs(book.amount[cashLeg]) <= ROUNDING * Math.abs(closed)) book.amount[cashLeg] = 0
}

/** A double's error in a few sums, as a share of what was summed. */
const ROUNDING = 1e-12

/** Puts positions in the slots of their tiers, and the deduction beside them, after a write. */
export function retier(layout: Layout, protocol: Protocol, account: number): void {
  const { book, prices } = protocol
  const { marketOf, tierOf, slots, counts, allowance } = layout
  const end = book.start[account + 1] - 1
  if (book.slot[end] !== allowance) return
  held.count = 0
  let rest = 0
  for (let k = book.start[account]; k < end; k++) {
    const slot = book.slot[k]
    if (marketOf[slot] < 0) {
      const worth = prices[slots.asset[slot]] * counts[slot]
      rest += book.amount[k] * worth
    } else {
      if (tierOf[slot] === 0) {
        firstLeg[held.count] = k
        hold(marketOf[slot], 0, Number.NaN)
      }
      held.units[held.count - 1] += book.amount[k]
      lastLeg[held.count - 1] = k
    }
  }
  findTiers(layout, rest, prices)
  let deduction = 0
  for (let n = 0; n < held.count; n++) {
    if (held.units[n] === 0) continue
    const tier = Math.min(held.tier[n], lastLeg[n] - firstLeg[n])
    book.amount.fill(0, firstLeg[n], lastLeg[n] + 1)
    book.amount[firstLeg[n] + tier] = held.units[n]
    deduction += layout.markets[held.market[n]].deduction[tier]
  }
  book.amount[end] = deduction
}

/** Legs of the positions held, from the first tier to the last. */
const firstLeg: number[] = []
const lastLeg: number[] = []
