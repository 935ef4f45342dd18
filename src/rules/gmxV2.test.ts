/** Positions against a pool: the sheet's numbers, who pays whom, and laws of all rules. */

import { describe, expect, it } from 'vitest'
import { triggerPrice } from '../analysis/triggers.ts'
import { health } from '../book.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { BORROWERS, ITEMS, LENDERS, POOL, type Protocol, RESERVE } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import { layoutOf } from './gmxV2/markets.ts'
import {
  act,
  booksOf,
  DOGE,
  ETH,
  heldOf,
  market,
  movedTo,
  opened,
  openedWith,
  publishAll,
  specOf,
  type Trade,
  USD,
} from './gmxV2.suite.ts'
import { gmxV2 } from './gmxV2.ts'
import { offersOf, publish, take } from './vectors.suite.ts'

const charging = {
  ...{ positionFee: 0.0006, liquidationFee: 0.002, feeReceiver: 0.37 },
  maxPnlForTraders: 0.9,
}

rulesConformance({
  rules: gmxV2(specOf(charging)),
  groups: [1],
  positionsPer: 'pair',
  stepsMax: () => 1,
  held: heldOf([{ ...market, ...charging }]),
  exceptions: {
    price: 'a size is in USD, whatever the token is worth that it is counted in',
    par: 'a size is in USD, whatever the token is worth that it is counted in',
    listed: 'a position closes against the pool, and its hedge is one offer',
    legs: 'all legs of a position close at once',
    scaled: 'nothing is paid on top, and collateral counts whole',
  },
})

/** 50 ETH of size 100,000 on 2,000 USDC, as on the sheet. */
const long: Trade = { side: 1, units: 50, entry: 2000, collateral: 2000 }

const healthAt = (protocol: Protocol, price: number) => {
  publish(protocol, ETH, price)
  return health(protocol.book, protocol.values, 0)
}

describe('the check', () => {
  it('default: 50 ETH of size 100,000 hold at 1985 and not at 1981', () => {
    const of = specOf({ positionFee: 0.0011 })
    const protocol = openedWith(of, [1, 2000], [long])
    expect(healthAt(protocol, 1985)).toBeCloseTo(1140 - 1000, 9)
    expect(act(protocol).count).toBe(0)
    expect(healthAt(protocol, 1981)).toBeCloseTo(940 - 1000, 9)
    expect(act(protocol).ending).toEqual([1])
    const again = openedWith(of, [1, 2000], [long])
    expect(triggerPrice(again, 0, Uint8Array.of(0, 1), 2000)).toBeCloseTo(1982.2, 9)
  })

  it('default: a short is its mirror, and the least collateral is 1 USD', () => {
    const of = specOf({ positionFee: 0.0011 })
    const short = openedWith(of, [1, 2000], [{ ...long, side: -1 }])
    expect(healthAt(short, 2015)).toBeCloseTo(140, 9)
    expect(healthAt(short, 2019)).toBeCloseTo(-60, 9)
    const small = openedWith(specOf(), [1, 2000], [{ ...long, units: 0.01, collateral: 1.5 }])
    expect(healthAt(small, 2000)).toBeCloseTo(0.5, 12)
    expect(healthAt(small, 1949.9)).toBeCloseTo(-0.001, 12)
  })

  it('default: a long is worth the lowest price, a short owes the highest', () => {
    for (const side of [1, -1] as const) {
      const protocol = openedWith(specOf(), [1, 2000], [{ ...long, side, collateral: 5, in: ETH }])
      protocol.confidence[ETH] = 10
      protocol.rules.value(protocol)
      expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(5 * 1990 - 500 - 1000, 9)
    }
  })

  it('default: borrowing and funding are costs of their payers alone', () => {
    const rates = { borrowingRateLong: 0.2, borrowingRateShort: 0.1, fundingRate: -0.3 }
    const sides = [long, { ...long, side: -1 as const }]
    const protocol = openedWith(specOf(rates), [1, 2000], sides)
    protocol.rules.accrue!(protocol, YEAR_SECONDS / 100)
    protocol.rules.value(protocol)
    const left = [0, 1].map((i) => health(protocol.book, protocol.values, i))
    expect(left[0]).toBeCloseTo(1000 - 200, 9)
    expect(left[1]).toBeCloseTo(1000 - 100 - 300, 9)
  })

  it('default: collateral in USDC falls with it, a size does not', () => {
    const protocol = openedWith(specOf(), [1, 2000], [long])
    publishAll(protocol, [0.9, 2000])
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(1800 - 1000, 9)
    publishAll(protocol, [0.4, 2000])
    const out = act(protocol)
    expect(out.lostUsd).toEqual([0])
    expect(movedTo(out, BORROWERS, USD)).toBeCloseTo(2000, 9)
  })

  it('behaviour: the cost of impact counts as it is, up to what the check allows', () => {
    // A short of 100,000 against longs of 300,000: closing it makes 200,000 more.
    const impact = {
      ...{ factorPositive: 0, factorNegative: 1e-8, exponent: 2 },
      ...{ maxPositive: 0, maxNegative: 1, poolUnits: 0 },
    }
    const longs: Trade = { ...long, units: 100, collateral: 90_000 }
    const short: Trade = { ...long, side: -1, collateral: 1300 }
    for (const [most, isClosed] of [
      [0, false],
      [0.002, false],
      [0.0031, true],
      [0.01, true],
    ] as const) {
      const of = specOf({ impact: { ...impact, maxForLiquidations: most } })
      const protocol = openedWith(of, [1, 2000], [longs, short])
      // (200,000^2 - 100,000^2) x 1e-8 = 300 USD, 0.3 % of the size: 1300 - 300 is just enough.
      expect(act(protocol).count).toBe(0)
      publish(protocol, ETH, 2000.1)
      expect(act(protocol).count).toBe(isClosed ? 1 : 0)
    }
  })
})

