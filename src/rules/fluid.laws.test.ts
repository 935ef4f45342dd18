import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountsOf, health, healthFactor } from '../book.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, ITEMS, LENDERS, type Protocol, RESERVE } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import { HAIR, ratioAt, tickAt } from './fluid/ticks.ts'
import { absorbedIn, BTC, deployed, ETH, USDC, vaultsOf } from './fluid.suite.ts'
import { fluid } from './fluid.ts'
import { act, book, held, standingOf } from './settling.suite.ts'
import { offersOf, publish } from './vectors.suite.ts'

const options = { seed: 20260304, numRuns: 500 }
const ASSETS = [USDC, ETH, BTC]

const unit = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const worlds = fc.record({
  positions: fc.array(
    fc.record({ vault: fc.constantFrom(1, 2), units: unit(1, 500), loan: unit(0.85, 1.12) }),
    { minLength: 1, maxLength: 5 },
  ),
  eth: unit(1600, 2400),
  index: unit(1, 1.1),
})
const steps = fc.array(
  fc.record({
    pick: fc.nat(1000),
    taker: fc.integer({ min: -1, max: 1 }),
    part: fc.oneof(unit(0.01, 1), fc.constant(1.2)),
    price: fc.option(fc.oneof(unit(1700, 2300), unit(900, 3000)), { freq: 3 }),
  }),
  { minLength: 1, maxLength: 25 },
)

type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never

function open({ positions, eth, index }: World): Protocol {
  const rows = positions.map(
    ({ vault, units, loan }, account) =>
      [account, vault, units, units * (vault === 1 ? 2000 : 30) * 0.85 * loan] as const,
  )
  const protocol = vaultsOf(rows, [1.01, eth, 60_000])
  protocol.index.set([1.01, index, 1.02, 1.03])
  protocol.rules.value(protocol)
  return protocol
}

/** Runs a history and hands every settlement to `see`. */
function play(
  protocol: Protocol,
  history: Step,
  see: (at: {
    offers: ReturnType<typeof offersOf>
    o: number
    taker: number
    before: Protocol
    moved: ReturnType<typeof act>
    asked: number
  }) => void,
): void {
  for (const { pick, taker, part, price } of history) {
    if (price !== null) publish(protocol, ETH, price)
    const offers = standingOf(protocol)
    for (let account = 0; account < accountsOf(protocol.book); account++)
      protocol.rules.offers(protocol, account, offers)
    if (offers.count === 0) continue
    const o = pick % offers.count
    const asked = offers.amount[o] === 0 ? Number.POSITIVE_INFINITY : part * offers.amount[o]
    const by = offers.account[o] < 0 ? 0 : taker
    const before = protocol.copy()
    const moved = act(protocol, offers, o, { amount: asked, taker: by })
    see({ offers, o, taker: by, before, moved, asked })
  }
}

it('law: what leaves one holder reaches another; accounts and vaults are recounted', () => {
  const seen = new Set<string>()
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    const holdings = new Map<string, number>()
    const opening = ASSETS.map((asset) => held(protocol, asset))
    const scale = opening.reduce((sum, units) => sum + Math.abs(units), 0)
    const near = (actual = 0, expected = 0) =>
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * scale)
    play(protocol, history, ({ offers, o, taker, moved }) => {
      expect(moved.reason).toBe(0)
      seen.add(`${offers.other[o]} ${taker < 0 ? 'at once' : 'in time'}`)
      book(holdings, { sells: offers.sells[o], pays: offers.pays[o] }, moved)
      const { units, debt } = absorbedIn(protocol)
      for (const asset of ASSETS) {
        near(holdings.get(`${ACCOUNTS}:${asset}`), held(protocol, asset) - opening[asset])
        near(-(holdings.get(`${LENDERS}:${asset}`) ?? 0), protocol.badDebt[asset])
      }
      near(holdings.get(`${ITEMS}:${USDC}`), -debt[0])
      near(holdings.get(`${ITEMS}:${ETH}`), units[0] - debt[1])
      near(holdings.get(`${ITEMS}:${BTC}`), units[1])
      for (const asset of ASSETS) {
        const kept = holdings.get(`${RESERVE}:${asset}`) ?? 0
        expect(kept).toBeLessThanOrEqual(25 * HAIR * scale)
      }
    })
  })
  fc.assert(law, options)
  expect([...seen].sort()).toEqual([
    '0 at once',
    '0 in time',
    '1 at once',
    '1 in time',
    '2 in time',
  ])
})

it('law: an offer settled first is done, gets what it asked for at the listed price', () => {
  let sales = 0
  const law = fc.property(worlds, steps, (world, history) => {
    play(open(world), history, ({ offers, o, moved, asked }) => {
      expect(moved.reason).toBe(0)
      if (offers.other[o] !== 0) return
      sales++
      const units = Math.min(asked, offers.amount[o])
      expect(moved.seized / units).toBeCloseTo(1, 11)
      expect((moved.repaid / offers.cost[o]) * (offers.amount[o] / units)).toBeCloseTo(1, 11)
    })
  })
  fc.assert(law, options)
  expect(sales).toBeGreaterThan(200)
})

