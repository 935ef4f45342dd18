/**
 * The accounts that sell one asset at fixed units, in order of falling trigger: what the one-pass
 * analysis runs on.
 */

import { assert } from '../errors.ts'
import { argsort } from '../math/sort.ts'

/**
 * Shape: `trigger` (falling), `units` and `origin` have n entries; `sold` n + 1 prefix sums of
 *        `units`, from 0.
 * Units: triggers in quote per base of the sold asset: liquidatable iff price < trigger, strictly.
 * Why:   search and rounds must share these very prefix sums; parts added again in another order
 *        would differ.
 */
export interface Ladder {
  readonly trigger: Float64Array
  readonly units: Float64Array
  readonly sold: Float64Array
  /** Position in the columns the ladder was made from. */
  readonly origin: Uint32Array
}

/** Sorts by falling trigger (ties keep their order) and adds up the prefix sums once. */
export function ladderFrom(trigger: Float64Array, units: Float64Array): Ladder {
  assert(trigger.length === units.length, 'a trigger for every sale')
  const n = trigger.length
  const origin = argsort(trigger, 'falling')
  const sorted = new Float64Array(n)
  const sizes = new Float64Array(n)
  const sold = new Float64Array(n + 1)
  for (let k = 0; k < n; k++) {
    sorted[k] = trigger[origin[k]]
    sizes[k] = units[origin[k]]
    sold[k + 1] = sold[k] + sizes[k]
  }
  return { trigger: sorted, units: sizes, sold, origin }
}
