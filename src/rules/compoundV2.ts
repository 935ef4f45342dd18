/** Compound v2: part of one borrow at a time, and no rule that closes what is small or deep. */

import { page } from '../codes.ts'
import { byAsset, flag, type Given, money, or, ratio } from '../parameters.ts'
import type { Rules, Settlement } from '../rules.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { check, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

/** protocolSeizeShareMantissa, a constant of CToken. */
const PROTOCOL_SEIZE_SHARE = 0.028

const parameters = {
  assets: byAsset('Markets by their underlying; {} for one that is only borrowed.', {
    threshold,
    deprecated: or(
      flag('Its debts may be repaid whole, even of healthy accounts; not with a threshold.'),
      false,
    ),
    ...rates,
  }),
  closeFactor: ratio('Share of a debt repayable at once.', { from: 0, to: 1, open: 'lower' }),
  bonus: ratio('What a liquidator receives above the debt repaid (incentive - 1).'),
  seizeShare: or(ratio('Share of what is seized that the protocol keeps.'), PROTOCOL_SEIZE_SHARE),
  dustUsd: money('Repayable debts below this are left alone.'),
}

type Spec = Given<typeof parameters>

/**
 * Rules of Compound v2.
 *
 * | native word                          | here                                                  |
 * | ------------------------------------ | ----------------------------------------------------- |
 * | cToken balance, exchangeRate         | collateral leg in underlying; its index               |
 * | borrow balance, borrowIndex          | debt leg x index                                      |
 * | collateralFactor                     | `threshold`                                           |
 * | closeFactor                          | `closeFactor`, of the chosen debt                     |
 * | liquidationIncentive (1.08)          | 1 + `bonus`                                           |
 * | protocolSeizeShare (2.8 %)           | `seizeShare`, of all that is seized                   |
 * | shortfall > 0                        | health < 0                                            |
 * | deprecated market                    | `deprecated`, of an asset without threshold           |
 * | seize above the balance (reverts)    | reason `nothing`                                      |
 * | debt without collateral              | bad debt (the protocol leaves it in its borrows)      |
 * | gas                                  | `dustUsd`: repayable debt below this is left alone    |
 *
 * Rule:       repay = closeFactor x owed, all of it in a deprecated market; seized = repay x debt
 *             price x (1 + bonus) / collateral price; the protocol keeps seizeShare of it. A call
 *             that would seize more than there is is refused, not cut: listed is what the best
 *             caller asks for, all of the collateral and its value / (1 + bonus) of debt, and a bid
 *             for more units than may be seized is refused. A debt in a deprecated market may be
 *             liquidated whatever the account's health, its other debts may not.
 * Units:      ratios as fractions, `dustUsd` in USD of debt repaid.
 * Source:     compound-finance/compound-protocol, contracts/Comptroller.sol,
 *             liquidateBorrowAllowed(), liquidateCalculateSeizeTokens(), contracts/CToken.sol,
 *             seizeInternal(), commit a3214f6
 * Simplifies: no rounding to cTokens; the ratio of seized to repaid is not cut to 1e-18 cTokens, as
 *             the contracts do: 1e-5 less is seized there for DAI against WBTC, nothing to speak of
 *             in other pairs; rates are fixed, simple within a block; the reserves' part is not
 *             lent on; collateral whose factor is 0 is not collateral; a debt in a deprecated
 *             market counts a billion times for health, so that its account is always breached:
 *             health factors shown for it are about 0. The protocol never writes bad debt off: it
 *             stays in the borrows, and the last lenders to leave bear it. Here it is the lenders'
 *             bad debt once the last collateral is gone, and earns no more interest. What nobody
 *             repays because of `dustUsd` stays on the account.
 * Throws:     ParameterError on a threshold outside (0, 1), a negative bonus, a close factor
 *             outside (0, 1], a seize share outside [0, 1), dustUsd not above 0 (parts never
 *             end), or a threshold of a deprecated market.
 */
