/** Arms of a comparison against each other, run by run: what each saved, and what it cost. */

import { InputError } from '../errors.ts'
import type { DataSource, Warning } from '../report.ts'
import type { Override } from '../scenario.ts'
import { type Estimate, meanOf, quantileOf, shareOf } from '../statistics/interval.ts'
import { paired } from '../statistics/summary.ts'
import { type Better, directions } from './directions.ts'
import type { Measure } from './meter.ts'

/** One arm of a comparison: the scenario as it is, or with something changed. */
export interface Arm {
  /** `none`, the name of a defence in kebab case, or the keys that were changed. */
  readonly name: string
  /** What was set; empty for the scenario as it is. */
  readonly set: readonly Override[]
  /** Names the resolved scenario with its inputs. */
  readonly run_id: string
}

/** How a difference reads. `shown`: its interval lies on one side of 0. */
export type Verdict = 'better' | 'worse' | 'not shown' | 'none'

/** One arm beside the first, run by run. */
export interface Difference {
  readonly mean: Estimate
  /** Runs in which the arm is lower, equal and higher. */
  readonly lower: number
  readonly equal: number
  readonly higher: number
  /**
   * Width of the interval of two samples apart, of as many runs each, over that of the pairs; null
   * where the pairs have none.
   */
  readonly unpaired: number | null
  readonly verdict: Verdict
}

/** What an arm comes to in one measure. */
export interface ArmRow {
  readonly mean: Estimate
  readonly q95: Estimate
  /** Beside the first arm; null for the first itself. */
  readonly difference: Difference | null
}

/** One measure over all arms, in their order. */
export interface MeasureRow {
  readonly name: string
  readonly unit: string
  readonly definition: string
  /** Which way is better; null where that depends on who asks. */
  readonly better: Better | null
  readonly arms: readonly ArmRow[]
}

export interface CompareReport {
  readonly schema: 'firebreak.compare/1'
  readonly run_id: string
  readonly engine_version: string
  readonly scenario: string
  readonly seed: number
  readonly pairs: number
  /** Probability of all intervals. */
  readonly level: number
  readonly interval: string
  /** What differs from pair to pair, in words. */
  readonly sample: readonly string[]
  /** Keys that were added because the scenario has no time, as typed. */
  readonly added: readonly (readonly [string, string])[]
  readonly arms: readonly Arm[]
  readonly measures: readonly MeasureRow[]
  /** Measures by which arms dominate each other. */
  readonly judged: readonly string[]
  /** By arm: the arms that it is nowhere shown to be worse than, and somewhere better. */
  readonly dominates: readonly (readonly string[])[]
  /** Runs that failed in some arm and are left out of all. */
  readonly failed: number
  readonly warnings: readonly Warning[]
  readonly data: readonly DataSource[]
}

/** What lenders bear: written off or owed beyond collateral, less what funds and takers paid. */
export const LENDERS_LOSS = 'lenders_loss_usd'
/** Whether feedback passed the ignition tolerance. */
export const IGNITED = 'ignited'

/** What arms are judged by, of what is measured. */
const JUDGED = ['forced_sale_usd', LENDERS_LOSS, 'borrower_loss_usd'] as const

/** What a comparison is made of. Columns have a number for each pair; NaN where a run failed. */
export interface CompareFacts {
  readonly runId: string
  readonly engineVersion: string
  readonly scenario: string
  readonly seed: number
  readonly sample: readonly string[]
  readonly added: readonly (readonly [string, string])[]
  readonly arms: readonly Arm[]
  readonly measures: readonly Measure[]
  /** Row-major numbers of the runs of an arm, in the order of the pairs. */
  readonly rows: readonly Float64Array[]
  /** The same without feedback and without any defence. */
  readonly still: Float64Array
  /** Feedback past which a run has ignited, USD of debt. */
  readonly toleranceUsd: number
  readonly warnings: readonly Warning[]
  readonly data: readonly DataSource[]
}

