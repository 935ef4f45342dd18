/** Which sale made each settlement of a cascade possible. */

import type { Prepared } from './triggers.ts'
import type { Trace } from './walk.ts'

/** What stands for the outside move, where no sale was needed. */
export const OUTSIDE = -1

/**
 * The settlement that took the price through the level of each settlement; null where several
 * assets move, for then a level is a bound and no price, and where collateral is pledged twice, for
 * then a seizure may wake an account at any price.
 *
 * Rule:  the first of the settlements before, in their order, after which the price is at or below
 *        the level at which this account stood; OUTSIDE where the shocked price was. An account
 *        that comes back was settled last at its own settlement before: no earlier one can have
 *        made it ready again.
 * Shape: one entry per settlement: the index of an earlier one, or OUTSIDE.
 * Units: `shocked` is the USD price of the asset when the cascade opened.
 */
export function wakers(
  { lead, opening, world }: Prepared,
  { row, key, price }: Pick<Trace, 'row' | 'key' | 'price'>,
  shocked: number,
): Int32Array | null {
  if (lead < 0 || world.pledges.holdings.length > 0) return null
  // Levels only rise, so that the sale that first reached one is found by halving.
  const outside = opening[lead] / shocked
  const level = new Float64Array(row.length)
  const own = new Map<number, number>()
  const by = new Int32Array(row.length).fill(OUTSIDE)
  for (let n = 0; n < row.length; n++) {
    const before = own.get(row[n])
    own.set(row[n], n)
    level[n] = Math.max(n === 0 ? outside : level[n - 1], opening[lead] / price[n])
    const isDue = before === undefined && key[n] < outside * EDGE
    if (n > 0 && !isDue) by[n] = firstReaching(level, key[n], before ?? 0, n)
  }
  return by
}

/** The first index from `low` on, below `high`, whose level reaches the key; the last without. */
function firstReaching(level: Float64Array, key: number, low: number, high: number): number {
  let top = high - 1
  while (low < top) {
    const middle = (low + top) >> 1
    if (key < level[middle] * EDGE) top = middle
    else low = middle + 1
  }
  return low
}

/** As the cascade reads a key at its level. */
const EDGE = 1 + 1e-12
