/** A pool of two coins that should be worth the same: Curve's StableSwap. */

import { assert, InputError } from '../errors.ts'
import { lastReaching } from '../math/lastReaching.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { absolute, type StandingDepth } from './depth.ts'
import { boundless, pathIndependentVenue } from './pathIndependent.ts'
import { checkPositive, checkTerms } from './terms.ts'

export type StableSwapSpec = Omit<Extract<VenueSpec, { kind: 'stableSwap' }>, 'kind'>

/** A pool is never bought empty: the last part of its base stays. */
const LEAST_LEFT = 1e-6

/**
 * A two-coin StableSwap pool.
 *
 * Rule:    a (x + y) + D = a D + D^3 / (4 x y) with a = 2 A; the mid is -dy/dx. The balances give
 *          D; the opening price and every outside move slide the pool along its curve, and forced
 *          units come on top.
 * Units:   balances in base and quote units, par at 1; A as the contract reports it, from 1 on.
 * Source:  M. Egorov, StableSwap, 2019; curvefi/stableswap-ng CurveStableSwapNG.vy get_D, get_y.
 *          The fee leaves the pool.
 * Simplifies: integer rounding; the dynamic fee; rates other than 1; ramps of A.
 * Throws:  InputError FB2111 to FB2113, FB2117
 */
export function stableSwap(spec: StableSwapSpec): Venue {
  checkTerms(spec)
  const place = `venues.${spec.name}`
  checkPositive(spec.baseBalance, `${place}.baseBalance`, 'FB2113', 'a balance')
  checkPositive(spec.quoteBalance, `${place}.quoteBalance`, 'FB2113', 'a balance')
  checkAmplification(spec.amplification, place)
  const size = stableInvariant(spec.amplification, spec.baseBalance, spec.quoteBalance)
  const depth = depthOf(2 * spec.amplification, size)
  const available = (outside: number): number => depth.above(outside) * (1 - LEAST_LEFT)
  return pathIndependentVenue(spec, {
    kind: 'stableSwap',
    feeFrom: 'proceeds',
    curve: absolute(depth),
    ...boundless,
    fewest: (outside) => -available(outside),
    fewestObserved: (outside) => -available(outside),
    scaled: (by) =>
      stableSwap({
        ...spec,
        baseBalance: spec.baseBalance * by,
        quoteBalance: spec.quoteBalance * by,
      }),
  })
}

const NEWTON_MAX = 100

/**
 * Returns D, what the balances sum to when the pool is balanced.
 *
 * Rule:   the root of D^3 / (4 x y) + (a - 1) D = a (x + y): rising and convex, so Newton's steps
 *         from x + y fall to it.
 * Source: get_D() of the contract; its n coins are two here.
 */
export function stableInvariant(amplification: number, base: number, quote: number): number {
  const a = 2 * amplification
  let size = base + quote
  for (let n = 0; ; n++) {
    assert(n < NEWTON_MAX, 'the StableSwap invariant converges')
    const product = (size / (2 * base)) * (size / (2 * quote)) * size
    const slope = (3 * product) / size + (a - 1)
    const next = size - (product + (a - 1) * size - a * (base + quote)) / slope
    if (!(next < size)) return size
    size = next
  }
}

/** The price at which the pool itself stands with these balances, quote per base. */
export function stablePrice(amplification: number, base: number, quote: number): number {
  const a = 2 * amplification
  const size = stableInvariant(amplification, base, quote)
  const product = (size / (2 * base)) * (size / (2 * quote)) * size
  return (a + product / base) / (a + product / quote)
}

/**
 * The curve of a pool with D = `size`, counted in base units in the pool.
 *
 * Why: price as a function of x, computed directly, wobbles in its last bits, because the curve is
 *      nearly straight. Both are therefore functions of a third number t, built only from steps
 *      that keep order in float64, and looked up by a search over t. With D = 1, e = t^2 = x + y -
 *      1 and G = 1 + a e = 1 / (4 x y):
 *      |x - y| = sqrt(e (2 + e) + a e / G); the coin in excess is (1 + e + |x - y|) / 2, the other
 *      1 / (4 G excess); the one is worth 1 / (1 + v) of the other, v = 4 G |x - y| / (a / G + 1 /
 *      excess). t < 0: base is scarce.
 */
function depthOf(a: number, size: number): StandingDepth {
  const baseAt = (t: number): number => {
    const e = t * t
    const excess = (1 + e + gap(a, e)) / 2
    return t >= 0 ? excess : 1 / (4 * (1 + a * e) * excess)
  }
  const priceAt = (t: number): number => {
    const e = t * t
    const g = 1 + a * e
    const apart = gap(a, e)
    const v = (4 * g * apart) / (a / g + 2 / (1 + e + apart))
    return t >= 0 ? 1 / (1 + v) : 1 + v
  }
  const placeOfPrice = placeFinder(priceAt)
  const placeOfBase = placeFinder((t) => -baseAt(t))
  const units = (price: number): number => size * baseAt(placeOfPrice(price))
  const price = (at: number): number => priceAt(placeOfBase(-at / size))
  return {
    price,
    units,
    above: units,
    start: (at) => (at > 0 ? price(at) : Number.POSITIVE_INFINITY),
    proceeds(at, units) {
      const [x, sold] = [at / size, units / size]
      const end = x + sold
      const linear = x + 1 / a - 1
      const root = Math.sqrt(linear * linear + 1 / (a * x))
      const rootAfter = Math.sqrt((linear + sold) * (linear + sold) + 1 / (a * end))
      const quote = linear > 0 ? 1 / (2 * a * x) / (root + linear) : (root - linear) / 2
      // The difference of the two solutions of y^2 + linear y = 1 / (4 a x), without cancellation.
      const paid = (2 * sold * (quote + 1 / (4 * a * x * end))) / (root + sold + rootAfter)
      return size * paid
    },
  }
}

/** |x - y| of the pool with D = 1 and x + y = 1 + e. */
function gap(a: number, e: number): number {
  return Math.sqrt(e * (2 + e) + a / (1 / e + a))
}

const T_MAX = 1 << 30

/** Moves of t, relative to it, that are long enough to measure a slope by. */
const SPAN = 1e-6

/**
 * Returns a look-up of the last t, to the last bit, at which a falling function reaches a value;
 * -T_MAX if none does.
 *
 * Why: look-ups come in series, each near the last, so the search starts there. Its result does not
 *      depend on it.
 */
function placeFinder(f: (t: number) => number): (value: number) => number {
  const highest = f(-T_MAX)
  const lowest = f(T_MAX)
  let place = 0
  let reached = f(0)
  let slope = (f(-SPAN) - f(SPAN)) / (2 * SPAN)
  let asked = Number.NaN
  return (value) => {
    if (value === asked) return place
    if (value > highest) return -T_MAX
    if (value <= lowest) return T_MAX
    const guess = place + (reached - value) / slope
    const from = Math.abs(guess) < T_MAX ? guess : place
    const found = lastReaching(f, value, { low: -T_MAX, high: T_MAX, from, slope })
    const moved = found - place
    const fell = reached - f(found)
    if (Math.abs(moved) > SPAN * Math.abs(found) && fell / moved > 0) slope = fell / moved
    place = found
    reached -= fell
    asked = value
    return place
  }
}

function checkAmplification(amplification: number, place: string): void {
  if (amplification >= 1 && amplification < Number.POSITIVE_INFINITY) return
  throw new InputError({
    code: 'FB2117',
    place: `${place}.amplification`,
    rule: 'the amplification must be at least 1',
    came: String(amplification),
    remedy: "Use the pool's A(), without its precision factor of 100",
  })
}
