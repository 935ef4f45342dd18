/** Morpho Blue: isolated markets, whole liquidations, and pre-liquidation where it was agreed. */

import { bookFrom, type Leg } from '../book.ts'
import { page } from '../codes.ts'
import { YEAR_SECONDS } from '../moment.ts'
import {
  asset,
  fields,
  fromZero,
  type Given,
  groups,
  type Limits,
  optional,
  ratio,
} from '../parameters.ts'
import type { Rules, Settlement } from '../rules.ts'
import type { Positions } from '../scenario.ts'
import { type Pair, pairRules, sellAtBonus } from './pair.ts'
import { check, rates, type Terms } from './terms.ts'

const within: Limits = { from: 0, to: 1, open: 'both' }

const parameters = {
  markets: groups('Markets; a position names its market as its group.', {
    loan: asset('Asset that is lent.'),
    collateral: asset('Asset that is collateral.'),
    threshold: ratio('Liquidation threshold (lltv).', within),
    borrowRate: rates.borrowRate,
    preLiquidation: optional(
      fields('Liquidation in part before the threshold. Left out: none.', {
        threshold: ratio('Where it begins (preLltv).', within),
        closeFactorFrom: ratio('Share repayable there (preLCF1).'),
        closeFactorTo: ratio('Share repayable at the market threshold (preLCF2).', fromZero),
        bonusFrom: ratio('Bonus where it begins (preLIF1 - 1).', fromZero),
        bonusTo: ratio('Bonus at the market threshold (preLIF2 - 1).', fromZero),
      }),
    ),
  }),
}

type Spec = Given<typeof parameters>['markets'][number]
type PreLiquidation = NonNullable<Spec['preLiquidation']>

/** A market with its bonus worked out. */
interface Market extends Spec {
  readonly bonus: number
}

/** LIQUIDATION_CURSOR: how fast the bonus grows as the threshold falls. */
const CURSOR = 0.3
/** MAX_LIQUIDATION_INCENTIVE_FACTOR. */
const LARGEST_INCENTIVE = 1.15

/**
 * Rules of Morpho Blue, with the opt-in pre-liquidation contract.
 *
 * | native word                        | here                                                   |
 * | ---------------------------------- | ------------------------------------------------------ |
 * | market: loan, collateral, lltv     | a group; `loan`, `collateral`, `threshold`             |
 * | liquidation incentive factor (LIF) | 1 + bonus, from the threshold alone                    |
 * | borrowShares, share price          | debt leg; its index, 1 at the opening                  |
 * | badDebtAssets                      | bad debt: the market's suppliers lose it at once       |
 * | preLltv                            | `preLiquidation.threshold`                             |
 * | preLCF1, preLCF2                   | `closeFactorFrom`, `closeFactorTo`                     |
 * | preLIF1, preLIF2                   | 1 + `bonusFrom`, 1 + `bonusTo`                         |
 * | setAuthorization                   | who agreed stands in a market with `preLiquidation`    |
 *
 * Rule:       ltv = debt / collateral in value. Above the threshold any part of the debt is
 *             repayable, seized = repaid x LIF in value, LIF = min(1.15, 1 / (1 - 0.3 (1 -
 *             threshold))). When the last collateral is seized, what is owed still is written off
 *             against the supply (LENDERS) in the same settlement. With `preLiquidation`, from its
 *             threshold p to the market's t: q = (ltv - p) / (t - p); repayable is closeFactorFrom
 *             + q (closeFactorTo - closeFactorFrom) of the debt, at most all; the bonus is
 *             bonusFrom + q (bonusTo - bonusFrom). Listed is all that is repayable, capped by the
 *             collateral. Interest of dt: index x (1 + x + x^2/2 + x^3/6), x = borrowRate dt.
 * Units:      ratios as fractions; borrowRate is the rate per second times a year of 365 days, not
 *             compounded.
 * Shape:      two slots a market, collateral then debt. The value of collateral carries the
 *             threshold at which liquidation begins (p where there is one), so health is linear and
 *             both kinds of liquidation begin below 0. `terms` are those of that beginning.
 * Source:     morpho-org/morpho-blue, src/Morpho.sol, liquidate() and _accrueInterest(), commit
 *             3085651; morpho-org/pre-liquidation, src/PreLiquidation.sol, preLiquidate(), commit
 *             9e8b7f4
 * Simplifies: no rounding and no virtual shares (1e6 and 1), both below 1e-9 in markets above 1000
 *             units; a fixed rate in place of the rate model; the fee on interest stays with the
 *             suppliers; one published price for market and pre-liquidation. The chain compounds
 *             when a market is touched, here every block: they differ by x^4/24 of a block. A
 *             threshold scaled for a sensitivity keeps its bonus. An instant cascade has no
 *             interest.
 * Assumes:    liquidators take all they may; one who leaves a unit of collateral postpones the
 *             suppliers' loss. A pre-liquidator earns more by waiting, and here does not wait.
 * Throws:     ParameterError on thresholds outside (0, 1), p not below t, close factors that begin
 *             at 0 or fall, bonuses that fall or exceed 1 / t - 1; and on an account in two
 *             markets, for each market judges its own position.
 */
