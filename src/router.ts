/**
 * Parallel venues of one pair: a sale is split so that every venue used ends at one fee-adjusted
 * marginal price.
 */

import { assert } from './errors.ts'
import { nextUp } from './math/bisect.ts'
import { lastReaching } from './math/lastReaching.ts'
import { commonPrice, FIRST_STEP, type Hop, split } from './split.ts'
import type { Curve, Fill, Venue } from './venue.ts'

/**
 * A purchase over several venues goes in this many slices, each to the cheapest venue of the
 * moment.
 */
const PURCHASE_SLICES = 64

const PRICE_MAX = 1e300

/**
 * The mid of a hop: the best of mid x (1 - fee), as a mid at the lowest fee. It is the outside
 * price at rest, and the mid of the venue that the next sale meets first. A venue that bids below
 * its mid counts with its bid, up to the outside price.
 */
export function hopMid(venues: readonly Venue[]): number {
  if (venues.length === 1) return venues[0].mid()
  const fee = hopFee(venues)
  let best = 0
  for (const venue of venues) {
    const worth = bidOf(venue, feeShare(venue, fee))
    best = Math.max(best, venue.bid === undefined ? worth : Math.min(venue.outside(), worth))
  }
  return best
}

/** What the next unit sold is worth, times a share: the mid, or the bid of who bids below it. */
export function bidOf(venue: Venue, share: number): number {
  return (venue.bid === undefined ? venue.mid() : venue.bid()) * share
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
 * Rule:  price is the common mid(i) (1 - fee(i)), as a mid at the lowest fee; `proceeds` is the
 *        integral of that price, so a seller receives it x (1 - lowest fee). All of it follows from
 *        the units that the curves absorb down to a price.
 * Law:   monotone as computed, because the price is where a sum of monotone numbers passes `sold`.
 */
export function parallelCurve(venues: readonly Venue[]): Curve {
  const fee = hopFee(venues)
  const share = venues.map((venue) => feeShare(venue, fee))
  const curves = venues.map((venue) => {
    assert(venue.curve !== null, 'parallelCurve needs path-independent venues')
    return venue.curve
  })
  const absorbed = (outside: number, price: number): number => {
    let sum = 0
    for (let i = 0; i < curves.length; i++) sum += curves[i].units(outside, 0, price / share[i])
    return sum
  }
  const hopAt = (outside: number): Hop => ({
    venues,
    capacity: (i, price) => curves[i].units(outside, 0, price / share[i]),
    priceAfter: (i, units) => curves[i].price(outside, units) * share[i],
  })
  const parts = (outside: number, sold: number): number[] => split(sold, outside, hopAt(outside))
  return {
    price(outside, sold) {
      assert(sold >= 0, 'several venues as one curve only take sales')
      if (sold === 0 || !(absorbed(outside, 0) > sold)) return sold === 0 ? outside : 0
      return commonPrice(nextUp(sold), outside, hopAt(outside))
    },
    outside(trigger, sold) {
      if (!(trigger > 0)) return 0
      if (sold === 0 || !(absorbed(trigger, trigger) <= sold)) return trigger
      const slope = sold / (trigger * FIRST_STEP)
      const search = { low: trigger, high: PRICE_MAX, from: trigger, slope }
      const last = lastReaching((outside) => -absorbed(outside, trigger), -sold, search)
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

/** Mids this near are one price: nobody earns by trading between them. */
const ONE_PRICE = 1e-12

/**
 * Returns the arbitrage between the venues of a hop: it shares their displacement out as if the sum
 * had been sold, or bought, from rest; `staying` is the part of each difference that stays.
 *
 * Rule:       units go from venue to venue until all that are displaced stand at one mid x (1 -
 *             fee), for purchases one mid / (1 - fee); at a step of a book they are shared in
 *             proportion to what each venue takes there. The sum of units stays.
 * Shape:      nothing moves where that holds already, or where a wall or a pool cannot hold its
 *             part.
 * Simplifies: what arbitrageurs pay and earn; a pool that keeps its fee does not grow by it.
 */
export function hopArbitrage(): (venues: readonly Venue[], staying: number) => void {
  const spread = spreadOverHop()
  const now: number[] = []
  const reached: number[] = []
  return (venues, staying) => {
    let total = 0
    for (let i = 0; i < venues.length; i++) {
      now[i] = venues[i].forced()
      reached[i] = 0
      total += now[i]
    }
    if (isAtOnePrice(venues, total)) return
    const isSettled = total === 0 || spread(venues, total, now, reached)
    for (let i = 0; i < venues.length; i++)
      venues[i].force(isSettled ? reached[i] + (now[i] - reached[i]) * staying : now[i])
  }
}

/** Finds the common price of a displacement; false where venues cannot hold the sum at any. */
type Spread = (venues: readonly Venue[], total: number, now: number[], out: number[]) => boolean

function spreadOverHop(): Spread {
  const search = { low: 0, high: 0, from: 0, slope: 0 }
  const above: number[] = []
  const unitsAt = displacementAt()
  let [hop, all, held]: [readonly Venue[], number, number[]] = [[], 0, []]

  function together(price: number): number {
    let sum = 0
    for (let i = 0; i < hop.length; i++) sum += unitsAt(hop, i, price, all, held[i])
    return sum
  }

  return (venues, total, now, out) => {
    hop = venues
    all = total
    held = now
    const outside = hop[0].outside()
    const fee = hopFee(hop)
    search.low = total > 0 ? 0 : outside
    search.high = outside
    if (total < 0)
      for (const each of hop) search.high = Math.max(search.high, each.mid() / feeShare(each, fee))
    search.from = total > 0 ? Math.min(outside, hopMid(hop)) : search.high
    search.slope = Math.abs(total) / (outside * FIRST_STEP)
    if (together(search.low) < total) return false
    const price = lastReaching(together, total, search)
    const over = together(price)
    for (let i = 0; i < hop.length; i++) out[i] = unitsAt(hop, i, price, all, held[i])
    let sum = 0
    for (let i = 0; i < hop.length; i++) {
      above[i] = unitsAt(hop, i, price * (1 + Number.EPSILON), all, held[i])
      sum += above[i]
    }
    const part = over > sum ? (total - sum) / (over - sum) : 0
    for (let i = 0; i < hop.length; i++) out[i] = above[i] + part * (out[i] - above[i])
    return part >= 0
  }
}

type UnitsAt = (
  hop: readonly Venue[],
  i: number,
  price: number,
  total: number,
  now: number,
) => number

/** The most units of displacement, between none and all, with which venue `i` is at a price. */
function displacementAt(): UnitsAt {
  const search = { low: 0, high: 0, from: 0, slope: 0 }
  let venue: Venue
  const midAt = (units: number): number => {
    venue.force(units)
    return venue.mid()
  }
  return (hop, i, price, total, now) => {
    venue = hop[i]
    const share = feeShare(venue, hopFee(hop))
    const mid = total > 0 ? price / share : price * share
    if (total > 0 && venue.curve !== null) {
      venue.force(0)
      return Math.min(total, venue.capacity(mid))
    }
    search.low = Math.min(0, total)
    search.high = Math.max(0, total)
    if (!(midAt(search.low) >= mid)) return venue.forced()
    search.from = Math.max(search.low, Math.min(search.high, now))
    search.slope = venue.outside() / Math.abs(total)
    venue.force(lastReaching(midAt, mid, search))
    return venue.forced()
  }
}

/** Whether no displaced venue of a hop can be relieved at a better price than it stands at. */
function isAtOnePrice(venues: readonly Venue[], total: number): boolean {
  const fee = hopFee(venues)
  const side = total >= 0 ? 1 : -1
  let best = total >= 0 ? 0 : Number.POSITIVE_INFINITY
  for (const venue of venues) {
    const share = feeShare(venue, fee)
    best = total >= 0 ? Math.max(best, bidOf(venue, share)) : Math.min(best, venue.mid() / share)
  }
  for (const venue of venues) {
    const units = venue.forced()
    if (units * side < 0) return false
    const share = feeShare(venue, fee)
    const price = total >= 0 ? venue.mid() * share : venue.mid() / share
    if (units !== 0 && Math.abs(price - best) > ONE_PRICE * best) return false
  }
  return true
}

/** The lowest fee of a hop: its prices are mids at this fee. A bid has its fee in it. */
export function hopFee(venues: readonly Venue[]): number {
  let lowest = 1
  for (const venue of venues) if (venue.bid === undefined) lowest = Math.min(lowest, venue.fee)
  return lowest < 1 ? lowest : 0
}

/** What a venue's mid is worth beside one at the lowest fee: 1 for the cheapest. */
function feeShare(venue: Venue, lowestFee: number): number {
  return (1 - venue.fee) / (1 - lowestFee)
}

function fillsOf(
  venues: readonly Venue[],
  units: number,
  trade: (venue: Venue, part: number) => Fill,
): Fill {
  const fee = hopFee(venues)
  const top = Math.max(...venues.map((venue) => bidOf(venue, feeShare(venue, fee))))
  const parts = split(units, top, {
    venues,
    capacity: (i, price) => venues[i].capacity(price / feeShare(venues[i], fee)),
    priceAfter(i, more) {
      const { curve } = venues[i]
      const sold = venues[i].forced() + more
      return curve === null
        ? Number.NaN
        : curve.price(venues[i].outside(), sold) * feeShare(venues[i], fee)
    },
  })
  let untaken = units
  let proceeds = 0
  let [extrapolated, isWhole] = [false, true]
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
