import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { type Draws, drawsOf, plain } from '../../test/differential/draws.suite.ts'
import { healthFactor } from '../book.ts'
import { morphoBlue } from './morphoBlue.ts'
import {
  accrue,
  incentive,
  liquidate,
  owed,
  preFactors,
  preLiquidate,
  type TwinAsk,
  type TwinDone,
  type TwinMarket,
  type TwinPosition,
  type TwinPre,
  WAD,
} from './morphoBlue.twin.suite.ts'
import { offersOf, type PlainLeg, protocolOf, take } from './vectors.suite.ts'

const CASES = 800
const TOLERANCE = 1e-9
const BAND = 1e-12
const PRICE_SCALE = 10n ** 36n
const MICRO = 10n ** 6n

const wad = (value: number) => BigInt(Math.round(value * 1e6)) * 10n ** 12n

describe('Morpho Blue in integers, against the worked numbers of the sheet', () => {
  const market: TwinMarket = {
    lltv: wad(0.86),
    supplyAssets: 1_000_000n * MICRO,
    supplyShares: 1_000_000n * MICRO * MICRO,
    borrowAssets: 17_000n * MICRO,
    borrowShares: 17_000n * MICRO * MICRO,
  }
  const position: TwinPosition = { collateral: 10n * WAD, borrowShares: market.borrowShares }
  const usd = (price: bigint) => (price * MICRO * PRICE_SCALE) / WAD

  it('default: 3 of 10 ETH at 1950, then the rest at 1200 and a bad debt', () => {
    expect(incentive(market.lltv)).toBe(1_043_841_336_116_910_229n)
    const first = liquidate(market, position, usd(1950n), { seized: 3n * WAD, shares: 0n })
    expect(first).toMatchObject({ refused: '', repaid: 5_604_300_001n, badDebt: 0n })
    const second = liquidate(market, position, usd(1200n), { seized: 7n * WAD, shares: 0n })
    expect(second).toMatchObject({ refused: '', repaid: 8_047_200_001n, badDebt: 3_348_499_998n })
    expect(market.supplyAssets).toBe(996_651_500_002n)
  })

  it('default: factors of a pre-liquidation at a loan to value of 0.84', () => {
    const ltv = (16_800n * MICRO * WAD) / (20_000n * MICRO)
    const { q, factor, closeFactor } = preFactors(market, preOf(0.8, [0.1, 1], [1.01, 1.04]), ltv)
    expect(ltv).toBe(wad(0.84))
    expect(q).toBe(666_666_666_666_666_666n)
    expect(factor).toBe(1_029_999_999_999_999_999n)
    expect(closeFactor).toBe(699_999_999_999_999_999n)
  })

  it('default: interest of a year at 5 % in three terms', () => {
    const lent = { ...market, borrowAssets: WAD }
    accrue(lent, wad(0.05) / 31_536_000n, 31_536_000n)
    expect(Number(lent.borrowAssets - WAD) / 1e18).toBeCloseTo(0.05 + 0.00125 + 0.05 ** 3 / 6, 9)
  })
})

function preOf(threshold: number, shares: readonly number[], factors: readonly number[]): TwinPre {
  return {
    lltv: wad(threshold),
    closeFactors: [wad(shares[0]), wad(shares[1])],
    factors: [wad(factors[0]), wad(factors[1])],
  }
}

/** A position, its market, and what is asked of it. */
interface Trial {
  readonly decimals: readonly [number, number]
  readonly market: TwinMarket
  readonly position: TwinPosition
  readonly pre: TwinPre
  readonly price: bigint
}

describe('pre-liquidation in float against integers', () => {
  it(`law: ${CASES} random cases agree on amounts and on every decision`, () => {
    const seen: Record<string, number> = {}
    let largest = 0
    for (let n = 0; n < CASES; n++) {
      const draws = drawsOf(20260914, n)
      const trial = trialFrom(draws)
      const ask = askFrom(draws, trial)
      const before = { ...trial, market: { ...trial.market }, position: { ...trial.position } }
      const { market, position, price, pre } = trial
      const early = preLiquidate(market, position, price, pre, ask)
      const isLate = early.refused === 'unhealthy'
      const done = isLate ? liquidate(market, position, price, ask) : early
      const outcome = `${isLate ? 'market: ' : ''}${done.refused || 'done'}`
      seen[outcome] = (seen[outcome] ?? 0) + 1
      largest = Math.max(largest, differenceOf(before, trial, ask, done))
    }
    for (const outcome of ['done', 'healthy', 'tooLarge', 'market: done'])
      expect(seen[outcome], outcome).toBeGreaterThan(40)
    expect(largest).toBeLessThan(TOLERANCE)
    recordComparison({
      protocol: 'morphoBlue',
      version: 'pre-liquidation',
      source: 'morpho-org/pre-liquidation 9e8b7f4',
      against: 'twin',
      cases: CASES,
      largestError: largest,
    })
  })
})

