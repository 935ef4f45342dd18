import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { healthFactor } from '../book.ts'
import type { Protocol } from '../rules.ts'
import { aaveV4 } from './aaveV4.ts'
import {
  debtRayOf,
  healthFactorOf,
  liquidate,
  type SpokeSpec,
  type TwinAccount,
  type TwinDebt,
  type TwinSupply,
} from './aaveV4.twin.suite.ts'
import { rulesConformance } from './conformance.suite.ts'
import { agree, BAND, compare, type Dice, diceOf, distance, tallyOf } from './dice.suite.ts'
import { borrowers, runInTime } from './hour.suite.ts'
import { offersOf, type PlainLeg, protocolOf, take } from './vectors.suite.ts'

const WAD = 10n ** 18n
const RAY = 10n ** 27n
/** Assets of the random accounts' debts. */
const DEBTS = [0, 3]
const spoke = { target: 1.05, maxBonusAt: 0.9, bonusFactor: 0.5 }
const weth = { asset: 1, threshold: 0.825, bonus: 0.07, protocolFee: 0.1 }
const wbtc = { asset: 2, threshold: 0.7, bonus: 0.1, protocolFee: 0.2 }
const usdc = { asset: 0, threshold: null, bonus: 0, protocolFee: 0 }
const gho = { asset: 3, threshold: null, bonus: 0, protocolFee: 0 }
const older = { group: 1, assets: [{ asset: 1, threshold: 0.8, bonus: 0.05, protocolFee: 0.3 }] }
const of = { assets: [usdc, weth, wbtc, gho], configs: [older], ...spoke }
const rules = aaveV4(of)

const open = (wethPrice: number, legs: PlainLeg[]) =>
  protocolOf(rules, [1, wethPrice, 60_000, 1], legs)

describe('the worked numbers of the sheet', () => {
  it('default: 10 WETH at 1900 against 16,000 USDC, to a health factor of 1.05', () => {
    const protocol = open(1900, [
      [0, 1, 10],
      [0, 0, -16_000],
    ])
    expect(healthFactor(protocol.book, protocol.values, 0)).toBeCloseTo(0.9796875, 12)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBeCloseTo(5912.728133, 6)
    expect(moved.seized).toBeCloseTo(3.242975782841737, 9)
    expect(moved.seized - moved.fee).toBeCloseTo(3.229874422083879, 9)
    expect(healthFactor(protocol.book, protocol.values, 0)).toBeCloseTo(1.05, 9)
  })

  it('behaviour: the twin gives the same digits', () => {
    const supply = {
      supplied: 10n * WAD,
      price: 1900n * 10n ** 8n,
      decimals: 18n,
      collateralFactor: 8250n,
      maxLiquidationBonus: 10_700n,
      liquidationFee: 1000n,
    }
    const debt = { drawnShares: 16_000_000_000n, premiumRay: 0n, drawnIndex: RAY, decimals: 6n }
    const account = { supplies: [supply], debts: [{ ...debt, price: 10n ** 8n }] }
    const at = { supply: 0, debt: 0 }
    const done = liquidate(native(spoke), account, at, 10n ** 12n)
    expect(done).toMatchObject({
      restored: 5_912_728_133n,
      seized: 3_242_975_782_841_736_842n,
      toLiquidator: 3_229_874_422_083_878_947n,
    })
    expect(healthFactorOf(account)).toBe(1_050_000_000_004_518_317n)
  })
})

