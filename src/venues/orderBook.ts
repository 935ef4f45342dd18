/** The bids of a recorded order book, best first. */

import { InputError } from '../errors.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { extendedStanding, tailFrom } from './beyond.ts'
import { absolute, multiplicative, type StandingDepth } from './depth.ts'
import { oneSided, pathIndependentVenue } from './pathIndependent.ts'
import { checkLength, checkOrder, checkPositive, checkTerms } from './terms.ts'

export type OrderBookSpec = Omit<Extract<VenueSpec, { kind: 'orderBook' }>, 'kind'>

/**
 * A book of bids that stand at their prices (`absolute`) or move with the outside price
 * (`relative`).
 *
 * Rule:    absolute: an outside price X takes the bids above it, V(X) units; Q forced units take
 *          the next, and the mid is the best bid left. relative: every bid is a fraction of the
 *          outside price. With nothing sold the mid is X.
 * Units:   bid prices in quote per base, strictly falling, the best at or below the opening price;
 *          sizes in base units.
 * Shape:   price is a step function: a level is the mid until its last unit is gone.
 * Assumes: no bid is added or withdrawn while the sale lasts; makers who flee make the real book
 *          thinner.
 * Simplifies: asks; who buys meets a refusal.
 * Throws:  InputError FB2111 to FB2116, FB2118
 */
export function orderBook(spec: OrderBookSpec): Venue {
  checkTerms(spec)
  checkLevels(spec)
  const isRelative = spec.levels === 'relative'
  const opening = isRelative ? 1 : spec.outside
  const price = isRelative ? spec.price.map((level) => level / spec.outside) : spec.price
  const levels = levelsFrom(price, spec.size)
  const edge = { units: levels.total, price: price[price.length - 1] }
  const tail = tailFrom(spec.beyond, { units: 0, price: opening }, edge, `venues.${spec.name}`)
  const depth = extendedStanding(levels, edge, tail)
  return pathIndependentVenue(spec, {
    kind: 'orderBook',
    feeFrom: 'proceeds',
    curve: isRelative ? multiplicative(depth) : absolute(depth),
    edgePrice: (outside) => (isRelative ? outside * edge.price : Math.min(outside, edge.price)),
    edgeUnits: (outside) => (isRelative ? edge.units : edge.units - levels.above(outside)),
    ...oneSided,
    scaled: (by) => orderBook({ ...spec, size: spec.size.map((size) => size * by) }),
  })
}

/** Steps: level j is the price from `gone[j]` units on until `gone[j + 1]`. */
function levelsFrom(
  price: readonly number[],
  size: readonly number[],
): StandingDepth & { readonly total: number } {
  const count = price.length
  const gone = new Float64Array(count + 1)
  const paid = new Float64Array(count + 1)
  for (let j = 0; j < count; j++) {
    gone[j + 1] = gone[j] + size[j]
    paid[j + 1] = paid[j] + size[j] * price[j]
  }
  /** The level that holds `at`: the last with gone[j] <= at, or < at when `strictly`. */
  const levelAt = (at: number, strictly: boolean): number => {
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (strictly ? gone[middle] < at : gone[middle] <= at) low = middle
      else high = middle - 1
    }
    return low
  }
  /** How many levels lie above the price, or at it too. */
  const levelsAbove = (limit: number, atToo: boolean): number => {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >> 1
      if (atToo ? price[middle] >= limit : price[middle] > limit) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    total: gone[count],
    price: (at) => price[levelAt(at, false)],
    units: (limit) => gone[levelsAbove(limit, true)],
    above: (limit) => gone[levelsAbove(limit, false)],
    start: (at) => (at > 0 ? price[levelAt(at, true)] : Number.POSITIVE_INFINITY),
    proceeds(at, units) {
      const first = levelAt(at, false)
      const last = levelAt(at + units, true)
      if (last <= first) return units * price[first]
      const head = (gone[first + 1] - at) * price[first]
      return head + (paid[last] - paid[first + 1]) + (at + units - gone[last]) * price[last]
    },
  }
}

function checkLevels(spec: OrderBookSpec): void {
  const place = `venues.${spec.name}`
  checkLength(spec.size.length, spec.price.length, place, 'each bid needs a price and a size')
  spec.price.forEach((price, j) => {
    checkPositive(price, `${place}.price[${j}]`, 'FB2113', 'a bid price')
  })
  spec.size.forEach((size, j) => {
    checkPositive(size, `${place}.size[${j}]`, 'FB2113', 'a bid size')
  })
  checkOrder(spec.price, 'falling', `${place}.price`)
  if (spec.price[0] <= spec.outside) return
  throw new InputError({
    code: 'FB2118',
    place: `${place}.price[0]`,
    rule: 'the best bid must not stand above the opening price',
    came: `${spec.price[0]} above ${spec.outside}`,
    remedy: 'Open at the mid of the book, or rescale the bids to the opening price',
  })
}
