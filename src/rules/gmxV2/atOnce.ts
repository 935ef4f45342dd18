/** Positions against a pool without time: they close whole, and the hedge of each is an offer. */

import {
  ACCOUNTS,
  type Bid,
  ITEMS,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Settlement,
} from '../../rules.ts'
import type { GmxBooks } from './books.ts'
import { priceClose } from './close.ts'
import { type Engine, isDue } from './engine.ts'
import { readPosition } from './positions.ts'
import { settleClose } from './settle.ts'

/** Lists the hedge of a position that may be liquidated: tokens to sell, or to buy for a short. */
export function listHedge(engine: Engine, protocol: Protocol, account: number, out: Offers): void {
  const { of, position } = engine
  if (!(of.hedge > 0) || !isDue(engine, protocol, account)) return
  const { book, prices } = protocol
  const { index, short } = of.markets[position.market]
  const units = of.hedge * position.units
  const coins = (units * prices[index]) / prices[short]
  const now = book.version[account]
  const { leg, side } = position
  if (side === 0) pushOffer(out, account, index, units, short, coins, now, leg, 0)
  else pushOffer(out, account, short, coins, index, units, now, leg, 0)
}

/** Closes the position, and gives the taker as much of its hedge as is wanted. */
export function closeAtOnce(
  engine: Engine,
  protocol: Protocol,
  account: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const { of, position, close } = engine
  if (!readPosition(protocol, account, position)) return 'stale'
  if (!isDue(engine, protocol, account)) return 'healthy'
  const { prices, book, items } = protocol
  const { index, short } = of.markets[position.market]
  const units = of.hedge * position.units
  const price = prices[index] / prices[short]
  const coins = units * price
  const [sells, pays] = position.side === 0 ? [index, short] : [short, index]
  const [most, cost] = position.side === 0 ? [units, coins] : [coins, units]
  const isAll = bid.amount >= most
  out.seized = isAll ? most : bid.amount
  out.repaid = isAll ? cost : cost * (bid.amount / most)
  priceClose(of.markets[position.market], protocol, position, 1, true, close)
  settleClose(of, protocol, position, close, out.moves)
  const { outside } = items as GmxBooks
  outside[sells] -= out.seized
  outside[pays] += out.repaid
  pushMove(out.moves, sells, ITEMS, ACCOUNTS, out.seized)
  pushMove(out.moves, pays, ACCOUNTS, ITEMS, out.repaid)
  book.version[account]++
  return 0
}