describe('bonus and size', () => {
  const sold = (price: number) => {
    const protocol = open(price, [
      [0, 1, 10],
      [0, 0, -15_000],
    ])
    const offers = offersOf(protocol, 0)
    return { bonus: (offers.amount[0] * price) / offers.cost[0] - 1, cost: offers.cost[0] }
  }

  it('behaviour: the bonus grows in whole basis points as the health factor falls', () => {
    const at = (factor: number) => sold((15_000 * factor) / 8.25)
    expect(at(0.999999).bonus).toBeCloseTo(0.035, 9)
    expect(at(0.95).bonus).toBeCloseTo(0.0525, 9)
    expect(at(0.9499).bonus).toBeCloseTo(0.0525, 9)
    expect(at(0.9).bonus).toBeCloseTo(0.07, 9)
    expect(at(0.8).bonus).toBeCloseTo(0.07, 9)
  })

  it('behaviour: the lower the health factor the more is repaid, up to all of the debt', () => {
    const costs = [0.99, 0.95, 0.9, 0.89].map((factor) => sold((15_000 * factor) / 8.25).cost)
    expect(costs).toEqual([...costs].sort((a, b) => a - b))
    expect(sold((15_000 * 0.9) / 8.25).cost).toBeLessThan(15_000)
  })

  it('law: after one liquidation to a target of 1 the account is not breached', () => {
    const toOne = aaveV4({ ...of, target: 1 })
    for (let n = 1; n <= 300; n++) {
      const debt = 8.25 * 20_000 * (1 + 0.0001 * n)
      const legs: PlainLeg[] = [
        [0, 1, 100 + n / 7],
        [0, 0, -debt * (1 + n / 700)],
      ]
      const protocol = protocolOf(toOne, [1, 2000, 60_000, 1], legs)
      take(protocol, offersOf(protocol, 0), 0)
      expect(offersOf(protocol, 0).count).toBe(0)
    }
  })

  it('behaviour: the group names the older terms of that position, and its fee', () => {
    expect(rules.terms(1, 1)).toEqual({ threshold: 0.8, bonus: 0.05 })
    expect(rules.terms(2, 1)).toEqual({ threshold: 0.7, bonus: 0.1 })
    const legs = (group: number): PlainLeg[] => [
      [0, 1, 10, group],
      [0, 0, -16_000],
    ]
    expect(offersOf(open(1980, legs(0)), 0).count).toBe(0)
    const protocol = open(1980, legs(1))
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.fee / (moved.seized - moved.repaid / 1980)).toBeCloseTo(0.3, 9)
  })
})

describe('dust', () => {
  it('behaviour: a debt of which less than 1000 USD would be left is closed', () => {
    const protocol = open(1790, [
      [0, 1, 1],
      [0, 0, -1500],
    ])
    expect(offersOf(protocol, 0).cost[0]).toBe(1500)
  })

  it('behaviour: collateral of which less than 1000 USD would be left is seized whole', () => {
    const protocol = open(1900, [
      [0, 1, 1.6],
      [0, 2, 0.4],
      [0, 0, -19_700],
    ])
    const offers = offersOf(protocol, 0)
    expect(offers.amount[0]).toBe(1.6)
    expect(offers.cost[0]).toBeLessThan((1.6 * 1900) / 1.03)
  })

  it('behaviour: a bid that would leave dust is refused and moves nothing', () => {
    const protocol = open(1790, [
      [0, 1, 1],
      [0, 0, -1500],
    ])
    const before = protocol.book.amount.slice()
    const moved = take(protocol, offersOf(protocol, 0), 0, 0.7)
    expect(moved).toMatchObject({ reason: 'dust', seized: 0 })
    expect(protocol.book.amount).toEqual(before)
  })

  it('behaviour: all debts are written off with the last collateral', () => {
    const protocol = open(1500, [
      [0, 1, 10],
      [0, 0, -16_000],
      [0, 3, -500],
    ])
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.seized).toBe(10)
    expect(protocol.badDebt[0]).toBeCloseTo(16_000 - moved.repaid, 9)
    expect(protocol.badDebt[3]).toBe(500)
    expect([...protocol.book.amount]).toEqual([0, 0, 0])
  })
})

describe('compared with exact integers', () => {
  it('law: amounts within 1e-9, decisions outside 1e-12, for 900 random accounts', () => {
    const tally = tallyOf()
    for (let n = 0; n < 900; n++) compareCase(diceOf(20260703, n), tally)
    for (const outcome of ['healthy', 'dust', 'whole', 'part', 'deficit'])
      expect(tally.seen.get(outcome) ?? 0, outcome).toBeGreaterThan(20)
    recordComparison({
      protocol: 'aaveV4',
      version: '',
      source: 'alerodriargui/aave-v4 5f0e7cb',
      against: 'twin',
      cases: tally.cases,
      largestError: tally.largestError,
    })
  })
})

describe('parameters', () => {
  it.each([
    ['FB2296', { assets: [{ ...weth, threshold: 0.95 }] }],
    ['FB2296', { assets: [weth], configs: [{ group: 1, assets: [{ ...weth, bonus: 0.3 }] }] }],
    ['FB2297', { assets: [{ ...weth, protocolFee: 1.1 }] }],
    ['FB2298', { target: 0.99 }],
    ['FB2298', { maxBonusAt: 1 }],
    ['FB2298', { bonusFactor: -0.1 }],
    ['FB2205', { assets: [wbtc] }],
  ])('error: %s', (code, wrong) => {
    expect(() => aaveV4({ ...of, ...wrong })).toThrow(code)
  })

  it('behaviour: scaled terms stay such that a liquidation lifts the health factor', () => {
    for (const parameter of ['threshold', 'bonus'] as const) {
      const { threshold, bonus } = rules.scaled(parameter, 10)!.terms(1, 1)!
      expect(threshold * (1 + bonus)).toBeLessThan(1)
      expect(threshold * (1 + bonus)).toBeGreaterThan(0.99)
    }
    expect(rules.scaled('closeFactor', 2)).toBeNull()
  })
})