describe('a close', () => {
  const fees = { positionFee: 0.001, liquidationFee: 0.002, feeReceiver: 0.4 }

  it('default: the loss goes to the pool, then fees, and the rest to the trader', () => {
    const protocol = openedWith(specOf(fees), [1, 2000], [long])
    publish(protocol, ETH, 1980)
    const out = act(protocol)
    const { pool } = booksOf(protocol)
    // Loss 1000, fees 300 of which 120 leave the pool.
    expect(pool[1] - 2_000_000).toBeCloseTo(1180, 9)
    expect(movedTo(out, RESERVE, USD)).toBeCloseTo(120, 9)
    expect(movedTo(out, BORROWERS, USD)).toBeCloseTo(700, 9)
    expect(out.lostUsd).toEqual([0])
    expect([...protocol.book.amount].every((amount) => amount === 0)).toBe(true)
    expect([...booksOf(protocol).interestUsd]).toEqual([0, 0])
  })

  it('default: who cannot pay the fees in full pays all to the pool', () => {
    const protocol = openedWith(specOf(fees), [1, 2000], [long])
    publish(protocol, ETH, 1963)
    const out = act(protocol)
    expect(booksOf(protocol).pool[1] - 2_000_000).toBeCloseTo(2000, 9)
    expect(movedTo(out, RESERVE, USD)).toBe(0)
    expect(out.lostUsd).toEqual([0])
  })

  it('default: a loss beyond the collateral is the pool’s', () => {
    const protocol = openedWith(specOf(fees), [1, 2000], [long])
    publish(protocol, ETH, 1900)
    const out = act(protocol)
    expect(out.lostUsd[0]).toBeCloseTo(3000, 9)
    expect(protocol.badDebt[USD]).toBeCloseTo(3000, 9)
    expect(movedTo(out, LENDERS, USD)).toBeCloseTo(-3000, 9)
    expect(booksOf(protocol).pool[1] - 2_000_000).toBeCloseTo(2000, 9)
  })

  it('default: funding is paid first, and kept for those whom it is owed', () => {
    const of = specOf({ ...fees, fundingRate: 0.03 })
    const protocol = openedWith(of, [1, 2000], [long])
    protocol.rules.accrue!(protocol, YEAR_SECONDS / 2)
    publish(protocol, ETH, 1980)
    const out = act(protocol)
    expect(movedTo(out, ITEMS, USD)).toBeCloseTo(1500, 9)
    expect(out.lostUsd[0]).toBeCloseTo(500, 9)
  })

  it('default: a profit pays what collateral cannot, cut to what the side may win', () => {
    // Its collateral has lost nearly all: a short on ETH.
    const trade: Trade = { side: -1, units: 100, entry: 2000, collateral: 1, in: ETH }
    const of = specOf({ ...fees, positionFee: 0.5, pool: { longUnits: 1, shortUnits: 160_000 } })
    const [terms] = of.markets
    const protocol = openedWith(
      { ...of, markets: [{ ...terms, maxPnlForTraders: 0.5 }] },
      [1, 2000],
      [trade],
    )
    publish(protocol, ETH, 1000)
    const out = act(protocol)
    // Won 100,000, cut to 80,000; fees 100,400 take 1 ETH and all of it.
    expect(out.count).toBe(1)
    expect(movedTo(out, BORROWERS, USD)).toBe(0)
    expect([...booksOf(protocol).pool]).toEqual([2, 160_000])
  })

  it('default: impact is paid last into its pool, and gains come out of it', () => {
    const impact = {
      ...{ factorPositive: 1e-8, factorNegative: 2e-8, exponent: 2, poolUnits: 0.02 },
      ...{ maxPositive: 0.01, maxNegative: 0.001, maxForLiquidations: 0 },
    }
    const worse = openedWith(
      specOf({ impact }),
      [1, 2000],
      [
        { ...long, units: 100, collateral: 90_000 },
        { ...long, side: -1 },
      ],
    )
    publish(worse, ETH, 2025)
    const out = act(worse)
    // 2e-8 x (200,000^2 - 100,000^2) = 600, cut to 0.1 % of 100,000.
    expect(movedTo(out, BORROWERS, USD)).toBeCloseTo(2000 - 1250 - 100, 9)
    expect(booksOf(worse).impactPool[0]).toBeCloseTo(0.02 + 100 / 2025, 12)
    const better = openedWith(specOf({ impact }), [1, 2000], [long])
    publish(better, ETH, 1975)
    // 1e-8 x 100,000^2 = 100, of which the pool has 0.02 ETH; in ETH, as a long's profit.
    expect(movedTo(act(better), BORROWERS, ETH)).toBeCloseTo(0.02, 12)
    expect(booksOf(better).impactPool[0]).toBeCloseTo(0, 12)
  })
})

