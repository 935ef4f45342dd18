/** Depth as a function of units sold, and the three ways an outside move acts on it. */

import type { Curve } from '../venue.ts'

/**
 * A price that falls as units are taken, counted from where the depth begins (`at` = 0).
 *
 * Units: `at` and results of `units` in base units; prices in quote per base, or relative to the
 *        outside price.
 * Law:   as computed in float64, `price` never rises with `at`, and `units` never rises with
 *        `price`.
 */
export interface Depth {
  /** Price once `at` units are gone: what the next sale meets. */
  price(at: number): number
  /** The most units that can be gone while the price is still at or above `price`. */
  units(price: number): number
  /** Quote paid for `units` more once `at` are gone: the integral of the price. */
  proceeds(at: number, units: number): number
}

/** Depth at prices that stand still: it also says what an outside price has taken. Same laws. */
export interface StandingDepth extends Depth {
  /**
   * Units bought at prices strictly above `price`: what is gone when arbitrage has taken the price
   * there.
   */
  above(price: number): number
  /**
   * The supremum of prices p with `above(p)` > `at` (>= for discrete levels); Infinity for a
   * negative `at`.
   */
  start(at: number): number
}

/**
 * Depth that moves with the outside price: phi = X h(Q).
 *
 * Units:   `depth` is relative: h(0) = 1, units do not depend on the outside price.
 * Assumes: makers requote around the outside price at once and keep the impact of forced sales in
 *          proportion.
 */
export function multiplicative(depth: Depth): Curve {
  return {
    price: (outside, sold) => (sold === 0 ? outside : outside * depth.price(sold)),
    outside(trigger, sold) {
      if (!(trigger > 0)) return 0
      return sold === 0 ? trigger : trigger / depth.price(sold)
    },
    units: (outside, sold, price) => Math.max(0, depth.units(ratioReaching(price, outside)) - sold),
    proceeds: (outside, sold, units) => outside * depth.proceeds(sold, units),
  }
}

/**
 * Depth by which the outside price falls: phi = max(0, X + d(Q)).
 *
 * Units:   `depth` holds changes in quote per base: d(0) = 0, negative for sales.
 * Assumes: a sale costs the same dollars whatever the price. Too mild for a deep fall, and exact
 *          for theory.
 */
export function additive(depth: Depth): Curve {
  return {
    price: (outside, sold) => Math.max(0, outside + depth.price(sold)),
    outside: (trigger, sold) => (trigger > 0 ? trigger - depth.price(sold) : 0),
    units: (outside, sold, price) => Math.max(0, depth.units(Math.max(0, price) - outside) - sold),
    proceeds,
  }

  function proceeds(outside: number, sold: number, units: number): number {
    if (units < 0) return -proceeds(outside, sold + units, -units)
    const paid = Math.min(units, depth.units(-outside) - sold)
    return paid > 0 ? outside * paid + depth.proceeds(sold, paid) : 0
  }
}

/**
 * Depth that stands at fixed prices: phi = min(X, P(U(X) + Q)), with P the price and U the units
 * above a price. An outside fall takes, by arbitrage, what lies above it; forced units come on top
 * and stay.
 *
 * Assumes: nobody refills the depth that an outside fall took, and a rise of the outside price
 *          restores it.
 */
export function absolute(depth: StandingDepth): Curve {
  const taken = remembering(depth.above)
  return {
    price(outside, sold) {
      if (sold === 0) return outside
      const price = depth.price(taken(outside) + sold)
      return sold > 0 ? Math.min(outside, price) : Math.max(outside, price)
    },
    outside(trigger, sold) {
      if (!(trigger > 0)) return 0
      if (sold === 0) return trigger
      const start = depth.start(depth.units(trigger) - sold)
      return sold > 0 ? Math.max(trigger, start) : Math.min(trigger, start)
    },
    units(outside, sold, price) {
      if (price > outside && sold >= 0) return 0
      return Math.max(0, depth.units(price) - (taken(outside) + sold))
    },
    proceeds: (outside, sold, units) => depth.proceeds(taken(outside) + sold, units),
  }
}

/**
 * The function, asked once where the same is asked again: the outside price stands still while
 * sales go on.
 */
function remembering(f: (x: number) => number): (x: number) => number {
  let asked = Number.NaN
  let answer = Number.NaN
  return (x) => {
    if (x !== asked) {
      answer = f(x)
      asked = x
    }
    return answer
  }
}

/**
 * The smallest ratio r with `outside` x r at or above `price` as computed, so that levels met
 * exactly count.
 */
function ratioReaching(price: number, outside: number): number {
  if (!(price > 0)) return 0
  let ratio = (price / outside) * (1 + Number.EPSILON)
  for (;;) {
    const below = ratio * (1 - Number.EPSILON / 2)
    if (below === ratio || outside * below < price) return ratio
    ratio = below
  }
}
