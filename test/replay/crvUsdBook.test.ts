import { describe, expect, it } from 'vitest'
import { health } from '../../src/book.ts'
import { downWorthOf } from '../../src/rules/crvUsd/loans.ts'
import type { CrvUsdItems } from '../../src/rules/crvUsd/market.ts'
import { crvUsd } from '../../src/rules/crvUsd.ts'
import { act, standingOf } from '../../src/rules/settling.suite.ts'
import { offersOf, publish } from '../../src/rules/vectors.suite.ts'
import { type Protocol, protocolFrom } from '../../src/rules.ts'
import type { Positions } from '../../src/scenario.ts'
import { recordComparison } from '../comparisons.suite.ts'
import { isRecorded, median, millions, percent, printTable, rowsOf } from './recordings.suite.ts'

const FOLDER = 'crvusd-book-2024-01-30'
const MARKETS = ['WETH', 'wstETH', 'WBTC'] as const
const CRVUSD = 0
const COIN = 1

/** One recorded loan. */
interface Recorded {
  readonly collateral: number
  readonly stable: number
  readonly debt: number
  readonly health: number
  readonly n1: number
  readonly bands: number
}

/** One market as recorded; `base` is band 0's upper price, a day before the loans. */
interface RecordedMarket {
  readonly name: string
  readonly loans: readonly Recorded[]
  readonly base: number
  readonly oracle: number
  readonly active: number
  readonly totalDebt: number
}

function marketOf(name: string): RecordedMarket {
  const of = (file: string) => rowsOf(`${FOLDER}/${file}.csv`).filter((row) => row.market === name)
  const [facts] = of('markets')
  const [first] = of('bands').filter(({ index }) => index === '0')
  const loans = of('users').map((row) => ({
    collateral: Number(row.collateral),
    stable: Number(row.stablecoin),
    debt: Number(row.debt),
    health: Number(row.health),
    n1: Number(row.n1),
    bands: Number(row.n),
  }))
  return {
    name,
    loans,
    base: Number(first.priceOracleUp),
    oracle: Number(facts.oracle_price_usd),
    active: Number(facts.active_band),
    totalDebt: Number(facts.total_debt_crvusd),
  }
}

/** A protocol of these loans; crvUSD at par. */
function protocolOf(market: RecordedMarket, loans: readonly Recorded[], base: number): Protocol {
  const rules = crvUsd({
    collateral: COIN,
    borrowed: CRVUSD,
    amplification: 100,
    basePrice: base,
    fee: 0.006,
    loanDiscount: 0.09,
    liquidationDiscount: DISCOUNT,
    borrowRate: 0,
    firstBand: -45,
    lastBand: 1100,
    swapGas: 0,
    liquidationGas: 0,
  })
  const positions = positionsOf(loans)
  return protocolFrom({
    name: market.name,
    rules,
    book: rules.book!(positions, new Float64Array(0)),
    prices: Float64Array.of(1, market.oracle),
    accounts: positions.accounts,
    positions,
  })
}

const DISCOUNT = 0.06

/** Two rows a loan: its collateral, then its debt. */
function positionsOf(loans: readonly Recorded[]): Positions {
  const column = (of: (loan: Recorded) => readonly [number, number]) => loans.flatMap(of)
  return {
    accounts: loans.map((_, i) => `borrower ${i}`),
    account: Uint32Array.from(loans.flatMap((_, i) => [i, i])),
    asset: Uint16Array.from(column(() => [COIN, CRVUSD])),
    side: Int8Array.from(column(() => [1, -1])),
    group: new Uint16Array(2 * loans.length),
    amount: Float64Array.from(column(({ collateral, debt }) => [collateral, debt])),
    own: {
      n1: Float64Array.from(column(({ n1 }) => [n1, n1])),
      bands: Float64Array.from(column(({ bands }) => [bands, bands])),
    },
    synthetic: false,
    asOf: null,
  }
}

/** Loans outside soft liquidation. */
const untouched = ({ loans }: RecordedMarket) => loans.filter(({ stable }) => stable === 0)

/** x_down of every loan at a base price, from shares and bands alone. */
function worths(market: RecordedMarket, base: number): number[] {
  const loans = untouched(market)
  const { items, book } = protocolOf(market, loans, base)
  const { bands } = items as CrvUsdItems
  // Far above every band, so that x_down is what the bands bring in steady state.
  const high = 10 * bands.base * bands.top[0]
  return loans.map(({ n1, bands: count }, i) =>
    downWorthOf(bands, high, n1, count, book.amount, book.start[i]),
  )
}

