/** Writes a close: legs of the account, the books of the market, and what changes hands. */

import {
  ACCOUNTS,
  BORROWERS,
  ITEMS,
  LENDERS,
  type Moves,
  POOL,
  type Protocol,
  pushMove,
  RESERVE,
} from '../../rules.ts'
import type { GmxBooks } from './books.ts'
import { type Close, FEES, FUNDING, LOSS } from './close.ts'
import type { GmxSpec, MarketSpec } from './parameters.ts'
import { tokenOf } from './pool.ts'
import {
  COLLATERAL_LEG,
  type Position,
  REQUIREMENT_LEG,
  requirement,
  SIZE_LEG,
} from './positions.ts'

/**
 * Settles a close that was worked out on this state; returns the USD that liquidity providers lose.
 *
 * Rule:   the tokens and the size of the position go to the pool, whose other side they were, and
 *         nothing of it is an asset: what is real is collateral and payout. Losses and impact go to
 *         the pool; so do fees, but a share `feeReceiver` of what was paid in the collateral's
 *         token and in full. Funding is kept for those whom it is owed. A loss, or funding, that
 *         nothing pays is the pool's: lenders lose it.
 * Shape:  POOL in the movements stands at what it is owed: what nobody paid stays in it, and is the
 *         loss of LENDERS.
 */
export function settleClose(
  of: GmxSpec,
  protocol: Protocol,
  position: Position,
  close: Close,
  moves: Moves,
): number {
  const market = of.markets[position.market]
  const { badDebt, prices, items } = protocol
  const books = items as GmxBooks
  const lostUsd = close.unpaidUsd[LOSS] + close.unpaidUsd[FUNDING]
  returnPosition(market, protocol, position, close, moves)
  payCosts(market, books, position, close, moves)
  writeLegs(of, protocol, position, close, moves)
  if (!(lostUsd > 0)) return 0
  const lost = lostUsd / prices[market.short]
  badDebt[market.short] += lost
  books.writtenOff[market.short] += lost
  pushMove(moves, market.short, LENDERS, ACCOUNTS, lost)
  pushMove(moves, market.short, ACCOUNTS, POOL, lost)
  return lostUsd
}

/** The index tokens and the size of a position go back to where they came from. */
function returnPosition(
  { index, short }: MarketSpec,
  { prices, items }: Protocol,
  { market: m, side }: Position,
  { units, sizeUsd, impactTokens }: Close,
  moves: Moves,
): void {
  const books = items as GmxBooks
  const s = 2 * m + side
  const [holder, other] = side === 0 ? [ACCOUNTS, POOL] : [POOL, ACCOUNTS]
  pushMove(moves, index, holder, other, units)
  pushMove(moves, short, other, holder, sizeUsd / prices[short])
  books.interestUsd[s] = Math.max(0, books.interestUsd[s] - sizeUsd)
  books.tokens[s] = Math.max(0, books.tokens[s] - units)
  books.impactPool[m] += impactTokens
}

function payCosts(
  market: MarketSpec,
  books: GmxBooks,
  { market: m, side, token }: Position,
  { kept, poolGets, poolGives, payoutLeft, fromPayout, fromCollateral }: Close,
  moves: Moves,
): void {
  const profit = tokenOf(market, side)
  const owned = tokenOf(market, token)
  books.pool[2 * m + token] += poolGets
  books.pool[2 * m + side] -= poolGives
  books.outside[owned] += fromCollateral[FUNDING]
  books.outside[profit] += fromPayout[FUNDING]
  give(moves, owned, ACCOUNTS, ITEMS, fromCollateral[FUNDING])
  give(moves, owned, ACCOUNTS, POOL, poolGets)
  give(moves, owned, ACCOUNTS, RESERVE, fromCollateral[FEES] * kept)
  give(moves, profit, POOL, ITEMS, fromPayout[FUNDING])
  give(moves, profit, POOL, RESERVE, fromPayout[FEES] * kept)
  give(moves, profit, POOL, BORROWERS, payoutLeft)
}

/** What is left of the position; the collateral of a whole close is the trader's again. */
function writeLegs(
  of: GmxSpec,
  { book }: Protocol,
  { market: m, token, leg, sizeUsd }: Position,
  { share, collateralLeft }: Close,
  moves: Moves,
): void {
  const market = of.markets[m]
  const left = 1 - share
  const needed = left > 0 ? requirement(market, of.minCollateralUsd, sizeUsd * left) : 0
  book.amount[leg] = left > 0 ? book.amount[leg] * left : 0
  book.amount[leg + SIZE_LEG] = left > 0 ? book.amount[leg + SIZE_LEG] * left : 0
  book.amount[leg + COLLATERAL_LEG] = left > 0 ? collateralLeft : 0
  book.amount[leg + REQUIREMENT_LEG] = left > 0 ? -needed : 0
  if (left === 0) give(moves, tokenOf(market, token), ACCOUNTS, BORROWERS, collateralLeft)
}

function give(moves: Moves, asset: number, from: number, to: number, amount: number): void {
  if (amount > 0) pushMove(moves, asset, from, to, amount)
}
