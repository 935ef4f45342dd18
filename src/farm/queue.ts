/** Runs tasks on many machines: a queue in Redis, from which workers take them. */

import { Job, Queue, QueueEvents } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Override } from '../ingest/compose.ts'
import type { Plan, Task } from '../sweep/plan.ts'
import { lost, type Outcome, OutOfMemoryError } from '../sweep/work.ts'
import type { Listing } from './bundle.ts'
import { QueueError } from './errors.ts'
import { type Executor, inFlight } from './executor.ts'
import type { Planned } from './plan.ts'
import { connect, keys, queueName, within, withoutPassword } from './redis.ts'

/** What a worker reads of a sweep. */
export interface Posted {
  readonly plan: Plan
  readonly entry: string
  readonly overrides: readonly Override[]
  readonly listing: Listing
}

/** An outcome as JSON carries it, to the last bit. */
export interface Packed extends Omit<Outcome, 'values'> {
  readonly values: string
}

/** Packs an outcome; little-endian doubles in base64. */
export function pack({ values, ...rest }: Outcome): Packed {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  return { ...rest, values: bytes.toString('base64') }
}

/** What was packed. */
export function unpack({ values, ...rest }: Packed): Outcome {
  const bytes = Uint8Array.from(Buffer.from(values, 'base64'))
  return { ...rest, values: new Float64Array(bytes.buffer) }
}

/**
 * Opens the queue of a sweep and posts what workers need: the plan, and its inputs by digest.
 *
 * Rule:   a job has the id of its task, so that nothing is queued twice; what a worker that died
 *         had in hands goes back to the queue when its lock has run out; what Redis lost is queued
 *         again. A result stays in Redis until it is taken. Once stopped, nothing is waited for.
 *         `absent` is called where no worker is connected, within a second and then every 10 s.
 * Throws: QueueError FB4302
 */
export async function queued(
  url: string,
  planned: Planned,
  absent: () => void = () => {},
): Promise<Executor> {
  const redis = await connect(url)
  const { plan } = planned
  const refused = (error: Error) => {
    throw new QueueError(withoutPassword(url), error.message.split('\n')[0])
  }
  await post(redis, planned).catch((error: Error) => {
    redis.disconnect()
    refused(error)
  })
  const stopBeating = beat(redis, planned)
  const connection = redis
  const queue = new Queue<Task, Packed>(queueName(plan.id), { connection })
  const events = new QueueEvents(queueName(plan.id), { connection: redis.duplicate() })
  const calm = () => {}
  queue.on('error', calm)
  events.on('error', calm)
  const awaited = new Map<string, Awaited>()
  const answer = (id: string, outcome: Outcome) => {
    awaited.get(id)?.resolve(outcome)
    awaited.delete(id)
  }
  events.on('completed', ({ jobId, returnvalue }) => {
    if (awaited.has(jobId)) answer(jobId, unpack(returnvalue as unknown as Packed))
  })
  const look = regularly(SECOND_MS, 0, () => lookAfter(queue, plan, awaited, answer))
  const missing = regularly(ABSENT_MS, ABSENT_FIRST_MS, async () => {
    if (awaited.size > 0 && (await redis.exists(keys.served(plan.id))) === 0) absent()
  })
  const run = async (task: Task): Promise<Outcome> => {
    const done = new Promise<Outcome>((resolve) => {
      awaited.set(task.id, { task, since: Date.now(), resolve })
    })
    await add(queue, task).catch(refused)
    return await done
  }
  return {
    async *outcomes(tasks, stopped) {
      const patience = untilStopped(stopped)
      try {
        for await (const outcome of inFlight(tasks, UNDER_WAY, run, stopped, patience.gone)) {
          yield outcome
          // Only now it is kept.
          void queue.remove(outcome.id).catch(calm)
        }
      } finally {
        patience.end()
      }
    },
    async close() {
      await Promise.all([look.end(), missing.end()])
      await stopBeating()
      // Redis may be away for good.
      const gently = (work: Promise<unknown>) => within(CLOSE_MS, work).catch(calm)
      await gently(queue.obliterate({ force: true }))
      await gently(redis.del(keys.sweep(plan.id)))
      await gently(Promise.all([events.close(), queue.close()]))
      void events.disconnect().catch(calm)
      redis.disconnect()
    },
  }
}

