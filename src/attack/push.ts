/** Trades that move a price to where it is wanted. */

import type { Market } from '../market.ts'

/** Units a trade took (bought: below 0), and the cash it brought (paid: below 0). */
export interface Trade {
  readonly units: number
  readonly cash: number
}

/**
 * Sells units of an asset for cash, or buys them (below 0): over all venues of its hop, or on one.
 *
 * Units: `venue` as in `Plan`.
 */
export function trade(market: Market, asset: number, venue: number, units: number): Trade {
  if (venue < 0) {
    const sale = market.sell(asset, units)
    return { units: sale.units, cash: sale.proceeds }
  }
  const fill = market.venues[venue].sell(units)
  const { quoteAsset } = market.venues[venue]
  return { units: fill.units, cash: market.sell(quoteAsset, fill.proceeds).proceeds }
}

/** How far a push may go: units sold or bought, and cash paid. */
export interface Means {
  readonly units: number
  readonly cashUsd: number
}

/**
 * The units whose sale (below 0: purchase) brings the price of an asset to a target, as far as the
 * means reach; 0 where it is there already.
 *
 * Rule:  the most units with which the price has not yet passed the target, found on `scratch`, a
 *        copy of the market: doubled until one is too many, then halved.
 * Shape: where a venue ends before the target (a wall, an empty pool), all that it takes.
 */
export function unitsTo(
  market: Market,
  scratch: Market,
  asset: number,
  venue: number,
  target: number,
  means: Means,
): number {
  const price = market.price(asset)
  const side = target < price ? 1 : -1
  const fits = (size: number): boolean => {
    if (size > means.units) return false
    scratch.reset(market)
    const done = trade(scratch, asset, venue, side * size)
    const isWhole = Math.abs(done.units) >= size * WHOLE
    const reached = scratch.price(asset)
    return isWhole && -done.cash <= means.cashUsd && (reached - target) * side >= 0
  }
  let low = 0
  let high = Math.min(means.units, LEAST_USD / price)
  if (!(high > 0)) return 0
  for (let n = 0; n < DOUBLINGS_MAX && fits(high); n++) {
    low = high
    high = Math.min(means.units, 2 * high)
    if (low === high) return side * low
  }
  for (let n = 0; n < HALVINGS; n++) {
    const middle = (low + high) / 2
    if (fits(middle)) low = middle
    else high = middle
  }
  return side * low
}

/** The first size tried, in USD. */
const LEAST_USD = 1
/** A trade of which this much was taken was taken whole. */
const WHOLE = 1 - 1e-9
const DOUBLINGS_MAX = 128
/** From a doubling to 1e-12 of it. */
const HALVINGS = 40
