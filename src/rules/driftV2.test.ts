/** Drift v2: what goes, at which price, and who pays what is missing. */

import { describe, expect, it } from 'vitest'
import { triggerPrice } from '../analysis/triggers.ts'
import { health } from '../book.ts'
import { ACCOUNTS, ITEMS, POOL } from '../rules.ts'
import type { Holdings } from './conformance.flow.suite.ts'
import { rulesConformance } from './conformance.suite.ts'
import { risenFee, sizeDiscount, sizePremium } from './driftV2/formulas.ts'
import type { DriftSpec } from './driftV2/parameters.ts'
import {
  amountOf,
  booksOf,
  COIN,
  COIN_PERP,
  cash,
  deployment,
  OTHER,
  OTHER_PERP,
  one,
  perp,
  position,
  spot,
  USD,
} from './driftV2.suite.ts'
import { driftV2 } from './driftV2.ts'
import { act, movedUnits } from './settling.suite.ts'
import { offersOf, publish } from './vectors.suite.ts'

const rich: DriftSpec = {
  ...deployment,
  perps: [
    { ...perp, fundFee: 0.005, imf: 1e-4, outsideUnits: 1e6 },
    {
      ...perp,
      group: OTHER_PERP,
      asset: OTHER,
      maintenance: 0.1,
      fundFee: 0.002,
      outsideUnits: 1e8,
    },
  ],
  spot: [
    { ...cash, liquidationFee: 0.003, fundFee: 0.001, fundUnits: 1000 },
    { ...spot, fundFee: 0.004, fundUnits: 10, imf: 1e-4 },
    { ...spot, asset: 3, assetWeight: null, liquidationFee: 0.01, fundUnits: 10 },
  ],
}

rulesConformance({
  rules: driftV2(rich),
  groups: [0, COIN_PERP, OTHER_PERP],
  // Of a market an account has one position; several markets are in the laws beside this.
  positionsPer: 'pair',
  stepsMax: () => 8,
  held: (protocol) => {
    const { fund, feePool, pot, borne } = booksOf(protocol)
    const sum = (of: Float64Array) => of.reduce((all, each) => all + each, 0)
    return Array.from(fund, (units, asset): Holdings => {
      const [fees, paid] = asset === USD ? [sum(feePool), sum(borne)] : [0, 0]
      return [
        [POOL, asset, units + fees],
        [ITEMS, asset, pot[asset] + paid],
      ]
    }).flat()
  },
  exceptions: {
    listed: 'a position closes against cash, which is collateral or debt itself',
    grows: 'cash takes what a closed long brings, and the requirement the buffer',
    legs: 'a closed short leaves less cash, a closed long more',
    value: 'the premium of a deposit and the discount of a borrow multiply',
    scaled: 'cash counts whole',
  },
})

