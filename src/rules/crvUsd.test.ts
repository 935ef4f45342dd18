import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { accountsOf, health } from '../book.ts'
import { randomAt } from '../math/random.ts'
import { ACCOUNTS, BIDDER, type Protocol } from '../rules.ts'
import { ammPrice } from './crvUsd/bands.ts'
import { CRVUSD, deployed, ETH, marketWith, type PlainLoan, stateOf } from './crvUsd.suite.ts'
import { crvUsd } from './crvUsd.ts'
import * as twin from './crvUsd.twin.suite.ts'
import { act, movedUnits, standingOf } from './settling.suite.ts'
import { offersOf, publish } from './vectors.suite.ts'

/** The loan of the sheet. */
const SHEET: PlainLoan = { collateral: 10, debt: 15_000 }

const healthOf = (protocol: Protocol, account: number, debt: number) =>
  health(protocol.book, protocol.values, account) / debt

/** Units of an asset that all accounts hold, debt negative. */
function held({ book, index, rules: { slots } }: Protocol, asset: number): number {
  let sum = 0
  book.amount.forEach((amount, k) => {
    if (slots.asset[book.slot[k]] === asset) sum += amount * index[book.slot[k]]
  })
  return sum
}

/** Publishes a price, and lets arbitrage trade as far as it pays. */
function arbitrage(protocol: Protocol, price: number): number {
  publish(protocol, ETH, price)
  const offers = standingOf(protocol)
  if (offers.count > 0) expect(act(protocol, offers, 0).reason).toBe(0)
  return offers.count
}

describe('health', () => {
  it('default: the worked numbers, as the sum of a loan’s legs', () => {
    const protocol = marketWith([SHEET], 2000)
    expect(stateOf(protocol).bands.active).toBe(13)
    expect(healthOf(protocol, 0, 15_000)).toBeCloseTo(0.210902, 6)
    stateOf(protocol).bands.active = 14
    publish(protocol, ETH, 1700)
    expect(ammPrice(stateOf(protocol).bands, 1700)).toBeCloseTo(1627.4263, 4)
    expect(healthOf(protocol, 0, 15_000)).toBeCloseTo(0.028382, 6)
  })

  it('behaviour: a fall through all bands without a trade leaves collateral unconverted', () => {
    const protocol = marketWith([SHEET], 2000)
    publish(protocol, ETH, 1400)
    expect(held(protocol, ETH)).toBeCloseTo(10, 12)
    expect(healthOf(protocol, 0, 15_000)).toBeLessThan(-0.2)
    const traded = marketWith([SHEET], 2000)
    for (let price = 1990; price >= 1400; price -= 10) {
      arbitrage(traded, price)
      traded.rules.accrue!(traded, 600)
    }
    expect(held(traded, ETH)).toBe(0)
    expect(healthOf(traded, 0, 15_000)).toBeGreaterThan(0.02)
  })

  it('behaviour: interest moves debts and bands together, so that it alone makes nobody sell', () => {
    const protocol = marketWith([SHEET], 2000, { borrowRate: 0.1 })
    const before = healthOf(protocol, 0, 15_000)
    const top = stateOf(protocol).bands.base
    protocol.rules.accrue!(protocol, 365 * 86_400)
    protocol.rules.value(protocol)
    expect(stateOf(protocol).bands.base / top).toBeCloseTo(1.1, 10)
    expect(held(protocol, CRVUSD)).toBeCloseTo(-16_500, 6)
    expect(healthOf(protocol, 0, 15_000)).toBeLessThan(before)
  })

  it('behaviour: a cheap crvUSD is dear to owe', () => {
    const grown = (sigma: number | undefined) => {
      const changed = sigma === undefined ? {} : { sigma }
      const protocol = marketWith([SHEET], 2000, { borrowRate: 0.1, ...changed })
      protocol.prices[CRVUSD] = 0.98
      protocol.rules.accrue!(protocol, 86_400)
      return protocol.index[0] - 1
    }
    expect(grown(0.02) / grown(undefined)).toBeCloseTo(Math.E, 9)
  })
})

