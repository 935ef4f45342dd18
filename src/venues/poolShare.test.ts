import { describe, expect, it } from 'vitest'
import { type Market, marketFrom, reached } from '../market.ts'
import {
  claimsMarket,
  ETH,
  ETH_POOL,
  ETH_PRICE,
  pool,
  SHARE,
  SHARES,
  STETH,
  shares,
  USD,
} from './claims.suite.ts'
import { type PoolShareSpec, poolShare } from './poolShare.ts'
import { withdrawableVenue } from './withdrawable.ts'

const CASH = ETH_POOL * ETH_PRICE

function near(found: number, wanted: number, relative = 1e-12): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

const shareOfPool = (market: Market) => market.venues[3]

describe('poolShare', () => {
  it('law: all shares are worth 2 sqrt(x y P), whatever moved the price', () => {
    const market = claimsMarket()
    expect(market.price(SHARE)).toBe(100)
    const k = ETH_POOL * CASH
    market.move(ETH, 1300)
    near(market.price(SHARE) * SHARES, 2 * Math.sqrt(k * 1300))
    market.sell(ETH, 77)
    near(market.price(SHARE) * SHARES, 2 * Math.sqrt(k * market.price(ETH)))
  })

  it('law: against holding both sides a share loses 1 - 2 sqrt(r) / (1 + r)', () => {
    for (const r of [0.25, 0.5, 0.9, 1.5, 4]) {
      const market = claimsMarket()
      market.move(ETH, ETH_PRICE * r)
      const held = 50 + 50 * r
      near(market.price(SHARE) / held, (2 * Math.sqrt(r)) / (1 + r))
    }
  })

  it('default: a part s of the pool brings s y (2 - s), and leaves a price of P (1 - s)^2', () => {
    const market = claimsMarket()
    const s = 0.15
    const sale = market.sell(SHARE, s * SHARES)
    expect(sale.units).toBe(s * SHARES)
    near(sale.proceeds, s * CASH * (2 - s))
    near(market.price(ETH), ETH_PRICE * (1 - s) * (1 - s))
    near(market.price(SHARE), 100 * (1 - s))
    near(market.price(STETH), market.price(ETH))
  })

  it('behaviour: what is taken out is gone: later sales of ETH find that much less', () => {
    const market = claimsMarket()
    market.sell(SHARE, SHARES / 2)
    market.venues[0].force(0)
    near(market.sell(ETH, 100).proceeds, (CASH / 2) * (100 / (ETH_POOL / 2 + 100)))
  })

  it('law: slices of 1 / n of the pool bring what the whole brings, in the limit of its price', () => {
    // dU = shares s: d ln P = -2 ds / (1 - s) for each slice, as for the whole.
    const market = claimsMarket()
    for (let k = 0; k < 400; k++) market.sell(SHARE, (0.15 * SHARES) / 400)
    near(market.price(ETH), ETH_PRICE * 0.85 * 0.85, 1e-3)
  })

  it('law: a quote is what the sale then gives, and changes nothing', () => {
    const market = claimsMarket()
    market.sell(SHARE, 1234)
    market.move(ETH, 1700)
    const before = [market.price(SHARE), market.price(ETH), shareOfPool(market).edge().units]
    const quoted = market.quote(SHARE, 3000)
    expect([market.price(SHARE), market.price(ETH), shareOfPool(market).edge().units]).toEqual(
      before,
    )
    expect(market.sell(SHARE, 3000)).toEqual(quoted)
  })

  it('default: capacity is where the mid passes a price: a part h of all shares for h', () => {
    const market = claimsMarket()
    for (const h of [0.01, 0.1, 0.5])
      near(shareOfPool(market).capacity(100 * (1 - h)), h * SHARES, 1e-8)
    expect(shareOfPool(market).capacity(101)).toBe(0)
    expect(shareOfPool(market).capacity(0)).toBe(SHARES)
  })

  it('behaviour: no more than all shares are redeemed, and none is sold to a buyer', () => {
    const market = claimsMarket()
    expect(market.sell(SHARE, -5).units).toBe(0)
    expect(market.sell(SHARE, 3 * SHARES).units).toBe(SHARES)
    expect(market.sell(SHARE, 1).units).toBe(0)
    expect(market.sell(ETH, 1).units).toBe(0)
  })

  it('behaviour: a fall of its own outside price is a loss of the pool', () => {
    const market = claimsMarket()
    market.move(SHARE, 80)
    market.move(ETH, ETH_PRICE / 4)
    near(market.price(SHARE), 40)
    near(market.quote(SHARE, 1).proceeds, 40, 1e-4)
  })

  it('law: copies stand in their own market, and a reset market repeats itself', () => {
    const market = claimsMarket()
    const copy = market.copy()
    const path = (on: Market) => {
      on.move(ETH, 1500)
      const sales = [on.sell(SHARE, 900), on.sell(ETH, 20), on.sell(SHARE, 50)]
      return [...sales, on.price(SHARE), on.price(ETH)]
    }
    const alone = path(copy)
    expect(market.price(SHARE)).toBe(100)
    expect(market.price(ETH)).toBe(ETH_PRICE)
    copy.reset(market)
    expect(path(copy)).toEqual(alone)
    expect(path(market)).toEqual(alone)
  })

  it('default: at another depth the same part of the pool moves the price as much', () => {
    const market = marketFrom({
      assets: ['USD', 'ETH', 'stETH', 'coin', 'share'],
      cash: USD,
      venues: [
        withdrawableVenue(pool(ETH, USD, ETH_PRICE, ETH_POOL)).scaled(0.5),
        shares.scaled(0.5),
      ],
      hop: [[], [0], [], [], [1]],
      outside: [1, ETH_PRICE, 1, 1, 100],
    })
    near(market.sell(SHARE, SHARES / 4).proceeds, (CASH / 2) * 0.5 * 1.5)
    near(market.price(ETH), ETH_PRICE / 4)
  })

  it('behaviour: a share depends on both sides, and a sale of it reaches them', () => {
    const market = claimsMarket()
    expect(reached(market, SHARE, false)).toEqual([SHARE, ETH])
    expect(reached(market, SHARE, true)).toEqual([SHARE, ETH])
  })

  it('error: a share that is sold elsewhere too, or that its own side is sold for', () => {
    const parts = {
      assets: ['USD', 'ETH', 'stETH', 'coin', 'share'],
      cash: USD,
      outside: [1, ETH_PRICE, 1, 1, 100],
    }
    const beside = [pool(ETH, USD, ETH_PRICE, ETH_POOL), shares, pool(SHARE, USD, 100, 50)]
    const twice = { ...parts, venues: beside, hop: [[], [0], [], [], [1, 2]] }
    expect(() => marketFrom(twice)).toThrow(expect.objectContaining({ code: 'FB2126' }))
    const round = [pool(ETH, SHARE, 20, ETH_POOL), shares]
    const circle = { ...parts, venues: round, hop: [[], [0], [], [], [1]] }
    expect(() => marketFrom(circle)).toThrow(expect.objectContaining({ code: 'FB2126' }))
  })

  it('error: a number of shares or a reserve that is none', () => {
    const spec: PoolShareSpec = {
      ...{ name: 'shares', base: SHARE, quoteAsset: USD, outside: 100, fee: 0, asOf: null },
      ...{ beyond: 'wall', pool: 0, pair: [ETH, USD], reserve: 1, opening: 1, shares: 1 },
    }
    for (const part of [{ shares: 0 }, { reserve: Number.NaN }])
      expect(() => poolShare({ ...spec, ...part })).toThrow(
        expect.objectContaining({ code: 'FB2113' }),
      )
  })
})
