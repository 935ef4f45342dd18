/** Fills at bankruptcy prices against exact integers, and the worked numbers of the sheet. */

import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
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
import { bankruptcyUsd, fillablePrice } from './perpetual/bankruptcy.ts'
import type { PerpetualBooks } from './perpetual/books.ts'
import { drawOf } from './perpetual/engine.ts'
import { layoutOf } from './perpetual/markets.ts'
import { closedAt, opened, type Row } from './perpetual.suite.ts'
import { perpetual } from './perpetual.ts'
import {
  abs,
  bankruptcyQuote,
  fillablePriceRat,
  insuranceFundDelta,
  isLiquidatable,
  liquidatableDelta,
  mayOffset,
  min,
  notional,
  positionRisk,
  type TwinAccount,
  type TwinConfig,
  type TwinPosition,
  totalRisk,
} from './perpetual.twin.suite.ts'
import { offersOf } from './vectors.suite.ts'

const BASE = 10n ** 10n
const QUOTE = 10n ** 6n
const PRICE = 10n ** 5n
const PPM = 10n ** 6n
const SOURCE = 'dydxprotocol/v4-chain 014223b6, 002f3fa4, rule sheet'

/** The values of the genesis script. */
const genesis: TwinConfig = {
  bankruptcyAdjustmentPpm: 1_000_000n,
  spreadToMaintenanceMarginRatioPpm: 1_500_000n,
  minPositionNotionalLiquidated: 1000n * QUOTE,
  maxPositionPortionLiquidatedPpm: 100_000n,
  maxNotionalLiquidated: 100_000n * QUOTE,
  maxQuantumsInsuranceLost: 1_000_000n * QUOTE,
  maxLiquidationFeePpm: 15_000n,
}

const bitcoin: TwinPosition = {
  quantums: BASE,
  price: 50_000n * PRICE,
  initialMarginPpm: 50_000n,
  maintenanceFractionPpm: 600_000n,
}

describe('one bitcoin at 50,000, and a balance of -48,700', () => {
  const account = { quote: -48_700n * QUOTE, positions: [bitcoin] }
  const { markets } = layoutOf([{ asset: 1, tiers: [{ rate: 0.03 }] }], [], 0)
  const margin = {
    equity: 1300,
    maintenance: 1500,
    notional: 5e4,
    cashLeg: 0,
    hasCollateral: false,
  }
  const terms = { adjustment: 1, spreadToMaintenance: 1.5 }

  it('default: the twin has the numbers of the sheet', () => {
    const risk = totalRisk(account)
    expect(risk).toEqual({ nc: 1300n * QUOTE, imr: 2500n * QUOTE, mmr: 1500n * QUOTE })
    expect(isLiquidatable(risk)).toBe(true)
    const { num, den } = fillablePriceRat(account, 0, genesis)
    expect((num * BASE) / den).toBe(49_700n * QUOTE)
    expect(bankruptcyQuote(account, 0, -BASE)).toBe(48_700n * QUOTE)
    expect(bankruptcyQuote(account, 0, -BASE / 10n)).toBe(4870n * QUOTE)
    expect(liquidatableDelta(account, 0, genesis)).toBe(-BASE / 10n)
  })

  it('default: so have the rules, for a short too', () => {
    expect(fillablePrice(markets[0], 1, 5e4, margin, terms)).toBeCloseTo(49_700, 9)
    expect(fillablePrice(markets[0], -1, 5e4, margin, terms)).toBeCloseTo(50_300, 9)
    expect(bankruptcyUsd(markets[0], 1, 1, 5e4, margin)).toBe(48_700)
    expect(bankruptcyUsd(markets[0], 1, 0.1, 5e4, margin)).toBeCloseTo(4870, 9)
    expect(bankruptcyUsd(markets[0], -1, -1, 5e4, margin)).toBe(-51_300)
    expect(fillablePrice(markets[0], 1, 5e4, { ...margin, equity: -1 }, terms)).toBe(47_750)
    expect(fillablePrice(markets[0], 1, 5e4, { ...margin, equity: 2e3 }, terms)).toBe(50_000)
  })

  it.each([
    [49_700, 0.1, 74.55],
    [49_699.99, 0, 0],
    [48_900, 0, 0],
  ])(
    'default: at %d a tenth or nothing is sold, and the fund gets at most 1.5 %%',
    (price, units, fee) => {
      const protocol = worldOf(account, null, genesis, 0n)
      const { out } = closedAt(protocol, [1, price])
      expect(out.count).toBe(units > 0 ? 1 : 0)
      expect(1 - protocol.book.amount[0]).toBeCloseTo(units, 12)
      expect((protocol.items as PerpetualBooks).fund).toBeCloseTo(fee, 9)
      expect(protocol.book.amount[1]).toBeCloseTo(-48_700 + units * price - fee, 9)
    },
  )
})

