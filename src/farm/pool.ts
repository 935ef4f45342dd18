/** Threads that run tasks. A thread that dies takes nothing with it but the task in its hands. */

import { Worker } from 'node:worker_threads'
import type { Scenario } from '../scenario.ts'
import type { Extra } from '../sweep/meter.ts'
import type { Task } from '../sweep/plan.ts'
import type { Outcome } from '../sweep/work.ts'

/** A task was not tried: the pool is closed, or a scenario cannot be had. The task may be fine. */
export class NotTriedError extends Error {}

/** Runs tasks, as many at a time as it has hands; more wait their turn. */
export interface Pool {
  /** Rejects where a task has ended its thread as often as may be; NotTriedError otherwise. */
  run(task: Task): Promise<Outcome>
  close(): Promise<void>
}

/** What a pool needs to know of a plan. */
export interface Supply {
  readonly extra: Extra
  readonly measures: number
  scenario(cell: number): Scenario | Promise<Scenario>
}

/** What a thread is sent: scenarios that it has not, the cells it may forget, and a task. */
export interface Order {
  readonly task: Task
  readonly extra: Extra
  readonly measures: number
  readonly scenarios: readonly (readonly [cell: number, scenario: Scenario])[]
  readonly forget: readonly number[]
}

/** A thread, and the cells whose scenarios it has, the latest last. */
interface Hand {
  readonly worker: Worker
  readonly held: number[]
}

interface Waiting {
  readonly task: Task
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: Error) => void
  attempts: number
}

/**
 * Opens a pool of `size` threads, which are started as they are needed.
 *
 * Rule:  a task whose thread dies is tried again on a new one, at most ATTEMPTS times in all; a
 *        thread holds the scenarios of its last HELD cells and those of its task.
 * Units: `memoryMb` bounds the heap of each thread; null: as Node has it.
 */
export function threadPool(size: number, supply: Supply, memoryMb: number | null = null): Pool {
  const limits = memoryMb === null ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }
  const idle: Hand[] = []
  const hands = new Set<Hand>()
  const waiting: Waiting[] = []
  let isClosed = false
  const hire = (): Hand => {
    const worker = new Worker(new URL('./thread.js', import.meta.url), limits)
    const hand = { worker, held: [] }
    hands.add(hand)
    return hand
  }
  const next = () => {
    if (isClosed || waiting.length === 0) return
    const hand = idle.pop() ?? (hands.size < size ? hire() : null)
    if (hand === null) return
    const job = waiting.shift()!
    handOver(hand, job.task, supply).then(
      (outcome) => {
        idle.push(hand)
        job.resolve(outcome)
        next()
      },
      (error: Error) => {
        if (error instanceof NotTriedError) {
          idle.push(hand)
          job.reject(error)
          next()
          return
        }
        hands.delete(hand)
        void hand.worker.terminate()
        job.attempts++
        if (isClosed) job.reject(closed())
        else if (job.attempts >= ATTEMPTS) job.reject(error)
        else waiting.unshift(job)
        next()
      },
    )
  }
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (isClosed) reject(closed())
        waiting.push({ task, resolve, reject, attempts: 0 })
        next()
      }),
    async close() {
      isClosed = true
      for (const { reject } of waiting.splice(0)) reject(closed())
      await Promise.all([...hands].map(({ worker }) => worker.terminate()))
    },
  }
}

function closed(): NotTriedError {
  return new NotTriedError('the pool is closed')
}

async function handOver(hand: Hand, task: Task, supply: Supply): Promise<Outcome> {
  const { worker, held } = hand
  const cells = [...new Set(task.spans.map(({ cell }) => cell))]
  const missing = cells.filter((cell) => !held.includes(cell))
  const scenarios = await scenariosOf(missing, supply)
  const spare = held.filter((cell) => !cells.includes(cell))
  const forget = spare.slice(0, Math.max(0, spare.length - HELD))
  held.splice(0, held.length, ...held.filter((cell) => !forget.includes(cell)), ...missing)
  const { extra, measures } = supply
  const order: Order = { task, extra, measures, scenarios, forget }
  return await new Promise((resolve, reject) => {
    const done = (outcome: Outcome) => settle(() => resolve(outcome))
    const failed = (error: Error) => settle(() => reject(error))
    const gone = (code: number) => failed(new Error(`a thread ended with ${code}`))
    const settle = (how: () => void) => {
      worker.off('message', done).off('error', failed).off('exit', gone)
      how()
    }
    worker.on('message', done).on('error', failed).on('exit', gone)
    worker.postMessage(order)
  })
}

/** One after the other: each may hold a book of its own while it is read. */
async function scenariosOf(cells: readonly number[], supply: Supply): Promise<Order['scenarios']> {
  const scenarios: [number, Scenario][] = []
  try {
    for (const cell of cells) scenarios.push([cell, await supply.scenario(cell)])
  } catch (cause) {
    throw new NotTriedError((cause as Error).message, { cause })
  }
  return scenarios
}

const ATTEMPTS = 3
/** A run of a cell is mostly followed by another of the same. */
const HELD = 2
