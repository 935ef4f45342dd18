import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import type { Protocol } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import { agree, BAND, compare, type Dice, diceOf, distance, tallyOf } from './dice.suite.ts'
import { eulerV2 } from './eulerV2.ts'
import {
  liquidate,
  liquidityOf,
  maxLiquidation,
  type TwinAccount,
  type TwinCollateral,
} from './eulerV2.twin.suite.ts'
import { borrowers, runInTime } from './hour.suite.ts'
import { offersOf, type PlainLeg, protocolOf, publish, take } from './vectors.suite.ts'

const WAD = 10n ** 18n
const eth = { asset: 1, threshold: 0.86 }
const wbtc = { asset: 2, threshold: 0.7 }
const usdcVault = { group: 1, debt: 0, maxDiscount: 0.15, ltvs: [eth, wbtc] }
const ethVault = { group: 2, debt: 1, maxDiscount: 0.1, ltvs: [{ asset: 2, threshold: 0.8 }] }
const vaults = [usdcVault, ethVault]
const rules = eulerV2({ vaults })

const open = (ethPrice: number, legs: PlainLeg[], under = rules) =>
  protocolOf(under, [1, ethPrice, 60_000, 1], legs)
/** ETH against a debt of USDC. */
const against = (debt: number, units = 10): PlainLeg[] => [
  [0, 1, units, 1],
  [0, 0, -debt, 1],
]
const noRamp = (ltv: bigint) => {
  return { initial: ltv, target: ltv, rampDuration: 1n, targetTimestamp: 0n }
}

describe('the worked numbers of the sheet', () => {
  it('default: 10 ETH at 1900 against 17,000, all of it at a discount of the violation', () => {
    const protocol = open(1900, against(17_000))
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBe(17_000)
    expect(moved.seized).toBeCloseTo(9.308767635122077, 12)
    expect([...protocol.book.amount]).toEqual([10 - moved.seized, 0])
  })

  it('behaviour: the twin gives the same digits', () => {
    const collateral = { balance: 10n * WAD, decimals: 18n, price: 1900n * WAD, ltv: noRamp(8600n) }
    const debt = { debt: 17_000_000_000n, debtDecimals: 6n, debtPrice: WAD, maxDiscount: 1500n }
    const account = { collaterals: [collateral], ...debt }
    expect(liquidate(account, 0, null, 0n)).toEqual({
      repay: 17_000_000_000n,
      yieldBalance: 9_308_767_635_122_076_919n,
      socialised: 0n,
    })
  })
})

describe('discount', () => {
  const discount = (price: number) => {
    const protocol = open(price, against(17_000))
    const offers = offersOf(protocol, 0)
    return 1 - offers.cost[0] / (offers.amount[0] * price)
  }

  it('behaviour: it is the violation, up to the largest', () => {
    const at = (factor: number) => discount((17_000 * factor) / 8.6)
    expect(at(0.999)).toBeCloseTo(0.001, 9)
    expect(at(0.9)).toBeCloseTo(0.1, 9)
    expect(at(0.85)).toBeCloseTo(0.15, 9)
    expect(at(0.5)).toBeCloseTo(0.15, 9)
  })

  it('behaviour: at equality it may be liquidated, for nothing', () => {
    const protocol = open(2000, against(0.86 * 20_000))
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(1)
    expect(offers.amount[0] * 2000).toBe(offers.cost[0])
    expect(take(protocol, offers, 0).reason).toBe(0)
    expect(offersOf(open(2000.001, against(0.86 * 20_000)), 0).count).toBe(0)
  })

  it('behaviour: a part is taken at the same discount', () => {
    const protocol = open(1900, against(17_000))
    const offers = offersOf(protocol, 0)
    const moved = take(protocol, offers, 0, offers.amount[0] / 4)
    expect(moved.repaid).toBeCloseTo(17_000 / 4, 9)
  })

  it('law: an account that the discount covers is healthy or free of debt after it', () => {
    for (let n = 1; n < 200; n++) {
      const protocol = open(1000 + 5 * n, against(17_000))
      const offers = offersOf(protocol, 0)
      if (offers.count === 0) continue
      take(protocol, offers, 0)
      expect(offersOf(protocol, 0).count).toBe(0)
      expect(protocol.book.amount[1]).toBe(0)
    }
  })
})

describe('vaults', () => {
  it('behaviour: a position exists where its vault has terms for it', () => {
    expect(rules.slotOf(0, -1, 1)).toBeGreaterThanOrEqual(0)
    expect(rules.slotOf(0, -1, 2)).toBe(-1)
    expect(rules.slotOf(1, 1, 2)).toBe(-1)
    expect(rules.slotOf(1, 1, 0)).toBe(-1)
    expect(rules.terms(2, 2)?.threshold).toBe(0.8)
    expect(rules.terms(2, 2)?.bonus).toBeCloseTo(1 / 0.9 - 1, 12)
  })

  it('behaviour: the last collateral leaves the rest of the debt to the lenders', () => {
    const protocol = open(1500, [
      [0, 1, 10, 1],
      [0, 2, 0.01, 1],
      [0, 0, -17_000, 1],
    ])
    take(protocol, offersOf(protocol, 0), 0)
    expect(protocol.book.amount[0]).toBe(0)
    expect(protocol.badDebt[0]).toBe(0)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.moves.count).toBe(1)
    expect(protocol.badDebt[0]).toBeCloseTo(17_000 - 15_000 * 0.85 - 600 * 0.85, 6)
    expect([...protocol.book.amount]).toEqual([0, 0, 0])
  })
})

