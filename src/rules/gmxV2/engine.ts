/** Who may be liquidated, and scratch of those who do it. */

import { health } from '../../book.ts'
import type { Protocol } from '../../rules.ts'
import type { GmxBooks } from './books.ts'
import { type Close, emptyClose, profitAt, rawImpact } from './close.ts'
import type { GmxSpec } from './parameters.ts'
import { paidShare, priceOf } from './pool.ts'
import { type Position, position, readPosition } from './positions.ts'

/** Terms, and scratch that lives from send to fill. */
export interface Engine {
  readonly of: GmxSpec
  readonly due: { count: number; readonly account: number[] }
  readonly position: Position
  readonly close: Close
}

/** An engine that closes nothing yet. */
export function engineOf(of: GmxSpec): Engine {
  return { of, due: { count: 0, account: [] }, position: position(), close: emptyClose() }
}

/**
 * Whether the position of an account may be liquidated, which is then in `engine.position`.
 *
 * Rule: health, which counts profit whole and the largest cost of impact, with profit as the pool
 *       pays it and the cost as it is; below 0.
 */
export function isDue({ of, position }: Engine, protocol: Protocol, account: number): boolean {
  if (!readPosition(protocol, account, position)) return false
  const { market: m, side, sizeUsd } = position
  const market = of.markets[m]
  let left = health(protocol.book, protocol.values, account)
  const won = profitAt(position, priceOf(protocol, market.index, side))
  if (won > 0) left -= won * (1 - paidShare(market, m, side, protocol))
  const { impact } = market
  if (impact !== undefined && impact.maxForLiquidations > 0) {
    const most = impact.maxForLiquidations * sizeUsd
    left += most - Math.min(most, Math.max(0, -rawImpact(impact, protocol, m, side, sizeUsd)))
  }
  return left < 0
}

/** A part of what was just closed is to be traded in the market. */
export function noteHedge({ of, position, close }: Engine, { items }: Protocol): void {
  const { unhedged } = items as GmxBooks
  unhedged[2 * position.market + position.side] += of.hedge * close.units
}
