/** Every number of a run in time as a metric. */

import { deleveraging, sumOf } from '../adl/metrics.ts'
import { total } from '../analysis/attribution.ts'
import { metric } from '../metrics.ts'
import type { Metric, MetricAt } from '../report.ts'
import { columnOf } from '../table.ts'
import { badDebtOf, type TimedFacts } from './report.ts'

/** All metrics, in the order in which they are printed. */
export function timedMetrics(facts: TimedFacts): Record<string, Metric | readonly MetricAt[]> {
  return {
    ...loopMetrics(facts),
    ...lossMetrics(facts),
    ...houseMetrics(facts),
    ...chainMetrics(facts),
  }
}

/** What deleveraging cost, over all houses that do it. */
function houseMetrics({ stage }: TimedFacts): Record<string, Metric> {
  const each = stage.posts.flatMap(({ protocol }) => {
    const one = protocol.rules.house?.deleveraged(protocol) ?? null
    return one === null ? [] : [one]
  })
  if (each.length === 0) return {}
  const { fraction, haircut, overshoot } = deleveraging(sumOf(each))
  return {
    adl_fraction: metric('adl_fraction', fraction.value, `basis: ${fraction.basis}`),
    adl_haircut: metric('adl_haircut', haircut.value, `basis: ${haircut.basis}`),
    adl_overshoot: metric('adl_overshoot', overshoot.value, `basis: ${overshoot.basis}`),
  }
}

const DEBT = 'debt repaid, at opening prices'
const WITHOUT = 'feedback off'

function loopMetrics(facts: TimedFacts): Record<string, Metric | readonly MetricAt[]> {
  const { stage, totalUsd, firstUsd } = facts
  const { scenario, tally, opening, mids, isFelt } = stage
  const { asset } = scenario.shock
  const { name } = scenario.assets[asset]
  const fall = (price: number) => 1 - price / opening[asset]
  const lowest = fall(tally.extremes.lowest[asset])
  const alone = isFelt ? fall(tally.extremes.twinLowest[0] ?? opening[asset]) : null
  const share = totalUsd > 0 ? 1 - firstUsd / totalUsd : 0
  return {
    first_round_usd: metric('first_round_usd', firstUsd, DEBT),
    total_liquidated_usd: metric('total_liquidated_usd', totalUsd, DEBT),
    second_round_share: metric('second_round_share', share, DEBT),
    first_round_accounts: metric('first_round_accounts', facts.firstAccounts, WITHOUT),
    accounts_liquidated: metric('accounts_liquidated', facts.accounts, 'whole run'),
    lowest_drop: metric('lowest_drop', lowest, `${name}, when blocks close`),
    outside_drop_then: metric('outside_drop_then', alone, `${name}, same block, no forced sale`),
    final_drop: metric('final_drop', fall(mids[asset]), `${name}, last block`),
    loop_gain_sampled: metric('loop_gain_sampled', peakGain(facts), `highest sample, ${name}`),
  }
}

function lossMetrics(facts: TimedFacts): Record<string, Metric> {
  const { actual, without } = badDebtOf(facts)
  const sum = (of: (row: TimedFacts['liquidators'][number]) => number) =>
    facts.liquidators.reduce((all, row) => all + of(row), 0)
  const shortfall = facts.protocols.reduce((all, row) => all + row.shortfall_usd, 0)
  const inAuction = facts.protocols.reduce((all, row) => all + row.in_auction_usd, 0)
  return {
    bad_debt_usd: metric('bad_debt_usd', actual, 'realised, at opening prices'),
    first_round_bad_debt_usd: metric('first_round_bad_debt_usd', without, WITHOUT),
    shortfall_usd: metric('shortfall_usd', shortfall, 'open accounts, final prices'),
    in_auction_usd: metric('in_auction_usd', inAuction, 'debt, at opening prices'),
    liquidator_profit_usd: metric(
      'liquidator_profit_usd',
      sum((row) => row.profit_usd),
      'all liquidators, after gas, tips and fees, inventory at final prices',
    ),
    gas_spent_usd: metric(
      'gas_spent_usd',
      sum((row) => row.gas_usd),
      'all liquidators',
    ),
    ...defenceMetrics(facts.stage),
  }
}

/** What defences are judged by, beside the losses. */
function defenceMetrics({ tally, time, posts }: TimedFacts['stage']): Record<string, Metric> {
  const lost = total(tally.borrowersLostUsd)
  const power = tally.borrowing / (time.blocks * posts.length)
  return {
    forced_sale_usd: metric('forced_sale_usd', tally.soldUsd, 'proceeds, whole run'),
    borrower_loss_usd: metric('borrower_loss_usd', lost, 'at the mids of each block'),
    paid_by_funds_usd: metric('paid_by_funds_usd', total(tally.coveredUsd), 'all funds'),
    kept_by_protocols_usd: metric('kept_by_protocols_usd', total(tally.keptUsd), 'all protocols'),
    fragility_ratio: metric('fragility_ratio', tally.fragility, 'all assets, whole run'),
    borrowing_power: metric('borrowing_power', power, 'mean over blocks and protocols'),
  }
}

function chainMetrics(facts: TimedFacts): Record<string, Metric> {
  const { stage, recorder, liquidators, protocols } = facts
  const { firstLiquidation, lastLiquidation } = stage.tally
  const seconds = (lastLiquidation - firstLiquidation) * stage.time.chain.blockSeconds
  const worst = <K extends 'oracle_age_seconds' | 'oracle_gap'>(key: K) =>
    protocols.reduce((most, row) => Math.max(most, row[key]), 0)
  const peak = columnOf(recorder.frames, 'gwei').reduce((most, gwei) => Math.max(most, gwei), 0)
  const failed = liquidators.reduce((all, row) => all + row.failed, 0)
  const waiting = protocols.reduce((all, row) => all + row.waiting, 0)
  return {
    settle_seconds: metric('settle_seconds', lastLiquidation === 0 ? null : seconds, 'whole run'),
    failed_transactions: metric('failed_transactions', failed, 'all liquidators'),
    waiting_accounts: metric('waiting_accounts', waiting, 'last block'),
    oracle_age_seconds: metric('oracle_age_seconds', worst('oracle_age_seconds'), 'all protocols'),
    oracle_gap: metric('oracle_gap', worst('oracle_gap'), 'all protocols'),
    peak_gwei: metric('peak_gwei', peak, 'likely inclusion'),
  }
}

function peakGain({ recorder }: TimedFacts): number | null {
  let peak = Number.NEGATIVE_INFINITY
  for (const gain of columnOf(recorder.frames, 'gain')) if (gain > peak) peak = gain
  return Number.isFinite(peak) ? peak : null
}
