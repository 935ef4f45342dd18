/** What markets hold beside their positions: pools, open interest, fees that grow, hedges. */

import type { Items } from '../../rules.ts'

/**
 * Books of all markets.
 *
 * Shape: by market and side, the long one first: `pool`, `interestUsd`, `tokens`, `borrowing`,
 *        `funding`, `unhedged`. By market: `impactPool`. By asset: `outside`, `writtenOff`.
 * Units: `pool` in its tokens, `tokens`, `unhedged` and `impactPool` in index tokens, `interestUsd`
 *        in USD of size; `borrowing` and `funding` so far in USD per USD of size. `outside` has
 *        what funding is owed to traders, and the books of whoever hedges; `writtenOff` losses that
 *        no collateral paid, in short tokens.
 */
export interface GmxBooks extends Items {
  /** USD of size that winners were made to close, profit cut by the cap, and the most there was. */
  deleveragedUsd: number
  haircutUsd: number
  profitUsd: number
  /** USD of all sizes at the opening. */
  openInterestUsd: number
  readonly pool: Float64Array
  readonly interestUsd: Float64Array
  readonly tokens: Float64Array
  readonly borrowing: Float64Array
  readonly funding: Float64Array
  readonly unhedged: Float64Array
  readonly impactPool: Float64Array
  readonly outside: Float64Array
  readonly writtenOff: Float64Array
}

/** Empty books of so many markets and assets. */
export function emptyBooks(markets: number, assets: number): GmxBooks {
  const sides = () => new Float64Array(2 * markets)
  const self: GmxBooks = {
    ...{ deleveragedUsd: 0, haircutUsd: 0, profitUsd: 0, openInterestUsd: 0 },
    pool: sides(),
    interestUsd: sides(),
    tokens: sides(),
    borrowing: sides(),
    funding: sides(),
    unhedged: sides(),
    impactPool: new Float64Array(markets),
    outside: new Float64Array(assets),
    writtenOff: new Float64Array(assets),
    copy() {
      const other = emptyBooks(markets, assets)
      other.reset(self)
      return other
    },
    reset(from) {
      const other = from as GmxBooks
      for (const name of SUMS) self[name] = other[name]
      for (const name of COLUMNS) self[name].set(other[name])
    },
  }
  return self
}

const SUMS = ['deleveragedUsd', 'haircutUsd', 'profitUsd', 'openInterestUsd'] as const
const COLUMNS = [
  'pool',
  'interestUsd',
  'tokens',
  'borrowing',
  'funding',
  'unhedged',
  'impactPool',
  'outside',
  'writtenOff',
] as const
