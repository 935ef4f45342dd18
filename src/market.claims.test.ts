import { describe, expect, it } from 'vitest'
import { formationFrom } from './formation.ts'
import { hopCurve, isClaim, marketFrom, reached } from './market.ts'
import {
  COIN,
  COIN_POOL,
  claimsMarket,
  ETH,
  ETH_POOL,
  ETH_PRICE,
  inKind,
  pool,
  queue,
  STETH,
  STETH_POOL,
  USD,
} from './venues/claims.suite.ts'
import { redemption } from './venues/redemption.ts'

const CASH = ETH_POOL * ETH_PRICE
const BID = 0.99

function near(found: number, wanted: number, relative = 1e-12): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

/** Units that a pool takes while its mid falls from 1 to p, and what it pays for units. */
const unitsTo = (p: number, reserve: number) => reserve * (1 / Math.sqrt(p) - 1)
const paidFor = (units: number, reserve: number) => (reserve * units) / (reserve + units)
/** The mid of ETH once so much is sold. */
const ethAfter = (units: number) => ETH_PRICE * (ETH_POOL / (ETH_POOL + units)) ** 2

describe('a claim redeemed for the asset that it is priced in', () => {
  it('default: the pool takes what it pays more for, the redemption the rest', () => {
    const market = claimsMarket()
    const first = unitsTo(BID, STETH_POOL)
    const sale = market.sell(STETH, first + 30)
    const eth = paidFor(first, STETH_POOL) + 30 * BID
    near(sale.proceeds, CASH * (eth / (ETH_POOL + eth)), 1e-9)
    near(market.venues[1].forced(), first, 1e-9)
    near(market.venues[4].forced(), 30, 1e-9)
  })

  it('behaviour: once the capacity is gone the pool takes all of the rest', () => {
    const market = claimsMarket()
    market.sell(STETH, 150)
    near(market.venues[4].forced(), queue.capacity)
    near(market.price(STETH) / market.price(ETH), (STETH_POOL / (STETH_POOL + 100)) ** 2)
  })

  it('law: with redemption a forced sale moves the claim less and the underlying more', () => {
    for (const units of [5, 40, 150]) {
      const [on, off] = [claimsMarket(), claimsMarket(null)]
      for (const market of [on, off]) market.sell(STETH, units)
      near(off.price(ETH), ethAfter(paidFor(units, STETH_POOL)))
      const ratio = (market: typeof on) => market.price(STETH) / market.price(ETH)
      if (units < unitsTo(BID, STETH_POOL)) {
        near(on.price(ETH), off.price(ETH))
        continue
      }
      expect(on.price(ETH)).toBeLessThan(off.price(ETH))
      expect(ratio(on)).toBeGreaterThan(ratio(off))
    }
  })

  it('law: the mid is what the next sale meets, whether anybody has redeemed or not', () => {
    const next = (units: number, redeemed = queue) => {
      const market = claimsMarket(redeemed)
      market.sell(STETH, units)
      return market.price(STETH) / market.price(ETH)
    }
    const pooled = (units: number) => (STETH_POOL / (STETH_POOL + units)) ** 2
    expect(next(0)).toBe(1)
    near(next(1), pooled(1))
    near(next(20), BID, 1e-9)
    near(next(1, { ...queue, capacity: 1e-9 }), pooled(1))
    near(next(20, { ...queue, capacity: 1e-9 }), pooled(20), 1e-9)
  })

  it('law: at rest the mid is the outside price, whatever pool and redemption keep', () => {
    for (const [poolFee, fee] of [
      [0.003, 0],
      [0.003, 0.001],
      [0.003, 0.01],
      [0, 0.001],
    ]) {
      const venues = [
        pool(STETH, USD, 1, STETH_POOL, poolFee),
        redemption({ ...queue, quoteAsset: USD, fee }),
      ]
      const parts = { assets: ['USD', 'ETH', 'stETH'], cash: USD, outside: [1, 2000, 1] }
      const market = marketFrom({ ...parts, venues, hop: [[], [], [0, 1]] })
      expect(market.price(STETH)).toBe(1)
      // Whoever nets more is sold to first, and the other not before both net the same.
      const sale = market.sell(STETH, 1e-6)
      near(sale.proceeds, 1e-6 * (1 - Math.min(poolFee, fee)), 1e-6)
      market.sell(STETH, 20)
      const net = Math.min(1 - poolFee, 1 - fee)
      near(market.price(STETH) * (1 - poolFee), net, 1e-9)
      near(venues[0].mid() * (1 - poolFee), net, 1e-9)
    }
  })

  it('behaviour: a claim that opened below its redemption finds its pool alone', () => {
    const [on, off] = [claimsMarket(), claimsMarket(null)]
    for (const market of [on, off]) {
      market.move(STETH, 0.9)
      market.sell(STETH, 30)
    }
    near(on.price(STETH), off.price(STETH))
  })

  it('behaviour: a used-up redemption comes back evenly, and not beyond its capacity', () => {
    const market = claimsMarket()
    const stays = market.venues.map(() => Number.POSITIVE_INFINITY)
    const formation = formationFrom(
      {
        halfLifeSeconds: stays,
        permanentShare: stays.map(() => 0),
        refillPerSecond: stays.map((_, v) => (v === 4 ? queue.capacity / 1000 : 0)),
        arbitrageSeconds: Number.POSITIVE_INFINITY,
        withdrawal: null,
      },
      market,
    )
    market.sell(STETH, 150)
    const outside = Float64Array.from(market.assets, (_, a) => market.outside(a))
    const left = [1, 2, 3, 4].map((n) => {
      formation.open(market, { block: n, atSeconds: n * 300, seconds: 300, gwei: 0 }, outside, 1)
      return market.venues[4].edge().units
    })
    near(left[0], 15)
    near(left[1], 30)
    near(left[2], 45)
    near(left[3], queue.capacity)
    near(market.venues[1].forced(), 100)
  })
})

