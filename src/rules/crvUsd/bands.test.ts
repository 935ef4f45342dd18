import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../../test/comparisons.suite.ts'
import { randomAt } from '../../math/random.ts'
import * as twin from '../crvUsd.twin.suite.ts'
import { ammPrice, type Bands, bandsFrom, topOf } from './bands.ts'
import {
  deposit,
  downWorthOf,
  effectiveCollateral,
  firstBand,
  holdingOf,
  loanHealth,
  removedPart,
  withdraw,
  worthAbove,
} from './loans.ts'
import { DUMP, distanceFee, limit, PUMP, trade } from './swap.ts'

const FEE = 0.006
const DISCOUNT = 0.06

/** One float loan: its shares, by band from `band` on. */
interface Loan {
  readonly band: number
  readonly count: number
  readonly shares: Float64Array
}

function open(bands: Bands, collateral: number, band: number, count: number): Loan {
  const shares = new Float64Array(count)
  deposit(bands, collateral, band, count, shares, 0)
  return { band, count, shares }
}

function holding(bands: Bands, { band, count, shares }: Loan) {
  const out = { stable: 0, collateral: 0 }
  holdingOf(bands, band, count, shares, 0, out)
  return out
}

function health(bands: Bands, loan: Loan, oracle: number, debt: number, isFull: boolean) {
  const worth = downWorthOf(bands, oracle, loan.band, loan.count, loan.shares, 0)
  const { collateral } = holding(bands, loan)
  const above = isFull ? worthAbove(bands, oracle, loan.band, collateral) : 0
  return loanHealth(worth, DISCOUNT, debt, above)
}

const bounded = (paid: number, least = 0) => ({ paid, got: Number.POSITIVE_INFINITY, least })

function swap(bands: Bands, oracle: number, fee: number, way: 1 | -1, most: number, least = 0) {
  const out = { paid: 0, got: 0 }
  trade(bands, oracle, fee, way, bounded(most, least), true, out)
  return out
}

/** The loan of the sheet: 10 ETH against 15,000 crvUSD in 10 bands of 1 %, band 0 at 2000. */
function sheet() {
  const bands = bandsFrom({ amplification: 100, base: 2000, first: -20, last: 40 })
  const band = firstBand(bands, 2000, 10, 15_000, 10, 0.09)
  return { bands, loan: open(bands, 10, band, 10) }
}

describe('the worked numbers of the sheet', () => {
  it('default: a new loan of 10 ETH and 15,000 crvUSD', () => {
    expect(effectiveCollateral(100, 10, 10, 0.09)).toBeCloseTo(8.65761570568827, 13)
    const { bands, loan } = sheet()
    expect(loan.band).toBe(14)
    expect(topOf(bands, 14)).toBeCloseTo(1737.49, 2)
    expect(topOf(bands, 24)).toBeCloseTo(1571.36, 2)
    const worth = downWorthOf(bands, 2000, 14, 10, loan.shares, 0)
    expect(worth).toBeCloseTo(16_530.258, 3)
    expect(health(bands, loan, 2000, 15_000, false)).toBeCloseTo(0.035896, 6)
    expect(health(bands, loan, 2000, 15_000, true)).toBeCloseTo(0.210902, 6)
  })

  it('default: the price falls to 1700 and nobody trades, then 3000 crvUSD come in', () => {
    const { bands, loan } = sheet()
    bands.active = 14
    expect(ammPrice(bands, 1700)).toBeCloseTo(1627.4263, 4)
    expect(downWorthOf(bands, 1700, 14, 10, loan.shares, 0)).toBeCloseTo(16_410.349, 3)
    expect(health(bands, loan, 1700, 15_000, true)).toBeCloseTo(0.028382, 6)
    const { paid, got } = swap(bands, 1700, FEE, PUMP, 3000)
    expect(paid).toBe(3000)
    expect(got).toBeCloseTo(1.799435012166336, 13)
    expect(bands.active).toBe(15)
    expect(ammPrice(bands, 1700)).toBeCloseTo(1687.37, 2)
    expect(health(bands, loan, 1700, 15_000, true)).toBeCloseTo(0.02951, 6)
  })

  it('behaviour: the twin gives the same digits', () => {
    const market = twin.twinMarket(100n, 2000n * twin.WAD, 6n * 10n ** 15n)
    const discount = 9n * 10n ** 16n
    expect(twin.yEffective(100n, 10n * twin.WAD, 10, discount)).toBe(8657615705688271328n)
    const debt = 15_000n * twin.WAD
    expect(twin.firstBand(market, 2000n * twin.WAD, 10n * twin.WAD, debt, 10, discount)).toBe(14)
    twin.deposit(market, 10n * twin.WAD, 14, 10)
    market.active = 14
    const { got } = twin.swap(market, 1700n * twin.WAD, 0n, true, 3000n * twin.WAD)
    expect(Math.abs(twin.toNumber(got - 1799435012166336373n))).toBeLessThan(1e-14)
  })
})

