import { describe, expect, it } from 'vitest'
import { recordComparison } from '../../test/comparisons.suite.ts'
import { health } from '../book.ts'
import { ACCOUNTS, BIDDER, FIRST_TAKER, ITEMS, LENDERS, POOL, RESERVE } from '../rules.ts'
import { auctionPrice, bondFactorOf, rewardShare } from './ajna/auctions.ts'
import { LOWEST_PRICE } from './ajna/buckets.ts'
import {
  act,
  answered,
  COIN,
  ETH,
  kicked,
  movesOf,
  poolOf,
  standingAt,
  stateOf,
} from './ajna.suite.ts'
import { float, twinPrice, wad } from './ajna.twin.suite.ts'
import { offersOf, publish, take } from './vectors.suite.ts'

const SOURCE = 'ajna-finance/ajna-core 0f59e780'
const HOUR = 3600

describe('the rule sheet', () => {
  it('default: what a reference of 2000 asks, by the minute', () => {
    const asked = [
      [0, 512_000],
      [60, 64_000],
      [120, 8000],
      [240, 4000],
      [480, 1000],
      [840, 125],
    ]
    let largestError = 0
    for (const [minutes, price] of asked) {
      const float64 = auctionPrice(2000, minutes * 60)
      const exact = float(twinPrice(wad(2000), BigInt(minutes * 60)))
      for (const one of [float64, exact])
        largestError = Math.max(largestError, Math.abs(one / price - 1))
    }
    expect(largestError).toBeLessThan(1e-12)
    recordComparison({
      ...{ protocol: 'ajna', version: '', source: SOURCE, against: 'vectors' },
      ...{ cases: asked.length, largestError },
    })
  })

  it('default: the bond is a tenth of what the ratio is above 1, from 0.5 % to 3 %', () => {
    expect([1, 1.02, 1.15, 1.3, 2].map(bondFactorOf)).toEqual([
      0.005,
      0.005,
      expect.closeTo(0.015, 12),
      0.03,
      0.03,
    ])
  })

  it('default: a kicker earns below the neutral price and loses above it', () => {
    const share = (price: number) => rewardShare(price, 1200, 1000, 0.02)
    expect([900, 1000, 1100, 1200, 1300, 1400, 9000].map(share)).toEqual([
      0.02, 0.02, 0.01, 0, -0.01, -0.02, -0.02,
    ])
  })
})

describe('lowest utilised price', () => {
  const valued = (debt: number) => poolOf({}, [[100, debt]]).values[0]

  it('default: the bucket in which deposits, from the top, reach the debt of all', () => {
    expect([9999, 10_000, 10_001, 20_000, 20_001, 70_000].map(valued)).toEqual([
      2000, 2000, 1900, 1900, 1000, 1000,
    ])
    expect(valued(70_001)).toBe(LOWEST_PRICE)
  })

  it('behaviour: a loan is safe at exactly 1.04, and the market has no say', () => {
    const protocol = poolOf({}, [[52, 50_000]])
    expect(offersOf(protocol, 0).count).toBe(0)
    publish(protocol, ETH, 1)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(offersOf(poolOf({}, [[51.99, 50_000]]), 0)).toMatchObject({
      ...{ count: 1, sells: [ETH], amount: [0], pays: [COIN], passed: [51.99] },
    })
  })

  it('behaviour: lenders who follow keep their ratio, at once or with a half-life', () => {
    const loans = [[11, 10_000]] as const
    const atOnce = poolOf({ lendersFollow: 'published' }, loans)
    publish(atOnce, ETH, 1500)
    expect(atOnce.values[0]).toBe(1500)
    const slow = poolOf({ lendersFollow: 'published', followHalfLifeSeconds: 600 }, loans)
    publish(slow, ETH, 1500)
    expect(slow.values[0]).toBe(1500)
    publish(slow, ETH, 2000)
    slow.rules.accrue!(slow, 0.001)
    publish(slow, ETH, 1000)
    slow.rules.accrue!(slow, 600)
    slow.rules.value(slow)
    expect(slow.values[0]).toBeCloseTo(1500, 9)
    slow.rules.accrue!(slow, 1200)
    slow.rules.value(slow)
    expect(slow.values[0]).toBeCloseTo(1125, 9)
    const never = poolOf({}, loans)
    publish(never, ETH, 1)
    expect(never.values[0]).toBe(2000)
  })

  it('behaviour: what is repaid raises it', () => {
    const protocol = poolOf({}, [
      [4.5, 9000],
      [5.5, 9800],
    ])
    expect(protocol.values[0]).toBe(1900)
    expect(take(protocol, offersOf(protocol, 0), 0)).toMatchObject({ reason: 0 })
    protocol.rules.value(protocol)
    expect(protocol.values[0]).toBe(2000)
  })

  it('behaviour: interest is what lenders earn', () => {
    const protocol = poolOf({ borrowRate: 0.1 }, [[10, 7000]])
    protocol.rules.accrue!(protocol, 365 * 86_400)
    expect(protocol.index[1]).toBeCloseTo(1.1, 12)
    const { deposit } = stateOf(protocol).buckets
    expect([...deposit]).toEqual([10_100, 10_100, expect.closeTo(50_500, 9)])
  })
})

