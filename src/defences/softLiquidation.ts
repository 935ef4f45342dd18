/** Soft liquidation: small parts at a smaller bonus, before the threshold is reached. */

import { healthFactor } from '../book.ts'
import {
  type Defence,
  factorUnder,
  leaveOf,
  type Reading,
  returnToBorrower,
  type Sight,
} from '../defence.ts'
import { type Given, or, ratio } from '../parameters.ts'
import type { Offers, Rules } from '../rules.ts'

const part = { from: 0, to: 1, open: 'lower' } as const
const parameters = {
  width: or(
    ratio('How far below the threshold the zone begins.', { from: 0, to: 1, open: 'both' }),
    0.05,
  ),
  first: or(ratio('Share of an offer that is sold at a time where the zone begins.', part), 0.05),
  last: or(ratio('Share of it where the threshold is reached.', part), 0.25),
  bonusShare: or(ratio('Share of the bonus that the taker keeps; the rest goes back.'), 0.5),
}

/**
 * A zone below the liquidation threshold in which accounts are sold early, little by little.
 *
 * | native word                       | here                                                    |
 * | --------------------------------- | ------------------------------------------------------- |
 * | preLltv                           | threshold x (1 - `width`)                               |
 * | preLCF1, preLCF2                  | `first`, `last`: of what the rules would sell at once   |
 * | preLIF1, preLIF2                  | 1 + `bonusShare` x bonus, at both ends                  |
 * | soft liquidation over price bands | the zone; nothing is bought back as the price rises     |
 *
 * Rule:       an account whose debt is above threshold x (1 - width) of its collateral, and not
 *             above the threshold itself, is offered as the rules would with thresholds that much
 *             lower, but only a share of it: from `first` at the edge of the zone in a straight
 *             line to `last` at the threshold. Of the bonus the part that is not `bonusShare` goes
 *             to the borrower. Who is past the threshold is liquidated as ever. Who stands no worse
 *             than at the prices of the opening is left alone.
 * Units:      all fractions.
 * Source:     Morpho's pre-liquidation, a contract that borrowers opt in to; crvUSD sells within
 *             bands before its liquidation (docs/defences.md).
 * Simplifies: every account takes part, and the parts follow block by block. In reports, who is in
 *             the zone counts as liquidatable. Auctions that the rules begin are begun early, too,
 *             and closings of a house are not softened.
 * Assumes:    a small part pays for its gas; and a price that falls on. Where it turns within the
 *             zone, borrowers have lost collateral that they would have kept.
 * Throws:     InputError FB2308 where the rules have no threshold that can be scaled
 */
export function softLiquidation(of: Given<typeof parameters>): Defence {
  const early = new Set<number>()
  let own: Rules | null = null
  let opening = new Float64Array(0)
  let parts = 0
  let repaid = 0
  const factorOf = ({ protocol }: Sight, account: number) => factorUnder(own!, protocol, account)
  return {
    name: 'softLiquidation',
    readings,
    react({ protocol }, stance) {
      if (own === null) {
        own = protocol.rules
        opening = protocol.values.slice()
      }
      early.clear()
      stance.threshold *= 1 - of.width
    },
    keeps: (sight, account) => factorOf(sight, account) < 1,
    shape(sight, offers, from) {
      // At the opening, before thresholds are moved, only who is past its own is asked.
      if (own === null) return false
      const account = offers.account[from]
      const factor = factorOf(sight, account)
      early.delete(account)
      if (factor < 1) return false
      if (!(factor < healthFactor(sight.protocol.book, opening, account))) {
        offers.count = from
        return true
      }
      early.add(account)
      const depth = Math.max(0, 1 / factor - (1 - of.width)) / of.width
      const share = of.first + (of.last - of.first) * Math.min(1, depth)
      for (let n = from; n < offers.count; n++) soften(sight, offers, n, share, of.bonusShare)
      return false
    },
    settled(_, { account, repaidUsd }) {
      if (!early.has(account)) return
      parts++
      repaid += repaidUsd
    },
    read(out) {
      out[0] = parts
      out[1] = repaid
    },
  }
}

softLiquidation.parameters = parameters

/** Leaves a share of an offer, and of its bonus the taker's share. */
function soften(
  { protocol: { prices } }: Sight,
  offers: Offers,
  n: number,
  share: number,
  bonusShare: number,
): void {
  if (!(offers.amount[n] > 0)) return
  leaveOf(offers, n, share)
  const sold = (offers.amount[n] - offers.passed[n]) * prices[offers.sells[n]]
  const bonus = sold / prices[offers.pays[n]] - offers.cost[n]
  if (bonus > 0) returnToBorrower(offers, n, (1 - bonusShare) * bonus)
}

const readings: readonly Reading[] = [
  {
    name: 'early_liquidations',
    unit: 'count',
    definition: 'Parts that were sold of accounts below their own threshold.',
  },
  { name: 'early_usd', unit: 'usd', definition: 'Debt that these repaid.' },
]
