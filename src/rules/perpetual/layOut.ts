/** Positions as accounts of a perpetual exchange. */

import type { Book } from '../../book.ts'
import type { Positions } from '../../scenario.ts'
import { type Layout, tierAt } from './markets.ts'
import { findTiers, held, hold } from './tiers.ts'

/** Positions as a book, with the entry price of each leg. */
export interface Laid {
  readonly book: Book
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
  const { accounts, account } = positions
  const rows = rowsByAccount(account, accounts.length)
  const marketFor = new Int32Array(marks.length).fill(-1)
  layout.markets.forEach(({ asset }, m) => {
    marketFor[asset] = m
  })
  const start = new Uint32Array(accounts.length + 1)
  const legs = legColumns(account.length)
  for (let i = 0; i < accounts.length; i++) {
    held.count = 0
    let cash = 0
    let worth = 0
    for (let r = rows.start[i]; r < rows.start[i + 1]; r++) {
      const k = rows.row[r]
      const asset = positions.asset[k]
      const signed = positions.amount[k] * positions.side[k]
      const at = positions.own?.entry?.[k] || Number.NaN
      if (marketFor[asset] >= 0) {
        hold(marketFor[asset], signed, Number.isNaN(at) ? marks[asset] / coinOf(layout, marks) : at)
        if (!Number.isNaN(at)) cash -= signed * at
      } else if (layout.slots.asset[layout.cash] === asset) cash += signed
      else {
        const slot = layout.collateralSlot[asset]
        worth += signed * marks[asset] * layout.counts[slot]
        addLeg(legs, slot, signed, Number.NaN)
      }
    }
    findTiers(layout, cash * coinOf(layout, marks) + worth, marks)
    const deduction = addPositions(layout, marks, legs)
    addLeg(legs, layout.cash, cash, Number.NaN)
    if (deduction >= 0) addLeg(legs, layout.allowance, deduction, Number.NaN)
    start[i + 1] = legs.count
  }
  const { slot, amount, entry } = resized(legs.count, legs)
  return { book: { start, slot, amount, version: new Uint32Array(accounts.length) }, entry }
}

const coinOf = ({ slots, cash }: Layout, marks: ArrayLike<number>) => marks[slots.asset[cash]]

/** Legs as columns that grow. */
interface LegColumns {
  count: number
  slot: Uint16Array
  amount: Float64Array
  entry: Float64Array
}

function legColumns(room: number): LegColumns {
  return {
    count: 0,
    slot: new Uint16Array(room),
    amount: new Float64Array(room),
    entry: new Float64Array(room),
  }
}

/** The same with room for so many. */
function resized(room: number, legs: LegColumns): LegColumns {
  if (room === legs.slot.length) return legs
  const grown = legColumns(room)
  grown.count = legs.count
  grown.slot.set(legs.slot.subarray(0, room))
  grown.amount.set(legs.amount.subarray(0, room))
  grown.entry.set(legs.entry.subarray(0, room))
  return grown
}

function addLeg(to: LegColumns, slot: number, units: number, entry: number): void {
  if (to.count === to.slot.length) Object.assign(to, resized(2 * to.count + 1, to))
  const k = to.count++
  to.slot[k] = slot
  to.amount[k] = units
  to.entry[k] = entry
}

/** Adds the legs of positions; returns the deduction, and -1 where there will never be one. */
function addPositions({ markets }: Layout, marks: ArrayLike<number>, to: LegColumns): number {
  let deduction = -1
  for (let n = 0; n < held.count; n++) {
    const of = markets[held.market[n]]
    const tier = held.tier[n]
    const now = tierAt(of, Math.abs(held.units[n]) * marks[of.asset])
    const first = held.units[n] > 0 ? of.long : of.short
    for (let k = 0; k <= Math.max(tier, now); k++)
      addLeg(to, first + k, k === tier ? held.units[n] : 0, held.entry[n])
    if (tier > 0 || now > 0) deduction = Math.max(0, deduction) + of.deduction[tier]
  }
  return deduction
}

/** Rows of positions in the order of their accounts. */
function rowsByAccount(account: ArrayLike<number>, count: number) {
  // One entry ahead, until the rows are placed.
  const start = new Uint32Array(count + 2)
  for (let k = 0; k < account.length; k++) start[account[k] + 2]++
  for (let i = 0; i < count; i++) start[i + 2] += start[i + 1]
  const row = new Uint32Array(account.length)
  for (let k = 0; k < account.length; k++) row[start[account[k] + 1]++] = k
  return { start, row }
}