function trialFrom(draws: Draws): Trial {
  const decimals = [draws.pick([6, 18]), draws.pick([8, 18])] as const
  const debt = draws.raw(draws.scale(1e7, 1e10), decimals[0])
  const borrowAssets = (debt * draws.raw(draws.scale(1.01, 100), 6)) / MICRO
  const borrowShares = (borrowAssets * MICRO * draws.raw(draws.between(0.3, 1), 6)) / MICRO
  const lltv = draws.raw(draws.between(0.3, 0.985), 18)
  const market = {
    ...{ lltv, borrowAssets, borrowShares },
    ...{ supplyAssets: borrowAssets * 2n, supplyShares: borrowShares },
  }
  const position = {
    collateral: draws.raw(draws.scale(1e5, 1e8), decimals[1]),
    borrowShares: (debt * borrowShares) / borrowAssets,
  }
  const pre = preFrom(draws, lltv)
  const from = Number(pre.lltv) / 1e18
  const to = Number(lltv) / 1e18
  const gap = draws.scale(1e-15, 1e-3) * draws.pick([1, -1])
  const spread = from + draws.between(-0.2, 1.4) * (to - from)
  const ltv = draws.chance(0.3) ? draws.pick([from, to]) * (1 + gap) : spread
  const worth = (owed(position, market) * WAD) / BigInt(Math.round(ltv * 1e18))
  const price = (worth * PRICE_SCALE) / position.collateral
  return { decimals, market, position, pre, price }
}

function preFrom(draws: Draws, lltv: bigint): TwinPre {
  const threshold = Number(lltv) / 1e18
  const most = 0.999 / threshold - 1
  const share = draws.scale(0.01, 1)
  const bonus = draws.between(0, Math.min(0.1, most))
  return preOf(
    threshold * draws.between(0.8, 0.995),
    [share, draws.between(share, 1.2)],
    [1 + bonus, 1 + draws.between(bonus, most)],
  )
}

/** Part or all of what may be repaid, or too much. */
function askFrom(draws: Draws, { market, position, pre, price }: Trial): TwinAsk {
  const debt = owed(position, market)
  const worth = (position.collateral * price) / PRICE_SCALE
  const { factor, closeFactor } = preFactors(market, pre, (debt * WAD + worth - 1n) / worth)
  const isPre = debt * WAD <= worth * market.lltv
  const most = isPre && closeFactor < WAD ? (position.borrowShares * closeFactor) / WAD : null
  const isTooMuch = draws.chance(0.2)
  const some = isTooMuch ? draws.between(1.0001, 1.2) : draws.scale(1e-3, 1)
  const part = draws.chance(0.3) ? WAD : draws.raw(some, 18)
  const shares = ((most ?? position.borrowShares) * part) / WAD
  if (draws.chance(0.5)) return { seized: 0n, shares }
  const paid = (shares * market.borrowAssets) / market.borrowShares
  const lif = isPre ? factor : incentive(market.lltv)
  const seized = (((paid * lif) / WAD) * PRICE_SCALE) / price
  return { seized: seized < position.collateral ? seized : position.collateral, shares: 0n }
}

/** Compares one case; returns the largest relative error beyond what the units round. */
function differenceOf(before: Trial, after: Trial, ask: TwinAsk, done: TwinDone): number {
  const { decimals, market, position, pre } = before
  const [loanUnit, unit] = decimals.map((digits) => 10 ** -digits)
  const price = (plain(before.price, 36) * loanUnit) / unit
  const [threshold, begins] = [plain(market.lltv, 18), plain(pre.lltv, 18)]
  const debt = plain(owed(position, market), decimals[0])
  const legs: PlainLeg[] = [
    [0, 1, plain(position.collateral, decimals[1]), 1],
    [0, 0, -debt, 1],
  ]
  const protocol = protocolOf(rulesOf(threshold, begins, pre), [1, price], legs)
  const factor = healthFactor(protocol.book, protocol.values, 0)
  const isAtMarket = Math.abs(begins / factor / threshold - 1) < BAND
  if (Math.abs(factor - 1) < BAND || isAtMarket) return 0
  expect(factor >= 1).toBe(done.refused === 'healthy')
  const offers = offersOf(protocol, 0)
  expect(offers.count).toBe(factor < 1 ? 1 : 0)
  if (factor >= 1) return 0
  const loanSlack = 3 * (loanUnit + unit * price)
  const slack = 3 * (unit + loanUnit / price)
  if (done.refused !== '') {
    const shares = plain((ask.shares * market.borrowAssets) / market.borrowShares, decimals[0])
    const [most, asked] =
      ask.seized > 0n
        ? [offers.amount[0] - slack, plain(ask.seized, decimals[1])]
        : [offers.cost[0] - loanSlack, shares]
    expect(most).toBeLessThanOrEqual(asked * (1 + TOLERANCE))
    return 0
  }
  const [seized, repaid] = [plain(done.seized, decimals[1]), plain(done.repaid, decimals[0])]
  const moved = take(protocol, offers, 0, seized)
  expect(moved.reason).toBe(0)
  const error = (found: number, wanted: number, of: number, rounding: number) =>
    Math.max(0, Math.abs(found - wanted) - rounding) / of
  // A unit of collateral that stays is nothing in float, and postpones the loss in integers.
  const left = after.position.collateral
  const isUnitLeft = left > 0n && left * 10n ** 12n < position.collateral
  const lost = plain(done.badDebt, decimals[0])
  return Math.max(
    error(moved.seized, seized, seized, slack),
    error(moved.repaid, repaid, repaid, loanSlack),
    isUnitLeft ? 0 : error(protocol.badDebt[0], lost, debt, loanSlack),
  )
}

function rulesOf(threshold: number, begins: number, { closeFactors, factors }: TwinPre) {
  const [closeFactorFrom, closeFactorTo] = closeFactors.map((share) => plain(share, 18))
  const [bonusFrom, bonusTo] = factors.map((factor) => plain(factor - WAD, 18))
  const preLiquidation = { threshold: begins, closeFactorFrom, closeFactorTo, bonusFrom, bonusTo }
  return morphoBlue({ markets: [{ group: 1, loan: 0, collateral: 1, threshold, preLiquidation }] })
}
