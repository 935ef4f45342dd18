/** Runs the engine beside the command line, so that Ctrl-C and the progress line stay alive. */

import { Worker } from 'node:worker_threads'
import { type Failure, FailureError } from './failure.ts'
import type { Host } from './host.ts'
import type { Computed, Job } from './job.ts'
import { showProgress } from './progress.ts'
import type { Standing } from './slices.ts'

/** What comes from the thread: any number of standings, then what it computed or why not. */
export type Answer =
  | { readonly standing: Standing }
  | { readonly computed: Computed }
  | { readonly failure: Failure }

/**
 * Reads and runs a scenario; in a thread where the host says so. Throws what the engine throws.
 *
 * Rule: once a run in time that keeps tables has begun, the first interruption stops it and it
 *       answers with what it has; until then, and without tables, interruptions are not caught.
 */
export async function compute(job: Job, host: Host): Promise<Computed> {
  const progress = showProgress(`reading and running ${job.entry}`, host)
  let caught = job.tables === null
  const seen = (standing: Standing, stop: () => void) => {
    if (!caught) host.onInterrupt(stop)
    caught = true
    progress.show(standing)
  }
  try {
    return await (host.threaded ? inThread(job, seen) : inline(job, seen))
  } finally {
    progress.end()
  }
}

/** Told of a standing, and how to stop there. */
type Seen = (standing: Standing, stop: () => void) => void

async function inline(job: Job, seen: Seen): Promise<Computed> {
  const { work } = await import('./job.ts')
  let stopped = false
  const stop = () => {
    stopped = true
  }
  return await work(job, { seen: (standing) => seen(standing, stop), stopped: () => stopped })
}

function inThread(job: Job, seen: Seen): Promise<Computed> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: job })
    // Most runs end with this page; while the thread works there is time to load it.
    void import('./terminal.ts')
    worker.on('message', (answer: Answer) => {
      if ('computed' in answer) resolve(answer.computed)
      else if ('failure' in answer) reject(new FailureError(answer.failure))
      else seen(answer.standing, () => worker.postMessage('stop'))
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the engine's thread ended with ${code}`)))
  })
}
