/**
 * Exact integers of a market against a pool: what the float rules are compared with. Native words
 * and units: USD and factors 1e30; the index and the long token have 18 decimals, the short token
 * 6; a price is USD of the smallest unit of a token.
 */

export const FLOAT_PRECISION = 10n ** 30n
/** Smallest units of a whole token of the index and the long token, and of the short token. */
export const LONG_UNIT = 10n ** 18n
export const SHORT_UNIT = 10n ** 6n

/** Price.Props. */
export interface TwinPrice {
  readonly min: bigint
  readonly max: bigint
}

/** MarketUtils.MarketPrices. */
export interface TwinPrices {
  readonly index: TwinPrice
  readonly long: TwinPrice
  readonly short: TwinPrice
}

/** What the data store has of a market; pairs are for longs and shorts. */
export interface TwinMarket {
  readonly poolAmount: [bigint, bigint]
  readonly openInterest: [bigint, bigint]
  readonly openInterestInTokens: [bigint, bigint]
  impactPoolAmount: bigint
  /** Cumulative factors since the positions were opened. */
  readonly borrowing: readonly [bigint, bigint]
  readonly funding: readonly [bigint, bigint]
  readonly config: {
    readonly minCollateralUsd: bigint
    readonly minCollateralFactorForLiquidation: bigint
    readonly positionFeeFactor: bigint
    readonly liquidationFeeFactor: bigint
    readonly feeReceiverFactor: bigint
    readonly maxPnlFactorForTraders: bigint
    readonly maxPnlFactorForAdl: bigint
    readonly minPnlFactorAfterAdl: bigint
    readonly impactFactorPositive: bigint
    readonly impactFactorNegative: bigint
    readonly impactExponent: bigint
    readonly maxImpactFactorPositive: bigint
    readonly maxImpactFactorNegative: bigint
    readonly maxImpactFactorForLiquidations: bigint
  }
}

/** Position.Props. */
export interface TwinPosition {
  readonly isLong: boolean
  /** Whether its collateral is the long token. */
  readonly isLongToken: boolean
  sizeInUsd: bigint
  sizeInTokens: bigint
  collateralAmount: bigint
}

/** What a decrease paid out, and what it left unpaid, in USD. */
export interface TwinClose {
  /** To the trader, in the token of its profit and in that of its collateral. */
  readonly profitOut: bigint
  readonly collateralOut: bigint
  readonly fundingPaid: readonly [collateral: bigint, profit: bigint]
  readonly toReceiver: readonly [collateral: bigint, profit: bigint]
  readonly lostUsd: bigint
}

const sideOf = (isLong: boolean) => (isLong ? 0 : 1)
const applyFactor = (value: bigint, factor: bigint) => (value * factor) / FLOAT_PRECISION
const abs = (of: bigint) => (of < 0n ? -of : of)
const min = (a: bigint, b: bigint) => (a < b ? a : b)
const max = (a: bigint, b: bigint) => (a > b ? a : b)
const roundUp = (a: bigint, b: bigint) => (a + b - 1n) / b

/** MarketUtils.getPnl(): a side's profit, maximized or minimized. */
export function getPnl(
  { openInterest, openInterestInTokens }: TwinMarket,
  { index }: TwinPrices,
  isLong: boolean,
  maximize: boolean,
): bigint {
  const s = sideOf(isLong)
  const price = isLong === maximize ? index.max : index.min
  const value = openInterestInTokens[s] * price
  return isLong ? value - openInterest[s] : openInterest[s] - value
}

/** MarketUtils.getPoolUsdWithoutPnl() at the lowest price. */
function poolUsd({ poolAmount }: TwinMarket, { long, short }: TwinPrices, isLong: boolean): bigint {
  return isLong ? poolAmount[0] * long.min : poolAmount[1] * short.min
}

/** MarketUtils.getPnlToPoolFactor(), maximized. */
export function getPnlToPoolFactor(
  market: TwinMarket,
  prices: TwinPrices,
  isLong: boolean,
): bigint {
  const pool = poolUsd(market, prices, isLong)
  return pool === 0n ? 0n : (getPnl(market, prices, isLong, true) * FLOAT_PRECISION) / pool
}

/** PositionUtils.getPositionPnlUsd() of the whole position, capped and not. */
export function getPositionPnlUsd(
  market: TwinMarket,
  prices: TwinPrices,
  { isLong, sizeInTokens, sizeInUsd }: TwinPosition,
): { readonly capped: bigint; readonly uncapped: bigint } {
  const value = sizeInTokens * (isLong ? prices.index.min : prices.index.max)
  const uncapped = isLong ? value - sizeInUsd : sizeInUsd - value
  if (uncapped <= 0n) return { capped: uncapped, uncapped }
  const pnl = getPnl(market, prices, isLong, true)
  const most = applyFactor(poolUsd(market, prices, isLong), market.config.maxPnlFactorForTraders)
  const paid = pnl > 0n && pnl > most ? most : pnl
  if (paid === pnl || paid <= 0n || pnl <= 0n) return { capped: uncapped, uncapped }
  return { capped: (uncapped * paid) / pnl, uncapped }
}

