/** Parquet files made in a thread beside the run, which goes on in the meantime. */

import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Column } from '../table.ts'
import type { GroupWriter, OpenGroups } from './parquet.ts'

/** Opens files whose groups go to one thread. */
export interface GroupsBeside {
  readonly open: OpenGroups
  /** Ends the thread, whatever it does. */
  end(): Promise<void>
}

/** What the thread is asked for, by the number of the file. */
export type Wish =
  | { readonly kind: 'open'; file: number; path: string; columns: readonly Column[] }
  | { readonly kind: 'write'; file: number; values: readonly Float64Array<ArrayBuffer>[] }
  | { readonly kind: 'finish'; file: number }

/** What comes back for each wish, in their order: what the file system said, if it failed. */
export interface Reply {
  readonly fault: { readonly message: string; readonly syscall: string | undefined } | null
}

/** Groups that may be on their way; then whoever writes waits for one. */
const MOST = 4

/**
 * Starts the thread.
 *
 * Rule:   wishes are done one after another; once one has failed, so does everything that follows.
 * Throws: what the thread met, at the next wish
 */
export function groupsBeside(): GroupsBeside {
  const worker = new Worker(new URL('./parquetThread.js', import.meta.url))
  worker.unref()
  const waiting: (() => void)[] = []
  let files = 0
  let pending = 0
  let fault: Error | null = null

  function fail(error: Error): void {
    fault ??= error
    for (const go of waiting.splice(0)) go()
  }
  worker.on('message', (reply: Reply) => {
    pending--
    if (reply.fault !== null) fail(Object.assign(new Error(reply.fault.message), reply.fault))
    for (const go of waiting.splice(0)) go()
  })
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`the thread of the tables ended with ${code}`)))

  function ask(wish: Wish, own: ArrayBuffer[] = []): void {
    if (fault !== null) throw fault
    pending++
    worker.postMessage(wish, own)
  }

  /** Waits until no more than so many wishes are on their way. */
  async function until(most: number): Promise<void> {
    worker.ref()
    while (pending > most && fault === null) await new Promise<void>((go) => waiting.push(go))
    worker.unref()
    if (fault !== null) throw fault
  }

  return {
    open(path, columns): GroupWriter {
      const file = files++
      let isFinished = false
      ask({ kind: 'open', file, path, columns })
      return {
        write(values) {
          ask(
            { kind: 'write', file, values },
            values.map(({ buffer }) => buffer),
          )
          return pending > MOST ? until(MOST) : undefined
        },
        async finish() {
          ask({ kind: 'finish', file })
          await until(0)
          isFinished = true
        },
        drop() {
          if (!isFinished) rmSync(path, { force: true })
        },
      }
    },
    async end() {
      await worker.terminate()
    },
  }
}
