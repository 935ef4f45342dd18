import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { stepsMax } from '../analysis/position.ts'
import type { Protocol } from '../rules.ts'
import { compoundV2 } from './compoundV2.ts'
import {
  accrued,
  borrowOf,
  type ComptrollerSpec,
  exchangeRateOf,
  liquidateBorrow,
  liquidityOf,
  maxRepayOf,
  seizeRatioOf,
  seizeTokensFor,
  type TwinHolding,
  type TwinMarket,
} from './compoundV2.twin.suite.ts'
import { rulesConformance } from './conformance.suite.ts'
import { agree, BAND, compare, type Dice, diceOf, tallyOf } from './dice.suite.ts'
import { borrowers, runInTime } from './hour.suite.ts'
import { offersOf, type PlainLeg, protocolOf, publish, take } from './vectors.suite.ts'

const EXP = 10n ** 18n
const eth = { asset: 1, threshold: 0.825, deprecated: false }
const wbtc = { asset: 2, threshold: 0.7, deprecated: false }
const usdc = { asset: 0, threshold: null, deprecated: false }
const dai = { asset: 3, threshold: null, deprecated: false }
const terms = { closeFactor: 0.5, bonus: 0.08, seizeShare: 0.028, dustUsd: 25 }
const of = { assets: [usdc, eth, wbtc, dai], ...terms }
const rules = compoundV2(of)
const old = compoundV2({ ...of, assets: [usdc, eth, wbtc, { ...dai, deprecated: true }] })

const open = (ethPrice: number, legs: PlainLeg[], under = rules) =>
  protocolOf(under, [1, ethPrice, 60_000, 1], legs)

describe('the worked numbers of the sheet', () => {
  it('default: half of 16,000 USDC against ETH at 1900, 2.8 % of it to the reserves', () => {
    const protocol = open(1900, [
      [0, 1, 10],
      [0, 0, -16_000],
    ])
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBe(8000)
    expect(moved.seized).toBeCloseTo(4.547368421, 9)
    expect(moved.fee).toBeCloseTo(636_631_578 * 2e-10, 9)
    expect(moved.seized - moved.fee).toBeCloseTo(22_100_210_527 * 2e-10, 9)
  })

  it('behaviour: the twin gives the same digits', () => {
    const empty = { isDeprecated: false, cash: 0n, borrows: 0n, reserves: 0n, borrowIndex: EXP }
    const ceth = { ...empty, price: 1900n * EXP, collateralFactor: 825n * 10n ** 15n }
    const owned = { ...ceth, cash: 2n * EXP, totalSupply: 10_000_000_000n }
    const owed = { ...empty, price: 10n ** 30n, collateralFactor: 0n, cash: 1n, totalSupply: 1n }
    const account = [
      { market: owned, cTokens: 50_000_000_000n, principal: 0n, userIndex: EXP },
      { market: owed, cTokens: 0n, principal: 16_000_000_000n, userIndex: EXP },
    ]
    expect(exchangeRateOf(owned)).toBe(2n * 10n ** 26n)
    expect(liquidityOf(account)).toBe(-325n * EXP)
    const spec = native(terms)
    expect(liquidateBorrow(spec, account, { owned: 0, owed: 1 }, 8_000_000_000n)).toEqual({
      seizedTokens: 22_736_842_105n,
      protocolTokens: 636_631_578n,
      liquidatorTokens: 22_100_210_527n,
      toReserves: 127_326_315_600_000_000n,
    })
  })
})

