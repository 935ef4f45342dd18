/** Accounts of a Drift v2 deployment: their legs, and what they have, owe and need. */

import { type Book, bookFrom, health, type Leg } from '../../book.ts'
import type { Protocol } from '../../rules.ts'
import type { Positions } from '../../scenario.ts'
import { check } from '../terms.ts'
import type { DriftBooks } from './books.ts'
import { sizeDiscount, sizePremium } from './formulas.ts'
import { CASH, DEBT, DEPOSIT, type Layout, MARGIN, PERP, positionsOf } from './layout.ts'

/**
 * Lays positions out as legs.
 *
 * Rule: One leg for what an account has of each perpetual market, one for each spot market, and its
 *       cash: the settlement asset, less what is owed of it. Cash below 0 is a borrow where the
 *       account has no perpetual position, and a loss where it has one. Behind each leg that needs
 *       margin stands a leg of that requirement.
 *
 * Throws: ParameterError FB2332
 */
export function layOut(layout: Layout, positions: Positions): Book {
  const { cash, perps, spots } = layout
  const legs: Leg[] = []
  heldBy(layout, positions).forEach((held, account) => {
    const add = (slot: number, amount: number, behind: number) => {
      legs.push({ account, slot, amount })
      if (behind < 0) return
      legs.push({ account, slot: behind, amount: requirement(layout, slot, amount, 1, 0) })
    }
    perps.forEach(({ long, short, margin }, m) => {
      if (held[m] !== 0) add(held[m] > 0 ? long : short, held[m], margin)
    })
    const isSpot = perps.every((_, m) => held[m] === 0)
    spots.forEach(({ deposit, depositMargin, debt, debtMargin }, n) => {
      const units = held[perps.length + n]
      if (n === 0) add(cash, units, isSpot ? debtMargin : -1)
      else if (units > 0) add(deposit, units, depositMargin)
      else if (units < 0) add(debt, units, debtMargin)
    })
  })
  return bookFrom(positions.accounts.length, legs)
}

/** Signed units by account, of all perpetual markets and then of all spot markets. */
function heldBy(layout: Layout, positions: Positions): Float64Array[] {
  const { perps, spots } = layout
  const { accounts, account, asset, side, group, amount } = positions
  const { slotOf } = positionsOf(layout)
  const all = accounts.map(() => new Float64Array(perps.length + spots.length))
  for (let k = 0; k < amount.length; k++) {
    const isKnown = slotOf(asset[k], side[k] as 1 | -1, group[k]) >= 0
    const rule = 'a position is of its perpetual market, or of a spot market'
    check(isKnown, 'FB2332', 'positions', rule, accounts[account[k]])
    const m = perps.findIndex((each) => each.group === group[k] && each.asset === asset[k])
    const n = perps.length + spots.findIndex((each) => each.asset === asset[k])
    all[account[k]][m >= 0 ? m : n] += side[k] * amount[k]
  }
  return all
}

/** Margin ratio of a perpetual position or weight of a borrow by its size, without the buffer. */
export function ratioOf({ kind, market, perps, spots }: Layout, slot: number, units: number) {
  if (kind[slot] === PERP) {
    const { imf, maintenance } = perps[market[slot]]
    return sizePremium(units, imf, maintenance)
  }
  const { imf, liabilityWeight } = spots[market[slot]]
  return sizePremium(units, imf, liabilityWeight)
}

/**
 * Amount of the leg behind a leg: what it needs beyond what it is worth, in its units, below 0.
 *
 * Rule: a position: ratio + buffer; a borrow: weight + buffer - 1; a deposit: what its weight loses
 *       by its size
 */
function requirement(
  layout: Layout,
  slot: number,
  amount: number,
  index: number,
  buffer: number,
): number {
  const { kind, market, spots } = layout
  const units = Math.abs(amount) * index
  if (kind[slot] === DEPOSIT) {
    const { assetWeight, imf } = spots[market[slot]]
    return 0 - amount * (assetWeight - sizeDiscount(units, imf, assetWeight))
  }
  if (kind[slot] === PERP) return 0 - Math.abs(amount) * (ratioOf(layout, slot, units) + buffer)
  return Math.min(0, amount) * (ratioOf(layout, slot, units) - 1 + buffer)
}

/** Writes the requirements of an account anew, by what its legs are now. */
export function writeRequirements(
  layout: Layout,
  protocol: Protocol,
  account: number,
  buffer: number,
) {
  const { book, index } = protocol
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    if (layout.kind[slot] !== MARGIN) continue
    const of = book.slot[k - 1]
    book.amount[k] = requirement(layout, of, book.amount[k - 1], index[of], buffer)
  }
}

/** What an account has, owes and needs, USD. Reused between calls. */
export interface Standing {
  health: number
  /** What it lacks to its requirement with the buffer. */
  shortage: number
  /** Requirement without the buffer, and what the buffer is a share of. */
  requirement: number
  liabilities: number
  isInLiquidation: boolean
  /** Since the liquidation began, and margin freed since. */
  seconds: number
  freedUsd: number
  /** Whether a perpetual position is open, and the first market that it had one in: -1 for none. */
  hasOpen: boolean
  firstPerp: number
  owns: boolean
  owes: boolean
  cashLeg: number
}

/** A standing of nobody. */
export function standing(): Standing {
  return {
    health: 0.5,
    shortage: 0.5,
    requirement: 0.5,
    liabilities: 0.5,
    isInLiquidation: false,
    seconds: 0.5,
    freedUsd: 0.5,
    hasOpen: false,
    firstPerp: -1,
    owns: false,
    owes: false,
    cashLeg: 0,
  }
}

/** Adds an account up at the published prices. */
export function look(
  layout: Layout,
  buffer: number,
  protocol: Protocol,
  account: number,
  out: Standing,
): void {
  const { book, values, items } = protocol
  const { since, freedUsd, clock } = items as DriftBooks
  out.health = health(book, values, account)
  out.isInLiquidation = since[account] >= 0
  out.seconds = out.isInLiquidation ? clock - since[account] : 0
  out.freedUsd = out.isInLiquidation ? freedUsd[account] : 0
  addUp(layout, protocol, account, out)
  out.shortage = (out.isInLiquidation ? 0 : buffer * out.liabilities) - out.health
}

function addUp(layout: Layout, protocol: Protocol, account: number, out: Standing): void {
  const { book, index, prices } = protocol
  const { kind, slots, market } = layout
  out.requirement = out.liabilities = 0
  out.hasOpen = out.owns = out.owes = false
  out.firstPerp = -1
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    const amount = book.amount[k]
    const isPerp = kind[slot] === PERP
    if (kind[slot] === MARGIN) continue
    if (kind[slot] === CASH) out.cashLeg = k
    if (isPerp && out.firstPerp < 0) out.firstPerp = market[slot]
    if (amount === 0) continue
    if (isPerp) out.hasOpen = true
    else if (amount > 0) out.owns = true
    else out.owes = true
    const isBorrow = kind[slot] === DEBT || (kind[slot] === CASH && amount < 0)
    if (!isPerp && (!isBorrow || (kind[slot] === CASH && !isSpot(layout, protocol, k)))) continue
    const units = Math.abs(amount) * index[slot]
    const worth = units * prices[slots.asset[slot]]
    out.liabilities += worth
    out.requirement += worth * ratioOf(layout, slot, units)
  }
}

/** Whether cash below 0 is a borrow: then its requirement stands behind it. */
function isSpot({ kind }: Layout, { book }: Protocol, cashLeg: number): boolean {
  return cashLeg + 1 < book.slot.length && kind[book.slot[cashLeg + 1]] === MARGIN
}
