/** An exchange whose orders have limits: who is sold, how much, and who is offered to whom. */

import { describe, expect, it } from 'vitest'
import type { Quote } from '../house.ts'
import type { Protocol } from '../rules.ts'
import type { PerpetualBooks } from './perpetual/books.ts'
import type { PerpetualSpec } from './perpetual/parameters.ts'
import { closedAt, opened, type Row } from './perpetual.suite.ts'
import { perpetual } from './perpetual.ts'

const plain: PerpetualSpec = {
  settlement: 0,
  markets: [
    { asset: 1, tiers: [{ rate: 0.03 }] },
    { asset: 2, tiers: [{ rate: 0.1 }] },
  ],
  collateral: [],
  liquidationFee: 0,
  leftover: 'account',
  fundUsd: 0,
}
const fillable = { adjustment: 1, spreadToMaintenance: 1.5 }
const PRICES = [1, 100, 10]

/** A position of 100 USD of notional or more, and equity as a share of maintenance. */
function trader(account: number, asset: 1 | 2, units: number, ratio: number): Row[] {
  const side = units > 0 ? 1 : -1
  const rate = asset === 1 ? 0.03 : 0.1
  const amount = Math.abs(units)
  return [
    { account, asset, side, amount, entry: PRICES[asset] },
    { account, asset: 0, side: 1, amount: amount * PRICES[asset] * rate * ratio },
  ]
}

/** A book whose price falls by a share of itself for each unit sold, in both markets. */
const sloping =
  (share: number): Quote =>
  (asset, units) =>
    PRICES[asset] * (1 - (share * units) / 2)

const exchange = (over: Partial<PerpetualSpec>, rows: readonly Row[]): Protocol =>
  opened(perpetual({ ...plain, ...over }), PRICES, rows)
const booksOf = ({ items }: Protocol) => items as PerpetualBooks

/** By account, units that were closed in the market. */
function closedOf({ out }: ReturnType<typeof closedAt>): Record<number, number> {
  return Object.fromEntries(
    out.account.slice(0, out.count).map((account, n) => [account, out.units[n]]),
  )
}

describe('fillable', () => {
  // Ratings of .2, .4, .6 and .8: limits of 99.1, 98.2, 97.3 and 96.4.
  const rows = [0.8, 0.6, 0.4, 0.2].flatMap((ratio, i) => trader(i, 1, 10, ratio))

  it('default: who is nearest to the mark goes last, and waits where the book ends', () => {
    const { out, orders } = closedAt(exchange({ fillable }, rows), 100, 1, 1, sloping(0.0016))
    // The last unit of 10 brings 98.4, that of 16.875 what the next may sell at.
    expect(out.account.slice(0, out.count)).toEqual([2, 3])
    expect(out.units[0]).toBeCloseTo(6.875, 2)
    expect(out.units[1]).toBe(10)
    expect(orders.sold[1]).toBe(out.units[0] + 10)
  })

  it('law: all of what is sold brings at least the limit of whoever is sold', () => {
    for (const share of [1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 0.1]) {
      const protocol = exchange({ fillable }, rows)
      const { out, orders } = closedAt(protocol, 100, 1, 1, sloping(share))
      const last = 100 * (1 - share * orders.sold[1])
      for (let n = 0; n < out.count; n++)
        expect(last).toBeGreaterThan(100 - 0.9 * (out.account[n] + 1) - 0.01)
      expect(orders.sold[1]).toBeLessThanOrEqual(40)
    }
  })

  it('law: shorts pay as much more as longs get less, and both at once meet each other', () => {
    const shorts = [0.8, 0.6, 0.4, 0.2].flatMap((ratio, i) => trader(i, 1, -10, ratio))
    const sold = closedAt(exchange({ fillable }, rows), 100, 1, 1, sloping(0.001))
    const bought = closedAt(exchange({ fillable }, shorts), 100, 1, 1, sloping(0.001))
    expect(bought.orders.bought[1]).toBeCloseTo(sold.orders.sold[1], 9)
    const both = [...rows, ...shorts.map((row) => ({ ...row, account: row.account! + 4 }))]
    const met = closedAt(exchange({ fillable }, both), 100, 1, 1, sloping(0.0008))
    expect([met.orders.sold[1], met.orders.bought[1]]).toEqual([40, 40])
  })

  it('law: markets do not know of each other', () => {
    const two = [...rows, ...[0.9, 0.1].flatMap((ratio, i) => trader(4 + i, 2, 50, ratio))]
    const one = closedAt(exchange({ fillable }, rows), 100, 1, 1, sloping(0.001))
    const all = closedAt(exchange({ fillable }, two), 100, 1, 1, sloping(0.001))
    expect(all.orders.sold[1]).toBe(one.orders.sold[1])
    // Limits of 9.85 and 8.65: the other half of the book is below the first.
    expect(closedOf(all)[5]).toBe(50)
    expect(closedOf(all)[4]).toBeUndefined()
  })

  it('law: whoever waits tries again, as before', () => {
    const parts = { fillable, portion: 0.2, portionAboveUsd: 500, cooldownSeconds: 30 }
    const protocol = exchange(parts, trader(0, 1, 10, 0.5))
    expect(closedAt(protocol, 90, 1, 1).out.count).toBe(0)
    expect(closedAt(protocol, 99, 1, 2).out.units[0]).toBe(2)
    expect(closedAt(protocol, 99, 1, 3).out.count).toBe(0)
    expect(closedAt(protocol, 90, 1, 33).out.count).toBe(0)
    // After a first part the rest is whole.
    expect(closedAt(protocol, 98, 1, 34).out.units[0]).toBe(8)
  })
})

