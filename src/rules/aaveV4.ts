/** Aave v4: what lifts an account to a target health factor, at a bonus that grows as it falls. */

import { page } from '../codes.ts'
import { byAsset, type Given, groupTerms, number, or, ratio } from '../parameters.ts'
import type { Rules, Settlement } from '../rules.ts'
import type { LendingAsset } from '../scenario.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { bonus, check, floorToBps, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

const protocolFee = or(ratio('Share of the bonus that the protocol keeps.'), 0)

const parameters = {
  assets: byAsset(
    'Terms by asset; bonus is the largest one. {} for one that is only borrowed.',
    { threshold, bonus, protocolFee, ...rates },
    ['threshold', 'bonus', 'protocolFee'],
  ),
  configs: or(
    groupTerms(
      'Older terms (dynamic config keys) of the positions that name them as their group.',
      { threshold, bonus, protocolFee },
      ['threshold', 'bonus', 'protocolFee'],
    ),
    [],
  ),
  target: number('Health factor that a liquidation restores.', { from: 1, to: 10 }),
  maxBonusAt: number('Health factor at or below which the bonus is the largest one.', {
    from: 0,
    to: 1,
    open: 'upper',
  }),
  bonusFactor: ratio('Share of the largest bonus that is paid at a health factor of 1.'),
}

type Spec = Given<typeof parameters>

/** DUST_LIQUIDATION_THRESHOLD: neither leg may keep less, unless one is emptied. */
const DUST_USD = 1000
/** Without it rounding leaves an account a hair below a target of 1. */
const OVERSHOOT = 1e-12
/** Of rounding: the debt that a bid for units is worth. */
const SLACK = 1e-12

/**
 * Rules of Aave v4 (a Spoke).
 *
 * | native word                       | here                                                   |
 * | --------------------------------- | ------------------------------------------------------ |
 * | collateralFactor (bps)            | `threshold`, as a fraction                             |
 * | maxLiquidationBonus (bps, 10700)  | 1 + `bonus`                                            |
 * | liquidationFee (bps)              | `protocolFee`, a fraction of the bonus                 |
 * | dynamicConfigKey                  | group, and the assets its entry of `configs` lists     |
 * | targetHealthFactor                | `target`                                               |
 * | healthFactorForMaxBonus           | `maxBonusAt`                                           |
 * | liquidationBonusFactor (bps)      | `bonusFactor`, as a fraction                           |
 * | drawn shares, premium             | one debt leg: its index carries both                   |
 * | healthFactor < 1e18               | health < 0                                             |
 * | MustNotLeaveDust                  | reason `dust`                                          |
 * | deficit                           | bad debt                                               |
 *
 * Rule:       Bonus b = the largest B at or below maxBonusAt; above it, least + (B - least) x (1 -
 *             HF) / (1 - maxBonusAt) with least = B x bonusFactor, both terms cut to whole basis
 *             points (floorTo). Repaid is (t D - W) / (t - CF (1 + b)) in USD, at most what the leg
 *             owes: D is the account's debt, W its collateral x CF, t the target. All of the leg
 *             where less than 1000 USD of it would be left. Seized = repaid x (1 + b) in value.
 *             Where the collateral is less, or less than 1000 USD of it and some of the debt would
 *             be left, all of it is seized and repaid = its value / (1 + b). The protocol keeps
 *             protocolFee of the bonus. A bid that covers less than these rules against dust need
 *             is refused. Once the last collateral is seized, all debts of the account are written
 *             off.
 * Units:      ratios as fractions; a position of group 0 has the newest terms.
 * Source:     alerodriargui/aave-v4 (a public fork that follows aave/aave-v4),
 *             src/spoke/libraries/LiquidationLogic.sol, commit 5f0e7cb
 * Simplifies: the premium, repaid before the drawn debt, is part of it, at one fixed rate: a
 *             liquidation does not lower it; float64 instead of token units; to t is added 1e-12 of
 *             the debt, so that a target of 1 ends above 1; no pause or freeze, no refresh of a
 *             config key; the hub always has the cash, and its deficit is not covered. Shares of a
 *             supply are worth what its index says.
 * Throws:     ParameterError on a threshold outside (0, 1), a negative bonus, terms with CF (1 +
 *             bonus) at or above 1, a fee, target, maxBonusAt or bonusFactor outside its range, or
 *             a config that names an unlisted asset.
 */
