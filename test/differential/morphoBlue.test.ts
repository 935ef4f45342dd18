import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { healthFactor } from '../../src/book.ts'
import { morphoBlue } from '../../src/rules/morphoBlue.ts'
import {
  accrue,
  incentive,
  isHealthy,
  liquidate,
  owed,
  type TwinAsk,
  type TwinDone,
  type TwinMarket,
  type TwinPosition,
  toAssets,
  WAD,
} from '../../src/rules/morphoBlue.twin.suite.ts'
import { offersOf, protocolOf, take } from '../../src/rules/vectors.suite.ts'
import { recordComparison } from '../comparisons.suite.ts'
import { type Draws, drawsOf, plain } from './draws.suite.ts'
import { coding, hasDifferential, withPackages } from './evm.suite.ts'
import {
  borrow,
  type MarketKey,
  type Morpho,
  morphoOnChain,
  openMarket,
  stateOf,
} from './morphoBlue.suite.ts'

const MARKETS = 25
const CASES = 24
const TOLERANCE = 1e-9
/** Health factors this near to 1 are decided by the last digits of integers. */
const BAND = 1e-12
const YEAR = 31_536_000n

/** A borrower before the price falls. */
interface Trial {
  readonly key: MarketKey
  readonly borrower: `0x${string}`
  /** Of the loan and of the collateral. */
  readonly decimals: readonly [number, number]
  readonly market: TwinMarket
  readonly position: TwinPosition
  readonly debtBefore: bigint
  readonly ratePerSecond: bigint
  readonly seconds: bigint
  /** When the liquidation happens. */
  readonly dueSeconds: number
}

