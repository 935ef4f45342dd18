/** Reading and running a draft. */

import { readScenario } from '../../src/ingest/read.ts'
import { instantRun } from '../../src/instant.ts'
import { type Progress, timedRun } from '../../src/timed.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { sourceOf } from './bundle.ts'
import type { Draft, DroppedFile, Questions, ReadFacts, RunProgress } from './protocol.ts'

/** Reads a draft with everything that it names. Throws: as `readScenario` */
export async function readOf(draft: Draft, files: readonly DroppedFile[]) {
  return await readScenario(draft.entry, sourceOf(draft, files), draft.overrides)
}

/** What the page needs to know of what was read. */
export function factsOf({
  scenario,
  runId,
  engineVersion,
  resolved,
}: Awaited<ReturnType<typeof readOf>>): ReadFacts {
  return {
    ...{ name: scenario.name, runId, engineVersion },
    resolved: resolved as ReadFacts['resolved'],
    isTimed: scenario.time !== null,
  }
}

export async function readDraft(
  draft: Draft,
  files: readonly DroppedFile[],
): Promise<Questions['read']['answer']> {
  return factsOf(await readOf(draft, files))
}

export async function runDraft(
  draft: Draft,
  files: readonly DroppedFile[],
  part: (part: RunProgress) => void,
): Promise<Questions['run']['answer']> {
  const read = await readOf(draft, files)
  const { scenario, runId, engineVersion, data } = read
  const stamp = { runId, engineVersion, data }
  const accounts = scenario.protocols.reduce(
    (sum, { positions }) => sum + positions.accounts.length,
    0,
  )
  part({ accounts, blocks: null })
  const report =
    scenario.time === null ? instantRun(scenario, stamp) : watched(timedRun(scenario, stamp), tell)
  return { ...factsOf(read), report }

  function tell({ passed, all }: Progress) {
    part({ accounts, blocks: { passed, all } })
  }
}

/** Runs to the end; tells where it is, a few times a second. */
function watched(
  blocks: Iterator<Progress, TimedReport, void>,
  tell: (progress: Progress) => void,
): TimedReport {
  let told = performance.now()
  for (;;) {
    const step = blocks.next()
    if (step.done) return step.value
    const now = performance.now()
    if (now - told < BETWEEN_MS) continue
    told = now
    tell(step.value)
  }
}

const BETWEEN_MS = 100