/** Workers may be slow, or none: who stops does not wait for them. */
function untilStopped(stopped: () => boolean): { gone: Promise<null>; end(): void } {
  let timer: NodeJS.Timeout | undefined
  const gone = new Promise<null>((resolve) => {
    timer = setInterval(() => {
      if (stopped()) resolve(null)
    }, 100)
  })
  return { gone, end: () => clearInterval(timer) }
}

interface Awaited {
  readonly task: Task
  since: number
  readonly resolve: (outcome: Outcome) => void
}

async function post(redis: Redis, planned: Planned): Promise<void> {
  const { plan, entry, overrides, listing, blobs } = planned
  for (const [digest, bytes] of blobs)
    await redis.set(keys.input(digest), Buffer.from(bytes), 'EX', KEPT_SECONDS)
  const posted: Posted = { plan, entry, overrides, listing }
  await redis.set(keys.sweep(plan.id), JSON.stringify(posted), 'EX', KEPT_SECONDS)
}

/** Says that somebody waits for the results, for as long as somebody does. */
function beat(redis: Redis, planned: Planned): () => Promise<void> {
  const { plan, blobs } = planned
  const posted = [keys.sweep(plan.id), ...[...blobs.keys()].map(keys.input)]
  const say = async () => {
    // Redis may have lost it: what workers need is posted again.
    if ((await redis.exists(posted)) < posted.length) await post(redis, planned)
    await redis.hset(keys.sweeps, plan.id, plan.engineVersion)
    await redis.set(keys.alive(plan.id), '1', 'PX', ALIVE_MS)
  }
  const beating = regularly(SECOND_MS, 0, say)
  return async () => {
    await beating.end()
    const gone = Promise.all([redis.hdel(keys.sweeps, plan.id), redis.del(keys.alive(plan.id))])
    await within(CLOSE_MS, gone).catch(() => {})
  }
}

/** Does something after `first` and then every `ms`; never twice at once, and errors pass. */
function regularly(ms: number, first: number, work: () => Promise<void>): { end(): Promise<void> } {
  let under: Promise<void> | null = null
  const turn = () => {
    under ??= work()
      .catch(() => {})
      .finally(() => {
        under = null
      })
  }
  const begin = setTimeout(turn, first)
  const timer = setInterval(turn, ms)
  return {
    async end() {
      clearTimeout(begin)
      clearInterval(timer)
      await Promise.race([under, new Promise((resolve) => setTimeout(resolve, 2000))])
    },
  }
}

function add(queue: Queue<Task, Packed>, task: Task) {
  return queue.add('runs', task, {
    jobId: task.id,
    attempts: 5,
    backoff: 200,
    removeOnComplete: { age: KEPT_SECONDS },
    removeOnFail: { age: KEPT_SECONDS },
  })
}

/** Takes results whose word was missed, and queues again what is not there any more. */
async function lookAfter(
  queue: Queue<Task, Packed>,
  plan: Plan,
  awaited: ReadonlyMap<string, Awaited>,
  answer: (id: string, outcome: Outcome) => void,
): Promise<void> {
  const now = Date.now()
  for (const [id, entry] of [...awaited]) {
    if (now - entry.since < WORD_MS) continue
    entry.since = now
    const job = await Job.fromId<Task, Packed>(queue, id)
    if (job === undefined) await add(queue, entry.task)
    else if (await job.isCompleted()) answer(id, unpack(job.returnvalue))
    // Who could not try it has left, and another may.
    else if ((await job.isFailed()) && !/stalled/.test(job.failedReason)) await job.retry('failed')
    else if (await job.isFailed())
      answer(id, lost(entry.task, plan.measures.length, new OutOfMemoryError(gone)))
  }
}

/** What kills worker after worker without a word is, as a rule, the system that lacks memory. */
const gone = new Error('every worker that took it was ended without a word')

/** Tasks in the queue at once: enough for many workers, and few to queue again. */
const UNDER_WAY = 256
const SECOND_MS = 1000
/** When it is first said that no worker is there, and how often. */
const ABSENT_FIRST_MS = 800
const ABSENT_MS = 10_000
const WORD_MS = 1500
const CLOSE_MS = 1000
const ALIVE_MS = 10_000
const KEPT_SECONDS = 7 * 24 * 3600