export function compoundV2(of: Spec): Rules {
  const { assets, closeFactor, bonus, seizeShare, dustUsd } = of
  checkSpec(of)
  const terms = termsFrom(assets.map((asset) => ({ ...asset, bonus })))
  const isDeprecated = new Uint8Array(terms.slots.count)
  for (const { asset, deprecated } of assets) {
    if (!deprecated) continue
    const slot = terms.slotOf(asset, -1, 0)
    isDeprecated[slot] = 1
    terms.factor[slot] = DEPRECATED_TIMES
  }

  function size(pair: Pair, wanted: number, out: Settlement) {
    const isShort = pair.weightedUsd <= pair.debtUsd * (1 + SLACK)
    const isOld = isDeprecated[pair.debtSlot] === 1
    if (!(isOld || isShort)) return 'healthy'
    sellAtBonus(pair, isOld ? pair.owed : closeFactor * pair.owed, NO_LIMIT, out)
    if (out.repaid * pair.debtPrice < dustUsd) return 'dust'
    if (wanted < NO_LIMIT && wanted > out.seized * (1 + SLACK)) return 'nothing'
    if (wanted < out.seized) sellAtBonus(pair, out.repaid, wanted, out)
    out.fee = out.seized * seizeShare
    return 0
  }

  return pairRules({
    name: 'compoundV2',
    terms,
    sale: 'repeated',
    size,
    scaled(parameter, by) {
      if (parameter === 'bonus') return compoundV2({ ...of, bonus: bonus * by })
      if (parameter === 'closeFactor')
        return compoundV2({ ...of, closeFactor: Math.min(1, closeFactor * by) })
      const bare = assets.map((asset) => ({ ...asset, bonus }))
      return compoundV2({ ...of, assets: scaledAssets(bare, parameter, by) })
    },
  })
}

compoundV2.parameters = parameters
compoundV2.codes = {
  FB2250: page(
    'A close factor is outside (0, 1].',
    'Give the share of a debt that one call may repay, such as 50%.',
  ),
  FB2251: page(
    'A liquidation incentive is below 1, or not a number.',
    'Give what liquidators receive above the debt, such as 8%.',
  ),
  FB2252: page(
    'The protocol would keep all of what is seized, or less than nothing.',
    'Give seizeShare as a share below 1, such as 2.8%.',
  ),
  FB2253: page(
    'Repaying parts of a debt would never end.',
    'Give a dust limit above 0, about what gas costs.',
  ),
  FB2254: page(
    'A deprecated market has a threshold: only one whose collateral factor is 0 counts as such.',
    'Leave deprecated out while it is collateral, or its threshold.',
  ),
}

/** More than any account has in collateral for a unit of debt. */
const DEPRECATED_TIMES = 1e9
const NO_LIMIT = Number.POSITIVE_INFINITY
/** Of rounding: sums of an account, amounts of a listing. */
const SLACK = 1e-12

function checkSpec({ assets, closeFactor, bonus, seizeShare, dustUsd }: Spec): void {
  assets.forEach(({ threshold, deprecated }, i) => {
    const isOld = threshold === null || !deprecated
    const rule = 'a deprecated market is no collateral: its threshold is left out'
    check(isOld, 'FB2254', `assets[${i}].threshold`, rule, threshold)
  })
  const part = closeFactor > 0 && closeFactor <= 1
  check(part, 'FB2250', 'closeFactor', 'a close factor is above 0 and at most 1', closeFactor)
  const above = bonus >= 0 && Number.isFinite(bonus)
  check(above, 'FB2251', 'bonus', 'a bonus is a fraction of the debt repaid, 0 or more', bonus)
  const share = seizeShare >= 0 && seizeShare < 1
  check(share, 'FB2252', 'seizeShare', 'the protocol keeps less than what is seized', seizeShare)
  const ends = dustUsd > 0 && Number.isFinite(dustUsd)
  check(ends, 'FB2253', 'dustUsd', 'repaying parts ends only with a dust limit above 0', dustUsd)
}
