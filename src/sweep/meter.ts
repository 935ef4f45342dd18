/** What one of many runs comes to: a row of numbers, without tables and pictures of a report. */

import { deleveraging, sumOf } from '../adl/metrics.ts'
import { countOf, total } from '../analysis/attribution.ts'
import { type Headline, headline } from '../analysis/headline.ts'
import { type Bench, ignitionDrop, untraced } from '../analysis/simulate.ts'
import { debtOf } from '../analysis/worldLadder.ts'
import { badDebtUsd } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { blocks } from '../blocks.ts'
import { definitions, type MetricName } from '../definitions.ts'
import { assert, InputError } from '../errors.ts'
import { benchFor } from '../instant.ts'
import { inAuction, liquidatorsOf, shortfallUsd } from '../outcome/report.ts'
import { type Paths, pathSampler, pathsFor } from '../paths/sample.ts'
import type { Scenario } from '../scenario.ts'
import { rulesFrom } from '../setup.ts'
import { copyOpening, openingOf, resetOpening, stageOf } from '../stage.ts'
import type { Range } from '../statistics/summary.ts'
import { controlMeasures, controlOf } from './control.ts'
import { drawn } from './draw.ts'

/** One number of a run. */
export interface Measure {
  readonly name: string
  /** As of metrics: `usd`, `ratio`, `count`, `seconds`. */
  readonly unit: string
  readonly definition: string
  /** What it cannot leave, as far as that is known: the ends of its mean stay inside. */
  readonly range?: Range
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

/** What a run of a scenario is measured by; no book is built for it. */
export function measuresOf(scenario: Scenario, { extra }: { readonly extra: Extra }): Measure[] {
  if (extra === (scenario.time === null ? 'control' : 'ignition')) throw new ExtraError(extra)
  if (scenario.time === null)
    return [...instantNames, ...(extra === 'ignition' ? (['ignition_drop'] as const) : [])].map(
      measureOf,
    )
  const beside = extra === 'control' ? controlMeasures : []
  return [...timedNames.map(measureOf), ...gaugesOf(scenario), ...beside]
}

/**
 * The meter of a scenario.
 *
 * Rule:  every number is the metric of that name in the report of the same run, but for the
 *        rounding of sums: sales are not told apart by generation. In time nothing is run without
 *        feedback, and there are no first-round metrics; gauges of houses stand as they are at the
 *        end.
 * Units: as of the metrics.
 */
export function meterOf(scenario: Scenario, wants: { readonly extra: Extra }): Meter {
  const measures = measuresOf(scenario, wants)
  const run =
    scenario.time === null
      ? instantRuns(scenario, wants.extra === 'ignition')
      : timedRuns(scenario, measures.length, wants.extra === 'control')
  return { measures, run }
}

function instantRuns(scenario: Scenario, ignition: boolean): Meter['run'] {
  return (index) => {
    const one = drawn(scenario, index)
    const bench = untraced(benchFor(one))
    const { numbers } = headline(bench, one.shock.drop)
    const row = instantNames.map((name) => numbers[name] ?? Number.NaN)
    if (ignition) row.push(ignitionOf(bench, one.ignitionTolerance) ?? Number.NaN)
    return Float64Array.from(row)
  }
}

function ignitionOf(bench: Bench, tolerance: number): number | null {
  let debt = 0
  for (const protocol of bench.base.protocols)
    for (let i = 0; i < protocol.accounts.length; i++)
      debt += debtOf(protocol, i, bench.prepared.opening)
  return ignitionDrop(bench, DROPS, tolerance * debt)
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

function timedRuns(scenario: Scenario, width: number, isControlled: boolean): Meter['run'] {
  const { isFelt, isInferred } = feltIn(scenario)
  const opening = openingOf(scenario)
  // Used up by every run, and put back.
  const scratch = copyOpening(opening)
  const control = isControlled ? controlOf(scenario) : null
  const assets = scenario.assets.length
  const sampler = pathSampler(scenario.time!, assets)
  const outside = pathsFor(scenario.time!, assets)
  const hasBooks = scenario.time!.sample?.books === true
  const stageFor = (one: Scenario, paths: Paths, infers: boolean) => {
    if (hasBooks) return stageOf(one, isFelt || infers, null, paths, infers)
    resetOpening(scratch, opening)
    return stageOf(one, isFelt || infers, null, paths, infers, scratch)
  }
  // V8 throws optimised code away with the last function that has it: those of a run are held until
  // the next run has its own, or a collection between the two would have all compiled again.
  const held: unknown[] = []
  return (index) => {
    const one = untold(drawn(scenario, index))
    sampler.sample(one.seed, one.time!.path, outside)
    const paths = isInferred ? passed(stageFor(one, outside, true), []).paths : outside
    const stage = passed(stageFor(one, paths, false), held)
    assert(stage.tally.gap <= GAP_MOST, 'stock = flow in every block of a run')
    const row = new Float64Array(width)
    writeNumbers(stage, row)
    if (control !== null) row.set(control.of(stage.paths), width - controlMeasures.length)
    return row
  }
}

/** Generations name sales and change none of these numbers; telling them apart costs markets. */
function untold(scenario: Scenario): Scenario {
  return { ...scenario, time: { ...scenario.time!, generations: 0 } }
}

function feltIn({ feedback, time }: Scenario) {
  const isFelt = feedback && time!.pricesAre !== 'given'
  return { isFelt, isInferred: isFelt && time!.pricesAre === 'inferred' }
}

/** Runs a stage to its end, and holds what ran it. */
function passed(stage: Stage, held: unknown[]): Stage {
  const loop = blocks(stage, null)
  while (!loop.next().done);
  held.splice(0, held.length, stage, loop)
  return stage
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
  'forced_sale_usd',
  'borrower_loss_usd',
  'paid_by_funds_usd',
  'kept_by_protocols_usd',
  'fragility_ratio',
  'borrowing_power',
  'failed_transactions',
  'waiting_accounts',
  'settle_seconds',
  'adl_fraction',
  'adl_haircut',
  'adl_overshoot',
] as const satisfies readonly MetricName[]

function writeNumbers(stage: Stage, row: Float64Array): void {
  const { tally, opening, mids, posts, scenario, time } = stage
  const { asset } = scenario.shock
  const rows = liquidatorsOf(stage)
  const sum = (of: (j: number) => number) => posts.reduce((all, _, j) => all + of(j), 0)
  const { fraction, haircut, overshoot } = adlOf(stage)
  const seconds = (tally.lastLiquidation - tally.firstLiquidation) * time.chain.blockSeconds
  row.set([
    total(tally.repaidUsd),
    countOf(tally.repaidUsd),
    1 - tally.extremes.lowest[asset] / opening[asset],
    1 - mids[asset] / opening[asset],
    badDebtUsd(stage),
    sum((j) => shortfallUsd(stage, j)),
    sum((j) => inAuction(stage, j)),
    rows.reduce((all, { profit_usd }) => all + profit_usd, 0),
    rows.reduce((all, { gas_usd }) => all + gas_usd, 0),
    tally.soldUsd,
    total(tally.borrowersLostUsd),
    total(tally.coveredUsd),
    total(tally.keptUsd),
    tally.fragility,
    tally.borrowing / (time.blocks * posts.length),
    rows.reduce((all, { failed }) => all + failed, 0),
    sum((j) => posts[j].watch.breached()),
    tally.lastLiquidation === 0 ? Number.NaN : seconds,
    fraction.value ?? Number.NaN,
    haircut.value ?? Number.NaN,
    overshoot.value ?? Number.NaN,
  ])
  let at = timedNames.length
  for (const { protocol } of posts) {
    protocol.rules.house?.gauge(protocol, row.subarray(at))
    at += protocol.rules.house?.gauges.length ?? 0
  }
}

function adlOf({ posts }: Stage) {
  const each = posts.flatMap(({ protocol }) => protocol.rules.house?.deleveraged(protocol) ?? [])
  return deleveraging(sumOf(each))
}

function gaugesOf({ protocols }: Scenario): Measure[] {
  return protocols.flatMap((protocol) =>
    (rulesFrom(protocol.rules).house?.gauges ?? []).map(({ name, unit, definition }) => ({
      name: `${name}_${protocol.name}`,
      unit,
      definition: `${definition} At the end of the run.`,
    })),
  )
}

function measureOf(name: MetricName): Measure {
  const { unit, sentence } = definitions[name]
  const measure = { name, unit, definition: sentence }
  if (signed.has(name)) return measure
  return { ...measure, range: [0, shares.has(name) ? 1 : null] }
}

/** Numbers that may be below 0, and parts of a whole; the rest are amounts. */
const signed = new Set<MetricName>([
  'amplification',
  'borrower_loss_usd',
  'final_drop',
  'liquidator_profit_usd',
  'second_round_share',
])
const shares = new Set<MetricName>(['borrowing_power', 'ignition_drop', 'lowest_drop'])

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
