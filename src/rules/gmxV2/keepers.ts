/** What keepers close in a block, and what is traded in the market for it. */

import type { AccountList } from '../../accountList.ts'
import { health } from '../../book.ts'
import { type Closings, type Filled, type Orders, pushClosing } from '../../house.ts'
import { BIDDER, ITEMS, type Protocol, pushMove } from '../../rules.ts'
import { deleverage } from './adl.ts'
import type { GmxBooks } from './books.ts'
import { priceClose } from './close.ts'
import { type Engine, isDue, noteHedge } from './engine.ts'
import { paidShare, priceOf } from './pool.ts'
import { settleClose } from './settle.ts'

/** Notes who is breached, and orders what is to be hedged. */
export function send(
  engine: Engine,
  protocol: Protocol,
  breached: AccountList,
  { sold, bought }: Orders,
): void {
  const { due, of } = engine
  const { unhedged } = protocol.items as GmxBooks
  due.count = 0
  for (let n = 0; n < breached.count; n++) due.account[due.count++] = breached.account[n]
  of.markets.forEach((market, m) => {
    for (const side of [0, 1] as const)
      if (paidShare(market, m, side, protocol) < 1) findCut(engine, protocol, m, side)
    sold[market.index] += unhedged[2 * m]
    bought[market.index] += unhedged[2 * m + 1]
  })
}

/** Adds winners of a side whose profit no longer counts whole, and who are breached without it. */
function findCut(engine: Engine, protocol: Protocol, m: number, side: 0 | 1): void {
  const { due, position } = engine
  const { book, values } = protocol
  for (let i = 0; i + 1 < book.start.length; i++) {
    if (!isDue(engine, protocol, i) || position.market !== m || position.side !== side) continue
    if (health(book, values, i) >= 0) due.account[due.count++] = i
  }
}

/** Settles what was hedged, closes who is due, then deleverages sides that have won too much. */
export function fill(engine: Engine, protocol: Protocol, filled: Filled, out: Closings): void {
  settleHedges(engine, protocol, filled, out)
  for (let n = 0; n < engine.due.count; n++)
    if (isDue(engine, protocol, engine.due.account[n]))
      liquidate(engine, protocol, engine.due.account[n], out)
  engine.of.markets.forEach((market, m) => {
    for (const side of [0, 1] as const)
      if (market.adl !== undefined) deleverage(engine, protocol, market, m, side, out)
  })
}

function liquidate(engine: Engine, protocol: Protocol, account: number, out: Closings): void {
  const { of, position, close } = engine
  const market = of.markets[position.market]
  const price = priceOf(protocol, market.index, position.side)
  priceClose(market, protocol, position, 1, true, close)
  out.before(account)
  const lostUsd = settleClose(of, protocol, position, close, out.moves)
  protocol.book.version[account]++
  noteHedge(engine, protocol)
  const units = position.side === 0 ? close.units : -close.units
  pushClosing(out, account, market.index, units, price, 1, lostUsd)
}

function settleHedges(
  { of }: Engine,
  { items, prices }: Protocol,
  filled: Filled,
  out: Closings,
): void {
  const { unhedged, outside } = items as GmxBooks
  of.markets.forEach(({ index, short }, m) => {
    for (const side of [0, 1] as const) {
      const part = side === 0 ? filled.sold[index] : filled.bought[index]
      const units = unhedged[2 * m + side] * part
      if (!(units > 0)) continue
      unhedged[2 * m + side] -= units
      const price = filled.price[index]
      const coins = (units * price) / prices[short]
      const sign = side === 0 ? 1 : -1
      outside[index] -= sign * units
      outside[short] += sign * coins
      pushMove(out.moves, index, ITEMS, BIDDER, sign * units)
      pushMove(out.moves, short, BIDDER, ITEMS, sign * coins)
      pushClosing(out, -1, index, sign * units, price, 0, 0)
    }
  })
}