describe('prices and fees', () => {
  it('default: the AMM falls from one edge of a band to the other three times as fast', () => {
    const { bands } = sheet()
    bands.active = 14
    expect(ammPrice(bands, topOf(bands, 14))).toBeCloseTo(topOf(bands, 14), 9)
    const low = ammPrice(bands, topOf(bands, 15))
    expect(low / topOf(bands, 14)).toBeCloseTo(0.99 ** 3, 12)
  })

  it('default: an empty band stands in its middle', () => {
    const { bands } = sheet()
    expect(ammPrice(bands, 2000)).toBeCloseTo(2000 / 0.99, 9)
  })

  it('behaviour: a swap that nobody can fill changes nothing', () => {
    const { bands } = sheet()
    const before = structuredClone(bands)
    expect(swap(bands, 1700, FEE, DUMP, 5)).toEqual({ paid: 0, got: 0 })
    expect(swap(bands, 1700, FEE, PUMP, 3000, 1)).toEqual({ paid: 0, got: 0 })
    expect(bands).toEqual(before)
  })

  it('behaviour: asked without writing, a swap says the same and changes nothing', () => {
    const { bands } = sheet()
    bands.active = 14
    const before = structuredClone(bands)
    const asked = { paid: 0, got: 0 }
    trade(bands, 1700, FEE, PUMP, bounded(3000), false, asked)
    expect(bands).toEqual(before)
    expect(swap(bands, 1700, FEE, PUMP, 3000)).toEqual(asked)
  })

  it('law: asked for what a swap gave, it costs what was paid', () => {
    for (const paid of [10, 3000, 9000, 40_000]) {
      const [one, other] = [sheet().bands, sheet().bands]
      one.active = other.active = 14
      const forward = swap(one, 1650, FEE, PUMP, paid)
      const back = { paid: 0, got: 0 }
      const all = Number.POSITIVE_INFINITY
      trade(other, 1650, FEE, PUMP, { paid: all, got: forward.got, least: 0 }, true, back)
      expect(back.got).toBeCloseTo(forward.got, 12)
      expect(back.paid / forward.paid).toBeCloseTo(1, 10)
      expect(other.active).toBe(one.active)
    }
  })

  it('law: arbitrage ends where one more crvUSD brings its worth, and not a unit before', () => {
    for (const oracle of [1735, 1700, 1650, 1600, 1575]) {
      const { bands } = sheet()
      bands.active = 14
      const fee = Math.max(FEE, distanceFee(100, oracle, topOf(bands, 14)))
      const { paid } = swap(bands, oracle, FEE, PUMP, Number.POSITIVE_INFINITY, 1 / oracle)
      const once = sheet().bands
      once.active = 14
      if (fee === FEE && paid > 0) {
        const less = swap(once, oracle, FEE, PUMP, paid * 0.999)
        const rest = swap(once, oracle, FEE, PUMP, paid * 0.001)
        expect(rest.paid / rest.got).toBeLessThan(oracle * (1 + 1e-4))
        expect(less.paid / less.got).toBeLessThan(rest.paid / rest.got)
      }
      const more = swap(bands, oracle, FEE, PUMP, 1e-6)
      if (more.got > 0) expect(more.paid / more.got).toBeGreaterThan(oracle * (1 - 1e-9))
    }
  })

  it('law: what goes in and comes out is what the bands gain and lose', () => {
    const { bands } = sheet()
    bands.active = 14
    const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0)
    const first = swap(bands, 1650, FEE, PUMP, 9000)
    expect(sum(bands.stable)).toBeCloseTo(9000, 8)
    expect(sum(bands.collateral)).toBeCloseTo(10 - first.got, 12)
    const back = swap(bands, 1720, FEE, DUMP, 2)
    expect(sum(bands.stable)).toBeCloseTo(9000 - back.got, 8)
    expect(sum(bands.collateral)).toBeCloseTo(12 - first.got, 12)
  })
})

const CASES = 60
const random = randomAt(2024, 0)
let largest = 0
let compared = 0

/** Holds a number to the twin's, within 1e-9 of it. */
function same(value: number, exact: bigint, least: number, what: string): void {
  const wanted = twin.toNumber(exact)
  const error = Math.abs(value - wanted) / Math.max(Math.abs(wanted), least)
  expect(error, `${what}: ${value} against ${wanted}`).toBeLessThan(1e-9)
  largest = Math.max(largest, error)
}

