/** Liquidation to a target: no more is sold than makes the account healthy again. */

import { type Defence, leaveOf, type Reading } from '../defence.ts'
import { type Given, number, or } from '../parameters.ts'
import type { Offers, Protocol } from '../rules.ts'

const parameters = {
  target: or(
    number('Health factor that a liquidation restores, and does not pass.', { from: 1, to: 10 }),
    1.05,
  ),
}

/**
 * A cap on each liquidation: what restores a target health factor.
 *
 * | native word                          | here                                              |
 * | ------------------------------------ | ------------------------------------------------- |
 * | target health factor, soft close     | `target`                                          |
 * | close factor                         | still the most: the rules' offer is only lessened |
 *
 * Rule:       with P the collateral x threshold of the account and N its debt, and p and n the
 *             parts of them that the whole offer takes away, a share (target N - P) / (target n -
 *             p) of it is left. Where p >= target n, no part restores the target; then, and where
 *             that share is above 1, the offer stays whole.
 * Units:      target is a ratio.
 * Source:     Aave v4 sizes a liquidation by a target health factor, as do some liquidation
 *             engines of exchanges; the share follows from the health factor (docs/defences.md).
 * Simplifies: 1e-12 of the debt more is sold, so that a target of 1 ends above 1. Offers that do
 *             not move one leg of collateral and one of debt (calls, auctions) stay as they are.
 * Assumes:    who was restored is left alone until prices fall on. Where they do, it is liquidated
 *             again and again at lower prices, and each time there is gas to pay.
 */
export function targetHealth(of: Given<typeof parameters>): Defence {
  const capped = new Set<number>()
  let liquidations = 0
  let repaid = 0
  return {
    name: 'targetHealth',
    readings,
    react() {
      capped.clear()
    },
    shape({ protocol }, offers, from) {
      for (let n = from; n < offers.count; n++) {
        const share = shareFor(protocol, offers, n, of.target)
        if (!(share < 1)) continue
        leaveOf(offers, n, share)
        capped.add(offers.account[n])
      }
      return false
    },
    settled(_, { account, repaidUsd }) {
      if (!capped.has(account)) return
      liquidations++
      repaid += repaidUsd
    },
    read(out) {
      out[0] = liquidations
      out[1] = repaid
    },
  }
}

targetHealth.parameters = parameters

/** The share of an offer that restores a health factor; 1 where it takes more, or none does. */
function shareFor(protocol: Protocol, offers: Offers, n: number, target: number): number {
  const { book, values, index } = protocol
  const own = legOf(protocol, offers, n, offers.own[n], 1)
  const other = legOf(protocol, offers, n, offers.other[n], -1)
  if (own < 0 || other < 0 || !(offers.amount[n] > 0)) return 1
  let weighted = 0
  let debt = 0
  const account = offers.account[n]
  for (let k = book.start[account]; k < book.start[account + 1]; k++) {
    const worth = book.amount[k] * values[book.slot[k]]
    if (worth > 0) weighted += worth
    else debt -= worth
  }
  const repaid = offers.cost[n] - offers.returned[n] - offers.kept[n]
  const sold = (offers.amount[n] * values[own]) / index[own]
  const gain = target * ((repaid * values[other]) / index[other]) - sold
  return gain > 0 ? Math.min(1, (target * debt - weighted + OVERSHOOT * debt) / gain) : 1
}

/** Slot of the leg that an offer names, where it is the account's and of that side; else -1. */
function legOf(
  { book, rules: { slots } }: Protocol,
  offers: Offers,
  n: number,
  leg: number,
  side: 1 | -1,
): number {
  const account = offers.account[n]
  if (!(leg >= book.start[account] && leg < book.start[account + 1])) return -1
  const slot = book.slot[leg]
  const asset = side > 0 ? offers.sells[n] : offers.pays[n]
  return slots.asset[slot] === asset && slots.side[slot] === side ? slot : -1
}

/** Without it rounding leaves an account a hair below a target of 1, to be repaid for ever. */
const OVERSHOOT = 1e-12

const readings: readonly Reading[] = [
  {
    name: 'capped_liquidations',
    unit: 'count',
    definition: 'Liquidations that were cut to what restores the target.',
  },
  { name: 'capped_usd', unit: 'usd', definition: 'Debt that these repaid.' },
]
