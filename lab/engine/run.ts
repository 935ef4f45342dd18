/** Reading and running a draft. */

import { readScenario } from '../../src/ingest/read.ts'
import { run } from '../../src/run.ts'
import { sourceOf } from './bundle.ts'
import type { Draft, DroppedFile, Questions, ReadFacts } from './protocol.ts'

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
): Promise<Questions['run']['answer']> {
  const read = await readOf(draft, files)
  const { scenario, runId, engineVersion, data } = read
  return { ...factsOf(read), report: run(scenario, { runId, engineVersion, data }) }
}
