/** What every exported file says of where it comes from. */

import { retyped } from '../../src/document/retyped.ts'
import { shortId } from '../../src/format.ts'
import type { Draft } from '../engine/protocol.ts'
import type { Ran } from '../state/store.ts'

/** The command that gives the same numbers, as the documents of the command line name it. */
export function rerunOf({ entry, overrides }: Draft): string {
  return `firebreak run ${retyped({ entry, overrides, data: null })}`
}

/** The same as one types it in the repository. */
export function commandOf(draft: Draft): string {
  return rerunOf(draft).replace('firebreak', 'node bin/firebreak.js')
}

/** The name of a file without its ending: the scenario, what is in it, and the short run id. */
export function fileName({ name, runId }: Pick<Ran, 'name' | 'runId'>, part: string): string {
  const plain = name.replace(/[^\w.-]+/g, '-')
  return [plain, part, shortId(runId).replace('…', '-')].filter((word) => word !== '').join('-')
}

/**
 * A table with the time of its data and the rerun command in columns after its own.
 *
 * Rule: rows carry the run id and the seed already; columns, and not comments, because every
 *       program reads them.
 */
export function stamped(csv: string, asOf: string | null, command: string): string {
  const [head, ...rows] = recordsOf(csv)
  const stamp = [asOf ?? '', command].map(field).join(',')
  return `${[`${head},data_as_of,rerun`, ...rows.map((row) => `${row},${stamp}`)].join('\n')}\n`
}

/** Lines of a table; a line end within quotes does not end one. */
function recordsOf(csv: string): string[] {
  return csv.match(/(?:[^"\n]|"[^"]*")+/g) ?? ['']
}

function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