describe('an auction', () => {
  const late = [[10, 19_000]] as const

  it('default: a kick posts a bond and sells nothing; the loan stays the account’s', () => {
    const protocol = poolOf({}, late)
    const moved = kicked(protocol, 0, { taker: 3, atSeconds: 60 })
    expect(moved).toMatchObject({ reason: 0, seized: 0, repaid: 0 })
    expect(movesOf(moved)).toEqual([[COIN, BIDDER, ITEMS, expect.closeTo(285, 9)]])
    expect([...protocol.book.amount]).toEqual([10, -19_000])
    expect(stateOf(protocol).auctions).toMatchObject({
      ...{ count: 1, kicker: [3], kickedAt: [60], threshold: [1900] },
      ...{ reference: [expect.closeTo(2272.4, 9)], neutral: [expect.closeTo(2272.4, 9)] },
    })
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(kicked(poolOf({}, [[10, 9000]]), 0).reason).not.toBe(0)
  })

  it('behaviour: the reference is the highest loan of the pool where that is above', () => {
    const protocol = poolOf({}, [
      [10, 19_000],
      [1, 3000],
      [1, 2500],
    ])
    kicked(protocol, 0)
    expect(stateOf(protocol).auctions.reference[0]).toBe(1.04 * 3000)
    kicked(protocol, 1)
    kicked(protocol, 2)
    expect(stateOf(protocol).auctions.reference[2]).toBeCloseTo(1.04 * 2500 * 1.15, 9)
  })

  it('behaviour: nothing is taken in the block of the kick', () => {
    const protocol = poolOf({}, late)
    kicked(protocol, 0, { atSeconds: 60 })
    expect(standingAt(protocol, 60).count).toBe(0)
    expect(standingAt(protocol, 61).count).toBe(1)
  })

  it('default: above the neutral price a take costs the kicker part of the bond', () => {
    const protocol = poolOf({}, late)
    kicked(protocol, 0)
    const offers = standingAt(protocol, HOUR)
    const price = auctionPrice(2272.4, HOUR)
    const paidFor = price * (1 - (5 * 0.015 + 0.015) / 4)
    expect(offers.amount[0]).toBeCloseTo(19_000 / paidFor, 12)
    const moved = act(protocol, offers, 0, { atSeconds: HOUR })
    expect(moved).toMatchObject({ seized: offers.amount[0], repaid: 19_000 })
    const spent = offers.cost[0]
    const penalty = Math.min(285, 0.015 * spent)
    expect(movesOf(moved)).toEqual([
      [COIN, BIDDER, RESERVE, expect.closeTo(spent - 19_000, 9)],
      [COIN, ITEMS, RESERVE, expect.closeTo(penalty, 9)],
      [COIN, ITEMS, FIRST_TAKER, expect.closeTo(285 - penalty, 9)],
    ])
    expect(protocol.book.amount[1]).toBe(0)
    expect(stateOf(protocol).auctions.count).toBe(0)
  })

  it('default: below it the reward comes out of what was paid', () => {
    const protocol = poolOf({}, late)
    kicked(protocol, 0, { taker: 1 })
    const moved = answered(protocol, 0, { amount: 4, taker: 2, atSeconds: 6.5 * HOUR })
    const price = auctionPrice(2272.4, 6.5 * HOUR)
    const share = 0.015 * Math.min(1, (2272.4 - price) / (2272.4 - 1900))
    expect(moved).toMatchObject({ reason: 0, seized: 4 })
    expect(moved.repaid).toBeCloseTo(4 * price * (1 - (5 * 0.015 - share) / 4), 9)
    expect(movesOf(moved)[1]).toEqual([COIN, RESERVE, ITEMS, expect.closeTo(4 * price * share, 9)])
    expect(stateOf(protocol).auctions.bond[0]).toBeCloseTo(285 + 4 * price * share, 9)
  })

  it('behaviour: it goes on when the account has recovered', () => {
    const protocol = poolOf({ lendersFollow: 'published' }, [[10, 19_000]], 2000)
    kicked(protocol, 0)
    publish(protocol, ETH, 4000)
    expect(health(protocol.book, protocol.values, 0)).toBeGreaterThan(0)
    expect(answered(protocol, 0, { atSeconds: 5 * HOUR }).reason).toBe(0)
  })

  it('default: after 72 hours buckets take the rest, then reserves and lenders lose', () => {
    const protocol = poolOf({ reservesUnits: 500 }, [[10, 24_000]])
    kicked(protocol, 0, { taker: 5 })
    expect(standingAt(protocol, 72 * HOUR - 1).amount[0]).toBe(10)
    const moved = answered(protocol, 0, { taker: 9, atSeconds: 72 * HOUR })
    // 5 ETH go to the bucket at 2000, 5 to the one at 1900.
    expect(movesOf(moved)).toEqual([
      [ETH, ACCOUNTS, POOL, 10],
      [COIN, POOL, ACCOUNTS, 19_500],
      [COIN, RESERVE, ACCOUNTS, 500],
      [COIN, LENDERS, ACCOUNTS, 4000],
      [COIN, ITEMS, FIRST_TAKER + 5, expect.closeTo(360, 9)],
    ])
    expect([...stateOf(protocol).buckets.deposit]).toEqual([0, 0, 46_500])
    expect(protocol.badDebt[COIN]).toBe(4000)
    expect([...protocol.book.amount].map(Math.abs)).toEqual([0, 0])
  })

  it('behaviour: without collateral it is settled at once, with some left it is given back', () => {
    const emptied = poolOf({}, late)
    kicked(emptied, 0)
    answered(emptied, 0, { atSeconds: 12 * HOUR })
    expect(emptied.book.amount[0]).toBe(0)
    const offers = standingAt(emptied, 12 * HOUR + 1)
    expect(offers).toMatchObject({ amount: [0], cost: [0], sells: [COIN] })
    expect(act(emptied, offers, 0, { atSeconds: 12 * HOUR + 1 }).reason).toBe(0)
    expect(emptied.badDebt[COIN]).toBeGreaterThan(0)
    const rich = poolOf({}, [[10, 19_000]])
    kicked(rich, 0)
    answered(rich, 0, { atSeconds: 72 * HOUR })
    // 10,000 at 2000 and 9,000 at 1900.
    expect(rich.book.amount[0]).toBeCloseTo(10 - 5 - 9000 / 1900, 12)
    expect(rich.badDebt[COIN]).toBe(0)
  })

  it('behaviour: what others did first is stale', () => {
    const protocol = poolOf({}, late)
    const offers = offersOf(protocol, 0)
    expect(act(protocol, offers, 0).reason).toBe(0)
    expect(act(protocol, offers, 0).reason).toBe('stale')
    const takes = standingAt(protocol, HOUR)
    expect(act(protocol, takes, 0, { atSeconds: HOUR }).reason).toBe(0)
    expect(act(protocol, takes, 0, { atSeconds: HOUR }).reason).toBe('stale')
  })
})