describe('in time', () => {
  it('default: an hour of falling prices, and the books agree', async () => {
    const { metrics } = await runInTime(
      `{ kind: aaveV4, target: 1.05, maxBonusAt: 0.9, bonusFactor: 50%, assets: {
        ETH: { threshold: 80%, bonus: 7%, protocolFee: 10%, supplyRate: 1% },
        USDC: { borrowRate: 30% } } }`,
      borrowers(40, 0.8),
    )
    expect(metrics.total_liquidated_usd).toMatchObject({ unit: 'usd' })
    expect((metrics.accounts_liquidated as { value: number }).value).toBeGreaterThan(20)
  })
})

/** Each settlement empties a leg or restores the target; rounding may ask for one more. */
const legs = ({ book }: Protocol, account: number) =>
  1 + book.start[account + 1] - book.start[account]

for (const target of [1, 1.05]) {
  rulesConformance({
    rules: aaveV4({
      assets: [{ ...usdc, threshold: 0.85, bonus: 0.04, protocolFee: 0.1 }, weth, wbtc, gho],
      configs: [older],
      ...{ target, maxBonusAt: 0.9, bonusFactor: 1 },
    }),
    groups: [0, 1],
    stepsMax: legs,
    exceptions: {
      anyBid: 'a bid that would leave dust is refused',
    },
  })
}

/** The spoke's parameters in native units. */
function native(of: typeof spoke): SpokeSpec {
  const wad = (x: number) => BigInt(Math.round(x * 1e4)) * 10n ** 14n
  return {
    targetHealthFactor: wad(of.target),
    healthFactorForMaxBonus: wad(of.maxBonusAt),
    liquidationBonusFactor: BigInt(Math.round(of.bonusFactor * 1e4)),
  }
}

/** A random account: the same in native units and in floats. */
function accountOf(dice: Dice) {
  const bps = (from: number, to: number) => dice.between(from, to, 10_000n)
  const config = {
    target: Number(bps(1.01, 1.3)) / 1e4,
    maxBonusAt: Number(bps(0.5, 0.98)) / 1e4,
    bonusFactor: Number(bps(0, 1)) / 1e4,
  }
  const size = dice.pick([2e3, 1e4, 1e6, 1e8])
  const decimals = () => (size < 1e6 ? 18n : size < 1e8 ? dice.pick([18n, 12n]) : 18n)
  const supplies = [1, 2].slice(0, dice.isHit(0.5) ? 1 : 2).map((): TwinSupply => {
    const collateralFactor = bps(0.4, 0.9)
    const most = Math.min(0.2, 0.99 / (Number(collateralFactor) / 1e4) - 1)
    return {
      supplied: 0n,
      price: dice.wide(0.5, 80_000, 10n ** 8n),
      decimals: decimals(),
      collateralFactor,
      maxLiquidationBonus: 10_000n + bps(0.001, most),
      liquidationFee: bps(0, 0.5),
    }
  })
  const debts = DEBTS.slice(0, dice.isHit(0.6) ? 1 : 2).map((): TwinDebt => {
    const at = { decimals: decimals(), price: dice.wide(0.5, 5000, 10n ** 8n) }
    const drawnIndex = dice.between(1, 1.5, RAY)
    const unit = 10n ** at.decimals
    const units = dice.wide(size / 8, size, 10n ** 8n) * unit
    const drawnShares = (units * RAY) / drawnIndex / at.price
    const premiumRay = dice.isHit(0.5) ? drawnShares * dice.between(0, 0.1, RAY) : 0n
    return { drawnShares, premiumRay, drawnIndex, ...at }
  })
  const owedUsd = debts.reduce((sum, debt) => sum + usdOf(debtRayOf(debt) / RAY, debt), 0)
  const isEdge = dice.isHit(0.1)
  const factor = isEdge ? 1 + 1e-9 * (dice.next() - 0.5) : 0.7 + 0.33 * dice.next()
  const shares = supplies.length === 1 ? [1] : [0.02 + 0.6 * dice.next()]
  if (supplies.length === 2) shares.push(1 - shares[0])
  supplies.forEach((supply, i) => {
    const worth = (owedUsd * factor * shares[i]) / (Number(supply.collateralFactor) / 1e4)
    supply.supplied =
      BigInt(Math.floor((worth / Number(supply.price)) * 1e14)) * 10n ** (supply.decimals - 6n)
  })
  return { config, account: { supplies, debts } }
}

