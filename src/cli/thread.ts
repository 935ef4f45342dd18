/** The thread of the engine: one job in, word of where it stands, one answer out. */

import { parentPort, workerData } from 'node:worker_threads'
import type { Answer } from './engine.ts'
import { failureOf } from './failure.ts'
import { type Job, work } from './job.ts'

const port = parentPort!
let stopped = false
port.once('message', () => {
  stopped = true
})
const answer: Answer = await work(workerData as Job, {
  seen: (standing) => port.postMessage({ standing } satisfies Answer),
  stopped: () => stopped,
}).then(
  (computed) => ({ computed }),
  (error: unknown) => ({ failure: failureOf(error) }),
)
port.postMessage(answer)
port.unref()
