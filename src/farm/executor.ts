/** Where tasks of a sweep are run: in this process, on threads, or by a queue on many machines. */

import { meterOf } from '../sweep/meter.ts'
import type { Task } from '../sweep/plan.ts'
import { lost, type Outcome, workOn } from '../sweep/work.ts'
import { NotTriedError, type Pool, type Supply, threadPool } from './pool.ts'

/** Runs tasks somewhere. */
export interface Executor {
  /**
   * Runs tasks and gives their outcomes in any order; ends when all are done, or, once `stopped`
   * says so, when those that had begun are.
   */
  outcomes(tasks: Iterable<Task>, stopped: () => boolean): AsyncGenerator<Outcome, void>
  close(): Promise<void>
}

/** Runs tasks one after the other where it stands. For tests, and where there are no threads. */
export function inline(supply: Supply): Executor {
  return {
    async *outcomes(tasks, stopped) {
      for (const task of tasks) {
        if (stopped()) return
        const meters = new Map<number, ReturnType<typeof meterOf>>()
        for (const { cell } of task.spans)
          meters.set(cell, meterOf(await supply.scenario(cell), supply))
        yield workOn(
          task,
          supply.measures,
          (cell) => meters.get(cell)!,
          () => performance.now(),
        )
        // A turn of the event loop, so that an interruption is heard.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    close: async () => {},
  }
}

/** Runs tasks on threads of this machine. */
export function threads(size: number, supply: Supply, memoryMb: number | null): Executor {
  const pool = threadPool(size, supply, memoryMb)
  const run = (task: Task) => runOrNote(pool, task, supply.measures)
  return {
    outcomes: (tasks, stopped) => inFlight(tasks, 2 * size, run, stopped),
    close: () => pool.close(),
  }
}

/**
 * Runs a task on a pool. Where it ends its thread, its runs are tried one by one, and those that
 * still do are noted as failed. What could not be tried is no failed run: NotTriedError.
 */
export async function runOrNote(pool: Pool, task: Task, measures: number): Promise<Outcome> {
  try {
    return await pool.run(task)
  } catch (error) {
    if (error instanceof NotTriedError) throw error
    const alone = task.spans.flatMap(({ cell, from, count }) =>
      Array.from({ length: count }, (_, k) => ({ cell, from: from + k, count: 1 })),
    )
    if (alone.length === 1) return lost(task, measures, error)
    const parts: Outcome[] = []
    for (const span of alone)
      parts.push(await runOrNote(pool, { id: task.id, spans: [span] }, measures))
    const values = Float64Array.from(parts.flatMap((part) => [...part.values]))
    const failed = parts.flatMap((part) => part.failed)
    const milliseconds = parts.reduce((sum, part) => sum + part.milliseconds, 0)
    return { id: task.id, spans: task.spans, values, failed, milliseconds }
  }
}

/**
 * Keeps so many tasks under way and yields each as it ends. Rejects as the first that does; once
 * `gone` resolves, what is under way is given up.
 */
export async function* inFlight(
  tasks: Iterable<Task>,
  most: number,
  run: (task: Task) => Promise<Outcome>,
  stopped: () => boolean,
  gone: Promise<null> = new Promise(() => {}),
): AsyncGenerator<Outcome, void> {
  const iterator = tasks[Symbol.iterator]()
  const under = new Map<Task, Promise<[Task, Outcome]>>()
  let isOver = false
  for (;;) {
    while (!isOver && under.size < most && !stopped()) {
      const next = iterator.next()
      isOver = next.done === true
      if (next.done) break
      const task = next.value
      under.set(
        task,
        run(task).then((outcome) => [task, outcome]),
      )
    }
    if (under.size === 0) return
    const ended = await Promise.race([...under.values(), gone])
    if (ended === null) return
    const [task, outcome] = ended
    under.delete(task)
    yield outcome
  }
}
