/** What the margins of a kind of accounts depend on, beside gas. */

import type { Formation } from '../formation.ts'
import type { Kind } from '../kinds.ts'
import { type Market, reached } from '../market.ts'
import type { Protocol } from '../rules.ts'
import type { Numbers } from '../sleepers.ts'

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
  const columns = [
    ...assets.flatMap((asset) => [
      { column: mids, at: asset },
      { column: prices, at: asset },
    ]),
    ...Array.from(slots, (slot) => ({ column: values, at: slot })),
  ]
  const moves = { low: 0.5, high: 0.5 }
  return {
    count: columns.length + venues.length,
    read(out) {
      moves.low = 1
      moves.high = 1
      for (let k = 0; k < columns.length; k++) {
        const { column, at } = columns[k]
        if (column[at] !== out[k]) write(column[at], out, k, moves)
      }
      for (let k = 0; k < venues.length; k++) {
        const depth = formation.depth(venues[k])
        if (depth !== out[columns.length + k]) write(depth, out, columns.length + k, moves)
      }
      return moves.high / moves.low
    },
  }
}

interface Moves {
  low: number
  high: number
}

function write(to: number, out: Float64Array, k: number, moves: Moves): void {
  const ratio = to / out[k]
  out[k] = to
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) moves.high = Number.POSITIVE_INFINITY
  else if (ratio < moves.low) moves.low = ratio
  else if (ratio > moves.high) moves.high = ratio
}

/** The venues that a sale of the asset passes, hop by hop. */
function venuesOf(market: Market, asset: number): number[] {
  return reached(market, asset, true).flatMap((step) => market.hop[step])
}
