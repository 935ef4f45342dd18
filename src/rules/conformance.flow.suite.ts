/** Laws of what changes hands: every unit has two ends, and what each holder has is recounted. */

import type fc from 'fast-check'
import { expect } from 'vitest'
import { health } from '../book.ts'
import {
  ACCOUNTS,
  BIDDER,
  BORROWERS,
  FIRST_TAKER,
  type Holder,
  LENDERS,
  type Offers,
  type Protocol,
  RESERVE,
} from '../rules.ts'
import {
  ASSETS,
  arbitraryHistory,
  close,
  isSame,
  listAll,
  type Moved,
  play,
  type Settled,
  type Step,
  takeBy,
} from './conformance.world.suite.ts'

/** What holders other than accounts and lenders have, counted from the state of the rules. */
export type Holdings = readonly (readonly [holder: Holder, asset: number, units: number])[]

/** What the laws of this file need to know of a model. */
export interface Flowing {
  /** Recounts what the rules hold. Left out: nothing that anybody could recount. */
  readonly held?: (protocol: Protocol) => Holdings
  /** What a slot's index is multiplied by in some seconds. Left out: nothing is said of it. */
  readonly grows?: (slot: number, seconds: number, protocol: Protocol) => number
}

/** A law of histories in time. */
export type HistoryLaw = (
  name: string,
  predicate: (protocol: Protocol, history: readonly Step[]) => void,
  exception?: 'anyBid' | 'linear' | 'gives',
) => void

type Law = (name: string, predicate: (protocol: Protocol) => void) => void

/** Registers the laws of histories. */
export function historyLaws(law: HistoryLaw, model: Flowing): void {
  law('in time an offer settled first is never refused, nobody healthy sold', (at, history) => {
    play(at, history, ({ before, bid, moved }) => {
      if (bid.amount === Infinity) expect(moved.reason).toBe(0)
      for (const account of new Set(listAll(before).account)) {
        const sum = health(before.book, before.values, account)
        expect(sum < 0 || (sum === 0 && at.rules.edge === 'atOrBelow')).toBe(true)
      }
      if (moved.reason === 0) return
      expect(moved.moves.count).toBe(0)
      expect(at.book).toEqual(before.book)
      expect(at.badDebt).toEqual(before.badDebt)
    })
  })

  law('no settlement creates value: what each holder has is recounted', (protocol, history) => {
    play(protocol, history, (settled) => {
      if (settled.moved.reason === 0) recounted(protocol, settled, model)
    })
  })

  law(
    'in time a bid for a part is taken',
    (protocol, history) => {
      play(protocol, history, ({ moved }) => expect(moved.reason).toBe(0))
    },
    'anyBid',
  )

  law(
    'in time an offer gives what it listed',
    (protocol, history) => {
      play(protocol, history, ({ offers, o, bid, moved }) => {
        if (bid.amount !== Infinity || !(offers.amount[o] > 0)) return
        const { got, paid } = exchanged(offers, o, moved)
        close(got, offers.amount[o], 1e-12)
        close(paid, offers.cost[o], 1e-11)
      })
    },
    'gives',
  )

  law('in time a bid for less gets no more than it asked for', (protocol, history) => {
    play(protocol, history, ({ offers, o, bid, moved }) => {
      if (bid.amount === Infinity || moved.reason !== 0 || !(offers.cost[o] > 0)) return
      expect(exchanged(offers, o, moved).got).toBeLessThanOrEqual(bid.amount * (1 + 1e-12))
    })
  })

  law(
    'in time a part costs its part',
    (protocol, history) => {
      play(protocol, history, ({ offers, o, bid, moved }) => {
        if (bid.amount === Infinity || moved.reason !== 0 || !(offers.cost[o] > 0)) return
        const { got, paid } = exchanged(offers, o, moved)
        if (got > 0) close(paid / got, offers.cost[o] / offers.amount[o], 1e-9)
      })
    },
    'linear',
  )
}

/** Registers the laws of stocks without time, and of interest. */
export function stockLaws(law: Law, { grows }: Flowing): void {
  law('stock = flow: what accounts hold changes by what was moved to and from them', (protocol) => {
    for (const taker of [-1, 0]) {
      const copy = protocol.copy()
      const offers = listAll(copy)
      for (let o = 0; o < offers.count; o++) {
        const before = copy.copy()
        const moved = takeBy(copy, offers, o, { taker })
        if (moved.reason === 0) accountsRecounted(before, copy, flowsOf(offers, o, moved))
      }
    }
  })

  law('no time is no interest, and an index grows by time as the sheet says', (protocol) => {
    const { rules, index } = protocol
    const opening = index.slice()
    rules.accrue?.(protocol, 0)
    expect(isSame(index, opening)).toBe(true)
    const wanted = opening.map((before, s) => before * (grows?.(s, DAY, protocol) ?? 1))
    rules.accrue?.(protocol, DAY)
    expect(index.findIndex((now, s) => !(now >= opening[s]))).toBe(-1)
    if (grows === undefined && rules.accrue !== undefined) return
    expect(index.findIndex((now, s) => Math.abs(now - wanted[s]) > 1e-14 * now)).toBe(-1)
  })
}

