import { describe, expect, it } from 'vitest'
import { bookFrom } from '../book.ts'
import { marketFrom } from '../market.ts'
import { type Random, randomAt } from '../math/random.ts'
import { stopOut } from '../rules/stopOut.ts'
import { offerList, protocolFrom, settlement, WHOLE_OFFER } from '../rules.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { type World, worldFrom } from '../world.ts'
import { boxBracket } from './boxBracket.ts'
import { shock } from './cascade.ts'
import { benchOf, simulate } from './simulate.ts'

const [USD, ETH, GOLD] = [0, 1, 2]
const options = { order: 'worst-first', feedback: true, disposal: 'all', buys: true } as const

// Long and short accounts on two assets, each in a pool of its own.
function mixedWorld(seed: number, accounts = 16): World {
  const random = randomAt(seed, 0)
  const common = { quoteAsset: USD, outside: 100, fee: 0, asOf: null, beyond: 'wall' } as const
  const shape = { keepsFee: false, reprice: 'arbitrage' } as const
  const pool = (base: number, u: number) =>
    constantProduct({ ...common, ...shape, name: `pool ${base}`, base, reserve: 300 + 3000 * u })
  const market = marketFrom({
    assets: ['USD', 'ETH', 'GOLD'],
    cash: USD,
    venues: [pool(ETH, random.uniform(0, 0)), pool(GOLD, random.uniform(0, 1))],
    hop: [[], [0], [1]],
    outside: [1, 100, 100],
  })
  const assets = [USD, ETH, GOLD].map((asset) => ({ asset, threshold: 0.8, bonus: 0.05 }))
  const rules = stopOut({ assets })
  const prices = Float64Array.of(1, 100, 100)
  const names = Array.from({ length: accounts }, (_, i) => `trader ${i}`)
  const legs = names.flatMap((_, account) => {
    const u = (stream: number) => random.uniform(1 + account, stream)
    const owns = Math.floor(3 * u(0))
    const owes = (owns + 1 + Math.floor(2 * u(1))) % 3
    const usd = 100 + 5000 * u(2)
    const factor = 0.98 + 0.4 * u(3)
    const owed = (0.8 * usd) / factor
    return [
      { account, slot: rules.slotOf(owns, 1, 0), amount: usd / prices[owns] },
      { account, slot: rules.slotOf(owes, -1, 0), amount: -owed / prices[owes] },
    ]
  })
  const book = bookFrom(names.length, legs)
  return worldFrom(market, [protocolFrom({ name: 'bank', rules, book, prices, accounts: names })])
}

/** Accounts liquidated when chance picks who comes next. */
function inRandomOrder(base: World, drop: number, random: Random): Set<number> {
  const world = base.copy()
  shock(world, ETH, drop)
  const [protocol] = world.protocols
  const taken = new Set<number>()
  for (let step = 0; ; step++) {
    world.market.prices(protocol.prices)
    protocol.rules.value(protocol)
    const offers = offerList()
    protocol.accounts.forEach((_, i) => {
      protocol.rules.offers(protocol, i, offers)
    })
    if (offers.count === 0) return taken
    const n = Math.floor(offers.count * random.uniform(step, 5))
    const done = settlement()
    protocol.rules.settle(protocol, offers, n, WHOLE_OFFER, done)
    taken.add(offers.account[n])
    world.market.sell(offers.sells[n], done.seized)
    if (offers.pays[n] !== USD) world.market.sell(offers.pays[n], -done.repaid)
  }
}

describe('boxBracket', () => {
  it('law: every order ends between the ends, none outside', () => {
    let apart = 0
    let differ = 0
    for (let seed = 0; seed < 200; seed++) {
      const world = mixedWorld(seed)
      const drop = 0.15 * randomAt(seed, 3).uniform(0, 0)
      const bench = benchOf(world, ETH, options)
      const box = boxBracket(bench, drop)!
      const sizes = new Set<string>()
      const ends = [0, 1, 2, 3, 4, 5].map((k) => inRandomOrder(world, drop, randomAt(seed, 9 + k)))
      const engine = simulate(bench, drop).trace.row
      for (const end of [...ends, new Set(engine)]) {
        sizes.add([...end].sort().join())
        world.protocols[0].accounts.forEach((_, row) => {
          if (box.surely[row] === 1) expect(end, `surely ${row} of ${seed}`).toContain(row)
          if (end.has(row)) expect(box.maybe[row], `maybe ${row} of ${seed}`).toBe(1)
        })
      }
      differ += +(sizes.size > 1)
      apart += +(box.leastUsd < box.mostUsd)
      expect(box.leastUsd).toBeLessThanOrEqual(box.mostUsd)
    }
    // The law is not empty: orders do end apart.
    expect(differ).toBeGreaterThan(10)
    expect(apart).toBeGreaterThanOrEqual(differ)
  })

  it('behaviour: nothing to bound without purchases, without feedback, or where a bonus is kept', () => {
    const world = mixedWorld(1)
    const of = (more: object) => boxBracket(benchOf(world, ETH, { ...options, ...more }), 0.1)
    expect(of({})).not.toBeNull()
    expect(of({ buys: false })).toBeNull()
    expect(of({ feedback: false })).toBeNull()
    expect(of({ disposal: 'cost' })).toBeNull()
  })
})
