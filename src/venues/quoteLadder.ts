/** Quotes of an aggregator: amount in, amount out; taken minutes apart, so noisy and not monotone. */

import { isotonicFit } from '../math/isotonic.ts'
import type { VenueSpec } from '../scenario.ts'
import type { Venue } from '../venue.ts'
import { extended, tailFrom } from './beyond.ts'
import { type Depth, multiplicative } from './depth.ts'
import { oneSided, pathIndependent } from './pathIndependent.ts'
import { checkLength, checkPositive, checkTerms } from './terms.ts'

export type QuoteLadderSpec = Omit<Extract<VenueSpec, { kind: 'quoteLadder' }>, 'kind'>

/** The part of the quotes, smallest amounts first, whose average price counts as no impact. At least one quote. */
const SMALLEST_SHARE = 0.1

/**
 * A price curve relative to the outside price, cleaned from quotes.
 *
 * Rule:    1. out / in, relative to its mean over the smallest tenth of the quotes (at least one), is fitted by the
 *          nearest falling column, equal amounts pooled, at most 1. 2. Total proceeds, in x fit, may not fall: a quote
 *          that fetches less than a smaller one (no route was found) counts as selling the smaller amount. 3. Their
 *          least concave majorant gives marginal prices, constant between quotes; each step is replaced by a flat and a
 *          ramp with the same proceeds, so that the price has no cliffs and starts at the outside price.
 * Units:   amounts in base units and in quote asset; any order. Only ratios are kept: the level is the outside price.
 * Source:  steps 1 and 3: R. E. Barlow et al., Statistical inference under order restrictions, 1972.
 * Assumes: the noise is drift of the price between quotes, so it is relative and the same at every size.
 * Simplifies: step 3 lifts proceeds where the fitted column steps; the tests state by how much on recordings.
 * Throws:  InputError FB2101 to FB2103, FB2105, FB2106
 */
export function quoteLadder(spec: QuoteLadderSpec): Venue {
  checkTerms(spec)
  checkQuotes(spec)
  const marginal = marginalPrices(cleaned(spec.amountIn, spec.amountOut))
  const ramps = rampsFrom(continuous(marginal))
  const { edge } = ramps
  const tail = tailFrom(spec.beyond, { units: 0, price: 1 }, edge, `venues.${spec.name}`)
  return pathIndependent(spec, {
    kind: 'quoteLadder',
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

/** Amounts rising, and total proceeds of each at an outside price of 1: never more than the amount, never falling. */
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

/** Corners of a continuous price from 1 down, with each step's proceeds kept. */
function continuous({ at, price }: Steps): { at: number[]; price: number[] } {
  const corners = { at: [0], price: [1] }
  price.forEach((mean, j) => {
    const last = j === price.length - 1
    const from = corners.price[corners.price.length - 1]
    const to = last ? Math.max(0, 2 * mean - from) : (mean + price[j + 1]) / 2
    const middle = (from + to) / 2
    const width = at[j + 1] - at[j]
    if (mean > middle) {
      corners.at.push(at[j] + width * ((mean - middle) / (from - middle)))
      corners.price.push(from)
    } else if (mean < middle) {
      corners.at.push(at[j] + width * ((mean - to) / (middle - to)))
      corners.price.push(to)
    }
    corners.at.push(at[j + 1])
    corners.price.push(to)
  })
  return corners
}

/** Straight lines between corners; corners at one and the same amount are one. */
function rampsFrom(corners: { at: number[]; price: number[] }): Depth & { edge: Corner } {
  const kept = corners.at.map((at, i) => i === 0 || at > corners.at[i - 1])
  const at = corners.at.filter((_, i) => kept[i])
  const price = corners.price.filter((_, i) => kept[i])
  const last = at.length - 1
  const paid = new Float64Array(at.length)
  for (let i = 1; i <= last; i++) {
    paid[i] = paid[i - 1] + (at[i] - at[i - 1]) * ((price[i] + price[i - 1]) / 2)
  }
  /** The last corner before which `holds`, among those that a ramp starts from. */
  const rampAt = (holds: (corner: number) => boolean): number => {
    let low = 0
    let high = last - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (holds(middle)) low = middle
      else high = middle - 1
    }
    return low
  }
  const priceAt = (units: number): number => {
    const i = rampAt((corner) => at[corner] <= units)
    const share = (units - at[i]) / (at[i + 1] - at[i])
    return Math.max(price[i + 1], price[i] + (price[i + 1] - price[i]) * share)
  }
  const paidTo = (units: number, i: number): number =>
    (units - at[i]) * ((price[i] + priceAt(units)) / 2)
  return {
    edge: { units: at[last], price: price[last] },
    price: priceAt,
    units(limit) {
      const i = rampAt((corner) => price[corner] >= limit)
      if (price[i + 1] >= limit) return at[i + 1]
      const share = (price[i] - limit) / (price[i] - price[i + 1])
      return Math.min(at[i + 1], at[i] + (at[i + 1] - at[i]) * share)
    },
    proceeds(from, units) {
      const to = from + units
      const first = rampAt((corner) => at[corner] <= from)
      const end = rampAt((corner) => at[corner] < to)
      if (first === end) return units * ((priceAt(from) + priceAt(to)) / 2)
      const head = (at[first + 1] - from) * ((priceAt(from) + price[first + 1]) / 2)
      return head + (paid[end] - paid[first + 1]) + paidTo(to, end)
    },
  }
}

interface Corner {
  readonly units: number
  readonly price: number
}

function checkQuotes(spec: QuoteLadderSpec): void {
  const place = `venues.${spec.name}`
  const [amounts, outs] = [spec.amountIn, spec.amountOut]
  checkLength(amounts.length, outs.length, place, 'each quote needs an amount in and an amount out')
  amounts.forEach((amount, i) => {
    checkPositive(amount, `${place}.amountIn[${i}]`, 'FB2103', 'a quoted amount')
  })
  outs.forEach((amount, i) => {
    checkPositive(amount, `${place}.amountOut[${i}]`, 'FB2103', 'a quoted amount')
  })
}