describe('a claim redeemed in kind', () => {
  it('default: a flat redemption into a known curve: ETH falls to (y - cash)^2 / k', () => {
    const market = claimsMarket()
    const first = unitsTo(BID, COIN_POOL)
    const sale = market.sell(COIN, first + 100_000)
    const cash = 100_000 * BID
    near(sale.proceeds, paidFor(first, COIN_POOL) + cash, 1e-9)
    near(market.price(ETH), (CASH - cash) ** 2 / (CASH * ETH_POOL), 1e-9)
    near(market.price(COIN), BID, 1e-9)
  })

  it('behaviour: without redemption a sale of the coin leaves ETH where it was', () => {
    const market = claimsMarket(queue, null)
    market.sell(COIN, 100_000)
    expect(market.price(ETH)).toBe(ETH_PRICE)
    near(market.price(COIN), 0.25)
  })

  it('law: a quote is what the sale then gives, and moves neither coin nor ETH', () => {
    const market = claimsMarket()
    const quoted = market.quote(COIN, 120_000)
    expect([market.price(COIN), market.price(ETH)]).toEqual([1, ETH_PRICE])
    expect(market.sell(COIN, 120_000)).toEqual(quoted)
  })

  it('behaviour: a fall of ETH alone moves no coin, and more ETH is handed out then', () => {
    const market = claimsMarket()
    market.move(ETH, 500)
    expect(market.price(COIN)).toBe(1)
    market.sell(COIN, 50_000)
    const cash = 50_000 - unitsTo(BID, COIN_POOL)
    const y = Math.sqrt(CASH * ETH_POOL * 500)
    near(market.price(ETH), (y - cash * BID) ** 2 / (CASH * ETH_POOL), 1e-9)
  })

  it('behaviour: what ETH cannot be sold for is not redeemed', () => {
    const market = claimsMarket(null, { ...inKind, capacity: 1e9 })
    expect(market.sell(COIN, 5e8).proceeds).toBeLessThanOrEqual(COIN_POOL)
    expect(market.price(ETH)).toBe(ETH_PRICE)
  })

  it('law: copies stand in their own market', () => {
    const market = claimsMarket()
    const copy = market.copy()
    copy.sell(COIN, 100_000)
    expect(market.price(ETH)).toBe(ETH_PRICE)
    expect(copy.price(ETH)).toBeLessThan(ETH_PRICE)
    copy.reset(market)
    expect(copy.quote(COIN, 7)).toEqual(market.quote(COIN, 7))
  })

  it('behaviour: it sells what its price does not depend on, and has no curve', () => {
    const market = claimsMarket()
    expect(reached(market, COIN, true)).toEqual([COIN, ETH])
    expect(reached(market, COIN, false)).toEqual([COIN])
    expect([ETH, STETH, COIN].map((asset) => isClaim(market, asset))).toEqual([false, true, true])
    expect(hopCurve(market, COIN)).toBeNull()
    expect(hopCurve(claimsMarket(queue, null), COIN)).not.toBeNull()
  })

  it('error: a coin that pays what is sold for it', () => {
    const parts = {
      assets: ['USD', 'ETH', 'stETH', 'coin'],
      cash: USD,
      venues: [pool(ETH, COIN, 2000, 10), redemption(inKind)],
      hop: [[], [0], [], [1]],
      outside: [1, 2000, 1, 1],
    }
    expect(() => marketFrom(parts)).toThrow(expect.objectContaining({ code: 'FB2126' }))
  })
})