describe('without time', () => {
  it('default: a kick sells at the published price what the debt needs', () => {
    const protocol = poolOf({}, [[10, 19_000]], 2200)
    const moved = take(protocol, offersOf(protocol, 0), 0)
    const share = 0.015 * ((2272.4 - 2200) / (2272.4 - 1900))
    const kept = 1 - (5 * 0.015 - share) / 4
    expect(moved.seized).toBeCloseTo(19_000 / (2200 * kept), 9)
    expect(moved.repaid).toBe(19_000)
    expect(protocol.badDebt[COIN]).toBe(0)
  })

  it('behaviour: what a low price leaves is bad debt, at a price of 0 all of it', () => {
    for (const price of [1000, 0]) {
      const protocol = poolOf({}, [[10, 19_000]], 2000)
      publish(protocol, ETH, price)
      const moved = take(protocol, offersOf(protocol, 0), 0)
      expect(moved).toMatchObject({ reason: 0, seized: 10 })
      const kept = 10 * price - moved.repaid - Math.min(285, 150)
      const reserve = price === 0 ? 0 : kept
      expect(protocol.badDebt[COIN]).toBeCloseTo(19_000 - moved.repaid - reserve, 9)
      expect(protocol.book.amount[1]).toBeCloseTo(0, 12)
    }
  })
})

describe('parameters', () => {
  it.each([
    [{ quote: ETH }, 'FB2292 quote'],
    [{ buckets: [{ price: 0, depositUnits: 1 }] }, 'FB2293 buckets[0].price'],
    [{ buckets: [{ price: 1, depositUnits: -1 }] }, 'FB2293 buckets[0].depositUnits'],
    [{ npTpRatio: 0.9 }, 'FB2294 npTpRatio'],
    [{ borrowRate: -1 }, 'FB2294 borrowRate'],
    [{ reservesUnits: Number.NaN }, 'FB2294 reservesUnits'],
    [{ followHalfLifeSeconds: 0 }, 'FB2295 followHalfLifeSeconds'],
  ])('error: %o', (changed, message) => {
    expect(() => poolOf(changed, [[1, 1]])).toThrow(message)
  })
})