/** Rules and books of a twin account, and of another that holds the other side. */
function worldOf(
  account: TwinAccount,
  other: TwinAccount | null,
  config: TwinConfig,
  fund: bigint,
) {
  const { positions } = account
  const ppm = (of: bigint) => float(of, PPM)
  const rules = perpetual({
    settlement: 0,
    markets: positions.map(({ initialMarginPpm, maintenanceFractionPpm }, p) => ({
      asset: p + 1,
      tiers: [{ rate: ppm(initialMarginPpm) * ppm(maintenanceFractionPpm) }],
    })),
    collateral: [],
    liquidationFee: ppm(config.maxLiquidationFeePpm),
    leftover: 'account',
    fundSettles: 'fill',
    portion: ppm(config.maxPositionPortionLiquidatedPpm),
    portionMinUsd: float(config.minPositionNotionalLiquidated, QUOTE),
    portionRepeats: true,
    oneByOne: true,
    perBlock: {
      accountNotionalUsd: float(config.maxNotionalLiquidated, QUOTE),
      accountLossUsd: float(config.maxQuantumsInsuranceLost, QUOTE),
    },
    fillable: {
      adjustment: ppm(config.bankruptcyAdjustmentPpm),
      spreadToMaintenance: ppm(config.spreadToMaintenanceMarginRatioPpm),
    },
    fundUsd: float(fund, QUOTE),
    adl: { policy: 'dydx', basis: 'notional', walk: { attempts: 10, counterparties: 500 } },
  })
  const rowsOf = ({ quote, positions: held }: TwinAccount, i: number): Row[] => [
    ...held.flatMap(({ quantums, price }, p): Row[] => {
      const side = quantums > 0n ? 1 : -1
      const amount = Math.abs(float(quantums, BASE))
      return quantums === 0n
        ? []
        : [{ account: i, asset: p + 1, side, amount, entry: float(price, PRICE) }]
    }),
    {
      account: i,
      asset: 0,
      side: 1,
      amount: float(
        held.reduce((sum, { quantums, price }) => sum + notional(quantums, price), quote),
        QUOTE,
      ),
    },
  ]
  const accounts = other === null ? [account] : [account, other]
  const prices = [1, ...positions.map(({ price }) => float(price, PRICE))]
  return opened(rules, prices, accounts.flatMap(rowsOf))
}

interface Case {
  readonly account: TwinAccount
  readonly other: TwinAccount
  readonly config: TwinConfig
  readonly fund: bigint
  readonly block: number
  readonly at: number
  readonly fillPrice: bigint
}