export function aaveV4(of: Spec): Rules {
  const { assets, configs, target, maxBonusAt, bonusFactor } = of
  const terms = termsFrom(assets, configs)
  checkSpec(of)
  const fee = feesOf(of, terms.slots.count, terms.slotOf)

  function size(pair: Pair, wanted: number, out: Settlement) {
    pair.bonus = bonusOf(pair.bonus, pair.healthFactor)
    const unitsPerDebt = (pair.debtPrice * (1 + pair.bonus)) / pair.price
    const repay = Math.min(pair.owed, restore(pair))
    sell(pair, repay, unitsPerDebt, out)
    if (wanted < out.seized * (1 - SLACK)) {
      const cover = wanted / unitsPerDebt
      sell(pair, Math.min(repay, cover), unitsPerDebt, out)
      if (out.repaid > cover * (1 + SLACK)) return 'dust'
    }
    out.seized = Math.min(out.seized, wanted)
    out.fee = (out.seized - out.seized / (1 + pair.bonus)) * fee[pair.slot]
    return 0
  }

  function bonusOf(most: number, healthFactor: number): number {
    if (healthFactor <= maxBonusAt) return most
    const least = floorToBps(most * bonusFactor)
    return least + floorToBps(((most - least) * (1 - healthFactor)) / (1 - maxBonusAt))
  }

  /** Units of the debt leg whose repayment lifts the account to the target. */
  function restore({ debtUsd, weightedUsd, debtPrice, threshold, bonus }: Pair) {
    const lack = target * debtUsd - weightedUsd
    const gain = target - threshold * (1 + bonus)
    return (lack / gain + OVERSHOOT * debtUsd) / debtPrice
  }

  return pairRules({
    name: 'aaveV4',
    terms,
    sale: 'repeated',
    size,
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      const scale = <A extends LendingAsset>(these: readonly A[]) =>
        scaledAssets(these, parameter, by).map((asset) => payable(asset, parameter))
      const modes = configs.map((config) => ({ ...config, assets: scale(config.assets) }))
      return aaveV4({ ...of, assets: scale(assets), configs: modes })
    },
  })
}

aaveV4.parameters = parameters
aaveV4.codes = {
  FB2296: page(
    'Threshold x (1 + bonus) is 1 or more: a liquidation would not lift the health factor.',
    'Lower the threshold or the largest bonus of this asset or config.',
  ),
  FB2297: page(
    'A liquidation fee is not a share of the bonus.',
    'Give protocolFee from 0 to 100%.',
  ),
  FB2298: page(
    'The target health factor, or the terms of the bonus, are outside their range.',
    'Give target of 1 or more, maxBonusAt below 1, and bonusFactor from 0 to 100%.',
  ),
}

/** Applies the rules against dust to a repayment of at most `repay` units. */
function sell(pair: Pair, repay: number, unitsPerDebt: number, out: Settlement): void {
  const leavesDebtDust = (pair.owed - repay) * pair.debtPrice < DUST_USD
  sellAtBonus(pair, leavesDebtDust ? pair.owed : repay, Number.POSITIVE_INFINITY, out)
  const leavesDust = (pair.units - out.seized) * pair.price < DUST_USD
  if (!leavesDust || out.repaid >= pair.owed) return
  out.seized = pair.units
  out.repaid = pair.units / unitsPerDebt
}

function feesOf({ assets, configs }: Spec, slots: number, slotOf: Rules['slotOf']): Float64Array {
  const fee = new Float64Array(slots)
  for (const { group } of [{ group: 0 }, ...configs]) {
    for (const asset of assets) {
      const slot = slotOf(asset.asset, 1, group)
      const older = configs.find((config) => config.group === group)?.assets
      const listed = older?.find((terms) => terms.asset === asset.asset)
      if (slot >= 0) fee[slot] = (listed ?? asset).protocolFee
    }
  }
  return fee
}

/** Scaled terms under which a liquidation still lifts the health factor. */
function payable<A extends LendingAsset>(asset: A, parameter: 'threshold' | 'bonus'): A {
  const { threshold, bonus } = asset
  if (threshold === null || threshold * (1 + bonus) < LARGEST_PENALTY) return asset
  return parameter === 'threshold'
    ? { ...asset, threshold: LARGEST_PENALTY / (1 + bonus) }
    : { ...asset, bonus: LARGEST_PENALTY / threshold - 1 }
}

const LARGEST_PENALTY = 1 - 1e-9

function checkSpec({ assets, configs, target, maxBonusAt, bonusFactor }: Spec): void {
  const lists = [{ place: 'assets', assets }].concat(
    configs.map((config, i) => ({ place: `configs[${i}].assets`, assets: config.assets })),
  )
  for (const { place, assets } of lists) {
    assets.forEach(({ threshold, bonus, protocolFee }, i) => {
      const heals = threshold === null || threshold * (1 + bonus) < 1
      const at = `${place}[${i}]`
      check(heals, 'FB2296', `${at}.threshold`, 'threshold x (1 + bonus) is below 1', threshold)
      const share = protocolFee >= 0 && protocolFee <= 1
      check(share, 'FB2297', `${at}.protocolFee`, 'a fee is a share of the bonus', protocolFee)
    })
  }
  const goal = target >= 1 && Number.isFinite(target)
  check(goal, 'FB2298', 'target', 'a target health factor is 1 or more', target)
  const below = maxBonusAt >= 0 && maxBonusAt < 1
  check(below, 'FB2298', 'maxBonusAt', 'the largest bonus is paid below 1', maxBonusAt)
  const part = bonusFactor >= 0 && bonusFactor <= 1
  check(part, 'FB2298', 'bonusFactor', 'a share lies between 0 and 1', bonusFactor)
}
