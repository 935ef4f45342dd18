/** A worker: takes tasks of sweeps from a queue, as long as somebody waits for them. */

import { Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { FileSource } from '../ingest/bytes.ts'
import { engineVersion } from '../ingest/version.ts'
import type { Task } from '../sweep/plan.ts'
import { sharingBooks } from './books.ts'
import { sourceOf } from './bundle.ts'
import { EngineDiffersError } from './errors.ts'
import { runOrNote } from './executor.ts'
import { scenarioOf } from './plan.ts'
import { NotTriedError, type Pool, threadPool } from './pool.ts'
import { type Packed, type Posted, pack } from './queue.ts'
import { connect, keys, queueName } from './redis.ts'

/** How a worker works. */
export interface WorkerTerms {
  readonly url: string
  /** Tasks at once, each on a thread. */
  readonly threads: number
  /** Heap of a thread, MB; null: as Node has it. */
  readonly memoryMb: number | null
  /** Tasks a second over all workers of a sweep; null: no limit. */
  readonly rate: number | null
  /** Ends when the sweeps that it has served are over, instead of waiting for the next. */
  readonly once: boolean
  /** The version that this worker is of. */
  readonly engine?: string
}

/** What a worker has to say, in words. */
export type Say = (line: string) => void

/**
 * Serves sweeps one after the other until it is stopped.
 *
 * Rule:   only sweeps of the same engine are served. One of another version is refused with a
 *         warning; where there is no other, the worker ends with an error.
 * Throws: QueueError FB4302, EngineDiffersError FB4303, what `readScenario` throws of a sweep that
 *         cannot be read here; its tasks go back to the queue
 */
export async function serve(terms: WorkerTerms, say: Say, stopped: () => boolean): Promise<void> {
  const redis = await connect(terms.url)
  let served = 0
  let isWaiting = false
  try {
    while (!stopped()) {
      const id = await nextSweep(redis, terms.engine ?? engineVersion, served)
      if (id !== null) {
        isWaiting = false
        served++
        await serveOne(redis, id, terms, say, stopped)
      } else if (terms.once && served > 0) return
      else {
        if (!isWaiting) say('waiting for a sweep')
        isWaiting = true
        await pause(LOOK_MS)
      }
    }
  } finally {
    redis.disconnect()
  }
}

async function nextSweep(redis: Redis, engine: string, served: number): Promise<string | null> {
  const sweeps = Object.entries(await redis.hgetall(keys.sweeps))
  const waiting: [string, string][] = []
  for (const sweep of sweeps) if (await isAlive(redis, sweep[0])) waiting.push(sweep)
  const ours = waiting.find(([, needs]) => needs === engine)
  if (ours !== undefined) return ours[0]
  const [other] = waiting
  if (other !== undefined && served === 0) throw new EngineDiffersError(other[0], other[1], engine)
  return null
}

async function isAlive(redis: Redis, id: string): Promise<boolean> {
  return (await redis.exists(keys.alive(id))) === 1
}

async function serveOne(
  redis: Redis,
  id: string,
  { threads, memoryMb, rate }: WorkerTerms,
  say: Say,
  stopped: () => boolean,
): Promise<void> {
  const text = await redis.get(keys.sweep(id))
  if (text === null) return await pause(LOOK_MS)
  const posted = JSON.parse(text) as Posted
  const serving = () => redis.set(keys.served(id), '1', 'PX', SERVED_MS)
  await serving()
  const pool = await poolFor(redis, posted, threads, memoryMb)
  if (pool === null) return await pause(LOOK_MS)
  const { measures, scenario } = posted.plan
  say(`serving sweep ${id.slice(0, 12)} of ${scenario} on ${threads} threads`)
  let done = 0
  let unable: NotTriedError | null = null
  const worker = new Worker<Task, Packed>(
    queueName(id),
    async ({ data }) => {
      try {
        const outcome = pack(await runOrNote(pool, data, measures.length))
        done++
        return outcome
      } catch (error) {
        if (error instanceof NotTriedError) unable ??= error
        throw error
      }
    },
    {
      connection: redis.duplicate(),
      // One more than there are threads, so that none of them waits for Redis.
      concurrency: threads + 1,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 2,
      maxStalledCount: 20,
      ...(rate === null ? {} : { limiter: { max: rate, duration: 1000 } }),
    },
  )
  worker.on('error', () => {})
  while (!stopped() && unable === null && (await isAlive(redis, id))) {
    await serving()
    await pause(LOOK_MS)
  }
  await worker.close()
  await pool.close()
  say(`sweep ${id.slice(0, 12)}: ${done} tasks done here`)
  if (unable !== null) throw (unable as NotTriedError).cause ?? unable
}

/** The threads of a sweep; inputs come by digest, once. Null while one of them is missing. */
async function poolFor(
  redis: Redis,
  { plan, entry, overrides, listing }: Posted,
  threads: number,
  memoryMb: number | null,
): Promise<Pool | null> {
  const blobs = new Map<string, Uint8Array>()
  for (const digest of new Set(Object.values(listing.digests))) {
    const bytes = await redis.getBuffer(keys.input(digest))
    if (bytes === null) return null
    blobs.set(digest, new Uint8Array(bytes))
  }
  const source: FileSource = sourceOf(listing, (digest) => blobs.get(digest)!)
  const from = { entry, overrides, source, share: sharingBooks() }
  return threadPool(
    threads,
    {
      extra: plan.extra,
      measures: plan.measures.length,
      async scenario(cell) {
        const { scenario, runId } = await scenarioOf(plan, cell, from)
        if (runId !== plan.cells[cell].runId)
          throw new EngineDiffersError(plan.id, `${plan.engineVersion} as built there`, 'another')
        return scenario
      },
    },
    memoryMb,
  )
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

const LOOK_MS = 500
/** A worker that is silent for so long is given up. */
const LOCK_MS = 6000
/** Reading a large book may take a worker so long. */
const SERVED_MS = 10_000
