/** Conducts a sweep: what is missing is cut into tasks, run somewhere, and kept. */

import { groupsOf, type Task } from '../sweep/plan.ts'
import type { Outcome } from '../sweep/work.ts'
import type { Executor } from './executor.ts'
import { type Planned, taskId } from './plan.ts'
import type { Store } from './store.ts'

/** Where a sweep stands. */
export interface Standing {
  /** Runs that are kept, of all; those that were kept before this process began. */
  readonly done: number
  readonly all: number
  readonly before: number
  readonly failed: number
}

/** Whoever watches a sweep may stop it between two tasks. */
export interface Watcher {
  seen(standing: Standing): void
  stopped(): boolean
}

/**
 * Runs all of `runs` runs of every cell that the store has not, and keeps them.
 *
 * Rule:  a task is work for about `taskMs`, as far as the tasks before it tell; what comes in is
 *        kept at once, in one transaction a task. False where it was stopped.
 * Units: `taskMs` in milliseconds.
 */
export async function conduct(
  { plan }: Pick<Planned, 'plan'>,
  runs: number,
  store: Store,
  executor: Executor,
  watcher: Watcher,
  taskMs = TASK_MS,
): Promise<boolean> {
  const pace = paceOf(taskMs)
  const all = runs * plan.cells.length
  const before = keptOf(plan, runs, store)
  let done = before
  let failed = 0
  const tell = () => watcher.seen({ done, all, before, failed })
  const stopped = () => watcher.stopped()
  const keep = async (tasks: Iterable<Task>) => {
    for await (const outcome of executor.outcomes(tasks, stopped)) {
      await store.add(outcome)
      done += outcome.spans.reduce((sum, { count }) => sum + count, 0)
      pace.note(outcome)
      failed += outcome.failed.length
      tell()
    }
  }
  tell()
  // One run alone says how long a run takes.
  const [pilot] = tasksOf(plan, runs, store, pace.size)
  if (pilot !== undefined) await keep([pilot])
  await keep(tasksOf(plan, runs, store, pace.size))
  return keptOf(plan, runs, store) >= all
}

/** Runs below `runs` that are kept; a store may hold more of a longer sweep. */
export function keptOf(plan: Planned['plan'], runs: number, store: Pick<Store, 'has'>): number {
  let kept = 0
  for (let cell = 0; cell < plan.cells.length; cell++)
    for (let run = 0; run < runs; run++) kept += +store.has(cell, run)
  return kept
}

function* tasksOf(
  plan: Planned['plan'],
  runs: number,
  store: Store,
  size: () => number,
): Generator<Task, void> {
  // What is under way is not in the store yet, but the groups have passed it.
  for (const spans of groupsOf(plan.cells.length, runs, size, store.has))
    yield { id: taskId(plan, spans), spans }
}

/** How many runs make a task: as many as the last ones say fit into its time. */
function paceOf(taskMs: number): { size(): number; note(outcome: Outcome): void } {
  let each: number | null = null
  return {
    size: () => (each === null ? 1 : Math.max(1, Math.min(RUNS_MOST, Math.round(taskMs / each)))),
    note({ spans, milliseconds }) {
      const runs = spans.reduce((sum, { count }) => sum + count, 0)
      const now = Math.max(MS_LEAST, milliseconds / runs)
      each = each === null ? now : KEPT * each + (1 - KEPT) * now
    },
  }
}

const TASK_MS = 250
const RUNS_MOST = 1000
const MS_LEAST = 0.05
/** The share of an average that the next value leaves. */
const KEPT = 0.7
