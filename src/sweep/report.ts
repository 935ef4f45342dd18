/** What a sweep returns: one plain JSON document, drawn by tables and pictures as it is. */

import type { DataSource, Warning } from '../report.ts'
import type { Scenario } from '../scenario.ts'
import { type Controlled, type Drawn, type Summary, summary } from '../statistics/summary.ts'
import { controlledMeans } from './control.ts'
import type { FrontReport } from './frontReport.ts'
import type { Measure } from './meter.ts'
import type { Plan, Variation } from './plan.ts'
import type { FailedRun } from './work.ts'

/** One cell: what was set, and what its runs came to. */
export interface CellReport {
  /** By variation, as typed; null where the scenario's own value stands. */
  readonly values: readonly (string | null)[]
  /** The id of its first run. */
  readonly run_id: string
  readonly runs: number
  readonly failed: number
  /** By measure. Runs that failed, and those without a value, are not in it. */
  readonly metrics: Readonly<Record<string, Summary>>
  /** Means with the instant cascade as a control, by measure; null where none was asked for. */
  readonly controlled: Readonly<Record<string, Controlled>> | null
}

/** A run that failed, and what to type to see it again. */
export interface FailedReport {
  readonly cell: number
  readonly run: number
  readonly code: string
  readonly text: string
  readonly rerun: string
}

export interface SweepReport {
  readonly schema: 'firebreak.sweep/1'
  readonly run_id: string
  readonly engine_version: string
  readonly scenario: string
  readonly seed: number
  /** The key that tells the runs of a cell apart, and its value in the first of them. */
  readonly draw: 'path' | 'seed'
  readonly first: number
  readonly runs: number
  /** Runs that were spread together; 1: all are independent. */
  readonly batch: number
  /** Probability of all intervals. */
  readonly level: number
  /** Whether they hold however often the sweep was looked at; only means and shares have them. */
  readonly anytime: boolean
  readonly variations: readonly Variation[]
  /** Whether each key was varied alone, instead of every combination. Cell 0 is then the base. */
  readonly one_at_a_time: boolean
  readonly measures: readonly Measure[]
  readonly cells: readonly CellReport[]
  /** Which cells no other dominates, where that was asked for. */
  readonly front?: FrontReport
  readonly failed: readonly FailedReport[]
  readonly warnings: readonly Warning[]
  readonly data: readonly DataSource[]
}

/** What a report is made of. */
export interface SweepFacts {
  readonly plan: Plan
  readonly runs: number
  readonly oneAtATime: boolean
  /** Probability of the intervals, and whether the runs were watched until they were enough. */
  readonly level: number
  readonly anytime?: boolean
  /** Row-major numbers of the runs of a cell, in the order of the runs. */
  readonly rows: (cell: number) => Promise<Float64Array>
  readonly failed: readonly FailedRun[]
  readonly scenario: (cell: number) => Scenario | Promise<Scenario>
  /** The words that repeat a run. */
  readonly rerun: (cell: number, run: number) => string
  readonly warnings: readonly Warning[]
  readonly data: readonly DataSource[]
}

/** Summarises a sweep that is over, cell by cell. */
export async function sweepReport(facts: SweepFacts): Promise<SweepReport> {
  const { plan, runs, failed, level, anytime = false } = facts
  const cells: CellReport[] = []
  let areAlike = runs > 1
  const failures = new Uint32Array(plan.cells.length)
  for (const { cell, run } of failed) failures[cell] += +(run < runs)
  for (let cell = 0; cell < plan.cells.length; cell++) {
    const { values, runId } = plan.cells[cell]
    const lost = failures[cell]
    const rows = await facts.rows(cell)
    areAlike &&= lost === 0 && isOneRow(rows, plan.measures.length)
    const metrics = summaries(plan, rows, { level, anytime })
    const means = plan.extra === 'control' ? await meansOf(facts, cell, rows) : null
    cells.push({ values, run_id: runId, runs, failed: lost, metrics, controlled: means })
  }
  return {
    schema: 'firebreak.sweep/1',
    run_id: plan.id,
    engine_version: plan.engineVersion,
    scenario: plan.scenario,
    seed: plan.seed,
    draw: plan.draw,
    first: plan.first,
    runs,
    batch: plan.batch,
    level,
    anytime,
    variations: plan.variations,
    one_at_a_time: facts.oneAtATime,
    measures: plan.measures,
    cells,
    failed: failed
      .filter(({ run }) => run < runs)
      .map((one) => ({ ...one, rerun: facts.rerun(one.cell, one.run) })),
    warnings: areAlike ? [...facts.warnings, ALIKE] : facts.warnings,
    data: facts.data,
  }
}

/** Every run of a sweep came to the same. */
const ALIKE: Warning = {
  code: 'FB4128',
  text: 'all runs of a cell are alike: nothing in the scenario is drawn',
  effect: 'none',
}

function isOneRow(rows: Float64Array, width: number): boolean {
  return rows.every((value, k) => Object.is(value, rows[k % width]))
}

async function meansOf({ plan, scenario, level }: SweepFacts, cell: number, rows: Float64Array) {
  const width = plan.measures.length
  const column = (name: string) => {
    const m = plan.measures.findIndex((measure) => measure.name === name)
    return Float64Array.from({ length: rows.length / width }, (_, r) => rows[r * width + m])
  }
  return controlledMeans(await scenario(cell), column, level)
}

function summaries(
  { measures, first, batch }: Plan,
  rows: Float64Array,
  holds: Pick<Drawn, 'level' | 'anytime'>,
): Record<string, Summary> {
  const runs = rows.length / measures.length
  return Object.fromEntries(
    measures.map(({ name, range }, m) => {
      const column = Float64Array.from({ length: runs }, (_, r) => rows[r * measures.length + m])
      return [name, summary(column, { seed: first, batch, ...holds }, range)]
    }),
  )
}
