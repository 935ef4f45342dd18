/** What every part of the reader needs, and what they find on their way. */

import { InputError } from '../errors.ts'
import type { DataSource } from '../report.ts'
import type { Scenario } from '../scenario.ts'
import type { Assets } from './assets.ts'
import type { FileSource } from './bytes.ts'
import { duration, instant } from './quantity.ts'
import type { ScenarioKeys } from './schema.ts'
import { TableError } from './table.ts'
import type { TimeKeys } from './timeKeys.ts'
import type { Step, Tree } from './tree.ts'
import { keyError } from './validate.ts'

/** One reading. `data` and `warnings` grow while it goes on. */
export interface Context {
  readonly keys: ScenarioKeys
  /** Null: an instant cascade. */
  readonly time: TimeKeys | null
  readonly tree: Tree
  readonly assets: Assets
  readonly source: FileSource
  /** Path of the scenario: files resolve from it. */
  readonly path: string
  readonly data: DataSource[]
  readonly warnings: Scenario['warnings'][number][]
}

/** Unix seconds of a time that the schema has checked; null where none was given. */
export function secondsOf(time: string | undefined | null): number | null {
  const reading = time === undefined || time === null ? null : instant(time)
  return reading !== null && 'value' in reading ? reading.value : null
}

/**
 * Refuses a file that is older, at the scenario's `asOf`, than its `maxAge`.
 *
 * Throws: TableError when it is stale; ScenarioKeyError when an `asOf` to judge it by is missing
 */
export function checkAge(
  keys: { readonly file?: string | undefined; readonly asOf?: string | undefined } & {
    readonly maxAge?: string | undefined
  },
  context: Context,
  path: readonly Step[],
): void {
  if (keys.maxAge === undefined) return
  const recorded = secondsOf(keys.asOf)
  const now = secondsOf(context.keys.asOf)
  if (recorded === null || now === null) {
    throw keyError(context.tree, [...path, 'maxAge'], {
      code: 'FB2051',
      rule: 'an age needs asOf beside it and asOf of the scenario',
      remedy: 'Add both as ISO-8601 times, or remove maxAge',
    })
  }
  const limit = duration(keys.maxAge)
  if (!('value' in limit) || now - recorded <= limit.value) return
  throw new TableError({
    code: 'FB4024',
    rule: `the file must not be older than ${keys.maxAge} at ${context.keys.asOf}`,
    place: keys.file ?? '',
    came: `recorded ${keys.asOf}`,
    remedy: 'Get a newer recording, or allow more under maxAge',
  })
}

/** Runs a check of the engine; what it refuses is said at the scenario's own line. */
export function at<T>(context: Context, path: readonly Step[], check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { code, came, remedy, place } = error
    throw keyError(context.tree, path, {
      code,
      rule: error.rule,
      ...(came === undefined ? {} : { came: place === undefined ? came : `${came} at ${place}` }),
      ...(remedy === undefined ? {} : { remedy: remedy.replace(/\.$/, '') }),
      cause: error,
    })
  }
}
