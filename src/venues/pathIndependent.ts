/** A venue made from a curve: its state is the outside price, and the units forced on top: `[X, Q]`. */

import { assert } from '../errors.ts'
import type { VenueCommon } from '../scenario.ts'
import type { Curve, Fill, Venue } from '../venue.ts'

/** The observed edge of sales at an outside price: the lowest price, and the units to it from nothing sold. */
export interface Edge {
  edgePrice(outside: number): number
  edgeUnits(outside: number): number
}

/** What a model brings: its curve, where it was observed, what can be bought, and itself at another depth. */
export interface Parts extends Edge {
  readonly kind: string
  readonly curve: Curve
  /** The fewest forced units, negative where more can be bought than was sold; Infinity refuses every purchase. */
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
 * Rule:    a sale adds to the forced units and pays the integral of the price x (1 - fee); a purchase pays it / (1 - fee).
 *          The fee leaves the venue, so slicing changes nothing. A wall takes units up to its edge only.
 * Assumes: forced displacement stays where it is when the outside price moves; recovery is another model's business.
 */
export function pathIndependent(spec: VenueCommon, parts: Parts): StatefulVenue {
  return withState(spec, parts, Float64Array.of(spec.outside, 0))
}

function withState(spec: VenueCommon, parts: Parts, state: Float64Array): StatefulVenue {
  const { curve } = parts
  const keep = 1 - spec.fee
  const walled = spec.beyond === 'wall'

  /** Forced units after the trade: where the venue stops it, exactly the limit, so that the price there is met. */
  function after(units: number): number {
    const sold = state[1]
    if (units < 0) return Math.min(sold, Math.max(sold + units, parts.fewest(state[0])))
    if (!walled) return sold + units
    return Math.max(sold, Math.min(sold + units, parts.edgeUnits(state[0])))
  }

  function quote(units: number): Fill {
    assert(!Number.isNaN(units), `${spec.name} trades a number of units`)
    const end = after(units)
    const whole = end === state[1] + units
    const taken = whole ? units : end - state[1]
    if (taken === 0) return NOTHING
    const paid = curve.proceeds(state[0], state[1], taken)
    return taken > 0
      ? { units: taken, proceeds: paid * keep, extrapolated: end > parts.edgeUnits(state[0]) }
      : { units: taken, proceeds: paid / keep, extrapolated: end < parts.fewestObserved(state[0]) }
  }

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
    quote,
    sell(units) {
      const fill = quote(units)
      state[1] = after(units)
      return fill
    },
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

/** The state of the venue that another is reset from, which must be a copy of it. */
export function stateOf(venue: Venue, name: string): Float64Array {
  assert(venue.name === name && 'state' in venue, `${name} resets from its own copies`)
  return (venue as StatefulVenue).state
}
