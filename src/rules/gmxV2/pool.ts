/** What a pool owes its traders, and how much of it they may take. */

import type { Protocol } from '../../rules.ts'
import type { GmxBooks } from './books.ts'
import type { MarketSpec } from './parameters.ts'

type Prices = Pick<Protocol, 'prices' | 'confidence'>

/** The lowest price that an oracle reports of an asset. */
export function priceMin({ prices, confidence }: Prices, asset: number): number {
  return Math.max(0, prices[asset] - confidence[asset])
}

/** The highest price likewise. */
export function priceMax({ prices, confidence }: Prices, asset: number): number {
  return prices[asset] + confidence[asset]
}

/** The price at which a position of a side is judged and closed: the worse one for it. */
export function priceOf(of: Prices, index: number, side: 0 | 1): number {
  return side === 0 ? priceMin(of, index) : priceMax(of, index)
}

/** The pool token that pays the profits of a side. */
export function tokenOf({ long, short }: MarketSpec, side: 0 | 1): number {
  return side === 0 ? long : short
}

/** What all positions of a side have won, at the better price for them; below 0 lost. */
export function pnlUsd(market: MarketSpec, m: number, side: 0 | 1, protocol: Protocol): number {
  const { tokens, interestUsd } = protocol.items as GmxBooks
  const s = 2 * m + side
  return side === 0
    ? tokens[s] * priceMax(protocol, market.index) - interestUsd[s]
    : interestUsd[s] - tokens[s] * priceMin(protocol, market.index)
}

/** What the pool has of the token that pays a side, at its lowest price. */
export function poolUsd(market: MarketSpec, m: number, side: 0 | 1, protocol: Protocol): number {
  const { pool } = protocol.items as GmxBooks
  return pool[2 * m + side] * priceMin(protocol, tokenOf(market, side))
}

/**
 * Share of its profit that a position of a side gets.
 *
 * Rule: min(profit of the side, `maxPnlForTraders` x what the pool has of the token) / profit.
 */
export function paidShare(market: MarketSpec, m: number, side: 0 | 1, protocol: Protocol): number {
  const won = pnlUsd(market, m, side, protocol)
  if (!(won > 0)) return 1
  const most = poolUsd(market, m, side, protocol) * (market.maxPnlForTraders ?? 1)
  return Math.min(1, Math.max(0, most) / won)
}

/** What liquidity providers have: tokens, less what traders have won, less the impact pool. */
export function worthUsd(market: MarketSpec, m: number, protocol: Protocol): number {
  const { pool, impactPool } = protocol.items as GmxBooks
  const { prices } = protocol
  let usd = pool[2 * m] * prices[market.long] + pool[2 * m + 1] * prices[market.short]
  for (const side of [0, 1] as const) {
    const won = pnlUsd(market, m, side, protocol)
    usd -= won > 0 ? won * paidShare(market, m, side, protocol) : won
  }
  return usd - impactPool[m] * prices[market.index]
}
