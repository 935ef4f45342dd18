import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountsOf, health } from '../book.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, ITEMS, LENDERS, type Offers, type Protocol } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import { asked } from './maker/auctions.ts'
import { ethA, recountSales, salesIn } from './makerClip.suite.ts'
import { makerClip } from './makerClip.ts'
import { act, BAT, book, DAI, ETH, type Holdings, standingAt } from './makerFlip.suite.ts'
import { offersOf, protocolOf, publish } from './vectors.suite.ts'

const options = { seed: 20210419, numRuns: 200 }

/** One step of a random history: which offer, by whom, for how much of it, how much later. */
const steps = fc.array(
  fc.record({
    pick: fc.nat(1000),
    taker: fc.integer({ min: -1, max: 2 }),
    part: fc.constantFrom(1, 1, 0.2, 0.5, 0.9, 0.999),
    later: fc.constantFrom(0, 0, 15, 90, 900, 3600, 8500),
    price: fc.constantFrom(1, 1, 1, 0.95, 1.04),
  }),
  { minLength: 1, maxLength: 50 },
)
type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never

const worlds = fc.record({
  ink: fc.double({ min: 1, max: 260, noNaN: true }),
  bat: fc.double({ min: 1, max: 120, noNaN: true }),
  loan: fc.double({ min: 0.5, max: 1.4, noNaN: true }),
  hole: fc.constantFrom(undefined, 20_000, 100_000),
  dust: fc.constantFrom(0, 500, 5000),
  steps,
})
const KINDS = ['bark', 'paid bark', 'take', 'redo']

type Plain = { ink: number; bat: number; loan: number; hole: number | undefined; dust: number }

function open({ ink, bat, loan, hole, dust }: Plain): Protocol {
  const debt = (ink * 1500 + bat * 800) * loan
  const holes = hole === undefined ? {} : { holeUsd: hole, totalHoleUsd: 1.5 * hole }
  const rules = makerClip({ ...ethA, ...holes, dustUsd: dust, tolerance: 0.5 })
  const protocol = protocolOf(
    rules,
    [1.02, 1500, 800],
    [
      [0, ETH, ink],
      [0, BAT, bat],
      [0, DAI, -debt],
      [1, ETH, ink / 2],
      [1, DAI, -debt / 3],
    ],
  )
  protocol.index[rules.slotOf(DAI, -1, 0)] = 1.07
  rules.value(protocol)
  return protocol
}

function offersAt(protocol: Protocol, at: number): Offers {
  const offers = standingAt(protocol, at)
  for (let account = 0; account < accountsOf(protocol.book); account++)
    protocol.rules.offers(protocol, account, offers)
  return offers
}

/** Runs a history and hands every settlement to `see`. */
function play(
  protocol: Protocol,
  history: readonly Step[],
  see: (
    offers: Offers,
    o: number,
    by: { taker: number; part: number },
    moved: ReturnType<typeof act>,
  ) => void,
): void {
  let at = 0
  for (const { pick, taker, part, later, price } of history) {
    at += later
    publish(protocol, ETH, protocol.prices[ETH] * price)
    const offers = offersAt(protocol, at)
    if (offers.count === 0) continue
    const o = pick % offers.count
    const amount = part === 1 ? offers.amount[o] : part * offers.amount[o]
    const moved = act(protocol, offers, o, { taker, amount, atSeconds: at })
    see(offers, o, { taker, part }, moved)
  }
}

it('law: what leaves one holder reaches another: accounts, auctions and takers are recounted', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      const holdings: Holdings = recountSales(protocol)
      const opening = new Map([DAI, ETH, BAT].map((asset) => [asset, total(holdings, asset)]))
      play(protocol, history, (offers, o, { taker }, moved) => {
        if (moved.reason === 0) seen.add(KINDS[offers.other[o]] + (taker < 0 ? ' at once' : ''))
        else expect(moved.moves.count).toBe(0)
        book(holdings, { asset: offers.sells[o], dai: DAI, taker }, moved)
        const counted = recountSales(protocol)
        for (const asset of [DAI, ETH, BAT]) {
          for (const holder of [ACCOUNTS, ITEMS])
            near(holdings.get(`${holder}:${asset}`), counted.get(`${holder}:${asset}`))
          near(total(holdings, asset), opening.get(asset))
        }
        near(-(holdings.get(`${LENDERS}:${DAI}`) ?? 0), protocol.badDebt[DAI])
      })
    }),
    options,
  )
  expect([...seen].sort()).toEqual(['bark', 'bark at once', 'paid bark', 'redo', 'take'])
})

it('law: an offer settled first is never refused and gives what it listed', () => {
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      play(protocol, history, (offers, o, { taker, part }, moved) => {
        if (taker < 0) return
        // A part that would leave dust is refused; the whole never is.
        if (part === 1) expect(moved.reason).toBe(0)
        else expect(moved.reason === 0 || moved.reason === 'dust').toBe(true)
        if (moved.reason !== 0 || part < 1 || offers.other[o] !== 2) return
        expect(moved.moves.amount[0]).toBe(offers.cost[o])
        expect(moved.moves.amount[1]).toBe(offers.amount[o])
      })
    }),
    options,
  )
})

