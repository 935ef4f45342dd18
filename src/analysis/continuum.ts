/**
 * A cascade on a book given as a density of triggers: the fixed points of price -> price after what
 * it forces.
 */

import { assert } from '../errors.ts'
import { bisect } from '../math/bisect.ts'
import type { Curve } from '../venue.ts'

/** Triggers spread evenly from `from` down to `to` (> `to`, USD): this many units in all. */
export interface Piece {
  readonly from: number
  readonly to: number
  readonly units: number
}

/** Pieces in falling order that do not overlap; between them nothing is triggered. */
export type Density = readonly Piece[]

/** A price at which what it forces brings the price back to itself. */
export interface FixedPoint {
  readonly price: number
  readonly sold: number
  /**
   * Whether a small push dies out on both sides; pushes from an unstable one run to the next stable
   * price.
   */
  readonly stable: boolean
}

/** All outcomes at one outside price, falling in price. */
export interface ContinuumCascade {
  readonly fixed: readonly FixedPoint[]
  /**
   * The highest fixed point: where rounds from the outside price end. The outcome, unless something
   * else pushes.
   */
  readonly least: FixedPoint
  /** The lowest: another outcome of the same book and shock when it differs. */
  readonly greatest: FixedPoint
  /** Prices of the rounds, from the outside price on. */
  readonly rounds: readonly number[]
  /** False when `roundsMax` cut the rounds short of `least`. */
  readonly settled: boolean
}

/**
 * A cliff: just below this outside price the least cascade falls past `price`, where it would still
 * rest at it.
 */
export interface CriticalShock {
  readonly outside: number
  readonly price: number
}

/**
 * Cells per span between two bounds of the density; fixed points closer than one cell may be seen
 * as none.
 */
const CELLS = 65_536

/** Points per span at which a cliff is looked for before it is refined. */
const CLIFF_POINTS = 1024

/**
 * Step of the slope, relative to the price: error of the three-point rule and rounding are both
 * near 1e-10.
 */
const SLOPE_STEP = 1e-5

/** Thirds cut off before a span of doubles cannot get shorter. */
const REFINEMENTS = 100

/** Below this, relative to the price, a distance from the diagonal is rounding. */
const ROUNDING = 4 * Number.EPSILON

/**
 * Every fixed point of p = phi(X, Q(p)) on a density, and the rounds from the outside price X.
 *
 * Rule:       Q(p) is piecewise linear. Cells in which the monotone map cannot meet the diagonal
 *             (phi(X, Q(high)) < low, or phi(X, Q(low)) > high) are dropped, the rest halved down
 *             to 1 / 65,536 of a span; each change of sign left is bisected to the last bit.
 *             Nothing but the monotonicity of `price` is used.
 * Units:      prices USD, units whole tokens.
 * Simplifies: a pair of fixed points closer than the cell counts as none. Where a stepped venue
 *             jumps over the diagonal the jump is listed as an unstable point. A stretch that lies
 *             on the diagonal (gain exactly 1) is listed by its two ends, neither stable.
 * Source:     Cifuentes, Ferrucci and Shin 2005; least and greatest fixed point after Tarski, as in
 *             Eisenberg and Noe 2001.
 */
export function continuumCascade(
  curve: Curve,
  density: Density,
  outside: number,
  roundsMax: number,
): ContinuumCascade {
  checkDensity(density)
  const map = (price: number) => curve.price(outside, unitsTriggered(density, price))
  const fixed = crossings(map, spans(density, outside, map(0))).map((point) => ({
    ...point,
    sold: unitsTriggered(density, point.price),
  }))
  const rounds = [outside]
  let next = map(outside)
  while (next < rounds[rounds.length - 1] && rounds.length < roundsMax) {
    rounds.push(next)
    next = map(next)
  }
  return {
    fixed,
    least: fixed[0],
    greatest: fixed[fixed.length - 1],
    rounds,
    settled: !(next < rounds[rounds.length - 1]),
  }
}

/** Q(p): units whose trigger lies above a price. */
export function unitsTriggered(density: Density, price: number): number {
  let sold = 0
  for (const { from, to, units } of density) {
    if (price >= from) break
    sold += price <= to ? units : Math.min(units, (units * (from - price)) / (from - to))
  }
  return sold
}

/**
 * Loop gain at a price: the slope of the map for a further drop, |dphi/dQ| x |dQ/dp|.
 *
 * Units:  a fraction; 0 where no trigger lies just below. At a fixed point, small shocks are
 *         amplified by 1 / (1 - g).
 * Source: the limit of the finite loop gain as its drop goes to 0; three-point rule downwards,
 *         error near 1e-9.
 */
export function gainAt(curve: Curve, density: Density, outside: number, price: number): number {
  const piece = density.find(({ from, to }) => price <= from && price > to)
  if (piece === undefined) return 0
  const step = Math.min(price * SLOPE_STEP, (price - piece.to) / 2)
  const at = (p: number) => curve.price(outside, unitsTriggered(density, p))
  return (3 * at(price) - 4 * at(price - step) + at(price - 2 * step)) / (2 * step)
}

/**
 * Loop gain F / V over a finite drop, of a density: units triggered from p to p (1 - h) over units
 * absorbed.
 *
 * Rule:  as `loopGain`, at the state with `sold` units sold at this outside price.
 * Units: h and the result are fractions.
 */
