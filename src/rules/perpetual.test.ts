/** A perpetual exchange: margins and prices of closing. */

import { describe, expect, it } from 'vitest'
import { triggerPrice } from '../analysis/triggers.ts'
import { health } from '../book.ts'
import { exp } from '../math/exponential.ts'
import { randomAt } from '../math/random.ts'
import type { Protocol } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import type { PerpetualBooks } from './perpetual/books.ts'
import { layoutOf, maintenance, tierAt } from './perpetual/markets.ts'
import type { PerpetualSpec } from './perpetual/parameters.ts'
import { closedAt, opened } from './perpetual.suite.ts'
import { perpetual } from './perpetual.ts'
import { offersOf, publish } from './vectors.suite.ts'

const plain: PerpetualSpec = {
  settlement: 0,
  markets: [{ asset: 1, tiers: [{ rate: 0.005 }], fundingRate: 0 }],
  collateral: [],
  liquidationFee: 0,
  leftover: 'account',
  portion: 1,
  portionAboveUsd: 0,
  cooldownSeconds: 0,
  fundUsd: 0,
}

rulesConformance({
  rules: perpetual({
    ...plain,
    settlement: 0,
    markets: [
      { asset: 1, tiers: [{ rate: 0.05 }], fundingRate: 0 },
      { asset: 2, tiers: [{ rate: 0.1 }], fundingRate: 0 },
    ],
    liquidationFee: 0.005,
    fundUsd: 1000,
  }),
  groups: [0],
  stepsMax: () => 5,
  exceptions: {
    listed: 'a position closes against the cash of its account',
    grows: 'cash takes what a closed long brings',
    legs: 'a closed short leaves less cash, a closed long more',
    scaled: 'nothing is paid on top, and cash counts whole',
  },
})

const fundOf = ({ items }: Protocol) => (items as PerpetualBooks).fund

describe('isolated margin', () => {
  const isolated = (side: 1 | -1) =>
    opened(
      perpetual({ ...plain, leftover: 'fund', fundUsd: 1e6 }),
      [1, 50_000],
      [
        { asset: 1, side, amount: 2, entry: 50_000 },
        { asset: 0, side: 1, amount: 10_000 },
      ],
    )

  it.each([
    [1, 45_226.130653, 45_000],
    [-1, 54_726.368159, 55_000],
  ] as const)('default: target 24, side %d', (side, liquidation, bankruptcy) => {
    const equityAt = (price: number) => {
      const protocol = isolated(side)
      publish(protocol, 1, price)
      return health(protocol.book, protocol.values, 0)
    }
    expect(equityAt(liquidation)).toBeCloseTo(0, 2)
    expect(equityAt(liquidation - side)).toBeLessThan(0)
    expect(equityAt(liquidation + side)).toBeGreaterThan(0)
    for (const [worse, change] of [
      [0, 0],
      [100, -200],
      [-100, 200],
    ]) {
      const protocol = isolated(side)
      publish(protocol, 1, bankruptcy)
      closedAt(protocol, bankruptcy - side * worse)
      expect(fundOf(protocol) - 1e6).toBeCloseTo(change, 6)
      expect([...protocol.book.amount]).toEqual([0, 0])
    }
  })

  it('default: the tiers of Binance and BitMEX, 10 at 50,000 and 20x', () => {
    const tiers = [{ upToUsd: 300_000, rate: 0.005 }, { rate: 0.01 }]
    const protocol = opened(
      perpetual({ ...plain, markets: [{ asset: 1, tiers, fundingRate: 0 }] }),
      [1, 50_000],
      [
        { asset: 1, side: 1, amount: 10, entry: 50_000 },
        { asset: 0, side: 1, amount: 25_000 },
      ],
    )
    const edge = triggerPrice(protocol, 0, Uint8Array.of(0, 1), 50_000)
    expect(edge).toBeCloseTo(47_828.282828, 6)
    publish(protocol, 1, edge * (1 - 1e-9))
    expect(offersOf(protocol, 0).count).toBe(1)
    publish(protocol, 1, edge * (1 + 1e-9))
    expect(offersOf(protocol, 0).count).toBe(0)
  })

  it('default: 25 ETH on Hyperliquid, and the vault at two thirds of maintenance', () => {
    const rules = perpetual({
      ...plain,
      markets: [{ asset: 1, tiers: [{ rate: 0.02 }], fundingRate: 0 }],
      backstop: { below: 2 / 3, capitalUsd: 1000, unwindSeconds: 100 },
    })
    const open = () =>
      opened(
        rules,
        [1, 2000],
        [
          { asset: 1, side: 1, amount: 25, entry: 2000 },
          { asset: 0, side: 1, amount: 3000 },
        ],
      )
    const edge = 1918.367346938776
    expect(triggerPrice(open(), 0, Uint8Array.of(0, 1), 2000)).toBeCloseTo(edge, 9)
    const above = open()
    publish(above, 1, 1910)
    expect(closedAt(above, 1910).out.ending).toEqual([0])
    const below = open()
    publish(below, 1, 1903)
    const { out, orders } = closedAt(below, 1903)
    expect(out.ending).toEqual([1])
    expect(orders.sold[1]).toBe(0)
    expect((below.items as PerpetualBooks).vault[0]).toBe(25)
    expect((below.items as PerpetualBooks).vaultCash).toBe(1000 + 3000 - 50_000)
    expect(closedAt(below, 1903, 1, 2).orders.sold[1]).toBe(0.25)
  })

  it('default: 200 M of BTC need 3.125 M', () => {
    const tiers = [{ upToUsd: 150e6, rate: 0.0125 }, { rate: 0.025 }]
    const { markets } = layoutOf([{ asset: 1, tiers, fundingRate: 0 }], [], 0)
    expect(maintenance(markets[0], 200e6)).toBeCloseTo(3.125e6, 6)
    expect(maintenance(markets[0], 150e6)).toBeCloseTo(1.875e6, 6)
  })
})