describe('soft liquidation', () => {
  it('default: collateral is for sale below the published price, and no account is touched', () => {
    const protocol = marketWith([SHEET], 2000)
    publish(protocol, ETH, 1700)
    const offers = standingOf(protocol)
    expect(offers).toMatchObject({ count: 1, account: [-1], sells: [ETH], pays: [CRVUSD] })
    expect(offers.cost[0] / offers.amount[0]).toBeLessThan(1700)
    const legs = protocol.book.amount.slice()
    const [eth, usd] = [held(protocol, ETH), held(protocol, CRVUSD)]
    const moved = act(protocol, offers, 0)
    expect(moved).toMatchObject({ reason: 0, seized: 0, repaid: 0 })
    expect(movedUnits(moved, ETH, ACCOUNTS, BIDDER)).toBeCloseTo(offers.amount[0], 12)
    expect(movedUnits(moved, CRVUSD, BIDDER, ACCOUNTS)).toBeCloseTo(offers.cost[0], 8)
    expect(held(protocol, ETH)).toBeCloseTo(eth - offers.amount[0], 10)
    expect(held(protocol, CRVUSD)).toBeCloseTo(usd + offers.cost[0], 8)
    expect(protocol.book.amount).toEqual(legs)
    expect(protocol.book.version[0]).toBe(0)
    expect(standingOf(protocol).count).toBe(0)
  })

  it('default: it is bought back above, crvUSD for sale', () => {
    const protocol = marketWith([SHEET], 2000)
    arbitrage(protocol, 1650)
    protocol.rules.accrue!(protocol, 600)
    publish(protocol, ETH, 1800)
    const offers = standingOf(protocol)
    expect(offers).toMatchObject({ sells: [CRVUSD], pays: [ETH] })
    expect(offers.amount[0] / offers.cost[0]).toBeGreaterThan(1800)
    act(protocol, offers, 0)
    expect(stateOf(protocol).bands.active).toBeLessThan(15)
    expect(stateOf(protocol).bands.stable.every((x) => x < 1e-6)).toBe(true)
  })

  it('behaviour: who wants less pays less, for the cheapest of it', () => {
    const protocol = marketWith([SHEET], 2000)
    publish(protocol, ETH, 1700)
    const offers = standingOf(protocol)
    const moved = act(protocol, offers, 0, { amount: offers.amount[0] / 3 })
    expect(movedUnits(moved, ETH, ACCOUNTS, BIDDER)).toBeCloseTo(offers.amount[0] / 3, 12)
    expect(movedUnits(moved, CRVUSD, BIDDER, ACCOUNTS)).toBeLessThan(offers.cost[0] / 3)
  })

  it('behaviour: whoever comes second finds nothing', () => {
    const protocol = marketWith([SHEET], 2000)
    publish(protocol, ETH, 1700)
    const offers = standingOf(protocol)
    act(protocol, offers, 0)
    expect(act(protocol, offers, 0).reason).toBe('stale')
    expect(act(protocol, offers, 0, { taker: -1 }).reason).toBe('nothing')
  })

  it('behaviour: after a swap the AMM follows a jump slowly, and charges for it', () => {
    const protocol = marketWith([SHEET], 2000)
    arbitrage(protocol, 1700)
    protocol.rules.accrue!(protocol, 12)
    publish(protocol, ETH, 1600)
    expect(standingOf(protocol).count).toBe(0)
    protocol.rules.accrue!(protocol, 120)
    publish(protocol, ETH, 1600)
    expect(standingOf(protocol).count).toBe(1)
  })
})

/** A loan below its edge after a fall without trades. */
const fallen = () => {
  const protocol = marketWith([SHEET, { collateral: 20, debt: 10_000 }], 2000)
  publish(protocol, ETH, 1640)
  const soft = standingOf(protocol)
  act(protocol, soft, 0, { amount: soft.amount[0] / 2 })
  protocol.rules.accrue!(protocol, 600)
  publish(protocol, ETH, 1450)
  return protocol
}