describe.skipIf(!hasDifferential())(withPackages('Morpho Blue'), () => {
  let at: Morpho
  let cases = 0
  let largest = 0
  const seen: Record<string, number> = {}

  beforeAll(async () => {
    at = await morphoOnChain()
  })
  afterAll(() => at?.evm.close())

  it(`law: ${MARKETS * CASES} liquidations equal the twin to the unit, and our rules`, async () => {
    for (let m = 0; m < MARKETS; m++) {
      const draws = drawsOf(20260913, m)
      const key = await openMarket(at, draws.raw(draws.between(0.3, 0.985), 18))
      const decimals = [draws.pick([6, 18]), draws.pick([8, 18])] as const
      for (let n = 0; n < CASES; n++) await liquidateOne(draws, key, decimals, m * CASES + n)
    }
    expect(cases).toBe(MARKETS * CASES)
    expect(seen['in the band']).toBeLessThan(cases / 10)
    for (const outcome of ['done', 'bad debt', 'healthy', 'underflow', 'input', 'boundary'])
      expect(seen[outcome], outcome).toBeGreaterThan(10)
    recordComparison({
      protocol: 'morphoBlue',
      version: '',
      source: '@morpho-org/morpho-blue 1.0.0',
      against: 'bytecode',
      cases,
      largestError: largest,
    })
  })

  async function liquidateOne(
    draws: Draws,
    key: MarketKey,
    decimals: readonly [number, number],
    serial: number,
  ): Promise<void> {
    const trial = await open(draws, key, decimals, serial)
    const { market, position } = trial
    const price = priceFrom(draws, trial)
    const ask = askFrom(draws, trial, price)
    const before = { ...trial, market: { ...market }, position: { ...position } }
    const done = liquidate(market, position, price, ask)
    await onChain(trial, price, ask, done)
    inFloat(before, trial, price, ask, done)
    count(done.refused === '' ? 'done' : done.refused)
    if (done.badDebt > 0n) count('bad debt')
    cases++
  }

  /** Opens a position and accrues the interest of some time, on chain still to come. */
  async function open(
    draws: Draws,
    key: MarketKey,
    decimals: readonly [number, number],
    serial: number,
  ): Promise<Trial> {
    const debt = draws.raw(draws.scale(1e7, 1e10), decimals[0])
    const collateral = draws.raw(draws.scale(1e5, 1e8), decimals[1])
    const lent = (draws.raw(draws.between(1, 3), 18) * debt) / WAD
    const borrower = coding().toHex(0xb0_0000 + serial, { size: 20 })
    await borrow(at, key, borrower, { lent, collateral, debt })
    const { market, position, atSeconds } = await stateOf(at, key, borrower)
    const ratePerSecond = (market.borrowAssets * WAD) / market.supplyAssets / YEAR
    const seconds = BigInt(Math.round(draws.scale(10, 3e7)))
    const dueSeconds = Number(atSeconds + seconds)
    const debtBefore = owed(position, market)
    accrue(market, ratePerSecond, seconds)
    return {
      key,
      borrower,
      decimals,
      market,
      position,
      debtBefore,
      ratePerSecond,
      seconds,
      dueSeconds,
    }
  }

  /** A price at a health factor of 0.4 to 1.2, a third of them by 1 within 1e-3 to 1e-15. */
  function priceFrom(draws: Draws, { market, position }: Trial): bigint {
    const isNear = draws.chance(0.35)
    const gap = draws.scale(1e-15, 1e-3) * draws.pick([1, -1])
    const factor = isNear ? 1 + gap : draws.between(0.4, 1.15)
    if (isNear) count('boundary')
    const fine = 10n ** 18n
    const wanted = fine + BigInt(Math.round((factor - 1) * 1e18))
    const even = (owed(position, market) * 10n ** 36n * WAD) / (position.collateral * market.lltv)
    return (even * wanted) / fine
  }

  /** Part, all, or more than there is, as collateral or as shares. */
  function askFrom(draws: Draws, { market, position }: Trial, price: bigint): TwinAsk {
    if (draws.chance(0.03)) return { seized: 0n, shares: 0n }
    if (draws.chance(0.03)) return { seized: 1n, shares: 1n }
    const part = draws.chance(0.4) ? WAD : draws.raw(draws.scale(1e-4, 1.1), 18)
    const most = (owed(position, market) * incentive(market.lltv) * 10n ** 18n) / price
    if (draws.chance(0.5)) {
      const payable = most < position.collateral && draws.chance(0.8) ? most : position.collateral
      return { seized: (payable * part) / WAD + 1n * BigInt(part < WAD), shares: 0n }
    }
    const affordable = (position.borrowShares * position.collateral) / most
    const shares =
      most > position.collateral && draws.chance(0.8) ? affordable : position.borrowShares
    return { seized: 0n, shares: (shares * part) / WAD }
  }

  /** The contract does or refuses what the twin says, and ends where it ends. */
  async function onChain(trial: Trial, price: bigint, ask: TwinAsk, done: TwinDone): Promise<void> {
    const { key, borrower, market, position, dueSeconds } = trial
    const { evm, morpho, oracle } = at
    await evm.must(oracle, 'setPrice', [price])
    const [loan, collateral] = await purse()
    await evm.nextAt(dueSeconds)
    const args = [key.params, borrower, ask.seized, ask.shares, '0x']
    const { reason, atSeconds } = await evm.send(morpho, 'liquidate', args)
    expect(atSeconds).toBe(dueSeconds)
    expect(reason).toBe(REASONS[done.refused])
    if (reason !== '') return
    const [loanLeft, collateralNow] = await purse()
    expect([loan - loanLeft, collateralNow - collateral]).toEqual([done.repaid, done.seized])
    const found = await stateOf(at, key, borrower)
    expect([found.market, found.position]).toEqual([market, position])
  }

  async function purse(): Promise<[bigint, bigint]> {
    const [owner] = at.evm.accounts
    const [loan, collateral] = await at.evm.readAll([
      [at.loan, 'balanceOf', [owner]],
      [at.collateral, 'balanceOf', [owner]],
    ])
    return [loan, collateral]
  }

  /** The same through the contract of our rules, in whole tokens. */
  function inFloat(before: Trial, after: Trial, price: bigint, ask: TwinAsk, done: TwinDone): void {
    const { decimals } = before
    const [loanUnit, unit] = decimals.map((digits) => 10 ** -digits)
    const collateralPrice = (plain(price, 36) * loanUnit) / unit
    const protocol = protocolOf(
      rulesOf(before),
      [1, collateralPrice],
      [
        [0, 1, plain(before.position.collateral, decimals[1]), 1],
        [0, 0, -plain(before.debtBefore, decimals[0]), 1],
      ],
    )
    const { rules, book, values, index, badDebt } = protocol
    rules.accrue?.(protocol, Number(before.seconds))
    rules.value(protocol)
    const debt = plain(owed(before.position, before.market), decimals[0])
    note(-book.amount[1] * index[1], debt, loanUnit)
    const factor = healthFactor(book, values, 0)
    if (Math.abs(factor - 1) < BAND) {
      count('in the band')
      return
    }
    expect(factor >= 1).toBe(isHealthy(before.market, before.position, price))
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(factor < 1 ? 1 : 0)
    if (factor >= 1 || done.refused === 'input') return
    const loanSlack = 3 * (loanUnit + unit * collateralPrice)
    const slack = 3 * (unit + loanUnit / collateralPrice)
    if (done.refused !== '') {
      const asked = ask.seized > 0n ? ask.seized : seizedFor(before, price, ask.shares)
      expect(offers.amount[0]).toBeLessThan(plain(asked, decimals[1]) * (1 + TOLERANCE) + slack)
      return
    }
    const moved = take(protocol, offers, 0, plain(done.seized, decimals[1]))
    expect(moved.reason).toBe(0)
    note(moved.seized, plain(done.seized, decimals[1]), slack)
    note(moved.repaid, plain(done.repaid, decimals[0]), loanSlack)
    const left = after.position.collateral
    if (left > 0n && left * 10n ** 12n < before.position.collateral) {
      count('a unit left')
      return
    }
    const lost = plain(done.badDebt, decimals[0])
    const rounding = loanSlack + 1e-12 * debt
    expect(Math.abs(badDebt[0] - lost)).toBeLessThan(rounding)
    const owes = plain(owed(after.position, after.market), decimals[0])
    expect(Math.abs(-book.amount[1] * index[1] - owes)).toBeLessThan(rounding)
  }

  function note(found: number, wanted: number, slack: number): void {
    const error = Math.max(0, Math.abs(found - wanted) - slack) / wanted
    expect(error, `${found} for ${wanted}`).toBeLessThan(TOLERANCE)
    largest = Math.max(largest, error)
  }

  function count(outcome: string): void {
    seen[outcome] = (seen[outcome] ?? 0) + 1
  }
})

function rulesOf({ key, ratePerSecond }: Trial) {
  const threshold = plain(key.params[4], 18)
  const borrowRate = plain(ratePerSecond * YEAR, 18)
  return morphoBlue({ markets: [{ group: 1, loan: 0, collateral: 1, threshold, borrowRate }] })
}

/** Collateral for shares that are more than the borrower has. */
function seizedFor({ market }: Trial, price: bigint, shares: bigint): bigint {
  const paid = (toAssets(shares, market, (x, y, d) => (x * y) / d) * incentive(market.lltv)) / WAD
  return (paid * 10n ** 36n) / price
}

/** What the contract says where the twin refuses. */
const REASONS = {
  '': '',
  healthy: 'position is healthy',
  input: 'inconsistent input',
  underflow: 'Panic',
  tooLarge: '',
  unhealthy: '',
}
