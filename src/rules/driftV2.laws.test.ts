/** Laws of Drift v2 over histories of accounts with several markets, in time. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { health } from '../book.ts'
import { ACCOUNTS, BIDDER, ITEMS, LENDERS, POOL, type Protocol } from '../rules.ts'
import { arbitraryHistory, play, type Settled } from './conformance.world.suite.ts'
import type { DriftSpec } from './driftV2/parameters.ts'
import {
  booksOf,
  COIN,
  COIN_PERP,
  cash,
  deployment,
  type Held,
  OTHER,
  OTHER_PERP,
  opened,
  perp,
  spot,
  USD,
} from './driftV2.suite.ts'
import { driftV2 } from './driftV2.ts'

const busy: DriftSpec = {
  ...deployment,
  perps: [
    { ...perp, fundFee: 0.005, imf: 1e-4, outsideUnits: 1e4, maxClaimUsd: 1e4, feePoolUsd: 2000 },
    {
      ...{ ...perp, group: OTHER_PERP, asset: OTHER, maintenance: 0.1 },
      ...{ fundFee: 0.002, outsideUnits: 1e4, fundingRate: 2 },
    },
  ],
  spot: [
    { ...cash, liquidationFee: 0.003, fundFee: 0.001, fundUnits: 3000 },
    { ...spot, fundFee: 0.004, fundUnits: 10, imf: 1e-4, outsideUnits: 1e4, supplyRate: 0.02 },
    { ...spot, asset: 3, borrowRate: 0.1, fundUnits: 10, outsideUnits: 1e4 },
  ],
  initialShare: 0.1,
  durationSeconds: 600,
  blockedAbove: 0.5,
}

/** Thousandths of a number, on either side of 0; none half of the time. */
const units = (most: number) =>
  fc.oneof(
    fc.constant(0),
    fc.integer({ min: -1000, max: 1000 }).map((part) => (part * most) / 1000),
  )

/** An account of any markets, whose health is a small part of what it has, above or below 0. */
const account = fc
  .tuple(
    ...[units(2000), units(1e5), units(500), units(1e5)],
    fc.integer({ min: -100, max: 50 }).map((part) => part / 1000),
  )
  .map((all) => all as [number, number, number, number, number])

const world = fc.array(account, { minLength: 2, maxLength: 5 }).map((all) =>
  all.flatMap(([coin, other, own, owed, edge], i): Held[] => {
    const worth = 1000 * coin + 10 * other + 10 * own + owed
    const gross = 1000 * Math.abs(coin) + 10 * Math.abs(other) + 10 * Math.abs(own)
    const needs = 0.06 * gross + 0.25 * Math.abs(owed)
    return [
      [i, COIN, coin, COIN_PERP],
      [i, OTHER, other, OTHER_PERP],
      [i, OTHER, own, 0],
      [i, 3, owed, 0],
      [i, USD, needs - worth + edge * (gross + Math.abs(owed)), COIN_PERP],
    ]
  }),
)

const law = (name: string, see: (settled: Settled, after: Protocol) => void) =>
  it(`law: ${name}`, () => {
    let seen = 0
    fc.assert(
      fc.property(world, arbitraryHistory, (held, history) => {
        const protocol = opened(driftV2(busy), [1, 1000, 10, 1], held)
        play(protocol, history, (settled) => {
          seen++
          see(settled, protocol)
        })
      }),
      { seed: 20260401, numRuns: 150, endOnFailure: true },
    )
    expect(seen).toBeGreaterThan(300)
  })

/** Units that a settlement moved to a holder, less those from it. */
function flow({ offers, o, moved }: Settled, holder: number, asset: number): number {
  let sum = 0
  const add = (from: number, to: number, of: number, amount: number) => {
    if (of !== asset) return
    sum += amount * (+(to === holder) - +(from === holder))
  }
  add(ACCOUNTS, BIDDER, offers.sells[o], moved.seized)
  add(BIDDER, ACCOUNTS, offers.pays[o], moved.repaid)
  const { moves } = moved
  for (let m = 0; m < moves.count; m++)
    add(moves.from[m], moves.to[m], moves.asset[m], moves.amount[m])
  return sum
}

/** All that changed hands of an asset: the scale of rounding. */
function turnover({ before, offers, o, moved }: Settled, asset: number): number {
  const { slots } = before.rules
  let sum = moved.seized * +(offers.sells[o] === asset) + moved.repaid * +(offers.pays[o] === asset)
  for (let m = 0; m < moved.moves.count; m++)
    if (moved.moves.asset[m] === asset) sum += moved.moves.amount[m]
  before.book.amount.forEach((amount, k) => {
    if (slots.asset[before.book.slot[k]] === asset) sum += Math.abs(amount)
  })
  return sum
}

