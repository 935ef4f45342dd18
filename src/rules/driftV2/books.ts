/** What a Drift v2 deployment holds itself: funds, funding, losses, and who is in liquidation. */

import type { Book } from '../../book.ts'
import type { Items } from '../../rules.ts'

/** Numbers that change, as columns. */
interface Columns {
  /** Insurance funds by asset. */
  readonly fund: Float64Array
  /** What accounts of the book paid of funding, and lost of deposits that were cut, by asset. */
  readonly pot: Float64Array
  /** What the fund may still pay for a market, and fees that pay after it, by market. */
  readonly claim: Float64Array
  readonly feePool: Float64Array
  /** Per unit so far: what longs paid shorts, and what both bear of losses, by market. */
  readonly funding: Float64Array
  readonly loss: Float64Array
  /** What accounts that closed paid of shared losses, by market. */
  readonly borne: Float64Array
  /** Open units of longs and shorts of each market in turn. */
  readonly open: Float64Array
  /** Deposits of the book, scaled, by asset. */
  readonly deposits: Float64Array
  /** Both as they were when they were last added up from the book. */
  readonly openCounted: Float64Array
  readonly depositsCounted: Float64Array
  /** 5-minute average price by asset. */
  readonly average: Float64Array
  /** When the liquidation of an account began, -1 where there is none; and margin freed since. */
  readonly since: Float64Array
  readonly freedUsd: Float64Array
}

/**
 * Books of a deployment.
 *
 * Units: money in the settlement asset, funds, pots and deposits in their own; averages in USD;
 *        times in seconds since the opening. A run without time never moves the clock from 0.
 */
export interface DriftBooks extends Items, Columns {
  stamp: number
  clock: number
  /** Until then time alone lets more go of liquidations that have begun, or raises their fees. */
  growsUntil: number
  risesUntil: number
}

/**
 * Takes units of a leg that was written out of a sum over all legs of its slot.
 *
 * Rule: what is left of a sum that was once much larger is mostly rounding: below half of what it
 *       was when it was added up, it is added up anew.
 */
export function lessen(
  sums: Float64Array,
  counted: Float64Array,
  at: number,
  units: number,
  { slot, amount }: Book,
  of: number,
): void {
  sums[at] -= units
  if (2 * sums[at] > counted[at]) return
  let sum = 0
  for (let k = 0; k < amount.length; k++) if (slot[k] === of) sum += Math.abs(amount[k])
  sums[at] = counted[at] = sum
}

/** Books at the opening. */
export function openBooks(columns: Columns): DriftBooks {
  const self: DriftBooks = {
    ...columns,
    stamp: 0,
    clock: 0,
    growsUntil: 0,
    risesUntil: 0,
    copy() {
      const other = openBooks(
        Object.fromEntries(COLUMNS.map((name) => [name, self[name].slice()])) as never,
      )
      other.reset(self)
      return other
    },
    reset(from) {
      const other = from as DriftBooks
      for (const name of COLUMNS) self[name].set(other[name])
      self.stamp = other.stamp
      self.clock = other.clock
      self.growsUntil = other.growsUntil
      self.risesUntil = other.risesUntil
    },
  }
  return self
}

const COLUMNS = [
  'fund',
  'pot',
  'claim',
  'feePool',
  'funding',
  'loss',
  'borne',
  'open',
  'deposits',
  'openCounted',
  'depositsCounted',
  'average',
  'since',
  'freedUsd',
] as const
