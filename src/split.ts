/** A sale over parallel venues, split by the price at which they take it together. */

import { nextUp } from './math/bisect.ts'
import { lastReaching } from './math/lastReaching.ts'
import type { Venue } from './venue.ts'

/** A search for a price first moves by about this part of it. */
export const FIRST_STEP = 3e-4

/**
 * A sum of capacities is settled once it is this many times further from the units sold than what
 * is open of it.
 */
const CLEAR = 4

/** So that rounding does not leave a book on the step before. */
const PAST_STEP = 1 + 1e-9

/** By how much a search oversteps its guess, so that the first step encloses the price. */
const WIDER = 1.5

/** Venues side by side; prices are at the lowest fee. */
export interface Hop {
  readonly venues: readonly Venue[]
  /** The most units that a venue takes down to a price. */
  capacity(venue: number, price: number): number
  /** Where a venue would stand after so many units more; a guess, NaN where there is none. */
  priceAfter(venue: number, units: number): number
}

/**
 * Splits a sale by the price at which the venues together take it.
 *
 * Rule: the last price at which capacities reach `units`; what one double above leaves over goes to
 *       the venues in proportion to what they take between the two. What nobody pays for goes to
 *       the first venue without a wall.
 */
export function split(units: number, top: number, hop: Hop): number[] {
  const { venues } = hop
  const count = venues.length
  const taken = capacities(hop, 0)
  const all = sumOf(taken)
  if (all < units) {
    const open = venues.findIndex((venue) => venue.beyond !== 'wall')
    if (open >= 0) taken[open] += units - all
    return taken
  }
  const price = commonPrice(units, top, hop)
  const parts = capacities(hop, nextUp(price))
  const reached = capacities(hop, price)
  const rest = units - sumOf(parts)
  const gaps = sumOf(reached) - sumOf(parts)
  // A venue without end takes whatever the others do not pay more for.
  const endless = reached.indexOf(Number.POSITIVE_INFINITY)
  if (endless >= 0) parts[endless] += rest
  else if (gaps > 0) {
    for (let i = 0; i < count; i++) parts[i] += rest * ((reached[i] - parts[i]) / gaps)
  }
  return parts
}

function capacities(hop: Hop, price: number): number[] {
  const units: number[] = []
  for (let i = 0; i < hop.venues.length; i++) units.push(hop.capacity(i, price))
  return units
}

/**
 * The last price up to `top` at which capacities reach `units`, which they must at 0.
 *
 * Why: capacities rise as prices fall, so each lies between what it was at the ends of the search
 *      so far. The widest is asked first; where that settles the side, the others' range goes
 *      unasked. A step of a book is guessed: its price after what it takes above the search.
 */
export function commonPrice(units: number, top: number, hop: Hop): number {
  const count = hop.venues.length
  const most = new Array<number>(count).fill(Number.POSITIVE_INFINITY)
  const least = new Array<number>(count).fill(0)
  const upper = most.slice()
  const lower = least.slice()
  const reached = (price: number): number => {
    for (let i = 0; i < count; i++) {
      upper[i] = most[i]
      lower[i] = least[i]
    }
    let low = sumOf(lower)
    let high = sumOf(upper)
    while (!(low - units >= CLEAR * (high - low) || units - high > CLEAR * (high - low))) {
      const widest = widestOf(lower, upper)
      if (widest < 0) break
      lower[widest] = hop.capacity(widest, price)
      upper[widest] = lower[widest]
      low = sumOf(lower)
      high = sumOf(upper)
    }
    if (low >= units) for (let i = 0; i < count; i++) most[i] = upper[i]
    else for (let i = 0; i < count; i++) least[i] = lower[i]
    return low >= units ? low : high
  }
  const jump = (): number => {
    const widest = widestOf(least, most)
    return widest < 0 ? top : hop.priceAfter(widest, least[widest] * PAST_STEP)
  }
  // No venue falls as far as if it had to take all of it alone.
  let alone = 0
  for (let i = 0; i < count; i++) {
    const price = hop.priceAfter(i, units)
    if (price > alone) alone = price
  }
  const fall = alone > 0 && alone < top ? (top - alone) / WIDER : top * FIRST_STEP
  const slope = units / fall
  return lastReaching(reached, units, { low: 0, high: top, from: top, slope, jump })
}

function sumOf(values: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum
}

/** Where the range from lower to upper is widest; -1 where all is known. */
function widestOf(lower: readonly number[], upper: readonly number[]): number {
  const gap = (i: number): number => upper[i] - lower[i]
  let widest = -1
  for (let i = 0; i < lower.length; i++)
    if (upper[i] > lower[i] && (widest < 0 || gap(i) > gap(widest))) widest = i
  return widest
}
