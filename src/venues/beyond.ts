/** What a venue answers past its observed edge, in one place for every venue. */

import { InputError } from '../errors.ts'
import type { Beyond } from '../venue.ts'
import type { Depth, StandingDepth } from './depth.ts'

/** A point on a falling price: units gone, and the price there. */
export interface Point {
  readonly units: number
  readonly price: number
}

/**
 * How the price goes on past an edge. Asked only from the edge on, at or below the edge's price.
 */
export interface Tail {
  price(at: number): number
  /** Units gone when the price has fallen to `price`; to the floor for anything below. */
  units(price: number): number
  proceeds(at: number, units: number): number
}

/**
 * Continues a falling price past its observed edge.
 *
 * Rule:   drop from the price at `origin`, Q units counted from there, D and E drop and units at
 *         the edge: `wall`: nothing more is bought, the price is the floor; `linear`: D Q / E, the
 *         average slope of the observed part carried on; `sqrt`: D sqrt(Q / E). The price stops at
 *         `floor`: 0, or -Infinity for a curve of drops.
 * Throws: InputError FB2116 if the observed part did not fall and `linear` or `sqrt` would go on at
 *         par for ever.
 */
export function tailFrom(
  beyond: Beyond,
  origin: Point,
  edge: Point,
  place: string,
  floor = 0,
): Tail {
  if (beyond === 'wall') {
    return { price: () => floor, units: () => edge.units, proceeds: () => 0 }
  }
  const depth = edge.units - origin.units
  const drop = origin.price - edge.price
  if (!(drop > 0 && depth > 0)) {
    throw new InputError({
      code: 'FB2116',
      place,
      rule: `the observed depth must fall to be continued by '${beyond}'`,
      came: `${origin.price} falling to ${edge.price} over ${depth} units`,
      remedy: "Record deeper, or declare beyond: 'wall'",
    })
  }
  return beyond === 'linear'
    ? linearTail(edge, drop / depth, floor)
    : squareRootTail(origin, edge, floor)
}

/** Depth that is itself up to its edge and goes on by the tail. */
export function extended(depth: Depth, edge: Point, tail: Tail): Depth {
  return {
    price: (at) => (at < edge.units ? depth.price(at) : tail.price(at)),
    units: (price) => (price > edge.price ? depth.units(price) : tail.units(price)),
    proceeds,
  }

  function proceeds(at: number, units: number): number {
    if (units < 0) return -proceeds(at + units, -units)
    if (at + units <= edge.units) return depth.proceeds(at, units)
    if (at >= edge.units) return tail.proceeds(at, units)
    const inside = edge.units - at
    return depth.proceeds(at, inside) + tail.proceeds(edge.units, units - inside)
  }
}

/** Standing depth up to its edge, going on by the tail. */
export function extendedStanding(depth: StandingDepth, edge: Point, tail: Tail): StandingDepth {
  return {
    ...extended(depth, edge, tail),
    above: (price) => (price >= edge.price ? depth.above(price) : tail.units(price)),
    start: (at) => (at > edge.units ? tail.price(at) : depth.start(at)),
  }
}

function linearTail(edge: Point, slope: number, floor: number): Tail {
  const priceAt = (at: number): number => Math.max(floor, edge.price - slope * (at - edge.units))
  const unitsAt = (price: number): number =>
    edge.units + (edge.price - Math.max(floor, price)) / slope
  const empty = unitsAt(floor)
  return {
    price: priceAt,
    units: unitsAt,
    proceeds(at, units) {
      const paid = Math.max(0, Math.min(units, empty - at))
      return paid * priceAt(at + paid / 2)
    },
  }
}

function squareRootTail(origin: Point, edge: Point, floor: number): Tail {
  const depth = edge.units - origin.units
  const drop = origin.price - edge.price
  const root = (at: number): number => Math.sqrt((at - origin.units) / depth)
  const unitsAt = (price: number): number => {
    const share = Math.max(1, (origin.price - Math.max(floor, price)) / drop)
    return origin.units + depth * (share * share)
  }
  const empty = unitsAt(floor)
  return {
    price: (at) => Math.max(floor, Math.min(edge.price, origin.price - drop * root(at))),
    units: unitsAt,
    proceeds(at, units) {
      const paid = Math.max(0, Math.min(units, empty - at))
      return paid * Math.max(floor, origin.price - drop * meanRoot(root(at), root(at + paid)))
    },
  }
}

/** The mean of sqrt(q) over q from a^2 to b^2. */
export function meanRoot(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 / 3) * (a + b - (a * b) / (a + b))
}