describe('the hedge', () => {
  it('default: a part of what is closed is traded a block later, until the market takes it', () => {
    const protocol = openedWith(specOf({}, 0.4), [1, 2000], [long])
    publish(protocol, ETH, 1970)
    const first = act(protocol)
    expect(first.units).toEqual([50])
    const part = act(protocol, [1, 1960], 0.75)
    expect([part.account[0], part.units[0], part.price[0]]).toEqual([-1, 15, 1960])
    expect(movedTo(part, ITEMS, USD)).toBeCloseTo(15 * 1960, 9)
    expect(act(protocol).units).toEqual([5])
    expect(act(protocol).count).toBe(0)
    expect(booksOf(protocol).outside[ETH]).toBeCloseTo(-20, 12)
  })

  it('behaviour: who hedges a closed short buys', () => {
    const protocol = openedWith(specOf(), [1, 2000], [{ ...long, side: -1 }])
    publish(protocol, ETH, 2030)
    expect(act(protocol).units).toEqual([-50])
    expect(act(protocol).units).toEqual([-50])
    expect(booksOf(protocol).outside[ETH]).toBe(50)
  })

  it('behaviour: with none of it positions close and nothing is traded', () => {
    const protocol = openedWith(specOf({}, 0), [1, 2000], [long])
    publish(protocol, ETH, 1970)
    expect(offersOf(protocol, 0).count).toBe(0)
    expect(act(protocol).count).toBe(1)
    expect(act(protocol).count).toBe(0)
  })

  it('behaviour: without time it is an offer, and the position closes whole whoever takes it', () => {
    for (const side of [1, -1] as const) {
      const protocol = openedWith(specOf({}, 0.5), [1, 2000], [{ ...long, side }])
      publish(protocol, ETH, 2000 - 30 * side)
      const offers = offersOf(protocol, 0)
      const [sells, pays] = side > 0 ? [ETH, USD] : [USD, ETH]
      expect([offers.sells[0], offers.pays[0]]).toEqual([sells, pays])
      expect([offers.amount[0], offers.cost[0]].sort((a, b) => a - b)[0]).toBe(25)
      const moved = take(protocol, offers, 0, offers.amount[0] / 5)
      expect([moved.reason, booksOf(protocol).interestUsd[side > 0 ? 0 : 1]]).toEqual([0, 0])
      expect(moved.seized).toBe(offers.amount[0] / 5)
    }
  })
})