describe('sizes', () => {
  it('behaviour: where the collateral is less, listed is all of it and what it pays for', () => {
    const protocol = open(1900, [
      [0, 1, 4],
      [0, 2, 0.1],
      [0, 0, -16_000],
    ])
    const offers = offersOf(protocol, 0)
    expect(offers.amount[0]).toBe(4)
    expect(offers.cost[0]).toBeCloseTo((4 * 1900) / 1.08, 9)
  })

  it('behaviour: a bid for more than may be seized is refused, not cut', () => {
    const protocol = open(1900, [
      [0, 1, 4],
      [0, 0, -16_000],
    ])
    const offers = offersOf(protocol, 0)
    expect(take(protocol, offers, 0, 4.0001)).toMatchObject({ reason: 'nothing', seized: 0 })
    expect(take(protocol, offers, 0, 3).reason).toBe(0)
    expect(take(protocol, offers, 0, 3).reason).toBe('nothing')
    expect(take(protocol, offers, 0).reason).toBe(0)
  })

  it('behaviour: no shortfall at equality', () => {
    const legs: PlainLeg[] = [
      [0, 1, 10],
      [0, 0, -16_500],
    ]
    expect(offersOf(open(2000, legs), 0).count).toBe(0)
    expect(offersOf(open(1999, legs), 0).count).toBe(1)
  })

  it('behaviour: the exchange rate is the index of the collateral', () => {
    const protocol = open(1900, [
      [0, 1, 500],
      [0, 0, -16_000],
    ])
    protocol.index[rules.slotOf(1, 1, 0)] = 0.02
    publish(protocol, 1, 1900)
    expect(take(protocol, offersOf(protocol, 0), 0).seized).toBeCloseTo(4.547368421, 9)
    expect(protocol.book.amount[0]).toBeCloseTo(500 - 227.36842105, 8)
  })

  it('behaviour: debt without collateral is bad debt, and debt below dustUsd stays', () => {
    const protocol = open(1000, [
      [0, 1, 5],
      [0, 0, -16_000],
      [1, 1, 1],
      [1, 0, -40],
    ])
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.seized).toBe(5)
    expect(protocol.badDebt[0]).toBeCloseTo(16_000 - 5000 / 1.08, 9)
    publish(protocol, 1, 45)
    expect(offersOf(protocol, 1).count).toBe(0)
  })
})

