/** What `--out` keeps of a run: all of it, or what there was when it was stopped. */

import { type OutFile, runFiles } from '../document/files.ts'
import { count } from '../format.ts'
import type { Report } from '../report.ts'
import type { TimedReport } from '../timedReport.ts'
import type { Computed } from './job.ts'
import { saveFolder } from './save.ts'

/** Stands in a folder instead of a result: the run was stopped. */
export const partialName = 'partial.json'
export const resultName = 'result.json'

/**
 * Writes the result, the scenario as resolved, tables and pictures. `folder` is absolute.
 *
 * Throws: UnwritableError
 */
export async function saveRun(
  folder: string,
  report: Report | TimedReport,
  { resolved }: Computed,
  command: string,
): Promise<void> {
  const files =
    report.schema === 'firebreak.run/1'
      ? [
          ...facts(report, resolved),
          ...(await import('../document/timedFiles.ts')).timedFiles(report, command),
        ]
      : runFiles(report, resolved, command)
  saveFolder(folder, files, [partialName])
}

function facts(report: TimedReport, resolved: unknown): OutFile[] {
  return [{ name: resultName, text: `${JSON.stringify(report)}\n` }, scenarioFile(resolved)]
}

/**
 * Writes the tables as far as they came, with a note in place of the result, and returns what was
 * kept in words; null where no table has a row, and then nothing is written.
 *
 * Throws: UnwritableError
 */
export function saveStopped(folder: string, computed: Computed): string | null {
  const { stopped, tables, name, resolved, runId, engineVersion } = computed
  const kept = tables.filter(({ rows }) => rows > 0)
  if (kept.length === 0) return null
  const note = {
    schema: 'firebreak.partial/1',
    run_id: runId,
    engine_version: engineVersion,
    scenario: name,
    stopped,
    tables,
    note: 'The run was stopped: the tables end where it stood, and there is no result.',
  }
  const files = [
    { name: partialName, text: `${JSON.stringify(note, null, 2)}\n` },
    scenarioFile(resolved),
  ]
  saveFolder(folder, files, [resultName])
  return kept
    .map(({ file, rows }) => `${count(rows)} ${rows === 1 ? 'row' : 'rows'} of ${file}`)
    .join(' and ')
}

function scenarioFile(resolved: unknown): OutFile {
  return { name: 'scenario.json', text: `${JSON.stringify(resolved, null, 2)}\n` }
}
