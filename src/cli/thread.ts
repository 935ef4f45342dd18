/** The thread of the engine: one job in, word of where it stands, one answer out. */

import { parentPort, workerData } from 'node:worker_threads'
import type { Answer } from './engine.ts'
import { failureOf } from './failure.ts'
import { type Job, work } from './job.ts'
import type { Standing } from './slices.ts'

const port = parentPort!
let stopped = false
port.once('message', () => {
  stopped = true
})
const watcher = {
  seen: (standing: Standing) => port.postMessage({ standing } satisfies Answer),
  stopped: () => stopped,
}
const answer: Answer = await work(workerData as Job, watcher, true).then(
  (computed) => ({ computed }),
  (error: unknown) => ({ failure: failureOf(error) }),
)
port.postMessage(answer)
port.unref()