/** PositionPricingUtils.getPriceImpactUsd() of a decrease. */
export function getPriceImpactUsd(
  { openInterest, config }: TwinMarket,
  isLong: boolean,
  sizeDeltaUsd: bigint,
): bigint {
  const [long, short] = openInterest
  const nextLong = isLong ? long - sizeDeltaUsd : long
  const nextShort = isLong ? short : short - sizeDeltaUsd
  const raise = (of: bigint) => {
    let raised = of
    for (let n = 1n; n < config.impactExponent; n++) raised = (raised * of) / FLOAT_PRECISION
    return raised
  }
  const initial = raise(abs(long - short))
  const next = raise(abs(nextLong - nextShort))
  const negative = config.impactFactorNegative
  const positive = min(config.impactFactorPositive, negative)
  if (long <= short === nextLong <= nextShort) {
    const factor = next < initial ? positive : negative
    return applyFactor(initial, factor) - applyFactor(next, factor)
  }
  return applyFactor(initial, positive) - applyFactor(next, negative)
}

/** Price of the collateral of a position. */
function collateralPrice(prices: TwinPrices, { isLongToken }: TwinPosition): TwinPrice {
  return isLongToken ? prices.long : prices.short
}

/** Fees of a decrease in units of the collateral: funding, and all the others. */
function feesOf(
  { config, borrowing, funding }: TwinMarket,
  prices: TwinPrices,
  position: TwinPosition,
  sizeDeltaUsd: bigint,
  isLiquidation: boolean,
): { readonly funding: bigint; readonly others: bigint } {
  const price = collateralPrice(prices, position).min
  const s = sideOf(position.isLong)
  const amount = (factor: bigint) => applyFactor(sizeDeltaUsd, factor) / price
  const liquidation = isLiquidation
    ? roundUp(applyFactor(sizeDeltaUsd, config.liquidationFeeFactor), price)
    : 0n
  return {
    funding: roundUp(applyFactor(sizeDeltaUsd, funding[s]), price),
    others: amount(config.positionFeeFactor) + amount(borrowing[s]) + liquidation,
  }
}

/** What PositionUtils.isPositionLiquidatable() compares: what remains, and what must. */
export function remainingCollateral(
  market: TwinMarket,
  prices: TwinPrices,
  position: TwinPosition,
): { readonly remaining: bigint; readonly needed: bigint } {
  const { config } = market
  const { sizeInUsd, collateralAmount, isLong } = position
  const price = collateralPrice(prices, position).min
  const impact = getPriceImpactUsd(market, isLong, sizeInUsd)
  const most = -applyFactor(sizeInUsd, config.maxImpactFactorForLiquidations)
  const counted = impact >= 0n ? 0n : max(impact, most)
  const { funding, others } = feesOf(market, prices, position, sizeInUsd, false)
  const { capped } = getPositionPnlUsd(market, prices, position)
  const leverage = applyFactor(sizeInUsd, config.minCollateralFactorForLiquidation)
  return {
    remaining: collateralAmount * price + capped + counted - (funding + others) * price,
    needed: max(leverage, config.minCollateralUsd),
  }
}

/** PositionUtils.isPositionLiquidatable(). */
export function isPositionLiquidatable(
  market: TwinMarket,
  prices: TwinPrices,
  position: TwinPosition,
): boolean {
  const { remaining, needed } = remainingCollateral(market, prices, position)
  return remaining < needed || remaining <= 0n
}

/** Amounts while costs are paid: DecreasePositionCollateralUtils. */
interface Purse {
  readonly isSame: boolean
  readonly collateralPrice: bigint
  readonly profitPrice: bigint
  /** In the token of the profit. */
  output: bigint
  collateral: bigint
}

interface Paid {
  readonly collateral: bigint
  readonly profit: bigint
  readonly remainingUsd: bigint
}

/** payForCost(): output in the token of the collateral, collateral, then output in another. */
function payForCost(purse: Purse, costUsd: bigint): Paid {
  let rest = roundUp(costUsd, purse.collateralPrice)
  let [collateral, profit] = [0n, 0n]
  if (purse.isSame) {
    profit = min(purse.output, rest)
    purse.output -= profit
    rest -= profit
  }
  collateral = min(purse.collateral, rest)
  purse.collateral -= collateral
  rest -= collateral
  if (rest === 0n || purse.isSame)
    return { collateral, profit, remainingUsd: rest * purse.collateralPrice }
  const other = roundUp(rest * purse.collateralPrice, purse.profitPrice)
  profit = min(purse.output, other)
  purse.output -= profit
  return { collateral, profit, remainingUsd: (other - profit) * purse.profitPrice }
}

