/** What every metric means: for `firebreak help`, for the report and for `Metric.definition`. */

import type { Definition } from './definition.ts'
import { timedDefinitions } from './timedDefinitions.ts'

export type { Definition } from './definition.ts'

/** Every metric by its name in `--json`. Names of parameters stand in brackets of the formula. */
export const definitions = {
  first_round_usd: {
    unit: 'usd',
    sentence: 'Debt repaid by the liquidations that the outside move alone forces.',
    formula: 'sum over accounts of debt repaid with feedback off',
    source: 'attribution by counterfactual run; the sum common + averted of the accounts table',
    trap: 'Debt, not collateral: dollars of collateral depend on the price they are counted at.',
  },
  first_round_accounts: {
    unit: 'count',
    sentence: 'Accounts that the outside move alone makes liquidatable.',
    formula: 'number of accounts liquidated with feedback off',
    source: 'attribution by counterfactual run',
    trap: 'Accounts, not liquidation events: one account may be liquidated several times.',
  },
  total_liquidated_usd: {
    unit: 'usd',
    sentence: 'Debt repaid by all liquidations of the cascade, feedback included.',
    formula: 'sum over accounts of debt repaid',
    source: 'attribution; the sum common + extra of the accounts table',
    trap: 'Accounts of the first round may be averted: total is not always first round plus extra.',
  },
  accounts_liquidated: {
    unit: 'count',
    sentence: 'Accounts liquidated at least once in the cascade, feedback included.',
    formula: 'number of accounts with a settlement',
    source: 'the ledger of settlements',
    trap: 'Accounts, not liquidation events: with a close factor an account comes back.',
  },
  second_round_share: {
    unit: 'ratio',
    sentence:
      'Share of the liquidated debt that is there only because earlier sales moved the price.',
    formula: '(total - first round) / total, in debt repaid; null when nothing is sold',
    source: 'attribution: total - first round = extra - averted, account by account',
    trap: 'Negative when feedback averts more than it adds, which partial liquidation can do.',
  },
  final_drop: {
    unit: 'ratio',
    sentence: 'Fall of the shocked asset from its opening price to its price in the end.',
    formula: '1 - final price / opening price',
    source: 'the staircase p(1) = X, p(n+1) = M(p(n)) and its end',
    trap: 'A drop is positive. It holds the outside drop and the fall that the sales cause.',
  },
  final_drop_batch: {
    unit: 'ratio',
    sentence: 'Final drop when all accounts of a round sell at the price at its opening.',
    formula: 'as final_drop, in batch order',
    source: 'what a pushed oracle does; right for one block of a run in time',
    trap: 'Not monotone: a deeper shock may end at a higher price. Never bisect on it.',
  },
  final_drop_bracket: {
    unit: 'ratio',
    sentence: 'Bounds on the final drop over every order and every batching of the same accounts.',
    formula:
      'least: each sells at the lower of its trigger and X; most: all sell at the final price',
    source: 'clearing price and at-trigger walk; exact for accounts that sell once',
    trap: 'Wide where one whale lies between the bounds.',
  },
  final_drop_greatest: {
    unit: 'ratio',
    sentence:
      'Final drop of the greatest self-consistent cascade, where it differs from the least.',
    formula: 'lowest fixed point of p = phi(X, Q(p)) that lies on the book',
    source: "Tarski's theorem; the least cascade is the outcome of rounds",
    trap: 'Needs a push beyond the shock: a panic that comes true, not where rounds end.',
  },
  liquidated_bracket: {
    unit: 'usd',
    sentence:
      'Debt of the accounts that every order liquidates, and of those that some order may liquidate.',
    formula:
      'U grows to all accounts liquidatable somewhere in the box of prices [all sales of U, all purchases of U]; C: everywhere in it',
    source: 'box bracket for whole positions where one asset is collateral of some, debt of others',
    trap: 'Wide by its nature: no order need reach either end.',
  },
  amplification: {
    unit: 'ratio',
    sentence: 'How many times deeper the price ends than the outside move alone would take it.',
    formula: '(final drop - final drop at zero shock) / outside drop; null at a drop of 0',
    source: 'Firebreak; exact form D = s / (1 - g(D)) with g the loop gain over the whole move',
    trap: 'Not monotone in the drop: a deeper shock may show a smaller amplification.',
  },
  overhang_usd: {
    unit: 'usd',
    sentence: 'Debt of the accounts that can be liquidated before any outside move.',
    formula: 'sum of debt of accounts with health below the edge at opening prices',
    source: 'the zero-shock cascade, kept on a line of its own',
    trap: 'Not caused by the shock: amplification leaves out the fall that it causes.',
  },
  loop_gain: {
    unit: 'ratio',
    sentence:
      'Units that a further drop h forces out, over the units the venues absorb on the way.',
    formula: 'g(h) = F(h) / V(h), F forced and V absorbed between p and p (1 - h)',
    source: '|dphi/dQ| |dQ/dp| as h goes to 0; the branching ratio of arXiv 2608.03616',
    trap: 'No meaning without its h. At 1 or more for some h the cascade sustains itself.',
  },
  loop_gain_shocked: {
    unit: 'ratio',
    sentence:
      'Loop gain right after the outside move and before any sale, counting only the accounts it spares.',
    formula: 'g(h) = F(h) / V(h) between the shocked price p and p (1 - h), with nothing sold yet',
    source: 'as loop_gain, at the state that the shock meets',
    trap: 'The first round itself is not in it: those accounts are sold whatever the gain.',
  },
  loop_gain_peak: {
    unit: 'ratio',
    sentence: 'The largest loop gain over all further drops deeper than one typical sale causes.',
    formula: 'max over unsold accounts k of (S(k) - Q0) / V(1 - T(k) / p), with h(k) >= h_min',
    source:
      'exact on triggers: a grid of h can miss it, because the profile jumps past each trigger',
    trap: 'Above 1 says that a deep enough outcome exists, not that this shock reaches it.',
  },
  loop_gain_accounts: {
    unit: 'count',
    sentence:
      'Effective number of accounts behind the loop gain: as many equal ones scatter as much.',
    formula: 'N = (sum q)^2 / sum q^2 over the band',
    source: 'standard error of the gain is g / sqrt(N)',
    trap: 'Below 5 call it a single account, not a loop.',
  },
  spectral_radius: {
    unit: 'ratio',
    sentence:
      'Largest eigenvalue of the gain matrix of several assets: the loop gain across assets.',
    formula: 'G(a, b) = units of a forced by a drop h of b alone / units of a that move a by h',
    source: 'Perron-Frobenius; power iteration on the non-negative gain matrix',
    trap: 'Ignores accounts that fall only when two assets fall together; read it with joint_gain.',
  },
  joint_gain: {
    unit: 'ratio',
    sentence:
      'Loop gain when every shocked asset falls along the direction of the scenario at once.',
    formula: 'min over assets with d(a) > 0 of F(a)(h d) / V(a)(h d(a))',
    source: 'Tarski: all at or above 1 means self-sustaining',
    trap: 'The smallest asset decides; a large gain in one of them is not a cascade in all.',
  },
  ignition_drop: {
    unit: 'ratio',
    sentence:
      'Smallest outside drop whose feedback passes the declared tolerance; null if none does.',
    formula: 'first drop of the response curve with feedback above tolerance x debt of the book',
    source:
      'records of the one-pass edges; by bisection on worst-first walks where that is not exact',
    trap: 'The tolerance is on feedback: the outside move alone would pass one on the total drop.',
  },
  rounds: {
    unit: 'count',
    sentence: 'Passes of the staircase until nothing more is for sale.',
    formula: 'number of steps of p(n+1) = M(p(n)) that sell something',
    source: 'the map of the cobweb',
    trap: 'Near a gain of 1 it grows without bound while the sums hardly change.',
  },
  bad_debt_usd: {
    unit: 'usd',
    sentence: 'Debt left without collateral after the cascade, with what was bad before it.',
    formula: 'sum of debt of accounts whose collateral is gone',
    source: 'protocol rules; on Aave v3.3 and later this is the deficit',
    trap: 'Not shortfall: an account that still owns collateral is left out, however little it is.',
  },
  first_round_bad_debt_usd: {
    unit: 'usd',
    sentence: 'Debt left without collateral when sales do not move the price.',
    formula: 'bad_debt_usd with feedback off',
    source: 'attribution by counterfactual run',
    trap: 'Can exceed the bad debt with feedback where accounts are reached at another price.',
  },
  shortfall_usd: {
    unit: 'usd',
    sentence: 'Debt above collateral at market prices after the cascade, marked to market.',
    formula: 'sum over accounts of max(0, debt - collateral) at final prices',
    source: 'Gauntlet and Chaos Labs count bad debt this way; Aave books it only when realised',
    trap: 'Contains the realised bad debt. Never add the two.',
  },
  health_factor: {
    unit: 'ratio',
    sentence:
      'Collateral times liquidation threshold over debt; below 1 the account may be liquidated.',
    formula: 'sum(collateral x price x threshold) / sum(debt x price); null without debt',
    source: 'Aave protocol, getUserAccountData',
    trap: 'The edge differs by protocol: below 1 (Aave, Maker) or at 1 as well (Morpho, Euler).',
  },
  drop_to_liquidation: {
    unit: 'ratio',
    sentence:
      'Outside drop of the shocked asset that makes an account liquidatable, others unmoved.',
    formula: '1 - 1 / health factor for one volatile collateral and stable debt',
    source: 'solved from the health factor, threshold against debt',
    trap: 'Means nothing without the direction of the shock.',
  },
  collateral_at_risk: {
    unit: 'usd',
    sentence:
      'Collateral of accounts with a health factor below 1 after the drop, without feedback.',
    formula: 'sum of collateral at shocked prices over accounts with health below the edge',
    source: 'risk reports of Chaos Labs and Block Analitica',
    trap: 'Never called CaR here: the field uses that for capital at risk too.',
  },
  debt_at_risk: {
    unit: 'usd',
    sentence: 'Debt of accounts with a health factor below 1 after the drop, without feedback.',
    formula: 'sum of debt over accounts with health below the edge',
    source: 'risk reports of Block Analitica',
    trap: 'It is what may be liquidated, not what is repaid: a close factor repays a part.',
  },
  slippage: {
    unit: 'ratio',
    sentence: 'How far the average price of a sale lies below the mid before it.',
    formula: '1 - (proceeds / units) / mid',
    source: 'the usual execution measure; fees included',
    trap: 'Not price_impact, which is the move of the mid.',
  },
  price_impact: {
    unit: 'ratio',
    sentence: 'How far a sale moves the mid.',
    formula: '1 - mid after / mid before',
    source: 'the usual market measure',
    trap: 'Larger than the slippage of the same sale.',
  },
  depth_usd: {
    unit: 'usd',
    sentence: 'Cash that sales take out of the venues while the price falls by the band.',
    formula: 'proceeds of the units between mid and mid (1 - band)',
    source: 'the +-2 % depth convention of order books, on the bid side',
    trap: 'As old as its recording. Past the observed edge it is extrapolated and says so.',
  },
  max_profitable_liquidation_usd: {
    unit: 'usd',
    sentence: 'Largest sale whose slippage stays below the liquidation bonus.',
    formula: 'largest sale with (1 - slippage) (1 + bonus) >= 1',
    source: 'Chaos Labs cap method; Risk DAO max liquidation in one transaction',
    trap: 'At opening depth. After the shock there may be less.',
  },
  toxic_ltv: {
    unit: 'ratio',
    sentence: 'Loan-to-value above which every partial liquidation makes the account worse.',
    formula: '1 / (1 + bonus)',
    source: 'Warmuz, Chaudhary, Pinna, arXiv 2212.07306',
    trap: 'With slippage the frontier is lower: 1 / ((1 + bonus) lambda), arXiv 2510.10171.',
  },
  ...timedDefinitions,
  liquidator_profit_usd: {
    unit: 'usd',
    sentence: 'What liquidators receive for the collateral they sell, less what they pay for it.',
    formula:
      'proceeds + collateral kept at final prices - debt repaid and surplus to borrowers, at the prices of the moment',
    source: 'the ledger of settlements',
    trap: 'Before gas. Negative when the price falls through the bonus before they sell.',
  },
} as const satisfies Readonly<Record<string, Definition>>

/** The name of a metric that has a definition. */
export type MetricName = keyof typeof definitions

/** The definition of a metric, or undefined when there is no such metric. */
export function definitionOf(name: string): Definition | undefined {
  return Object.hasOwn(definitions, name) ? definitions[name as MetricName] : undefined
}
