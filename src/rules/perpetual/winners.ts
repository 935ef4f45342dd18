/** Who bears what a perpetual exchange deleverages: winners, as far as they are needed. */

import { type AccountList, accountList, sortByRow } from '../../accountList.ts'
import type { Standing } from '../../adl/policy.ts'
import { addWinner, openPool, poolOfWinners, reopenPool } from '../../adl/pool.ts'
import { accountsOf } from '../../book.ts'
import { type Protocol, rowOf } from '../../rules.ts'
import { marginOf } from './accounts.ts'
import type { AdlTerms } from './adl.ts'
import type { PerpetualBooks } from './books.ts'
import { type Candidates, candidatesOf } from './candidates.ts'
import type { Engine } from './engine.ts'

/** Those found last; reused between calls. */
export const winners = poolOfWinners()

/** What a look at a side of a market needs; USD, `coin` for a unit of the settlement asset. */
interface Sight {
  readonly engine: Engine
  readonly protocol: Protocol
  readonly candidates: Candidates
  readonly terms: AdlTerms
  /** 1 where winners are long. */
  readonly side: 1 | -1
  readonly mark: number
  readonly coin: number
  /** What a unit adds to equity: the mark less funding. */
  readonly worth: number
  readonly gap: number
}

/**
 * Finds the winners of a side that bear what its losers close, and returns the profit of all.
 *
 * Rule:  everybody on the other side with a profit, who is not closed in this block. Where a policy
 *        ranks, a sample says first how high a score must be; if those who have it turn out to be
 *        too few, everybody is looked at again.
 * Units: `need` in units of the position, `gap` USD that a winner loses for each; profit in USD.
 */
export function findWinners(
  engine: Engine,
  protocol: Protocol,
  terms: AdlTerms,
  side: number,
  need: number,
  gap: number,
): number {
  const { layout } = engine
  const { prices, items } = protocol
  const { asset } = layout.markets[side >> 1]
  const coin = prices[layout.slots.asset[layout.cash]]
  const mark = prices[asset]
  const worth = mark - (items as PerpetualBooks).funding[side >> 1] * coin
  const candidates = candidatesOf(layout, protocol, side)
  const long = side % 2 === 0 ? -1 : 1
  const sight = { engine, protocol, candidates, terms, side: long, mark, coin, worth, gap } as const
  notePlanned(engine, protocol, 1)
  openPool(winners, terms.policy, (need * ROOM * SAMPLE) / SAMPLE_EVERY)
  if (terms.policy.isRanked) lookAt(sight, SAMPLE_EVERY)
  reopenPool(winners, terms.policy, need)
  const profitUsd = lookAt(sight, SAMPLE) - profitOfPlanned(sight, side >> 1)
  if (winners.most < need && winners.cut !== Number.NEGATIVE_INFINITY) {
    openPool(winners, terms.policy, need)
    lookAt(sight, SAMPLE)
  }
  notePlanned(engine, protocol, 0)
  return profitUsd
}

/**
 * Adds the winners among SAMPLE of every so many candidates; returns the profit, USD, of these and
 * of whoever is closed in this block.
 *
 * Why: candidates are many, and each is read from memory: of all but a few only what tells that
 *      they rank too low.
 */
function lookAt(sight: Sight, every: number): number {
  const { protocol, side, mark, coin, worth, gap } = sight
  const { policy, maxShare } = sight.terms
  const { leg, account, entry, isPlain } = sight.candidates
  const { amount } = protocol.book
  const isPlanned = planned
  const { score } = policy
  let { cut } = winners
  let all = 0
  for (let from = 0; from < leg.length; from += every) {
    const upTo = Math.min(from + SAMPLE, leg.length)
    for (let c = from; c < upTo; c++) {
      const units = amount[leg[c]]
      const size = Math.abs(units)
      const profit = units * (mark - entry[c] * coin)
      if (!(profit > 0)) continue
      all += profit
      const equity =
        isPlain[c] === 1 ? units * worth + amount[leg[c] + 1] * coin : equityOf(sight, account[c])
      const opened = entry[c] * coin
      // Made twice: one that goes nowhere is never made, and most go nowhere.
      if (score(standingOf(side, profit, size, equity, opened, mark)) < cut) continue
      const holder = account[c]
      if (isPlanned[holder] !== 0) continue
      const of = standingOf(side, profit, size, equity, opened, mark)
      const cap = gap > 0 ? Math.min(size, profit / gap) : size
      addWinner(winners, policy, rowOf(protocol, holder), holder, leg[c], cap, maxShare, of)
      cut = winners.cut
    }
  }
  return all
}

