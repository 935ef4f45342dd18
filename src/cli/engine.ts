/** Runs the engine beside the command line, so that Ctrl-C and the progress line stay alive. */

import { Worker } from 'node:worker_threads'
import { type Failure, FailureError } from './failure.ts'
import type { Host } from './host.ts'
import type { Computed, Job } from './job.ts'

/** What comes back from the thread. */
export type Answer =
  | { readonly computed: Computed; readonly failure: null }
  | { readonly computed: null; readonly failure: Failure }

/** Reads and runs a scenario; in a thread where the host says so. Throws what the engine throws. */
export async function compute(job: Job, host: Host): Promise<Computed> {
  const done = showProgress(`reading and running ${job.entry}`, host)
  try {
    if (host.threaded) return await inThread(job)
    const { work } = await import('./job.ts')
    return await work(job)
  } finally {
    done()
  }
}

function inThread(job: Job): Promise<Computed> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: job })
    worker.once('message', ({ computed, failure }: Answer) => {
      if (failure === null) resolve(computed)
      else reject(new FailureError(failure))
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the engine's thread ended with ${code}`)))
  })
}

const patience = 300

/** A line on stderr when it takes long, and only where a person watches. Returns how to end it. */
function showProgress(text: string, host: Host): () => void {
  if (!host.stderr.isTerminal || host.env.TERM === 'dumb' || host.env.CI) return () => {}
  let shown = false
  const timer = setTimeout(() => {
    shown = true
    host.stderr.write(`${text} …`)
  }, patience)
  return () => {
    clearTimeout(timer)
    if (shown) host.stderr.write('\r\x1b[2K')
  }
}