describe('sizes', () => {
  const parts = { portion: 0.1, portionMinUsd: 1000, portionRepeats: true }

  it('default: a tenth of what is left at a time, at least 1000, then the whole rest', () => {
    const protocol = exchange(parts, trader(0, 1, 200, 0.5))
    const sizes = Array.from({ length: 24 }, (_, k) => closedAt(protocol, 100, 1, k + 1).out)
    const closed = sizes.filter(({ count }) => count > 0).map(({ units }) => units[0])
    expect(closed.slice(0, 3)).toEqual([20, 18, 16.2])
    // A tenth of the maintenance of 5 is freed by each tenth: equity meets it at half of the size.
    expect(closed.reduce((sum, units) => sum + units, 0)).toBeGreaterThan(99)
    expect(protocol.book.amount[0]).toBeGreaterThan(90)
    const small = exchange(parts, trader(0, 1, 30, -0.5))
    expect([1, 2, 3].map((k) => closedAt(small, 100, 1, k).out.units[0])).toEqual([10, 10, 10])
  })

  it('default: no account closes more than its limit in a block', () => {
    const limited = exchange(
      { ...parts, perBlock: { accountNotionalUsd: 1500 } },
      trader(0, 1, 200, 0.5),
    )
    expect(closedAt(limited, 100).out.units[0]).toBe(15)
    const two = [
      ...trader(0, 1, 10, 0.1),
      { account: 0, asset: 2, side: -1 as const, amount: 100, entry: 10 },
    ]
    const both = closedAt(exchange({ perBlock: { accountNotionalUsd: 1500 } }, two), [1, 100, 10])
    expect(both.out.units.slice(0, 2)).toEqual([10, -50])
  })

  it('default: one by one a block takes one position, not always the same', () => {
    const rows = [
      ...trader(0, 1, 10, 0.1),
      { account: 0, asset: 2, side: -1 as const, amount: 100, entry: 10 },
    ]
    const first = [1, 2, 3, 4].map((block) => {
      const { out } = closedAt(exchange({ oneByOne: true }, rows), [1, 100, 10], 1, block)
      expect(out.count).toBe(1)
      return out.asset[0]
    })
    expect(first).toEqual([2, 1, 2, 1])
  })

  it('default: a block looks at so many accounts, from a start that it draws', () => {
    const rows = Array.from({ length: 10 }, (_, i) => trader(i, 1, 10, 0.5)).flat()
    const seen = new Set<number>()
    for (const block of [1, 2, 3, 4, 5, 6]) {
      const { out } = closedAt(exchange({ perBlock: { accounts: 3 } }, rows), 100, 1, block)
      const accounts = out.account.slice(0, out.count)
      expect(accounts).toHaveLength(3)
      accounts.forEach((account, n) => {
        expect(account).toBe((accounts[0] + n) % 10)
        seen.add(account)
      })
    }
    expect(seen.size).toBe(10)
  })
})

