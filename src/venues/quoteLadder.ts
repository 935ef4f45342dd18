/**
 * Quotes of an aggregator: amount in, amount out; taken minutes apart, so noisy and not monotone.
 */

import { isotonicFit } from '../math/isotonic.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { extended, type Point, tailFrom } from './beyond.ts'
import { type Depth, multiplicative } from './depth.ts'
import { oneSided, pathIndependentVenue } from './pathIndependent.ts'
import { checkLength, checkPositive, checkTerms } from './terms.ts'

export type QuoteLadderSpec = Omit<Extract<VenueSpec, { kind: 'quoteLadder' }>, 'kind'>

/**
 * The part of the quotes, smallest amounts first, whose average price counts as no impact. At least
 * one quote.
 */
const SMALLEST_SHARE = 0.1

/**
 * A price curve relative to the outside price, cleaned from quotes.
 *
 * Rule:    1. out / in, relative to its mean over the smallest tenth of the quotes (at least one),
 *          is fitted by the nearest falling column, equal amounts pooled, at most 1. 2. Total
 *          proceeds, in x fit, may not fall: a quote that fetches less than a smaller one (no route
 *          was found) counts as selling the smaller amount. 3. Their least concave majorant gives
 *          marginal prices, constant between quotes; each step is replaced by a ramp with the same
 *          proceeds, so that the price starts at the outside price and falls without cliffs.
 * Units:   amounts in base units and in quote asset; any order. Only ratios are kept: the level is
 *          the outside price.
 * Source:  steps 1 and 3: R. E. Barlow et al., Statistical inference under order restrictions,
 *          1972.
 * Assumes: the noise is drift of the price between quotes, so it is relative and the same at every
 *          size.
 * Simplifies: step 3 lifts proceeds where the fitted column steps; the tests state by how much on
 *             recordings.
 * Throws:  InputError FB2111 to FB2113, FB2115, FB2116
 */
export function quoteLadder(spec: QuoteLadderSpec): Venue {
  checkTerms(spec)
  checkQuotes(spec)
  const marginal = marginalPrices(cleaned(spec.amountIn, spec.amountOut))
  const ramps = rampsFrom(cornersOf(marginal))
  const { edge } = ramps
  const tail = tailFrom(spec.beyond, { units: 0, price: 1 }, edge, `venues.${spec.name}`)
  return pathIndependentVenue(spec, {
    kind: 'quoteLadder',
    feeFrom: 'proceeds',
    curve: multiplicative(extended(ramps, edge, tail)),
    edgePrice: (outside) => outside * edge.price,
    edgeUnits: () => edge.units,
    ...oneSided,
    scaled: (by) =>
      quoteLadder({
        ...spec,
        amountIn: spec.amountIn.map((amount) => amount * by),
        amountOut: spec.amountOut.map((amount) => amount * by),
      }),
  })
}

/**
 * Amounts rising, and total proceeds of each at an outside price of 1: never more than the amount,
 * never falling.
 */
interface Proceeds {
  readonly amount: Float64Array
  readonly total: Float64Array
}

function cleaned(amountIn: readonly number[], amountOut: readonly number[]): Proceeds {
  const quotes = amountIn.map((amount, i) => ({ amount, price: amountOut[i] / amount }))
  quotes.sort((a, b) => a.amount - b.amount || a.price - b.price)
  const smallest = Math.max(1, Math.floor(quotes.length * SMALLEST_SHARE))
  const par = quotes.slice(0, smallest).reduce((sum, { price }) => sum + price, 0) / smallest
  const pooled: { amount: number; sum: number; count: number }[] = []
  for (const { amount, price } of quotes) {
    const last = pooled.at(-1)
    if (last?.amount === amount) {
      last.sum += price
      last.count++
    } else {
      pooled.push({ amount, sum: price, count: 1 })
    }
  }
  const relative = Float64Array.from(pooled, ({ sum, count }) => sum / count / par)
  const weight = Float64Array.from(pooled, ({ count }) => count)
  const fit = isotonicFit(relative, weight, 'falling')
  const amount = Float64Array.from(pooled, (quote) => quote.amount)
  const total = amount.map((units, i) => units * Math.min(1, fit[i]))
  for (let i = 1; i < total.length; i++) total[i] = Math.max(total[i], total[i - 1])
  return { amount, total }
}

