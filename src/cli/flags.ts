/** Flags that say which scenario to run: shared by `run` and `report`. */

import type { Job } from './job.ts'
import { OverrideSyntaxError } from './usage.ts'

/** Flags as the parser gives them. */
export type Flags = Readonly<Record<string, unknown>>

/**
 * The job that a scenario and its flags describe.
 *
 * Rule:   flags are overrides of scenario keys; `--set` comes last and wins.
 * Throws: OverrideSyntaxError
 */
export function jobOf(entry: string, flags: Flags, folder: string, checkOnly: boolean): Job {
  const overrides: [string, string][] = []
  if (typeof flags.drop === 'string') overrides.push(['shock.drop', flags.drop])
  if (typeof flags.order === 'string') overrides.push(['order', flags.order])
  if (flags.feedback === false) overrides.push(['feedback', 'false'])
  for (const text of (flags.set as string[] | undefined) ?? []) {
    const at = text.indexOf('=')
    if (at < 1) throw new OverrideSyntaxError(text)
    overrides.push([text.slice(0, at).trim(), text.slice(at + 1).trim()])
  }
  const data = typeof flags.data === 'string' ? flags.data : null
  return { entry, folder, data, overrides, checkOnly, tables: null }
}