it('law: a part costs its price, and leaves chost or more of the tab', () => {
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      const chost = of.dust * 1.13
      const before = new Map<number, number>()
      play(protocol, history, (offers, o, { taker, part }, { reason, moves }) => {
        const { place, tab, tabs } = salesIn(protocol)
        const isTake = offers.other[o] === 2 && taker >= 0 && reason === 0
        if (isTake) {
          const [owe, slice] = moves.amount
          expect(owe / slice).toBeCloseTo(offers.cost[o] / offers.amount[o], 6)
          expect(slice).toBeLessThanOrEqual(part * offers.amount[o] * (1 + 1e-12))
          const row = place[offers.own[o]]
          const opened = before.get(offers.own[o]) ?? chost
          if (row >= 0) expect(tab[row]).toBeGreaterThanOrEqual(Math.min(opened, chost) - 1e-6)
        }
        place.forEach((row, id) => {
          if (row >= 0) before.set(id, tab[row])
        })
        near(
          tabs.reduce((sum, one) => sum + one, 0),
          total1(salesIn(protocol).tab, protocol),
        )
      })
    }),
    options,
  )
})

it('law: auctions ask for no more than there is room for, but for dust', () => {
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      if (of.hole === undefined) return
      const protocol = open(of)
      const slack = of.dust * 1.13 + 1e-6
      play(protocol, history, () => {
        const auctions = salesIn(protocol)
        expect(asked(auctions)).toBeLessThanOrEqual(1.5 * of.hole! + slack)
        for (const tabs of auctions.tabs) expect(tabs).toBeLessThanOrEqual(of.hole! + slack)
      })
    }),
    options,
  )
})

it('law: a bark never makes debt grow, keeps a share of it, and takes only what is owned', () => {
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      const before = protocol.book.amount.slice()
      play(protocol, history, () => {
        protocol.book.amount.forEach((amount, leg) => {
          const was = before[leg]
          expect(Math.abs(amount)).toBeLessThanOrEqual(Math.abs(was))
          expect(amount * was).toBeGreaterThanOrEqual(0)
        })
        before.set(protocol.book.amount)
      })
    }),
    options,
  )
})

it('law: a copy is independent, and reset restores books and auctions', () => {
  fc.assert(
    fc.property(worlds, steps, ({ steps: history, ...of }, more) => {
      const protocol = open(of)
      play(protocol, history, () => {})
      const was = state(protocol)
      const copy = protocol.copy()
      expect(state(copy)).toEqual(was)
      play(copy, more, () => {})
      const once = state(copy)
      expect(state(protocol)).toEqual(was)
      copy.reset(protocol)
      expect(state(copy)).toEqual(was)
      play(copy, more, () => {})
      expect(state(copy)).toEqual(once)
    }),
    options,
  )
})

it('law: who is healthy lists nothing, who is not lists a bark where there is room', () => {
  fc.assert(
    fc.property(worlds, fc.double({ min: 200, max: 3000, noNaN: true }), (of, price) => {
      const protocol = open({ ...of, hole: undefined })
      publish(protocol, ETH, price)
      for (let account = 0; account < 2; account++) {
        const isBreached = health(protocol.book, protocol.values, account) < 0
        expect(offersOf(protocol, account).count > 0).toBe(isBreached)
      }
    }),
    options,
  )
})

it('law: slots and terms agree; threshold and penalty scale alone; only DAI is owed', () => {
  const rules = makerClip(ethA)
  for (const asset of [ETH, BAT]) {
    expect(rules.slots.asset[rules.slotOf(asset, 1, 0)]).toBe(asset)
    expect(rules.slotOf(asset, -1, 0)).toBe(-1)
    expect(rules.terms(asset, 0)).toEqual({ threshold: 1 / 1.45, bonus: 0.13 })
    const tight = rules.scaled('threshold', 0.9)!.terms(asset, 0)
    expect(tight).toEqual({ threshold: 0.9 / 1.45, bonus: 0.13 })
    expect(rules.scaled('bonus', 2)!.terms(asset, 0)!.bonus).toBe(0.26)
  }
  expect(rules.slotOf(DAI, 1, 0)).toBe(-1)
  expect(rules.scaled('closeFactor', 2)).toBeNull()
  expect(rules.accrue).toBeUndefined()
})

function total(holdings: Holdings, asset: number): number {
  let sum = 0
  for (const [key, amount] of holdings) if (key.endsWith(`:${asset}`)) sum += amount
  return sum
}

function total1(tab: readonly number[], protocol: Protocol): number {
  return tab.slice(0, salesIn(protocol).count).reduce((sum, one) => sum + one, 0)
}

function near(actual = 0, expected = 0): void {
  expect(Math.abs(actual - expected)).toBeLessThan(1e-6)
}

function state(protocol: Protocol) {
  const { book: legs, badDebt } = protocol
  const { copy: _, reset: __, ...columns } = salesIn(protocol)
  return structuredClone({ amount: legs.amount, version: legs.version, badDebt, ...columns })
}

const [dai, eth, bat] = ethA.assets
const asset3 = { asset: 3, threshold: null }

rulesConformance({
  rules: makerClip({
    ...ethA,
    assets: [{ ...dai, borrowRate: 0.05 }, eth, bat, asset3],
    ...{ holeUsd: 2e7, totalHoleUsd: 3e7, dustUsd: 100, tolerance: 0.5 },
  }),
  groups: [0],
  // Each settlement empties a collateral leg, or fills the hole.
  stepsMax: ({ book: { start } }, account) => start[account + 1] - start[account],
  held(protocol) {
    const counted = recountSales(protocol)
    return [DAI, ETH, BAT].map((asset) => [ITEMS, asset, counted.get(`${ITEMS}:${asset}`) ?? 0])
  },
  grows: (slot, seconds) => 1 + (slot === 0 ? (0.05 * seconds) / YEAR_SECONDS : 0),
  exceptions: {
    par: 'DAI counts at 1 USD whatever it trades at',
    anyBid: 'of an auction that would leave dust only the whole is sold',
  },
})
