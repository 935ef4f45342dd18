/** A venue from which liquidity is taken out for good. */

import { assert } from '../errors.ts'
import type { Venue } from '../venue.ts'

/** A pool that shares can be redeemed from. */
export interface WithdrawableVenue extends Venue {
  /** Takes out this share of what is in it now, at its mid. */
  withdraw(share: number): void
  /** The factor of depth that makers have set, and what withdrawals have left of it. */
  readonly depths: Float64Array
}

/**
 * The venue, with a part of its depth that only withdrawals change.
 *
 * Rule: depth = what `deepen` says x the product of (1 - share); no withdrawal moves the mid. It
 *       has no curve, since a sale elsewhere may change its depth.
 */
export function withdrawableVenue(
  venue: Venue,
  depths: Float64Array = Float64Array.of(1, 1),
): WithdrawableVenue {
  return {
    ...venue,
    curve: null,
    depths,
    withdraw(share) {
      assert(share >= 0 && share <= 1, `${venue.name} gives a share of itself`)
      depths[1] *= 1 - share
      venue.deepen(depths[0] * depths[1])
    },
    deepen(depth) {
      venue.deepen(depth * depths[1])
      depths[0] = depth
    },
    scaled: (by) => withdrawableVenue(venue.scaled(by), depths.slice()),
    copy: () => withdrawableVenue(venue.copy(), depths.slice()),
    reset(from) {
      venue.reset(from)
      depths.set((from as WithdrawableVenue).depths)
    },
  }
}
