/** Auto-deleveraging on an exchange: who gives up what, and that nothing is made or hidden. */

import { describe, expect, it } from 'vitest'
import { policies } from '../adl/index.ts'
import { byBreakpoints, bySorting, winnersOf } from '../adl/reference.suite.ts'
import { health } from '../book.ts'
import type { Protocol } from '../rules.ts'
import { type Draw, drawFrom } from '../timedWorlds.suite.ts'
import type { PerpetualBooks } from './perpetual/books.ts'
import type { PerpetualSpec } from './perpetual/parameters.ts'
import { closedAt, opened, type Row } from './perpetual.suite.ts'
import { perpetual } from './perpetual.ts'
import { publish } from './vectors.suite.ts'

type PolicyName = keyof typeof policies
const names = Object.keys(policies) as PolicyName[]
const MARK = 80

function exchange(policy: PolicyName, basis: 'notional' | 'profit', over = {}): PerpetualSpec {
  return {
    settlement: 0,
    markets: [{ asset: 1, tiers: [{ rate: 0.01 }], fundingRate: 0 }],
    collateral: [],
    liquidationFee: 0,
    leftover: 'account',
    ...{ portion: 1, portionAboveUsd: 0, cooldownSeconds: 0, fundUsd: 0 },
    adl: { policy, basis, maxShare: 1 },
    ...over,
  }
}

/** A long of 10 at 100 with 50 of margin (below 0 at 80), and shorts that win. */
function rowsOf(draw: Draw, winners: number): Row[] {
  const long: Row[] = [
    { account: 0, asset: 1, side: 1, amount: 10, entry: 100 },
    { account: 0, asset: 0, side: 1, amount: 50 },
  ]
  const shorts = Array.from({ length: winners }, (_, w): Row[] => {
    const amount = draw.between(0.1, 6)
    const entry = draw.between(81, 120)
    return [
      { account: w + 1, asset: 1, side: -1, amount, entry },
      { account: w + 1, asset: 0, side: 1, amount: amount * draw.between(5, 60) },
    ]
  })
  return [...long, ...shorts.flat()]
}

/** Equity of every account at the mark, without maintenance. */
function equities(protocol: Protocol): number[] {
  const { book, prices } = protocol
  const plain = Float64Array.from(protocol.rules.slots.asset, (asset) => prices[asset])
  return protocol.accounts.map((_, i) => health(book, plain, i))
}

const profitOf = (rows: readonly Row[], w: number) => {
  const { amount, entry } = rows[2 * w]
  return amount * (entry! - MARK)
}

describe.each(names)('%s', (policy) => {
  it('law: winners give what an exact solver says, and never more than their profit', () => {
    let limited = 0
    for (let n = 0; n < 100; n++) {
      const draw = drawFrom(100 + n)
      const rows = rowsOf(draw, 1 + Math.floor(draw() * 12))
      const protocol = opened(perpetual(exchange(policy, 'notional')), [1, 100], rows)
      publish(protocol, 1, MARK)
      const before = equities(protocol)
      const { out } = closedAt(protocol, MARK - 5)
      const after = equities(protocol)
      const books = protocol.items as PerpetualBooks
      const gap = 15
      const winners = winnersOf(
        before.slice(1).map((equity, w) => {
          const { amount, entry } = rows[2 * w + 2]
          const profit = profitOf(rows, w + 1)
          const of = { side: -1 as const, profit, notional: amount * MARK, equity, entry: entry! }
          const { score, weight } = policies[policy]()
          const standing = { ...of, mark: MARK, entryValue: amount * entry! }
          const cap = Math.min(amount, profit / gap)
          return { cap, score: score(standing), weight: weight(standing) }
        }),
      )
      const expected = policy === 'dydx' ? null : solved(policy, winners, 10)
      const given = before.slice(1).map((equity, w) => (equity - after[w + 1]) / gap)
      given.forEach((units, w) => {
        if (expected !== null) expect(units).toBeCloseTo(expected[w], 9)
        expect(units * gap).toBeLessThanOrEqual(profitOf(rows, w + 1) + 1e-9)
      })
      const got = given.reduce((sum, units) => sum + units, 0)
      const most = winners.cap.reduce((sum, cap) => sum + cap, 0)
      expect(got).toBeCloseTo(Math.min(10, most), 9)
      if (most < 10) limited++
      expect(books.haircutUsd).toBeCloseTo(got * gap, 9)
      expect(books.neededUsd).toBeCloseTo(150, 9)
      expect(books.unmetUsd).toBeCloseTo(150 - got * gap, 9)
      expect(protocol.book.amount[0]).toBeCloseTo(10 - got, 9)
      expect(out.moves.count).toBe(0)
    }
    expect(limited).toBeGreaterThan(5)
  })

  it('law: paid from profit, losers are whole and what is missing is lost', () => {
    for (let n = 0; n < 100; n++) {
      const draw = drawFrom(900 + n)
      const rows = rowsOf(draw, 1 + Math.floor(draw() * 8))
      const protocol = opened(perpetual(exchange(policy, 'profit')), [1, 100], rows)
      publish(protocol, 1, MARK)
      const before = equities(protocol)
      const { out } = closedAt(protocol, MARK)
      const after = equities(protocol)
      const books = protocol.items as PerpetualBooks
      const given = before.map((equity, i) => equity - after[i])
      expect(after[0]).toBe(0)
      given.slice(1).forEach((usd, w) => {
        expect(usd).toBeLessThanOrEqual(profitOf(rows, w + 1) + 1e-9)
        expect(usd).toBeGreaterThanOrEqual(0)
      })
      const sum = given.slice(1).reduce((total, usd) => total + usd, 0)
      expect(sum).toBeCloseTo(books.haircutUsd, 9)
      expect(protocol.badDebt[0]).toBeCloseTo(150 - sum, 9)
      expect(out.lostUsd[0]).toBeCloseTo(150 - sum, 9)
    }
  })
})

