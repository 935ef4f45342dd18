/** A price band: nothing is sold far below the price that the protocol believes. */

import type { Defence, Reading } from '../defence.ts'
import { dropOffer } from '../defence.ts'
import type { Market } from '../market.ts'
import { type Given, or, ratio } from '../parameters.ts'
import { hopFee } from '../router.ts'

const parameters = {
  band: or(
    ratio('How far below the published price sales end.', { from: 0, to: 1, open: 'both' }),
    0.02,
  ),
}

/**
 * A band beneath the published price of a collateral, through which liquidations do not sell.
 *
 * | native word                           | here                                            |
 * | ------------------------------------- | ----------------------------------------------- |
 * | price band, limit down, collar        | `band`: floor = (1 - band) x published price    |
 * | fillable price, close-out price bound | the floor, below which an order is not filled   |
 *
 * Rule:       while the mid of a collateral is below its floor, it is not offered. A sale is cut to
 *             what its venues take before their mid is at the floor; where that is nothing, its
 *             transaction fails. What was held back may be offered again in the next block.
 * Units:      band is a fraction.
 * Source:     exchanges halt or refuse orders outside a band around a reference price; dYdX does
 *             not fill liquidations past a fillable price (docs/defences.md). No lending protocol
 *             read has one: here it is a counterfactual.
 * Simplifies: along a route of several pairs the later ones are taken at their mids, though a sale
 *             moves them too. Auctions are not begun below the floor, but go on below it; closings
 *             of a house are not held back.
 * Assumes:    takers sell what they seize at once: who keeps it may sell below the floor later. A
 *             feed that follows the market in every block moves the floor with it, so that the
 *             band limits the fall of a block alone.
 */
export function priceBand(of: Given<typeof parameters>): Defence {
  let block = 0
  let heldAt = 0
  let cutAt = 0
  let held = 0
  let cut = 0
  const floor = (price: number) => (1 - of.band) * price
  return {
    name: 'priceBand',
    readings,
    react({ at }) {
      block = at.block
    },
    shape({ protocol: { prices }, mids }, offers, from) {
      const before = offers.count
      for (let n = before - 1; n >= from; n--)
        if (mids[offers.sells[n]] < floor(prices[offers.sells[n]])) dropOffer(offers, n)
      if (offers.count === before) return false
      if (heldAt !== block) held++
      heldAt = block
      return true
    },
    most({ protocol: { prices }, market }, offers, offer, units) {
      const asset = offers.sells[offer]
      const room = unitsAbove(market, asset, floor(prices[asset]))
      if (!(units > room)) return units
      if (cutAt !== block) cut++
      cutAt = block
      return room > LEAST * units ? room : 0
    },
    read(out) {
      out[0] = held
      out[1] = cut
    },
  }
}

priceBand.parameters = parameters

/** Less of an offer than this share is refused: it would be rounding. */
const LEAST = 1e-6

/** Units of an asset that can be sold before its mid is at `price`, USD. */
function unitsAbove(market: Market, asset: number, price: number): number {
  const hop = market.hop[asset]
  if (hop.length === 0) return Number.POSITIVE_INFINITY
  const venues = hop.map((v) => market.venues[v])
  const mid = price / market.price(venues[0].quoteAsset)
  const fee = hopFee(venues)
  let units = 0
  for (const venue of venues) units += venue.capacity((mid * (1 - fee)) / (1 - venue.fee))
  return units
}

const readings: readonly Reading[] = [
  {
    name: 'held_blocks',
    unit: 'count',
    definition: 'Blocks in which the market was below the floor and offers were held back.',
  },
  {
    name: 'cut_blocks',
    unit: 'count',
    definition: 'Blocks in which a sale was cut or refused at the floor.',
  },
]
