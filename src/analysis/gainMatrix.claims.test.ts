import { describe, expect, it } from 'vitest'
import { bookFrom, type Leg } from '../book.ts'
import type { Market } from '../market.ts'
import { stopOut } from '../rules/stopOut.ts'
import { protocolFrom } from '../rules.ts'
import {
  COIN,
  claimsMarket,
  ETH,
  ETH_POOL,
  ETH_PRICE,
  inKind,
  queue,
  SHARE,
  STETH,
  USD,
} from '../venues/claims.suite.ts'
import { type World, worldFrom } from '../world.ts'
import { gainMatrix, jointGain } from './gainMatrix.ts'
import { isBreached, prepare, triggerPrice } from './triggers.ts'

const THRESHOLD = 0.8
const terms = [USD, ETH, STETH, COIN, SHARE].map((asset) => ({
  asset,
  threshold: asset === USD ? null : THRESHOLD,
  bonus: 0.05,
}))

/** One asset held, its units, and the fall of its USD price that breaches the account. */
type Held = readonly [asset: number, units: number, fall: number]

const accounts: readonly Held[] = [
  [ETH, 6, 0.04],
  [STETH, 40, 0.03],
  [STETH, 25, 0.09],
  [COIN, 60_000, 0.02],
  [COIN, 15_000, 0.2],
  [SHARE, 500, 0.03],
  [SHARE, 800, 0.06],
]

function worldOf(market: Market = claimsMarket(), held = accounts): World {
  const prices = new Float64Array(market.assets.length)
  market.prices(prices)
  const rules = stopOut({ assets: terms })
  const legs: Leg[] = held.flatMap(([asset, units, fall], account) => [
    { account, slot: rules.slotOf(asset, 1, 0), amount: units },
    {
      ...{ account, slot: rules.slotOf(USD, -1, 0) },
      amount: -units * prices[asset] * THRESHOLD * (1 - fall),
    },
  ])
  const names = held.map((_, i) => `account ${i}`)
  const book = bookFrom(held.length, legs)
  return worldFrom(market, [protocolFrom({ name: 'market', rules, book, prices, accounts: names })])
}

/** Units that the venues of ETH have sold, by what became of its price. */
const soldEth = (price: number) => ETH_POOL * (Math.sqrt(ETH_PRICE / price) - 1)

/** The same by hand: move b, look who is breached, sell what they hold of claims, look at ETH. */
function byHand(b: number, h: number): { readonly own: number; readonly passed: number } {
  const world = worldOf().copy()
  const { market, protocols } = world
  market.move(b, market.outside(b) * (1 - h))
  market.prices(protocols[0].prices)
  protocols[0].rules.value(protocols[0])
  const fallen = accounts.filter((_, i) => isBreached(protocols[0], i))
  let passed = 0
  for (const claim of [STETH, COIN, SHARE]) {
    const units = fallen.reduce((sum, [asset, held]) => sum + (asset === claim ? held : 0), 0)
    if (units === 0) continue
    const sold = claimsMarket()
    sold.sell(claim, units)
    // A share takes its part of the pool out first: its ETH meets what is left.
    const left = claim === SHARE ? 1 - units / 40_000 : 1
    passed += left * soldEth(sold.price(ETH))
  }
  return { own: fallen.reduce((sum, [a, held]) => sum + (a === ETH ? held : 0), 0), passed }
}

describe('gainMatrix of claims', () => {
  it('law: entries from claims to what they are redeemed for are those found by hand', () => {
    const h = 0.05
    const sold = [ETH, STETH, COIN, SHARE]
    const { gain, forced, passed, absorbed } = gainMatrix(worldOf(), h, sold)
    sold.forEach((b, j) => {
      const { own, passed: onward } = byHand(b, h)
      expect(forced[0][j]).toBe(own)
      expect(Math.abs(passed[0][j] / onward - 1)).toBeLessThan(1e-9)
      expect(gain[0][j]).toBe((own + passed[0][j]) / absorbed[0])
      expect(gain[0][j]).toBeGreaterThan(0)
    })
    for (const row of passed.slice(1)) expect(row).toEqual([0, 0, 0, 0])
    expect(forced.map(([fromEth]) => fromEth)).toEqual([6, 40, 0, 0])
    expect(forced.map((row) => row[3])).toEqual([0, 0, 0, 500])
  })

  it('law: a drop so small that one account falls passes on its units at the margin', () => {
    const tiny: readonly Held[] = [[COIN, 1e-4, 1e-6]]
    const { passed } = gainMatrix(worldOf(claimsMarket(), tiny), 2e-6, [ETH, COIN])
    // At par the pool of coins pays more than the redemption: nothing reaches ETH.
    expect(passed[0][1]).toBe(0)
    const market = claimsMarket()
    market.sell(COIN, 5000)
    const after = gainMatrix(worldOf(market, tiny), 2e-6, [ETH, COIN])
    expect(Math.abs((after.passed[0][1] * market.price(ETH)) / (1e-4 * 0.99) - 1)).toBeLessThan(
      1e-4,
    )
  })

  it('behaviour: redemption spares the claim, and passes its sales on to ETH', () => {
    const none = gainMatrix(worldOf(claimsMarket(null, null)), 0.05, [ETH, STETH, COIN])
    expect(none.passed[0]).toEqual([0, 0, 0])
    const some = gainMatrix(worldOf(), 0.05, [ETH, STETH, COIN])
    expect(some.forced).toEqual(none.forced)
    for (const [k, claim] of [STETH, COIN].entries()) {
      expect(some.gain[0][k + 1], `${claim}`).toBeGreaterThan(none.gain[0][k + 1])
      expect(some.gain[k + 1][k + 1], `${claim}`).toBeLessThan(none.gain[k + 1][k + 1])
    }
  })

  it('behaviour: no more than the capacity passes on in kind', () => {
    const small = worldOf(claimsMarket(queue, { ...inKind, capacity: 1000 }))
    const { passed } = gainMatrix(small, 0.05, [ETH, COIN])
    expect(Math.abs(passed[0][1] - soldEth(ETH_PRICE * (1 - 990 / 2e6) ** 2))).toBeLessThan(1e-9)
  })

  it('law: a share falls by the root: -3 % at a fall of ETH of 1 - 0.97^2, not before', () => {
    const falls = (h: number) => gainMatrix(worldOf(), h, [SHARE, ETH]).forced[0][1]
    const edge = 1 - 0.97 * 0.97
    expect(falls(edge - 1e-9)).toBe(0)
    expect(falls(edge + 1e-9)).toBe(500)
  })

  it('behaviour: the joint gain counts what claims pass on', () => {
    const direction = [0, 1, 0, 0, 0]
    const joint = jointGain(worldOf(), 0.1, direction)
    const { gain } = gainMatrix(worldOf(), 0.1, [ETH])
    expect(joint.gain).toEqual([gain[0][0]])
    const own = [[ETH, 6, 0.04]] as const
    expect(joint.gain[0]).toBeGreaterThan(
      jointGain(worldOf(claimsMarket(), own), 0.1, direction).gain[0],
    )
  })

  it('law: the price of ETH at which a holder of shares falls is that of the root', () => {
    const world = worldOf()
    const { follows } = prepare(world, ETH, false)
    expect([...follows]).toEqual([0, 1, 1, 0, 2])
    const trigger = triggerPrice(world.protocols[0], 5, follows, ETH_PRICE)
    expect(Math.abs(trigger / (ETH_PRICE * 0.97 * 0.97) - 1)).toBeLessThan(1e-12)
  })
})
