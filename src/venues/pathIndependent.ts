/**
 * A venue made from a curve. Its state is the outside price X, the units Q forced on top, counted
 * as units sold at depth 1, and the factor of depth d: `[X, Q, d]`. A sale of u adds u / d, so a
 * change of depth moves no price.
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
  /**
   * What the fee is taken from: pools of two reserves take it from what comes in, of which the rest
   * moves them; books take it from the proceeds.
   */
  readonly feeFrom: 'input' | 'proceeds'
  /** In the units that move the price. */
  readonly curve: Curve
  /**
   * The fewest forced units, negative where more can be bought than was sold; Infinity refuses
   * every purchase.
   */
  fewest(outside: number): number
  /** Purchases that leave fewer forced units than this were never observed. */
  fewestObserved(outside: number): number
  /** As `bid` of a venue, with so many units sold. */
  bid?(outside: number, sold: number): number
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

/** A trade that a venue refuses. */
export const NOTHING: Fill = { units: 0, proceeds: 0, extrapolated: false }

/**
 * Makes a venue with nothing sold at the opening price.
 *
 * Rule:    fee from the proceeds: a sale of u moves the price as u and pays (1 - fee) x the
 *          integral of the price; a purchase of u moves it by u and costs the integral / (1 - fee).
 *          Fee from the input: a sale of u moves the price as (1 - fee) u and pays the integral
 *          over that in full; a purchase of u moves it by u and costs the integral / (1 - fee).
 *          The fee leaves the venue, so slicing changes nothing. A wall takes units up to its edge
 *          only.
 * Units:   forced units, edges, capacity and the venue's `curve` count units sold. With a fee from
 *          the input a purchase of u counts as u / (1 - fee) of them: a sale of so many undoes it.
 * Assumes: forced displacement stays where it is when the outside price moves; recovery is
 *          `formation.ts`.
 */
export function pathIndependentVenue(spec: VenueCommon, parts: Parts): StatefulVenue {
  return withState(spec, inUnitsSold(parts, 1 - spec.fee), Float64Array.of(spec.outside, 0, 1))
}

/**
 * The same model counted in units sold, of which `keep` reach the curve.
 *
 * Rule: phi'(X, Q) = phi(X, keep Q), and its integral is that of phi over keep Q, divided by keep.
 *       So proceeds are keep x the integral for every venue, wherever it takes its fee.
 */
function inUnitsSold(parts: Parts, keep: number): Parts {
  if (parts.feeFrom === 'proceeds' || keep === 1) return parts
  const { curve } = parts
  return {
    ...parts,
    curve: {
      price: (outside, sold) => curve.price(outside, keep * sold),
      outside: (trigger, sold) => curve.outside(trigger, keep * sold),
      units: (outside, sold, price) => curve.units(outside, keep * sold, price) / keep,
      proceeds: (outside, sold, units) => curve.proceeds(outside, keep * sold, keep * units) / keep,
    },
    edgeUnits: (outside) => reaching(parts.edgeUnits(outside), keep),
    fewest: (outside) => parts.fewest(outside) / keep,
    fewestObserved: (outside) => parts.fewestObserved(outside) / keep,
  }
}

/** Units / keep, up to the double of which the part kept is no less than the units. */
function reaching(units: number, keep: number): number {
  const sold = units / keep
  return keep * sold < units ? sold + Math.abs(sold) * Number.EPSILON : sold
}

function withState(spec: VenueCommon, parts: Parts, state: Float64Array): StatefulVenue {
  const { curve } = parts
  const walled = spec.beyond === 'wall'
  const toEdge = (): number => Math.max(0, parts.edgeUnits(state[0]) - state[1])
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
    ...(parts.bid === undefined ? {} : bidOf(parts.bid, state)),
    ...trades(spec, parts, state),
    capacity(price) {
      if (state[2] === 0) return 0
      const units = curve.units(state[0], state[1], price)
      return (walled ? Math.min(units, toEdge()) : units) * state[2]
    },
    ...displacement(spec, parts, state),
    edge() {
      const units = state[2] === 0 ? 0 : toEdge() * state[2]
      return { price: parts.edgePrice(state[0]), units }
    },
    scaled(depth) {
      const venue = parts.scaled(depth)
      venue.move(state[0])
      venue.deepen(state[2])
      return venue
    },
    copy: () => withState(spec, parts, state.slice()),
    reset(from) {
      state.set(stateOf(from, spec.name))
    },
  }
}

