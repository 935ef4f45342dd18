import { describe, expect, it } from 'vitest'
import { COMMON, impact, lasting, marketOf, near, pool, setUp } from './formation.suite.ts'
import type { Market } from './market.ts'
import type { Venue } from './venue.ts'
import { orderBook } from './venues/index.ts'

describe('arbitrage between venues', () => {
  const sets: readonly [string, () => Venue[]][] = [
    ['pools', () => [pool(1000), pool(400)]],
    [
      'laws',
      () => [impact('linear', 0.1), impact('exponential', 0.003), impact('squareRoot', 0.02)],
    ],
    ['fees', () => [pool(1000, false, 0.003), impact('exponential', 0.002, 0.0005)]],
    ['a pool that keeps its fee', () => [pool(1000, true, 0.003), pool(700, false, 0.001)]],
  ]

  it.each(sets)('law: %s: the sum of displacement stays, by any speed', (_, make) => {
    for (const arbitrageSeconds of [0, 30, Number.POSITIVE_INFINITY])
      for (const units of [40, -40]) {
        const { market, open } = setUp({ arbitrageSeconds }, ...make())
        market.venues[0].sell(units)
        const sum = total(market)
        for (let block = 0; block < 5; block++) {
          open(12, 100 - block)
          near(total(market), sum)
        }
      }
  })

  it.each(sets)('law: %s: at once, they end as a sale over all of them does', (_, make) => {
    const { market, open } = setUp({ arbitrageSeconds: 0 }, ...make())
    const routed = marketOf(...make())
    market.venues[0].sell(60)
    routed.sell(1, total(market))
    open(12)
    // A pool that keeps its fee has grown by sales through it, not by arbitrage.
    const isKept = market.venues.some(({ curve }) => curve === null)
    near(market.price(1), routed.price(1), isKept ? 1e-4 : 1e-9)
    const best = market.venues.map((venue) => venue.mid() * (1 - venue.fee))
    for (const price of best) near(price, best[0], 1e-11)
  })

  it.each(sets)('law: %s: after purchases they stand at one price for a buyer', (_, make) => {
    const { market, open } = setUp({ arbitrageSeconds: 0 }, ...make())
    market.venues[0].sell(-60)
    open(12)
    const ask = market.venues.map((venue) => venue.mid() / (1 - venue.fee))
    for (const price of ask) near(price, ask[0], 1e-11)
  })

  it('law: differences shrink by their half-life, and never where it has no end', () => {
    const left = (arbitrageSeconds: number): number => {
      const { market, open } = setUp({ arbitrageSeconds }, pool(1000), pool(1000))
      market.venues[0].sell(60)
      open(12)
      return market.venues[0].forced() - market.venues[1].forced()
    }
    near(left(12), 30, 1e-12)
    near(left(6), 15, 1e-12)
    expect(left(Number.POSITIVE_INFINITY)).toBe(60)
    expect(Math.abs(left(0))).toBeLessThan(1e-10)
  })

  it('behaviour: a sale beside a purchase of equal size is shared out to nothing', () => {
    const { market, open } = setUp({ arbitrageSeconds: 0 }, pool(1000), pool(400))
    market.venues[0].sell(50)
    market.venues[1].sell(-50)
    expect(open(12)).toBe(100)
  })

  it('law: books share what a step leaves over, and keep their sum', () => {
    const book = (size: readonly number[]): Venue =>
      orderBook({
        ...COMMON,
        name: `book ${size[0]}`,
        price: [99, 98, 97, 96],
        size,
        levels: 'relative',
        beyond: 'linear',
      })
    const { market, open } = setUp(
      { arbitrageSeconds: 0 },
      book([10, 10, 10, 10]),
      book([5, 5, 5, 5]),
    )
    market.venues[0].sell(22)
    near(open(12), 98)
    near(market.venues[0].forced(), 10 + (7 * 10) / 15)
    near(total(market), 22)
  })

  it('behaviour: sales on one venue move the outside price by what all of them absorb', () => {
    const spec = { permanentShare: [0.5, 0.5], arbitrageSeconds: 0 }
    const { market, open, formation } = setUp(spec, pool(1000), pool(3000))
    market.venues[0].sell(80)
    open(12)
    near(formation.permanent(1), lasting(40, 4000 * (1 / Math.sqrt(0.98) - 1)))
  })

  function total(market: Market): number {
    return market.venues.reduce((sum, venue) => sum + venue.forced(), 0)
  }
})
