/** Auto-deleveraging: what neither market nor fund can bear is closed against winners. */

import type { Policy } from '../../adl/policy.ts'
import { type Closings, type Orders, pushClosing, type Quote } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import { ACCOUNTS, LENDERS, type Protocol, pushMove } from '../../rules.ts'
import { forgetRounding, marginOf, retier } from './accounts.ts'
import type { PerpetualBooks } from './books.ts'
import { DELEVERAGE, drawOf, type Engine, MARKET, order } from './engine.ts'
import type { WalkTerms } from './walk.ts'
import { findProfits, findWinners, giversInOrder, winners } from './winners.ts'

/** A policy, what it shares out, and the largest share of a winner's profit. */
export interface AdlTerms {
  readonly policy: Policy
  readonly basis: 'notional' | 'profit'
  readonly maxShare: number
  readonly walk: WalkTerms | null
}

/**
 * Takes out of the orders whoever would be left with a loss that the fund cannot pay, at the price
 * that the whole order would get.
 *
 * Rule: in the order of the plan each draws on the fund; who finds too little is deleveraged. As
 *       the order is then smaller, its price is no worse than thought.
 */
export function deleverageInstead(
  engine: Engine,
  protocol: Protocol,
  quote: Quote,
  out: Orders,
): void {
  const { plan, layout } = engine
  const { book, prices, items } = protocol
  const books = items as PerpetualBooks
  const { slots, marketOf, cash } = layout
  const expected = prices.slice()
  for (const { asset } of layout.markets) {
    const net = out.sold[asset] - out.bought[asset]
    if (net !== 0) expected[asset] = quote(asset, net)
  }
  let fund = books.fund * prices[slots.asset[cash]]
  let isTurned = false
  for (let n = 0; n < plan.count; ) {
    const from = n
    while (n < plan.count && plan.account[n] === plan.account[from]) n++
    if (plan.how[from] !== MARKET || marketOf[book.slot[plan.leg[from]]] < 0) continue
    let left = plan.equity[from]
    for (let k = from; k < n; k++) {
      const asset = slots.asset[book.slot[plan.leg[k]]]
      left += plan.units[k] * (expected[asset] - prices[asset])
      if (plan.units[k] !== book.amount[plan.leg[k]]) left = Number.POSITIVE_INFINITY
    }
    if (left >= 0) continue
    if (-left <= fund) fund += left
    else if (turn(engine, protocol, from, n)) isTurned = true
  }
  if (isTurned) orderAgain(engine, protocol, out)
}

function orderAgain({ plan, layout }: Engine, { book }: Protocol, out: Orders): void {
  out.sold.fill(0)
  out.bought.fill(0)
  for (let n = 0; n < plan.count; n++)
    if (plan.how[n] === MARKET)
      order(layout.slots.asset[book.slot[plan.leg[n]]], plan.units[n], out)
}

/**
 * Turns all rows of an account, unless no winner was left on the other side of one of them in the
 * block before.
 */
function turn(
  { plan, layout }: Engine,
  { book, items }: Protocol,
  from: number,
  upTo: number,
): boolean {
  const { exhausted } = items as PerpetualBooks
  for (let n = from; n < upTo; n++)
    if (exhausted[sideOf(layout.marketOf[book.slot[plan.leg[n]]], plan.units[n])] === 1)
      return false
  plan.how.fill(DELEVERAGE, from, upTo)
  return true
}

/** Closes what is to be deleveraged, market by market and side by side. */
export function deleverage(
  engine: Engine,
  protocol: Protocol,
  terms: AdlTerms,
  at: Moment,
  out: Closings,
): void {
  const { plan, layout } = engine
  const books = protocol.items as PerpetualBooks
  books.exhausted.fill(0)
  let profitUsd = 0
  for (let side = 0; side < 2 * layout.markets.length; side++) {
    gather(engine, protocol, side)
    if (losers.count > 0) profitUsd += closeSide(engine, protocol, terms, side, at, out)
  }
  noteProfit(books, profitUsd)
  for (let n = 0; n < plan.count; n++) if (plan.how[n] === DELEVERAGE) plan.units[n] = 0
}

/** Rows of the plan that lose on one side of a market, and their bankruptcy prices. */
function gather({ plan, layout, margin }: Engine, protocol: Protocol, side: number): void {
  const { book, prices } = protocol
  losers.count = losers.units = losers.value = losers.needed = 0
  for (let n = 0; n < plan.count; n++) {
    if (plan.how[n] !== DELEVERAGE) continue
    const m = layout.marketOf[book.slot[plan.leg[n]]]
    if (sideOf(m, plan.units[n]) !== side) continue
    marginOf(layout, protocol, plan.account[n], margin)
    const mark = prices[layout.markets[m].asset]
    const units = plan.units[n]
    const share = (Math.abs(units) * mark) / margin.notional
    const price = mark - (margin.equity * share) / units
    losers.row[losers.count] = n
    losers.price[losers.count++] = price
    losers.units += Math.abs(units)
    losers.value += Math.abs(units) * price
    losers.needed -= margin.equity * share
  }
}