export function morphoBlue({ markets }: Given<typeof parameters>): Rules {
  checkMarkets(markets)
  return rulesOf(
    markets.map((market) => {
      const incentive = 1 / (1 - CURSOR * (1 - market.threshold))
      return { ...market, bonus: Math.min(LARGEST_INCENTIVE, incentive) - 1 }
    }),
  )
}

morphoBlue.parameters = parameters
morphoBlue.codes = {
  FB2260: page('A threshold of a market is not between 0 and 1.', 'Write lltv like 86%.'),
  FB2261: page(
    'Pre-liquidation does not begin below the threshold of its market.',
    'Give preLltv, above 0 and below the threshold.',
  ),
  FB2262: page(
    'Close factors of a pre-liquidation begin at 0, above 1, or fall.',
    'Write closeFactorFrom above 0 and at most 1, and closeFactorTo not below it.',
  ),
  FB2263: page(
    'Bonuses of a pre-liquidation fall, or leave debt behind.',
    'Keep 0 <= bonusFrom <= bonusTo <= 1 / threshold - 1.',
  ),
  FB2264: page(
    'A position is not of its market, or its account is in another market too.',
    'Name the market as group, and an account once per market: 0xa1/weth-usdc.',
  ),
}

function rulesOf(markets: readonly Market[]): Rules {
  const terms = termsOf(markets)
  const hasPre = markets.some(({ preLiquidation }) => preLiquidation !== undefined)
  const rules = pairRules({
    name: 'morphoBlue',
    terms,
    sale: hasPre ? 'repeated' : 'value',
    steps: markets.flatMap(({ preLiquidation: pre, threshold }) =>
      pre === undefined ? [] : [pre.threshold / threshold],
    ),
    size(pair, wanted, out) {
      sell(markets[pair.slot >> 1], pair, wanted, out)
      return 0
    },
    scaled: (parameter, by) => scaledMarkets(markets, parameter, by),
  })
  return {
    ...rules,
    ...interest(markets),
    book: (positions) => bookFrom(positions.accounts.length, legsOf(positions, terms)),
  }
}

/** What one liquidation moves: all of the debt, or the share and the bonus of a pre-liquidation. */
function sell(
  { threshold, preLiquidation: pre, bonus }: Market,
  pair: Pair,
  wanted: number,
  out: Settlement,
): void {
  pair.bonus = bonus
  let share = 1
  const ltv = pair.threshold / pair.healthFactor
  if (pre !== undefined && ltv <= threshold) {
    const q = (ltv - pre.threshold) / (threshold - pre.threshold)
    share = Math.min(1, pre.closeFactorFrom + q * (pre.closeFactorTo - pre.closeFactorFrom))
    pair.bonus = pre.bonusFrom + q * (pre.bonusTo - pre.bonusFrom)
  }
  sellAtBonus(pair, share * pair.owed, wanted, out)
}

/** Slot 2 m is the collateral of the m-th market, slot 2 m + 1 its debt. */
function termsOf(markets: readonly Market[]): Terms {
  const row = new Map(markets.map(({ group }, m) => [group, m]))
  const begins = (m: number) => markets[m].preLiquidation?.threshold ?? markets[m].threshold
  const bonus = (m: number) => markets[m].preLiquidation?.bonusFrom ?? markets[m].bonus
  const column = (own: (m: number) => number, owed: (m: number) => number) =>
    markets.flatMap((_, m) => [own(m), owed(m)])
  const slotOf = (asset: number, side: 1 | -1, group: number): number => {
    const m = row.get(group)
    if (m === undefined) return -1
    if (side === 1) return markets[m].collateral === asset ? 2 * m : -1
    return markets[m].loan === asset ? 2 * m + 1 : -1
  }
  const group = (m: number) => markets[m].group
  const none = () => 0
  return {
    slots: {
      count: 2 * markets.length,
      asset: Uint16Array.from(
        column(
          (m) => markets[m].collateral,
          (m) => markets[m].loan,
        ),
      ),
      side: Int8Array.from(
        column(
          () => 1,
          () => -1,
        ),
      ),
      group: Uint16Array.from(column(group, group)),
    },
    factor: Float64Array.from(column(begins, () => 1)),
    bonus: Float64Array.from(column(bonus, none)),
    rate: Float64Array.from(column(none, (m) => markets[m].borrowRate ?? 0)),
    slotOf,
    of(asset, group) {
      const slot = slotOf(asset, 1, group)
      return slot < 0 ? null : { threshold: begins(slot >> 1), bonus: bonus(slot >> 1) }
    },
  }
}

