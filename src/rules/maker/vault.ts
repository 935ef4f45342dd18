/** Collateral and debt of Maker's vaults: legs of a book whose only debt is DAI. */

import {
  ACCOUNTS,
  BIDDER,
  LENDERS,
  type Protocol,
  pushMove,
  RESERVE,
  type Settlement,
} from '../../rules.ts'

/** Units of a leg, pending interest included. */
export function unitsOf({ book, index }: Protocol, leg: number): number {
  return book.amount[leg] * index[book.slot[leg]]
}

/** Takes some of the units of a collateral leg; all of them leave nothing. */
export function takeUnits(
  { book, index }: Protocol,
  own: number,
  taken: number,
  units: number,
): void {
  if (taken === units) book.amount[own] = 0
  else book.amount[own] -= taken / index[book.slot[own]]
}

/**
 * Debt that goes with a collateral leg.
 *
 * Rule:  several collaterals of an account stand for several vaults: each carries debt in
 *        proportion to its value x threshold.
 * Units: DAI.
 */
export function debtOf(protocol: Protocol, account: number, own: number): number {
  const { book } = protocol
  let debt = 0
  for (let k = book.start[account]; k < book.start[account + 1]; k++)
    if (book.amount[k] < 0) debt -= unitsOf(protocol, k)
  return shareOf(protocol, account, own) * debt
}

/** Takes the debt that goes with a part of a collateral leg off the account, and returns it. */
export function takeDebt(protocol: Protocol, account: number, own: number, part: number): number {
  const { start, amount } = protocol.book
  const share = part * shareOf(protocol, account, own)
  let debt = 0
  for (let k = start[account]; k < start[account + 1]; k++) {
    if (!(amount[k] < 0)) continue
    debt -= share * unitsOf(protocol, k)
    amount[k] = share === 1 ? 0 : amount[k] * (1 - share)
  }
  return debt
}

function shareOf({ book, values }: Protocol, account: number, own: number): number {
  const { start, amount, slot } = book
  let weighted = 0
  for (let k = start[account]; k < start[account + 1]; k++)
    if (amount[k] > 0) weighted += amount[k] * values[slot[k]]
  return (amount[own] * values[slot[own]]) / weighted
}

/**
 * Sells, where there is no time for an auction, what a collateral leg needs for its debt and the
 * penalty, at its worth.
 *
 * Rule:  seized = min(ink, tab / price), repaid = min(debt, worth); the penalty goes to the
 *        reserve, and debt that the worth does not cover is bad.
 */
export function sellAtWorth(
  { dai, penalty }: { readonly dai: number; readonly penalty: number },
  protocol: Protocol,
  account: number,
  own: number,
  asset: number,
  out: Settlement,
): void {
  const { prices, badDebt } = protocol
  const units = unitsOf(protocol, own)
  const worth = (units * prices[asset]) / prices[dai]
  const debt = takeDebt(protocol, account, own, 1)
  const tab = debt * (1 + penalty)
  const sold = worth * (1 - REMAINDER) <= tab ? units : (units * tab) / worth
  const paid = Math.min(tab, worth)
  takeUnits(protocol, own, sold, units)
  out.seized = sold
  out.repaid = Math.min(debt, paid)
  if (paid > debt) pushMove(out.moves, dai, BIDDER, RESERVE, paid - debt)
  if (paid < debt) {
    badDebt[dai] += debt - paid
    pushMove(out.moves, dai, LENDERS, ACCOUNTS, debt - paid)
  }
}

/** Below this share a remainder is rounding. */
export const REMAINDER = 1e-12
