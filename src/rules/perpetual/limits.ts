/** What may be closed of what a perpetual exchange sends: at which price, and at whose cost. */

import type { Orders, Quote } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import type { Protocol } from '../../rules.ts'
import { marginOf } from './accounts.ts'
import { bankruptcyUsd, fillablePrice } from './bankruptcy.ts'
import type { PerpetualBooks } from './books.ts'
import { DELEVERAGE, type Engine, MARKET, order, WAIT } from './engine.ts'

/**
 * Holds orders to their limits: what the market would not take at them waits, or is deleveraged.
 *
 * Rule:       orders go in the order of |limit - mark| / mark, then of notional, the largest first.
 *             Each takes as much of what the orders before it left as its last unit, and the whole
 *             net order on average, may cost. With `fundSettles` by fill an order that would be
 *             worse than its bankruptcy price by more than the fund has left, or than an account
 *             may cost it in a block, is not filled. Of orders without any fill the first
 *             `attempts` are looked at, and deleveraged whole where equity is below 0.
 * Source:     dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations.go,
 *             LiquidateSubaccountsAgainstOrderbook(), SortLiquidationOrders(),
 *             validateMatchedLiquidation(), commit 014223b6; deleveraging.go,
 *             DeleverageSubaccounts(), CanDeleverageSubaccount(), commit 002f3fa4
 * Simplifies: there each order gets the prices of its own fills; here all get the average of the
 *             net order. The fund's share of a fill is judged for the whole order, and fees of a
 *             block are not yet in the fund. What a vault sells in the same block is not counted.
 */
export function holdToLimits(
  engine: Engine,
  protocol: Protocol,
  at: Moment,
  quote: Quote,
  out: Orders,
): void {
  const { of } = engine
  if (of.fillable === undefined && of.fundSettles !== 'fill') return
  rank(engine, protocol)
  for (const { asset } of engine.layout.markets) out.sold[asset] = out.bought[asset] = 0
  for (const n of ranked) cut(engine, protocol, n, quote, out)
  if (of.fundSettles === 'fill') drawOnFund(engine, protocol, quote, out)
  refuse(engine, protocol, at)
}

/** Rows of positions that go to the market, and their limits, in the order in which they go. */
function rank(engine: Engine, protocol: Protocol): void {
  const { plan, layout, margin, of } = engine
  const { book, prices } = protocol
  ranked.length = 0
  for (let n = 0; n < plan.count; n++) {
    const leg = plan.leg[n]
    const m = layout.marketOf[book.slot[leg]]
    if (plan.how[n] !== MARKET || m < 0) continue
    marginOf(layout, protocol, plan.account[n], margin)
    const market = layout.markets[m]
    const mark = prices[market.asset]
    const held = book.amount[leg]
    const none = held > 0 ? 0 : Number.POSITIVE_INFINITY
    limit[n] = of.fillable ? fillablePrice(market, held, mark, margin, of.fillable) : none
    distance[n] = of.fillable ? Math.abs(limit[n] - mark) / mark : 0
    size[n] = Math.abs(plan.units[n]) * mark
    ranked.push(n)
  }
  ranked.sort((a, b) => distance[b] - distance[a] || size[b] - size[a] || a - b)
}

/** Sends as much of a row as meets its limit. */
function cut(engine: Engine, { book }: Protocol, n: number, quote: Quote, out: Orders): void {
  const { plan, layout } = engine
  const asset = layout.slots.asset[book.slot[plan.leg[n]]]
  const part = fillablePart(quote, asset, out.sold[asset] - out.bought[asset], plan.units[n], n)
  if (part === 0) plan.how[n] = WAIT
  else {
    if (part < 1) plan.units[n] *= part
    order(asset, plan.units[n], out)
  }
}

function fillablePart(quote: Quote, asset: number, net: number, units: number, n: number): number {
  const isMet = (part: number) => {
    const price = worst(quote, asset, net, part * units)
    return units > 0 ? price >= limit[n] : price <= limit[n]
  }
  if (isMet(1)) return 1
  let low = SMALLEST_PART
  if (!isMet(low)) return 0
  for (let high = 1; high - low > SMALLEST_PART / 2; ) {
    const middle = (low + high) / 2
    if (isMet(middle)) low = middle
    else high = middle
  }
  return low
}

/** What the last of these units would bring or cost after a net order, or all of it on average. */
function worst(quote: Quote, asset: number, net: number, units: number): number {
  const all = net + units
  const step = units * SMALLEST_PART
  const average = all === 0 ? quote(asset, step) : quote(asset, all)
  const before = all - step
  const price = before === 0 ? average : quote(asset, before)
  const last = price === average ? price : (all * average - before * price) / step
  return units > 0 ? Math.min(last, average) : Math.max(last, average)
}

/** Takes back what would cost the fund more than it has, or than one account may cost it. */
function drawOnFund(engine: Engine, protocol: Protocol, quote: Quote, out: Orders): void {
  const { plan, layout, margin, of } = engine
  const { book, prices, items } = protocol
  for (const { asset } of layout.markets) {
    const net = out.sold[asset] - out.bought[asset]
    expected[asset] = net === 0 ? prices[asset] : quote(asset, net)
  }
  let fund = (items as PerpetualBooks).fund * prices[layout.slots.asset[layout.cash]]
  const most = of.perBlock?.accountLossUsd ?? Number.POSITIVE_INFINITY
  lost.clear()
  for (const n of ranked) {
    if (plan.how[n] !== MARKET) continue
    const account = plan.account[n]
    const market = layout.markets[layout.marketOf[book.slot[plan.leg[n]]]]
    const mark = prices[market.asset]
    marginOf(layout, protocol, account, margin)
    const units = plan.units[n]
    const least = bankruptcyUsd(market, book.amount[plan.leg[n]], units, mark, margin)
    const loss = least - units * expected[market.asset]
    if (!(loss > 0)) continue
    const all = loss + (lost.get(account) ?? 0)
    if (loss <= fund && all <= most) {
      fund -= loss
      lost.set(account, all)
    } else plan.how[n] = WAIT
  }
  for (const { asset } of layout.markets) out.sold[asset] = out.bought[asset] = 0
  for (const n of ranked)
    if (plan.how[n] === MARKET)
      order(layout.slots.asset[book.slot[plan.leg[n]]], plan.units[n], out)
}

/** What had no fill waits, and its account may try again; below 0 it is deleveraged. */
function refuse({ plan, layout, margin, adl, of }: Engine, protocol: Protocol, at: Moment): void {
  const { book, items } = protocol
  const { coolUntil } = items as PerpetualBooks
  let attempts = adl?.basis === 'notional' ? (adl.walk?.attempts ?? plan.count) : 0
  for (const n of ranked) {
    if (plan.how[n] !== WAIT) continue
    const account = plan.account[n]
    plan.units[n] = 0
    if (coolUntil.get(account) === at.atSeconds + (of.cooldownSeconds ?? 0))
      coolUntil.delete(account)
    if (attempts-- <= 0) continue
    marginOf(layout, protocol, account, margin)
    if (margin.equity >= 0 || margin.hasCollateral) continue
    plan.how[n] = DELEVERAGE
    plan.units[n] = book.amount[plan.leg[n]]
  }
}

/** An order is filled in parts of this share of it, or not at all. */
const SMALLEST_PART = 1 / 1024
const ranked: number[] = []
const limit: number[] = []
const distance: number[] = []
const size: number[] = []
const expected: number[] = []
const lost = new Map<number, number>()
