/** Drift v2: who pays what a bankrupt account owes. */

import { describe, expect, it } from 'vitest'
import { health } from '../book.ts'
import { ACCOUNTS, ITEMS, LENDERS, POOL } from '../rules.ts'
import { amountOf, booksOf, cash, OTHER, one, perp, position, spot, USD } from './driftV2.suite.ts'
import { act, movedUnits } from './settling.suite.ts'
import { offersOf } from './vectors.suite.ts'

describe('bankruptcy', () => {
  const insured = {
    perps: [{ ...perp, maxClaimUsd: 30, feePoolUsd: 20 }],
    spot: [{ ...cash, fundUnits: 1000 }, spot],
  }
  const others = [...position(30, 9000, 1), ...position(-10, 3000, 2)]

  it('default: the fund up to the claim, then the fees, then all open base', () => {
    const protocol = one(insured, [...position(10, -90), ...others])
    const moved = act(protocol, offersOf(protocol, 0), 0)
    const { fund, claim, feePool, loss, borne } = booksOf(protocol)
    expect([fund[USD], claim[0], feePool[0]]).toEqual([970, 0, 0])
    // A loss of 90 and a fee of 10, less 50: 50 over 40 units.
    expect(protocol.badDebt[USD]).toBeCloseTo(50, 9)
    expect(loss[0]).toBeCloseTo(1.25, 9)
    expect(movedUnits(moved, USD, POOL, ACCOUNTS)).toBeCloseTo(50, 9)
    expect(movedUnits(moved, USD, LENDERS, ACCOUNTS)).toBeCloseTo(50, 9)
    expect(borne[0]).toBe(0)
    expect(health(protocol.book, protocol.values, 1)).toBeCloseTo(9000 - 150 - 30 * 1.25, 9)
    expect(health(protocol.book, protocol.values, 2)).toBeCloseTo(3000 - 50 - 10 * 1.25, 9)
    expect(amountOf(protocol, 0, USD)).toBe(0)
  })

  /** Accounts of a market: some that are bankrupt at 100, and some that bear it. */
  const shared = (losers: number, bearers: number) => {
    const all = [
      ...Array.from({ length: losers }, () => [100 / losers, -900 / losers]),
      ...Array.from({ length: bearers }, () => [30 / bearers, 2900 / bearers]),
      [-10, 3000],
    ].flatMap(([units, collateral], i) => position(units, collateral, i))
    const protocol = one({ spot: [{ ...cash, fundUnits: 200 }, spot] }, all)
    for (let i = 0; i < losers; i++) act(protocol, offersOf(protocol, i), 0)
    return protocol
  }

  it('law: what is due of a shared loss, and what was paid of it, is the loss', () => {
    for (const losers of [1, 2, 8]) {
      const protocol = shared(losers, 1)
      const { loss, open, borne } = booksOf(protocol)
      // 900 and fees of 100, less the fund.
      expect(protocol.badDebt[USD]).toBeCloseTo(800, 6)
      expect(loss[0] * (open[0] + open[1])).toBeCloseTo(800, 6)
      expect(borne[0]).toBeCloseTo(0, 9)
    }
  })

  it('law: splitting who bears a loss, or who makes it, changes nothing for anybody', () => {
    const worth = (losers: number, bearers: number) => {
      const { book, values } = shared(losers, bearers)
      const of = (i: number) => health(book, values, losers + i)
      const longs = Array.from({ length: bearers }, (_, i) => of(i))
      return [longs.reduce((sum, each) => sum + each, 0), of(bearers)]
    }
    const [longs, shorts] = worth(1, 1)
    expect(longs).toBeCloseTo(2900 - 150 - 0.75 * 800, 6)
    expect(shorts).toBeCloseTo(3000 - 50 - 0.25 * 800, 6)
    for (const [losers, bearers] of [
      [1, 6],
      [5, 1],
      [4, 3],
    ]) {
      const [l, s] = worth(losers, bearers)
      expect(l).toBeCloseTo(longs, 6)
      expect(s).toBeCloseTo(shorts, 6)
    }
  })

  it('behaviour: a borrow is paid by its fund, the rest by all its deposits', () => {
    const of = {
      spot: [cash, spot, { ...spot, asset: 3, fundUnits: 2, outsideUnits: 60 }],
    }
    const protocol = one(of, [
      [0, OTHER, 50],
      [0, 3, -60],
      [1, 3, 40],
    ])
    const moved = act(protocol, offersOf(protocol, 0), 0)
    const lost = 60 - moved.repaid - 2
    expect(moved.repaid).toBeCloseTo((50 * 0.98) / 1.02, 9)
    expect(protocol.badDebt[3]).toBeCloseTo(lost, 9)
    expect(booksOf(protocol).fund[3]).toBe(0)
    const left = 1 - lost / 100
    expect(protocol.index[protocol.rules.slotOf(3, 1, 0)]).toBeCloseTo(left, 12)
    expect(health(protocol.book, protocol.values, 1)).toBeCloseTo(40 * left * 80, 9)
    expect(movedUnits(moved, 3, ACCOUNTS, ITEMS)).toBeCloseTo(0.4 * lost, 9)
  })

  it('behaviour: a borrow of cash is the fund’s, and past it the lenders’; nobody is cut', () => {
    const protocol = one({ spot: [{ ...cash, fundUnits: 100 }, spot] }, [
      [0, OTHER, 50],
      [0, USD, -6000],
      [1, USD, 500],
    ])
    act(protocol, offersOf(protocol, 0), 0)
    expect(protocol.badDebt[USD]).toBeCloseTo(6000 - 5000 / 1.02 - 100, 6)
    expect(protocol.index[protocol.rules.slotOf(USD, 1, 0)]).toBe(1)
  })
})
