/**
 * A curve whose coordinate is cash raised instead of units sold: what sales of fixed cash are exact
 * on.
 */

import { bisect } from '../math/bisect.ts'
import type { Curve } from '../venue.ts'

/**
 * The same venue in cash: `sold` means cash raised by force, so sales of fixed cash simply add up.
 *
 * Rule:       price(X, Y) = phi(X, u) with proceeds(X, 0, u) = Y; outside(T, Y) by halving on that
 *             price.
 * Units:      cash in the quote asset before fees. Raising more than the venue holds leaves a price
 *             of 0.
 * Source:     own: a sale of fixed cash is fixed units in this coordinate. Exact while nobody runs
 *             out of collateral.
 * Simplifies: both inverses are halved to adjacent doubles instead of using a closed form per
 *             venue.
 */
export function cashCurve(curve: Curve): Curve {
  const unitsRaising = (outside: number, cash: number) => {
    if (cash === 0) return 0
    let high = cash / outside
    for (let doubled = 0; curve.proceeds(outside, 0, high) < cash; doubled++) {
      if (doubled > DOUBLINGS_MAX) return Number.POSITIVE_INFINITY
      high *= 2
    }
    return bisect((units) => curve.proceeds(outside, 0, units) < cash, 0, high)
  }
  const price = (outside: number, cash: number) => {
    const units = unitsRaising(outside, cash)
    return units === Number.POSITIVE_INFINITY ? 0 : curve.price(outside, units)
  }
  return {
    price,
    outside(trigger, cash) {
      if (cash === 0) return trigger
      let high = trigger
      for (let doubled = 0; price(high, cash) < trigger; doubled++) {
        if (doubled > DOUBLINGS_MAX) return Number.POSITIVE_INFINITY
        high *= 2
      }
      return high === trigger ? trigger : bisect((x) => price(x, cash) < trigger, high / 2, high)
    },
    units(outside, cash, at) {
      const from = unitsRaising(outside, cash)
      return curve.proceeds(outside, from, curve.units(outside, from, at))
    },
    proceeds(outside, cash, more) {
      return unitsRaising(outside, cash + more) - unitsRaising(outside, cash)
    },
  }
}

const DOUBLINGS_MAX = 200
