/** What the margins of a kind of accounts depend on, beside gas. */

import type { Numbers } from '../backlog.ts'
import type { Formation } from '../formation.ts'
import type { Kind } from '../kinds.ts'
import { type Market, reached } from '../market.ts'
import type { Protocol } from '../rules.ts'

/**
 * The numbers of a kind: of its assets the mids, the published prices and the depth of all venues
 * on their routes; of its slots the values, which have interest and confidence in them.
 */
export function numbersOf(
  { slots }: Kind,
  { prices, values, rules }: Protocol,
  market: Market,
  formation: Formation,
  mids: Float64Array,
): Numbers {
  const assets = [...new Set(Array.from(slots, (slot) => rules.slots.asset[slot]))]
  const venues = [...new Set(assets.flatMap((asset) => venuesOf(market, asset)))]
  return {
    count: 2 * assets.length + slots.length + venues.length,
    read(out) {
      let at = 0
      for (let k = 0; k < assets.length; k++) {
        out[at++] = mids[assets[k]]
        out[at++] = prices[assets[k]]
      }
      for (let k = 0; k < slots.length; k++) out[at++] = values[slots[k]]
      for (let k = 0; k < venues.length; k++) out[at++] = formation.depth(venues[k])
    },
  }
}

/** The venues that a sale of the asset passes, hop by hop. */
function venuesOf(market: Market, asset: number): number[] {
  return reached(market, asset, true).flatMap((step) => market.hop[step])
}