/**
 * Compares arms with the first, pair by pair.
 *
 * Rule:   the same seed, path, book, depth and shock for every arm; one interval on the differences
 *         (Student's t), so what pairs have in common falls out of it. A difference is shown where
 *         its interval lies on one side of 0. An arm dominates another where in forced sales,
 *         losses of lenders and losses of borrowers it is nowhere shown to be worse, and somewhere
 *         better. Ignited: feedback adds more than the tolerance of all debt to what the outside
 *         move alone liquidates without any defence.
 * Throws: SampleOfOneError where nothing differs between the pairs
 */
export function compareReport(facts: CompareFacts): CompareReport {
  const { kept, arms: picked } = pairsOf(facts)
  checkSample(picked[0], kept.length)
  const measures = namesOf(facts).map(({ name, unit, definition }) =>
    rowOf(
      { name, unit, definition },
      picked.map((arm) => arm.get(name)!),
    ),
  )
  return {
    schema: 'firebreak.compare/1',
    run_id: facts.runId,
    engine_version: facts.engineVersion,
    scenario: facts.scenario,
    seed: facts.seed,
    pairs: kept.length,
    level: LEVEL,
    interval: "Student's t on the differences of pairs",
    sample: facts.sample,
    added: facts.added,
    arms: facts.arms,
    measures,
    judged: JUDGED,
    dominates: dominated(facts.arms, picked),
    failed: facts.rows[0].length / facts.measures.length - kept.length,
    warnings: facts.warnings,
    data: facts.data,
  }
}

const LEVEL = 0.95

/** Columns of an arm by the name of the measure: a number for each pair. */
export type Columns = ReadonlyMap<string, Float64Array>

/** The pairs in which every arm ran, by their numbers, and what each arm came to in them. */
export function pairsOf(facts: CompareFacts): {
  readonly kept: readonly number[]
  readonly arms: readonly Columns[]
} {
  const columns = columnsOf(facts)
  const kept = completeOf(columns)
  const arms = columns.map(
    (column) => new Map([...column].map(([name, of]) => [name, pick(of, kept)])),
  )
  return { kept, arms }
}

/** Columns of each arm by name, with what follows from several of them. */
function columnsOf({ measures, rows, still, toleranceUsd }: CompareFacts): Columns[] {
  const width = measures.length
  const at = (name: string) => measures.findIndex((one) => one.name === name)
  const column = (of: Float64Array, m: number) =>
    Float64Array.from({ length: of.length / width }, (_, k) => of[k * width + m])
  const alone = column(still, at('total_liquidated_usd'))
  return rows.map((of) => {
    const all = new Map(measures.map(({ name }, m) => [name, column(of, m)]))
    const total = all.get('total_liquidated_usd')!
    const bad = all.get('bad_debt_usd')!
    const short = all.get('shortfall_usd')!
    const paid = all.get('paid_by_funds_usd')!
    const kept = all.get('kept_by_protocols_usd')!
    all.set(
      LENDERS_LOSS,
      bad.map((usd, k) => usd + short[k] - paid[k] - kept[k]),
    )
    all.set(
      IGNITED,
      total.map((usd, k) => (Number.isNaN(usd) ? usd : +(usd - alone[k] > toleranceUsd))),
    )
    return all
  })
}

function namesOf({ measures }: CompareFacts): readonly Measure[] {
  return [
    ...measures,
    {
      name: LENDERS_LOSS,
      unit: 'usd',
      definition:
        'What lenders lost: bad debt and debt beyond collateral at the end, less what funds paid and protocols kept.',
    },
    {
      name: IGNITED,
      unit: 'ratio',
      definition: 'Share of runs whose feedback passes the ignition tolerance.',
    },
  ].filter(({ name }) => Object.hasOwn(directions, name) || NEUTRAL.has(name))
}