/** Profit, USD, on the side that is looked at, of those who are closed in this block. */
function profitOfPlanned({ engine, protocol, side, mark, coin }: Sight, market: number): number {
  const { plan, layout } = engine
  const { book, items } = protocol
  const { entry } = items as PerpetualBooks
  let sum = 0
  for (let n = 0; n < plan.count; n++) {
    const account = plan.account[n]
    if (planned[account] === COUNTED) continue
    planned[account] = COUNTED
    const end = Math.min(book.start[account + 1], entry.length)
    for (let k = book.start[account]; k < end; k++) {
      const slot = book.slot[k]
      if (layout.marketOf[slot] !== market || layout.slots.side[slot] !== side) continue
      const profit = book.amount[k] * (mark - entry[k] * coin)
      if (profit > 0) sum += profit
    }
  }
  return sum
}

function standingOf(
  side: 1 | -1,
  profit: number,
  size: number,
  equity: number,
  entry: number,
  mark: number,
): Standing {
  return { side, profit, notional: size * mark, entryValue: size * entry, equity, entry, mark }
}

function equityOf({ engine, protocol }: Sight, account: number): number {
  marginOf(engine.layout, protocol, account, engine.margin)
  return engine.margin.equity
}

/** Finds everybody with a profit over all positions, and returns the sum, USD. */
export function findProfits(
  engine: Engine,
  protocol: Protocol,
  { policy, maxShare }: AdlTerms,
  need: number,
): number {
  const { layout, margin } = engine
  const { book, prices, items } = protocol
  const { entry } = items as PerpetualBooks
  const coin = prices[layout.slots.asset[layout.cash]]
  openPool(winners, policy, need)
  notePlanned(engine, protocol, 1)
  let all = 0
  for (let i = 0; i + 1 < book.start.length; i++) {
    let profit = 0
    let cost = 0
    let net = 0
    for (let k = book.start[i]; k < book.start[i + 1]; k++) {
      const m = layout.marketOf[book.slot[k]]
      if (m < 0 || book.amount[k] === 0 || !(entry.length > k)) continue
      const mark = prices[layout.markets[m].asset]
      profit += book.amount[k] * (mark - entry[k] * coin)
      cost += Math.abs(book.amount[k]) * entry[k] * coin
      net += book.amount[k] * mark
    }
    if (!(profit > 0) || planned[i] !== 0) continue
    all += profit
    marginOf(layout, protocol, i, margin)
    const { notional, equity, cashLeg } = margin
    // Of several positions only the ratio of mark and entry counts.
    const of: Standing = {
      side: net > 0 ? 1 : -1,
      profit,
      notional,
      entryValue: cost,
      equity,
      entry: cost,
      mark: notional,
    }
    const cap = Math.min(profit, Math.max(0, equity))
    addWinner(winners, policy, rowOf(protocol, i), i, cashLeg, cap, maxShare, of)
  }
  notePlanned(engine, protocol, 0)
  return all
}

/** Which of the winners found last give anything, in the order of the list. */
export function giversInOrder(): AccountList {
  const { count, account, taken } = winners
  if (places.length < count) {
    places = new Uint32Array(2 * count)
    givers = accountList(2 * count)
  }
  givers.count = 0
  for (let w = 0; w < count; w++) {
    places[w] = account[w]
    if (taken[w] > 0) givers.account[givers.count++] = w
  }
  sortByRow(givers, places)
  return givers
}

/** Marks the accounts of the plan, or takes the marks away. */
function notePlanned({ plan }: Engine, { book }: Protocol, mark: 0 | 1): void {
  if (planned.length < accountsOf(book)) planned = new Uint8Array(accountsOf(book))
  for (let n = 0; n < plan.count; n++) planned[plan.account[n]] = mark
}

/** Neighbours that a sample holds of so many: each alone would have to be waited for. */
const SAMPLE = 256
const SAMPLE_EVERY = 16 * SAMPLE
const COUNTED = 2
/** What a sample is to bear, of what it would have to if it were as all are. */
const ROOM = 2
let places = new Uint32Array(0)
let givers = accountList(0)
/** By account: 1 for whoever is closed in this block, 2 once its profit was counted. */
let planned = new Uint8Array(0)