describe('a ramp', () => {
  const falling = eulerV2({
    vaults: [{ ...usdcVault, ltvs: [{ ...eth, rampTo: 0.76, rampSeconds: 1000 }] }],
  })

  it('behaviour: the LTV falls in a straight line and then stays', () => {
    const protocol = open(2000, against(16_800), falling)
    const ltv = () => protocol.values[falling.slotOf(1, 1, 1)] / 2000
    const seen = [0, 250, 500, 500].map((seconds) => {
      falling.accrue!(protocol, seconds)
      falling.value(protocol)
      return ltv()
    })
    seen.forEach((at, i) => {
      expect(at).toBeCloseTo([0.86, 0.835, 0.785, 0.76][i], 12)
    })
  })

  it('behaviour: an account is liquidated when the LTV has come down to it', () => {
    const protocol = open(2000, against(16_800))
    const ramped = open(2000, against(16_800), falling)
    for (const { rules } of [protocol, ramped]) rules.accrue?.(ramped, 250)
    publish(ramped, 1, 2000)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(offersOf(ramped, 0).count).toBe(1)
  })

  it('law: a copy keeps its own time, and reset brings it back', () => {
    const protocol = open(2000, against(16_800), falling)
    const copy = protocol.copy()
    falling.accrue!(copy, 500)
    publish(copy, 1, 2000)
    expect(copy.values).not.toEqual(protocol.values)
    copy.reset(protocol)
    publish(copy, 1, 2000)
    expect(copy.values).toEqual(protocol.values)
  })
})

describe('compared with exact integers', () => {
  it('law: amounts within 1e-9, decisions outside 1e-12, for 900 random accounts', () => {
    const tally = tallyOf()
    for (let n = 0; n < 900; n++) compareCase(diceOf(20260705, n), tally)
    for (const outcome of ['healthy', 'debt', 'collateral', 'socialised', 'part', 'ramp'])
      expect(tally.seen.get(outcome) ?? 0, outcome).toBeGreaterThan(20)
    recordComparison({
      protocol: 'eulerV2',
      version: '',
      source: 'euler-xyz/euler-vault-kit 5b98b42',
      against: 'twin',
      cases: tally.cases,
      largestError: tally.largestError,
    })
  })
})

describe('parameters', () => {
  const withLtv = (ltv: object) => ({ ltvs: [{ ...eth, ...ltv }] })
  it.each([
    ['FB2285', { maxDiscount: 1 }],
    ['FB2285', { maxDiscount: -0.1 }],
    ['FB2286', withLtv({ threshold: 1 })],
    ['FB2286', { ltvs: [eth, eth] }],
    ['FB2287', withLtv({ rampTo: 0.9, rampSeconds: 10 })],
    ['FB2287', withLtv({ rampTo: 0.5 })],
    ['FB2287', withLtv({ rampSeconds: 10 })],
  ])('error: %s', (code, wrong) => {
    expect(() => eulerV2({ vaults: [{ ...usdcVault, ...wrong }] })).toThrow(code)
  })

  it('behaviour: a scaled LTV takes its ramp along; there is no close factor', () => {
    const ramp = { ...eth, rampTo: 0.5, rampSeconds: 10 }
    const scaled = eulerV2({ vaults: [{ ...usdcVault, ltvs: [ramp] }] }).scaled('threshold', 0.5)!
    const protocol = open(2000, against(100), scaled)
    scaled.accrue!(protocol, 10)
    scaled.value(protocol)
    expect(protocol.values[scaled.slotOf(1, 1, 1)] / 2000).toBeCloseTo(0.25, 12)
    expect(rules.scaled('closeFactor', 2)).toBeNull()
  })
})

describe('in time', () => {
  const vault = (ramp: string) =>
    `{ kind: eulerV2, vaults: { usdc: { debt: USDC, maxDiscount: 15%, borrowRate: 30%, ltvs: {
      ETH: { threshold: 80%, supplyRate: 1%${ramp} } } } } }`
  const liquidated = async (ramp: string) => {
    const { metrics } = await runInTime(vault(ramp), borrowers(40, 0.8, 'usdc'))
    return (metrics.accounts_liquidated as { value: number }).value
  }

  it('default: an hour of falling prices, and the books agree; a ramp takes more accounts', async () => {
    const without = await liquidated('')
    expect(without).toBeGreaterThan(15)
    expect(await liquidated(', rampTo: 65%, ramp: 1h')).toBeGreaterThan(without)
  })
})

/** Each settlement empties a collateral leg, or the debt. */
const legs = ({ book }: Protocol, account: number) => book.start[account + 1] - book.start[account]