/** Shown, though it depends on who asks whether less of it is better. */
const NEUTRAL = new Set([
  'paid_by_funds_usd',
  'liquidator_profit_usd',
  'settle_seconds',
  'gas_spent_usd',
])

/** Pairs in which every arm ran. */
function completeOf(columns: readonly Columns[]): number[] {
  const totals = columns.map((arm) => arm.get('total_liquidated_usd')!)
  return Array.from(totals[0].keys()).filter((k) => totals.every((of) => Number.isFinite(of[k])))
}

function pick(column: Float64Array, kept: readonly number[]): Float64Array {
  return Float64Array.from(kept, (k) => column[k])
}

function checkSample(first: Columns, pairs: number): void {
  const moves = (of: Float64Array) => of.some((value) => Number.isFinite(value) && value !== of[0])
  if (pairs < 2 || ![...first.values()].some(moves)) throw new SampleOfOneError(pairs)
}

function rowOf(
  measure: { readonly name: string; readonly unit: string; readonly definition: string },
  arms: readonly Float64Array[],
): MeasureRow {
  const better = directions[measure.name] ?? null
  return {
    ...measure,
    better,
    arms: arms.map((column, a) => {
      const known = column.filter(Number.isFinite)
      const mean =
        measure.name === IGNITED
          ? shareOf(
              known.reduce((sum, one) => sum + one, 0),
              known.length,
              LEVEL,
            )
          : meanOf(known, LEVEL)
      return {
        mean,
        q95: quantileOf(known.slice().sort(), 0.95, LEVEL),
        difference: a === 0 ? null : differenceOf(arms[0], column, better),
      }
    }),
  }
}

function differenceOf(
  first: Float64Array,
  second: Float64Array,
  better: MeasureRow['better'],
): Difference {
  const both = Array.from(first.keys()).filter(
    (k) => Number.isFinite(first[k]) && Number.isFinite(second[k]),
  )
  const [a, b] = [pick(first, both), pick(second, both)]
  const { mean, lower, equal, higher } = paired(a, b)
  const apart = rootOfSquares(widthOf(meanOf(a, LEVEL)), widthOf(meanOf(b, LEVEL)))
  const own = widthOf(mean)
  return {
    ...{ mean, lower, equal, higher },
    unpaired: own > 0 ? apart / own : null,
    verdict: verdictOf(mean, better),
  }
}

function rootOfSquares(a: number, b: number): number {
  return Math.sqrt(a * a + b * b)
}

function widthOf({ low, high }: Estimate): number {
  return low === null || high === null ? Number.NaN : high - low
}

function verdictOf({ low, high }: Estimate, better: MeasureRow['better']): Verdict {
  if (low === null || high === null) return 'not shown'
  if (low === 0 && high === 0) return 'none'
  if (low <= 0 && high >= 0) return 'not shown'
  if (better === null) return 'not shown'
  return high < 0 === (better === 'lower') ? 'better' : 'worse'
}

/** By arm, the others that it dominates. */
function dominated(arms: readonly Arm[], columns: readonly Columns[]): string[][] {
  const verdicts = (from: number, to: number) =>
    JUDGED.map(
      (name) => differenceOf(columns[from].get(name)!, columns[to].get(name)!, 'lower').verdict,
    )
  return arms.map((_, a) =>
    arms.flatMap(({ name }, other) => {
      if (other === a) return []
      const found = verdicts(other, a)
      return found.includes('better') && !found.includes('worse') ? [name] : []
    }),
  )
}

/** A comparison of runs that are all the same. */
export class SampleOfOneError extends InputError {
  constructor(pairs: number) {
    super({
      code: 'FB2097',
      rule: 'all pairs are alike: an interval of width 0 would say more than one run does',
      place: 'sample',
      came: pairs < 2 ? `${pairs} pair` : `${pairs} equal pairs`,
      remedy:
        'Give --pairs 200, and let depth, drop, books or prices differ: sample: { depth: 25% }',
    })
  }
}
