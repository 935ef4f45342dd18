import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hopCurve, type Market, type MarketParts, marketFrom } from './market.ts'
import type { Venue } from './venue.ts'
import { constantProduct } from './venues/constantProduct.ts'
import { impactCurve } from './venues/impactCurve.ts'
import { orderBook } from './venues/orderBook.ts'

const [USD, ETH, STETH, USDC, GHO] = [0, 1, 2, 3, 4]

function pool(base: number, quoteAsset: number, outside: number, reserve: number, fee = 0): Venue {
  const spec = {
    name: `pool ${base}`,
    base,
    quoteAsset,
    outside,
    reserve,
    fee,
    asOf: null,
  } as const
  return constantProduct({ ...spec, beyond: 'wall', keepsFee: false, reprice: 'arbitrage' })
}

function partsOf(): MarketParts {
  return {
    assets: ['USD', 'ETH', 'stETH', 'USDC', 'GHO'],
    cash: USD,
    venues: [
      pool(ETH, USD, 2000, 50_000),
      pool(STETH, ETH, 0.99, 8000, 0.0004),
      pool(GHO, USDC, 0.98, 1e6),
    ],
    hop: [[], [0], [1], [], [2]],
    outside: [1, 2000, 0.99, 0.999, 0.98],
  }
}

const market = (): Market => marketFrom(partsOf())

function near(found: number, wanted: number, relative = 1e-12): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

