/**
 * Every number of a report as a metric: value, unit, basis, and the one sentence that defines it.
 */

import type { BoxBracket } from './analysis/boxBracket.ts'
import { maxProfitableUsd } from './analysis/depth.ts'
import type { GainNow, Headline } from './analysis/headline.ts'
import type { LoopGain } from './analysis/loopGain.ts'
import { toxicLtv } from './analysis/position.ts'
import type { Bench } from './analysis/simulate.ts'
import { definitions, type MetricName } from './definitions.ts'
import type { AtRisk, DepthTable, HealthBin, Metric, MetricAt } from './report.ts'
import type { Scenario } from './scenario.ts'

/** What the metrics are read from. */
export interface Facts {
  readonly scenario: Scenario
  readonly bench: Bench
  readonly numbers: Headline
  readonly gain: GainNow
  readonly gainShocked: readonly LoopGain[]
  readonly ignition: number | null
  readonly bracket: { readonly clearing: number; readonly atTrigger: number } | null
  readonly batch: Headline | null
  readonly greatest: number | null
  readonly box: BoxBracket | null
  readonly risk: readonly AtRisk[]
  readonly depth: readonly DepthTable[]
  readonly health: readonly HealthBin[]
  readonly overhang: { readonly accounts: number; readonly debt_usd: number }
}

/** All metrics, in the order in which they are printed. */
export function metricsOf(facts: Facts): Record<string, Metric | readonly MetricAt[]> {
  return { ...cascadeMetrics(facts), ...loopMetrics(facts), ...marketMetrics(facts) }
}

function cascadeMetrics(facts: Facts): Record<string, Metric | readonly MetricAt[]> {
  const { numbers, scenario, batch } = facts
  const shocked = scenario.assets[scenario.shock.asset].name
  const debt = 'debt repaid, at opening prices'
  const order = `${scenario.order}, ${shocked}`
  const metrics: Record<string, Metric | readonly MetricAt[]> = {
    first_round_usd: metric('first_round_usd', numbers.first_round_usd, debt),
    total_liquidated_usd: metric('total_liquidated_usd', numbers.total_liquidated_usd, debt),
    second_round_share: metric('second_round_share', numbers.second_round_share, debt),
    first_round_accounts: metric(
      'first_round_accounts',
      numbers.first_round_accounts,
      'feedback off',
    ),
    accounts_liquidated: metric('accounts_liquidated', numbers.accounts_liquidated, order),
    final_drop: metric('final_drop', numbers.final_drop, order),
    amplification: metric('amplification', numbers.amplification, order),
    rounds: metric('rounds', numbers.rounds, order),
    bad_debt_usd: metric('bad_debt_usd', numbers.bad_debt_usd, 'realised, at opening prices'),
    first_round_bad_debt_usd: metric(
      'first_round_bad_debt_usd',
      numbers.first_round_bad_debt_usd,
      'realised, feedback off',
    ),
    shortfall_usd: metric('shortfall_usd', numbers.shortfall_usd, 'open accounts, final prices'),
    overhang_usd: metric('overhang_usd', facts.overhang.debt_usd, 'debt, opening prices'),
    liquidator_profit_usd: metric('liquidator_profit_usd', numbers.liquidator_profit_usd, order),
    collateral_at_risk: atDrops(facts, 'collateral_at_risk', 'collateral_usd'),
    debt_at_risk: atDrops(facts, 'debt_at_risk', 'debt_usd'),
  }
  if (batch !== null)
    metrics.final_drop_batch = metric('final_drop_batch', batch.final_drop, `batch, ${shocked}`)
  if (facts.bracket !== null)
    metrics.final_drop_bracket = [
      { bound: 'least', ...metric('final_drop_bracket', facts.bracket.atTrigger, 'at trigger') },
      { bound: 'most', ...metric('final_drop_bracket', facts.bracket.clearing, 'clearing price') },
    ]
  if (facts.greatest !== null)
    metrics.final_drop_greatest = metric('final_drop_greatest', facts.greatest, shocked)
  if (facts.box !== null)
    metrics.liquidated_bracket = [
      { bound: 'least', ...metric('liquidated_bracket', facts.box.leastUsd, 'in every order') },
      {
        bound: 'most',
        ...metric('liquidated_bracket', facts.box.mostUsd, 'in some order at most'),
      },
    ]
  return metrics
}

