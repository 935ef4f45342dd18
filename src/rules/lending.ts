/** Generic lending: part of a debt is repaid for collateral at a bonus. */

import { page } from '../codes.ts'
import { byAsset, fromZero, type Given, money, number, or, ratio } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { bonus, check, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

const parameters = {
  assets: byAsset(
    'Liquidation terms by asset; {} for one that is only borrowed.',
    { threshold, bonus, ...rates },
    ['threshold', 'bonus'],
  ),
  closeFactor: ratio('Share of a debt repayable at once.', { from: 0, to: 1, open: 'lower' }),
  wholeBelow: or(
    number('Health factor below which a debt is repaid whole.', { from: 0, to: 1 }),
    0,
  ),
  dustUsd: money('Debts up to this are repaid whole.', fromZero),
  target: or(
    number('Health factor that one repayment restores; null: the close factor decides.', {
      from: 1,
      to: 10,
    }),
    null,
  ),
}

/**
 * Rules of a lending protocol, told by its parameters.
 *
 * | native word                     | here                                                     |
 * | ------------------------------- | -------------------------------------------------------- |
 * | LT, LLTV, collateral factor     | `threshold`                                              |
 * | liquidation incentive, discount | `bonus`: collateral received above debt repaid           |
 * | close factor                    | `closeFactor`: share of a debt leg repayable at once     |
 * | full liquidation below HF 0.95  | `wholeBelow`: below it a leg is closed whole             |
 * | minimum debt                    | `dustUsd`: a debt leg worth this or less is closed whole |
 * | target health factor            | `target`: what one repayment restores, or null           |
 *
 * Rule:       target null: repay = closeFactor x owed, all of it when whole; target h: repay = (h D
 *             - W) / (h - LT (1 + b)) in USD, at most what the leg owes, and all of it when h <= LT
 *             (1 + b), for then no repayment reaches h. D is the account's debt, W its collateral x
 *             threshold. Seized = repay x debt price x (1 + b) / collateral price, at most what the
 *             account has. Debt left without collateral is bad debt.
 * Units:      thresholds, bonus, closeFactor, wholeBelow and target are ratios, dustUsd USD.
 * Source:     Perez et al., "Liquidations: DeFi on a Knife-edge" (health, close factor); Warmuz,
 *             Chaudhary and Pinna, arXiv 2212.07306 (when a repayment heals); the target form
 *             follows from the health factor.
 * Simplifies: interest at fixed rates, and none in an instant cascade; no rounding to token units,
 *             no limit on the protocol's cash. With a target the close factor is not used; to h is
 *             added 1e-12 of the debt, so that a target of 1 ends above 1.
 * Throws:     ParameterError on parameters outside their range, and on a close factor below 1
 *             without dust: at a loan-to-value of exactly 1 / (1 + b) its steps never end.
 */
export function lending(of: Given<typeof parameters>): Rules {
  checkParameters(of)
  const { assets, closeFactor, wholeBelow, dustUsd, target } = of
  return pairRules({
    name: 'lending',
    terms: termsFrom(assets),
    sale: target === null && closeFactor === 1 ? 'value' : 'repeated',
    steps: [wholeBelow],
    size(pair, wanted, out) {
      const whole = pair.healthFactor < wholeBelow || pair.owed * pair.debtPrice <= dustUsd
      sellAtBonus(pair, whole ? pair.owed : part(pair), wanted, out)
      return 0
    },
    scaled(parameter, by) {
      if (parameter !== 'closeFactor') {
        return lending({ ...of, assets: scaledAssets(assets, parameter, by) })
      }
      const scaled = Math.min(1, closeFactor * by)
      const ends = scaled === 1 || dustUsd > 0
      return target === null && ends ? lending({ ...of, closeFactor: scaled }) : null
    },
  })

  function part(pair: Pair): number {
    return target === null ? closeFactor * pair.owed : Math.min(pair.owed, restore(pair, target))
  }
}

lending.parameters = parameters
lending.codes = {
  FB2210: page('A close factor is not above 0 and at most 1.', 'Write it like 50%.'),
  FB2211: page('A health factor is negative.', 'Write it like 0.95.'),
  FB2212: page('A dust limit is negative.', 'Write it like $100.'),
  FB2213: page('A close factor below 1 never ends without dust.', 'Give a dust limit above 0.'),
  FB2214: page('A target health factor is below 1.', 'Write it like 1.05.'),
}

/**
 * Units of the debt leg whose repayment lifts the account to health factor h; Infinity when none
 * does.
 */
function restore(pair: Pair, h: number): number {
  const gain = h - pair.threshold * (1 + pair.bonus)
  if (gain <= 0) return Number.POSITIVE_INFINITY
  const lack = h * pair.debtUsd - pair.weightedUsd
  return (lack / gain + OVERSHOOT * pair.debtUsd) / pair.debtPrice
}

/**
 * Without it rounding leaves an account a hair below its target of 1, to be repaid by nothing for
 * ever.
 */
const OVERSHOOT = 1e-12

function checkParameters({
  closeFactor,
  wholeBelow,
  dustUsd,
  target,
}: Given<typeof parameters>): void {
  const share = closeFactor > 0 && closeFactor <= 1
  check(share, 'FB2210', 'closeFactor', 'a close factor is above 0 and at most 1', closeFactor)
  const ratio = wholeBelow >= 0 && wholeBelow < Number.POSITIVE_INFINITY
  check(ratio, 'FB2211', 'wholeBelow', 'a health factor is 0 or more', wholeBelow)
  const dust = dustUsd >= 0 && dustUsd < Number.POSITIVE_INFINITY
  check(dust, 'FB2212', 'dustUsd', 'a dust limit is 0 USD or more', dustUsd)
  const ends = dustUsd > 0 || closeFactor === 1 || target !== null
  check(
    ends,
    'FB2213',
    'dustUsd',
    'a close factor below 1 never ends without a dust limit',
    dustUsd,
  )
  const goal = target === null || (target >= 1 && target < Number.POSITIVE_INFINITY)
  check(goal, 'FB2214', 'target', 'a target health factor is 1 or more', target)
}
