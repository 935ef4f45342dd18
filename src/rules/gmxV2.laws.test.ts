/** What holds of any positions against a pool, whatever prices do. */

import { describe, expect, it } from 'vitest'
import { BIDDER, BORROWERS, type Protocol, RESERVE } from '../rules.ts'
import { type Draw, drawFrom } from '../timedWorlds.suite.ts'
import { ratioOf } from './gmxV2/adl.ts'
import type { GmxSpec } from './gmxV2/parameters.ts'
import { worthUsd } from './gmxV2/pool.ts'
import {
  act,
  booksOf,
  DOGE,
  ETH,
  market,
  movedTo,
  openedWith,
  publishAll,
  specOf,
  type Trade,
  USD,
} from './gmxV2.suite.ts'

const ASSETS = [USD, ETH, DOGE]
const opening = [1, 2000, 0.1]

function tradesOf(draw: Draw, index: number, tokens: readonly number[]): Trade[] {
  return Array.from({ length: 2 + Math.floor(draw() * 12) }, (): Trade => {
    const sizeUsd = draw.between(1e3, 3e5)
    const entry = opening[index] * draw.between(0.9, 1.1)
    const token = tokens[Math.floor(draw() * tokens.length)]
    const collateral = (sizeUsd * draw.between(0.005, 0.3)) / opening[token]
    return {
      ...{ side: draw() < 0.5 ? 1 : -1, units: sizeUsd / entry, entry },
      ...{ collateral, in: token },
    }
  })
}

function termsOf(draw: Draw, index: number, hedge: number): GmxSpec {
  return specOf(
    {
      ...{ index, pool: { longUnits: draw.between(20, 400), shortUnits: draw.between(1e5, 1e6) } },
      minCollateralFactor: draw.between(0.004, 0.02),
      positionFee: draw.between(0, 0.001),
      liquidationFee: draw.between(0, 0.003),
      feeReceiver: draw(),
      ...{ borrowingRateLong: draw() * 3, borrowingRateShort: draw() * 3 },
      fundingRate: draw.between(-3, 3),
      maxPnlForTraders: draw.between(0.3, 1),
      impact: {
        ...{ factorPositive: draw() * 1e-8, factorNegative: draw() * 1e-8, exponent: 2 },
        ...{ maxPositive: draw() * 0.005, maxNegative: draw() * 0.005 },
        ...{ maxForLiquidations: draw() < 0.5 ? 0 : draw() * 0.005, poolUnits: draw() },
      },
      adl: { maxPnl: draw.between(0.3, 0.6), minPnlAfter: draw.between(0, 0.3), pick: 'size' },
    },
    hedge,
  )
}

/** Units of an asset that are real: collateral, the pool's tokens, and what is kept for others. */
function units({ book, rules, items }: Protocol, asset: number): number {
  const { pool, outside } = booksOf({ items } as Protocol)
  let sum = outside[asset] ?? 0
  if (asset === ETH) sum += pool[0]
  if (asset === USD) sum += pool[1]
  book.slot.forEach((slot, k) => {
    const isCollateral = slot === 2 || slot === 3
    if (isCollateral && rules.slots.asset[slot] === asset) sum += book.amount[k]
  })
  return sum
}