/** What each holder has of an asset. */
function holdings(protocol: Protocol, asset: number): readonly (readonly [number, number])[] {
  const { book, index, rules } = protocol
  const { fund, feePool, pot, borne } = booksOf(protocol)
  const sum = (of: Float64Array) => of.reduce((all, each) => all + each, 0)
  let held = 0
  book.amount.forEach((amount, k) => {
    const slot = book.slot[k]
    if (rules.slots.asset[slot] === asset) held += amount * index[slot]
  })
  const isCash = asset === USD
  return [
    [ACCOUNTS, held],
    [POOL, fund[asset] + (isCash ? sum(feePool) : 0)],
    [ITEMS, pot[asset] + (isCash ? sum(borne) : 0)],
    [LENDERS, -protocol.badDebt[asset]],
  ]
}

describe('driftV2', () => {
  law('an offer settled first is never refused, and nobody healthy is sold', (settled) => {
    const { before, offers, o, moved } = settled
    expect(moved.reason).toBe(0)
    expect(health(before.book, before.values, offers.account[o])).toBeLessThan(0)
  })

  law('what each holder has changes by what was moved to it and from it', (settled, after) => {
    for (let asset = 0; asset < 4; asset++) {
      const was = holdings(settled.before, asset)
      const scale = 1e-11 * turnover(settled, asset)
      holdings(after, asset).forEach(([holder, now], h) => {
        const off = now - was[h][1] - flow(settled, holder, asset)
        expect(Math.abs(off)).toBeLessThanOrEqual(scale)
        if (holder === POOL) expect(now).toBeGreaterThanOrEqual(0)
        if (holder === LENDERS) expect(now).toBeLessThanOrEqual(was[h][1])
      })
    }
  })

  law('open base and deposits of the books are those of the legs', (_, after) => {
    const { book, rules } = after
    const { open, deposits } = booksOf(after)
    const sums = [0, 0, 0, 0, 0, 0]
    book.amount.forEach((amount, k) => {
      const slot = book.slot[k]
      for (const [m, group] of [COIN_PERP, OTHER_PERP].entries())
        for (const [n, side] of ([1, -1] as const).entries())
          if (rules.slotOf(m + 1, side, group) === slot) sums[2 * m + n] += Math.abs(amount)
      for (const [n, asset] of [OTHER, 3].entries())
        if (rules.slotOf(asset, 1, 0) === slot) sums[4 + n] += amount
    })
    const kept = [...open, deposits[OTHER], deposits[3]]
    kept.forEach((all, n) => {
      expect(Math.abs(all - sums[n])).toBeLessThan(1e-6)
    })
  })

  law('a take-over makes no account worse by more than both fees', (settled, after) => {
    const { before, offers, o, moved } = settled
    const i = offers.account[o]
    if (after.badDebt.some((lost, asset) => lost !== before.badDebt[asset])) return
    const worth = ({ book, prices, index, rules }: Protocol) => {
      let sum = 0
      for (let k = book.start[i]; k < book.start[i + 1]; k++)
        sum += book.amount[k] * index[book.slot[k]] * prices[rules.slots.asset[book.slot[k]]]
      return sum
    }
    const { prices } = before
    const paid = moved.repaid * prices[offers.pays[o]]
    const given = moved.seized * prices[offers.sells[o]]
    const flows = [POOL, ITEMS].reduce(
      (sum, holder) =>
        sum + prices.reduce((all, price, a) => all + price * flow(settled, holder, a), 0),
      0,
    )
    const off = worth(after) - worth(before) - (paid - given) + flows
    expect(Math.abs(off)).toBeLessThan(1e-9 * (paid + given) + 1e-6)
    expect(given - paid).toBeGreaterThanOrEqual(-1e-9 * given)
    expect(given - paid).toBeLessThanOrEqual(0.065 * given)
  })

  law(
    'a bankrupt account owes nothing, and nobody else’s legs change',
    ({ offers, o, before }, at) => {
      const i = offers.account[o]
      const { start, amount } = at.book
      amount.forEach((units, k) => {
        if (k < start[i] || k >= start[i + 1]) expect(units).toBe(before.book.amount[k])
      })
      const own = [...amount.subarray(start[i], start[i + 1])]
      const hasLost = at.badDebt.some((lost, asset) => lost > before.badDebt[asset])
      if (hasLost) expect(own.every((units) => units === 0)).toBe(true)
    },
  )
})
