import { describe, expect, it } from 'vitest'
import { ETH, GHO, pool, STETH, smallMarket, USD, WBTC } from './markets.suite.ts'
import { payingUnits } from './payingUnits.ts'

describe('payingUnits', () => {
  it('default: a pool is sold into until its marginal proceeds meet the cost', () => {
    // k / (x + 0.997 u)^2 x 0.997 = 1900.
    const wanted = (50_000 * (Math.sqrt((2000 * 0.997) / 1900) - 1)) / 0.997
    expect(payingUnits(smallMarket(), ETH, 1e6, 1900)).toBeCloseTo(wanted, 6)
    expect(payingUnits(smallMarket(), ETH, 100, 1900)).toBe(100)
  })

  it('behaviour: a cost above the first unit, or an asset that nobody buys, pays nothing', () => {
    expect(payingUnits(smallMarket(), ETH, 100, 1995)).toBe(0)
    expect(payingUnits(smallMarket(), STETH, 100, 1980)).toBe(0)
    expect(payingUnits(smallMarket(), GHO, 100, 0.5)).toBe(0)
    expect(payingUnits(smallMarket(), USD, 100, 0.99)).toBe(100)
    expect(payingUnits(smallMarket(), USD, 100, 1.01)).toBe(0)
  })

  it('law: beside the answer a unit less and a unit more earn no more', () => {
    const fees = smallMarket(pool(ETH, USD, 2000, 50_000, 0.003, true))
    const cases = [
      [smallMarket(), ETH, 1900],
      [smallMarket(), STETH, 1800],
      [smallMarket(), WBTC, 39_000],
      [smallMarket(), WBTC, 39_590],
      [fees, ETH, 1900],
    ] as const
    for (const [market, asset, unitCost] of cases) {
      const best = payingUnits(market, asset, 1e6, unitCost)
      const profit = (units: number) => market.quote(asset, units).proceeds - units * unitCost
      expect(best).toBeGreaterThan(10)
      for (const by of [1e-3, 1e-2, 0.3]) {
        expect(profit(best)).toBeGreaterThan(profit(best * (1 + by)))
        expect(profit(best)).toBeGreaterThan(profit(best * (1 - by)))
      }
    }
  })

  it('law: the search finds what capacity says, and takes all of a lot that pays', () => {
    // Without a fee a pool that keeps it is the same pool, but has no path-independent form.
    const exact = smallMarket(pool(ETH, USD, 2000, 50_000, 0))
    const searched = smallMarket(pool(ETH, USD, 2000, 50_000, 0, true))
    for (const unitCost of [1, 500, 1500, 1900, 1990, 1999, 1999.9])
      for (const amount of [10, 1000, 1e5, 1e7]) {
        const wanted = payingUnits(exact, ETH, amount, unitCost)
        const found = payingUnits(searched, ETH, amount, unitCost)
        expect(Math.abs(found / wanted - 1), `${amount} at ${unitCost}`).toBeLessThan(1e-6)
      }
  })

  it('behaviour: of a book beside a pool, what both take at the cost', () => {
    const market = smallMarket()
    const units = payingUnits(market, WBTC, 1e6, 39_200)
    const fromPool = (900 * (Math.sqrt((40_000 * 0.999) / 39_200) - 1)) / 0.999
    expect(units).toBeCloseTo(20 + 40 + 60 + fromPool, 6)
    expect(payingUnits(market, WBTC, 1e6, 39_201)).toBeLessThan(20 + 40 + fromPool)
  })
})