describe('any book', () => {
  it('law: what traders lose, and fees, is what the pool gains: no token is made or lost', () => {
    const seen = { closed: 0, lost: 0, deleveraged: 0, hedged: 0 }
    for (let n = 0; n < 300; n++) {
      const draw = drawFrom(n)
      const index = draw() < 0.5 ? ETH : DOGE
      const of = termsOf(draw, index, draw())
      const protocol = openedWith(of, opening, tradesOf(draw, index, [USD, ETH]))
      const before = ASSETS.map((asset) => units(protocol, asset))
      const gone = ASSETS.map(() => 0)
      const prices = [...opening]
      for (let block = 0; block < 12; block++) {
        for (const asset of ASSETS) prices[asset] *= draw.between(0.9, asset === USD ? 1.1 : 1.12)
        protocol.rules.accrue!(protocol, 86_400)
        publishAll(protocol, prices)
        const out = act(protocol, null, draw() < 0.5 ? 1 : draw())
        ASSETS.forEach((asset, a) => {
          for (const to of [BORROWERS, RESERVE, BIDDER]) gone[a] += movedTo(out, to, asset)
          const now = units(protocol, asset) + gone[a]
          const scale = Math.abs(before[a]) + Math.abs(gone[a]) + 1
          expect(Math.abs(now - before[a])).toBeLessThan(1e-10 * scale)
        })
        seen.closed += out.ending.filter((ending) => ending === 1).length
        seen.deleveraged += out.ending.filter((ending) => ending === 2).length
        seen.hedged += out.account.filter((account) => account < 0).length
        seen.lost += out.lostUsd.filter((usd) => usd > 0).length
        const { pool, impactPool } = booksOf(protocol)
        expect(Math.min(...pool, ...impactPool)).toBeGreaterThanOrEqual(-1e-9)
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(200)
  })

  it('law: a close changes what liquidity providers have by fees, less what nobody paid', () => {
    let closed = 0
    for (let n = 0; n < 300; n++) {
      const draw = drawFrom(5000 + n)
      const fees = { positionFee: draw() * 0.002, liquidationFee: draw() * 0.004 }
      const pool = { longUnits: 1e5, shortUnits: 1e8 }
      const of = specOf({ ...fees, pool })
      const trades = tradesOf(draw, ETH, [USD, ETH])
      const near = trades.map((trade) => ({ ...trade, entry: 2000 * draw.between(0.99, 1.01) }))
      const protocol = openedWith(of, opening, draw() < 0.5 ? near : trades)
      publishAll(protocol, [1, 2000 * draw.between(0.96, 1.04), 0.1])
      const interest = [...booksOf(protocol).interestUsd]
      const before = worthUsd(of.markets[0], 0, protocol)
      const out = act(protocol)
      const closedUsd =
        interest[0] + interest[1] - booksOf(protocol).interestUsd.reduce((sum, usd) => sum + usd)
      const lostUsd = out.lostUsd.reduce((sum, usd) => sum + usd, 0)
      const gain = worthUsd(of.markets[0], 0, protocol) - before
      const most = closedUsd * (fees.positionFee + fees.liquidationFee)
      expect(gain).toBeLessThanOrEqual(most - lostUsd + 1e-6)
      expect(gain).toBeGreaterThanOrEqual(-lostUsd - 1e-6)
      if (lostUsd === 0 && closedUsd > 0 && gain > most - 1e-6) closed++
    }
    expect(closed).toBeGreaterThan(20)
  })

  it('law: longs as the index falls are shorts as it rises', () => {
    let closed = 0
    for (let n = 0; n < 200; n++) {
      const draw = drawFrom(9000 + n)
      const base = termsOf(draw, DOGE, 1)
      const [{ impact: _, ...terms }] = base.markets
      const rate = draw()
      const even = {
        ...terms,
        ...{ pool: { longUnits: 200, shortUnits: 400_000 } },
        ...{ borrowingRateLong: rate, borrowingRateShort: rate },
      }
      const other = { ...even, fundingRate: -terms.fundingRate! }
      const trades = tradesOf(draw, DOGE, [USD]).map((trade) => ({ ...trade, entry: 0.1 }))
      const turned = trades.map((trade): Trade => {
        const collateral = trade.collateral / opening[ETH]
        return { ...trade, side: trade.side > 0 ? -1 : 1, collateral, in: ETH }
      })
      const one = openedWith({ ...base, markets: [even] }, opening, trades)
      const two = openedWith({ ...base, markets: [other] }, opening, turned)
      for (let block = 0; block < 8; block++) {
        const move = draw.between(-0.03, 0.03)
        for (const [protocol, price] of [
          [one, 0.1 + move],
          [two, 0.1 - move],
        ] as const) {
          protocol.rules.accrue!(protocol, 86_400)
          publishAll(protocol, [1, 2000, price])
        }
        const [out, its] = [act(one), act(two)]
        expect([...its.account].sort()).toEqual([...out.account].sort())
        expect(its.units.length).toBe(out.units.length)
        const sum = (of: readonly number[]) => of.reduce((all, usd) => all + usd, 0)
        expect(sum(its.lostUsd)).toBeCloseTo(sum(out.lostUsd), 4)
        closed += out.count
        const { pool } = booksOf(one)
        const mirrored = booksOf(two).pool
        expect((mirrored[0] * 2000) / pool[1]).toBeCloseTo(1, 9)
        expect(mirrored[1] / (pool[0] * 2000)).toBeCloseTo(1, 9)
      }
    }
    expect(closed).toBeGreaterThan(500)
  })
})

describe('auto-deleveraging', () => {
  it('law: it ends at or above its floor, and at its limit unless nobody is left', () => {
    const seen = { parts: 0, wholes: 0, longs: 0, shorts: 0 }
    for (let n = 0; n < 400; n++) {
      const draw = drawFrom(20_000 + n)
      const index = draw() < 0.5 ? ETH : DOGE
      const of = termsOf(draw, index, 0)
      const [terms] = of.markets
      const protocol = openedWith(of, opening, tradesOf(draw, index, [USD, ETH]))
      const prices = [...opening]
      prices[index] *= draw.between(0.5, 1.6)
      publishAll(protocol, prices)
      const sizes = protocol.book.amount.slice()
      const out = act(protocol)
      for (const side of [0, 1] as const) {
        const now = ratioOf(terms, 0, side, protocol)
        const rows = out.account.filter(
          (_, r) => out.ending[r] === 2 && out.units[r] > 0 === (side === 0),
        )
        if (rows.length === 0) continue
        seen[side === 0 ? 'longs' : 'shorts']++
        expect(now).toBeGreaterThanOrEqual(terms.adl!.minPnlAfter - 1e-9)
        const isOver = now > terms.adl!.maxPnl
        for (const account of rows) {
          const leg = protocol.book.start[account]
          const isWhole = protocol.book.amount[leg] === 0
          seen[isWhole ? 'wholes' : 'parts']++
          expect(Math.abs(protocol.book.amount[leg])).toBeLessThan(Math.abs(sizes[leg]))
        }
        expect(isOver).toBe(false)
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20)
  })

  it.each([
    // At 2500: 18,000 + 20,000 + 21,000 of 100,000.
    ['profit', 2, 21_000, 29_000],
    ['size', 1, 20_000, 80_000],
  ] as const)('default: by %s, whole or down to the floor', (pick, first, won, size) => {
    const trades: Trade[] = [
      { side: 1, units: 30, entry: 1900, collateral: 5000 },
      { side: 1, units: 40, entry: 2000, collateral: 5000 },
      { side: 1, units: 20, entry: 1450, collateral: 5000 },
    ]
    const pool = { longUnits: 40, shortUnits: 1e6 }
    const closedTo = (minPnlAfter: number) => {
      const of = specOf({ pool, adl: { maxPnl: 0.5, minPnlAfter, pick } })
      const protocol = openedWith(of, [1, 2000], trades)
      publishAll(protocol, [1, 2500])
      const out = act(protocol)
      expect([out.account, out.ending]).toEqual([[first], [2]])
      return {
        protocol,
        ratio: ratioOf(of.markets[0], 0, 0, protocol),
        left: protocol.book.amount[protocol.book.start[first]] / trades[first].units,
      }
    }
    const { protocol, ratio, left } = closedTo(0.4)
    expect(left).toBe(0)
    expect(ratio).toBeCloseTo((59_000 - won) / (100_000 - won), 12)
    expect(protocol.rules.house!.deleveraged(protocol)).toMatchObject({
      ...{ notionalUsd: size, openInterestUsd: 166_000, haircutUsd: 0, profitUsd: 59_000 },
    })
    const part = closedTo(0.49)
    // 59,000 - won x = 0.49 (100,000 - won x)
    expect(part.left).toBeCloseTo(1 - 10_000 / (0.51 * won), 9)
    expect(part.ratio).toBeCloseTo(0.49, 12)
  })

  it('behaviour: without it nobody is made to close, however much a side has won', () => {
    const plain = openedWith({ ...specOf(), markets: [market] }, opening, [
      { side: 1, units: 30, entry: 2000, collateral: 5000 },
    ])
    publishAll(plain, [1, 90_000, 0.1])
    expect(act(plain).count).toBe(0)
    expect(plain.rules.house!.deleveraged(plain)).toBeNull()
  })
})
