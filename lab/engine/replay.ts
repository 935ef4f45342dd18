/** Runs a draft and answers with all of it, as the columns that Replay plays. */

import type { Table } from '../../src/table.ts'
import { timedRun } from '../../src/timed.ts'
import type { Draft, DroppedFile, Questions } from './protocol.ts'
import type { ReplayColumns } from './replayColumns.ts'
import { instantColumns, timedColumns } from './replayRun.ts'
import { readOf } from './run.ts'

/** Runs a draft and keeps all of it. A run in time tells how far it is, ten times a second. */
export async function replayDraft(
  draft: Draft,
  files: readonly DroppedFile[],
  part: (part: Questions['replay']['part']) => void,
): Promise<ReplayColumns> {
  const { scenario, runId, engineVersion, data } = await readOf(draft, files)
  if (scenario.time === null) return instantColumns(scenario, runId)
  const blocks = timedRun(scenario, { runId, engineVersion, data })
  let tables: readonly Table[] = []
  let told = performance.now()
  for (;;) {
    const step = blocks.next()
    if (step.done) return timedColumns(step.value, tables)
    tables = step.value.tables
    if (performance.now() - told < BETWEEN_MS) continue
    told = performance.now()
    part({ done: step.value.passed / step.value.all })
  }
}

/** Milliseconds between two words on how far it is. */
const BETWEEN_MS = 100