function usdOf(units: bigint, { price, decimals }: { price: bigint; decimals: bigint }): number {
  return (Number(units) / 10 ** Number(decimals)) * (Number(price) / 1e8)
}

/** The same account under the float rules. */
function floatOf(config: typeof spoke, { supplies, debts }: TwinAccount) {
  const prices = [1, 1, 1, 1]
  const legs: PlainLeg[] = []
  const assets = [0, 1, 2, 3].map((asset) => ({
    asset,
    threshold: null as number | null,
    bonus: 0,
    protocolFee: 0,
  }))
  supplies.forEach((supply, i) => {
    prices[1 + i] = Number(supply.price) / 1e8
    assets[1 + i] = {
      asset: 1 + i,
      threshold: Number(supply.collateralFactor) / 1e4,
      bonus: (Number(supply.maxLiquidationBonus) - 1e4) / 1e4,
      protocolFee: Number(supply.liquidationFee) / 1e4,
    }
    legs.push([0, 1 + i, Number(supply.supplied) / 10 ** Number(supply.decimals)])
  })
  debts.forEach((debt, j) => {
    const asset = DEBTS[j]
    prices[asset] = Number(debt.price) / 1e8
    const scaled = Number(debtRayOf(debt)) / Number(debt.drawnIndex)
    legs.push([0, asset, -scaled / 10 ** Number(debt.decimals)])
  })
  const protocol = protocolOf(aaveV4({ assets, configs: [], ...config }), prices, legs)
  debts.forEach((debt, j) => {
    protocol.index[protocol.rules.slotOf(DEBTS[j], -1, 0)] = Number(debt.drawnIndex) / 1e27
  })
  protocol.rules.value(protocol)
  return protocol
}

function compareCase(dice: Dice, tally: ReturnType<typeof tallyOf>): void {
  const { config, account } = accountOf(dice)
  const { debts, supplies } = account
  const protocol = floatOf(config, account)
  const at = {
    supply: Math.floor(dice.next() * supplies.length),
    debt: Math.floor(dice.next() * debts.length),
  }
  const isClose = distance(healthFactorOf(account), WAD) < BAND
  const offers = offersOf(protocol, 0)
  const isListed = offers.count > 0
  const listed = at.supply * debts.length + at.debt
  const unit = 10 ** Number(debts[at.debt].decimals)
  const collateralUnit = 10 ** Number(supplies[at.supply].decimals)
  const owned = supplies[at.supply].supplied
  const isPart = isListed && dice.isHit(0.5)
  const part = 0.1 + 0.9 * dice.next()
  const cover = isPart ? BigInt(Math.floor(offers.cost[listed] * part * unit)) : 10n ** 40n
  const perDebt = offers.amount[listed] / offers.cost[listed]
  const exact = liquidate(native(config), account, at, cover)
  const bid = isPart ? (Number(cover) / unit) * perDebt : Number.POSITIVE_INFINITY
  const moved = isListed ? take(protocol, offers, listed, bid) : null
  agree(tally, moved?.reason === 0, typeof exact !== 'string', isClose)
  if (typeof exact === 'string' || moved === null || moved.reason !== 0) {
    count(tally, String(exact))
    return
  }
  compare(tally, moved.repaid, Number(exact.debtRay) / 1e27 / unit)
  compare(tally, moved.seized, Number(exact.seized) / collateralUnit)
  const fee = Number(exact.seized - exact.toLiquidator) / collateralUnit
  compare(tally, moved.fee, fee, moved.seized)
  exact.deficitRay.forEach((lost, j) => {
    const debt = Number(lost) / 1e27 / 10 ** Number(debts[j].decimals)
    compare(tally, protocol.badDebt[DEBTS[j]], debt, debt + moved.repaid)
  })
  const isDeficit = exact.deficitRay.some((lost) => lost > 0n)
  count(tally, isDeficit ? 'deficit' : exact.seized === owned ? 'whole' : 'part')
}

function count({ seen }: ReturnType<typeof tallyOf>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