describe('a position', () => {
  const worked = { perps: [{ ...perp, fundFee: 0.005 }] }

  it('default: the worked example of the rule sheet', () => {
    const protocol = one(worked, position(10, 45))
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(1)
    expect(offers.amount[0]).toBeCloseTo(4.545454545, 9)
    expect(offers.cost[0]).toBeCloseTo(4.545454545 * 99, 6)
    const moved = act(protocol, offers, 0)
    const fee = 4.545454545 * 100 * 0.005
    expect(movedUnits(moved, USD, ACCOUNTS, POOL)).toBeCloseTo(fee, 8)
    expect(amountOf(protocol, 0, COIN, COIN_PERP)).toBeCloseTo(5.454545455, 9)
    // Collateral is what it was less both fees, and just the requirement with the buffer.
    const units = amountOf(protocol, 0, COIN, COIN_PERP)
    const equity = units * 100 + amountOf(protocol, 0, USD)
    expect(equity).toBeCloseTo(45 - 4.545454545 - fee, 6)
    expect(equity).toBeCloseTo(units * 100 * 0.07, 6)
  })

  it('behaviour: breached below its requirement alone, and at exactly that it is not', () => {
    expect(offersOf(one({}, position(10, 50)), 0).count).toBe(0)
    expect(offersOf(one({}, position(10, 50 - 1e-9)), 0).count).toBe(1)
    const protocol = one({}, position(10, 60))
    const edge = triggerPrice(protocol, 0, Uint8Array.of(0, 1, 0, 0), 100)
    expect(edge).toBeCloseTo(940 / 9.5, 9)
  })

  it('law: a short is what a long is, seen in a mirror', () => {
    for (const collateral of [45, 10, -20]) {
      const [long, short] = [10, -10].map((units) => one(worked, position(units, collateral)))
      const [bid, ask] = [long, short].map((protocol) => offersOf(protocol, 0))
      expect(ask.sells[0]).toBe(USD)
      expect(ask.pays[0]).toBe(COIN)
      expect(ask.cost[0]).toBeCloseTo(bid.amount[0], 9)
      expect(bid.cost[0] / bid.amount[0]).toBeCloseTo(99, 9)
      expect(ask.amount[0] / ask.cost[0]).toBeCloseTo(101, 9)
      for (const [protocol, offers] of [
        [long, bid],
        [short, ask],
      ] as const)
        expect(act(protocol, offers, 0).reason).toBe(0)
      const equity = (protocol: typeof long) =>
        100 * amountOf(protocol, 0, COIN, COIN_PERP) + amountOf(protocol, 0, USD)
      expect(equity(short)).toBeCloseTo(equity(long), 9)
      expect(booksOf(short).fund[USD]).toBeCloseTo(booksOf(long).fund[USD], 9)
      expect(short.badDebt[USD]).toBeCloseTo(long.badDebt[USD], 9)
      expect(health(short.book, short.values, 0)).toBeCloseTo(health(long.book, long.values, 0), 9)
    }
  })

  it('behaviour: goes whole up to 50 USD, and where the fee is all that it frees', () => {
    const small = one({}, [
      [0, COIN, 0.49, COIN_PERP],
      [0, USD, -46.6, COIN_PERP],
    ])
    expect(offersOf(small, 0).amount[0]).toBe(0.49)
    const dear = { perps: [{ ...perp, liquidationFee: 0.07 }] }
    expect(offersOf(one(dear, position(10, 49)), 0).amount[0]).toBe(10)
    expect(offersOf(one({}, position(10, 49)), 0).amount[0]).toBeCloseTo(21 / 6, 9)
  })

  it('behaviour: a part leaves the account in liquidation, up to the buffer', () => {
    const protocol = one({}, position(10, 45))
    const offers = offersOf(protocol, 0)
    act(protocol, offers, 0, { amount: 2 })
    expect(booksOf(protocol).since[0]).toBe(0)
    expect(booksOf(protocol).freedUsd[0]).toBeCloseTo(12, 9)
    // Equity of 43 for 8 units is more than 40, and less than 56.
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(43 - 56, 9)
    const rest = offersOf(protocol, 0)
    expect(rest.amount[0]).toBeCloseTo(13 / 6, 9)
    act(protocol, rest, 0)
    expect(booksOf(protocol).since[0]).toBe(-1)
    const units = amountOf(protocol, 0, COIN, COIN_PERP)
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(units * 2, 9)
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('behaviour: a pause, and a price far from its average, stop everything', () => {
    const paused = one({ perps: [{ ...perp, paused: true }] }, position(10, 45))
    expect(offersOf(paused, 0).count).toBe(0)
    const guarded = one({ blockedAbove: 0.5 }, position(10, 500))
    publish(guarded, COIN, 50)
    expect(health(guarded.book, guarded.values, 0)).toBeLessThan(0)
    expect(offersOf(guarded, 0).count).toBe(0)
    const { stamp } = booksOf(guarded)
    guarded.rules.accrue!(guarded, 30)
    guarded.rules.value(guarded)
    expect(booksOf(guarded).average[COIN]).toBeCloseTo(95, 9)
    expect(offersOf(guarded, 0).count).toBe(1)
    expect(booksOf(guarded).stamp).toBe(stamp + 1)
  })
})

describe('time', () => {
  const slow = { initialShare: 0.1, durationSeconds: 60 }
  const large = position(1000, 4500)

  it('behaviour: a tenth at once, the rest as time allows', () => {
    const protocol = one(slow, large)
    const first = offersOf(protocol, 0)
    expect(first.amount[0]).toBeCloseTo((0.1 * 2500) / 6, 9)
    act(protocol, first, 0)
    expect(offersOf(protocol, 0).count).toBe(0)
    const { stamp } = booksOf(protocol)
    protocol.rules.accrue!(protocol, 30)
    expect(booksOf(protocol).stamp).toBe(stamp + 1)
    expect(offersOf(protocol, 0).amount[0]).toBeCloseTo((0.5 * 2500) / 6, 1)
    protocol.rules.accrue!(protocol, 30)
    expect(offersOf(protocol, 0).amount[0]).toBeCloseTo((0.9 * 2500) / 6, 9)
  })

  it('behaviour: where nothing goes at once a call begins, and is all until time has passed', () => {
    const protocol = one({ ...slow, initialShare: 0 }, large)
    const call = offersOf(protocol, 0)
    expect([call.count, call.amount[0], call.cost[0]]).toEqual([1, 0, 0])
    expect(call.passed[0]).toBeCloseTo(2500 / 6, 9)
    const moved = act(protocol, call, 0)
    expect([moved.reason, moved.seized, moved.repaid, moved.moves.count]).toEqual([0, 0, 0, 0])
    expect(booksOf(protocol).since[0]).toBe(0)
    expect(offersOf(protocol, 0).count).toBe(0)
    protocol.rules.accrue!(protocol, 6)
    expect(offersOf(protocol, 0).amount[0]).toBeCloseTo((0.1 * 2500) / 6, 9)
  })

  it('behaviour: the fee of a liquidation that waits rises, of one that has not begun it does not', () => {
    const waits = one(slow, large)
    const fresh = one(slow, large)
    act(waits, offersOf(waits, 0), 0, { amount: 1 })
    for (const each of [waits, fresh]) each.rules.accrue!(each, 1200)
    const price = (protocol: typeof waits) => {
      const offers = offersOf(protocol, 0)
      return offers.cost[0] / offers.amount[0]
    }
    expect(price(fresh)).toBeCloseTo(99, 9)
    expect(price(waits)).toBeCloseTo(98.7, 9)
    expect([599, 600, 1e9].map((t) => risenFee(0.01, 0.05, t))).toEqual([0.01, 0.0115, 0.03])
    expect(risenFee(0.01, 0.02, 1e9)).toBe(0.02)
  })

  it('behaviour: who sleeps is woken in every block while more may go, then once a minute', () => {
    const protocol = one(slow, large)
    act(protocol, offersOf(protocol, 0), 0, { amount: 1 })
    const wakes = (seconds: number, times: number) => {
      const { stamp } = booksOf(protocol)
      for (let n = 0; n < times; n++) protocol.rules.accrue!(protocol, seconds)
      return booksOf(protocol).stamp - stamp
    }
    expect(wakes(12, 5)).toBe(5)
    expect(wakes(12, 50)).toBe(10)
    // Up to three times the fee: 2 % at 0.01 bp a slot of 0.4 s.
    expect(wakes(100, 80)).toBe(74)
    expect(wakes(60, 10)).toBe(0)
  })

  it('behaviour: longs pay shorts, and pay when they close', () => {
    const funded = one({ perps: [{ ...perp, fundingRate: 1 }] }, [
      ...position(10, 60),
      ...position(-10, 25, 1),
    ])
    funded.rules.accrue!(funded, 31_536_000 / 50)
    funded.rules.value(funded)
    expect(booksOf(funded).funding[0]).toBeCloseTo(2, 12)
    expect(health(funded.book, funded.values, 0)).toBeCloseTo(60 - 20 - 50, 9)
    expect(health(funded.book, funded.values, 1)).toBeCloseTo(25 + 20 - 50, 9)
    const offers = offersOf(funded, 0)
    act(funded, offers, 0)
    const paid = 2 * offers.amount[0]
    expect(booksOf(funded).pot[USD]).toBeCloseTo(paid, 9)
    const shorts = offersOf(funded, 1)
    act(funded, shorts, 0)
    expect(booksOf(funded).pot[USD]).toBeCloseTo(paid - 2 * shorts.cost[0], 9)
  })
})

describe('spot', () => {
  it('default: a deposit for a borrow, with weights, premium, discount and buffer', () => {
    const protocol = one({ spot: [cash, spot, { ...spot, asset: 3 }] }, [
      [0, OTHER, 100],
      [0, 3, -70],
    ])
    // 100 x 100 x 0.8 = 8000 against 70 x 100 x 1.2 = 8400, with the buffer 8540.
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(-400, 9)
    const offers = offersOf(protocol, 0)
    expect(offers.count).toBe(1)
    const units = 540 / (100 * (1.22 - Math.floor(((0.8 * 1.02) / 0.98) * 1e5) / 1e5))
    expect(offers.cost[0]).toBeCloseTo(units, 9)
    expect(offers.amount[0] / offers.cost[0]).toBeCloseTo(1.02 / 0.98, 12)
    act(protocol, offers, 0)
    expect(booksOf(protocol).since[0]).toBe(-1)
    const left = 70 - units
    const room = 0.8 * amountOf(protocol, 0, OTHER) - 1.22 * left
    expect(Math.abs(room)).toBeLessThan(1e-5 * units)
  })

  it('behaviour: cash below 0 is a borrow without a contract, with one a loss', () => {
    const borrow = one({}, [
      [0, OTHER, 100],
      [0, USD, -8000 * (1 + 1e-9)],
    ])
    // The buffer is on 8000: 160 / (1.02 - 0.8 x 1.02).
    expect(offersOf(borrow, 0).cost[0]).toBeCloseTo(160 / (1.02 - 0.8 * 1.02), 4)
    const loss = one({}, [
      [0, COIN, 1, COIN_PERP],
      [0, OTHER, 100],
      [0, USD, -8100, COIN_PERP],
    ])
    const both = offersOf(loss, 0)
    expect([...both.sells]).toEqual([COIN])
    act(loss, both, 0)
    const then = offersOf(loss, 0)
    expect([...then.sells]).toEqual([OTHER])
    const owed = -amountOf(loss, 0, USD)
    const lacks = owed - 8000
    const given = Math.floor(((0.8 * 1.02) / 0.99) * 1e5) / 1e5
    expect(then.cost[0]).toBeCloseTo(lacks / (1 - given), 6)
  })

  it('behaviour: the fund is paid with the asset of the borrow', () => {
    const of = { spot: [cash, spot, { ...spot, asset: 3, fundFee: 0.01, fundUnits: 5 }] }
    const protocol = one(of, [
      [0, OTHER, 100],
      [0, 3, -70],
    ])
    const offers = offersOf(protocol, 0)
    const moved = act(protocol, offers, 0)
    expect(movedUnits(moved, 3, ACCOUNTS, POOL)).toBeCloseTo(0.01 * moved.repaid, 9)
    expect(amountOf(protocol, 0, 3)).toBeCloseTo(-70 + 0.99 * moved.repaid, 9)
    expect(booksOf(protocol).fund[3]).toBeCloseTo(5 + 0.01 * moved.repaid, 9)
  })
})

describe('sizes', () => {
  it('default: ratios and weights of the chain by size, in basis points', () => {
    expect(sizePremium(100, 0.001, 0.05)).toBe(0.05)
    // 400 + floor(0.001 x 1000 x 10^4 / 10^4 ...) basis points: the root of a million is 1000.
    expect(sizePremium(1e6, 0.001, 0.05)).toBeCloseTo(0.04 + 1, 12)
    expect(sizePremium(1234, 0.001, 0.0333)).toBeCloseTo(0.0267 + 0.0351, 12)
    expect(sizeDiscount(100, 0.01, 0.8)).toBe(0.8)
    expect(sizeDiscount(1e4, 0.01, 0.8)).toBe(0.55)
    expect(sizeDiscount(1e4, 0, 0.8)).toBe(0.8)
  })

  it('behaviour: a larger position needs more of each unit, and what is left of it less', () => {
    const of = { perps: [{ ...perp, imf: 0.001 }] }
    const needs = (units: number) => {
      const { book, values } = one(of, position(units, 0))
      return -health(book, values, 0) / (100 * units)
    }
    expect(needs(10)).toBeCloseTo(0.05, 12)
    expect(needs(1000)).toBeCloseTo(0.0716, 12)
    const protocol = one(of, position(1000, 6000))
    act(protocol, offersOf(protocol, 0), 0)
    const units = amountOf(protocol, 0, COIN, COIN_PERP)
    const equity = 100 * units + amountOf(protocol, 0, USD)
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(
      equity - 100 * units * sizePremium(units, 0.001, 0.05),
      9,
    )
  })
})

describe('errors', () => {
  it.each([
    ['FB2330', { spot: [{ ...cash, assetWeight: 0.9 }] }],
    ['FB2330', { spot: [{ ...cash, supplyRate: 0.01 }] }],
    ['FB2331', { perps: [{ ...perp, asset: USD }] }],
    ['FB2204', { perps: [perp, perp] }],
    ['FB2204', { perps: [{ ...perp, group: 0 }] }],
  ] as const)('error: %s', (code, of) => {
    expect(() => driftV2({ ...deployment, ...of })).toThrow(expect.objectContaining({ code }))
  })

  it('error: FB2332, a position of no market', () => {
    expect(() => one({}, [[0, COIN, 1]])).toThrow(expect.objectContaining({ code: 'FB2332' }))
  })
})
