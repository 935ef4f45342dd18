/** Stop-out: the whole position is sold at its trigger. */

import { byAsset, type Given } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import { type Pair, pairRules } from './pair.ts'
import { bonus, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

const parameters = {
  assets: byAsset(
    'Terms by asset; {} for one that is only borrowed.',
    { threshold, bonus, ...rates },
    ['threshold', 'bonus'],
  ),
}

/**
 * Rules that close a breached account whole, whatever the price: the fixed-units case of the
 * one-pass analysis.
 *
 * | native word               | here                                            |
 * | ------------------------- | ----------------------------------------------- |
 * | stop-out or margin level  | 1 / `threshold`                                 |
 * | liquidation fee, discount | `bonus`: what the taker keeps above its payment |
 * | surplus                   | cash outside the book, the borrower's           |
 *
 * Rule:       All units of every collateral leg are sold. A leg pays at most value / (1 + bonus);
 *             what the debt does not need of it is the borrower's. What the debt lacks when the
 *             last leg is sold is bad debt. With one collateral, cost = min(debt, value / (1 +
 *             bonus)). Several collaterals carry the debt in proportion to value x threshold, or
 *             more where the others cannot pay the rest: so the account stays breached until all
 *             are sold, in any order. Several debts: a leg is sold in parts, one per debt.
 * Units:      ratios as fractions; `Settlement.seized` is all that leaves the account,
 *             `Settlement.surplus` the part of it that the borrower gets back as cash.
 * Source:     fixed sale at first crossing, as in Cifuentes, Ferrucci and Shin (JEEA 2005).
 * Simplifies: interest at fixed rates, and none in an instant cascade; no rounding. Shares are held
 *             1e-12 of the debt below their value, so that rounding cannot heal an account before
 *             its last leg. Where threshold x (1 + bonus) >= 1 on a leg among several, the payment
 *             of the others may heal the account first, and that leg stays.
 * Throws:     ParameterError on a threshold outside (0, 1) or a negative bonus.
 */
export function stopOut({ assets }: Given<typeof parameters>): Rules {
  return pairRules({
    name: 'stopOut',
    terms: termsFrom(assets),
    sale: 'units',
    size(pair, wanted, out) {
      const due = dueUsd(pair)
      const part = Math.min(1, ((pair.owed * pair.debtPrice) / due) * (1 + MARGIN))
      out.seized = part * pair.units
      out.repaid = Math.min(pair.owed, (part * due) / pair.debtPrice)
      out.fee = 0
      if (wanted < out.seized) {
        out.repaid *= wanted / out.seized
        out.seized = wanted
      }
      out.surplus = Math.max(0, out.seized - takersUnits(pair, out.repaid))
      return 0
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      return stopOut({ assets: scaledAssets(assets, parameter, by) })
    },
  })
}

stopOut.parameters = parameters

const MARGIN = 1e-12

/** Units that a taker earns with what it repays; all of them at a price of 0. */
function takersUnits(pair: Pair, repaid: number): number {
  if (pair.price === 0) return pair.units
  return Math.min(pair.units, (repaid * pair.debtPrice * (1 + pair.bonus)) / pair.price)
}

/** What the whole collateral leg pays towards the account's debt. */
function dueUsd(pair: Pair): number {
  const cover = (pair.units * pair.price) / (1 + pair.bonus)
  if (cover === 0) return 0
  const weight = (pair.units * pair.price * pair.threshold) / pair.weightedUsd
  const share = pair.debtUsd * (weight - MARGIN)
  const lack = pair.debtUsd - (pair.coverUsd - cover)
  return Math.min(cover, Math.max(share, lack, 0))
}