export function densityGain(
  curve: Curve,
  density: Density,
  state: { readonly outside: number; readonly sold: number },
  h: number,
): number {
  assert(h > 0 && h < 1, `a gain needs a drop inside (0, 1), got ${h}`)
  const price = curve.price(state.outside, state.sold)
  const floor = price * (1 - h)
  const forced = unitsTriggered(density, floor) - unitsTriggered(density, price)
  return forced > 0 ? forced / curve.units(state.outside, state.sold, floor) : 0
}

/**
 * The first cliff below an opening price: the highest outside price just below which the least
 * cascade jumps.
 *
 * Rule:       X(p) = inv(p, Q(p)) is the outside price that rests at p; the least cascade rests at
 *             the highest p with X(p) <= X. It jumps at the minima of X(p) as p falls that are
 *             lower than all before.
 * Units:      USD; null when the response has no cliff. With a gap d before the first trigger and a
 *             gain above 1 it is opening - d from above.
 * Simplifies: minima are bracketed on 1,024 points of each span between bounds of the density, then
 *             refined: a rise narrower than that is missed.
 * Source:     Tarski's theorem, as above.
 */
export function criticalShock(
  curve: Curve,
  density: Density,
  opening: number,
): CriticalShock | null {
  checkDensity(density)
  const resting = (price: number) => curve.outside(price, unitsTriggered(density, price))
  const bottom = density.length === 0 ? opening : density[density.length - 1].to
  let low: CriticalShock = { price: opening, outside: resting(opening) }
  let above = opening
  for (const [high, end] of spans(density, opening, bottom)) {
    for (let i = 1; i <= CLIFF_POINTS; i++) {
      const price = i === CLIFF_POINTS ? end : high - ((high - end) * i) / CLIFF_POINTS
      const outside = resting(price)
      if (outside > low.outside * (1 + ROUNDING)) return lowest(resting, low, above, price)
      above = low.price
      low = { price, outside }
    }
  }
  return null
}

/** Falling pairs of prices between `top` and `bottom`, cut at every bound of the density. */
function spans(density: Density, top: number, bottom: number): [number, number][] {
  const inside = density
    .flatMap(({ from, to }) => [from, to])
    .filter((price, i, all) => price < top && price > bottom && price !== all[i - 1])
  const cuts = [top, ...inside, bottom]
  return cuts.slice(1).map((low, i) => [cuts[i], low])
}

/**
 * A price with the side of the diagonal on which the map lies there: 1 above, -1 below, 0 on it.
 */
interface Sample {
  readonly price: number
  readonly side: number
}

function crossings(
  map: (price: number) => number,
  between: readonly [number, number][],
): { price: number; stable: boolean }[] {
  const side = (price: number) => {
    const distance = map(price) - price
    return Math.abs(distance) <= ROUNDING * price ? 0 : Math.sign(distance)
  }
  const samples = between.flatMap(([high, low]) => sampled(map, side, high, low))
  const found: { price: number; stable: boolean }[] = []
  // Above the outside price the map is below the diagonal, under its lowest value above it.
  let before = -1
  for (let i = 0; i < samples.length; i++) {
    const first = samples[i]
    if (first.side === 0) {
      while (i + 1 < samples.length && samples[i + 1].side === 0) i++
      const last = samples[i].price
      const after = i + 1 < samples.length ? samples[i + 1].side : 1
      found.push({ price: first.price, stable: last === first.price && before < after })
      if (last !== first.price) found.push({ price: last, stable: false })
      before = after
    } else if (first.side !== before) {
      const price = bisect((p) => first.side * (map(p) - p) >= 0, first.price, samples[i - 1].price)
      found.push({ price, stable: first.side > 0 })
      before = first.side
    }
  }
  return found
}

/**
 * Sides at the ends of all cells of a span that monotonicity alone does not decide, in falling
 * order.
 */
function sampled(
  map: (price: number) => number,
  side: (price: number) => number,
  top: number,
  bottom: number,
): Sample[] {
  const samples: Sample[] = [{ price: top, side: side(top) }]
  const width = (top - bottom) / CELLS
  const visit = (high: number, low: number) => {
    const decided = map(high) < low || map(low) > high
    if (!decided && high - low > width) {
      const middle = (high + low) / 2
      visit(high, middle)
      visit(middle, low)
    } else samples.push({ price: low, side: side(low) })
  }
  visit(top, bottom)
  return samples
}

/**
 * The lowest point, at least as low as `best`, of a function that falls and then rises, by thirds.
 */
function lowest(
  resting: (price: number) => number,
  best: CriticalShock,
  high: number,
  low: number,
): CriticalShock {
  const seen = (price: number) => {
    const outside = resting(price)
    if (outside < best.outside) best = { price, outside }
    return outside
  }
  for (let i = 0; i < REFINEMENTS && high > low; i++) {
    const upper = high - (high - low) / 3
    const lower = low + (high - low) / 3
    if (seen(upper) <= seen(lower)) low = lower
    else high = upper
  }
  return best
}

function checkDensity(density: Density): void {
  let above = Number.POSITIVE_INFINITY
  for (const { from, to, units } of density) {
    assert(from > to && to >= 0 && units >= 0, 'a piece runs down from `from` to `to`')
    assert(from <= above, 'pieces come in falling order and do not overlap')
    above = to
  }
}
