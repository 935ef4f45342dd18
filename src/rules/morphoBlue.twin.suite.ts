/**
 * The exact integers of a Morpho Blue market and of a pre-liquidation contract on it. Written from
 * the rules of the contracts, not from `morphoBlue.ts`.
 *
 * Units:  assets in smallest units, ratios in 1e18 (WAD), oracle prices in 1e36: loan units for a
 *         collateral unit.
 * Source: morpho-org/morpho-blue 3085651, src/Morpho.sol and src/libraries; morpho-org/
 *         pre-liquidation 9e8b7f4, src/PreLiquidation.sol.
 */

export const WAD = 10n ** 18n
const PRICE_SCALE = 10n ** 36n
const VIRTUAL_SHARES = 1_000_000n
const VIRTUAL_ASSETS = 1n
const CURSOR = (3n * WAD) / 10n
const LARGEST_LIF = (115n * WAD) / 100n

/** A market's totals. */
export interface TwinMarket {
  readonly lltv: bigint
  supplyAssets: bigint
  supplyShares: bigint
  borrowAssets: bigint
  borrowShares: bigint
}

export interface TwinPosition {
  collateral: bigint
  borrowShares: bigint
}

/** Exactly one of the two is not 0. */
export interface TwinAsk {
  readonly seized: bigint
  readonly shares: bigint
}

/** What a liquidation did, or why it was refused. */
export interface TwinDone {
  readonly refused: '' | 'healthy' | 'input' | 'underflow' | 'tooLarge' | 'unhealthy'
  readonly seized: bigint
  readonly repaid: bigint
  readonly shares: bigint
  readonly badDebt: bigint
}

export interface TwinPre {
  readonly lltv: bigint
  readonly closeFactors: readonly [bigint, bigint]
  readonly factors: readonly [bigint, bigint]
}

const down = (x: bigint, y: bigint, d: bigint): bigint => (x * y) / d
const up = (x: bigint, y: bigint, d: bigint): bigint => (x * y + d - 1n) / d

/** Shares to assets and back; `round` names the direction. */
export function toAssets(shares: bigint, market: TwinMarket, round: typeof down): bigint {
  return round(shares, market.borrowAssets + VIRTUAL_ASSETS, market.borrowShares + VIRTUAL_SHARES)
}

function toShares(assets: bigint, market: TwinMarket, round: typeof down): bigint {
  return round(assets, market.borrowShares + VIRTUAL_SHARES, market.borrowAssets + VIRTUAL_ASSETS)
}

/** Debt of a position as the contract judges it. */
export function owed({ borrowShares }: TwinPosition, market: TwinMarket): bigint {
  return toAssets(borrowShares, market, up)
}

/** Interest of some seconds at a rate per second: three terms, each rounded down. */
export function accrue(market: TwinMarket, ratePerSecond: bigint, seconds: bigint): void {
  const first = ratePerSecond * seconds
  const second = down(first, first, 2n * WAD)
  const third = down(second, first, 3n * WAD)
  const interest = down(market.borrowAssets, first + second + third, WAD)
  market.borrowAssets += interest
  market.supplyAssets += interest
}

/** Liquidation incentive factor of a threshold. */
export function incentive(lltv: bigint): bigint {
  const factor = down(WAD, WAD, WAD - down(CURSOR, WAD - lltv, WAD))
  return factor < LARGEST_LIF ? factor : LARGEST_LIF
}

/** Whether a position may not be liquidated; without shares it never may. */
export function isHealthy(market: TwinMarket, position: TwinPosition, price: bigint): boolean {
  if (position.borrowShares === 0n) return true
  const worth = down(position.collateral, price, PRICE_SCALE)
  return down(worth, market.lltv, WAD) >= owed(position, market)
}

/** Liquidates; changes market and position only where it is not refused. */
export function liquidate(
  market: TwinMarket,
  position: TwinPosition,
  price: bigint,
  ask: TwinAsk,
): TwinDone {
  if ((ask.seized === 0n) === (ask.shares === 0n)) return refusal('input')
  if (isHealthy(market, position, price)) return refusal('healthy')
  const { seized, shares } = amounts(market, price, ask, incentive(market.lltv))
  const repaid = toAssets(shares, market, up)
  if (shares > position.borrowShares || seized > position.collateral) return refusal('underflow')
  pay(market, position, shares, repaid)
  position.collateral -= seized
  const badDebt = position.collateral === 0n ? writeOff(market, position) : 0n
  return { refused: '', seized, repaid, shares, badDebt }
}

/** Liquidates in part, between the two thresholds. */
export function preLiquidate(
  market: TwinMarket,
  position: TwinPosition,
  price: bigint,
  pre: TwinPre,
  ask: TwinAsk,
): TwinDone {
  if ((ask.seized === 0n) === (ask.shares === 0n)) return refusal('input')
  const debt = owed(position, market)
  const worth = down(position.collateral, price, PRICE_SCALE)
  if (debt > down(worth, market.lltv, WAD)) return refusal('unhealthy')
  if (debt <= down(worth, pre.lltv, WAD)) return refusal('healthy')
  const { factor, closeFactor } = preFactors(market, pre, up(debt, WAD, worth))
  const { seized, shares } = amounts(market, price, ask, factor)
  if (shares > down(position.borrowShares, closeFactor, WAD)) return refusal('tooLarge')
  if (shares > position.borrowShares) return refusal('underflow')
  const repaid = toAssets(shares, market, up)
  const left = { ...position, borrowShares: position.borrowShares - shares }
  const after = { ...market }
  pay(after, { ...position }, shares, repaid)
  left.collateral -= seized
  if (left.collateral < 0n) return refusal('underflow')
  if (!isHealthy(after, left, price)) return refusal('unhealthy')
  Object.assign(market, after)
  Object.assign(position, left)
  return { refused: '', seized, repaid, shares, badDebt: 0n }
}

/** Incentive and close factor of a pre-liquidation at this loan-to-value, 1e18. */
export function preFactors(market: TwinMarket, pre: TwinPre, ltv: bigint) {
  const q = down(ltv - pre.lltv, WAD, market.lltv - pre.lltv)
  const between = ([from, to]: readonly [bigint, bigint]) => down(q, to - from, WAD) + from
  return { q, factor: between(pre.factors), closeFactor: between(pre.closeFactors) }
}

function amounts(market: TwinMarket, price: bigint, { seized, shares }: TwinAsk, factor: bigint) {
  if (seized > 0n) {
    const quoted = up(seized, price, PRICE_SCALE)
    return { seized, shares: toShares(up(quoted, WAD, factor), market, up) }
  }
  const paid = down(toAssets(shares, market, down), factor, WAD)
  return { seized: down(paid, PRICE_SCALE, price), shares }
}

function pay(market: TwinMarket, position: TwinPosition, shares: bigint, repaid: bigint): void {
  position.borrowShares -= shares
  market.borrowShares -= shares
  market.borrowAssets = market.borrowAssets > repaid ? market.borrowAssets - repaid : 0n
}

/** Takes what is owed still from borrowers and suppliers alike. */
function writeOff(market: TwinMarket, position: TwinPosition): bigint {
  const debt = toAssets(position.borrowShares, market, up)
  let lost = debt
  if (market.borrowAssets < lost) lost = market.borrowAssets
  market.borrowAssets -= lost
  market.supplyAssets -= lost
  market.borrowShares -= position.borrowShares
  position.borrowShares = 0n
  return lost
}

function refusal(refused: TwinDone['refused']): TwinDone {
  return { refused, seized: 0n, repaid: 0n, shares: 0n, badDebt: 0n }
}