/** The rate factor on the base price, and each loan's distance from its recorded x_down. */
function fitted(market: RecordedMarket) {
  const recorded = untouched(market).map(
    ({ health, debt }) => ((health + 1) * debt) / (1 - DISCOUNT),
  )
  const raw = worths(market, market.base)
  const factor = median(raw.map((worth, i) => recorded[i] / worth))
  const errors = worths(market, market.base * factor).map((worth, i) => worth / recorded[i] - 1)
  return { factor, errors }
}

const close = (errors: readonly number[]) => errors.filter((error) => Math.abs(error) < 1e-6)

describe.skipIf(!isRecorded)('the crvUSD book of 30 January 2024', () => {
  it('default: recorded health follows from collateral, bands and one rate factor', () => {
    let within = 0
    let all = 0
    let largest = 0
    for (const name of MARKETS) {
      const market = marketOf(name)
      const { factor, errors } = fitted(market)
      expect(factor).toBeGreaterThan(1.0001)
      expect(factor).toBeLessThan(1.00025)
      within += close(errors).length
      all += errors.length
      largest = Math.max(largest, ...errors.map(Math.abs))
      const others = errors.filter((error) => !(Math.abs(error) < 1e-6))
      const list = others.sort((a, b) => Math.abs(b) - Math.abs(a))
      console.log(
        `${name}: factor ${factor.toFixed(7)}, ${errors.length} loans, ${close(errors).length} within 1e-6`,
        `\nothers: ${list.map((error) => error.toExponential(1)).join(' ')}`,
      )
    }
    expect(within / all).toBeGreaterThan(0.85)
    const row = { protocol: 'crvUsd', version: '', against: 'recording' as const, cases: all }
    recordComparison({ ...row, source: '2024-01-30, block 19122585', largestError: largest })
  })

  it('default: debts sum to the total of each market', () => {
    for (const name of MARKETS) {
      const { loans, totalDebt } = marketOf(name)
      const sum = loans.reduce((debt, loan) => debt + loan.debt, 0)
      expect(Math.abs(sum / totalDebt - 1)).toBeLessThan(0.01)
    }
  })

  it('default: a fall by 20 % in an hour is met by arbitrage, not by liquidators', () => {
    const rows = MARKETS.map((name) => {
      const market = marketOf(name)
      const base = market.base * fitted(market).factor
      const loans = untouched(market).filter(({ n1 }) => n1 > market.active)
      const slow = protocolOf(market, loans, base)
      const sold = fall(slow, market.oracle, 300)
      const gap = protocolOf(market, loans, base)
      publish(gap, COIN, 0.8 * market.oracle)
      const before = breachedIn(protocolOf(market, loans, base))
      expect(sold).toBeGreaterThan(0)
      expect(breachedIn(slow).count).toBeLessThanOrEqual(loans.length / 5)
      const held = loans.reduce((sum, { collateral }) => sum + collateral, 0)
      return [
        name,
        loans.length,
        percent(sold / held),
        `${before.count}`,
        `${breachedIn(slow).count}, ${millions(breachedIn(slow).debt)}`,
        `${breachedIn(gap).count}, ${millions(breachedIn(gap).debt)}`,
        median(loans.map(({ debt }, i) => health(slow.book, slow.values, i) / debt)).toFixed(4),
      ]
    })
    const head = ['market', 'loans', 'sold', 'below before', 'below after', 'without trades']
    printTable('A fall of 20 %', [...head, 'median health'], rows)
  })
})

/** Coins that arbitrage buys on the way down by 20 %, in even steps of 12 seconds. */
function fall(protocol: Protocol, from: number, steps: number): number {
  let coins = 0
  for (let step = 1; step <= steps; step++) {
    protocol.rules.accrue!(protocol, 12)
    publish(protocol, COIN, from * (1 - (0.2 * step) / steps))
    const offers = standingOf(protocol)
    if (offers.count === 0) continue
    expect(act(protocol, offers, 0).reason).toBe(0)
    coins += offers.sells[0] === COIN ? offers.amount[0] : -offers.cost[0]
  }
  return coins
}

/** Loans that may be liquidated now, and what they owe. */
function breachedIn(protocol: Protocol): { count: number; debt: number } {
  let count = 0
  let debt = 0
  protocol.accounts.forEach((_, i) => {
    if (offersOf(protocol, i).count === 0) return
    count++
    debt -= protocol.book.amount[protocol.book.start[i + 1] - 1] * protocol.index[0]
  })
  return { count, debt }
}
