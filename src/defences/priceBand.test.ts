import { describe, expect, it } from 'vitest'
import { ETH, USD } from '../blocks.suite.ts'
import type { Sight } from '../defence.ts'
import { marketFrom } from '../market.ts'
import { offerList, pushOffer } from '../rules.ts'
import { venueFrom } from '../setup.ts'
import { metric, reading } from './defences.suite.ts'
import { priceBand } from './priceBand.ts'
import { bothWays, scenes } from './scenes.suite.ts'

const of = scenes.priceBand

describe('priceBand', () => {
  it('helps: in a flash crash sales are spread over blocks, and most are not needed', () => {
    const [with_, without] = bothWays(of, of.helps)
    expect(reading(with_, 'cut_blocks')).toBeGreaterThan(10)
    expect(metric(with_, 'total_liquidated_usd')).toBeLessThan(
      0.2 * metric(without, 'total_liquidated_usd'),
    )
    expect(metric(with_, 'bad_debt_usd')).toBeLessThan(0.1 * metric(without, 'bad_debt_usd'))
  })

  it('hurts: in a fall that goes on, who is held back ends under water', () => {
    const [with_, without] = bothWays(of, of.hurts)
    expect(metric(without, 'bad_debt_usd')).toBe(0)
    expect(metric(with_, 'bad_debt_usd')).toBeGreaterThan(1000)
  })

  const pools = [0.003, 0.01].map((fee, n) =>
    venueFrom({
      ...{ name: `pool ${n}`, base: ETH, quoteAsset: USD, outside: 100, fee, asOf: null },
      ...{ beyond: 'linear', kind: 'constantProduct', reserve: 1000, keepsFee: false },
      reprice: 'arbitrage',
    }),
  )
  const sightOf = (published: number, hop: readonly number[]) => {
    const venues = pools.map((pool) => pool.copy())
    const outside = [1, 100, 1]
    const assets = ['USD', 'ETH', 'COIN']
    const stands = marketFrom({ assets, cash: USD, venues, hop: [[], hop, []], outside })
    const mids = new Float64Array(3)
    stands.prices(mids)
    const prices = Float64Array.of(1, published, 1)
    return { sight: { mids, market: stands, protocol: { prices } } as unknown as Sight, venues }
  }
  const offered = (...sells: number[]) => {
    const offers = offerList()
    for (const asset of sells) pushOffer(offers, 0, asset, 500, USD, 1, 0, asset, 7)
    return offers
  }

  it.each([
    ['one pool', [0]],
    ['two pools of different fees', [0, 1]],
  ])('rule: with %s a sale ends at the floor, no earlier and no later', (_, hop) => {
    const { sight } = sightOf(100, hop)
    const units = priceBand({ band: 0.05 }).most!(sight, offered(ETH), 0, 500)
    sight.market.sell(ETH, units)
    expect(sight.market.price(ETH)).toBeCloseTo(95, 9)
    expect(priceBand({ band: 0.05 }).most!(sight, offered(ETH), 0, 500)).toBe(0)
    expect(priceBand({ band: 0.06 }).most!(sight, offered(ETH), 0, 1)).toBe(1)
  })

  it('rule: what would leave less than a millionth of an offer is refused', () => {
    const { sight } = sightOf(100, [0])
    const most = (units: number) => priceBand({ band: 0.05 }).most!(sight, offered(ETH), 0, units)
    expect(most(1e7)).toBeGreaterThan(20)
    expect(most(1e9)).toBe(0)
  })

  it('rule: below the floor of what was published a collateral is not offered, others are', () => {
    const { sight } = sightOf(106, [0])
    const offers = offered(ETH, 2, ETH)
    expect(priceBand({ band: 0.05 }).shape!(sight, offers, 0)).toBe(true)
    expect([offers.count, offers.sells[0], offers.own[0], offers.other[0]]).toEqual([1, 2, 2, 7])
    const near = offered(ETH, 2)
    expect(priceBand({ band: 0.06 }).shape!(sight, near, 0)).toBe(false)
    expect(near.count).toBe(2)
  })
})
