/**
 * Aave v2: half of one debt reserve at a time, and no rule that closes a small or deep position.
 */

import { page } from '../codes.ts'
import { byAsset, type Given, money } from '../parameters.ts'
import type { Rules } from '../rules.ts'
import { pairRules, sellAtBonus } from './pair.ts'
import { bonus, check, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

const parameters = {
  assets: byAsset(
    'Liquidation terms by asset; {} for one that is only borrowed.',
    { threshold, bonus, ...rates },
    ['threshold', 'bonus'],
  ),
  dustUsd: money('Repayable debts below this are left alone.'),
}

const CLOSE_FACTOR = 0.5

/**
 * Rules of Aave v2.
 *
 * | native word                      | here                                                       |
 * | -------------------------------- | ---------------------------------------------------------- |
 * | liquidationThreshold (bps)       | `threshold`, as a fraction                                 |
 * | liquidationBonus (bps, 10500)    | 1 + `bonus`                                                |
 * | LIQUIDATION_CLOSE_FACTOR_PERCENT | 0.5 of the chosen debt reserve, fixed by the protocol      |
 * | healthFactor < 1e18              | health < 0                                                 |
 * | debt without collateral          | bad debt (the protocol leaves it on the account, unmarked) |
 * | gas                              | `dustUsd`: repayable debt below this is left alone         |
 *
 * Rule:       repay = 0.5 x owed; seized = repay x debt price x (1 + bonus) / collateral price.
 *             Where that exceeds the account's collateral: all of it, and repay = its value / (1 +
 *             bonus).
 * Units:      ratios as fractions, `dustUsd` in USD of debt repaid.
 * Source:     aave/protocol-v2, contracts/protocol/lendingpool/LendingPoolCollateralManager.sol,
 *             liquidationCall()
 * Simplifies: interest at fixed rates, and none in an instant cascade; no rounding; the account's
 *             threshold is not cut to whole basis points; the reserve always has the cash;
 *             collateral switched off by its owner is not collateral. What nobody repays because of
 *             `dustUsd` stays on the account and is a shortfall where it is insolvent.
 * Throws:     ParameterError on a threshold outside (0, 1), a negative bonus, or dustUsd not above
 *             0: halves never end.
 */
export function aaveV2({ assets, dustUsd }: Given<typeof parameters>): Rules {
  const ends = dustUsd > 0 && dustUsd < Number.POSITIVE_INFINITY
  check(ends, 'FB2220', 'dustUsd', 'repaying halves ends only with a dust limit above 0', dustUsd)
  return pairRules({
    name: 'aaveV2',
    terms: termsFrom(assets),
    sale: 'repeated',
    size(pair, wanted, out) {
      const half = CLOSE_FACTOR * pair.owed
      sellAtBonus(pair, half, Number.POSITIVE_INFINITY, out)
      if (out.repaid * pair.debtPrice < dustUsd) return 'dust'
      sellAtBonus(pair, half, wanted, out)
      return 0
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      return aaveV2({ assets: scaledAssets(assets, parameter, by), dustUsd })
    },
  })
}

aaveV2.parameters = parameters
aaveV2.codes = {
  FB2220: page('Repaying halves never ends without dust.', 'Give a dust limit above 0.'),
}
