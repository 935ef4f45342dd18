import { describe, expect, it } from 'vitest'
import { randomWorld, STETH } from './books.suite.ts'
import { curveKinds } from './curves.suite.ts'
import { depthTable, isoTime, maxProfitableUsd, unitsToDrop } from './depth.ts'

const ETH = 1
const marketOf = (venue: (typeof curveKinds)[number], seed: number) =>
  randomWorld({ seed, venue, rules: ['stopOut'], claim: true, shorts: false, accounts: 1 }).market

describe('depth', () => {
  it.each(curveKinds)(
    'law: units to a drop bring the price there, and not less do (%s)',
    (venue) => {
      for (let seed = 0; seed < 10; seed++)
        for (const asset of [ETH, STETH])
          for (const drop of [0.01, 0.1]) {
            const market = marketOf(venue, seed)
            const level = market.price(asset) * (1 - drop)
            const units = unitsToDrop(market, asset, drop)
            if (units === null) continue
            const less = market.copy()
            less.sell(asset, units * (1 - 1e-6))
            expect(less.price(asset)).toBeGreaterThanOrEqual(level * (1 - 1e-9))
            market.sell(asset, units * (1 + 1e-6) + 1e-9)
            expect(market.price(asset)).toBeLessThanOrEqual(level * (1 + 1e-9))
          }
    },
  )

  it.each(curveKinds)(
    'law: the largest sale that pays does break even, and a larger one does not (%s)',
    (venue) => {
      for (let seed = 0; seed < 10; seed++) {
        const market = marketOf(venue, seed)
        const usd = maxProfitableUsd(market, ETH, 0.05)
        if (usd === null || usd === 0) continue
        const units = market.unitsFor(ETH, usd)
        const margin = (of: number) => (market.quote(ETH, of).proceeds * 1.05) / (of * 100)
        expect(margin(units)).toBeGreaterThan(1 - 1e-9)
        const more = units * 1.001
        expect(market.quote(ETH, more).units < more || margin(more) < 1).toBe(true)
      }
    },
  )

  it('law: slippage and impact rise with size, and a band never holds less than a narrower one', () => {
    for (const venue of curveKinds) {
      const table = depthTable(marketOf(venue, 4), ETH)
      table.slippage.forEach((row, i) => {
        expect(row.slippage).toBeLessThanOrEqual(row.impact + 1e-9)
        if (i > 0) expect(row.usd).toBeGreaterThan(table.slippage[i - 1].usd)
      })
      const usd = table.bands.map((band) => band.usd ?? Number.POSITIVE_INFINITY)
      expect(usd).toEqual([...usd].sort((a, b) => a - b))
    }
  })

  it('default: seconds to UTC', () => {
    expect(isoTime(1687132800)).toBe('2023-06-19T00:00:00Z')
  })
})