/** Interest as wTaylorCompounded has it: three terms of the exponential. */
function interest(markets: readonly Market[]): Pick<Rules, 'accrue'> {
  const rate = Float64Array.from(markets, ({ borrowRate }) => borrowRate ?? 0)
  if (rate.every((yearly) => yearly === 0)) return {}
  return {
    accrue({ index }, seconds) {
      for (let m = 0; m < rate.length; m++) {
        const x = (rate[m] * seconds) / YEAR_SECONDS
        index[2 * m + 1] *= 1 + x * (1 + (x / 2) * (1 + x / 3))
      }
    },
  }
}

function scaledMarkets(
  markets: readonly Market[],
  parameter: 'threshold' | 'bonus' | 'closeFactor',
  by: number,
): Rules | null {
  const hasPre = markets.some(({ preLiquidation }) => preLiquidation !== undefined)
  if (parameter === 'closeFactor' && !hasPre) return null
  const factor = (name: typeof parameter) => (name === parameter ? by : 1)
  const [t, b, c] = [factor('threshold'), factor('bonus'), factor('closeFactor')]
  const belowOne = (threshold: number) => Math.min(threshold, LARGEST_BELOW_ONE)
  return rulesOf(
    markets.map((market) => {
      const { threshold, bonus, preLiquidation: pre } = market
      const own = { ...market, threshold: belowOne(threshold * t), bonus: bonus * b }
      if (pre === undefined) return own
      const preLiquidation = {
        threshold: belowOne(pre.threshold * t),
        closeFactorFrom: pre.closeFactorFrom * c,
        closeFactorTo: pre.closeFactorTo * c,
        bonusFrom: pre.bonusFrom * b,
        bonusTo: pre.bonusTo * b,
      }
      return { ...own, preLiquidation }
    }),
  )
}

const LARGEST_BELOW_ONE = 1 - Number.EPSILON / 2

function legsOf(positions: Positions, { slotOf }: Terms): Leg[] {
  const { accounts, account, asset, side, group, amount } = positions
  const marketOf = new Map<number, number>()
  return Array.from(amount, (units, k) => {
    const sign = side[k] as 1 | -1
    const owner = accounts[account[k]]
    const slot = slotOf(asset[k], sign, group[k])
    const fits = 'a position is the loan or the collateral of the market that it names as group'
    check(slot >= 0, 'FB2264', 'positions', fits, owner)
    const isOne = (marketOf.get(account[k]) ?? group[k]) === group[k]
    check(isOne, 'FB2264', 'positions', 'an account is in one market', owner)
    marketOf.set(account[k], group[k])
    return { account: account[k], slot, amount: units * sign }
  })
}

function checkMarkets(markets: readonly Spec[]): void {
  const seen = new Set([0])
  markets.forEach(({ group, threshold, preLiquidation }, m) => {
    const place = `markets[${m}]`
    check(!seen.has(group), 'FB2204', `${place}.group`, 'a group is listed once, and not 0', group)
    seen.add(group)
    const inside = threshold > 0 && threshold < 1
    const rule = 'a threshold lies between 0 and 1, both excluded'
    check(inside, 'FB2260', `${place}.threshold`, rule, threshold)
    if (preLiquidation !== undefined) checkPre(preLiquidation, threshold, place)
  })
}

function checkPre(pre: PreLiquidation, threshold: number, market: string): void {
  const place = `${market}.preLiquidation`
  const below = pre.threshold > 0 && pre.threshold < threshold
  check(
    below,
    'FB2261',
    `${place}.threshold`,
    'it begins above 0 and below the threshold',
    pre.threshold,
  )
  const { closeFactorFrom, closeFactorTo, bonusFrom, bonusTo } = pre
  const grows = closeFactorFrom > 0 && closeFactorFrom <= 1 && closeFactorTo >= closeFactorFrom
  const shares = 'close factors begin above 0, at most at 1, and do not fall'
  check(grows, 'FB2262', place, shares, `${closeFactorFrom} to ${closeFactorTo}`)
  const pays = bonusFrom >= 0 && bonusTo >= bonusFrom && (1 + bonusTo) * threshold <= 1 + ROUNDING
  const bonuses = 'bonuses are 0 or more, do not fall, and stay below 1 / threshold - 1'
  check(pays, 'FB2263', place, bonuses, `${bonusFrom} to ${bonusTo}`)
}

/** 1 / threshold written as a decimal may be a hair above it. */
const ROUNDING = 1e-12
