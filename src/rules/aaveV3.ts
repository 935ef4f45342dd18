/** Aave v3: half of the debt, or all of it, as the version has it. */

import { page } from '../codes.ts'
import { byAsset, choice, type Given, groupTerms, optional, or, ratio } from '../parameters.ts'
import type { Rules, Settlement } from '../rules.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { bonus, check, floorToBps, rates, scaledAssets, termsFrom, threshold } from './terms.ts'

const VERSIONS = ['3.0', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7'] as const

const parameters = {
  version: optional(choice('Version of the protocol; 3.6 where left out.', VERSIONS)),
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
/** DEFAULT_LIQUIDATION_CLOSE_FACTOR: of one debt up to v3.2, of the whole position's since. */
const CLOSE_FACTOR = 0.5
/** MIN_BASE_MAX_CLOSE_FACTOR_THRESHOLD: the half rule needs both legs worth this much. */
const SMALL_LEG_USD = 2000
/** MIN_LEFTOVER_BASE: what must be left on a leg that is not emptied, when neither is. */
const LEFTOVER_USD = 1000
/** Share of a leg by which a size made to leave exactly that much may miss it by rounding. */
const SLACK = 1e-12
/** Nobody halves a debt below this, USD: up to v3.2 nothing else ends the halves. */
const LAST_USD = 0.01

/**
 * Rules of Aave v3, versions 3.0 to 3.7.
 *
 * | native word                      | here                                              |
 * | -------------------------------- | ------------------------------------------------- |
 * | liquidationThreshold (bps)       | `threshold`, as a fraction                        |
 * | liquidationBonus (bps, 10500)    | 1 + `bonus`                                       |
 * | liquidationProtocolFee (bps)     | `protocolFee`, a fraction of the bonus            |
 * | eMode category, collateralBitmap | group, and the assets its entry lists             |
 * | healthFactor < 1e18              | health < 0                                        |
 * | debtToCover                      | the bid's amount, as the collateral that it buys  |
 * | MustNotLeaveDust                 | reason `dust`                                     |
 * | deficit                          | bad debt                                          |
 *
 * Rule:       Repayable is half, when health factor > 0.95, else the whole leg. Up to v3.2 half is
 *             of the chosen debt. Since v3.3 it is of the account's whole debt, taken from the
 *             chosen one, and only where both legs are worth >= 2000 USD. Seized = repaid x (1 +
 *             bonus) in value, at most the collateral; the protocol keeps protocolFee of the bonus.
 *             Since v3.3, unless one leg is emptied, both must keep >= 1000 USD. Once the last
 *             collateral is seized, all debts of the account are bad debt. Up to v3.4 the health
 *             factor takes the account's average threshold, cut to whole basis points (floorTo).
 *             Listed is what the best liquidator takes: all that is repayable, or, where that would
 *             leave dust, the most that leaves 1000 USD on both legs. A bid is taken at its word:
 *             one for more than that is refused as dust.
 * Units:      ratios as fractions; group 0 is no e-mode. Up to v3.1 an asset has one category of
 *             its own, since v3.2 several may list it.
 * Source:     aave-dao/aave-v3-origin, tags v3.1.0 to v3.6.0 and v3.7 (fd1fbd9),
 *             src/contracts/protocol/libraries/logic/LiquidationLogic.sol,
 *             executeLiquidationCall(), and GenericLogic.sol, calculateUserAccountData(); v3.0 as
 *             in npm @aave/core-v3 1.19.3
 * Simplifies: float64 instead of 8-decimal USD and token units, so what differs between versions by
 *             rounding alone is the same here (3.3 and 3.4; 3.5 to 3.7). Cutting the average
 *             threshold needs the whole account, which the health sweep does not see: up to v3.4 an
 *             account of several collaterals is noticed up to 1 basis point of threshold late,
 *             while offers and settlements of a noticed one are exact. Up to v3.2 the chain leaves
 *             a debt without collateral on the account, unmarked, where it earns interest for ever;
 *             here it becomes bad debt at once and stops. Debts below 0.01 USD are then closed
 *             whole. No price source of a category (up to v3.1), no isolation mode, pause, grace
 *             period or sentinel; the reserve always has the cash; other collateral worth 0 counts
 *             as collateral; interest at fixed rates.
 * Throws:     ParameterError on a threshold outside (0, 1), a negative bonus, a fee outside [0, 1],
 *             an e-mode that names an unlisted asset, or, up to v3.1, an asset in two e-modes.
 */
export function aaveV3({ assets, eModes, version = '3.6' }: Given<typeof parameters>): Rules {
  const minor = Number(version.slice(2))
  const hasFloors = minor >= 3
  if (minor < 2) checkModes(eModes)
  const fee = feesOf(assets)
  return pairRules({
    name: 'aaveV3',
    terms: termsFrom(assets, eModes),
    sale: 'repeated',
    steps: [WHOLE_AT_OR_BELOW],
    ...(minor < 5 ? { averageThreshold: floorToBps } : {}),
    size(pair, wanted, out) {
      const closable = hasFloors ? halfOfAll(pair) : halfOfOne(pair)
      const isListing = wanted === Number.POSITIVE_INFINITY
      const repay = hasFloors && isListing ? leavingEnough(pair, closable) : closable
      sellAtBonus(pair, repay, wanted, out)
      const bonusUnits = out.seized - out.seized / (1 + pair.bonus)
      out.fee = bonusUnits * fee[pair.asset]
      return hasFloors && leavesDust(pair, out) ? 'dust' : 0
    },
    scaled(parameter, by) {
      if (parameter === 'closeFactor') return null
      const modes = eModes.map((mode) => ({
        ...mode,
        assets: scaledAssets(mode.assets, parameter, by),
      }))
      return aaveV3({ assets: scaledAssets(assets, parameter, by), eModes: modes, version })
    },
  })
}

aaveV3.parameters = parameters
aaveV3.codes = {
  FB2230: page('A protocol fee is no share of the bonus.', 'Write it like 10%.'),
  FB2231: page(
    'Two e-modes list one asset, which Aave v3 knows since v3.2 only.',
    'List the asset in one e-mode, or set version: 3.2 or later.',
  ),
}

/** Units of the debt leg that may be repaid up to v3.2. */
function halfOfOne({ owed, debtPrice, healthFactor }: Pair): number {
  const isWhole = healthFactor <= WHOLE_AT_OR_BELOW || owed * debtPrice < LAST_USD
  return isWhole ? owed : CLOSE_FACTOR * owed
}

/** Units of the debt leg that may be repaid since v3.3. */
function halfOfAll(pair: Pair): number {
  const owedUsd = pair.owed * pair.debtPrice
  const isSmall = owedUsd < SMALL_LEG_USD || pair.units * pair.price < SMALL_LEG_USD
  const half = CLOSE_FACTOR * pair.debtUsd
  const isWhole = isSmall || pair.healthFactor <= WHOLE_AT_OR_BELOW || owedUsd <= half
  return isWhole ? pair.owed : half / pair.debtPrice
}

/** The most of it that empties a leg, or leaves enough on both. */
function leavingEnough(pair: Pair, repay: number): number {
  const collateralUsd = pair.units * pair.price
  if (repay >= pair.owed || repay * pair.debtPrice * (1 + pair.bonus) >= collateralUsd) return repay
  const keepsDebt = pair.owed - LEFTOVER_USD / pair.debtPrice
  const keepsCollateral = (collateralUsd - LEFTOVER_USD) / (1 + pair.bonus) / pair.debtPrice
  return Math.min(repay, keepsDebt, keepsCollateral)
}

function leavesDust(pair: Pair, { repaid, seized }: Settlement): boolean {
  if (repaid >= pair.owed || seized >= pair.units) return false
  const debtLeft = (pair.owed - repaid + SLACK * pair.owed) * pair.debtPrice
  const collateralLeft = (pair.units - seized + SLACK * pair.units) * pair.price
  return Math.min(debtLeft, collateralLeft) < LEFTOVER_USD
}

function feesOf(assets: Given<typeof parameters>['assets']): number[] {
  const fee: number[] = []
  assets.forEach(({ asset, protocolFee }, i) => {
    const share = protocolFee >= 0 && protocolFee <= 1
    check(share, 'FB2230', `assets[${i}].protocolFee`, 'a fee is a share of the bonus', protocolFee)
    fee[asset] = protocolFee
  })
  return fee
}

function checkModes(eModes: Given<typeof parameters>['eModes']): void {
  const seen = new Set<number>()
  const rule = 'up to v3.1 an asset has one e-mode category'
  eModes.forEach(({ assets }, m) => {
    assets.forEach(({ asset }, i) => {
      check(!seen.has(asset), 'FB2231', `eModes[${m}].assets[${i}].asset`, rule, asset)
      seen.add(asset)
    })
  })
}