describe('against the exact twin', () => {
  it('law: random loans, swaps, withdrawals agree within 1e-9', () => {
    for (let at = 0; at < CASES; at++) oneCase(at)
    expect(compared).toBeGreaterThan(1000)
    recordComparison({
      protocol: 'crvUsd',
      version: '',
      source: 'curvefi/curve-stablecoin cf1d05fb',
      against: 'twin',
      cases: compared,
      largestError: largest,
    })
  })

  it('law: the limiter and the fees agree within 1e-9', () => {
    for (let at = 0; at < 300; at++) {
      const [u, v, w, z] = [0, 1, 2, 3].map((stream) => random.uniform(1000 + at, stream))
      const memory = { price: 2000, fee: 0.2 * u, seconds: 50 }
      const price = 2000 * (0.6 + v)
      const atSeconds = 50 + Math.floor(w * 150)
      const out = { price: 0, fee: 0 }
      limit(memory, price, atSeconds, out)
      const elapsed = BigInt(atSeconds - 50)
      const wad = twin.toWad
      const [limited, fee] = twin.limit(wad(2000), wad(memory.fee), elapsed, wad(price))
      same(out.price, limited, 1, 'limited price')
      same(out.fee, fee, 1e-6, 'fee of the jump')
      const top = 2000 * (0.9 + 0.2 * z)
      same(distanceFee(100, price, top), twin.distanceFee(100n, wad(price), wad(top)), 1e-3, 'fee')
      const part = removedPart(u, DISCOUNT)
      same(part, twin.removed(wad(u), wad(DISCOUNT)), 1e-6, 'removed part')
    }
  })
})

/** A market of a few loans, traded up and down at a moving price; every step is compared. */
function oneCase(at: number): void {
  let draws = 0
  const draw = (low: number, high: number) => low + (high - low) * random.uniform(at, 0, draws++)
  const whole = (low: number, high: number) => Math.floor(draw(low, high + 1))
  const amplification = [50, 100, 100, 200][whole(0, 3)]
  const base = draw(100, 40_000)
  const bands = bandsFrom({ amplification, base, first: -60, last: 420 })
  const wad = twin.toWad
  const market = twin.twinMarket(BigInt(amplification), wad(base), wad(FEE))
  let oracle = base * draw(1.1, 1.3)
  const pairs = Array.from({ length: whole(1, 5) }, () => {
    const collateral = draw(0.01, 50)
    const count = whole(4, 50)
    const debt = collateral * base * draw(0.3, 0.9)
    const band = firstBand(bands, oracle, collateral, debt, count, 0.09)
    const exact = twin.firstBand(market, wad(oracle), wad(collateral), wad(debt), count, wad(0.09))
    expect(Number.isNaN(band) ? null : band, 'first band').toBe(exact)
    const place = exact ?? whole(1, 20)
    const loan = open(bands, collateral, place, count)
    return { loan, exact: twin.deposit(market, wad(collateral), place, count), debt }
  })
  for (let n = 0; n < 12; n++) {
    oracle *= draw(0.94, 1.05)
    const jump = draw(0, 1) < 0.3 ? draw(0, 0.05) : 0
    const isPump = draw(0, 1) < 0.6
    const value = draw(0, 1) ** 3 * base * 40
    const amount = isPump ? value : value / oracle
    const fee = Math.max(FEE, jump)
    const got = swap(bands, oracle, fee, isPump ? PUMP : DUMP, amount)
    const wanted = twin.swap(market, wad(oracle), wad(jump), isPump, wad(amount))
    same(got.paid, wanted.paid, 1e-6, 'paid')
    same(got.got, wanted.got, 1e-6, 'got')
    expect(bands.active, 'active band').toBe(market.active)
    same(ammPrice(bands, oracle), twin.price(market, wad(oracle)), 1, 'price')
    compared++
    for (const { loan, exact, debt } of pairs) compareLoan(bands, market, loan, exact, debt, oracle)
    if (pairs.length > 1 && draw(0, 1) < 0.1) {
      const { loan, exact } = pairs.pop()!
      takeOut(bands, market, loan, exact, draw(0, 1) < 0.5 ? 1 : draw(0.1, 0.9))
    }
  }
}

function compareLoan(
  bands: Bands,
  market: twin.TwinMarket,
  loan: Loan,
  exact: twin.TwinLoan,
  debt: number,
  oracle: number,
): void {
  const wad = twin.toWad
  const worth = downWorthOf(bands, oracle, loan.band, loan.count, loan.shares, 0)
  same(worth, twin.xDown(market, exact, wad(oracle)), 1e-3, 'x_down')
  const { stable, collateral } = holding(bands, loan)
  const [x, y] = twin.sumXY(market, exact)
  same(stable, x, 1e-3, 'crvUSD of a loan')
  same(collateral, y, 1e-6, 'collateral of a loan')
  for (const isFull of [false, true]) {
    const own = 1 + health(bands, loan, oracle, debt, isFull)
    const other = twin.health(market, exact, wad(oracle), wad(debt), wad(DISCOUNT), isFull)
    same(own, twin.WAD + other, 1e-6, 'health')
  }
  compared++
}

function takeOut(
  bands: Bands,
  market: twin.TwinMarket,
  loan: Loan,
  exact: twin.TwinLoan,
  part: number,
): void {
  const out = { stable: 0, collateral: 0 }
  withdraw(bands, part, loan.band, loan.count, loan.shares, 0, out)
  const [x, y] = twin.withdraw(market, exact, twin.toWad(part))
  same(out.stable, x, 1e-3, 'crvUSD taken out')
  same(out.collateral, y, 1e-6, 'collateral taken out')
  compared++
}
