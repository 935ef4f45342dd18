/** A small market for the tests of takers: ETH and WBTC sell for USD, stETH for ETH, GHO never. */

import { type Market, marketFrom } from '../market.ts'
import type { Venue } from '../venue.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { orderBook } from '../venues/orderBook.ts'

export const [USD, ETH, STETH, WBTC, GHO] = [0, 1, 2, 3, 4]

/** A pool; `keepsFee` takes away its path-independent form. */
export function pool(
  base: number,
  quoteAsset: number,
  outside: number,
  reserve: number,
  fee: number,
  keepsFee = false,
): Venue {
  const name = `pool ${base} of ${reserve}`
  const terms = { name, base, quoteAsset, outside, fee, reserve, keepsFee, asOf: null }
  return constantProduct({ ...terms, beyond: 'linear', reprice: 'arbitrage' })
}

function book(base: number, outside: number): Venue {
  const price = [1, 0.99, 0.98, 0.95, 0.9].map((level) => level * outside)
  const size = [20, 40, 60, 80, 100]
  const terms = { name: `book ${base}`, base, quoteAsset: USD, outside, fee: 0, asOf: null }
  return orderBook({ ...terms, beyond: 'wall', levels: 'absolute', price, size })
}

/** ETH at 2000 in one pool (or what is given), stETH at 0.99 ETH, WBTC in a pool beside a book. */
export function smallMarket(eth = pool(ETH, USD, 2000, 50_000, 0.003)): Market {
  return marketFrom({
    assets: ['USD', 'ETH', 'stETH', 'WBTC', 'GHO'],
    cash: USD,
    venues: [
      eth,
      pool(STETH, ETH, 0.99, 8000, 0.0004),
      pool(WBTC, USD, 40_000, 900, 0.001),
      book(WBTC, 40_000),
    ],
    hop: [[], [0], [1], [2, 3], []],
    outside: [1, 2000, 0.99, 40_000, 0.98],
  })
}
