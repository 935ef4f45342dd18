/** Who pays what a bankrupt account of Drift v2 owes. */

import { ACCOUNTS, ITEMS, LENDERS, type Moves, POOL, type Protocol, pushMove } from '../../rules.ts'
import type { Standing } from './accounts.ts'
import type { DriftBooks } from './books.ts'
import { DEBT, MARGIN } from './layout.ts'
import type { Engine } from './sizes.ts'

/** Whether an account owes, and has no position, deposit or cash. */
export function isBankrupt({ owes, owns, hasOpen }: Standing): boolean {
  return owes && !owns && !hasOpen
}

/**
 * Writes off what a bankrupt account owes.
 *
 * Rule:  a loss in cash is paid by the insurance fund, as far as the market's claim goes, then by
 *        the market's fees; the rest is borne by all open base, rest / (longs + shorts) a unit. A
 *        borrow is paid by the fund of its asset; the rest cuts the index of its deposits.
 * Units: `market` is that of the position closed last, -1 for an account that had none.
 */
export function resolve(
  engine: Engine,
  protocol: Protocol,
  account: number,
  market: number,
  moves: Moves,
): void {
  const { layout } = engine
  const { book, index, items } = protocol
  const books = items as DriftBooks
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const slot = book.slot[k]
    const owed = 0 - book.amount[k] * index[slot]
    book.amount[k] = 0
    if (layout.kind[slot] === MARGIN || !(owed > 0)) continue
    const asset = layout.slots.asset[slot]
    const isBorrow = layout.kind[slot] === DEBT || market < 0
    const rest = isBorrow
      ? fromFund(books, asset, owed, moves)
      : fromMarket(books, market, asset, owed, moves)
    if (!(rest > 0)) continue
    books.stamp++
    if (!isBorrow) shareLoss(engine, protocol, market, rest, moves)
    else writeOff(protocol, asset, rest, moves)
    if (isBorrow && asset !== layout.settlement) cutDeposits(engine, protocol, asset, rest, moves)
  }
  books.since[account] = -1
  books.freedUsd[account] = 0
}

/** What the fund of an asset cannot pay of a debt. */
function fromFund({ fund }: DriftBooks, asset: number, owed: number, moves: Moves): number {
  const paid = Math.min(owed, fund[asset])
  fund[asset] -= paid
  if (paid > 0) pushMove(moves, asset, POOL, ACCOUNTS, paid)
  return owed - paid
}

/** What neither the fund nor the fees of a market can pay of a loss. */
function fromMarket(
  { fund, claim, feePool }: DriftBooks,
  market: number,
  asset: number,
  owed: number,
  moves: Moves,
): number {
  const paid = Math.min(owed, fund[asset], claim[market])
  const fees = Math.min(owed - paid, feePool[market])
  fund[asset] -= paid
  claim[market] -= paid
  feePool[market] -= fees
  if (paid + fees > 0) pushMove(moves, asset, POOL, ACCOUNTS, paid + fees)
  return owed - paid - fees
}

/**
 * Spreads a loss over all open base of a market; without any it stays where it is.
 *
 * Rule: what others have paid of losses before comes first; only what is new is bad debt.
 */
function shareLoss(
  { layout }: Engine,
  protocol: Protocol,
  market: number,
  rest: number,
  moves: Moves,
): void {
  const { open, loss, borne } = protocol.items as DriftBooks
  const base = open[2 * market] + open[2 * market + 1] + layout.perps[market].outsideUnits
  const known = Math.min(rest, borne[market])
  borne[market] -= known
  if (known > 0) pushMove(moves, layout.settlement, ITEMS, ACCOUNTS, known)
  if (rest > known) writeOff(protocol, layout.settlement, rest - known, moves)
  if (base > 0) loss[market] += rest / base
}

function writeOff({ badDebt }: Protocol, asset: number, units: number, moves: Moves): void {
  badDebt[asset] += units
  pushMove(moves, asset, LENDERS, ACCOUNTS, units)
}

/** Cuts the index of deposits; those in the book lose their part to the pot. */
function cutDeposits(
  { layout }: Engine,
  { index, items }: Protocol,
  asset: number,
  loss: number,
  moves: Moves,
): void {
  const { deposits, pot } = items as DriftBooks
  const { deposit, outsideUnits } = layout.spots.find((each) => each.asset === asset)!
  if (deposit < 0) return
  const all = (deposits[asset] + outsideUnits) * index[deposit]
  if (!(all > 0)) return
  const part = Math.min(1, loss / all)
  const lost = deposits[asset] * index[deposit] * part
  index[deposit] *= 1 - part
  pot[asset] += lost
  if (lost > 0) pushMove(moves, asset, ACCOUNTS, ITEMS, lost)
}