const DAY = 86_400

/** What a bidder got of the asset sold, fee and surplus counted in, and paid for it. */
export function exchanged(offers: Offers, o: number, { seized, repaid, moves }: Moved) {
  const [sells, pays] = [offers.sells[o], offers.pays[o]]
  let got = seized
  let paid = repaid
  for (let m = 0; m < moves.count; m++) {
    const isFor = moves.to[m] === BIDDER
    if (isFor && moves.asset[m] === sells) got += moves.amount[m]
    else if (isFor && moves.asset[m] === pays) paid -= moves.amount[m]
    else if (moves.from[m] === BIDDER && moves.asset[m] === pays) paid += moves.amount[m]
  }
  return { got, paid }
}

type Flows = (holder: Holder, asset: number) => number

/** Units that a settlement moved to each holder, less those from it. */
function flowsOf(offers: Offers, o: number, { seized, fee, surplus, repaid, moves }: Moved): Flows {
  const all = new Map<string, number>()
  const move = (asset: number, from: Holder, to: Holder, amount: number) => {
    expect(amount).toBeGreaterThanOrEqual(0)
    expect(amount).toBeLessThan(Infinity)
    expect(from).not.toBe(to)
    for (const [holder, by] of [
      [from, -amount],
      [to, amount],
    ]) {
      const key = `${holder}:${asset}`
      all.set(key, (all.get(key) ?? 0) + by)
    }
  }
  move(offers.sells[o], ACCOUNTS, BIDDER, seized)
  move(offers.sells[o], BIDDER, RESERVE, fee)
  move(offers.sells[o], BIDDER, BORROWERS, surplus)
  move(offers.pays[o], BIDDER, ACCOUNTS, repaid)
  for (let m = 0; m < moves.count; m++)
    move(moves.asset[m], moves.from[m], moves.to[m], moves.amount[m])
  return (holder, asset) => all.get(`${holder}:${asset}`) ?? 0
}

/** Holds accounts, lenders and the rules to the movements, and all of them together to nothing. */
function recounted(
  after: Protocol,
  { before, offers, o, moved }: Settled,
  { held }: Flowing,
): void {
  const flows = flowsOf(offers, o, moved)
  accountsRecounted(before, after, flows)
  const opening = held?.(before) ?? []
  const closing = held?.(after) ?? []
  expect(closing.length).toBe(opening.length)
  opening.forEach(([holder, asset, units], h) => {
    const now = closing[h][2]
    near(now - units, flows(holder, asset), Math.abs(now) + Math.abs(units))
    if (isNeverOwed(after, asset)) expect(now).toBeGreaterThanOrEqual(0)
  })
  const isRecounted = (holder: Holder, asset: number) =>
    opening.some(([h, a]) => h === holder && a === asset)
  for (let asset = 0; asset < ASSETS; asset++) {
    const accounts = stocks(after)[asset] - stocks(before)[asset]
    let sum = accounts - (after.badDebt[asset] - before.badDebt[asset])
    let scale = Math.abs(stocks(before)[asset]) + Math.abs(accounts)
    opening.forEach(([, of, units], h) => {
      if (of !== asset) return
      sum += closing[h][2] - units
      scale += Math.abs(closing[h][2]) + Math.abs(units)
    })
    for (let holder = RESERVE; holder < FIRST_TAKER + 8; holder++)
      if (!isRecounted(holder, asset)) sum += flows(holder, asset)
    near(sum, 0, scale + Math.abs(flows(BIDDER, asset)))
  }
}

/** Holds the legs to what moved, and lenders to the bad debt. */
function accountsRecounted(before: Protocol, after: Protocol, flows: Flows): void {
  const [opening, closing] = [stocks(before), stocks(after)]
  for (let asset = 0; asset < ASSETS; asset++) {
    const scale = Math.abs(opening[asset]) + Math.abs(closing[asset])
    near(closing[asset] - opening[asset], flows(ACCOUNTS, asset), scale)
    const lost = after.badDebt[asset] - before.badDebt[asset]
    near(lost, -flows(LENDERS, asset), after.badDebt[asset])
    expect(lost).toBeGreaterThanOrEqual(0)
  }
}

function near(actual: number, expected: number, scale: number): void {
  const most = 1e-11 * (scale + Math.abs(actual) + Math.abs(expected))
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(most)
}

/** Units that accounts hold, by asset; debt is negative. */
function stocks({ book, index, rules }: Protocol): number[] {
  const units = new Array<number>(ASSETS).fill(0)
  book.amount.forEach((amount, leg) => {
    const slot = book.slot[leg]
    units[rules.slots.asset[slot]] += amount * index[slot]
  })
  return units
}

function isNeverOwed({ rules: { slots } }: Protocol, asset: number): boolean {
  return slots.asset.every((of, s) => of !== asset || slots.side[s] > 0)
}

/** Histories beside the worlds they are played in. */
export const histories: fc.Arbitrary<readonly Step[]> = arbitraryHistory
