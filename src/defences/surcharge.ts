/** What a defence makes takers pay on top, and whose it is. */

import { keepForProtocol, returnToBorrower, type Sight } from '../defence.ts'
import type { Offers, Protocol } from '../rules.ts'

/**
 * Makes an offer dearer by so many units of what it is paid in.
 *
 * Rule:  lenders come first. Where all collateral of the account, sold as the rules ask, would not
 *        pay its debts, the protocol keeps what is missing, in proportion to the part that this
 *        offer sells; the rest goes back to the borrower.
 * Units: worth at published prices.
 */
export function makeDearer(sight: Sight, offers: Offers, offer: number, units: number): void {
  const { prices } = sight.protocol
  const price = prices[offers.pays[offer]]
  const soldUsd = offers.amount[offer] * prices[offers.sells[offer]]
  const owns = worthUsd(sight.protocol, offers.account[offer], 1)
  const owes = worthUsd(sight.protocol, offers.account[offer], -1)
  const own = offers.cost[offer] - offers.returned[offer] - offers.kept[offer]
  const asked = (own * price) / takenUsd(sight.protocol, offers, offer)
  const lack = Math.max(0, owes - asked * owns) * Math.min(1, soldUsd / owns)
  const kept = Math.max(0, Math.min(units, lack / price - offers.kept[offer]))
  if (kept > 0) keepForProtocol(offers, offer, kept)
  if (units > kept) returnToBorrower(offers, offer, units - kept)
}

/** Worth of what the taker of an offer gets, at published prices. */
export function takenUsd({ prices }: Protocol, offers: Offers, offer: number): number {
  return (offers.amount[offer] - offers.passed[offer]) * prices[offers.sells[offer]]
}

/** What an account owns (side 1) or owes (-1), at published prices. */
function worthUsd({ book, index, rules, prices }: Protocol, account: number, side: 1 | -1): number {
  const end = book.start[account + 1]
  let usd = 0
  for (let k = book.start[account]; k < end; k++) {
    const slot = book.slot[k]
    const worth = side * book.amount[k] * index[slot] * prices[rules.slots.asset[slot]]
    if (worth > 0) usd += worth
  }
  return usd
}
