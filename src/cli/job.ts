/**
 * One piece of work for the engine: which scenario, changed how. Plain data: it crosses threads.
 */

import type { Override } from '../ingest/compose.ts'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import type { DataSource, Report } from '../report.ts'
import type { timedRun } from '../timed.ts'
import type { TimedReport } from '../timedReport.ts'
import { stage, unstage } from './save.ts'
import { drive, type Standing, type Watcher } from './slices.ts'
import { type TableFormat, tableFiles, type Written } from './tables.ts'
import { NoTablesError } from './usage.ts'

/** What to read and how. Overrides are scenario keys with values as typed. */
export interface Job {
  readonly entry: string
  /** Folder against which `entry` and `data` resolve. */
  readonly folder: string
  readonly data: string | null
  readonly overrides: readonly Override[]
  /** Only read and check. */
  readonly checkOnly: boolean
  /** Where the tables of a run in time wait to be saved; null: nowhere. */
  readonly tables: Tables | null
}

/** The tables that `--out` keeps. */
export interface Tables {
  /** The folder of `--out`, absolute. */
  readonly out: string
  /** Null where the user named none. */
  readonly format: TableFormat | null
}

/** What came of it. */
export interface Computed {
  /** Null when the scenario was only checked, or the run was stopped. */
  readonly report: Report | TimedReport | null
  /** Where the run was stopped; null when it was not. */
  readonly stopped: Standing | null
  /** Tables that wait to be saved. */
  readonly tables: readonly Written[]
  readonly name: string
  /** The scenario as plain JSON, with everything filled in. */
  readonly resolved: unknown
  readonly runId: string
  readonly engineVersion: string
  readonly data: readonly DataSource[]
  /** Conditions that the scenario itself sets. */
  readonly gates: readonly string[]
}

/**
 * Reads the scenario and runs it; files of tables are made in a thread of their own where
 * `isThreaded`. Throws what they throw.
 */
export async function work(
  job: Job,
  watcher: Watcher = nobody,
  isThreaded = false,
): Promise<Computed> {
  const source = diskSource(job.folder, job.data)
  const read = await readScenario(job.entry, source, job.overrides)
  const { scenario, runId, engineVersion, data, resolved, gates } = read
  const facts = { name: scenario.name, resolved, runId, engineVersion, data, gates }
  const nothing = { report: null, stopped: null, tables: [] }
  if (scenario.time === null && job.tables?.format) throw new NoTablesError(job.entry)
  if (job.checkOnly) return { ...facts, ...nothing }
  const stamp = { runId, engineVersion, data }
  // One of the two engines is loaded, not both.
  if (scenario.time === null) {
    const { instantRun } = await import('../instant.ts')
    return { ...facts, ...nothing, report: instantRun(scenario, stamp) }
  }
  const { timedRun } = await import('../timed.ts')
  const blocks = timedRun(scenario, stamp)
  return { ...facts, ...(await inTime(blocks, runId, job.tables, watcher, isThreaded)) }
}

/**
 * Runs block by block and keeps the tables, whole or as far as they came. Where not one block was
 * recorded, nothing is kept.
 */
export async function inTime(
  blocks: ReturnType<typeof timedRun>,
  runId: string,
  kept: Tables | null,
  watcher: Watcher,
  isThreaded = false,
): Promise<Pick<Computed, 'report' | 'stopped' | 'tables'>> {
  if (kept === null) return { ...(await drive(blocks, watcher, null)), tables: [] }
  const files = tableFiles(stage(kept.out), kept.format ?? 'parquet', isThreaded)
  try {
    const ending = await drive(blocks, watcher, files)
    const tables = await files.finish(runId, ending.report !== null)
    return { ...ending, tables }
  } catch (error) {
    await files.drop()
    unstage(kept.out)
    throw error
  }
}

const nobody: Watcher = { seen: () => {}, stopped: () => false }
