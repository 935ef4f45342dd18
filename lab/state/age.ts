/** How old the data behind a run is. */

import { duration } from '../../src/format.ts'

/** What a chip says of the data, and whether that is a warning. */
export interface Age {
  readonly text: string
  readonly tone: 'plain' | 'fresh' | 'stale'
}

/**
 * The age of what a run read, at `now` in milliseconds.
 *
 * Rule: made-up data has no age; data without a time is as doubtful as old data.
 */
export function ageOf(asOf: string | null, isSynthetic: boolean, now: number): Age {
  const time = asOf === null ? Number.NaN : Date.parse(asOf)
  if (Number.isNaN(time))
    return isSynthetic
      ? { text: 'synthetic', tone: 'plain' }
      : { text: 'age unknown', tone: 'stale' }
  const seconds = Math.max(0, Math.round((now - time) / 1000))
  if (seconds > DATED_SECONDS) return { text: `data of ${asOf!.slice(0, 10)}`, tone: 'stale' }
  const text = `data ${duration(seconds)} old`
  return { text, tone: seconds > STALE_SECONDS ? 'stale' : 'fresh' }
}

const STALE_SECONDS = 3600
/** Older than this, the day says more than a number of hours. */
const DATED_SECONDS = 2 * 86_400