describe('tiers', () => {
  const tiers = [
    { upToUsd: 1e5, rate: 0.005 },
    { upToUsd: 1e6, rate: 0.01 },
    { upToUsd: 1e7, rate: 0.03 },
    { rate: 0.1 },
  ]
  const rules = perpetual({ ...plain, markets: [{ asset: 1, tiers, fundingRate: 0 }] })
  const { markets } = layoutOf([{ asset: 1, tiers, fundingRate: 0 }], [], 0)

  it('law: breached exactly where equity is below maintenance, for any move of one market', () => {
    const random = randomAt(20260801, 0)
    const seen = { yes: 0, no: 0, crossed: 0 }
    for (let n = 0; n < 1000; n++) {
      const draw = (k: number) => random.uniform(n, k)
      const side = draw(0) < 0.5 ? 1 : -1
      const amount = exp(draw(1) * 14)
      const margin = amount * 100 * (0.005 + 0.3 * draw(2))
      const protocol = opened(
        rules,
        [1, 100],
        [
          { asset: 1, side, amount, entry: 100 },
          { asset: 0, side: 1, amount: margin },
        ],
      )
      const opening = tierAt(markets[0], amount * 100)
      for (let k = 0; k < 20; k++) {
        const price = 100 * (0.5 + draw(10 + k))
        publish(protocol, 1, price)
        const equity = margin + side * amount * (price - 100)
        const needed = maintenance(markets[0], amount * price)
        if (Math.abs(equity - needed) < 1e-9 * amount * price) continue
        const isBreached = equity < needed
        expect(health(protocol.book, protocol.values, 0) < 0).toBe(isBreached)
        expect(offersOf(protocol, 0).count).toBe(isBreached ? 1 : 0)
        seen[isBreached ? 'yes' : 'no']++
        if (tierAt(markets[0], amount * price) !== opening) seen.crossed++
      }
    }
    expect(Math.min(seen.yes, seen.no, seen.crossed)).toBeGreaterThan(500)
  })

  it('law: what is left of a part that was closed has its tier again', () => {
    const parts = perpetual({
      ...plain,
      ...{ portion: 0.9, portionAboveUsd: 1e6, cooldownSeconds: 30 },
      markets: [{ asset: 1, tiers, fundingRate: 0 }],
    })
    const protocol = opened(
      parts,
      [1, 100],
      [
        { asset: 1, side: 1, amount: 1e6, entry: 100 },
        { asset: 0, side: 1, amount: 10.1e6 },
      ],
    )
    publish(protocol, 1, 97)
    const { out } = closedAt(protocol, 97)
    expect(out.units).toEqual([900_000])
    const equity = 10.1e6 - 3e6
    const needed = maintenance(markets[0], 9.7e6)
    expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(equity - needed, 3)
    publish(protocol, 1, 26)
    expect(closedAt(protocol, 26, 1, 20).out.count).toBe(0)
    expect(closedAt(protocol, 26, 1, 31).out.units[0]).toBeCloseTo(100_000, 6)
  })
})
