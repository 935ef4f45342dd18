/** A market with an asset, a token staked for it, a coin redeemed for it, a share of its pool. */

import { type Market, marketFrom } from '../market.ts'
import type { Venue } from '../venue.ts'
import { constantProduct } from './constantProduct.ts'
import { poolShare } from './poolShare.ts'
import { type RedemptionSpec, redemption } from './redemption.ts'
import { withdrawableVenue } from './withdrawable.ts'

export const [USD, ETH, STETH, COIN, SHARE] = [0, 1, 2, 3, 4]
/** Reserves of the pools, in units of their base, and prices. */
export const ETH_POOL = 1000
export const STETH_POOL = 400
export const COIN_POOL = 100_000
export const ETH_PRICE = 2000
/** Shares of the ETH pool. */
export const SHARES = 40_000

const terms = { fee: 0, asOf: null, beyond: 'wall' } as const

export function pool(
  base: number,
  quoteAsset: number,
  outside: number,
  reserve: number,
  fee = 0,
): Venue {
  return constantProduct({
    ...{ ...terms, name: `pool of ${base}`, base, quoteAsset, outside, reserve, fee },
    keepsFee: false,
    reprice: 'arbitrage',
  })
}

export const queue: RedemptionSpec = {
  ...{ ...terms, name: 'queue', base: STETH, quoteAsset: ETH, outside: 1, fee: 0.01 },
  ...{ rate: 1, capacity: 50, feePerShare: 0, supply: null, waitSeconds: 0, yearRate: 0 },
  ...{ mints: 0, pays: null },
}

export const inKind: RedemptionSpec = {
  ...{ ...queue, name: 'in kind', base: COIN, quoteAsset: USD, capacity: 200_000, pays: ETH },
}

export const shares = poolShare({
  ...{ ...terms, name: 'shares', base: SHARE, quoteAsset: USD, outside: 100, pool: 0 },
  ...{ pair: [ETH, USD], reserve: ETH_POOL, opening: ETH_PRICE, shares: SHARES },
})

/** What redeems is left out with null. */
export function claimsMarket(
  redeemed: RedemptionSpec | null = queue,
  handed: RedemptionSpec | null = inKind,
): Market {
  const venues = [
    withdrawableVenue(pool(ETH, USD, ETH_PRICE, ETH_POOL)),
    pool(STETH, ETH, 1, STETH_POOL),
    pool(COIN, USD, 1, COIN_POOL),
    shares.copy(),
    ...(redeemed === null ? [] : [redemption(redeemed)]),
    ...(handed === null ? [] : [redemption(handed)]),
  ]
  const hop = [[], [0], [1], [2], [3]]
  if (redeemed !== null) hop[STETH].push(4)
  if (handed !== null) hop[COIN].push(venues.length - 1)
  return marketFrom({
    assets: ['USD', 'ETH', 'stETH', 'coin', 'share'],
    cash: USD,
    venues,
    hop,
    outside: [1, ETH_PRICE, 1, 1, 100],
  })
}