/**
 * Decreases a position, all of it or `sizeDeltaUsd`, and writes market and position.
 *
 * Rule: processCollateral(); without stored impact, swaps, and what is claimed back of impact.
 */
export function decreasePosition(
  market: TwinMarket,
  prices: TwinPrices,
  position: TwinPosition,
  sizeDeltaUsd: bigint,
  isLiquidation: boolean,
): TwinClose {
  const { poolAmount } = market
  const { isLong, isLongToken, sizeInUsd, sizeInTokens } = position
  const isWhole = sizeDeltaUsd === sizeInUsd
  const share = (of: bigint) => (isWhole ? of : (of * sizeDeltaUsd) / sizeInUsd)
  const tokens = share(sizeInTokens)
  const profitToken = sideOf(isLong)
  const profitPrice = isLong ? prices.long : prices.short
  const pnl = share(getPositionPnlUsd(market, prices, position).capped)
  const impact = cappedImpact(market, prices, isLong, sizeDeltaUsd)
  const fees = feesOf(market, prices, position, sizeDeltaUsd, isLiquidation)
  const purse: Purse = {
    isSame: isLong === isLongToken,
    collateralPrice: collateralPrice(prices, position).min,
    profitPrice: profitPrice.min,
    output: 0n,
    collateral: position.collateralAmount,
  }
  for (const gain of [pnl, impact]) {
    if (gain <= 0n) continue
    purse.output += gain / profitPrice.max
    poolAmount[profitToken] -= gain / profitPrice.max
  }
  if (impact > 0n) market.impactPoolAmount -= roundUp(impact, prices.index.min)
  const done = payInOrder(market, prices, position, purse, fees, pnl, impact)
  market.openInterest[profitToken] -= sizeDeltaUsd
  market.openInterestInTokens[profitToken] -= tokens
  position.sizeInUsd -= sizeDeltaUsd
  position.sizeInTokens -= tokens
  position.collateralAmount = isWhole ? 0n : purse.collateral
  const collateralOut = isWhole ? purse.collateral : 0n
  return { ...done, profitOut: purse.output, collateralOut }
}

function cappedImpact(
  market: TwinMarket,
  { index }: TwinPrices,
  isLong: boolean,
  sizeDeltaUsd: bigint,
): bigint {
  const { config, impactPoolAmount } = market
  const impact = getPriceImpactUsd(market, isLong, sizeDeltaUsd)
  const most = applyFactor(sizeDeltaUsd, config.maxImpactFactorNegative)
  if (impact < 0n) return max(impact, -most)
  const gain = min(config.maxImpactFactorPositive, config.maxImpactFactorNegative)
  return min(min(impact, applyFactor(sizeDeltaUsd, gain)), impactPoolAmount * index.min)
}

function payInOrder(
  market: TwinMarket,
  prices: TwinPrices,
  { isLong, isLongToken }: TwinPosition,
  purse: Purse,
  fees: { readonly funding: bigint; readonly others: bigint },
  pnl: bigint,
  impact: bigint,
): Pick<TwinClose, 'fundingPaid' | 'toReceiver' | 'lostUsd'> {
  const { poolAmount, config } = market
  const toPool = ({ collateral, profit }: Pick<Paid, 'collateral' | 'profit'>) => {
    poolAmount[sideOf(isLongToken)] += collateral
    poolAmount[sideOf(isLong)] += profit
  }
  const loss = pnl < 0n ? -pnl : 0n
  const funding = payForCost(purse, fees.funding * purse.collateralPrice)
  const fundingPaid = [funding.collateral, funding.profit] as const
  const none = { fundingPaid, toReceiver: [0n, 0n] as const }
  if (funding.remainingUsd > 0n) return { ...none, lostUsd: funding.remainingUsd + loss }
  const lost = payForCost(purse, loss)
  toPool(lost)
  if (lost.remainingUsd > 0n) return { ...none, lostUsd: lost.remainingUsd }
  const fee = payForCost(purse, fees.others * purse.collateralPrice)
  const isInFull = fee.remainingUsd === 0n && (purse.isSame || fee.profit === 0n)
  const kept = (of: bigint) => (isInFull ? applyFactor(of, config.feeReceiverFactor) : 0n)
  const toReceiver = [kept(fee.collateral), kept(fee.profit)] as const
  toPool({ collateral: fee.collateral - toReceiver[0], profit: fee.profit - toReceiver[1] })
  if (fee.remainingUsd > 0n) return { fundingPaid, toReceiver, lostUsd: 0n }
  const cost = payForCost(purse, impact < 0n ? -impact : 0n)
  toPool(cost)
  const paidUsd = cost.collateral * purse.collateralPrice + cost.profit * purse.profitPrice
  market.impactPoolAmount += paidUsd / prices.index.max
  return { fundingPaid, toReceiver, lostUsd: 0n }
}
