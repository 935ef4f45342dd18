/** Drives a run in time in slices, so that whoever watches is told, and heard when it says stop. */

import { setImmediate } from 'node:timers/promises'
import type { Progress } from '../timed.ts'
import type { TimedReport } from '../timedReport.ts'
import type { TableFiles } from './tables.ts'

/** Where a run in time stands. */
export type Standing = Omit<Progress, 'tables'>

/** Who watches a run. */
export interface Watcher {
  /** Told at most ten times a second. */
  seen(standing: Standing): void
  /** Asked between slices: whether to stop here. */
  stopped(): boolean
}

/** How a run ended: with its report, or stopped where it stood. */
export type Ending =
  | { readonly report: TimedReport; readonly stopped: null }
  | { readonly report: null; readonly stopped: Standing }

/**
 * Runs to the end, or until the watcher says stop. Rows of the tables go to the files on the way.
 *
 * Rule:   a slice ends with the first block past 50 ms; then the event loop has its turn.
 * Throws: what the run and the files throw
 */
export async function drive(
  blocks: Iterator<Progress, TimedReport, void>,
  watcher: Watcher,
  files: TableFiles | null,
): Promise<Ending> {
  let told = Number.NEGATIVE_INFINITY
  for (;;) {
    const start = performance.now()
    const { last, report } = slice(blocks, start + SLICE)
    if (last !== null && start - told >= BETWEEN) {
      watcher.seen(standingOf(last))
      told = start
    }
    if (last !== null) await files?.keep(last.tables)
    if (report !== null) return { report, stopped: null }
    await setImmediate()
    if (watcher.stopped()) return { report: null, stopped: standingOf(last!) }
  }
}

function slice(blocks: Iterator<Progress, TimedReport, void>, until: number) {
  let last: Progress | null = null
  do {
    const step = blocks.next()
    if (step.done) return { last, report: step.value }
    last = step.value
  } while (performance.now() < until)
  return { last, report: null }
}

function standingOf({ tables: _, ...standing }: Progress): Standing {
  return standing
}

/** Milliseconds of a slice, and between two words to the watcher. */
const SLICE = 50
const BETWEEN = 100
