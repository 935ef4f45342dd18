/**
 * A venue made from a curve: its state is the outside price, and the units forced on top: `[X, Q]`.
 */

import { assert } from '../errors.ts'
import type { VenueCommon } from '../scenario.ts'
import type { Curve, Fill, Venue } from '../venue.ts'

/**
 * The observed edge of sales at an outside price: the lowest price, and the units to it from
 * nothing sold.
 */
export interface Edge {
  edgePrice(outside: number): number
  edgeUnits(outside: number): number
}

/**
 * What a model brings: its curve, where it was observed, what can be bought, and itself at another
 * depth.
 */
export interface Parts extends Edge {
  readonly kind: string
  readonly curve: Curve
  /**
   * The fewest forced units, negative where more can be bought than was sold; Infinity refuses
   * every purchase.
   */
  fewest(outside: number): number
  /** Purchases that leave fewer forced units than this were never observed. */
  fewestObserved(outside: number): number
  scaled(depth: number): Venue
}

/** The edge of a venue that has none. */
export const boundless: Edge = {
  edgePrice: () => 0,
  edgeUnits: () => Number.POSITIVE_INFINITY,
}

/** The purchases of a venue that only buys. */
export const oneSided = {
  fewest: (): number => Number.POSITIVE_INFINITY,
  fewestObserved: (): number => 0,
}

/** A venue whose whole state is a few numbers. */
export interface StatefulVenue extends Venue {
  readonly state: Float64Array
}

const NOTHING: Fill = { units: 0, proceeds: 0, extrapolated: false }

/**
 * Makes a venue with nothing sold at the opening price.
 *
 * Rule:    a sale adds to the forced units and pays the integral of the price x (1 - fee); a
 *          purchase pays it / (1 - fee). The fee leaves the venue, so slicing changes nothing. A
 *          wall takes units up to its edge only.
 * Assumes: forced displacement stays where it is when the outside price moves; recovery is another
 *          model's business.
 */
export function pathIndependentVenue(spec: VenueCommon, parts: Parts): StatefulVenue {
  return withState(spec, parts, Float64Array.of(spec.outside, 0))
}

function withState(spec: VenueCommon, parts: Parts, state: Float64Array): StatefulVenue {
  const { curve } = parts
  const walled = spec.beyond === 'wall'
  return {
    name: spec.name,
    kind: parts.kind,
    base: spec.base,
    quoteAsset: spec.quoteAsset,
    fee: spec.fee,
    asOf: spec.asOf,
    beyond: spec.beyond,
    curve,
    state,
    mid: () => curve.price(state[0], state[1]),
    ...trades(spec, parts, state),
    capacity(price) {
      const units = curve.units(state[0], state[1], price)
      return walled ? Math.min(units, Math.max(0, parts.edgeUnits(state[0]) - state[1])) : units
    },
    move(outside) {
      state[0] = outside
    },
    outside: () => state[0],
    edge() {
      const units = Math.max(0, parts.edgeUnits(state[0]) - state[1])
      return { price: parts.edgePrice(state[0]), units }
    },
    scaled(depth) {
      const venue = parts.scaled(depth)
      venue.move(state[0])
      return venue
    },
    copy: () => withState(spec, parts, state.slice()),
    reset(from) {
      state.set(stateOf(from, spec.name))
    },
  }
}

function trades(
  spec: VenueCommon,
  parts: Parts,
  state: Float64Array,
): Pick<Venue, 'quote' | 'sell'> {
  const { curve } = parts
  const keep = 1 - spec.fee
  const walled = spec.beyond === 'wall'

  /** The part of a trade that the venue can take: less where a wall or an empty pool stops it. */
  function takes(units: number): number {
    if (units < 0) return -Math.max(0, Math.min(-units, state[1] - parts.fewest(state[0])))
    if (!walled) return units
    return Math.max(0, Math.min(units, parts.edgeUnits(state[0]) - state[1]))
  }

  function after(units: number, taken: number): number {
    if (taken === units || taken === 0) return state[1] + taken
    // Exactly the limit, not a sum beside it, so that the price there is met.
    return units > 0 ? parts.edgeUnits(state[0]) : parts.fewest(state[0])
  }

  function fill(units: number, taken: number, end: number): Fill {
    if (taken === 0) return NOTHING
    const paid = curve.proceeds(state[0], state[1], taken)
    const extrapolated =
      Math.max(state[1], end) > parts.edgeUnits(state[0]) ||
      (units < 0 && end < parts.fewestObserved(state[0]))
    return { units: taken, proceeds: units > 0 ? paid * keep : paid / keep, extrapolated }
  }

  return {
    quote(units) {
      assert(!Number.isNaN(units), `${spec.name} trades a number of units`)
      const taken = takes(units)
      return fill(units, taken, after(units, taken))
    },
    sell(units) {
      assert(!Number.isNaN(units), `${spec.name} trades a number of units`)
      const taken = takes(units)
      const end = after(units, taken)
      const result = fill(units, taken, end)
      state[1] = end
      return result
    },
  }
}

/** The state of the venue that another is reset from, which must be a copy of it. */
export function stateOf(venue: Venue, name: string): Float64Array {
  assert(venue.name === name && 'state' in venue, `${name} resets from its own copies`)
  return (venue as StatefulVenue).state
}
