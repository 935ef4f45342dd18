/** One task of a sweep, done: pure, and the same wherever it runs. */

import { FirebreakError, SourceError } from '../errors.ts'
import type { Meter } from './meter.ts'
import type { Span, Task } from './plan.ts'

/** A run that threw. */
export interface FailedRun {
  readonly cell: number
  readonly run: number
  readonly code: string
  readonly text: string
}

/** What a task came to. Plain data: it crosses threads and machines. */
export interface Outcome {
  readonly id: string
  readonly spans: readonly Span[]
  /** Row-major: the runs of the spans in their order, a number for each measure; NaN for none. */
  readonly values: Float64Array
  readonly failed: readonly FailedRun[]
  /** How long it took: only the size of further tasks depends on it. */
  readonly milliseconds: number
}

/**
 * Runs a task. `now` is a clock in milliseconds.
 *
 * Rule: a run that throws is noted and its row is NaN throughout; the rest goes on.
 */
export function workOn(
  task: Task,
  measures: number,
  meterOf: (cell: number) => Meter,
  now: () => number,
): Outcome {
  const start = now()
  const rows = task.spans.reduce((sum, { count }) => sum + count, 0)
  const values = new Float64Array(rows * measures).fill(Number.NaN)
  const failed: FailedRun[] = []
  let row = 0
  for (const { cell, from, count } of task.spans)
    for (let run = from; run < from + count; run++, row++)
      try {
        values.set(meterOf(cell).run(run), row * measures)
      } catch (error) {
        failed.push({ cell, run, ...reasonOf(error) })
      }
  const { id, spans } = task
  return { id, spans, values, failed, milliseconds: now() - start }
}

/** The outcome of a task that could not be run at all: all of its runs failed. */
export function lost(task: Task, measures: number, error: unknown): Outcome {
  const why = reasonOf(error)
  const failed = task.spans.flatMap(({ cell, from, count }) =>
    Array.from({ length: count }, (_, k) => ({ cell, run: from + k, ...why })),
  )
  const values = new Float64Array(failed.length * measures).fill(Number.NaN)
  return { id: task.id, spans: task.spans, values, failed, milliseconds: 0 }
}

function reasonOf(thrown: unknown): { code: string; text: string } {
  const error = isOutOfMemory(thrown) ? new OutOfMemoryError(thrown) : thrown
  if (error instanceof FirebreakError) return { code: error.code, text: error.message }
  return { code: 'FB1000', text: error instanceof Error ? error.message : String(error) }
}

/** Of a thread as Node says it, and of an array as V8 does. */
function isOutOfMemory(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return true
  return error instanceof RangeError && /allocation failed/i.test(error.message)
}

/** Code of a run that may succeed where there is more memory: it is tried again on --resume. */
export const OUT_OF_MEMORY = 'FB4304'

/** A run does not fit into the memory that it has. */
export class OutOfMemoryError extends SourceError {
  constructor(cause: Error) {
    super({
      code: OUT_OF_MEMORY,
      rule: 'the run needs more memory than there was',
      came: cause.message,
      remedy: 'Give more with --memory or fewer --workers; --resume tries it again',
      cause,
    })
  }
}
