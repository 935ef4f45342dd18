/** Deleveraging from account to account: each loser alone, against whoever holds the other side. */

import type { Closings } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import type { Protocol } from '../../rules.ts'
import { type Margin, marginOf } from './accounts.ts'
import { close, noteProfit } from './adl.ts'
import { bankruptcyUsd } from './bankruptcy.ts'
import type { PerpetualBooks } from './books.ts'
import { DELEVERAGE, drawOf, type Engine, WAIT } from './engine.ts'
import { maintenance, type PerpetualMarket } from './markets.ts'

/** Most losers that are looked at in a block, and accounts that one of them is offered to. */
export interface WalkTerms {
  readonly attempts?: number
  readonly counterparties?: number
}

/**
 * Closes what is to be deleveraged, position by position.
 *
 * Rule:       at its bankruptcy price a loser is offered to accounts of the other side in the order
 *             of the list, from a start that the block draws. Each closes as much as it has, or as
 *             is left, unless it would then be below maintenance and with less equity to its
 *             maintenance than before; whoever cannot is skipped. What is left stays open, and
 *             is unmet as long as it does.
 * Source:     dydxprotocol/v4-chain, protocol/x/clob/keeper/deleveraging.go,
 *             OffsetSubaccountPerpetualPosition(), ProcessDeleveraging(), commit 002f3fa4;
 *             protocol/x/subaccounts/lib/updates.go,
 *             IsValidStateTransitionForUndercollateralizedSubaccount()
 * Simplifies: initial margin is asked of counterparties there, maintenance here. The price is that
 *             of the whole position. Nobody who is closed in the same block is a counterparty.
 */
export function walk(
  engine: Engine,
  protocol: Protocol,
  terms: WalkTerms,
  at: Moment,
  out: Closings,
): void {
  const { plan, layout } = engine
  const { book, items } = protocol
  const books = items as PerpetualBooks
  listed.clear()
  books.unmetUsd = 0
  for (let n = 0; n < plan.count; n++) {
    if (plan.how[n] !== DELEVERAGE) continue
    const m = layout.marketOf[book.slot[plan.leg[n]]]
    const side = 2 * m + (plan.units[n] > 0 ? 1 : 0)
    if (!listed.has(side)) listHolders(engine, protocol, side)
    listed.add(side)
    offset(engine, protocol, n, holders[side], terms, at, out)
    plan.units[n] = 0
  }
  books.neededUsd = books.haircutUsd + books.unmetUsd
}

/** Accounts that hold a side, longs of market m as 2 m, and the profit that all of them have. */
function listHolders({ layout, plan }: Engine, { book, prices, items }: Protocol, side: number) {
  const books = items as PerpetualBooks
  const m = side >> 1
  const mark = prices[layout.markets[m].asset]
  const coin = prices[layout.slots.asset[layout.cash]]
  planned.clear()
  for (let n = 0; n < plan.count; n++) if (plan.how[n] !== WAIT) planned.add(plan.account[n])
  holders[side] ??= []
  const list = holders[side]
  list.length = 0
  let profitUsd = 0
  for (let i = 0; i + 1 < book.start.length; i++)
    for (let k = book.start[i]; k < book.start[i + 1]; k++) {
      const units = side % 2 === 0 ? book.amount[k] : -book.amount[k]
      if (!(units > 0) || layout.marketOf[book.slot[k]] !== m || planned.has(i)) continue
      list.push(i)
      const profit = book.amount[k] * (mark - books.entry[k] * coin)
      if (profit > 0) profitUsd += profit
    }
  noteProfit(books, profitUsd)
}

function offset(
  engine: Engine,
  protocol: Protocol,
  n: number,
  list: readonly number[],
  { counterparties = list.length }: WalkTerms,
  at: Moment,
  out: Closings,
): void {
  const { plan, layout, margin } = engine
  const { book, prices, items } = protocol
  const books = items as PerpetualBooks
  const leg = plan.leg[n]
  const held = plan.units[n]
  const m = layout.marketOf[book.slot[leg]]
  const market = layout.markets[m]
  const mark = prices[market.asset]
  marginOf(layout, protocol, plan.account[n], margin)
  const price = bankruptcyUsd(market, held, held, mark, margin) / held
  const gap = held > 0 ? price - mark : mark - price
  const first = Math.floor(drawOf(at) * list.length)
  let left = Math.abs(held)
  for (let i = 0; i < Math.min(list.length, counterparties) && left > 0; i++) {
    const account = list[(first + i) % list.length]
    const other = legOf(engine, protocol, account, m, held)
    if (other < 0) continue
    const has = Math.abs(book.amount[other])
    const units = Math.min(left, has)
    marginOf(layout, protocol, account, margin)
    if (!mayClose(market, has * mark, units * mark, units * gap, margin)) continue
    close(engine, protocol, account, other, held > 0 ? -units : units, price, out, 2)
    left = left - units <= REMAINDER * left ? 0 : left - units
  }
  const got = Math.abs(held) - left
  close(engine, protocol, plan.account[n], leg, held > 0 ? got : -got, price, out, 3)
  books.deleveragedUsd += got * mark
  books.haircutUsd += got * gap
  books.unmetUsd += left * gap
}

/** The leg of an account that is on the other side of units; -1 where it has none any more. */
function legOf(
  { layout }: Engine,
  { book }: Protocol,
  account: number,
  market: number,
  units: number,
): number {
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (layout.marketOf[book.slot[k]] === market && book.amount[k] * units < 0) return k
  return -1
}

function mayClose(
  market: PerpetualMarket,
  notional: number,
  closed: number,
  loss: number,
  { equity, maintenance: all }: Margin,
): boolean {
  const left = all - maintenance(market, notional) + maintenance(market, notional - closed)
  return equity - loss >= left || (left > 0 && (equity - loss) * all >= equity * left)
}

/** Below this share of what was left a remainder is rounding. */
const REMAINDER = 1e-12
const holders: number[][] = []
const listed = new Set<number>()
const planned = new Set<number>()
