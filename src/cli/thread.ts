/** The thread of the engine: one job in, one answer out. */

import { parentPort, workerData } from 'node:worker_threads'
import type { Answer } from './engine.ts'
import { failureOf } from './failure.ts'
import { type Job, work } from './job.ts'

const answer: Answer = await work(workerData as Job).then(
  (computed) => ({ computed, failure: null }),
  (error: unknown) => ({ computed: null, failure: failureOf(error) }),
)
parentPort?.postMessage(answer)