function caseOf(dice: Dice): Case {
  const ppm = (from: number, to: number) => dice.between(from, to, PPM)
  const config: TwinConfig = {
    bankruptcyAdjustmentPpm: dice.pick([PPM, ppm(0.3, 3)]),
    spreadToMaintenanceMarginRatioPpm: ppm(0.1, 2),
    minPositionNotionalLiquidated: dice.wide(1e2, 1e6, QUOTE),
    maxPositionPortionLiquidatedPpm: dice.pick([PPM, ppm(0.05, 0.6)]),
    maxNotionalLiquidated: dice.wide(1e4, 1e9, QUOTE),
    maxQuantumsInsuranceLost: dice.wide(1e2, 1e8, QUOTE),
    maxLiquidationFeePpm: ppm(0, 0.03),
  }
  const mf = dice.pick([PPM, 600_000n])
  const positions = Array.from({ length: dice.pick([1, 1, 2, 3]) }, (): TwinPosition => {
    const price = dice.wide(0.1, 1e5, PRICE)
    const size = (dice.wide(1e5, 1e8, QUOTE) * 10n ** 9n) / price
    const initialMarginPpm = ppm(0.01, 0.2)
    return {
      ...{ quantums: dice.isHit(0.5) ? size : -size, price },
      ...{ initialMarginPpm, maintenanceFractionPpm: mf },
    }
  })
  const account: TwinAccount = { quote: 0n, positions }
  const { nc, mmr } = totalRisk(account)
  const near = 1 + (dice.next() - 0.5) * 1e-9
  const far = dice.isHit(0.3) ? -4 * dice.next() : -0.7 + 1.9 * dice.next()
  account.quote = withRatio(dice.isHit(0.15) ? near : far, mmr) - nc
  const block = 1 + Math.floor(dice.next() * 1000)
  const draw = drawOf({ block, seconds: 1, atSeconds: block, gwei: 0 })
  const at = Math.floor(draw * positions.length)
  const { quantums, price } = positions[at]
  const { num, den } = fillablePriceRat(account, at, config)
  const edge = (num * 10n ** 9n) / den + dice.pick([-2n, -1n, 0n, 1n, 2n])
  const away = (price * dice.between(-0.15, 0.05, PPM)) / PPM
  const anywhere = quantums > 0n ? price + away : price - away
  const fillPrice = dice.isHit(0.25) && edge > 0n ? edge : anywhere
  const held = positions.map((each, p) => ({
    ...each,
    quantums: p === at ? (-quantums * dice.between(0.2, 1.5, PPM)) / PPM : 0n,
  }))
  const other: TwinAccount = { quote: 0n, positions: held }
  const its = totalRisk(other)
  other.quote = withRatio(1.01 + 2 * dice.next(), its.mmr) - its.nc
  const fund = dice.isHit(0.4) ? 0n : dice.wide(1e2, 1e8, QUOTE)
  return { account, other, config, fund, block, at, fillPrice }
}

const withRatio = (ratio: number, of: bigint) =>
  (of * BigInt(Math.round(ratio * 1e12))) / 10n ** 12n

/** Whether two integers are so near that cutting integers may decide. */
function isNear(a: bigint, b: bigint, scale: bigint): boolean {
  return float(abs(a - b), QUOTE) <= BAND * float(scale, QUOTE) + float(12n, QUOTE)
}

function compareCase(of: Case, tally: Tally): void {
  const { account, other, config, fund, block, at, fillPrice } = of
  const risk = totalRisk(account)
  const position = account.positions[at]
  const scale = account.positions.reduce((sum, each) => sum + abs(positionRisk(each).nc), 0n)
  const protocol = worldOf(account, other, config, fund)
  const isDue = isLiquidatable(risk)
  const isEdge = isNear(risk.nc, risk.mmr, scale)
  agree(tally, offersOf(protocol, 0).count > 0, isDue, isEdge)
  if (isEdge || !isDue) {
    saw(tally, 'order', isEdge ? 'at the edge' : 'healthy')
    return
  }
  const prices = account.positions.map(({ price }, p) => float(p === at ? fillPrice : price, PRICE))
  const { out } = closedAt(protocol, [1, ...prices], 1, block)
  const delta = liquidatableDelta(account, at, config)
  const { num, den } = fillablePriceRat(account, at, config)
  // Both sides as the quote quantums of the whole position; a short's are below 0.
  const brought = fillPrice * position.quantums
  const least = (num * 10n ** 9n * position.quantums) / den
  const isMet = brought >= least
  const paid = insuranceFundDelta(account, at, delta, fillPrice, config)
  const most = min(fund, config.maxQuantumsInsuranceLost)
  const isPaid = paid >= -most
  const isFilled = out.count > 0 && out.ending[0] === 0
  const isClose =
    isNear(brought / 10n ** 9n, least / 10n ** 9n, scale) || isNear(-paid, most, scale)
  agree(tally, isFilled, isMet && isPaid, isClose)
  const refusal = isFilled ? null : isMet ? 'no fund' : 'limit'
  saw(tally, 'order', isClose ? 'at the edge' : refusal)
  if (isClose) return
  if (isFilled) compareFill(of, protocol, out.units[0], delta, paid, tally)
  else compareOffset(of, protocol, out.count, tally)
}

