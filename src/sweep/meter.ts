/** What one of many runs comes to: a row of numbers, without tables and pictures of a report. */

import { deleveraging, sumOf } from '../adl/metrics.ts'
import { countOf, total } from '../analysis/attribution.ts'
import { type Headline, headline } from '../analysis/headline.ts'
import { type Bench, dropCurve, ignitionDrop } from '../analysis/simulate.ts'
import { debtOf } from '../analysis/worldLadder.ts'
import { badDebtUsd } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { blocks } from '../blocks.ts'
import { definitions, type MetricName } from '../definitions.ts'
import { assert, InputError } from '../errors.ts'
import { benchFor } from '../instant.ts'
import { inAuction, liquidatorsOf, shortfallUsd } from '../outcome/report.ts'
import type { World } from '../rules.ts'
import type { Scenario } from '../scenario.ts'
import { setup } from '../setup.ts'
import { stageOf } from '../stage.ts'
import { controlOf } from './control.ts'
import { drawn } from './draw.ts'

/** One number of a run. */
export interface Measure {
  readonly name: string
  /** As of metrics: `usd`, `ratio`, `count`, `seconds`. */
  readonly unit: string
  readonly definition: string
}

/**
 * What is measured beside the usual: where each run ignites, without time; what the instant cascade
 * would come to at the lowest outside price of the path, in time.
 */
export type Extra = 'none' | 'ignition' | 'control'

/** Measures the runs of one scenario. */
export interface Meter {
  readonly measures: readonly Measure[]
  /** The numbers of run `index`, one for each measure; NaN where there is none. */
  run(index: number): Float64Array
}

/**
 * The meter of a scenario.
 *
 * Rule:  every number is the metric of that name in the report of the same run, to the last bit.
 *        In time nothing is run without feedback, and there are no first-round metrics; gauges of
 *        houses stand as they are at the end.
 * Units: as of the metrics.
 */
export function meterOf(scenario: Scenario, { extra }: { readonly extra: Extra }): Meter {
  if (extra === (scenario.time === null ? 'control' : 'ignition')) throw new ExtraError(extra)
  return scenario.time === null
    ? instantMeter(scenario, extra === 'ignition')
    : timedMeter(scenario, extra === 'control')
}

function instantMeter(scenario: Scenario, ignition: boolean): Meter {
  const names: MetricName[] = [...instantNames, ...(ignition ? (['ignition_drop'] as const) : [])]
  return {
    measures: names.map(measureOf),
    run(index) {
      const one = drawn(scenario, index)
      const bench = benchFor(one)
      const { numbers } = headline(bench, one.shock.drop)
      const row = instantNames.map((name) => numbers[name] ?? Number.NaN)
      if (ignition) row.push(ignitionOf(bench, one.ignitionTolerance) ?? Number.NaN)
      return Float64Array.from(row)
    },
  }
}

function ignitionOf(bench: Bench, tolerance: number): number | null {
  let debt = 0
  for (const protocol of bench.base.protocols)
    for (let i = 0; i < protocol.accounts.length; i++)
      debt += debtOf(protocol, i, bench.prepared.opening)
  return ignitionDrop(bench, dropCurve(bench, DROPS), tolerance * debt)
}

/** Drops at which ignition is looked for first, before it is refined between two of them. */
const DROPS = Array.from({ length: 61 }, (_, i) => i / 100)

const instantNames = [
  'first_round_usd',
  'total_liquidated_usd',
  'second_round_share',
  'first_round_accounts',
  'accounts_liquidated',
  'final_drop',
  'amplification',
  'rounds',
  'bad_debt_usd',
  'first_round_bad_debt_usd',
  'shortfall_usd',
  'liquidator_profit_usd',
] as const satisfies readonly (keyof Headline & MetricName)[]