it('law: a position is sold just to the liquidation tick, and has all of its debt backed', () => {
  let sales = 0
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    play(protocol, history, ({ offers, o, asked }) => {
      if (offers.other[o] !== 0 || asked < offers.amount[o]) return
      sales++
      const account = offers.account[o]
      const { start, amount, slot } = protocol.book
      const [own, owing] = [start[account], start[account] + 1]
      const scale = slot[own] === 0 ? 1e-12 : 1e10
      const limit = (protocol.values[slot[own]] / protocol.values[slot[owing]]) * scale
      const ratio = (-amount[owing] / amount[own]) * scale
      expect(ratio / ratioAt(tickAt(limit)) - 1).toBeGreaterThan(0.5 * HAIR)
      expect(ratio / ratioAt(tickAt(limit)) - 1).toBeLessThan(1.5 * HAIR)
      expect(healthFactor(protocol.book, protocol.values, account)).toBeLessThan(1.0015)
      expect(offersOf(protocol, account).count).toBe(0)
    })
  })
  fc.assert(law, options)
  expect(sales).toBeGreaterThan(100)
})

it('law: a settlement writes its own account only, and never makes a leg grow', () => {
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    play(protocol, history, ({ offers, o, before }) => {
      const { start, amount, version } = protocol.book
      for (let i = 0; i < accountsOf(protocol.book); i++) {
        expect(version[i]).toBe(before.book.version[i] + +(i === offers.account[o]))
        for (let k = start[i]; k < start[i + 1]; k++) {
          const was = before.book.amount[k]
          if (i !== offers.account[o]) expect(amount[k]).toBe(was)
          expect(Math.abs(amount[k])).toBeLessThanOrEqual(Math.abs(was))
          expect(amount[k] * was).toBeGreaterThanOrEqual(0)
        }
      }
    })
  })
  fc.assert(law, options)
})

it('law: who is healthy lists nothing and is refused; who is not lists one thing', () => {
  const law = fc.property(worlds, unit(900, 6000), (world, price) => {
    const protocol = open(world)
    const count = accountsOf(protocol.book)
    const earlier = Array.from({ length: count }, (_, account) => offersOf(protocol, account))
    publish(protocol, ETH, price)
    const state = protocol.book.amount.slice()
    for (let account = 0; account < count; account++) {
      const isBreached = health(protocol.book, protocol.values, account) < 0
      expect(offersOf(protocol, account).count).toBe(+isBreached)
      for (let o = 0; !isBreached && o < earlier[account].count; o++)
        for (const taker of [-1, 0])
          expect(act(protocol, earlier[account], o, { taker }).reason).toBe('healthy')
    }
    expect(protocol.book.amount).toEqual(state)
  })
  fc.assert(law, options)
})

it('law: positions breach by their own ticks, and debts are less than a tick above the file', () => {
  const law = fc.property(worlds, unit(900, 3000), (world, price) => {
    const protocol = open({ ...world, index: 1 })
    protocol.index.fill(1)
    publish(protocol, ETH, price)
    world.positions.forEach(({ vault, units, loan }, account) => {
      const debt = units * (vault === 1 ? 2000 : 30) * 0.85 * loan
      const leg = -protocol.book.amount[2 * account + 1]
      expect(leg / debt).toBeGreaterThanOrEqual(1)
      expect(leg / debt).toBeLessThanOrEqual(1.0015 * (1 + 2e-9))
      const scale = vault === 1 ? 1e-12 : 1e10
      const limit = (vault === 1 ? price / 1.01 : 60_000 / price) * 0.85 * scale
      const isAbove = tickAt((leg / units) * scale * (1 + 1e-13)) > tickAt(limit)
      expect(offersOf(protocol, account).count).toBe(+isAbove)
    })
  })
  fc.assert(law, options)
})

it('law: a copy is independent, and reset restores books and vaults', () => {
  const law = fc.property(worlds, steps, steps, (world, history, more) => {
    const protocol = open(world)
    play(protocol, history, () => {})
    const was = state(protocol)
    const copy = protocol.copy()
    play(copy, more, () => {})
    const once = state(copy)
    expect(state(protocol)).toEqual(was)
    copy.reset(protocol)
    expect(state(copy)).toEqual(was)
    play(copy, more, () => {})
    expect(state(copy)).toEqual(once)
  })
  fc.assert(law, options)
})

it('law: the sum of debts that a vault keeps is that of its accounts', () => {
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    const owed = (slot: number) => {
      let sum = 0
      protocol.book.amount.forEach((amount, k) => {
        if (protocol.book.slot[k] === slot) sum -= amount
      })
      return sum
    }
    play(protocol, history, () => {
      absorbedIn(protocol).total.forEach((total, v) => {
        if (Number.isNaN(total)) return
        expect(Math.abs(total - owed(2 * v + 1))).toBeLessThanOrEqual(1e-9 * (1 + total))
      })
    })
  })
  fc.assert(law, options)
  expect(deployed.vaults.length).toBe(2)
})

function state(protocol: Protocol) {
  const { copy: _, reset: __, ...absorbed } = absorbedIn(protocol)
  const { amount, version } = protocol.book
  return structuredClone({ amount, version, badDebt: protocol.badDebt, absorbed })
}

const [eth, btc] = deployed.vaults.map((vault) => ({
  ...vault,
  supplyRate: 0.01,
  borrowRate: 0.05,
}))

rulesConformance({
  rules: fluid({ ...deployed, vaults: [eth, btc, { ...btc, group: 3, debt: 3 }] }),
  groups: [1, 2, 3],
  positionsPer: 'pair',
  stepsMax: () => 1,
  held(protocol) {
    const { units, debt } = absorbedIn(protocol)
    return [
      [ITEMS, USDC, -debt[0]],
      [ITEMS, ETH, units[0] - debt[1]],
      [ITEMS, BTC, units[1] + units[2]],
      [ITEMS, 3, -debt[2]],
    ]
  },
  grows: (slot, seconds) => 1 + ((slot % 2 === 0 ? 0.01 : 0.05) * seconds) / YEAR_SECONDS,
  exceptions: { legs: 'a part of 1e-12 of the collateral stays with the vault' },
})
