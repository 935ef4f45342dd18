import { describe, expect, it } from 'vitest'
import type { Venue } from '../venue.ts'
import { type ConstantProductSpec, constantProduct } from './constantProduct.ts'

const POOL: ConstantProductSpec = {
  name: 'pool',
  base: 1,
  quoteAsset: 0,
  outside: 2000,
  fee: 0.003,
  asOf: null,
  beyond: 'wall',
  reserve: 1000,
  keepsFee: true,
  reprice: 'arbitrage',
}

function endAfter(slices: number): number {
  const pool = constantProduct(POOL)
  for (let k = 0; k < slices; k++) pool.sell(100 / slices)
  return pool.mid()
}

function near(found: number, wanted: number, relative = 1e-6): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

describe('constantProduct', () => {
  // Uniswap v2, 1000 ETH against 2,000,000, fee 0.3 %: the pair's own formula.
  it('behaviour: keeping its fee, pays and ends as a v2 pair does', () => {
    const ten = constantProduct(POOL)
    near(ten.sell(10).proceeds, 19_743.1606879)
    near(ten.mid(), 1960.650336)
    const hundred = constantProduct(POOL)
    near(hundred.sell(100).proceeds, 181_322.178776)
    near(hundred.mid(), 1653.343474)
  })

  it('behaviour: pays what UniswapV2Pair lets out for 10 of 1000, to the float', () => {
    near(constantProduct(POOL).quote(10).proceeds, 19_743.16068794122, 1e-14)
  })

  it('behaviour: keeping its fee, 1, 10, 1000 slices end at three prices', () => {
    near(endAfter(1), 1653.343474, 1e-9)
    near(endAfter(10), 1653.363001, 1e-9)
    near(endAfter(1000), 1653.36522, 1e-9)
  })

  it('behaviour: without fee, the mid falls by 1 - (x / (x + dx))^2', () => {
    const free = { ...POOL, fee: 0, keepsFee: false }
    const pool = constantProduct(free)
    pool.sell(10)
    near(pool.mid(), 1960.592099)
    pool.sell(90)
    near(pool.mid(), 1652.892562)
    near(constantProduct(free).capacity(1800), 54.0925534, 1e-8)
  })

  it('behaviour: a fee that leaves the pool is not sold, so the price falls less', () => {
    const paid = constantProduct({ ...POOL, keepsFee: false })
    const free = constantProduct({ ...POOL, keepsFee: false, fee: 0 })
    near(paid.sell(100).proceeds, free.sell(99.7).proceeds, 1e-14)
    near(paid.mid(), free.mid(), 1e-14)
    near(paid.sell(-100).proceeds, free.sell(-100).proceeds / 0.997, 1e-14)
    near(paid.mid(), free.mid(), 1e-14)
  })

  it('behaviour: one sale pays the same whether the fee stays or leaves', () => {
    const left = constantProduct({ ...POOL, keepsFee: false })
    near(left.quote(10).proceeds, 19_743.16068794122, 1e-14)
  })

  // k = p0 x0^2 kept: arbitrage brings base in as the outside price falls, so later sales weigh
  // less.
  it('behaviour: an outside move by arbitrage slides along the curve, by cash it does not', () => {
    const slid = constantProduct({ ...POOL, fee: 0, keepsFee: false })
    const scaled = constantProduct({ ...POOL, fee: 0, keepsFee: false, reprice: 'cash' })
    for (const pool of [slid, scaled]) {
      pool.move(500)
      pool.sell(1000)
    }
    near(slid.mid(), 500 / 2.25, 1e-14)
    near(scaled.mid(), 125, 1e-14)
  })

  it('behaviour: a pool that keeps its fee moves with the outside price like one that does not', () => {
    const kept = constantProduct({ ...POOL, fee: 0 })
    const left = constantProduct({ ...POOL, fee: 0, keepsFee: false })
    const walk = (pool: Venue): number[] =>
      [1900, 1500, 1700].map((outside) => {
        pool.move(outside)
        pool.sell(30)
        return pool.mid()
      })
    const one = walk(kept)
    walk(left).forEach((mid, k) => {
      near(one[k], mid, 1e-12)
    })
  })

  // Eight triggers and sales against a pool of 2500 at 2000, and of 10000.
  const trigger = [1960, 1940, 1900, 1880, 1800, 1790, 1600, 1500]
  const sold = [0, 10, 35, 40, 80, 140, 155, 255, 285]

  function edges(spec: Partial<ConstantProductSpec>, after: number): number[] {
    const { curve } = constantProduct({ ...POOL, fee: 0, keepsFee: false, ...spec })
    return trigger.map((price, k) => curve?.outside(price, sold[k + after]) ?? Number.NaN)
  }

  function runningLeast(values: readonly number[]): number[] {
    let least = Number.POSITIVE_INFINITY
    return values.map((value) => {
      least = Math.min(least, value)
      return least
    })
  }

  it('behaviour: edges of the least cascade, by arbitrage', () => {
    const found = runningLeast(edges({ reserve: 2500 }, 0))
    const wanted = [
      1960, 1955.3762305, 1952.9339308, 1939.7131201, 1914.474329, 1914.474329, 1793.387767,
      1793.387767,
    ]
    wanted.forEach((edge, k) => {
      near(found[k], edge, 1e-10)
    })
    const deep = runningLeast(edges({ reserve: 10_000 }, 0))
    const deepWanted = [
      1960, 1943.8270096, 1913.0298732, 1894.6670874, 1827.6362966, 1827.6362966, 1645.3035026,
      1568.511989,
    ]
    deepWanted.forEach((edge, k) => {
      near(deep[k], edge, 1e-10)
    })
  })

  it('behaviour: edges of the greatest cascade, by arbitrage', () => {
    const found = edges({ reserve: 2500 }, 1)
    const wanted = [
      1975.6150957, 1994.6261929, 1960.6761465, 2002.3170263, 2007.6516722, 2020.0176417,
      1937.374249, 1846.6238365,
    ]
    wanted.forEach((edge, k) => {
      near(found[k], edge, 1e-10)
    })
  })

  it('behaviour: edges of the least cascade, cash side scaled', () => {
    const found = runningLeast(edges({ reserve: 2500, reprice: 'cash' }, 0))
    const wanted = [1960, 1955.55104, 1953.5724, 1940.64128, 1917.0432, 1917.0432, 1804.5504]
    wanted.forEach((edge, k) => {
      near(found[k], edge, 1e-12)
    })
  })

  it('behaviour: prices after forced sales, by arbitrage', () => {
    const { curve } = constantProduct({ ...POOL, fee: 0, keepsFee: false, reserve: 2500 })
    near(curve?.price(1960, 155) ?? 0, 1739.8701386, 1e-10)
    near(curve?.price(1600, 285) ?? 0, 1317.6031289, 1e-10)
  })

  it('behaviour: is never bought empty', () => {
    for (const keepsFee of [true, false]) {
      const pool = constantProduct({ ...POOL, keepsFee })
      const purchase = pool.sell(-5000)
      expect(purchase.units).toBeGreaterThan(-1000)
      expect(purchase.units).toBeLessThan(-999)
      expect(Number.isFinite(pool.mid())).toBe(true)
    }
  })

  it('error: a reserve that is not there', () => {
    expect(() => constantProduct({ ...POOL, reserve: 0 })).toThrow(/FB2113 venues.pool.reserve/)
    expect(() => constantProduct({ ...POOL, reserve: Number.NaN })).toThrow(/FB2113/)
    expect(() => constantProduct({ ...POOL, fee: 1 })).toThrow(/FB2111 venues.pool.fee/)
    expect(() => constantProduct({ ...POOL, outside: 0 })).toThrow(/FB2112/)
  })
})