function timedMeter(scenario: Scenario, isControlled: boolean): Meter {
  const { isFelt, isInferred } = feltIn(scenario)
  const base = setup(scenario)
  const stageFor = (index: number) => {
    const one = drawn(scenario, index)
    if (!isInferred) return stageOf(one, isFelt, null, undefined, false, base.copy())
    const finder = stageOf(one, true, null, undefined, true, base.copy())
    pass(finder)
    return stageOf(one, isFelt, null, finder.paths, false, base.copy())
  }
  const gauges = gaugesOf(base)
  const control = isControlled ? controlOf(scenario) : null
  return {
    measures: [...timedNames.map(measureOf), ...gauges, ...(control?.measures ?? [])],
    run(index) {
      const stage = stageFor(index)
      pass(stage)
      assert(stage.tally.gap <= GAP_MOST, 'stock = flow in every block of a run')
      const row = numbersOf(stage, gauges.length)
      return control === null ? row : Float64Array.of(...row, ...control.of(stage.paths))
    },
  }
}

function feltIn({ feedback, time }: Scenario) {
  const isFelt = feedback && time!.pricesAre !== 'given'
  return { isFelt, isInferred: isFelt && time!.pricesAre === 'inferred' }
}

function pass(stage: Stage): void {
  const loop = blocks(stage, null)
  while (!loop.next().done);
}

const timedNames = [
  'total_liquidated_usd',
  'accounts_liquidated',
  'lowest_drop',
  'final_drop',
  'bad_debt_usd',
  'shortfall_usd',
  'in_auction_usd',
  'liquidator_profit_usd',
  'gas_spent_usd',
  'failed_transactions',
  'waiting_accounts',
  'settle_seconds',
  'adl_fraction',
  'adl_haircut',
  'adl_overshoot',
] as const satisfies readonly MetricName[]

function numbersOf(stage: Stage, gauges: number): Float64Array {
  const { tally, opening, mids, posts, scenario, time } = stage
  const { asset } = scenario.shock
  const rows = liquidatorsOf(stage)
  const sum = (of: (j: number) => number) => posts.reduce((all, _, j) => all + of(j), 0)
  const { fraction, haircut, overshoot } = adlOf(stage)
  const seconds = (tally.lastLiquidation - tally.firstLiquidation) * time.chain.blockSeconds
  const row = Float64Array.of(
    total(tally.repaidUsd),
    countOf(tally.repaidUsd),
    1 - tally.extremes.lowest[asset] / opening[asset],
    1 - mids[asset] / opening[asset],
    badDebtUsd(stage),
    sum((j) => shortfallUsd(stage, j)),
    sum((j) => inAuction(stage, j)),
    rows.reduce((all, { profit_usd }) => all + profit_usd, 0),
    rows.reduce((all, { gas_usd }) => all + gas_usd, 0),
    rows.reduce((all, { failed }) => all + failed, 0),
    sum((j) => posts[j].watch.breached()),
    tally.lastLiquidation === 0 ? Number.NaN : seconds,
    fraction.value ?? Number.NaN,
    haircut.value ?? Number.NaN,
    overshoot.value ?? Number.NaN,
    ...new Array<number>(gauges).fill(0),
  )
  let at = timedNames.length
  for (const { protocol } of posts) {
    protocol.rules.house?.gauge(protocol, row.subarray(at))
    at += protocol.rules.house?.gauges.length ?? 0
  }
  return row
}

function adlOf({ posts }: Stage) {
  const each = posts.flatMap(({ protocol }) => protocol.rules.house?.deleveraged(protocol) ?? [])
  return deleveraging(sumOf(each))
}

function gaugesOf({ protocols }: World): Measure[] {
  return protocols.flatMap((protocol) =>
    (protocol.rules.house?.gauges ?? []).map(({ name, unit, definition }) => ({
      name: `${name}_${protocol.name}`,
      unit,
      definition: `${definition} At the end of the run.`,
    })),
  )
}

function measureOf(name: MetricName): Measure {
  const { unit, sentence } = definitions[name]
  return { name, unit, definition: sentence }
}

/** Something is measured that the scenario does not have. */
export class ExtraError extends InputError {
  constructor(extra: Extra) {
    const isControl = extra === 'control'
    super({
      code: 'FB2091',
      rule: isControl
        ? 'a control variate needs a run in time, of which the instant cascade is the control'
        : 'only an instant cascade has an ignition drop',
      place: isControl ? '--control' : '--find',
      came: isControl ? 'an instant cascade' : 'a run in time',
      remedy: isControl ? 'Leave --control out' : 'Leave --find out, and vary drop',
    })
  }
}

/** What stock and flow may differ by, as a share. */
const GAP_MOST = 1e-9