/** Steps of the marginal price: `price[j]` holds from `at[j]` to `at[j + 1]`. */
interface Steps {
  readonly at: number[]
  readonly price: number[]
}

function marginalPrices({ amount, total }: Proceeds): Steps {
  const width = amount.map((units, i) => units - (i === 0 ? 0 : amount[i - 1]))
  const slope = total.map((paid, i) => (paid - (i === 0 ? 0 : total[i - 1])) / width[i])
  // The falling fit of the slopes, weighted by width, is the slope of the least concave majorant.
  const fit = isotonicFit(slope, width, 'falling')
  const steps: Steps = { at: [0], price: [] }
  for (let i = 0; i < fit.length; i++) {
    if (i + 1 < fit.length && fit[i + 1] === fit[i]) continue
    steps.at.push(amount[i])
    steps.price.push(Math.min(1, fit[i]))
  }
  return steps
}

/**
 * Corners of a price from 1 down that keeps each step's proceeds: straight through the step where
 * that leaves the next one room, else a ramp that ends early, at halfway to the next step, and a
 * flat. It is continuous but for a fall to 0.
 */
function cornersOf({ at, price }: Steps): Corner[] {
  const corners: Corner[] = [{ at: 0, price: 1 }]
  let from = 1
  price.forEach((mean, j) => {
    const next = j + 1 < price.length ? (mean + price[j + 1]) / 2 : 0
    const to = Math.max(2 * mean - from, next)
    const middle = (from + to) / 2
    if (mean < middle) {
      const width = at[j + 1] - at[j]
      corners.push({ at: at[j] + width * ((mean - to) / (middle - to)), price: to })
    }
    corners.push({ at: at[j + 1], price: to })
    from = to
  })
  return corners
}

/**
 * Straight lines between corners. Two corners at one amount are a cliff: its foot is what the next
 * sale meets.
 */
function rampsFrom(corners: readonly Corner[]): Depth & { readonly edge: Point } {
  const at = Float64Array.from(corners, (corner) => corner.at)
  const price = Float64Array.from(corners, (corner) => corner.price)
  const last = corners.length - 1
  const paid = new Float64Array(corners.length)
  for (let i = 1; i <= last; i++) {
    paid[i] = paid[i - 1] + (at[i] - at[i - 1]) * ((price[i] + price[i - 1]) / 2)
  }
  /** The last ramp from whose first corner the test holds. */
  const rampWhere = (holds: (corner: number) => boolean): number => {
    let low = 0
    let high = last - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (holds(middle)) low = middle
      else high = middle - 1
    }
    return low
  }
  const priceIn = (i: number, units: number): number => {
    const share = (units - at[i]) / (at[i + 1] - at[i])
    return Math.max(price[i + 1], price[i] + (price[i + 1] - price[i]) * share)
  }
  const ramp = (units: number): number => rampWhere((corner) => at[corner] <= units)
  return {
    edge: { units: at[last], price: price[last] },
    price: (units) => priceIn(ramp(units), units),
    units(limit) {
      const i = rampWhere((corner) => price[corner] >= limit)
      if (price[i + 1] >= limit) return at[i + 1]
      const share = (price[i] - limit) / (price[i] - price[i + 1])
      return Math.min(at[i + 1], at[i] + (at[i + 1] - at[i]) * share)
    },
    proceeds(from, units) {
      const to = from + units
      const first = ramp(from)
      const end = Math.max(
        first,
        rampWhere((corner) => at[corner] < to),
      )
      const start = priceIn(first, from)
      const stop = priceIn(end, to)
      if (first === end) return units * ((start + stop) / 2)
      const head = (at[first + 1] - from) * ((start + price[first + 1]) / 2)
      const foot = (to - at[end]) * ((price[end] + stop) / 2)
      return head + (paid[end] - paid[first + 1]) + foot
    },
  }
}

interface Corner {
  readonly at: number
  readonly price: number
}

function checkQuotes(spec: QuoteLadderSpec): void {
  const place = `venues.${spec.name}`
  const [amounts, outs] = [spec.amountIn, spec.amountOut]
  checkLength(amounts.length, outs.length, place, 'each quote needs an amount in and an amount out')
  amounts.forEach((amount, i) => {
    checkPositive(amount, `${place}.amountIn[${i}]`, 'FB2113', 'a quoted amount')
  })
  outs.forEach((amount, i) => {
    checkPositive(amount, `${place}.amountOut[${i}]`, 'FB2113', 'a quoted amount')
  })
}
