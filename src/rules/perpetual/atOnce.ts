/** A perpetual exchange without time: positions close whole, at the published price. */

import {
  ACCOUNTS,
  type Offers,
  POOL,
  type Protocol,
  pushMove,
  pushOffer,
  type Reason,
  type Settlement,
} from '../../rules.ts'
import { marginOf, retier } from './accounts.ts'
import { credit, type PerpetualBooks } from './books.ts'
import type { Engine } from './engine.ts'
import { coverLoss } from './fill.ts'

/** Lists the positions of a breached account; where there are none, its collateral. */
export function listPositions(
  { layout, margin }: Engine,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  const { book, prices } = protocol
  const { slots, marketOf, cash, allowance } = layout
  marginOf(layout, protocol, account, margin)
  if (!isDue(margin)) return
  const coin = slots.asset[cash]
  const now = book.version[account]
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    if (slot === cash || slot === allowance || book.amount[k] === 0) continue
    if (marketOf[slot] >= 0 !== margin.notional > 0) continue
    const asset = slots.asset[slot]
    const units = Math.abs(book.amount[k])
    const worth = (units * prices[asset]) / prices[coin]
    if (book.amount[k] > 0) pushOffer(out, account, asset, units, coin, worth, now, k, 0)
    else pushOffer(out, account, coin, worth, asset, units, now, k, 0)
  }
}

/** Closes one of them, or as much as is wanted. */
export function closeAtMark(
  engine: Engine,
  protocol: Protocol,
  account: number,
  leg: number,
  wanted: number,
  out: Settlement,
): Reason {
  const { layout, margin } = engine
  const { book, prices, items } = protocol
  const { slots, marketOf, cash } = layout
  if (book.amount[leg] === 0) return 'stale'
  marginOf(layout, protocol, account, margin)
  if (!isDue(margin)) return 'healthy'
  const coin = slots.asset[cash]
  const m = marketOf[book.slot[leg]]
  const price = prices[slots.asset[book.slot[leg]]] / prices[coin]
  const held = book.amount[leg]
  const asked = held > 0 ? wanted : -wanted / price
  const isAll = Math.abs(held) - Math.abs(asked) <= REMAINDER * Math.abs(held)
  const units = isAll ? held : asked
  const worth = units * price
  if (units === 0) return 'nothing'
  book.amount[leg] = isAll ? 0 : held - units
  book.amount[margin.cashLeg] += worth
  const { open } = items as PerpetualBooks
  if (m >= 0) open[units > 0 ? 2 * m : 2 * m + 1] -= Math.abs(units)
  out.seized = units > 0 ? units : isAll ? -worth : wanted
  out.repaid = units > 0 ? worth : -units
  if (m >= 0) payFee(engine, protocol, account, Math.abs(worth), out)
  marginOf(layout, protocol, account, margin)
  if (margin.notional > 0) retier(layout, protocol, account)
  else coverLoss(engine, protocol, margin.cashLeg, out.moves)
  book.version[account]++
  return 0
}

/** Below this share of a leg a remainder is rounding. */
const REMAINDER = 1e-12

function payFee(
  { layout, of, margin }: Engine,
  protocol: Protocol,
  account: number,
  worth: number,
  { moves }: Settlement,
): void {
  const coin = layout.slots.asset[layout.cash]
  marginOf(layout, protocol, account, margin)
  const fee = Math.min(of.liquidationFee * worth, margin.equity / protocol.prices[coin])
  if (!(fee > 0)) return
  protocol.book.amount[margin.cashLeg] -= fee
  credit(protocol.items as PerpetualBooks, fee)
  pushMove(moves, coin, ACCOUNTS, POOL, fee)
}

function isDue({ equity, maintenance, notional }: Engine['margin']): boolean {
  return notional > 0 ? equity < maintenance : equity < 0
}
