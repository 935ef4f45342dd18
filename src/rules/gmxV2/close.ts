/** What closing a position pays, to whom and in what: worked out before anything is written. */

import type { Protocol } from '../../rules.ts'
import type { GmxBooks } from './books.ts'
import { cappedImpactUsd, impactUsd } from './impact.ts'
import type { MarketSpec } from './parameters.ts'
import { paidShare, priceMax, priceMin, priceOf, tokenOf } from './pool.ts'
import type { Position } from './positions.ts'

/** Costs of a close, in the order in which they are paid. */
export const FUNDING = 0
export const LOSS = 1
export const FEES = 2
export const IMPACT = 3
const COSTS = 4

/**
 * A close, or that of a part. Reused between calls.
 *
 * Shape: the columns have an entry for each cost.
 * Units: `units` and `impactTokens` in index tokens, `payout` and what is paid from it in the token
 *        that pays the side's profits, collateral in its own.
 */
export interface Close {
  share: number
  units: number
  sizeUsd: number
  /** The position's part of what its side has won, at the better price for it. */
  wonUsd: number
  /** Profit that the cap took. */
  cutUsd: number
  /** What the pool pays: profit, and a gain from impact. */
  payout: number
  /** Into the impact pool, or out of it below 0. */
  impactTokens: number
  readonly fromPayout: Float64Array
  readonly fromCollateral: Float64Array
  readonly unpaidUsd: Float64Array
  /** What is left of both for the trader. */
  payoutLeft: number
  collateralLeft: number
  /** Share of the fees that does not go to the pool. */
  kept: number
  /** Collateral that comes into the pool, and payout that leaves it. */
  poolGets: number
  poolGives: number
}

/** A close of nothing. */
export function emptyClose(): Close {
  const costs = () => new Float64Array(COSTS)
  return {
    ...{ share: 0.5, units: 0.5, sizeUsd: 0.5, wonUsd: 0.5, cutUsd: 0.5, payout: 0.5 },
    ...{ impactTokens: 0.5, payoutLeft: 0.5, collateralLeft: 0.5 },
    ...{ kept: 0.5, poolGets: 0.5, poolGives: 0.5 },
    fromPayout: costs(),
    fromCollateral: costs(),
    unpaidUsd: costs(),
  }
}

/**
 * Works out the close of a share of a position at the published prices.
 *
 * Rule:   profit is paid in the token of its side, cut to what the side may win. Then, in this
 *         order, funding, the loss, fees, and a cost of impact are paid: from the payout if it is
 *         in the token of the collateral, from the collateral, then from a payout in the other
 *         token. Where one is not paid in full, nothing is left, and those after it get nothing.
 * Source: gmx-io/gmx-synthetics, contracts/position/DecreasePositionCollateralUtils.sol,
 *         processCollateral(), payForCost()
 */
export function priceClose(
  market: MarketSpec,
  protocol: Protocol,
  position: Position,
  share: number,
  isLiquidation: boolean,
  out: Close,
): void {
  const { side, token, market: m } = position
  const books = protocol.items as GmxBooks
  const pays = tokenOf(market, side)
  out.share = share
  out.units = position.units * share
  out.sizeUsd = position.sizeUsd * share
  const won = profitAt(position, priceOf(protocol, market.index, side)) * share
  const better = side === 0 ? priceMax : priceMin
  out.wonUsd = profitAt(position, better(protocol, market.index)) * share
  const paid = won > 0 ? won * paidShare(market, m, side, protocol) : 0
  const impact = impactOf(market, protocol, position, out.sizeUsd)
  out.cutUsd = Math.max(0, won) - paid
  out.payout = (paid + Math.max(0, impact)) / priceMax(protocol, pays)
  out.impactTokens = impact > 0 ? -impact / priceMin(protocol, market.index) : 0
  out.payoutLeft = out.payout
  out.collateralLeft = position.collateral
  const s = 2 * m + side
  const fee = market.positionFee + books.borrowing[s] + (isLiquidation ? market.liquidationFee : 0)
  costs[FUNDING] = out.sizeUsd * books.funding[s]
  costs[LOSS] = Math.max(0, -won)
  costs[FEES] = out.sizeUsd * fee
  costs[IMPACT] = Math.max(0, -impact)
  purse.isSame = side === token
  purse.payoutPrice = priceMin(protocol, pays)
  purse.collateralPrice = priceMin(protocol, tokenOf(market, token))
  for (let c = 0; c < COSTS; c++) {
    out.fromPayout[c] = out.fromCollateral[c] = 0
    out.unpaidUsd[c] = pay(out, c, costs[c])
  }
  const paidUsd =
    out.fromPayout[IMPACT] * purse.payoutPrice + out.fromCollateral[IMPACT] * purse.collateralPrice
  out.impactTokens += paidUsd / priceMax(protocol, market.index)
  shareOut(market, out)
}

/** What of all that goes to the pool, and leaves it. */
function shareOut({ feeReceiver }: MarketSpec, out: Close): void {
  const { fromCollateral, fromPayout, unpaidUsd, payoutLeft } = out
  const isInFull = unpaidUsd[FEES] === 0 && (purse.isSame || fromPayout[FEES] === 0)
  out.kept = isInFull ? feeReceiver : 0
  out.poolGets =
    fromCollateral[LOSS] + fromCollateral[IMPACT] + fromCollateral[FEES] * (1 - out.kept)
  out.poolGives = payoutLeft + fromPayout[FUNDING] + fromPayout[FEES] * out.kept
}

/** Pays a cost from what is left; returns the USD that nothing is left for. */
function pay(out: Close, cost: number, usd: number): number {
  let rest = usd
  if (purse.isSame) rest = payFromPayout(out, cost, rest)
  if (rest > 0) {
    const worth = out.collateralLeft * purse.collateralPrice
    const paid = worth > rest ? rest / purse.collateralPrice : out.collateralLeft
    out.fromCollateral[cost] = paid
    out.collateralLeft -= paid
    rest = worth > rest ? 0 : rest - worth
  }
  return purse.isSame ? rest : payFromPayout(out, cost, rest)
}

function payFromPayout(out: Close, cost: number, usd: number): number {
  if (!(usd > 0)) return 0
  const worth = out.payoutLeft * purse.payoutPrice
  const paid = worth > usd ? usd / purse.payoutPrice : out.payoutLeft
  out.fromPayout[cost] = paid
  out.payoutLeft -= paid
  return worth > usd ? 0 : usd - worth
}

/** What a position has won at a price of the index; below 0 lost. */
export function profitAt({ side, units, sizeUsd }: Position, price: number): number {
  return side === 0 ? units * price - sizeUsd : sizeUsd - units * price
}

function impactOf(
  market: MarketSpec,
  protocol: Protocol,
  { market: m, side }: Position,
  sizeUsd: number,
): number {
  const { impact, index } = market
  if (impact === undefined) return 0
  const { impactPool } = protocol.items as GmxBooks
  const usd = rawImpact(impact, protocol, m, side, sizeUsd)
  return cappedImpactUsd(impact, usd, sizeUsd, impactPool[m] * priceMin(protocol, index))
}

/** Impact of closing some size now, without any cap. */
export function rawImpact(
  impact: NonNullable<MarketSpec['impact']>,
  { items }: Protocol,
  m: number,
  side: 0 | 1,
  sizeUsd: number,
): number {
  const { interestUsd } = items as GmxBooks
  return impactUsd(impact, [interestUsd[2 * m], interestUsd[2 * m + 1]], side, sizeUsd)
}

const costs = new Float64Array(COSTS)
const purse = { isSame: true, payoutPrice: 0.5, collateralPrice: 0.5 }