describe('a table of positions', () => {
  const of = { ...specOf(), markets: [market, { ...market, group: 2, index: DOGE }] }
  const rows = (list: readonly (readonly [number, 1 | -1, number, number, number?])[]) => ({
    accounts: ['trader'],
    account: Uint32Array.from(list, () => 0),
    asset: Uint16Array.from(list, ([asset]) => asset),
    side: Int8Array.from(list, ([, side]) => side),
    group: Uint16Array.from(list, ([, , group]) => group),
    amount: Float64Array.from(list, ([, , , amount]) => amount),
    own: { entry: Float64Array.from(list, ([, , , , entry = 0]) => entry) },
    synthetic: false,
    asOf: null,
  })
  const legs = (...list: Parameters<typeof rows>[0]) =>
    [...opened(of, [1, 2000, 0.1], rows(list)).book.amount].map((amount) => amount || 0)

  it.each([
    ['an entry', [ETH, 1, 1, 10, 1900], [ETH, 1, 0, 2], [10, -19_000, 2, -190]],
    ['none', [ETH, -1, 1, 10], [USD, 1, 0, 500], [-10, 20_000, 500, -200]],
    ['a loan', [ETH, 1, 1, 10], [USD, -1, 1, 15_000], [10, -20_000, 5000, -200]],
    ['a loan beyond its worth', [ETH, 1, 1, 10], [USD, -1, 1, 25_000], [10, -25_000, 0, -250]],
    ['tokens that were sold', [USD, 1, 1, 22_000], [ETH, -1, 1, 10], [-10, 20_000, 2000, -200]],
    ['tokens sold too cheap', [ETH, -1, 1, 10], [USD, 1, 1, 19_000], [-10, 19_000, 0, -190]],
    ['another index', [ETH, 1, 2, 3], [DOGE, -1, 2, 1000, 0.2], [-1000, 200, 3, -2]],
  ] as const)('default: %s', (_, one, other, expected) => {
    expect(legs(one, other)).toEqual(expected)
  })

  it.each([
    ['FB2233', [ETH, 1, 1, 10], [ETH, -1, 1, 10]],
    ['FB2233', [ETH, 1, 1, 10], [DOGE, -1, 2, 10]],
    ['FB2233', [ETH, 1, 1, 10], [USD, 1, 2, 10]],
    ['FB2234', [ETH, 1, 1, 10, 2000], [USD, -1, 1, 10]],
    ['FB2234', [USD, -1, 1, 10], [USD, 1, 0, 5]],
    ['FB2234', [USD, 1, 0, 10], [ETH, 1, 0, 5]],
  ] as const)('error: %s', (code, one, other) => {
    expect(() => legs(one, other)).toThrowError(expect.objectContaining({ code }))
  })

  it('error: markets that are none', () => {
    const made = (over: object) => () => layoutOf(specOf(over))
    const adl = { maxPnl: 0.5, minPnlAfter: 0.6, pick: 'profit' as const }
    const with_ = (code: string) => expect.objectContaining({ code })
    expect(made({ short: ETH })).toThrowError(with_('FB2232'))
    expect(made({ adl })).toThrowError(with_('FB2235'))
  })

  it('default: POOL stands at what it is owed, in movements', () => {
    const protocol = openedWith(specOf(), [1, 2000], [long])
    publish(protocol, ETH, 1970)
    const out = act(protocol)
    expect(movedTo(out, POOL, ETH)).toBe(50)
    expect(movedTo(out, POOL, USD)).toBeCloseTo(1500 - 100_000, 9)
  })
})