rulesConformance({
  rules: eulerV2({ vaults: vaults.map((vault) => ({ ...vault, maxDiscount: 0 })) }),
  groups: [1, 2],
  stepsMax: legs,
  exceptions: {},
})

/** A random account: the same in native units and in floats. */
function accountOf(dice: Dice): { account: TwinAccount; now: bigint } {
  const debtDecimals = dice.pick([6n, 18n])
  const isDear = debtDecimals === 18n
  const debtPrice = dice.wide(0.5, isDear ? 5000 : 2, WAD)
  const debtUsd = dice.wide(isDear ? 1e3 : 1e6, 1e8, 1000n)
  const debt = (debtUsd * 10n ** debtDecimals * 10n ** 15n) / debtPrice
  const isEdge = dice.isHit(0.1)
  const factor = isEdge ? 1 + 1e-9 * (dice.next() - 0.5) : 0.5 + 0.55 * dice.next()
  const share = dice.isHit(0.5) ? 1 : 0.1 + 0.8 * dice.next()
  const now = dice.between(0, 1000, 1n)
  const collaterals = (share === 1 ? [1] : [share, 1 - share]).map((part): TwinCollateral => {
    const initial = dice.between(0.4, 0.95, 10_000n)
    const target = dice.isHit(0.3) ? initial - dice.between(0.05, 0.3, 10_000n) : initial
    const ltv = { initial, target, rampDuration: 1000n, targetTimestamp: 1000n }
    const price = dice.wide(0.5, 5000, WAD)
    const at = initial - ((initial - target) * now) / 1000n
    const worth = ((Number(debtUsd) / 1e3) * factor * part) / (Number(at) / 1e4)
    const units = (worth / (Number(price) / 1e18)) * 1e9
    return { balance: BigInt(Math.floor(units)) * 10n ** 9n, decimals: 18n, price, ltv }
  })
  const maxDiscount = dice.between(0, 0.4, 10_000n)
  return { account: { collaterals, debt, debtDecimals, debtPrice, maxDiscount }, now }
}

/** The same account under the float rules, at the same time of its ramps. */
function floatOf({ collaterals, ...owed }: TwinAccount, now: bigint): Protocol {
  const prices = [Number(owed.debtPrice) / 1e18, 1, 1]
  const positions: PlainLeg[] = []
  const ltvs = collaterals.map(({ balance, price, ltv }, i) => {
    prices[1 + i] = Number(price) / 1e18
    positions.push([0, 1 + i, Number(balance) / 1e18, 1])
    const terms = { asset: 1 + i, threshold: Number(ltv.initial) / 1e4 }
    if (ltv.target === ltv.initial) return terms
    return { ...terms, rampTo: Number(ltv.target) / 1e4, rampSeconds: Number(ltv.rampDuration) }
  })
  positions.push([0, 0, -Number(owed.debt) / 10 ** Number(owed.debtDecimals), 1])
  const vault = { group: 1, debt: 0, maxDiscount: Number(owed.maxDiscount) / 1e4, ltvs }
  const protocol = protocolOf(eulerV2({ vaults: [vault] }), prices, positions)
  protocol.rules.accrue?.(protocol, Number(now))
  protocol.rules.value(protocol)
  return protocol
}

function compareCase(dice: Dice, tally: ReturnType<typeof tallyOf>): void {
  const { account, now } = accountOf(dice)
  const { collaterals } = account
  const protocol = floatOf(account, now)
  const { adjusted, liability } = liquidityOf(account, now)
  const isClose = distance(adjusted, liability) < BAND
  const i = Math.floor(dice.next() * collaterals.length)
  const most = maxLiquidation(account, i, now)
  const offers = offersOf(protocol, 0)
  agree(tally, offers.count > 0, most !== null, isClose)
  if (offers.count === 0 || most === null) {
    count(tally, 'healthy')
    return
  }
  const isPart = dice.isHit(0.3)
  const desired = isPart ? (most.repay * dice.between(0.1, 1, 1000n)) / 1000n : null
  const unit = 10 ** Number(account.debtDecimals)
  const perDebt = offers.amount[i] / offers.cost[i]
  const bid = desired === null ? Number.POSITIVE_INFINITY : (Number(desired) / unit) * perDebt
  const before = collaterals[i].balance
  const exact = liquidate(account, i, desired, now)
  const moved = take(protocol, offers, i, bid)
  if (typeof exact === 'string') throw new Error(exact)
  compare(tally, moved.repaid, Number(exact.repay) / unit)
  compare(tally, moved.seized, Number(exact.yieldBalance) / 1e18)
  const lost = Number(exact.socialised) / unit
  compare(tally, protocol.badDebt[0], lost, lost + moved.repaid)
  if (collaterals.some(({ ltv }) => ltv.target < ltv.initial)) count(tally, 'ramp')
  if (isPart) count(tally, 'part')
  else if (exact.socialised > 0n) count(tally, 'socialised')
  else count(tally, exact.yieldBalance === before ? 'collateral' : 'debt')
}

function count({ seen }: ReturnType<typeof tallyOf>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
