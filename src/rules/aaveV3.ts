/** Aave v3.6: half of the position, or all of what is small or deep, and never dust. */

import { byAsset, type Given, groupTerms, or, ratio } from '../parameters.ts'
import type { Rules, Settlement } from '../rules.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { bonus, check, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

const parameters = {
  assets: byAsset(
    'Liquidation terms by asset; {} for one that is only borrowed.',
    {
      threshold,
      bonus,
      protocolFee: or(ratio('Share of the bonus that the protocol keeps.'), 0),
      ...rates,
    },
    ['threshold', 'bonus', 'protocolFee'],
  ),
  eModes: or(
    groupTerms(
      'Terms that replace those of assets, for accounts of the named group.',
      { threshold, bonus },
      ['threshold', 'bonus'],
    ),
    [],
  ),
}

/** CLOSE_FACTOR_HF_THRESHOLD: at this health factor or below, a leg may be closed whole. */
const WHOLE_AT_OR_BELOW = 0.95
/** DEFAULT_LIQUIDATION_CLOSE_FACTOR, of the whole position's debt. */
const CLOSE_FACTOR = 0.5
/** MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD: the half rule needs both legs worth this much. */
const SMALL_LEG_USD = 2000
/** MIN_LEFTOVER_BASE: what must be left on a leg that is not emptied, when neither is. */
const LEFTOVER_USD = 1000
/** Sizes made to leave exactly that much may miss it by rounding. */
const SLACK = 1e-9

/**
 * Rules of Aave v3.6.
 *
 * | native word                      | here                                   |
 * | -------------------------------- | -------------------------------------- |
 * | liquidationThreshold (bps)       | `threshold`, as a fraction             |
 * | liquidationBonus (bps, 10500)    | 1 + `bonus`                            |
 * | liquidationProtocolFee (bps)     | `protocolFee`, a fraction of the bonus |
 * | eMode category, collateralBitmap | group, and the assets its entry lists  |
 * | healthFactor < 1e18              | health < 0                             |
 * | MustNotLeaveDust                 | reason `dust`                          |
 * | deficit                          | bad debt                               |
 *
 * Rule:       Repayable is half of the account's whole debt, from one debt reserve, when health
 *             factor > 0.95 and both legs are worth >= 2000 USD; else the whole leg. Seized =
 *             repaid x (1 + bonus) in value, at most the collateral; the protocol keeps protocolFee
 *             of the bonus. Unless one leg is emptied, both must keep >= 1000 USD. Once the last
 *             collateral is seized, all debts of the account are written off. Listed is what the
 *             best liquidator takes: all that is repayable, or, where that would leave dust, the
 *             most that leaves 1000 USD on both legs.
 * Units:      ratios as fractions; group 0 is no e-mode.
 * Source:     aave-dao/aave-v3-origin, tag v3.6.0,
 *             src/contracts/protocol/libraries/logic/LiquidationLogic.sol,
 *             executeLiquidationCall(), and GenericLogic.sol, calculateUserAccountData()
 * Simplifies: no interest (indices are 1); float64 instead of 8-decimal USD and token units, so
 *             dust is tested with 1e-9 of slack; no pause, grace period or sentinel; the reserve
 *             always has the cash; other collateral worth 0 counts as collateral.
 * Throws:     ParameterError on a threshold outside (0, 1), a negative bonus, a fee outside [0, 1],
 *             or an e-mode that names an unlisted asset.
 */
export function aaveV3({ assets, eModes }: Given<typeof parameters>): Rules {
  const fee: number[] = []
  assets.forEach(({ asset, protocolFee }, i) => {
    const share = protocolFee >= 0 && protocolFee <= 1
    check(share, 'FB2230', `assets[${i}].protocolFee`, 'a fee is a share of the bonus', protocolFee)
    fee[asset] = protocolFee
  })
  return pairRules({
    name: 'aaveV3',
    terms: termsFrom(assets, eModes),
    sale: 'repeated',
    steps: [WHOLE_AT_OR_BELOW],
    size(pair, wanted, out) {
      sellAtBonus(pair, repayable(pair), wanted, out)
      const bonusUnits = out.seized - out.seized / (1 + pair.bonus)
      out.fee = bonusUnits * fee[pair.asset]
      return leavesDust(pair, out) ? 'dust' : 0
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      const modes = eModes.map((mode) => ({
        ...mode,
        assets: scaledAssets(mode.assets, parameter, by),
      }))
      return aaveV3({ assets: scaledAssets(assets, parameter, by), eModes: modes })
    },
  })
}

aaveV3.parameters = parameters

/** Units of the debt leg that the best liquidator repays, before the collateral caps them. */
function repayable(pair: Pair): number {
  const owedUsd = pair.owed * pair.debtPrice
  const collateralUsd = pair.units * pair.price
  const half = CLOSE_FACTOR * pair.debtUsd
  const small = owedUsd < SMALL_LEG_USD || collateralUsd < SMALL_LEG_USD
  if (small || pair.healthFactor <= WHOLE_AT_OR_BELOW || owedUsd <= half) return pair.owed
  const emptied = half * (1 + pair.bonus) >= collateralUsd
  const keepsDebt = owedUsd - LEFTOVER_USD
  const keepsCollateral = (collateralUsd - LEFTOVER_USD) / (1 + pair.bonus)
  return (emptied ? half : Math.min(half, keepsDebt, keepsCollateral)) / pair.debtPrice
}

function leavesDust(pair: Pair, { repaid, seized }: Settlement): boolean {
  if (repaid >= pair.owed || seized >= pair.units) return false
  const debtLeft = (pair.owed - repaid) * pair.debtPrice
  const collateralLeft = (pair.units - seized) * pair.price
  return Math.min(debtLeft, collateralLeft) < LEFTOVER_USD * (1 - SLACK)
}
