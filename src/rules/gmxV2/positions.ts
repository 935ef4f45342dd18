/** Positions against a pool: their legs, and how a table of positions becomes them. */

import { type Book, bookFrom, type Leg } from '../../book.ts'
import type { Protocol } from '../../rules.ts'
import type { Positions } from '../../scenario.ts'
import { check } from '../terms.ts'
import {
  type Layout,
  LONG,
  LONG_SIZE,
  LONG_TOKEN,
  REQUIREMENT,
  SHORT,
  SHORT_SIZE,
  SLOTS,
} from './markets.ts'
import type { MarketSpec } from './parameters.ts'

/** Legs of a position from its first: index tokens, size, collateral, requirement. */
export const SIZE_LEG = 1
export const COLLATERAL_LEG = 2
export const REQUIREMENT_LEG = 3

/** A position as it stands in a book. Reused between calls. */
export interface Position {
  market: number
  /** 0 for a long, 1 for a short; and for its collateral, in the long or in the short token. */
  side: 0 | 1
  token: 0 | 1
  leg: number
  units: number
  sizeUsd: number
  collateral: number
}

/** A position of nobody. */
export function position(): Position {
  return { market: 0, side: 0, token: 0, leg: 0, units: 0.5, sizeUsd: 0.5, collateral: 0.5 }
}

/** Reads the position of an account; false where it has none (any more). */
export function readPosition({ book }: Protocol, account: number, out: Position): boolean {
  const leg = book.start[account]
  if (leg === book.start[account + 1]) return false
  const side = book.slot[leg] % SLOTS
  if (side !== LONG && side !== SHORT) return false
  out.leg = leg
  out.side = side
  out.market = Math.floor(book.slot[leg] / SLOTS)
  out.token = book.slot[leg + COLLATERAL_LEG] % SLOTS === LONG_TOKEN ? 0 : 1
  out.units = Math.abs(book.amount[leg])
  out.sizeUsd = Math.abs(book.amount[leg + SIZE_LEG])
  out.collateral = book.amount[leg + COLLATERAL_LEG]
  return out.units > 0
}

/** USD of collateral that a position of this size must not fall below. */
export function requirement(
  { minCollateralFactor }: MarketSpec,
  minCollateralUsd: number,
  sizeUsd: number,
): number {
  return Math.max(minCollateralUsd, sizeUsd * minCollateralFactor)
}

/**
 * Lays positions out as legs.
 *
 * Rule:   an account is one position. A row of its market's index, in the market's group, is the
 *         position; its size is units x `entry`, or x the price now. Another row is its collateral,
 *         with no group or the market's. Where a position has no entry and a row of the short
 *         token in its group, that row is what is left after it was paid for (a loan, as a
 *         synthetic book has them): collateral is what the account is worth; one that is worth
 *         less than nothing has none, and the size that it owes.
 * Throws: ParameterError FB2233 for an account with two positions, FB2234 for one whose collateral
 *         is owed or is two tokens
 */
export function layOut(
  layout: Layout,
  minCollateralUsd: number,
  positions: Positions,
  prices: ArrayLike<number>,
): Book {
  const held = gather(layout, positions)
  const legs = held.flatMap((each, account): Leg[] => {
    const { row, token, units, net, market: m } = each
    const first = m * SLOTS
    const collateral = first + LONG_TOKEN + (token === 0 ? 0 : 1)
    const name = `account ${positions.accounts[account]}`
    if (row < 0) {
      check(net >= 0, 'FB2234', name, 'a debt stands beside a position', net)
      return token < 0 ? [] : [{ account, slot: collateral, amount: units + net }]
    }
    const market = layout.markets[m]
    const side = positions.side[row]
    const amount = positions.amount[row] * side
    const entry = positions.own?.entry?.[row] || 0
    const { sizeUsd, owned } = opening(market, amount, entry, each, prices)
    const needed = requirement(market, minCollateralUsd, sizeUsd)
    check(owned >= 0, 'FB2234', name, 'collateral is owned', owned)
    return [
      { account, slot: first + (side > 0 ? LONG : SHORT), amount },
      { account, slot: first + (side > 0 ? LONG_SIZE : SHORT_SIZE), amount: -side * sizeUsd },
      { account, slot: collateral, amount: owned },
      { account, slot: first + REQUIREMENT, amount: -needed },
    ]
  })
  return bookFrom(held.length, legs)
}

/** Size of a position of so many tokens (below 0: a short), and its own collateral. */
function opening(
  { index, short }: MarketSpec,
  amount: number,
  entry: number,
  { units, net }: Held,
  prices: ArrayLike<number>,
): { readonly sizeUsd: number; readonly owned: number } {
  if (entry > 0) return { sizeUsd: Math.abs(amount) * entry, owned: units + net }
  if (net === 0) return { sizeUsd: Math.abs(amount) * prices[index], owned: units }
  const left = Math.max(0, net * prices[short] + amount * prices[index])
  const sizeUsd = Math.abs(left - net * prices[short])
  return { sizeUsd, owned: units + left / prices[short] }
}

/** Rows of one account: its position, its collateral, what is left after its cost. */
interface Held {
  market: number
  row: number
  /** 0 for the long token, 1 for the short token, -1 for neither. */
  token: -1 | 0 | 1
  units: number
  net: number
}

function gather(layout: Layout, { accounts, account, asset, side, group, amount }: Positions) {
  const held = accounts.map((): Held => ({ market: 0, row: -1, token: -1, units: 0, net: 0 }))
  const collateral: number[] = []
  for (let k = 0; k < account.length; k++) {
    const of = held[account[k]]
    const slot = layout.slotOf(asset[k], side[k] as 1 | -1, group[k])
    const isPosition = slot % SLOTS === LONG || slot % SLOTS === SHORT
    if (!isPosition) collateral.push(k)
    if (of.row < 0) of.market = Math.floor(slot / SLOTS)
    const name = `account ${accounts[account[k]]}`
    const rule = 'an account is one position'
    if (isPosition) check(of.row < 0, 'FB2233', name, rule, 'two')
    if (isPosition) of.row = k
  }
  for (const k of collateral) {
    const of = held[account[k]]
    const { long, short, group: own } = layout.markets[of.market]
    const token = asset[k] === short ? 1 : 0
    const name = `account ${accounts[account[k]]}`
    const isOfMarket = (group[k] === 0 || group[k] === own) && (token === 1 || asset[k] === long)
    check(isOfMarket, 'FB2233', name, 'collateral is of the market of its position', 'another')
    const isOne = of.token < 0 || of.token === token
    check(isOne, 'FB2234', name, 'collateral is one token', 'two')
    of.token = token
    if (token === 1 && group[k] === own) of.net += amount[k] * side[k]
    else of.units += amount[k]
  }
  return held
}
