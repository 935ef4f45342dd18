import { describe, expect, it } from 'vitest'
import { health } from '../book.ts'
import { stopOut } from '../rules/stopOut.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { COIN, ETH, randomWorld, STETH, USD, type WorldPlan } from './books.suite.ts'
import { isOpen, keyOf, movingAssets, prepare, protocolOf, triggerPrice } from './triggers.ts'
import { GOLD, goldTerms, goldVenue, goldWorld } from './worlds.suite.ts'

const plan: WorldPlan = {
  seed: 3,
  venue: 'exponential',
  rules: ['lending whole', 'aaveV3'],
  claim: true,
  shorts: true,
  accounts: 30,
}

describe('triggerPrice', () => {
  it('law: health is 0 there, when everything that follows the asset falls with it', () => {
    const world = randomWorld(plan)
    const { follows, opening } = prepare(world, ETH, false)
    expect([...follows]).toEqual([0, 1, 0, 1])
    for (const protocol of world.protocols)
      protocol.accounts.forEach((_, account) => {
        const trigger = triggerPrice(protocol, account, follows, opening[ETH])
        if (trigger === 0 || trigger === Number.POSITIVE_INFINITY) return
        const at = protocol.copy()
        follows.forEach((flag, asset) => {
          if (flag === 1) at.prices[asset] *= trigger / opening[ETH]
        })
        at.rules.value(at)
        expect(Math.abs(health(at.book, at.values, account))).toBeLessThan(1e-8)
      })
  })
})

describe('prepare', () => {
  it('law: no account is breached before its level is reached', () => {
    const world = randomWorld(plan)
    const prepared = prepare(world, ETH, true)
    expect(prepared.lead).toBe(-1)
    for (const fall of [0.99, 0.9, 0.7]) {
      const shocked = world.copy()
      shocked.market.move(ETH, 100 * fall)
      prepared.key.forEach((key, row) => {
        const j = protocolOf(prepared, row)
        const protocol = shocked.protocols[j]
        shocked.market.prices(protocol.prices)
        protocol.rules.value(protocol)
        const account = row - prepared.offset[j]
        if (isOpen(protocol, account) && health(protocol.book, protocol.values, account) < 0)
          expect(key).toBeLessThan((1 / fall) * (1 + 1e-12))
      })
    }
  })

  it('behaviour: one asset leads only while its price can do nothing but fall', () => {
    const single = { ...plan, claim: false }
    expect(prepare(randomWorld(single), ETH, false).lead).toBe(ETH)
    expect(prepare(randomWorld({ ...single, shorts: false }), ETH, true).lead).toBe(ETH)
    // Somebody owes ETH: its purchase lifts the price, and the way back down must be watched as
    // well.
    expect(prepare(randomWorld(single), ETH, true).lead).toBe(-1)
  })

  it('behaviour: claims move with what they are priced in; cash and unsold coins never', () => {
    expect(movingAssets(randomWorld(plan), [], false)).toEqual([ETH, STETH])
    expect(movingAssets(randomWorld(plan), [COIN], false)).toEqual([ETH, COIN, STETH])
    expect(movingAssets(randomWorld(plan), [], true)).not.toContain(USD)
  })

  it('behaviour: without collateral an account has no key, in a price of 0 it keeps its trigger', () => {
    const shape = { shape: 'linear', coefficient: 1, crossover: 0, observedUnits: null } as const
    const rules = stopOut({ assets: goldTerms(0.8, 0.05) })
    const world = goldWorld(rules, impactCurve({ ...goldVenue, ...shape }), [
      { units: 0, debt: 5 },
      { units: 10, debt: 640 },
    ])
    const prepared = prepare(world, GOLD, false)
    expect([...prepared.key]).toEqual([Number.POSITIVE_INFINITY, 1.25])
    const [protocol] = world.protocols
    protocol.prices[GOLD] = 0
    rules.value(protocol)
    expect(keyOf(protocol, 1, prepared, prepared.values[0], 1)).toBe(1.25)
  })
})