describe('a deprecated market', () => {
  it('behaviour: its debts are repaid whole, of healthy accounts too', () => {
    const protocol = open(
      2000,
      [
        [0, 1, 10],
        [0, 3, -5000],
      ],
      old,
    )
    const moved = take(protocol, offersOf(protocol, 0), 0)
    expect(moved.repaid).toBe(5000)
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('behaviour: other debts of the account wait for a shortfall', () => {
    const legs: PlainLeg[] = [
      [0, 1, 10],
      [0, 0, -11_000],
      [0, 3, -5000],
    ]
    const healthy = offersOf(open(2000, legs, old), 0)
    expect([healthy.count, healthy.pays[0]]).toEqual([1, 3])
    const short = offersOf(open(1900, legs, old), 0)
    expect([...short.cost.slice(0, short.count)]).toEqual([5500, 5000])
  })
})

describe('compared with exact integers', () => {
  it('law: amounts within 1e-9, decisions outside 1e-12, for 900 random accounts', () => {
    const tally = tallyOf()
    for (let n = 0; n < 900; n++) compareCase(diceOf(20260704, n), tally)
    for (const outcome of ['healthy', 'part', 'whole', 'deprecated'])
      expect(tally.seen.get(outcome) ?? 0, outcome).toBeGreaterThan(20)
    recordComparison({
      protocol: 'compoundV2',
      version: '',
      source: 'compound-finance/compound-protocol a3214f6',
      against: 'twin',
      cases: tally.cases - (tally.seen.get('cut') ?? 0),
      largestError: tally.largestError,
    })
  })
})

describe('parameters', () => {
  it.each([
    ['FB2250', { closeFactor: 0 }],
    ['FB2250', { closeFactor: 1.1 }],
    ['FB2251', { bonus: -0.01 }],
    ['FB2252', { seizeShare: 1 }],
    ['FB2253', { dustUsd: 0 }],
    ['FB2202', { assets: [{ ...eth, threshold: 1 }] }],
  ])('error: %s', (code, wrong) => {
    expect(() => compoundV2({ ...of, ...wrong })).toThrow(code)
  })

  it('behaviour: the close factor scales, up to all of a debt', () => {
    const cost = (by: number) => {
      const scaled = rules.scaled('closeFactor', by)!
      const legs: PlainLeg[] = [
        [0, 1, 10],
        [0, 0, -16_000],
      ]
      return offersOf(open(1900, legs, scaled), 0).cost[0]
    }
    expect([cost(0.5), cost(3)]).toEqual([4000, 16_000])
  })
})

describe('in time', () => {
  it('default: an hour of falling prices, and the books agree', async () => {
    const { metrics } = await runInTime(
      `{ kind: compoundV2, closeFactor: 50%, bonus: 8%, dust: $100, assets: {
        ETH: { threshold: 80%, supplyRate: 1% },
        USDC: { borrowRate: 30%, deprecated: false } } }`,
      borrowers(40, 0.8),
    )
    expect((metrics.accounts_liquidated as { value: number }).value).toBeGreaterThan(20)
  })
})

/** Each settlement empties a collateral leg or takes a step on a debt leg. */
const steps = ({ book, values }: Protocol, account: number) => {
  let sum = book.start[account + 1] - book.start[account]
  for (let leg = book.start[account]; leg < book.start[account + 1]; leg++) {
    const worth = book.amount[leg] * values[book.slot[leg]]
    if (worth < 0) sum += stepsMax(0.5, -worth, terms.dustUsd)
  }
  return sum
}

rulesConformance({
  rules: compoundV2({ ...of, assets: [{ ...usdc, threshold: 0.85 }, eth, wbtc, dai] }),
  groups: [0],
  stepsMax: steps,
  exceptions: {
    listed: 'repayable debt below dustUsd is left alone',
  },
})

function native({ closeFactor, bonus, seizeShare }: typeof terms): ComptrollerSpec {
  const mantissa = (share: number) => BigInt(Math.round(share * 1e6)) * 10n ** 12n
  return {
    closeFactor: mantissa(closeFactor),
    liquidationIncentive: mantissa(1 + bonus),
    protocolSeizeShare: mantissa(seizeShare),
  }
}

/** A random market with some interest in it; decimals of the underlying beside. */
function marketOf(dice: Dice, isDeprecated: boolean) {
  const decimals = dice.pick([6, 8, 18])
  const price = dice.wide(0.5, 50_000, 10n ** 8n) * 10n ** BigInt(28 - decimals)
  const supplied = dice.wide(1e8, 1e10, 10n ** BigInt(decimals))
  const share = Number(dice.between(0.1, 0.9, 1000n)) / 1000
  const opening = {
    price,
    collateralFactor: dice.between(0.3, 0.9, 10_000n) * 10n ** 14n,
    isDeprecated,
    cash: (supplied * BigInt(Math.round((1 - share) * 1000))) / 1000n,
    borrows: (supplied * BigInt(Math.round(share * 1000))) / 1000n,
    reserves: supplied / 500n,
    totalSupply: (dice.between(0.9e10, 1e10, 1n) * (supplied / 10n ** BigInt(decimals))) / 2n,
    borrowIndex: dice.between(1, 2, EXP),
  }
  return { decimals, market: accrued(opening, 10_000_000_000n, 2_000_000n) }
}

type RandomMarket = ReturnType<typeof marketOf>

const usdPerUnit = ({ market, decimals }: RandomMarket): number =>
  Number(market.price) / 10 ** (36 - decimals)

/** A random account of one or two collaterals and one or two debts. */
function accountOf(dice: Dice) {
  const owned = [0, 1].slice(0, dice.isHit(0.5) ? 1 : 2).map(() => marketOf(dice, false))
  const owed = [0, 1].slice(0, dice.isHit(0.6) ? 1 : 2).map(() => marketOf(dice, dice.isHit(0.15)))
  const debts = owed.map((at): TwinHolding => {
    const units = dice.wide(1e8, 1e10, 10n ** 6n)
    const scaled = (Number(units) / 1e6 / usdPerUnit(at)) * 1e6
    const principal = (BigInt(Math.floor(scaled)) * 10n ** BigInt(at.decimals)) / 1_000_000n
    return { market: at.market, cTokens: 0n, principal, userIndex: at.market.borrowIndex / 2n }
  })
  const debtUsd = debts.reduce(
    (sum, debt, j) => sum + (Number(borrowOf(debt)) / 10 ** owed[j].decimals) * usdPerUnit(owed[j]),
    0,
  )
  const isEdge = dice.isHit(0.1)
  const factor = isEdge ? 1 + 1e-9 * (dice.next() - 0.5) : 0.7 + 0.35 * dice.next()
  const shares = owned.length === 1 ? [1] : [0.1 + 0.6 * dice.next()]
  if (owned.length === 2) shares.push(1 - shares[0])
  const supplies = owned.map((at, i): TwinHolding => {
    const { market, decimals } = at
    const weighted = (debtUsd * factor * shares[i]) / (Number(market.collateralFactor) / 1e18)
    const units = (weighted / usdPerUnit(at)) * 10 ** decimals
    const cTokens = BigInt(Math.floor((units / Number(exchangeRateOf(market))) * 1e18))
    return { market, cTokens, principal: 0n, userIndex: EXP }
  })
  return { owned, owed, supplies, debts }
}

/** The same account under the float rules: cTokens and principals, under their indices. */
function floatOf(
  spec: typeof terms,
  { owned, owed, supplies, debts }: ReturnType<typeof accountOf>,
) {
  const prices = [1, 1, 1, 1]
  const legs: PlainLeg[] = []
  const assets = [0, 1, 2, 3].map((asset) => {
    return { asset, threshold: null as number | null, deprecated: false }
  })
  supplies.forEach(({ market, cTokens }, i) => {
    prices[1 + i] = usdPerUnit(owned[i])
    assets[1 + i].threshold = Number(market.collateralFactor) / 1e18
    legs.push([0, 1 + i, Number(cTokens) / 1e8])
  })
  debts.forEach(({ market, principal }, j) => {
    prices[DEBTS[j]] = usdPerUnit(owed[j])
    assets[DEBTS[j]].deprecated = market.isDeprecated
    legs.push([0, DEBTS[j], -Number(principal) / 10 ** owed[j].decimals])
  })
  const protocol = protocolOf(compoundV2({ assets, ...spec }), prices, legs)
  const { index, rules } = protocol
  supplies.forEach(({ market }, i) => {
    index[rules.slotOf(1 + i, 1, 0)] =
      Number(exchangeRateOf(market)) / 10 ** (10 + owned[i].decimals)
  })
  debts.forEach(({ market, userIndex }, j) => {
    index[rules.slotOf(DEBTS[j], -1, 0)] = Number(market.borrowIndex) / Number(userIndex)
  })
  rules.value(protocol)
  return protocol
}

/** Assets of the random accounts' debts. */
const DEBTS = [0, 3]

/** The most that a caller can repay without asking for more than there is. */
function bestRepay(spec: ComptrollerSpec, owned: TwinHolding, owed: TwinHolding): bigint {
  const most = maxRepayOf(spec, owed)
  const tokens = seizeTokensFor(spec, owned.market, owed.market, most)
  return tokens <= owned.cTokens ? most : (most * owned.cTokens) / tokens
}

function compareCase(dice: Dice, tally: ReturnType<typeof tallyOf>): void {
  const spec = {
    closeFactor: Number(dice.between(0.05, 0.9, 1000n)) / 1000,
    bonus: Number(dice.between(0, 0.2, 1000n)) / 1000,
    seizeShare: Number(dice.between(0, 0.1, 1000n)) / 1000,
    dustUsd: 1,
  }
  const account = accountOf(dice)
  const { owned, owed, supplies, debts } = account
  const protocol = floatOf(spec, account)
  const i = Math.floor(dice.next() * supplies.length)
  const j = Math.floor(dice.next() * debts.length)
  const all = [...supplies, ...debts]
  const debtUsd = debts.reduce((sum, debt) => sum + Number(debt.market.price * borrowOf(debt)), 0)
  const isClose = Math.abs(Number(liquidityOf(all)) / (debtUsd / 1e18)) < BAND
  const best = bestRepay(native(spec), supplies[i], debts[j])
  const repay = dice.isHit(0.5) ? best : (best * dice.between(0.1, 1, 1000n)) / 1000n
  const at = { owned: i, owed: supplies.length + j }
  const { market } = supplies[i]
  const unit = 10 ** owned[i].decimals
  const isAll = repay === best && best < maxRepayOf(native(spec), debts[j])
  const exact = liquidateBorrow(native(spec), all, at, repay)
  const offers = offersOf(protocol, 0)
  const listed = listedAt(protocol, i, j)
  if (listed < 0) {
    agree(tally, false, typeof exact !== 'string', isClose)
    count(tally, String(exact))
    return
  }
  const paid = Number(repay) / 10 ** owed[j].decimals
  const bid = repay === best ? Infinity : (paid * offers.amount[listed]) / offers.cost[listed]
  const moved = take(protocol, offers, listed, bid)
  agree(tally, moved.reason === 0, typeof exact !== 'string', isClose)
  if (typeof exact === 'string') return
  // The contracts cut the ratio of seized to repaid, to as few as five digits.
  const cut = 1 / Number(seizeRatioOf(native(spec), market, debts[j].market))
  const near = (actual: number, expected: number, scale = expected) => {
    if (cut < 1e-11) compare(tally, actual, expected, scale)
    else expect(Math.abs(actual - expected) / scale).toBeLessThan(1e-9 + cut)
  }
  near(moved.repaid, paid)
  near(moved.seized, underlying(exact.seizedTokens, market) / unit)
  near(moved.fee, underlying(exact.protocolTokens, market) / unit, moved.seized)
  if (cut >= 1e-11) count(tally, 'cut')
  count(tally, debts[j].market.isDeprecated ? 'deprecated' : isAll ? 'whole' : 'part')
}

function underlying(tokens: bigint, market: TwinMarket): number {
  return Number(tokens * exchangeRateOf(market)) / 1e18
}

/** The offer of a collateral against a debt; -1 where it is not listed. */
function listedAt(protocol: Protocol, i: number, j: number): number {
  const offers = offersOf(protocol, 0)
  for (let o = 0; o < offers.count; o++)
    if (offers.sells[o] === 1 + i && offers.pays[o] === DEBTS[j]) return o
  return -1
}

function count({ seen }: ReturnType<typeof tallyOf>, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1)
}
