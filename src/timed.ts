/** A run in time: a resolved scenario goes in, blocks come out one by one, a report at the end. */

import { badDebtUsd, recorderFor } from './block/recorder.ts'
import type { Counterfactual, Stage } from './block/stage.ts'
import { blocks } from './blocks.ts'
import { timedReport } from './outcome/report.ts'
import type { Paths } from './paths/sample.ts'
import type { Stamp } from './report.ts'
import type { Scenario } from './scenario.ts'
import { copyOpening, openingOf, stageOf } from './stage.ts'
import type { Table } from './table.ts'
import type { TimedReport } from './timedReport.ts'

/** Where a run stands after a block. */
export interface Progress {
  /**
   * First, where prices are a record, the run that finds the outside move beneath it; then the run
   * without feedback, to compare with. Neither fills tables.
   */
  readonly phase: 'inference' | 'counterfactual' | 'run'
  readonly block: number
  readonly blocks: number
  /** Blocks that ran, and blocks that will have run, in all phases together. */
  readonly passed: number
  readonly all: number
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
  const { pricesAre } = scenario.time!
  const isFelt = scenario.feedback && pricesAre !== 'given'
  let paths: Paths | undefined
  let inference: Stage['tally']['inference'] | null = null
  let counterfactual: Counterfactual | null = null
  const phases = !isFelt ? 1 : pricesAre === 'inferred' ? 3 : 2
  const opening = openingOf(scenario)
  if (phases === 3) {
    const finder = stageOf(scenario, true, null, undefined, true, copyOpening(opening))
    yield* phase('inference', finder, blocks(finder, null), phases, [])
    paths = finder.paths
    inference = finder.tally.inference
  }
  if (phases >= 2) {
    const quiet = stageOf(scenario, false, null, paths, false, copyOpening(opening))
    yield* phase('counterfactual', quiet, blocks(quiet, null), phases, [])
    counterfactual = withoutFeedback(quiet)
  }
  const stage = stageOf(scenario, isFelt, counterfactual, paths, false, opening)
  if (inference !== null) Object.assign(stage.tally.inference, inference)
  const recorder = recorderFor(stage)
  const tables = [recorder.frames, recorder.events]
  yield* phase('run', stage, blocks(stage, recorder), phases, tables)
  return timedReport(stage, recorder, stamp)
}

function* phase(
  name: Progress['phase'],
  stage: Stage,
  loop: Generator<number, void>,
  phases: number,
  tables: readonly Table[],
): Generator<Progress, void> {
  const { blocks } = stage.time
  const all = phases * blocks
  const earlier = all - (name === 'run' ? 1 : name === 'counterfactual' ? 2 : 3) * blocks
  for (const block of loop)
    yield { phase: name, block, blocks, passed: earlier + block, all, tables }
}

function withoutFeedback(stage: Stage): Counterfactual {
  const { firstBlock, repaidUsd } = stage.tally
  let accounts = 0
  for (const block of firstBlock) accounts += +(block > 0)
  return { firstBlock, repaidUsd, badDebtUsd: badDebtUsd(stage), accounts }
}