describe('hard liquidation', () => {
  it('default: the bands for the debt, what they hold of crvUSD first', () => {
    const protocol = fallen()
    const stable = held(protocol, CRVUSD) + 25_000
    const offers = offersOf(protocol, 0)
    expect(offersOf(protocol, 1).count).toBe(0)
    expect(offers).toMatchObject({ count: 1, sells: [ETH], pays: [CRVUSD] })
    expect(offers.cost[0]).toBeCloseTo(15_000 - stable, 8)
    const before = held(protocol, ETH)
    const moved = act(protocol, offers, 0)
    expect(moved).toMatchObject({ reason: 0, seized: offers.amount[0], repaid: offers.cost[0] })
    expect(held(protocol, ETH)).toBeCloseTo(before - offers.amount[0], 10)
    expect(held(protocol, CRVUSD)).toBeCloseTo(-10_000, 8)
    const { start, amount } = protocol.book
    expect(amount.subarray(0, start[1]).every((units) => units === 0)).toBe(true)
    expect(act(protocol, offers, 0).reason).toBe('stale')
  })

  it('behaviour: a part of the bands costs a larger part of the debt', () => {
    const protocol = fallen()
    const offers = offersOf(protocol, 0)
    const before = [held(protocol, ETH), held(protocol, CRVUSD)]
    const moved = act(protocol, offers, 0, { amount: 0.4 * offers.amount[0] })
    expect(moved.seized).toBeCloseTo(0.4 * offers.amount[0], 12)
    expect(moved.repaid).toBeGreaterThan(0.4 * offers.cost[0])
    expect(moved.repaid).toBeLessThan(0.45 * offers.cost[0])
    expect(held(protocol, ETH)).toBeCloseTo(before[0] - moved.seized, 10)
    expect(held(protocol, CRVUSD)).toBeCloseTo(before[1] + moved.repaid, 8)
    expect(protocol.book.version[0]).toBe(1)
  })

  it('behaviour: crvUSD above the debt goes to whoever liquidates', () => {
    const soft = { collateral: 0, stable: 10_200, debt: 10_000, n1: 0, bands: 10 }
    const protocol = marketWith([soft], 1500, { activeBand: 20 })
    const offers = offersOf(protocol, 0)
    expect(offers).toMatchObject({ count: 1, sells: [CRVUSD], cost: [0] })
    expect(act(protocol, offers, 0).seized).toBeCloseTo(200, 8)
    expect(held(protocol, CRVUSD)).toBe(0)
  })

  it('behaviour: crvUSD below the debt is nothing that anybody takes', () => {
    const soft = { collateral: 0, stable: 9000, debt: 10_000, n1: 0, bands: 10 }
    const protocol = marketWith([soft], 1500, { activeBand: 20 })
    expect(healthOf(protocol, 0, 10_000)).toBeLessThan(0)
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('law: a healthy loan lists nothing and is refused', () => {
    const protocol = marketWith([SHEET], 2000)
    publish(protocol, ETH, 1450)
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(1)
    publish(protocol, ETH, 2000)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(act(protocol, offers, 0).reason).toBe('healthy')
  })
})

describe('against the exact twin', () => {
  it('law: health after any run of prices and trades agrees within 1e-9', () => {
    let cases = 0
    let largest = 0
    for (let at = 0; at < 40; at++) {
      const [worldCases, error] = oneWorld(at)
      cases += worldCases
      largest = Math.max(largest, error)
    }
    expect(cases).toBeGreaterThan(500)
    expect(largest).toBeLessThan(1e-9)
    const source = 'curvefi/curve-stablecoin cf1d05fb'
    const row = { protocol: 'crvUsd', version: 'model', source, against: 'twin' as const }
    recordComparison({ ...row, cases, largestError: largest })
  })
})

/** Loans, prices and arbitrage in the model; the twin is told of every swap. */
function oneWorld(at: number): readonly [number, number] {
  const random = randomAt(77, at)
  let draws = 0
  const draw = (low: number, high: number) => low + (high - low) * random.uniform(0, 0, draws++)
  const loans = Array.from({ length: 1 + Math.floor(draw(0, 5)) }, () => {
    const collateral = draw(0.1, 50)
    return { collateral, debt: collateral * draw(900, 1400), bands: Math.floor(draw(4, 51)) }
  })
  const protocol = marketWith(loans, 2000)
  const { bands, firstRow, count } = stateOf(protocol)
  const wad = twin.toWad
  const market = twin.twinMarket(100n, wad(2000), wad(deployed.fee))
  const exact = loans.map((loan) => {
    const n1 = twin.firstBand(
      market,
      wad(2000),
      wad(loan.collateral),
      wad(loan.debt),
      loan.bands,
      wad(deployed.loanDiscount),
    )!
    return twin.deposit(market, wad(loan.collateral), n1, loan.bands)
  })
  expect(firstRow.length).toBe(count.length)
  market.active = bands.active
  market.min = bands.lowest
  market.max = bands.highest
  let cases = 0
  let largest = 0
  let price = 2000
  for (let step = 0; step < 12; step++) {
    price *= draw(0.92, 1.05)
    protocol.rules.accrue!(protocol, 600)
    publish(protocol, ETH, price)
    const offers = standingOf(protocol)
    if (offers.count > 0) {
      const moved = act(protocol, offers, 0, { amount: offers.amount[0] * draw(0.2, 0.99) })
      const isPump = offers.sells[0] === ETH
      const paid = movedUnits(moved, offers.pays[0], BIDDER, ACCOUNTS)
      twin.swap(market, wad(price), 0n, isPump, wad(paid))
      expect(bands.active).toBe(market.active)
    }
    loans.forEach(({ debt }, i) => {
      const own = 1 + healthOf(protocol, i, debt)
      const wanted = twin.health(market, exact[i], wad(price), wad(debt), wad(0.06), true)
      largest = Math.max(largest, Math.abs(own / (1 + twin.toNumber(wanted)) - 1))
      cases++
    })
  }
  return [cases, largest]
}

describe('state', () => {
  it('law: a copy is independent, and reset restores every byte', () => {
    const protocol = fallen()
    const bytes = ({ book, index, values, items }: Protocol) =>
      structuredClone([
        book.amount,
        book.version,
        index,
        values,
        stateOf({ items } as Protocol).bands,
        stateOf({ items } as Protocol).memory,
      ])
    const opening = bytes(protocol)
    const copy = protocol.copy()
    act(copy, offersOf(copy, 0), 0)
    arbitrage(copy, 1400)
    copy.rules.accrue!(copy, 500)
    expect(bytes(protocol)).toEqual(opening)
    copy.reset(protocol)
    expect(bytes(copy)).toEqual(opening)
  })

  it('law: slots, slotOf and terms agree', () => {
    const { slots, slotOf, terms, scaled } = crvUsd(deployed)
    for (let s = 0; s < slots.count; s++)
      expect(slotOf(slots.asset[s], slots.side[s] as 1 | -1, slots.group[s])).toBe(s)
    expect(slotOf(ETH, -1, 0)).toBe(-1)
    expect(terms(ETH, 0)?.threshold).toBeCloseTo(0.94, 12)
    expect(scaled('threshold', 0.99)?.terms(ETH, 0)?.threshold).toBeCloseTo(0.94 * 0.99, 12)
    expect(scaled('closeFactor', 0.9)).toBeNull()
  })

  it('default: without n1 a loan goes where its debt puts it', () => {
    const protocol = marketWith([SHEET, { ...SHEET, n1: 20, bands: 4 }], 2000)
    const { firstRow, count } = stateOf(protocol)
    expect([...firstRow].map((row) => row + deployed.firstBand)).toEqual([14, 20])
    expect([...count]).toEqual([10, 4])
    expect(accountsOf(protocol.book)).toBe(2)
  })

  it('error: parameters and positions that cannot be', () => {
    const wrong = (changed: object) => () => crvUsd({ ...deployed, ...changed })
    expect(wrong({ amplification: 1 })).toThrow('FB2280')
    expect(wrong({ basePrice: 0 })).toThrow('FB2280')
    expect(wrong({ fee: 1 })).toThrow('FB2280')
    expect(wrong({ liquidationDiscount: 0.1 })).toThrow('FB2281')
    expect(wrong({ lastBand: 1300 })).toThrow('FB2282')
    expect(wrong({ activeBand: 1000 })).toThrow('FB2282')
    const soft = { ...SHEET, stable: 10 }
    expect(() => marketWith([soft], 2000)).toThrow('FB2282')
    expect(() => marketWith([{ ...SHEET, bands: 3 }], 2000)).toThrow('FB2283')
    expect(() => marketWith([{ ...SHEET, n1: 145 }], 2000)).toThrow('FB2283')
    expect(() => marketWith([soft], 2000, { activeBand: 10 })).toThrow('FB2284')
  })
})
