/** How much of a lot still pays at the margin. */

import type { Market } from '../market.ts'

/** Marginal proceeds are those of the part between this share less and this share more. */
const MARGIN = 1e-5
/** The answer is known to this part of itself. */
const PRECISION = 2e-7
/** Below this part of the lot nothing is worth a look. */
const LEAST = 1e-9
const STEPS_MAX = 100

/**
 * Returns the most units of a lot whose marginal proceeds are at least what a unit costs.
 *
 * Rule:       the last unit pays iff the mid x (1 - fee) after it is at least `unitCost`. Of an
 *             asset that is sold for cash at once, over venues whose price is path independent, it
 *             is the sum of their capacities at unitCost / (1 - fee). On any other route proceeds
 *             are concave in units, and the place where their slope meets the cost is searched.
 *             A lot that costs nothing pays whole.
 * Units:      `unitCost` in cash per unit; exact in the first case, else to a relative 1e-6 where
 *             proceeds bend, 1e-5 where they have a corner.
 * Simplifies: a lot of which less than 1e-9 pays does not pay at all, where it is searched.
 */
export function payingUnits(
  market: Market,
  asset: number,
  amount: number,
  unitCost: number,
): number {
  if (unitCost <= 0) return amount
  if (asset === market.cash) return unitCost <= 1 ? amount : 0
  if (isDirect(market, asset)) return Math.min(amount, capacity(market, asset, unitCost))
  return searched(market, asset, amount, unitCost)
}

function isDirect(market: Market, asset: number): boolean {
  const hop = market.hop[asset]
  for (let k = 0; k < hop.length; k++) {
    const venue = market.venues[hop[k]]
    if (venue.curve === null || venue.quoteAsset !== market.cash) return false
  }
  return hop.length > 0
}

function capacity(market: Market, asset: number, unitCost: number): number {
  const hop = market.hop[asset]
  let units = 0
  for (let k = 0; k < hop.length; k++) {
    const venue = market.venues[hop[k]]
    units += venue.capacity(unitCost / (1 - venue.fee))
  }
  return units
}

/** Chords on the surplus of the slope over the cost, halved every third step. */
function searched(market: Market, asset: number, amount: number, unitCost: number): number {
  let high = amount
  let overHigh = surplus(market, asset, high, unitCost)
  if (overHigh >= 0) return amount
  let low = amount * LEAST
  let overLow = surplus(market, asset, low, unitCost)
  if (overLow < 0) return 0
  for (let n = 0; high - low > PRECISION * high && n < STEPS_MAX; n++) {
    const chord = low + (high - low) * (overLow / (overLow - overHigh))
    const isChord = n % 3 < 2 && chord > low && chord < high
    const next = isChord ? chord : (low + high) / 2
    const over = surplus(market, asset, next, unitCost)
    if (over >= 0) {
      low = next
      overLow = over
    } else {
      high = next
      overHigh = over
    }
  }
  return low
}

function surplus(market: Market, asset: number, units: number, unitCost: number): number {
  const more = market.quote(asset, units * (1 + MARGIN)).proceeds
  const less = market.quote(asset, units * (1 - MARGIN)).proceeds
  return (more - less) / (2 * MARGIN * units) - unitCost
}
