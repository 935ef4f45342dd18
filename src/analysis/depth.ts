/**
 * What the market would take: units to a price, depth bands, slippage, the largest sale a bonus
 * pays for.
 */

import { hopCurve, type Market } from '../market.ts'
import { bisect } from '../math/bisect.ts'
import type { DepthTable } from '../report.ts'

/**
 * Units of an asset that can be sold until its USD mid has fallen by `drop`; null when no amount
 * does it.
 *
 * Rule:  one hop with a path-independent curve answers directly; a longer route is sold on a copy
 *        and halved.
 */
export function unitsToDrop(market: Market, asset: number, drop: number): number | null {
  const curve = hopCurve(market, asset)
  const price = market.price(asset)
  if (curve !== null) {
    const units = curve.units(market.outside(asset), 0, price * (1 - drop))
    return Number.isFinite(units) ? units : null
  }
  return unitsThroughRoute(market, asset, price * (1 - drop))
}

function unitsThroughRoute(market: Market, asset: number, target: number): number | null {
  if (market.hop[asset].length === 0) return null
  const copy = market.copy()
  const priceAfter = (units: number) => {
    copy.reset(market)
    copy.sell(asset, units)
    return copy.price(asset)
  }
  let high = 1
  for (let step = 0; priceAfter(high) > target; step++) {
    if (step > 80) return null
    high *= 2
  }
  return bisectUnits((units) => priceAfter(units) > target, high)
}

// Halved to a relative 1e-12: a table needs no more, and every step sells through the whole route.
// 0 where the first unit already falls through the level.
function bisectUnits(isAbove: (units: number) => boolean, from: number): number {
  let low = 0
  let high = from
  for (let step = 0; step < 100 && high - low > high * 1e-12; step++) {
    const middle = (low + high) / 2
    if (isAbove(middle)) low = middle
    else high = middle
  }
  return low === 0 ? 0 : high
}

/** Depth bands, slippage and edges of one asset, at the market's present state. */
export function depthTable(market: Market, asset: number): DepthTable {
  const venues = market.hop[asset].map((v) => {
    const venue = market.venues[v]
    const edge = venue.edge()
    return {
      name: venue.name,
      kind: venue.kind,
      as_of: venue.asOf === null ? null : isoTime(venue.asOf),
      beyond: venue.beyond,
      edge_drop: Number.isFinite(edge.units) ? 1 - edge.price / venue.outside() : null,
    }
  })
  const bands = BANDS.map((band) => {
    const units = unitsToDrop(market, asset, band)
    const sale = units === null ? null : market.quote(asset, units)
    return {
      band,
      usd: sale === null ? null : sale.proceeds,
      units,
      extrapolated: sale?.extrapolated ?? false,
    }
  })
  return { asset: market.assets[asset], venues, bands, slippage: slippageColumns(market, asset) }
}

function slippageColumns(market: Market, asset: number): DepthTable['slippage'] {
  const rows: DepthTable['slippage'][number][] = []
  const mid = market.price(asset)
  for (const impact of IMPACTS) {
    const units = unitsToDrop(market, asset, impact)
    if (units === null || units <= 0) continue
    const sale = market.quote(asset, units)
    if (sale.units <= 0) continue
    rows.push({
      units: sale.units,
      usd: sale.proceeds,
      slippage: Math.max(0, 1 - sale.proceeds / sale.units / mid),
      impact,
      extrapolated: sale.extrapolated,
    })
  }
  return rows.filter((row, i) => i === 0 || row.units > rows[i - 1].units)
}

/**
 * Largest sale that a liquidator can make without a loss, as proceeds in USD; null when there is no
 * largest.
 *
 * Rule:   (1 - slippage) (1 + bonus) >= 1, slippage of the whole sale from the present mid.
 * Source: `max_profitable_liquidation` as used in risk practice; theory card T4 for the marginal
 *         form.
 */
export function maxProfitableUsd(market: Market, asset: number, bonus: number): number | null {
  const mid = market.price(asset)
  const pays = (units: number) => {
    const sale = market.quote(asset, units)
    return sale.units >= units * (1 - 1e-12) && sale.proceeds * (1 + bonus) >= units * mid
  }
  const deepest = unitsToDrop(market, asset, 0.99)
  if (deepest === null || deepest <= 0 || pays(deepest)) return null
  const smallest = deepest * 1e-9
  if (!pays(smallest)) return 0
  return market.quote(asset, bisect(pays, smallest, deepest)).proceeds
}

/** ISO-8601 UTC of unix seconds, by the proleptic Gregorian calendar; no clock is read. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

const BANDS = [0.01, 0.02, 0.05, 0.1]
const IMPACTS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4,
  0.5,
]
