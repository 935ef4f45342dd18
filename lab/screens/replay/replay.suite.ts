/** Runs for the tests of Replay: examples as their columns. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readScenario } from '../../../src/ingest/read.ts'
import type { Report } from '../../../src/report.ts'
import { run } from '../../../src/run.ts'
import { timedRun } from '../../../src/timed.ts'
import type { TimedReport } from '../../../src/timedReport.ts'
import type { ReplayColumns } from '../../engine/replayColumns.ts'
import { instantColumns, timedColumns } from '../../engine/replayRun.ts'

const examples = join(import.meta.dirname, '../../../examples')

/** A run of an example: its report and the columns that Replay plays. */
export interface Recorded<R> {
  readonly report: R
  readonly columns: ReplayColumns
}

async function read(entry: string) {
  const source = {
    read: (path: string) => readFileSync(join(examples, path)),
    resolve: (_: string, name: string) => (name.endsWith('.yaml') ? name : `${name}.yaml`),
  }
  return await readScenario(`${entry}.yaml`, source, [])
}

export async function instant(entry: string): Promise<Recorded<Report>> {
  const { scenario, ...stamp } = await read(entry)
  const columns = instantColumns(scenario, stamp.runId)
  return { report: run(scenario, stamp) as Report, columns }
}

export async function timed(entry: string): Promise<Recorded<TimedReport>> {
  const { scenario, ...stamp } = await read(entry)
  const blocks = timedRun(scenario, stamp)
  for (let tables = [] as Parameters<typeof timedColumns>[1]; ; ) {
    const step = blocks.next()
    if (step.done) return { report: step.value, columns: timedColumns(step.value, tables) }
    tables = step.value.tables
  }
}