describe('a fund that settles fills', () => {
  const fill = { fundSettles: 'fill', liquidationFee: 0.015 } as const

  it('law: it gets or pays what an account has above or below its part of maintenance', () => {
    for (const [ratio, price] of [
      [0.9, 99],
      [0.2, 98],
      [-1, 99],
      [-2, 100],
    ]) {
      const protocol = exchange({ ...fill, fundUsd: 500, portion: 0.3 }, trader(0, 1, 10, ratio))
      const { fund } = booksOf(protocol)
      closedAt(protocol, price)
      const gets = booksOf(protocol).fund - fund
      const margin = 30 * ratio
      expect(gets).toBeCloseTo(Math.min(0.015 * 3 * price, 3 * (price - 100) + 0.3 * margin), 9)
      const [left, cash] = protocol.book.amount
      expect(left * 100 + cash).toBeCloseTo(margin + 3 * (price - 100) - gets, 9)
    }
  })

  it('default: it pays for whoever comes first, as far as it has and as it may', () => {
    const rows = [-0.3, -0.6, -0.9].flatMap((ratio, i) => trader(i, 1, 10, ratio))
    const run = (fundUsd: number, over = {}) => {
      const protocol = exchange({ ...fill, ...over, fundUsd }, rows)
      const { out, orders } = closedAt(protocol, 100)
      expect([orders.sold[1], orders.bought[1]]).toEqual([10 * out.count, 0])
      return { who: out.account.slice(0, out.count), left: booksOf(protocol).fund }
    }
    expect(run(54)).toEqual({ who: [0, 1, 2], left: 0 })
    expect(run(50).who).toEqual([0, 1])
    expect(run(50).left).toBeCloseTo(23, 9)
    expect(run(20).who).toEqual([0])
    expect(run(54, { perBlock: { accountLossUsd: 20 } }).who).toEqual([0, 1])
    expect(run(5).who).toEqual([])
  })
})