function bidOf(bid: NonNullable<Parts['bid']>, state: Float64Array): Required<Pick<Venue, 'bid'>> {
  return { bid: () => (state[2] === 0 ? 0 : bid(state[0], state[1])) }
}

function displacement(
  spec: VenueCommon,
  parts: Parts,
  state: Float64Array,
): Pick<Venue, 'move' | 'outside' | 'forced' | 'force' | 'deepen'> {
  const walled = spec.beyond === 'wall'

  /** The fewest units sold that a displacement can be: 0 where nothing can be bought. */
  function fewest(): number {
    const units = parts.fewest(state[0])
    return units === Number.POSITIVE_INFINITY ? 0 : units
  }

  return {
    move(outside) {
      state[0] = outside
      if (state[1] < 0) state[1] = Math.max(state[1], fewest())
    },
    outside: () => state[0],
    forced: () => state[1] * state[2],
    force(units) {
      assert(!Number.isNaN(units), 'is displaced by a number of units', spec.name)
      if (state[2] === 0 || units === state[1] * state[2]) return
      const sold = walled ? Math.min(units / state[2], parts.edgeUnits(state[0])) : units / state[2]
      state[1] = sold < 0 ? Math.max(sold, fewest()) : sold
    },
    deepen(depth) {
      assertDepth(depth, spec.name)
      state[2] = depth
    },
  }
}

/** Depth is a factor that a trade can be multiplied by. */
export function assertDepth(depth: number, name: string): void {
  assert(depth >= 0 && depth < Number.POSITIVE_INFINITY, 'has a finite depth, 0 or more', name)
}

function trades(
  spec: VenueCommon,
  parts: Parts,
  state: Float64Array,
): Pick<Venue, 'quote' | 'sell'> {
  const { curve } = parts
  const keep = 1 - spec.fee
  const walled = spec.beyond === 'wall'
  /** The purchase that undoes a sale of one unit. */
  const undone = parts.feeFrom === 'input' ? keep : 1

  /** A trade in units sold at depth 1. */
  function counted(asked: number): number {
    return (asked < 0 ? asked / undone : asked) / state[2]
  }

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

  /** What was asked, in real units, is answered in them: exactly that where all of it is taken. */
  function fill(asked: number, units: number, taken: number, end: number): Fill {
    if (taken === 0) return NOTHING
    const paid = curve.proceeds(state[0], state[1], taken)
    const extrapolated =
      Math.max(state[1], end) > parts.edgeUnits(state[0]) ||
      (units < 0 && end < parts.fewestObserved(state[0]))
    const proceeds = (units > 0 ? paid * keep : paid / (keep / undone)) * state[2]
    const real = (units > 0 ? taken : taken * undone) * state[2]
    return { units: taken === units ? asked : real, proceeds, extrapolated }
  }

  return lookingOnce(spec.name, state, (asked, last) => {
    const units = counted(asked)
    const taken = takes(units)
    last[END] = after(units, taken)
    return fill(asked, units, taken, last[END])
  })
}

// What was looked at last: the trade asked for, the three numbers of the state, where it ends.
const END = 4

/**
 * Quotes and sales by one look each, none while the same is asked of the same state: takers look at
 * an offer in turn, and whoever settles it looks again. `look` writes the end.
 */
function lookingOnce(
  name: string,
  state: Float64Array,
  look: (asked: number, last: Float64Array) => Fill,
): Pick<Venue, 'quote' | 'sell'> {
  const last = new Float64Array(END + 1).fill(Number.NaN)
  let answer = NOTHING

  function quote(asked: number): Fill {
    const [outside, sold, depth] = [state[0], state[1], state[2]]
    if (asked === last[0] && outside === last[1] && sold === last[2] && depth === last[3])
      return answer
    assert(!Number.isNaN(asked), 'trades a number of units', name)
    last[0] = asked
    last[1] = outside
    last[2] = sold
    last[3] = depth
    last[END] = sold
    answer = depth === 0 ? NOTHING : look(asked, last)
    return answer
  }

  return {
    quote,
    sell(asked) {
      quote(asked)
      state[1] = last[END]
      return answer
    },
  }
}

/** The state of the venue that another is reset from, which must be a copy of it. */
export function stateOf(venue: Venue, name: string): Float64Array {
  assert(venue.name === name && 'state' in venue, `${name} resets from its own copies`)
  return (venue as StatefulVenue).state
}