function compareFill(
  { account, fund, at, fillPrice }: Case,
  protocol: ReturnType<typeof worldOf>,
  units: number,
  delta: bigint,
  paid: bigint,
  tally: Tally,
): void {
  const { price } = account.positions[at]
  const scale = float(
    abs(notional(account.positions[at].quantums, price)) + abs(account.quote),
    QUOTE,
  )
  // Sizes are cut to a base quantum.
  compare(tally, units, float(-delta, BASE), Math.max(units, -units, 1e-1))
  const books = protocol.items as PerpetualBooks
  compare(tally, books.fund, float(fund + paid, QUOTE), Math.max(scale, float(fund, QUOTE)))
  const cash = account.quote + notional(-delta, fillPrice) - paid
  compare(tally, protocol.book.amount[account.positions.length], float(cash, QUOTE), scale)
  saw(tally, 'fund', paid > 0n ? 'gets' : paid < 0n ? 'pays' : 'nothing')
}

function compareOffset(
  { account, other, at }: Case,
  protocol: ReturnType<typeof worldOf>,
  closings: number,
  tally: Tally,
): void {
  const { quantums, price, maintenanceFractionPpm } = account.positions[at]
  const { nc } = totalRisk(account)
  const scale = abs(notional(quantums, price))
  if (isNear(nc, 0n, scale)) return
  if (nc >= 0n) {
    agree(tally, closings > 0, false, false)
    saw(tally, 'deleveraging', 'solvent')
    return
  }
  const has = other.positions[at].quantums
  const size = min(abs(has), abs(quantums))
  const delta = quantums > 0n ? -size : size
  const quote = bankruptcyQuote(account, at, delta)
  const may = mayOffset(other, at, -delta, -quote)
  const sway = 12n + scale / 10n ** 11n
  const isClose =
    mayOffset(other, at, -delta, -quote - sway) !== mayOffset(other, at, -delta, -quote + sway)
  // With less than all of initial margin as maintenance the rules ask less of a counterparty.
  const isComparable = maintenanceFractionPpm === 10n ** 6n || may
  if (isComparable) agree(tally, closings > 0, may, isClose)
  if (!isComparable || isClose) return
  saw(tally, 'deleveraging', may ? null : 'no overlap')
  if (!may) return
  const cash = protocol.book.amount[account.positions.length]
  compare(tally, cash, float(account.quote + quote, QUOTE), float(scale, QUOTE))
}

describe('random accounts', () => {
  it('law: the rules are as exact integers, in every decision and amount', () => {
    const tally = tallyOf()
    for (let n = 0; n < 4000; n++) {
      try {
        compareCase(caseOf(diceOf(20260803, n)), tally)
      } catch (error) {
        throw new Error(`case ${n} of seed 20260803`, { cause: error })
      }
    }
    expect(tally.close).toBeLessThan(0.2 * tally.cases)
    for (const what of [
      ...['order: done', 'order: limit', 'order: no fund', 'order: healthy', 'order: at the edge'],
      ...['fund: gets', 'fund: pays', 'deleveraging: done', 'deleveraging: no overlap'],
      'deleveraging: solvent',
    ])
      expect(tally.seen.get(what) ?? 0, what).toBeGreaterThan(20)
    const { cases, largestError } = tally
    const row = {
      protocol: 'perpetual',
      version: 'fills',
      source: SOURCE,
      against: 'twin',
    } as const
    recordComparison({ ...row, cases, largestError })
  })
})
