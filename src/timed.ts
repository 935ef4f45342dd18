/** A run in time: a resolved scenario goes in, blocks come out one by one, a report at the end. */

import { badDebtUsd, recorderFor } from './block/recorder.ts'
import type { Counterfactual, Stage } from './block/stage.ts'
import { blocks } from './blocks.ts'
import { timedReport } from './outcome/report.ts'
import type { Stamp } from './report.ts'
import type { Scenario } from './scenario.ts'
import { stageOf } from './stage.ts'
import type { Table } from './table.ts'
import type { TimedReport } from './timedReport.ts'

/** Where a run stands after a block. */
export interface Progress {
  /** The run without feedback comes first, for comparison; it fills no tables. */
  readonly phase: 'counterfactual' | 'run'
  readonly block: number
  readonly blocks: number
  /** `frames` and `events`, as far as they are. */
  readonly tables: readonly Table[]
}

/**
 * Runs a scenario block by block; yields after each, so that whoever drives it may stop.
 *
 * Units:  see `TimedReport`.
 * Throws: InputError when the scenario cannot be set up
 */
export function* timedRun(
  scenario: Scenario,
  stamp: Stamp,
): Generator<Progress, TimedReport, void> {
  const count = scenario.time!.blocks
  const isFelt = scenario.feedback && scenario.time!.pricesAre !== 'given'
  let counterfactual: Counterfactual | null = null
  if (isFelt) {
    const quiet = stageOf(scenario, false, null)
    yield* phase('counterfactual', blocks(quiet, null), count, [])
    counterfactual = withoutFeedback(quiet)
  }
  const stage = stageOf(scenario, isFelt, counterfactual)
  const recorder = recorderFor(stage)
  const tables = [recorder.frames, recorder.events]
  yield* phase('run', blocks(stage, recorder), count, tables)
  return timedReport(stage, recorder, stamp)
}

function* phase(
  name: Progress['phase'],
  loop: Generator<number, void>,
  count: number,
  tables: readonly Table[],
): Generator<Progress, void> {
  for (const block of loop) yield { phase: name, block, blocks: count, tables }
}

function withoutFeedback(stage: Stage): Counterfactual {
  const { firstBlock, repaidUsd } = stage.tally
  let accounts = 0
  for (const block of firstBlock) accounts += +(block > 0)
  return { firstBlock, repaidUsd, badDebtUsd: badDebtUsd(stage), accounts }
}