function solved(policy: PolicyName, winners: ReturnType<typeof winnersOf>, need: number) {
  const isQueue = policy === 'queue' || policy === 'hyperliquid'
  return isQueue ? bySorting(winners, need) : byBreakpoints(winners, need)
}

describe('proRata', () => {
  it('law: splitting an account in two changes nothing', () => {
    for (let n = 0; n < 50; n++) {
      const rows = rowsOf(drawFrom(500 + n), 6)
      const part = 0.1 + 0.8 * drawFrom(n)()
      const split = [
        ...rows.slice(0, 2),
        ...rows.slice(2, 4).map((row) => ({ ...row, amount: row.amount * part })),
        ...rows.slice(4),
        ...rows.slice(2, 4).map((row) => ({ ...row, account: 7, amount: row.amount * (1 - part) })),
      ]
      for (const basis of ['notional', 'profit'] as const) {
        const end = (of: readonly Row[]) => {
          const protocol = opened(perpetual(exchange('proRata', basis)), [1, 100], of)
          publish(protocol, 1, MARK)
          closedAt(protocol, MARK - 2)
          return equities(protocol)
        }
        const [whole, parts] = [end(rows), end(split)]
        whole.forEach((equity, i) => {
          const own = i === 1 ? parts[1] + parts[7] : parts[i]
          expect(own).toBeCloseTo(equity, 9)
        })
      }
    }
  })
})

describe('the fund comes first', () => {
  it('behaviour: whoever it can pay for is sold in the market, the rest is deleveraged', () => {
    const rows = rowsOf(drawFrom(3), 20)
    const run = (fundUsd: number) => {
      const protocol = opened(perpetual(exchange('queue', 'notional', { fundUsd })), [1, 100], rows)
      publish(protocol, 1, MARK)
      const { orders } = closedAt(protocol, MARK - 5)
      return { sold: orders.sold[1], books: protocol.items as PerpetualBooks }
    }
    expect(run(200)).toMatchObject({ sold: 10, books: { fund: 0, deleveragedUsd: 0 } })
    expect(run(199.9)).toMatchObject({ sold: 0, books: { fund: 199.9, deleveragedUsd: 800 } })
  })
})

