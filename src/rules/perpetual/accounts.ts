/** Accounts of a perpetual exchange: their legs, their equity and margin, and writes to them. */

import type { Leg } from '../../book.ts'
import type { Protocol } from '../../rules.ts'
import type { Positions } from '../../scenario.ts'
import type { PerpetualBooks } from './books.ts'
import { type Layout, maintenance, tierAt } from './markets.ts'

/** Positions as legs, with the entry price of each leg. */
export interface Laid {
  readonly legs: Leg[]
  /** USD per unit by leg: NaN where a position states none, and for legs that are no position. */
  readonly entry: Float64Array
}

/**
 * Lays positions out as legs.
 *
 * Rule:  A position of q units is a leg of q (a short: -q) and, where it states its entry, costs
 *        q x entry of cash; where it states none, the cash of the account is after that cost. Its
 *        leg stands in the slot of its tier, with the tier's deduction beside it; an account that
 *        may come to lower tiers has empty legs for them.
 *        The tier is that of the notional at which health, with all marks moved in proportion,
 *        reaches 0: there the line of that tier is exact, and it crosses 0 nowhere else. With
 *        several markets, or collateral that moves, that holds for moves in proportion, and other
 *        moves may be noticed late by at most the difference of two rates on what lies past the
 *        bound between them.
 */
export function layOut(layout: Layout, positions: Positions, marks: ArrayLike<number>): Laid {
  const { account, asset, side, amount, own } = positions
  const count = positions.accounts.length
  const rows = rowsByAccount(account, count)
  const coin = marks[layout.slots.asset[layout.cash]]
  const legs: Leg[] = []
  const entry: number[] = []
  const add = (i: number, slot: number, units: number, at = Number.NaN) => {
    legs.push({ account: i, slot, amount: units })
    entry.push(at)
  }
  for (let i = 0; i < count; i++) {
    const held: Held[] = []
    let cash = 0
    let worth = 0
    for (let r = rows.start[i]; r < rows.start[i + 1]; r++) {
      const k = rows.row[r]
      const signed = amount[k] * side[k]
      const market = layout.markets.findIndex((each) => each.asset === asset[k])
      const at = own?.entry?.[k] || Number.NaN
      if (market >= 0) {
        held.push({ market, units: signed, entry: Number.isNaN(at) ? marks[asset[k]] / coin : at })
        if (!Number.isNaN(at)) cash -= signed * at
      } else if (layout.slots.asset[layout.cash] === asset[k]) cash += signed
      else {
        const slot = layout.collateralSlot[asset[k]]
        worth += signed * marks[asset[k]] * layout.counts[slot]
        add(i, slot, signed)
      }
    }
    const deduction = addPositions(layout, held, cash * coin + worth, marks, (slot, units, at) =>
      add(i, slot, units, at),
    )
    add(i, layout.cash, cash)
    if (deduction >= 0) add(i, layout.allowance, deduction)
  }
  return { legs, entry: Float64Array.from(entry) }
}

interface Held {
  readonly market: number
  readonly units: number
  readonly entry: number
}

/** Adds the legs of positions; returns the deduction, and -1 where there will never be one. */
function addPositions(
  layout: Layout,
  held: readonly Held[],
  rest: number,
  marks: ArrayLike<number>,
  add: (slot: number, units: number, entry: number) => void,
): number {
  const tiers = tiersAtEdge(layout, held, rest, marks)
  let deduction = -1
  held.forEach(({ market, units, entry }, n) => {
    const of = layout.markets[market]
    const now = tierAt(of, Math.abs(units) * marks[of.asset])
    const first = units > 0 ? of.long : of.short
    for (let k = 0; k <= Math.max(tiers[n], now); k++)
      add(first + k, k === tiers[n] ? units : 0, entry)
    if (tiers[n] > 0 || now > 0) deduction = Math.max(0, deduction) + of.deduction[tiers[n]]
  })
  return deduction
}

/** Tiers of positions at marks that move in proportion until health is 0. */
function tiersAtEdge(
  { markets }: Layout,
  held: readonly Held[],
  rest: number,
  marks: ArrayLike<number>,
): number[] {
  const notional = held.map(({ market, units }) => Math.abs(units) * marks[markets[market].asset])
  let tiers = held.map(({ market }, n) => tierAt(markets[market], notional[n]))
  for (let again = 0; again < TIERS_MOST; again++) {
    let moving = 0
    let fixed = rest
    held.forEach(({ market, units }, n) => {
      const { rate, deduction } = markets[market]
      moving += notional[n] * (Math.sign(units) - rate[tiers[n]])
      fixed += deduction[tiers[n]]
    })
    const scale = -fixed / moving
    if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) return tiers
    const next = held.map(({ market }, n) => tierAt(markets[market], notional[n] * scale))
    if (next.every((k, n) => k === tiers[n])) return tiers
    tiers = next
  }
  return tiers
}

const TIERS_MOST = 64

/** Rows of positions in the order of their accounts. */
function rowsByAccount(account: ArrayLike<number>, count: number) {
  const start = new Uint32Array(count + 1)
  for (let k = 0; k < account.length; k++) start[account[k] + 1]++
  for (let i = 0; i < count; i++) start[i + 1] += start[i]
  const next = start.slice()
  const row = new Uint32Array(account.length)
  for (let k = 0; k < account.length; k++) row[next[account[k]]++] = k
  return { start, row }
}

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
  let [equity, needed, notional, hasCollateral] = [0, 0, 0, false]
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
  if (book.slot[book.start[account + 1] - 1] !== allowance) return
  const held: (Held & { readonly leg: number; readonly last: number })[] = []
  let rest = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    const market = marketOf[slot]
    if (slot === allowance) continue
    if (market < 0) {
      const worth = prices[slots.asset[slot]] * counts[slot]
      rest += book.amount[k] * worth
    } else if (tierOf[slot] === 0)
      held.push({ market, units: book.amount[k], entry: Number.NaN, leg: k, last: k })
    else {
      const of = held[held.length - 1]
      held[held.length - 1] = { ...of, units: of.units + book.amount[k], last: k }
    }
  }
  let deduction = 0
  const open = held.filter(({ units }) => units !== 0)
  const tiers = tiersAtEdge(layout, open, rest, prices)
  open.forEach(({ market, units, leg, last }, n) => {
    const tier = Math.min(tiers[n], last - leg)
    book.amount.fill(0, leg, last + 1)
    book.amount[leg + tier] = units
    deduction += layout.markets[market].deduction[tier]
  })
  book.amount[book.start[account + 1] - 1] = deduction
}
