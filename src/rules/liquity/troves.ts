/** Troves as legs, the sums over them, and the pools that stand behind them. */

import { type Book, bookFrom, type Leg, type Slots } from '../../book.ts'
import type { Items, Protocol } from '../../rules.ts'
import type { Positions } from '../../scenario.ts'
import { check } from '../terms.ts'

/** Troves of one collateral and the pool that stands behind them. */
export interface Branch {
  readonly group: number
  readonly collateral: number
  /** Collateral ratio below which a trove may always be liquidated: above 1. */
  readonly mcr: number
  readonly poolUnits: number
  /** Discount at which the pool sells what it received; null: it keeps it. */
  readonly poolSells: number | null
}

/** Branches that share one debt asset. */
export interface Branches {
  readonly debt: number
  readonly branches: readonly Branch[]
}

/**
 * Sums over the troves, and the pools.
 *
 * Shape: one entry per branch.
 * Units: `stakes` and `debts` scaled, as the legs are; `pool` in units of debt, `held` of
 *        collateral that the pool received and may sell.
 */
export interface Troves extends Items {
  stamp: number
  /** False before the first look at the book. */
  isCounted: boolean
  readonly stakes: Float64Array
  readonly debts: Float64Array
  /** Troves that have a stake; and `stakes` when they were last added up from the book. */
  readonly count: Float64Array
  readonly counted: Float64Array
  readonly pool: Float64Array
  readonly held: Float64Array
  readonly isShut: Uint8Array
}

/** Slots of a branch. */
export const STAKE = 0
export const OWN = 1
export const SHARED = 2
export const SLOTS = 3

/** Collateral ratio of all troves of a branch together; Infinity without debt. */
export function totalRatio({ branches }: Branches, protocol: Protocol, b: number): number {
  const { index, items } = protocol
  const { stakes, debts } = items as Troves
  const first = SLOTS * b
  const owed = debts[b] * index[first + OWN] + stakes[b] * index[first + SHARED]
  const price = priceOf(protocol, branches[b].collateral)
  return owed > 0 ? (stakes[b] * index[first + STAKE] * price) / owed : Number.POSITIVE_INFINITY
}

/** Throws a ParameterError on what no branch may have. */
export function checkBranch(
  { collateral, mcr, poolUnits, poolSells }: Branch,
  debt: number,
  place: string,
  codes: { readonly asset: string; readonly mcr: string; readonly pool: string },
): void {
  const differs = collateral !== debt
  check(differs, codes.asset, `${place}collateral`, 'a trove owes another asset', collateral)
  const isRatio = mcr > 1 && mcr < Number.POSITIVE_INFINITY
  check(isRatio, codes.mcr, `${place}mcr`, 'a trove needs a collateral ratio above 1', mcr)
  const holds = poolUnits >= 0 && poolUnits < Number.POSITIVE_INFINITY
  check(holds, codes.pool, `${place}poolUnits`, 'a pool holds 0 units or more', poolUnits)
  const sells = poolSells === null || (poolSells >= 0 && poolSells < 1)
  check(sells, codes.pool, `${place}poolSells`, 'a discount is from 0 to below 1', poolSells)
}

/** Three slots for each branch. */
export function layOut({ branches, debt }: Branches): Slots {
  const all = branches.flatMap(({ collateral, group }) => [
    { asset: collateral, side: 1, group },
    { asset: debt, side: -1, group },
    { asset: debt, side: -1, group },
  ])
  return {
    count: all.length,
    asset: Uint16Array.from(all, ({ asset }) => asset),
    side: Int8Array.from(all, ({ side }) => side),
    group: Uint16Array.from(all, ({ group }) => group),
  }
}

/** Slot of a position; -1 where its branch has no such. Debt taken over is no position. */
export function slotOf(
  { branches, debt }: Branches,
  asset: number,
  side: 1 | -1,
  group: number,
): number {
  const b = branches.findIndex((branch) => branch.group === group)
  if (b < 0) return -1
  if (side > 0) return asset === branches[b].collateral ? SLOTS * b + STAKE : -1
  return asset === debt ? SLOTS * b + OWN : -1
}

/** The branch of a slot. */
export function branchOf(slot: number): number {
  return Math.floor(slot / SLOTS)
}

/** What collateral counts at, USD: the lower end of what is published. */
export function priceOf({ prices, confidence }: Protocol, asset: number): number {
  return Math.max(0, prices[asset] - confidence[asset])
}

/** Adds the troves up anew. */
export function count({ book, items }: Protocol): void {
  const troves = items as Troves
  troves.isCounted = true
  troves.stakes.fill(0)
  troves.debts.fill(0)
  troves.count.fill(0)
  const { slot, amount } = book
  for (let k = 0; k < amount.length; k++) {
    const b = branchOf(slot[k])
    const kind = slot[k] - SLOTS * b
    if (kind === STAKE) troves.stakes[b] += amount[k]
    if (kind === STAKE) troves.count[b] += +(amount[k] > 0)
    if (kind === OWN) troves.debts[b] -= amount[k]
  }
  troves.counted.set(troves.stakes)
}

/**
 * One trove for each account, whatever the order of its positions.
 *
 * Shape:  legs in the order of `STAKE`, `OWN`, `SHARED`.
 * Throws: ParameterError on a position that no branch has, or an account in two branches.
 */
export function troveBook(model: Branches, positions: Positions): Book {
  const { accounts, account, asset, side, group, amount } = positions
  const branch = new Int32Array(accounts.length).fill(-1)
  const stake = new Float64Array(accounts.length)
  const owed = new Float64Array(accounts.length)
  for (let k = 0; k < amount.length; k++) {
    const i = account[k]
    const slot = slotOf(model, asset[k], side[k] as 1 | -1, group[k])
    check(slot >= 0, 'FB2274', 'book', 'a position is of the assets of its branch', accounts[i])
    const isOne = branch[i] < 0 || branch[i] === branchOf(slot)
    check(isOne, 'FB2274', 'book', 'an account is one trove, of one branch', accounts[i])
    branch[i] = branchOf(slot)
    if (side[k] > 0) stake[i] += amount[k]
    else owed[i] += amount[k]
  }
  const legs: Leg[] = []
  for (let i = 0; i < accounts.length; i++) {
    if (branch[i] < 0) continue
    const first = SLOTS * branch[i]
    legs.push({ account: i, slot: first + STAKE, amount: stake[i] })
    legs.push({ account: i, slot: first + OWN, amount: 0 - owed[i] })
    legs.push({ account: i, slot: first + SHARED, amount: 0 - stake[i] })
  }
  return bookFrom(accounts.length, legs)
}

/** Sums that nobody has added up yet, and the pools as they open. */
export function noTroves(branches: readonly Branch[]): Troves {
  const column = () => new Float64Array(branches.length)
  const self: Troves = {
    stamp: 0,
    isCounted: false,
    stakes: column(),
    debts: column(),
    count: column(),
    counted: column(),
    pool: Float64Array.from(branches, ({ poolUnits }) => poolUnits),
    held: column(),
    isShut: new Uint8Array(branches.length),
    copy() {
      const other = noTroves(branches)
      other.reset(self)
      return other
    },
    reset(other) {
      const from = other as Troves
      self.stamp = from.stamp
      self.isCounted = from.isCounted
      for (const name of COLUMNS) self[name].set(from[name])
      self.isShut.set(from.isShut)
    },
  }
  return self
}

const COLUMNS = ['stakes', 'debts', 'count', 'counted', 'pool', 'held'] as const
