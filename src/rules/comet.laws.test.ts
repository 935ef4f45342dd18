import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountsOf, health, healthFactor } from '../book.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, BIDDER, BORROWERS, ITEMS, LENDERS, type Protocol, RESERVE } from '../rules.ts'
import { BTC, deployed, ETH, reservesIn, USDC } from './comet.suite.ts'
import { comet } from './comet.ts'
import { rulesConformance } from './conformance.suite.ts'
import { act, book, held, movedUnits, standingOf } from './settling.suite.ts'
import { offersOf, type PlainLeg, protocolOf, publish } from './vectors.suite.ts'

const options = { seed: 20260529, numRuns: 300 }

interface World {
  readonly users: readonly { eth: number; btc: number; loan: number }[]
  readonly reserves: number
  readonly target: number
  readonly pass: number
  readonly eth: number
  readonly index: number
}

const amount = (max: number) => fc.double({ min: 1, max, noNaN: true })
const worlds: fc.Arbitrary<World> = fc.record({
  users: fc.array(
    fc.record({
      eth: fc.oneof(fc.constant(0), amount(500)),
      btc: fc.oneof(fc.constant(0), amount(20)),
      loan: fc.double({ min: 0.4, max: 1.5, noNaN: true }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  reserves: fc.oneof(fc.constant(0), amount(2e5)),
  target: fc.constantFrom(0, 5e4, 5e6),
  pass: fc.double({ min: 0, max: 1, noNaN: true }),
  eth: fc.double({ min: 900, max: 3000, noNaN: true }),
  index: fc.double({ min: 1, max: 1.5, noNaN: true }),
})

const steps = fc.array(
  fc.record({
    pick: fc.nat(1000),
    taker: fc.integer({ min: -1, max: 1 }),
    part: fc.double({ min: 0.01, max: 1.3, noNaN: true }),
    price: fc.option(fc.double({ min: 800, max: 3000, noNaN: true }), { freq: 4 }),
  }),
  { minLength: 1, maxLength: 25 },
)

function open({ users, reserves, target, pass, eth, index }: World): Protocol {
  const rules = comet({
    ...deployed,
    storeFrontPriceFactor: pass,
    reservesUnits: reserves,
    targetReservesUnits: target,
  })
  const legs = users.flatMap(({ eth: units, btc, loan }, account): PlainLeg[] => {
    const debt = ((units + 1) * 2000 * 0.9 + btc * 60_000 * 0.85) * loan
    const all: PlainLeg[] = [
      [account, ETH, units],
      [account, BTC, btc],
      [account, USDC, -debt],
    ]
    return all.filter(([, , held]) => held !== 0)
  })
  const protocol = protocolOf(rules, [1.01, eth, 60_000], legs)
  protocol.index[rules.slotOf(USDC, -1, 0)] = index
  rules.value(protocol)
  return protocol
}

type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never

/** Runs a history and hands every settlement to `see`. */
function play(
  protocol: Protocol,
  history: Step,
  see: (at: {
    offers: ReturnType<typeof offersOf>
    o: number
    taker: number
    part: number
    before: Protocol
    moved: ReturnType<typeof act>
  }) => void,
): void {
  for (const { pick, taker, part, price } of history) {
    if (price !== null) publish(protocol, ETH, price)
    const offers = standingOf(protocol)
    for (let account = 0; account < accountsOf(protocol.book); account++)
      protocol.rules.offers(protocol, account, offers)
    if (offers.count === 0) continue
    const o = pick % offers.count
    const before = protocol.copy()
    const isWhole = offers.amount[o] === 0
    const units = isWhole ? Number.POSITIVE_INFINITY : part * offers.amount[o]
    // No time has no storefront.
    const by = offers.account[o] < 0 ? 0 : taker
    const moved = act(protocol, offers, o, { amount: units, taker: by })
    see({ offers, o, taker: by, part, before, moved })
  }
}

it('law: what leaves one holder reaches another; accounts and reserves are recounted', () => {
  const seen = new Set<string>()
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    const holdings = new Map<string, number>()
    const opening = [USDC, ETH, BTC].map((asset) => held(protocol, asset))
    let profit = 0
    play(protocol, history, ({ offers, o, taker, moved }) => {
      expect(moved.reason).toBe(0)
      seen.add(`${offers.other[o]} ${taker < 0 ? 'at once' : 'in time'}`)
      book(holdings, { sells: offers.sells[o], pays: offers.pays[o] }, moved)
      if (taker < 0) profit += movedUnits(moved, USDC, BIDDER, RESERVE)
      const { base, charged, units } = reservesIn(protocol)
      for (const asset of [USDC, ETH, BTC])
        near(holdings.get(`${ACCOUNTS}:${asset}`), held(protocol, asset) - opening[asset])
      near(holdings.get(`${ITEMS}:${ETH}`), units[ETH])
      near(holdings.get(`${ITEMS}:${BTC}`), units[BTC])
      near(holdings.get(`${RESERVE}:${USDC}`), base - world.reserves + charged + profit)
      near(-(holdings.get(`${LENDERS}:${USDC}`) ?? 0), protocol.badDebt[USDC])
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

it('law: an offer settled first is done; a purchase gets what it asked for at the listed price', () => {
  let purchases = 0
  const law = fc.property(worlds, steps, (world, history) => {
    play(open(world), history, ({ offers, o, taker, part, moved }) => {
      expect(moved.reason).toBe(0)
      if (offers.amount[o] === 0) return
      purchases++
      const got = moved.seized + movedUnits(moved, offers.sells[o], ITEMS, BIDDER)
      const paid =
        moved.repaid +
        movedUnits(moved, USDC, BIDDER, RESERVE) +
        movedUnits(moved, USDC, BIDDER, BORROWERS)
      near(got / offers.amount[o], Math.min(1, part), 1e-12)
      // At once, what the payment lacks of the debt is bad, and the payment is listed all the same.
      near(paid / offers.cost[o], Math.min(1, part), 1e-9)
      if (taker < 0) near(movedUnits(moved, offers.sells[o], ACCOUNTS, ITEMS), 0)
    })
  })
  fc.assert(law, options)
  expect(purchases).toBeGreaterThan(300)
})

it('law: in time an absorb leaves nothing of an account, and touches no other', () => {
  let absorbs = 0
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    play(protocol, history, ({ offers, o, taker, before }) => {
      const account = offers.account[o]
      const { start, amount, version } = protocol.book
      for (let i = 0; i < accountsOf(protocol.book); i++) {
        const legs = amount.subarray(start[i], start[i + 1])
        const was = before.book.amount.subarray(start[i], start[i + 1])
        expect(version[i]).toBe(before.book.version[i] + +(i === account))
        if (i !== account) expect(legs).toEqual(was)
        else if (taker >= 0) {
          absorbs++
          expect(legs.every((units) => units === 0)).toBe(true)
        } else expect(legs.every((units, k) => Math.abs(units) <= Math.abs(was[k]))).toBe(true)
      }
    })
  })
  fc.assert(law, options)
  expect(absorbs).toBeGreaterThan(200)
})

it('law: lenders lose exactly what reserves and unsold collateral cannot bear, and no sooner', () => {
  let losses = 0
  const law = fc.property(worlds, steps, (world, history) => {
    const protocol = open(world)
    const timed = history.map((step) => ({ ...step, taker: 0 }))
    play(protocol, timed, ({ before }) => {
      const { base, charged, credited } = reservesIn(protocol)
      const own = base + credited.reduce((sum, credit) => sum + credit, 0)
      expect(own + charged).toBeGreaterThanOrEqual(-1e-12 * Math.abs(base))
      expect(charged).toBe(protocol.badDebt[USDC])
      const earlier = reservesIn(before).charged
      expect(charged).toBeGreaterThanOrEqual(earlier)
      if (charged === earlier) return
      losses++
      near(own + charged, 0)
    })
  })
  fc.assert(law, options)
  expect(losses).toBeGreaterThan(50)
})

it('law: at once the rest of an account keeps its health factor, and collaterals end it', () => {
  const law = fc.property(worlds, fc.nat(10), (world, pick) => {
    const protocol = open(world)
    const { values, book: legs } = protocol
    for (let account = 0; account < accountsOf(legs); account++) {
      const collaterals = legs.amount
        .subarray(legs.start[account], legs.start[account + 1])
        .filter((units) => units > 0).length
      const factor = healthFactor(legs, values, account)
      for (let n = 0; n < collaterals; n++) {
        const offers = offersOf(protocol, account)
        if (offers.count === 0) break
        near(healthFactor(legs, values, account) / factor, 1, 1e-9)
        act(protocol, offers, (pick + n) % offers.count, { taker: -1 })
      }
      expect(offersOf(protocol, account).count).toBe(0)
    }
  })
  fc.assert(law, options)
})

it('law: who is breached and owns anything can be absorbed, who is healthy is refused', () => {
  const law = fc.property(worlds, amount(9000), (world, price) => {
    const protocol = open(world)
    const count = accountsOf(protocol.book)
    const earlier = Array.from({ length: count }, (_, account) => offersOf(protocol, account))
    publish(protocol, ETH, price)
    const state = protocol.book.amount.slice()
    for (let account = 0; account < count; account++) {
      const { start, amount: units } = protocol.book
      const owns = units.subarray(start[account], start[account + 1]).some((leg) => leg > 0)
      const isBreached = health(protocol.book, protocol.values, account) < 0
      expect(offersOf(protocol, account).count > 0).toBe(isBreached && owns)
      if (isBreached) continue
      for (let o = 0; o < earlier[account].count; o++)
        for (const taker of [-1, 0])
          expect(act(protocol, earlier[account], o, { taker }).reason).toBe('healthy')
    }
    expect(protocol.book.amount).toEqual(state)
  })
  fc.assert(law, options)
})

it('law: a copy is independent, and reset restores books and reserves', () => {
  const law = fc.property(worlds, steps, steps, (world, history, more) => {
    const protocol = open(world)
    play(protocol, history, () => {})
    const was = state(protocol)
    const copy = protocol.copy()
    expect(state(copy)).toEqual(was)
    play(copy, more, () => {})
    const once = state(copy)
    expect(state(protocol)).toEqual(was)
    copy.reset(protocol)
    expect(state(copy)).toEqual(was)
    for (const { price } of history) if (price !== null) publish(copy, ETH, protocol.prices[ETH])
    play(copy, more, () => {})
    expect(state(copy)).toEqual(once)
  })
  fc.assert(law, options)
})

function state(protocol: Protocol) {
  const { copy: _, reset: __, ...reserves } = reservesIn(protocol)
  const { amount: units, version } = protocol.book
  return structuredClone({ units, version, badDebt: protocol.badDebt, reserves })
}

function near(actual = 0, expected = 0, tolerance = 1e-6): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance)
}

rulesConformance({
  rules: comet({
    ...deployed,
    assets: [
      { asset: USDC, threshold: null, liquidationFactor: 1, borrowRate: 0.05 },
      { asset: ETH, threshold: 0.85, liquidationFactor: 0.93 },
      { asset: BTC, threshold: 0.6, liquidationFactor: 0.8 },
      { asset: 3, threshold: null, liquidationFactor: 1 },
    ],
    reservesUnits: 1e6,
    targetReservesUnits: 1e8,
  }),
  groups: [0],
  // At once a settlement sells one collateral.
  stepsMax: ({ book: { start } }, account) => start[account + 1] - start[account],
  held(protocol) {
    const { base, charged, units } = reservesIn(protocol)
    return [
      [RESERVE, USDC, base + charged],
      [ITEMS, ETH, units[ETH]],
      [ITEMS, BTC, units[BTC]],
    ]
  },
  grows: (slot, seconds) => 1 + (slot === 0 ? (0.05 * seconds) / YEAR_SECONDS : 0),
  exceptions: {
    listed: 'an account lists a purchase of each collateral, and an absorb without one',
  },
})
