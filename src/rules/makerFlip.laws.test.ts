import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountsOf, health } from '../book.ts'
import { YEAR_SECONDS } from '../moment.ts'
import { ACCOUNTS, ITEMS, LENDERS, type Offers, type Protocol } from '../rules.ts'
import { rulesConformance } from './conformance.suite.ts'
import type { MakerFlipSpec } from './maker/flipParameters.ts'
import {
  act,
  auctionsIn,
  BAT,
  book,
  DAI,
  deployed,
  ETH,
  type Holdings,
  recount,
  rules,
  standingAt,
} from './makerFlip.suite.ts'
import { makerFlip } from './makerFlip.ts'
import { offersOf, protocolOf, publish } from './vectors.suite.ts'

const options = { seed: 20200312, numRuns: 200 }

/** One step of a random history: which offer, by whom, for how much, how much later. */
interface Step {
  readonly pick: number
  readonly taker: number
  readonly part: number
  readonly later: number
}

const steps = fc.array(
  fc.record({
    pick: fc.nat(1000),
    taker: fc.integer({ min: -1, max: 2 }),
    part: fc.double({ min: 0, max: 1.2, noNaN: true }),
    later: fc.constantFrom(0, 0, 15, 15, 600, 700, 22_000),
  }),
  { minLength: 1, maxLength: 60 },
)
const worlds = fc.record({
  ink: fc.double({ min: 1, max: 260, noNaN: true }),
  bat: fc.double({ min: 1, max: 120, noNaN: true }),
  loan: fc.double({ min: 0.5, max: 1.4, noNaN: true }),
  steps,
})
const KINDS = ['bite', 'tend', 'dent', 'deal', 'tick']

function open({ ink, bat, loan }: { ink: number; bat: number; loan: number }): Protocol {
  const debt = (ink * 120 + bat * 60) * loan
  const protocol = protocolOf(
    rules,
    [1.02, 120, 60],
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
    rules.offers(protocol, account, offers)
  return offers
}

/** Runs a history and hands every settlement to `see`. */
function play(
  protocol: Protocol,
  history: readonly Step[],
  see: (offers: Offers, o: number, taker: number, moved: ReturnType<typeof act>) => void,
): void {
  let at = 0
  for (const { pick, taker, part, later } of history) {
    at += later
    const offers = offersAt(protocol, at)
    if (offers.count === 0) continue
    const o = pick % offers.count
    const by = offers.reserved[o] >= 0 && pick % 3 > 0 ? offers.reserved[o] : taker
    const pays = Math.max(offers.cost[o], part * 50 * 120)
    see(offers, o, by, act(protocol, offers, o, { taker: by, pays, atSeconds: at }))
  }
}

it('law: what leaves one holder reaches another: accounts, auctions and takers are recounted', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      const holdings: Holdings = recount(protocol)
      const opening = new Map([DAI, ETH, BAT].map((asset) => [asset, total(holdings, asset)]))
      play(protocol, history, (offers, o, taker, moved) => {
        if (moved.reason === 0) seen.add(KINDS[offers.other[o]] + (taker < 0 ? ' at once' : ''))
        else expect(moved.moves.count).toBe(0)
        book(holdings, { asset: offers.sells[o], dai: DAI, taker }, moved)
        const counted = recount(protocol)
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
  expect([...seen].sort()).toEqual(['bite', 'bite at once', 'deal', 'dent', 'tend', 'tick'])
})

it('law: an offer settled first is never refused, but to its own leader or a stranger', () => {
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      play(protocol, history, (offers, o, taker, { reason }) => {
        if (reason === 0) return
        const isOwn = offers.reserved[o] === -2 - taker
        const isStranger = offers.reserved[o] >= 0 && offers.reserved[o] !== taker
        const isInstant = offers.other[o] > 0 && taker < 0
        expect(reason).toBe('nothing')
        expect(isOwn || isStranger || isInstant).toBe(true)
      })
    }),
    options,
  )
})

