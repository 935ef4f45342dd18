/**
 * One piece of work for the engine: which scenario, changed how. Plain data: it crosses threads.
 */

import type { Override } from '../ingest/compose.ts'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import type { DataSource, Report } from '../report.ts'
import { run } from '../run.ts'

/** What to read and how. Overrides are scenario keys with values as typed. */
export interface Job {
  readonly entry: string
  /** Folder against which `entry` and `data` resolve. */
  readonly folder: string
  readonly data: string | null
  readonly overrides: readonly Override[]
  /** Only read and check. */
  readonly checkOnly: boolean
}

/** What came of it. `report` is null when the scenario was only checked. */
export interface Computed {
  readonly report: Report | null
  /** The scenario as plain JSON, with everything filled in. */
  readonly resolved: unknown
  readonly runId: string
  readonly data: readonly DataSource[]
  /** Conditions that the scenario itself sets. */
  readonly gates: readonly string[]
}

/** Reads the scenario and runs it. Throws what they throw. */
export async function work(job: Job): Promise<Computed> {
  const source = diskSource(job.folder, job.data)
  const read = await readScenario(job.entry, source, job.overrides)
  const { scenario, runId, engineVersion, data, resolved, gates } = read
  const report = job.checkOnly ? null : run(scenario, { runId, engineVersion, data })
  return { report, resolved, runId, data, gates }
}
