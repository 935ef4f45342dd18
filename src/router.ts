/** Parallel venues of one pair: a sale is split so that every venue used ends at one fee-adjusted marginal price. */

import { assert } from './errors.ts'
import { bisect, nextUp } from './math/bisect.ts'
import type { Curve, Fill, Venue } from './venue.ts'

/** A purchase over several venues goes in this many slices, each to the cheapest venue of the moment. */
const PURCHASE_SLICES = 64

const PRICE_MAX = 1e300

/**
 * The mid of a hop: the best of mid x (1 - fee), as a mid at the lowest fee. It is the outside price at rest, and the mid
 * of the venue that the next sale meets first.
 */
export function hopMid(venues: readonly Venue[]): number {
  if (venues.length === 1) return venues[0].mid()
  const share = feeShares(venues)
  let best = 0
  for (let i = 0; i < venues.length; i++) best = Math.max(best, venues[i].mid() * share[i])
  return best
}

/** What a sale (negative: a purchase) over the venues of a hop would give. Changes nothing. */
export function hopQuote(venues: readonly Venue[], units: number): Fill {
  if (venues.length === 1) return venues[0].quote(units)
  if (units < 0)
    return buy(
      venues.map((venue) => venue.copy()),
      units,
    )
  return fillsOf(venues, units, (venue, part) => venue.quote(part))
}

/** Sells over the venues of a hop; negative units buy where venues are two-sided. */
export function hopSell(venues: readonly Venue[], units: number): Fill {
  if (venues.length === 1) return venues[0].sell(units)
  return units < 0 ? buy(venues, units) : fillsOf(venues, units, (venue, part) => venue.sell(part))
}

/**
 * Several curves as one.
 *
 * Rule:  price is the common mid(i) (1 - fee(i)), as a mid at the lowest fee; `proceeds` is the integral of that price, so
 *        a seller receives it x (1 - lowest fee). All of it follows from the units that the curves absorb down to a price.
 * Law:   monotone as computed, because the price is where a sum of monotone numbers passes `sold`.
 */
export function parallelCurve(venues: readonly Venue[]): Curve {
  const share = feeShares(venues)
  const curves = venues.map((venue) => {
    assert(venue.curve !== null, 'parallelCurve needs path-independent venues')
    return venue.curve
  })
  const absorbed = (outside: number, price: number): number => {
    let sum = 0
    for (let i = 0; i < curves.length; i++) sum += curves[i].units(outside, 0, price / share[i])
    return sum
  }
  const parts = (outside: number, sold: number): Float64Array =>
    split(sold, outside, venues, (i, price) => curves[i].units(outside, 0, price / share[i]))
  return {
    price(outside, sold) {
      assert(sold >= 0, 'several venues as one curve only take sales')
      if (sold === 0 || !(absorbed(outside, 0) > sold)) return sold === 0 ? outside : 0
      return bisect((price) => absorbed(outside, price) > sold, 0, outside)
    },
    outside(trigger, sold) {
      if (!(trigger > 0)) return 0
      const isBelow = (outside: number): boolean => absorbed(outside, trigger) <= sold
      if (sold === 0 || !isBelow(trigger)) return trigger
      const last = bisect(isBelow, trigger, PRICE_MAX)
      return last === PRICE_MAX ? Number.POSITIVE_INFINITY : last
    },
    units: (outside, sold, price) => Math.max(0, absorbed(outside, price) - sold),
    proceeds(outside, sold, units) {
      const from = parts(outside, sold)
      const to = parts(outside, sold + units)
      let sum = 0
      for (let i = 0; i < curves.length; i++) {
        const part = Math.max(0, to[i] - from[i])
        if (part > 0) sum += share[i] * curves[i].proceeds(outside, from[i], part)
      }
      return sum
    },
  }
}

/** The lowest fee of a hop: its prices are mids at this fee. */
export function hopFee(venues: readonly Venue[]): number {
  return venues.reduce((lowest, venue) => Math.min(lowest, venue.fee), 1)
}

/** What a venue's mid is worth beside one at the lowest fee: 1 for the cheapest. */
function feeShares(venues: readonly Venue[]): Float64Array {
  const keep = 1 - hopFee(venues)
  return Float64Array.from(venues, (venue) => (1 - venue.fee) / keep)
}

function fillsOf(
  venues: readonly Venue[],
  units: number,
  trade: (venue: Venue, part: number) => Fill,
): Fill {
  const share = feeShares(venues)
  const capacity = (i: number, price: number): number => venues[i].capacity(price / share[i])
  const parts = split(units, hopMid(venues), venues, capacity)
  let untaken = units
  let proceeds = 0
  let extrapolated = false
  let isWhole = true
  for (let i = 0; i < venues.length; i++) {
    if (parts[i] === 0) continue
    const fill = trade(venues[i], parts[i])
    isWhole &&= fill.units === parts[i]
    untaken -= fill.units
    proceeds += fill.proceeds
    extrapolated ||= fill.extrapolated
  }
  const isTaken = isWhole && untaken <= units * 1e-12
  return { units: isTaken ? units : units - untaken, proceeds, extrapolated }
}

/**
 * Splits a sale by the price at which the venues together take it.
 *
 * Rule: the last price at which capacities reach `units`; what one double above leaves over goes to the venues in
 *       proportion to what they take between the two. What nobody pays for goes to the first venue without a wall.
 */
function split(
  units: number,
  top: number,
  venues: readonly Venue[],
  capacity: (venue: number, price: number) => number,
): Float64Array {
  const reached = (price: number): number => {
    let sum = 0
    for (let i = 0; i < venues.length; i++) sum += capacity(i, price)
    return sum
  }
  const parts = new Float64Array(venues.length)
  const all = reached(0)
  if (all < units) {
    const open = venues.findIndex((venue) => venue.beyond !== 'wall')
    for (let i = 0; i < parts.length; i++) parts[i] = capacity(i, 0)
    if (open >= 0) parts[open] += units - all
    return parts
  }
  const price = bisect((price) => reached(price) >= units, 0, top)
  const above = nextUp(price)
  const rest = units - reached(above)
  const gaps = reached(price) - reached(above)
  for (let i = 0; i < parts.length; i++) {
    const part = capacity(i, above)
    const gap = capacity(i, price) - part
    if (gap === Number.POSITIVE_INFINITY) return endless(i)
    parts[i] = gaps > 0 ? part + rest * (gap / gaps) : part
  }
  return parts

  /** A venue without end takes whatever the others do not pay more for. */
  function endless(venue: number): Float64Array {
    for (let i = 0; i < parts.length; i++) parts[i] = capacity(i, above)
    parts[venue] += rest
    return parts
  }
}

function buy(venues: readonly Venue[], units: number): Fill {
  const slice = units / PURCHASE_SLICES
  const open = new Set(venues)
  let [taken, proceeds, extrapolated] = [0, 0, false]
  for (let k = 0; k < PURCHASE_SLICES; k++) {
    for (;;) {
      const venue = cheapest(open)
      if (venue === null) return { units: taken, proceeds, extrapolated }
      const fill = venue.sell(slice)
      taken += fill.units
      proceeds += fill.proceeds
      extrapolated ||= fill.extrapolated
      if (fill.units === slice) break
      open.delete(venue)
    }
  }
  return { units, proceeds, extrapolated }
}

function cheapest(venues: Set<Venue>): Venue | null {
  let best: Venue | null = null
  const ask = (venue: Venue): number => venue.mid() / (1 - venue.fee)
  for (const venue of venues) if (best === null || ask(venue) < ask(best)) best = venue
  return best
}