it('law: a bite never makes debt grow, keeps a share of it, and takes only what is owned', () => {
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

it('law: bids only rise, lots only fall, and no bid is above its tab', () => {
  fc.assert(
    fc.property(worlds, ({ steps: history, ...of }) => {
      const protocol = open(of)
      const best = new Map<number, readonly [bid: number, lot: number]>()
      play(protocol, history, () => {
        const { count, id, bid, lot, tab, place } = auctionsIn(protocol)
        for (let row = 0; row < count; row++) {
          const [was, had] = best.get(id[row]) ?? [0, Number.POSITIVE_INFINITY]
          expect(bid[row]).toBeGreaterThanOrEqual(was)
          expect(bid[row]).toBeLessThanOrEqual(tab[row])
          expect(lot[row]).toBeLessThanOrEqual(had)
          expect(place[id[row]]).toBe(row)
          best.set(id[row], [bid[row], lot[row]])
        }
        expect(place.filter((row) => row >= 0).length).toBe(count)
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

it('law: who is healthy lists nothing and is refused, who is not lists a bite', () => {
  fc.assert(
    fc.property(worlds, fc.double({ min: 20, max: 300, noNaN: true }), (of, price) => {
      const protocol = open(of)
      const before = offersAt(protocol, 0)
      publish(protocol, ETH, price)
      for (let account = 0; account < 2; account++) {
        const isBreached = health(protocol.book, protocol.values, account) < 0
        expect(offersOf(protocol, account).count > 0).toBe(isBreached)
      }
      const was = state(protocol)
      for (let o = 0; o < before.count; o++) {
        if (health(protocol.book, protocol.values, before.account[o]) < 0) continue
        expect(act(protocol, before, o, {}).reason).toBe('healthy')
        expect(act(protocol, before, o, { taker: -1 }).reason).toBe('healthy')
      }
      expect(state(protocol)).toEqual(was)
    }),
    options,
  )
})

it('law: slots and terms agree; threshold and penalty scale alone; only DAI is owed', () => {
  for (const asset of [ETH, BAT]) {
    expect(rules.slots.asset[rules.slotOf(asset, 1, 0)]).toBe(asset)
    expect(rules.slotOf(asset, -1, 0)).toBe(-1)
    expect(rules.terms(asset, 0)).toEqual({ threshold: 1 / 1.5, bonus: 0.13 })
    const tight = rules.scaled('threshold', 0.9)!.terms(asset, 0)
    expect(tight).toEqual({ threshold: 0.9 / 1.5, bonus: 0.13 })
    const dear = rules.scaled('bonus', 2)!.terms(asset, 0)
    expect(dear).toEqual({ threshold: 1 / 1.5, bonus: 0.26 })
  }
  expect(rules.slots.asset[rules.slotOf(DAI, -1, 0)]).toBe(DAI)
  expect(rules.slotOf(DAI, 1, 0)).toBe(-1)
  expect(rules.scaled('closeFactor', 2)).toBeNull()
})

it('law: the stability fee grows debt only, and there is none where none is asked', () => {
  expect(rules.accrue).toBeUndefined()
  const [dai, ...rest] = deployed.assets
  const dear = makerFlip({ ...deployed, assets: [{ ...dai, borrowRate: 0.08 }, ...rest] })
  const protocol = protocolOf(
    dear,
    [1, 120, 0.2],
    [
      [0, ETH, 100],
      [0, DAI, -7999],
    ],
  )
  dear.accrue!(protocol, 31_536_000 / 100)
  dear.value(protocol)
  expect(protocol.index[dear.slotOf(DAI, -1, 0)]).toBeCloseTo(1.0008, 12)
  expect(protocol.index[dear.slotOf(ETH, 1, 0)]).toBe(1)
  expect(health(protocol.book, protocol.values, 0)).toBeCloseTo(8000 - 7999 * 1.0008, 8)
})

function total(holdings: Holdings, asset: number): number {
  let sum = 0
  for (const [key, amount] of holdings) if (key.endsWith(`:${asset}`)) sum += amount
  return sum
}

function near(actual = 0, expected = 0): void {
  expect(Math.abs(actual - expected)).toBeLessThan(1e-7)
}

function state(protocol: Protocol) {
  const { book: legs, badDebt } = protocol
  const { count, copy, reset, place, stamp: _, arranged: __, ...columns } = auctionsIn(protocol)
  const rows = Object.entries(columns).map(([name, column]) => [name, column.slice(0, count)])
  return structuredClone({
    amount: legs.amount,
    version: legs.version,
    badDebt,
    count,
    place,
    ...Object.fromEntries(rows),
  })
}

const [dai, eth, bat] = deployed.assets
const asset3 = { asset: 3, threshold: null }
const charged = { ...deployed, assets: [{ ...dai, borrowRate: 0.05 }, eth, bat, asset3] }
const { lotUnits: _, ...byDebt } = charged

for (const of of [
  { ...charged, lotUnits: 1e6 },
  { ...byDebt, dunkUsd: 1e6, boxUsd: 2e7, dustUsd: 100 },
])
  rulesConformance({
    rules: makerFlip(of),
    groups: [0],
    stepsMax: (protocol, account) => bitesMax(of, protocol, account),
    held(protocol) {
      const counted = recount(protocol)
      return [DAI, ETH, BAT].map((asset) => [ITEMS, asset, counted.get(`${ITEMS}:${asset}`) ?? 0])
    },
    grows: (slot, seconds) => 1 + (slot === 0 ? (0.05 * seconds) / YEAR_SECONDS : 0),
    exceptions: {
      par: 'DAI counts at 1 USD whatever it trades at',
      listed: 'a collateral is put up for all debt, lot by lot',
      gives: 'a bid waits in escrow, and the lot comes with the deal',
      anyBid: 'while bids rise a lot is not divided',
    },
  })

/** Bites of all legs: whole lots and a rest each. */
function bitesMax(
  { lotUnits = Number.POSITIVE_INFINITY, dunkUsd = Number.POSITIVE_INFINITY }: MakerFlipSpec,
  { book: { start, amount } }: Protocol,
  account: number,
): number {
  let bites = 0
  for (let leg = start[account]; leg < start[account + 1]; leg++)
    bites += 1 + (amount[leg] > 0 ? amount[leg] / lotUnits : (1.13 * -amount[leg]) / dunkUsd)
  return Math.ceil(bites)
}