describe('several markets', () => {
  const two = (over: object = {}): PerpetualSpec => ({
    ...exchange('queue', 'notional', over),
    markets: [1, 2].map((asset) => ({ asset, tiers: [{ rate: 0.01 }], fundingRate: 0 })),
  })
  const rows: Row[] = [
    { account: 0, asset: 1, side: 1, amount: 10, entry: 100 },
    { account: 0, asset: 2, side: -1, amount: 30, entry: 10 },
    { account: 0, asset: 0, side: 1, amount: 50 },
    { account: 1, asset: 1, side: -1, amount: 40, entry: 100 },
    { account: 1, asset: 0, side: 1, amount: 900 },
    { account: 2, asset: 2, side: 1, amount: 90, entry: 10 },
    { account: 2, asset: 0, side: 1, amount: 900 },
  ]
  const closed = (exhausted: number) => {
    const protocol = opened(perpetual(two()), [1, 100, 10], rows)
    publish(protocol, 1, MARK)
    publish(protocol, 2, 12)
    if (exhausted >= 0) (protocol.items as PerpetualBooks).exhausted[exhausted] = 1
    const before = equities(protocol)
    const { orders, out } = closedAt(protocol, MARK)
    return { protocol, orders, out, before, after: equities(protocol) }
  }

  it('law: a loser of several ends with nothing, and winners bear what it lacked', () => {
    const { orders, out, before, after } = closed(-1)
    expect([...orders.sold, ...orders.bought]).toEqual([0, 0, 0, 0, 0, 0])
    expect(out.ending).toEqual([2, 3, 2, 3])
    expect(after[0]).toBeCloseTo(0, 9)
    expect(before[1] + before[2] - after[1] - after[2]).toBeCloseTo(-before[0], 9)
  })

  it('law: where one side has no winner left, all of an account goes to the market', () => {
    const { orders, out } = closed(3)
    expect([orders.sold[1], orders.bought[2]]).toEqual([10, 30])
    expect(out.ending).toEqual([0, 0])
    expect(out.units).toEqual([10, -30])
  })
})

describe('a winner of several positions', () => {
  it('behaviour: whoever is closed in the same block is no winner, and its profit is not counted', () => {
    const of: PerpetualSpec = {
      ...exchange('queue', 'notional'),
      markets: [1, 2].map((asset) => ({ asset, tiers: [{ rate: 0.01 }], fundingRate: 0 })),
    }
    const rows: Row[] = [
      { account: 0, asset: 1, side: 1, amount: 10, entry: 100 },
      { account: 0, asset: 0, side: 1, amount: 50 },
      { account: 1, asset: 1, side: -1, amount: 10, entry: 120 },
      { account: 1, asset: 0, side: 1, amount: 900 },
      // Wins 200 on its short and loses 400 on its long: 5 of equity, 14 of maintenance.
      { account: 2, asset: 1, side: -1, amount: 5, entry: 120 },
      { account: 2, asset: 2, side: 1, amount: 100, entry: 14 },
      { account: 2, asset: 0, side: 1, amount: 205 },
    ]
    const protocol = opened(perpetual(of), [1, 100, 10], rows)
    publish(protocol, 1, MARK)
    const { out } = closedAt(protocol, [1, MARK, 10])
    const winners = out.account.slice(0, out.count).filter((_, n) => out.ending[n] === 2)
    expect(winners).toEqual([1])
    expect((protocol.items as PerpetualBooks).profitUsd).toBeCloseTo(400, 9)
  })

  it('behaviour: a hedged one ranks by all of them, and the haircut is of all profit', () => {
    const of: PerpetualSpec = {
      ...exchange('queue', 'profit'),
      markets: [1, 2].map((asset) => ({ asset, tiers: [{ rate: 0.01 }], fundingRate: 0 })),
    }
    const rows: Row[] = [
      { account: 0, asset: 1, side: 1, amount: 10, entry: 100 },
      { account: 0, asset: 0, side: 1, amount: 50 },
      // Short and long for nearly the same: its profit is above what stands on one side.
      { account: 1, asset: 1, side: -1, amount: 10, entry: 120 },
      { account: 1, asset: 2, side: 1, amount: 78, entry: 10 },
      { account: 1, asset: 0, side: 1, amount: 20 },
      { account: 2, asset: 1, side: -1, amount: 10, entry: 120 },
      { account: 2, asset: 0, side: 1, amount: 9000 },
    ]
    const protocol = opened(perpetual(of), [1, 100, 10], rows)
    publish(protocol, 1, MARK)
    const before = equities(protocol)
    closedAt(protocol, MARK)
    const after = equities(protocol)
    expect(before[1] - after[1]).toBeCloseTo(150, 9)
    expect(before[2] - after[2]).toBe(0)
    expect((protocol.items as PerpetualBooks).profitUsd).toBeCloseTo(800, 9)
  })
})