function closeSide(
  engine: Engine,
  protocol: Protocol,
  terms: AdlTerms,
  side: number,
  at: Moment,
  out: Closings,
): number {
  const { layout, plan } = engine
  const books = protocol.items as PerpetualBooks
  const { asset } = layout.markets[side >> 1]
  const price = losers.value / losers.units
  const mark = protocol.prices[asset]
  // What a winner loses for each unit: a short that buys above the mark, a long that sells below.
  const gap = side % 2 === 0 ? price - mark : mark - price
  const profitUsd = findWinners(engine, protocol, terms, side, losers.units, gap)
  const { holder, leg, taken } = winners
  const got = terms.policy.allocate(winners, losers.units, drawOf(at), taken)
  const closed = (units: number) => (side % 2 === 0 ? -units : units)
  const givers = giversInOrder()
  for (let g = 0; g < givers.count; g++) {
    const w = givers.account[g]
    close(engine, protocol, holder[w], leg[w], closed(taken[w]), price, out, 2)
  }
  const isAll = got >= losers.units * (1 - REMAINDER)
  const part = isAll ? 1 : got / losers.units
  for (let k = 0; k < losers.count; k++) {
    const n = losers.row[k]
    const units = part === 1 ? plan.units[n] : plan.units[n] * part
    close(engine, protocol, plan.account[n], plan.leg[n], units, losers.price[k], out, 3)
  }
  books.deleveragedUsd += got * mark
  books.haircutUsd += Math.max(0, got * gap)
  books.neededUsd += Math.max(0, losers.needed)
  if (!isAll) {
    books.unmetUsd += (losers.units - got) * Math.max(0, gap)
    books.exhausted[side] = 1
  }
  return profitUsd
}

/** Keeps the most that all winners had. */
export function noteProfit(books: PerpetualBooks, usd: number): void {
  if (usd > books.profitUsd) books.profitUsd = usd
}

/** A loss that the fund could not pay, to be shared when all of a block is closed. */
export function oweLoss(cashLeg: number, closing: number): void {
  debtors.leg[debtors.count] = cashLeg
  debtors.closing[debtors.count++] = closing
}

/**
 * Winners pay from their profit what losers still owe, all of it as one need.
 *
 * Rule: whoever has a profit over all its positions gives at most that, and never more than its
 *       equity; what is missing is lost.
 */
export function shareLosses(
  engine: Engine,
  protocol: Protocol,
  terms: AdlTerms,
  at: Moment,
  out: Closings,
): void {
  const { layout } = engine
  const { book, prices, items, badDebt } = protocol
  const books = items as PerpetualBooks
  const asset = layout.slots.asset[layout.cash]
  const coin = prices[asset]
  let need = 0
  for (let d = 0; d < debtors.count; d++) need -= book.amount[debtors.leg[d]] * coin
  if (!(need > 0)) return
  noteProfit(books, findProfits(engine, protocol, terms, need))
  const { holder, leg, taken } = winners
  const got = terms.policy.allocate(winners, need, drawOf(at), taken)
  const givers = giversInOrder()
  for (let g = 0; g < givers.count; g++) {
    const w = givers.account[g]
    out.before(holder[w])
    book.amount[leg[w]] -= taken[w] / coin
    book.version[holder[w]]++
    pushClosing(out, holder[w], asset, 0, coin, 2, 0)
  }
  const missing = got < need * (1 - REMAINDER) ? 1 - got / need : 0
  for (let d = 0; d < debtors.count; d++) {
    const lost = -book.amount[debtors.leg[d]] * missing
    book.amount[debtors.leg[d]] = 0
    badDebt[asset] += lost
    if (lost > 0) pushMove(out.moves, asset, LENDERS, ACCOUNTS, lost)
    out.lostUsd[debtors.closing[d]] += lost * coin
  }
  books.haircutUsd += got
  books.neededUsd += need
  if (missing > 0) books.unmetUsd += need - got
  debtors.count = 0
}

/** Closes units of a leg at a price, in cash of the account itself: its other end is an account. */
export function close(
  { layout }: Engine,
  protocol: Protocol,
  account: number,
  leg: number,
  units: number,
  price: number,
  out: Closings,
  ending: 2 | 3,
): void {
  if (units === 0) return
  const { book, items, prices } = protocol
  const books = items as PerpetualBooks
  const { slots, marketOf, cash, markets } = layout
  out.before(account)
  const m = marketOf[book.slot[leg]]
  const left = book.amount[leg] - units
  book.amount[leg] = Math.abs(left) <= REMAINDER * Math.abs(units) ? 0 : left
  let cashLeg = book.start[account]
  while (book.slot[cashLeg] !== cash) cashLeg++
  const received = (units * price) / prices[slots.asset[cash]]
  book.amount[cashLeg] += received - units * books.funding[m]
  if (ending === 3) forgetRounding(protocol, cashLeg, received)
  books.open[sideOf(m, units)] -= Math.abs(units)
  retier(layout, protocol, account)
  book.version[account]++
  pushClosing(out, account, markets[m].asset, units, price, ending, 0)
}

/** Longs of market m are 2 m, its shorts 2 m + 1. */
function sideOf(market: number, units: number): number {
  return 2 * market + (units > 0 ? 0 : 1)
}

const debtors = {
  count: 0,
  leg: [] as number[],
  closing: [] as number[],
}
const REMAINDER = 1e-12
const losers = {
  ...{ count: 0, units: 0.5, value: 0.5, needed: 0.5 },
  row: [] as number[],
  price: [] as number[],
}
