/** All venues, with the outside price of each asset, and the routes by which an asset becomes cash. */

import type { Venue } from './venue.ts'

/** What a sale through a route gave. */
export interface Sale {
  /** Units of the sold asset taken by the first hop. */
  readonly units: number
  /** Cash received, in the market's cash asset (USD). */
  readonly proceeds: number
  readonly extrapolated: boolean
}

/**
 * Venues are pairs. An asset's route starts with the venues of one pair, used in parallel at equal fee-adjusted
 * marginal price, and goes on with the route of the asset they pay in, until cash.
 *
 * Units: outside prices are in the asset that the route's first hop pays in (stETH in ETH, ETH in USD), so a move of
 *        ETH moves stETH with it. An asset that is never sold has its outside price in cash.
 */
export interface Market {
  readonly assets: readonly string[]
  /** Index of the asset that everything is valued in. */
  readonly cash: number
  readonly venues: readonly Venue[]
  /** Indices into `venues` of an asset's first hop; empty when the asset is not sold. */
  readonly hop: readonly (readonly number[])[]
  /** Mid of the asset in cash, through its route: 1 for cash. */
  price(asset: number): number
  /** Writes the mid of every asset. */
  prices(out: Float64Array): void
  /** Outside price in the quote asset of the first hop. */
  outside(asset: number): number
  /** Moves the outside price of the first hop's venues. */
  move(asset: number, outside: number): void
  quote(asset: number, units: number): Sale
  /** Sells through the whole route; negative units buy where the venues are two-sided. */
  sell(asset: number, units: number): Sale
  /** Units that raise this much cash after fees, through the whole route; Infinity when it cannot be raised. */
  unitsFor(asset: number, cash: number): number
  copy(): Market
  reset(from: Market): void
}
