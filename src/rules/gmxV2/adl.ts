/** Auto-deleveraging: winners are closed while their side has won too much of the pool's token. */

import { type Closings, pushClosing } from '../../house.ts'
import type { Protocol } from '../../rules.ts'
import type { GmxBooks } from './books.ts'
import { type Close, priceClose, profitAt } from './close.ts'
import { type Engine, noteHedge } from './engine.ts'
import type { MarketSpec } from './parameters.ts'
import { pnlUsd, poolUsd, priceMin, priceOf, tokenOf } from './pool.ts'
import { type Position, readPosition } from './positions.ts'
import { settleClose } from './settle.ts'

/**
 * Closes winners of a side, one after the other, while profit / pool is above `maxPnl`.
 *
 * Rule:   each whole, or as much as leaves the ratio at `minPnlAfter`; whose close would not lower
 *         it, or could not be paid for in part, is passed over.
 * Source: gmx-io/gmx-synthetics, contracts/adl/AdlUtils.sol, updateAdlState();
 *         contracts/exchange/AdlHandler.sol, executeAdl()
 */
export function deleverage(
  engine: Engine,
  protocol: Protocol,
  market: MarketSpec,
  m: number,
  side: 0 | 1,
  out: Closings,
): void {
  const { maxPnl } = market.adl!
  const books = protocol.items as GmxBooks
  if (!(ratioOf(market, m, side, protocol) > maxPnl)) return
  books.profitUsd = Math.max(books.profitUsd, listWinners(engine, protocol, market, m, side))
  for (const { account } of winners) {
    if (!(ratioOf(market, m, side, protocol) > maxPnl)) return
    readPosition(protocol, account, engine.position)
    if (!sizeClose(engine, protocol, market)) continue
    const { position, close, of } = engine
    out.before(account)
    const lostUsd = settleClose(of, protocol, position, close, out.moves)
    protocol.book.version[account]++
    noteHedge(engine, protocol)
    books.deleveragedUsd += close.sizeUsd
    books.haircutUsd += close.cutUsd
    const price = priceOf(protocol, market.index, side)
    const units = side === 0 ? close.units : -close.units
    pushClosing(out, account, market.index, units, price, 2, lostUsd)
  }
}

/** Profit of a side over what the pool has of the token that pays it. */
export function ratioOf(market: MarketSpec, m: number, side: 0 | 1, protocol: Protocol): number {
  const pool = poolUsd(market, m, side, protocol)
  return pool > 0 ? pnlUsd(market, m, side, protocol) / pool : 0
}

/** Whoever of a side has won, in the order in which the keeper closes them; and their profit. */
function listWinners(
  { position }: Engine,
  protocol: Protocol,
  { index, adl }: MarketSpec,
  m: number,
  side: 0 | 1,
): number {
  const price = priceOf(protocol, index, side)
  let sum = 0
  winners.length = 0
  for (let account = 0; account < protocol.accounts.length; account++) {
    if (!readPosition(protocol, account, position)) continue
    if (position.market !== m || position.side !== side) continue
    const won = profitAt(position, price)
    if (!(won > 0)) continue
    sum += won
    winners.push({ account, rank: adl!.pick === 'size' ? position.sizeUsd : won })
  }
  winners.sort((a, b) => b.rank - a.rank || a.account - b.account)
  return sum
}

/** Works out the largest close of a position that is allowed; false where there is none. */
function sizeClose({ position, close }: Engine, protocol: Protocol, market: MarketSpec): boolean {
  const { minPnlAfter } = market.adl!
  const { market: m, side } = position
  const now = ratioOf(market, m, side, protocol)
  const after = (share: number): number => {
    priceClose(market, protocol, position, share, false, close)
    return ratioAfter(market, protocol, position, close)
  }
  const whole = after(1)
  if (!(whole < now)) return false
  if (whole >= minPnlAfter) return true
  let [low, high] = [0, 1]
  for (let n = 0; n < HALVINGS; n++) {
    const middle = (low + high) / 2
    if (after(middle) >= minPnlAfter) low = middle
    else high = middle
  }
  return low > 0 && after(low) < now && close.unpaidUsd.every((usd) => usd === 0)
}

/** The ratio once a close is settled. */
function ratioAfter(
  market: MarketSpec,
  protocol: Protocol,
  { market: m, side, token }: Position,
  { wonUsd, poolGets, poolGives }: Close,
): number {
  const { pool } = protocol.items as GmxBooks
  const tokens = pool[2 * m + side] - poolGives + (side === token ? poolGets : 0)
  const usd = tokens * priceMin(protocol, tokenOf(market, side))
  return usd > 0 ? (pnlUsd(market, m, side, protocol) - wonUsd) / usd : 0
}

const HALVINGS = 60
const winners: { readonly account: number; readonly rank: number }[] = []
