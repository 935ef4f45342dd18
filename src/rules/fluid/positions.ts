/** A position of a Fluid vault: its ticks, what of it may be sold, and what becomes of it. */

import { health } from '../../book.ts'
import {
  ACCOUNTS,
  type Bid,
  ITEMS,
  LENDERS,
  type Offers,
  type Protocol,
  pushMove,
  pushOffer,
  RESERVE,
  type Reason,
  type Settlement,
} from '../../rules.ts'
import { debtToRatio, HAIR, ratioAt, tickAbove, tickAt } from './ticks.ts'
import {
  collateralSlot,
  debtSlot,
  type FluidAbsorbed,
  type FluidVault,
  forget,
  isTooLittle,
  REMAINDER,
} from './vaults.ts'

/** `Offers.other` of a liquidation, and of an absorb. */
export const LIQUIDATE = 0
export const ABSORB = 1

/** A breached position, and what may be done with it. Reused between calls. */
interface Position {
  vault: number
  own: number
  owing: number
  /** Collateral and debt in tokens, interest included. */
  units: number
  debt: number
  unitsPerDebt: number
  kind: number
  /** Debt that a liquidation repays; 0: nothing may be sold. */
  repays: number
}

/** Lists what may be done with an account: a liquidation, an absorb, or nothing. */
export function listPosition(
  vaults: readonly FluidVault[],
  absorbGas: number,
  protocol: Protocol,
  account: number,
  out: Offers,
): void {
  if (!judge(vaults, protocol, account)) return
  const { collateral, debt } = vaults[position.vault]
  const { own, units, repays, unitsPerDebt } = position
  const now = protocol.book.version[account]
  if (position.kind === ABSORB)
    pushOffer(out, account, collateral, 0, debt, 0, now, own, ABSORB, absorbGas, -1, 0, units)
  else if (repays > 0)
    pushOffer(out, account, collateral, repays * unitsPerDebt, debt, repays, now, own, LIQUIDATE)
}

/** Liquidates or absorbs an account as it stands now. */
export function settlePosition(
  vaults: readonly FluidVault[],
  protocol: Protocol,
  offers: Offers,
  offer: number,
  bid: Bid,
  out: Settlement,
): Reason {
  const account = offers.account[offer]
  if (!(protocol.book.amount[offers.own[offer]] > 0)) return 'stale'
  if (!judge(vaults, protocol, account)) return 'healthy'
  if (position.kind !== offers.other[offer]) return 'stale'
  const { collateral, debt } = vaults[position.vault]
  const reason = position.kind === LIQUIDATE ? liquidate(protocol, collateral, bid, out) : 0
  if (reason !== 0) return reason
  if (position.kind === ABSORB) {
    if (bid.taker < 0) sellAtWorth(protocol, collateral, debt, out)
    else absorb(protocol, collateral, debt, out)
  }
  protocol.book.version[account]++
  return 0
}

/** Whether the account is breached; what may be done with it is then in `position`. */
function judge(vaults: readonly FluidVault[], protocol: Protocol, account: number): boolean {
  const { book, values, index, prices } = protocol
  if (!(health(book, values, account) < 0 && find(protocol, account))) return false
  const { own, owing, vault: v } = position
  const { scale, penalty, collateral, debt, threshold, maxLimit } = vaults[v]
  const [ownSlot, owingSlot] = [collateralSlot(v), debtSlot(v)]
  const limit = (values[ownSlot] / values[owingSlot]) * scale
  const tick = tickAbove((-book.amount[owing] / book.amount[own]) * scale)
  position.units = book.amount[own] * index[ownSlot]
  position.debt = -book.amount[owing] * index[owingSlot]
  position.unitsPerDebt = (prices[debt] / prices[collateral]) * (1 + penalty)
  const isOver = !(limit > 0) || tick > tickAt((limit * maxLimit) / threshold)
  position.kind = isOver ? ABSORB : LIQUIDATE
  if (isOver) return true
  const ratio = (ratioAt(tickAt(limit)) / scale) * (index[owingSlot] / index[ownSlot])
  const stands = position.debt <= position.units * ratio * (1 + 2 * HAIR)
  const { debt: owed, units, unitsPerDebt } = position
  position.repays = stands ? 0 : debtToRatio(owed, units, ratio, unitsPerDebt)
  return true
}

/** Finds the legs of an account: its collateral, and its debt in the same vault. */
function find({ book, rules: { slots } }: Protocol, account: number): boolean {
  const end = book.start[account + 1]
  for (let k = book.start[account]; k < end; k++) {
    if (!(book.amount[k] > 0)) continue
    for (let other = book.start[account]; other < end; other++) {
      if (!(book.amount[other] < 0)) continue
      if (slots.group[book.slot[other]] !== slots.group[book.slot[k]]) continue
      position.vault = book.slot[k] >> 1
      position.own = k
      position.owing = other
      return true
    }
  }
  return false
}

/** A position that is sold as far as it goes keeps the collateral of the ratio it stands at. */
function liquidate(protocol: Protocol, collateral: number, bid: Bid, out: Settlement): Reason {
  const { book, index } = protocol
  const { vault, own, owing, repays, unitsPerDebt } = position
  const most = repays * unitsPerDebt
  if (!(repays > 0 && bid.amount > 0)) return 'nothing'
  const isAll = most - bid.amount <= REMAINDER * most
  const repaid = isAll ? repays : bid.amount / unitsPerDebt
  if (!isAll && isTooLittle(protocol, vault, repaid)) return 'dust'
  out.seized = isAll ? most : bid.amount
  out.repaid = repaid
  book.amount[own] -= out.seized / index[collateralSlot(vault)]
  book.amount[owing] += repaid / index[debtSlot(vault)]
  forget(protocol, vault, repaid)
  if (!isAll) return 0
  const dust = book.amount[own] * HAIR
  book.amount[own] -= dust
  pushMove(out.moves, collateral, ACCOUNTS, RESERVE, dust * index[collateralSlot(vault)])
  return 0
}

function absorb(protocol: Protocol, collateral: number, debt: number, out: Settlement): void {
  const { vault, own, owing, units, debt: owed } = position
  const absorbed = protocol.items as FluidAbsorbed
  absorbed.units[vault] += units
  absorbed.debt[vault] += owed
  protocol.book.amount[own] = 0
  protocol.book.amount[owing] = 0
  forget(protocol, vault, owed)
  pushMove(out.moves, collateral, ACCOUNTS, ITEMS, units)
  pushMove(out.moves, debt, ITEMS, ACCOUNTS, owed)
}

/** Where there is no time, a position above the limit is sold whole, for its debt or its worth. */
function sellAtWorth(protocol: Protocol, collateral: number, debt: number, out: Settlement): void {
  const { prices, badDebt, book } = protocol
  const { vault, own, owing, units, debt: owed } = position
  const worth = (units * prices[collateral]) / prices[debt]
  out.seized = units
  out.repaid = Math.min(owed, worth)
  book.amount[own] = 0
  book.amount[owing] = 0
  forget(protocol, vault, owed)
  if (worth >= owed) return
  badDebt[debt] += owed - worth
  pushMove(out.moves, debt, LENDERS, ACCOUNTS, owed - worth)
}

// Halves, so that it holds doubles from the start.
const position: Position = {
  vault: 0,
  own: 0,
  owing: 0,
  units: 0.5,
  debt: 0.5,
  unitsPerDebt: 0.5,
  kind: 0,
  repays: 0.5,
}