describe('market', () => {
  it('default: prices follow the route to cash; an asset never sold has its outside price', () => {
    const prices = new Float64Array(5)
    market().prices(prices)
    expect([...prices]).toEqual([1, 2000, 1980, 0.999, 0.999 * 0.98])
  })

  it('behaviour: selling through a route moves every hop', () => {
    const world = market()
    const sale = world.sell(STETH, 1000)
    const left = 1000 * (1 - 0.0004)
    const eth = 0.99 * 8000 * (left / (8000 + left))
    near(sale.proceeds, 2000 * 50_000 * (eth / (50_000 + eth)))
    expect(world.price(ETH)).toBeLessThan(2000)
    near(world.price(STETH), world.price(ETH) * 0.99 * (8000 / (8000 + left)) ** 2)
    expect(world.outside(ETH)).toBe(2000)
  })

  it('behaviour: a move of ETH moves stETH with it', () => {
    const world = market()
    world.move(ETH, 1500)
    expect(world.price(ETH)).toBe(1500)
    expect(world.price(STETH)).toBe(1500 * 0.99)
    world.move(STETH, 0.9)
    expect(world.price(STETH)).toBe(1500 * 0.9)
    expect(world.price(ETH)).toBe(1500)
  })

  it('behaviour: proceeds in an asset that is never sold count at its outside price', () => {
    near(market().quote(GHO, 1000).proceeds, 0.999 * 0.98 * 1e6 * (1000 / 1_001_000))
  })

  it('behaviour: cash is worth itself, and what is never sold raises nothing', () => {
    expect(market().quote(USD, 500)).toEqual({ units: 500, proceeds: 500, extrapolated: false })
    expect(market().unitsFor(USD, 500)).toBe(500)
    expect(market().quote(USDC, 500)).toEqual({ units: 0, proceeds: 0, extrapolated: false })
    expect(market().unitsFor(USDC, 500)).toBe(Number.POSITIVE_INFINITY)
    expect(market().unitsFor(USDC, 0)).toBe(0)
  })

  it('behaviour: buying through a route costs more than it brought, and restores the prices', () => {
    const world = market()
    const sale = world.sell(STETH, 700)
    const purchase = world.sell(STETH, -700)
    expect(purchase.units).toBe(-700)
    expect(-purchase.proceeds).toBeGreaterThan(sale.proceeds)
    near(world.price(STETH), 1980, 1e-3)
  })

  it('behaviour: a purchase that a later hop refuses leaves everything as it was', () => {
    const price = [1990, 1900]
    const bids = {
      name: 'bids',
      base: ETH,
      quoteAsset: USD,
      outside: 2000,
      fee: 0,
      asOf: null,
    } as const
    const book = orderBook({ ...bids, beyond: 'wall', price, size: [10, 10], levels: 'absolute' })
    const parts = partsOf()
    const world = marketFrom({ ...parts, venues: [book, parts.venues[1], parts.venues[2]] })
    expect(world.sell(STETH, -5)).toEqual({ units: 0, proceeds: 0, extrapolated: false })
    expect(world.price(STETH)).toBe(1980)
  })

  it('law: a quote is what the sale gives, and units for an amount of cash raise it', () => {
    const asset = fc.constantFrom(ETH, STETH, GHO)
    fc.assert(
      fc.property(asset, fc.double({ min: 1e-6, max: 5000, noNaN: true }), (asset, units) => {
        const world = market()
        const quoted = world.quote(asset, units)
        const needed = world.unitsFor(asset, quoted.proceeds)
        near(needed, units, 1e-9)
        near(world.quote(asset, needed).proceeds, quoted.proceeds, 1e-14)
        expect(world.sell(asset, units)).toEqual(quoted)
      }),
      { seed: 21, numRuns: 200 },
    )
  })

  it('behaviour: more cash than a route holds cannot be raised', () => {
    expect(market().unitsFor(ETH, 2000 * 50_001)).toBe(Number.POSITIVE_INFINITY)
    expect(market().unitsFor(ETH, 2000 * 49_999)).toBeLessThan(1e10)
    expect(market().unitsFor(STETH, 1e9)).toBe(Number.POSITIVE_INFINITY)
    const linear = { shape: 'linear', coefficient: 1, crossover: 0, observedUnits: null } as const
    const terms = {
      name: 'line',
      base: 1,
      quoteAsset: 0,
      outside: 100,
      fee: 0,
      asOf: null,
    } as const
    const line = impactCurve({ ...terms, ...linear, beyond: 'wall' })
    const simple = { assets: ['USD', 'ETH'], cash: 0, venues: [line], hop: [[], [0]] }
    const world = marketFrom({ ...simple, outside: [1, 100] })
    near(world.unitsFor(1, 4800), 80)
    expect(world.unitsFor(1, 5001)).toBe(Number.POSITIVE_INFINITY)
  })

  it('law: path 2 after reset equals path 2 alone, byte for byte', () => {
    const walk = (world: Market, seed: number): number[] => {
      const seen: number[] = []
      for (let k = 1; k < 12; k++) {
        world.move(1 + ((k + seed) % 2), [2000, 0.99][(k + seed) % 2] * (1 - 0.013 * k))
        const sale = world.sell([ETH, STETH, GHO][(k * seed) % 3], 37.7 * k)
        seen.push(sale.proceeds, world.price(ETH), world.price(STETH), world.price(GHO))
      }
      return seen
    }
    const base = market()
    base.sell(STETH, 10)
    const alone = walk(base.copy(), 2)
    const reused = base.copy()
    walk(reused, 1)
    reused.reset(base)
    expect(walk(reused, 2)).toEqual(alone)
    expect(base.price(GHO)).toBe(market().price(GHO))
  })

  it('behaviour: an asset has a curve where its one hop is paid in cash', () => {
    const world = market()
    expect(hopCurve(world, ETH)).toBe(world.venues[0].curve)
    expect(hopCurve(world, STETH)).toBeNull()
    expect(hopCurve(world, USDC)).toBeNull()
    const two = [pool(ETH, USD, 2000, 50_000), pool(ETH, USD, 2000, 25_000)]
    const parts = { assets: ['USD', 'ETH'], cash: USD, hop: [[], [0, 1]], outside: [1, 2000] }
    const both = hopCurve(marketFrom({ ...parts, venues: two }), ETH)
    near(both?.price(2000, 300) ?? 0, 2000 / (1 + 300 / 75_000) / (1 + 300 / 75_000))
  })

  it('error: hops and venues that do not fit', () => {
    const wrong = (parts: Partial<MarketParts>) => () => marketFrom({ ...partsOf(), ...parts })
    expect(wrong({ hop: [[], [1], [1], [], [2]] })).toThrow(/FB2123 routes.ETH/)
    expect(wrong({ hop: [[], [9], [1], [], [2]] })).toThrow(/FB2123 routes.ETH.*venue 9/)
    expect(wrong({ hop: [[0], [0], [1], [], [2]] })).toThrow(/FB2122 routes.USD/)
    expect(wrong({ hop: [[], [0]] })).toThrow(/FB2121/)
    expect(wrong({ outside: [1, 0, 0.99, 1, 1] })).toThrow(/FB2112 assets.ETH.price/)
    const back = pool(ETH, STETH, 1.01, 10)
    expect(wrong({ venues: [back, ...partsOf().venues.slice(1)] })).toThrow(
      /FB2124.*ETH > stETH > ETH/,
    )
    const beside = [...partsOf().venues, pool(ETH, USDC, 2000, 10)]
    expect(wrong({ venues: beside, hop: [[], [0, 3], [1], [], [2]] })).toThrow(/FB2125 routes.ETH/)
  })
})