describe('a walk', () => {
  const walk = (attempts = 10, counterparties = 500) => ({
    ...{ fillable, fundSettles: 'fill' as const },
    adl: { policy: 'dydx', basis: 'notional', walk: { attempts, counterparties } } as const,
  })
  const shorts = (count: number, ratio = 5) =>
    Array.from({ length: count }, (_, i) => trader(1 + i, 1, -2, ratio)).flat()
  const loser = trader(0, 1, 10, -1)
  const deleveraged = ({ out }: ReturnType<typeof closedAt>) =>
    out.account.filter((_, n) => n < out.count && out.ending[n] === 2)

  it('default: whoever is next in the list closes at the price of the loser', () => {
    const protocol = exchange(walk(), [...loser, ...shorts(20)])
    const closed = closedAt(protocol, 100)
    const who = deleveraged(closed)
    // The start is .618 of 20 in block 1.
    expect(who).toEqual([13, 14, 15, 16, 17])
    expect(closed.out.price[0]).toBeCloseTo(103, 9)
    expect(protocol.book.amount[0]).toBe(0)
    expect(protocol.book.amount[1]).toBe(0)
    expect(booksOf(protocol)).toMatchObject({ deleveragedUsd: 1000, unmetUsd: 0, fund: 0 })
    expect(booksOf(protocol).haircutUsd).toBeCloseTo(30, 9)
  })

  it('default: who would be below its own bankruptcy price is skipped', () => {
    const thin = [...loser, ...shorts(10, 1.2), ...shorts(10).map(later(10))]
    expect(deleveraged(closedAt(exchange(walk(), thin), 100)).every((i) => i > 10)).toBe(true)
    const none = exchange(walk(), [...trader(0, 1, 10, -1.3), ...shorts(20, 1.2)])
    expect(closedAt(none, 100).out.count).toBe(0)
    expect(booksOf(none).unmetUsd).toBeCloseTo(39, 9)
    closedAt(none, 100, 1, 2)
    expect(booksOf(none)).toMatchObject({ unmetUsd: booksOf(none).neededUsd, haircutUsd: 0 })
    expect(booksOf(none).unmetUsd).toBeCloseTo(39, 9)
    expect(none.book.amount[0]).toBe(10)
  })

  it('default: so many counterparties, and so many attempts', () => {
    const few = exchange(walk(10, 3), [...loser, ...shorts(20)])
    expect(deleveraged(closedAt(few, 100))).toHaveLength(3)
    expect(few.book.amount[0]).toBe(4)
    const losers = [1, 2, 3, 4].flatMap((i) => trader(i - 1, 1, 2, -i))
    const four = exchange(walk(2), [...losers, ...shorts(20, 9).map(later(3))])
    const { out } = closedAt(four, 100)
    const closed = out.account.filter((_, n) => n < out.count && out.ending[n] === 3)
    expect(closed).toHaveLength(2)
  })

  it('default: who is below maintenance itself may close what makes it no worse', () => {
    for (const [ratio, units] of [
      [0.5, 1],
      [0.3, 0],
    ]) {
      // Block 1 looks at the second of two.
      const rows = [...trader(0, 1, -2, ratio), ...trader(1, 1, 1, -0.4)]
      const protocol = exchange({ ...walk(), perBlock: { accounts: 1 } }, rows)
      closedAt(protocol, 90)
      expect(protocol.book.amount[0]).toBe(units - 2)
    }
  })

  it('law: who is closed in the market in the same block is no counterparty', () => {
    const rows = [...trader(0, 1, 10, -0.1), ...trader(1, 1, -10, 0.5)]
    const protocol = exchange(walk(), rows)
    const { out } = closedAt(protocol, 90)
    expect(out.units.slice(0, out.count)).toEqual([-10])
    expect([protocol.book.amount[0], protocol.book.amount[2]]).toEqual([10, 0])
  })

  it('law: whoever closes all at its bankruptcy price has nothing, to the last digit', () => {
    for (let n = 1; n < 50; n++) {
      const rows = [...trader(0, 1, 7 / n, -0.1 * n), ...shorts(20, 40)]
      const protocol = exchange(walk(), rows)
      closedAt(protocol, 100)
      expect([...protocol.book.amount.slice(0, 2)]).toEqual([0, 0])
    }
  })

  it('default: neither who has equity is deleveraged, nor who has a fill', () => {
    const solvent = exchange(walk(), [...trader(0, 1, 10, 0.1), ...shorts(20)])
    expect(closedAt(solvent, 90).out.count).toBe(0)
    const paid = exchange({ ...walk(), fundUsd: 1e3 }, [...loser, ...shorts(20)])
    expect(closedAt(paid, 100).out.ending.slice(0, 1)).toEqual([0])
    expect(booksOf(paid)).toMatchObject({ deleveragedUsd: 0, fund: 970 })
  })

  it('error: FB2224 another policy, or the basis of profit', () => {
    for (const adl of [
      { policy: 'queue', basis: 'notional' },
      { policy: 'dydx', basis: 'profit' },
    ] as const)
      expect(() => perpetual({ ...plain, adl: { ...adl, walk: {} } })).toThrow(/adl\.walk/)
  })
})

/** The same row of an account further down. */
function later(by: number): (row: Row) => Row {
  return (row) => ({ ...row, account: row.account! + by })
}
