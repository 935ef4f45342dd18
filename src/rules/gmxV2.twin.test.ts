/** Positions against a pool, compared with exact integers in every decision and amount. */

import { expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { BORROWERS, type Protocol, RESERVE } from '../rules.ts'
import {
  agree,
  BAND,
  compare,
  type Dice,
  diceOf,
  float,
  saw,
  type Tally,
  tallyOf,
} from './dice.suite.ts'
import { engineOf, isDue } from './gmxV2/engine.ts'
import type { GmxSpec, MarketSpec } from './gmxV2/parameters.ts'
import { act, booksOf, movedTo, openedWith, type Trade, USD } from './gmxV2.suite.ts'
import {
  decreasePosition,
  FLOAT_PRECISION,
  getPnl,
  getPnlToPoolFactor,
  getPositionPnlUsd,
  isPositionLiquidatable,
  LONG_UNIT,
  remainingCollateral,
  SHORT_UNIT,
  type TwinClose,
  type TwinMarket,
  type TwinPosition,
  type TwinPrice,
  type TwinPrices,
} from './gmxV2.twin.suite.ts'

const LONG_TOKEN = 1
const OTHER = 2
const ONE = FLOAT_PRECISION
/** USD of a smallest unit, as a number, times this is USD of a whole token. */
const PER_LONG = ONE / LONG_UNIT
const PER_SHORT = ONE / SHORT_UNIT
/** Errors are shares of all sizes, or of this. */
const FLOOR_USD = 5e4

interface Case {
  readonly market: TwinMarket
  readonly prices: TwinPrices
  readonly positions: TwinPosition[]
  readonly index: number
  readonly pick: 'profit' | 'size'
}

function priceOf(dice: Dice, from: number, to: number, per: bigint): TwinPrice {
  const middle = dice.wide(from, to, per)
  const half = dice.isHit(0.5) ? 0n : (middle * dice.between(0, 0.002, ONE)) / ONE
  return { min: middle - half, max: middle + half }
}

function caseOf(dice: Dice): Case {
  const factor = (from: number, to: number) => dice.between(from, to, ONE)
  const index = dice.pick([LONG_TOKEN, OTHER])
  const long = priceOf(dice, 10, 5000, PER_LONG)
  const prices: TwinPrices = {
    index: index === LONG_TOKEN ? long : priceOf(dice, 0.1, 90_000, PER_LONG),
    long,
    short: priceOf(dice, 0.95, 1.02, PER_SHORT),
  }
  const positions = Array.from({ length: dice.pick([1, 2, 3, 5, 8]) }, (): TwinPosition => {
    const sizeInUsd = dice.wide(20, 3e6, ONE)
    const price = (prices.index.min * factor(0.8, 1.25)) / ONE
    const isLongToken = dice.isHit(0.5)
    const token = isLongToken ? prices.long.min : prices.short.min
    return {
      ...{ isLong: dice.isHit(0.5), isLongToken, sizeInUsd, sizeInTokens: sizeInUsd / price },
      collateralAmount: (sizeInUsd * factor(0, 0.3)) / ONE / token,
    }
  })
  const exponent = dice.pick([1n, 2n])
  const sum = (of: (each: TwinPosition) => bigint, isLong: boolean) =>
    positions.reduce((all, each) => (each.isLong === isLong ? all + of(each) : all), 0n)
  const impact = exponent === 1n ? factor(0, 0.02) : factor(0, 0.02) / 1_000_000n
  const adl = factor(0.1, 0.9)
  const market: TwinMarket = {
    poolAmount: [0n, 0n],
    openInterest: [sum((each) => each.sizeInUsd, true), sum((each) => each.sizeInUsd, false)],
    openInterestInTokens: [
      sum((each) => each.sizeInTokens, true),
      sum((each) => each.sizeInTokens, false),
    ],
    impactPoolAmount: dice.isHit(0.5) ? 0n : dice.wide(1, 1e5, ONE) / prices.index.min,
    borrowing: [factor(0, 0.02), factor(0, 0.02)],
    funding: dice.isHit(0.5) ? [factor(0, 0.03), 0n] : [0n, factor(0, 0.03)],
    config: {
      minCollateralUsd: ONE,
      minCollateralFactorForLiquidation: factor(0.004, 0.02),
      positionFeeFactor: factor(0.0004, 0.0007),
      liquidationFeeFactor: factor(0.002, 0.003),
      feeReceiverFactor: dice.pick([0n, factor(0, 1)]),
      maxPnlFactorForTraders: factor(0.3, 1),
      maxPnlFactorForAdl: adl,
      minPnlFactorAfterAdl: (adl * factor(0.5, 1)) / ONE,
      impactFactorPositive: (impact * factor(0.2, 1.2)) / ONE,
      impactFactorNegative: impact,
      impactExponent: exponent,
      maxImpactFactorPositive: factor(0, 0.01),
      maxImpactFactorNegative: factor(0, 0.01),
      maxImpactFactorForLiquidations: dice.pick([0n, factor(0, 0.01)]),
    },
  }
  fillPools(market, prices, dice)
  for (const position of positions) if (dice.isHit(0.2)) putOnEdge(market, prices, position, dice)
  return { market, prices, positions, index, pick: dice.pick(['profit', 'size']) }
}

/** Pools of which the sides have won a part, or all, or more. */
function fillPools(market: TwinMarket, prices: TwinPrices, dice: Dice): void {
  for (const isLong of [true, false]) {
    const price = isLong ? prices.long.min : prices.short.min
    const won = getPnl(market, prices, isLong, true)
    const usd = won > ONE ? (won * ONE) / dice.between(0.1, 1.5, ONE) : dice.wide(1e3, 1e7, ONE)
    market.poolAmount[isLong ? 0 : 1] = usd / price + 1n
  }
}

/** Gives a position the collateral at which it is liquidatable, or some units more or less. */
function putOnEdge(
  market: TwinMarket,
  prices: TwinPrices,
  position: TwinPosition,
  dice: Dice,
): void {
  position.collateralAmount = 0n
  const { remaining, needed } = remainingCollateral(market, prices, position)
  const { min } = position.isLongToken ? prices.long : prices.short
  const lacks = needed - remaining
  if (lacks <= 0n) return
  const off = dice.pick([0n, 1n, -1n, lacks / min / 1000n, -lacks / min / 1000n])
  position.collateralAmount = lacks / min + off > 0n ? lacks / min + off : 0n
}

const middle = ({ min, max }: TwinPrice, per: bigint) => float(min + max, 2n * per)
const half = ({ min, max }: TwinPrice, per: bigint) => float(max - min, 2n * per)

function specOf({ market, index, pick }: Case): GmxSpec {
  const { config, poolAmount, impactPoolAmount } = market
  const of = (value: bigint) => float(value, ONE)
  const terms: MarketSpec = {
    ...{ group: 1, index, long: LONG_TOKEN, short: USD },
    pool: {
      longUnits: float(poolAmount[0], LONG_UNIT),
      shortUnits: float(poolAmount[1], SHORT_UNIT),
    },
    minCollateralFactor: of(config.minCollateralFactorForLiquidation),
    positionFee: of(config.positionFeeFactor),
    liquidationFee: of(config.liquidationFeeFactor),
    feeReceiver: of(config.feeReceiverFactor),
    maxPnlForTraders: of(config.maxPnlFactorForTraders),
    impact: {
      factorPositive: of(config.impactFactorPositive),
      factorNegative: of(config.impactFactorNegative),
      exponent: Number(config.impactExponent),
      maxPositive: of(config.maxImpactFactorPositive),
      maxNegative: of(config.maxImpactFactorNegative),
      maxForLiquidations: of(config.maxImpactFactorForLiquidations),
      poolUnits: float(impactPoolAmount, LONG_UNIT),
    },
    adl: {
      maxPnl: of(config.maxPnlFactorForAdl),
      minPnlAfter: of(config.minPnlFactorAfterAdl),
      pick,
    },
  }
  return { minCollateralUsd: of(config.minCollateralUsd), hedge: 0, markets: [terms] }
}

function worldOf(of: Case): { readonly spec: GmxSpec; readonly protocol: Protocol } {
  const { market, prices, positions } = of
  const spec = specOf(of)
  const trades = positions.map((each): Trade => {
    const units = float(each.sizeInTokens, LONG_UNIT)
    return {
      ...{ side: each.isLong ? 1 : -1, units, entry: float(each.sizeInUsd, ONE) / units },
      collateral: float(each.collateralAmount, each.isLongToken ? LONG_UNIT : SHORT_UNIT),
      in: each.isLongToken ? LONG_TOKEN : USD,
    }
  })
  const at = [prices.short, prices.long, prices.index]
  const per = [PER_SHORT, PER_LONG, PER_LONG]
  const protocol = openedWith(
    spec,
    at.map((price, n) => middle(price, per[n])),
    trades,
  )
  const books = booksOf(protocol)
  for (const s of [0, 1]) {
    books.borrowing[s] = float(market.borrowing[s], ONE)
    books.funding[s] = float(market.funding[s], ONE)
  }
  protocol.confidence.set(at.map((price, n) => half(price, per[n])))
  protocol.rules.value(protocol)
  return { spec, protocol }
}

/** Whether rounding to the smallest units, or doubles, may decide. */
function isNear(market: TwinMarket, prices: TwinPrices, position: TwinPosition): boolean {
  const { remaining, needed } = remainingCollateral(market, prices, position)
  const apart = Math.abs(float(remaining - needed, ONE))
  return apart <= 3 * BAND * float(position.sizeInUsd, ONE) + float(4n, SHORT_UNIT)
}

function compareCase(of: Case, tally: Tally): void {
  const { market, prices, positions } = of
  const { spec, protocol } = worldOf(of)
  const engine = engineOf(spec)
  let isClose = false
  positions.forEach((position, i) => {
    const isEdge = isNear(market, prices, position)
    isClose ||= isEdge
    const exact = isPositionLiquidatable(market, prices, position)
    agree(tally, isDue(engine, protocol, i), exact, isEdge)
    const { capped, uncapped } = getPositionPnlUsd(market, prices, position)
    const how = capped < uncapped ? 'cut' : 'whole'
    saw(tally, 'check', isEdge ? 'edge' : `${how} ${exact ? 'due' : 'safe'}`)
  })
  if (isClose) return
  const out = act(protocol)
  const paid = { out: [0n, 0n], receiver: [0n, 0n], funding: [0n, 0n], lostUsd: 0n }
  for (let n = 0; n < out.count; n++) {
    const position = positions[out.account[n]]
    const units = Math.abs(out.units[n])
    const isWhole = units === float(position.sizeInTokens, LONG_UNIT)
    const isLiquidation = out.ending[n] === 1
    const share = BigInt(Math.round((units / float(position.sizeInTokens, LONG_UNIT)) * 1e17))
    const size = isWhole ? position.sizeInUsd : (position.sizeInUsd * share) / 10n ** 17n
    const before = getPnlToPoolFactor(market, prices, position.isLong)
    if (isLiquidation) {
      if (isNear(market, prices, position)) return
      agree(tally, true, isPositionLiquidatable(market, prices, position), false)
    }
    const close = decreasePosition(market, prices, position, size, isLiquidation)
    add(paid, position, close)
    if (isLiquidation) saw(tally, 'close', close.lostUsd > 0n ? 'insolvent' : null)
    else checkDeleveraging(of, position.isLong, before, isWhole, tally)
  }
  compareBooks(of, protocol, out, paid, tally)
}

type Sums = Record<'out' | 'receiver' | 'funding', bigint[]> & { lostUsd: bigint }

function add(to: Sums, { isLong, isLongToken }: TwinPosition, close: TwinClose): void {
  const [profit, collateral] = [isLong ? 0 : 1, isLongToken ? 0 : 1]
  to.out[profit] += close.profitOut
  to.out[collateral] += close.collateralOut
  to.receiver[collateral] += close.toReceiver[0]
  to.receiver[profit] += close.toReceiver[1]
  to.funding[collateral] += close.fundingPaid[0]
  to.funding[profit] += close.fundingPaid[1]
  to.lostUsd += close.lostUsd
}

/** Each ADL begins above the limit, lowers the ratio, and ends no lower than it may. */
function checkDeleveraging(
  { market, prices }: Case,
  isLong: boolean,
  before: bigint,
  isWhole: boolean,
  tally: Tally,
): void {
  const { maxPnlFactorForAdl, minPnlFactorAfterAdl } = market.config
  const after = getPnlToPoolFactor(market, prices, isLong)
  const [t, { min }] = isLong ? [0, prices.long] : [1, prices.short]
  // A dozen payments cut to a millionth each, as a share of the pool.
  const slack = 1e-9 + 2e-5 / float(market.poolAmount[t] * min, ONE)
  const off = float(after - minPnlFactorAfterAdl, ONE)
  agree(tally, true, before > maxPnlFactorForAdl && after < before && off >= -slack, false)
  // Where fees are no longer paid by collateral alone, all of them go to the pool: the ratio jumps.
  saw(tally, 'adl', isWhole ? 'whole' : off > slack ? 'part at a jump' : 'part')
}

function compareBooks(
  { market, prices, positions }: Case,
  protocol: Protocol,
  out: ReturnType<typeof act>,
  paid: Sums,
  tally: Tally,
): void {
  const books = booksOf(protocol)
  const unit = [LONG_UNIT, SHORT_UNIT]
  const asset = [LONG_TOKEN, USD]
  const sizes = positions.reduce((sum, { sizeInUsd }) => sum + sizeInUsd, 0n)
  for (const t of [0, 1]) {
    const usd = float(t === 0 ? prices.long.min : prices.short.min, t === 0 ? PER_LONG : PER_SHORT)
    // Each payment is cut to a smallest unit, of the short token a millionth: some dozens of them.
    const scale = Math.max(FLOOR_USD, float(sizes + ONE, ONE) + float(paid.lostUsd, ONE)) / usd
    const of = (value: bigint) => float(value, unit[t])
    const pool = Math.max(scale, of(market.poolAmount[t]))
    compare(tally, books.pool[t], of(market.poolAmount[t]), pool)
    compare(tally, movedTo(out, BORROWERS, asset[t]), of(paid.out[t]), pool)
    compare(tally, movedTo(out, RESERVE, asset[t]), of(paid.receiver[t]), scale)
    compare(tally, books.outside[asset[t]], of(paid.funding[t]), scale)
    compare(tally, books.interestUsd[t], float(market.openInterest[t], ONE), scale * usd)
  }
  const whole = Math.max(FLOOR_USD, float(sizes, ONE))
  const index = float(prices.index.min, PER_LONG)
  compare(
    tally,
    books.impactPool[0] * index,
    float(market.impactPoolAmount, LONG_UNIT) * index,
    whole,
  )
  const lost = protocol.badDebt[USD] * protocol.prices[USD]
  compare(tally, lost, float(paid.lostUsd, ONE), whole)
}

it('law: the rules are as exact integers, in every decision and amount', () => {
  const tally = tallyOf()
  for (let n = 0; n < 3000; n++) {
    try {
      compareCase(caseOf(diceOf(20260806, n)), tally)
    } catch (error) {
      throw new Error(`case ${n} of seed 20260806`, { cause: error })
    }
  }
  expect(tally.close).toBeLessThan(0.15 * tally.cases)
  for (const what of [
    ...['check: whole due', 'check: whole safe', 'check: cut due', 'check: cut safe'],
    ...['check: edge', 'close: done', 'close: insolvent', 'adl: whole', 'adl: part'],
  ])
    expect(tally.seen.get(what) ?? 0, what).toBeGreaterThan(20)
  expect(tally.seen.get('adl: part at a jump') ?? 0).toBeLessThan(5)
  const { cases, largestError } = tally
  const source = 'gmx-io/gmx-synthetics a5c0c883, rule sheet'
  const row = { protocol: 'gmxV2', version: '', source, against: 'twin' } as const
  recordComparison({ ...row, cases, largestError })
})