function loopMetrics(facts: Facts): Record<string, Metric | readonly MetricAt[]> {
  const { gain, scenario, ignition } = facts
  const shocked = scenario.assets[scenario.shock.asset].name
  const share = `${scenario.ignitionTolerance} of the book's debt through feedback`
  const metrics: Record<string, Metric | readonly MetricAt[]> = {
    ignition_drop: metric('ignition_drop', ignition, share),
    loop_gain: gainRows('loop_gain', gain.profile, `units of ${shocked} at the opening, drop h`),
  }
  if (facts.gainShocked.length > 0) {
    const basis = `units of ${shocked} after the outside move, drop h`
    metrics.loop_gain_shocked = gainRows('loop_gain_shocked', facts.gainShocked, basis)
  }
  if (gain.ladder !== null) {
    const peak = gain.peak === null ? null : finite(gain.peak.gain)
    const at = gain.peak === null ? 'no unsold account' : `at a drop of ${gain.peak.h.toFixed(6)}`
    metrics.loop_gain_peak = metric('loop_gain_peak', peak, at)
  }
  if (gain.several.length > 0) {
    const names = (assets: readonly number[]) =>
      assets.map((a) => scenario.assets[a].name).join(', ')
    metrics.spectral_radius = gain.several.map((at) => ({
      h: at.h,
      ...metric('spectral_radius', finite(at.radius), `units of ${names(at.assets)}, drop h`),
    }))
    metrics.joint_gain = gain.several.map((at) => ({
      h: at.h,
      ...metric('joint_gain', finite(at.joint), `along the outside move of ${shocked}, drop h`),
    }))
  }
  return metrics
}

function gainRows(name: MetricName, profile: readonly LoopGain[], basis: string): MetricAt[] {
  return profile.map((at) => ({
    h: at.h,
    ...metric(name, finite(at.gain), basis),
    standard_error: at.standardError === null ? null : finite(at.standardError),
    effective_accounts: at.effectiveAccounts,
    accounts: at.accounts,
    label: at.label,
  }))
}

function marketMetrics(facts: Facts): Record<string, Metric | readonly MetricAt[]> {
  const { depth, scenario, bench } = facts
  const tables = (name: MetricName, rows: (table: DepthTable) => [object, number | null][]) =>
    depth.flatMap((table) =>
      rows(table).map(([at, value]) => ({
        asset: table.asset,
        ...at,
        ...metric(name, value, 'opening state of the venues'),
      })),
    )
  const bonuses = collateralTerms(facts)
  return {
    depth_usd: tables('depth_usd', (table) =>
      table.bands.map(({ band, usd, extrapolated }) => [{ band, extrapolated }, usd]),
    ),
    slippage: tables('slippage', (table) =>
      table.slippage.map((row) => [{ usd: row.usd, extrapolated: row.extrapolated }, row.slippage]),
    ),
    price_impact: tables('price_impact', (table) =>
      table.slippage.map((row) => [{ usd: row.usd, extrapolated: row.extrapolated }, row.impact]),
    ),
    max_profitable_liquidation_usd: bonuses
      .filter(({ asset }) => bench.base.market.hop[asset].length > 0)
      .map(({ asset, bonus }) => ({
        asset: scenario.assets[asset].name,
        bonus,
        ...metric(
          'max_profitable_liquidation_usd',
          maxProfitableUsd(bench.base.market, asset, bonus),
          'one sale at the opening, before gas',
        ),
      })),
    toxic_ltv: bonuses.map(({ asset, bonus }) => ({
      asset: scenario.assets[asset].name,
      bonus,
      ...metric('toxic_ltv', toxicLtv(bonus), 'without slippage'),
    })),
    health_factor: facts.health.map((bin) => ({
      from: bin.from,
      to: bin.to,
      ...metric('health_factor', bin.accounts, 'accounts with debt, opening prices'),
      unit: 'count',
      debt_usd: bin.debt_usd,
    })),
  }
}

function collateralTerms({ bench }: Facts): { asset: number; bonus: number }[] {
  const found: { asset: number; bonus: number }[] = []
  for (const { rules } of bench.base.protocols)
    for (let s = 0; s < rules.slots.count; s++) {
      const asset = rules.slots.asset[s]
      const terms = rules.slots.side[s] > 0 ? rules.terms(asset, rules.slots.group[s]) : null
      if (terms === null || found.some((t) => t.asset === asset && t.bonus === terms.bonus))
        continue
      found.push({ asset, bonus: terms.bonus })
    }
  return found
}

function atDrops(
  { risk, scenario }: Facts,
  name: MetricName,
  column: 'collateral_usd' | 'debt_usd',
): MetricAt[] {
  const asset = scenario.assets[scenario.shock.asset].name
  return risk.map((row) => ({
    drop: row.drop,
    ...metric(name, row[column], `drop of ${asset} and what follows it, no feedback`),
    accounts: row.accounts,
  }))
}

/** One metric with the unit and sentence of its definition. */
export function metric(name: MetricName, value: number | null, basis: string): Metric {
  const { unit, sentence } = definitions[name]
  return { value, unit, basis, definition: sentence }
}

// Infinity (venues that fall by h without taking a unit) has no place in JSON.
function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null
}
