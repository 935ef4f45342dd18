/** The thread that makes Parquet files: what is asked for is done in its order. */

import { parentPort } from 'node:worker_threads'
import { type GroupWriter, groupsHere } from './parquet.ts'
import type { Reply, Wish } from './parquetBeside.ts'

const port = parentPort!
const files = new Map<number, GroupWriter>()
port.on('message', (wish: Wish) => port.postMessage({ fault: faultOf(wish) } satisfies Reply))

function faultOf(wish: Wish): Reply['fault'] {
  try {
    grant(wish)
    return null
  } catch (error) {
    const { message, syscall } = error as NodeJS.ErrnoException
    return { message, syscall }
  }
}

function grant(wish: Wish): void {
  if (wish.kind === 'open') files.set(wish.file, groupsHere(wish.path, wish.columns))
  else if (wish.kind === 'write') void files.get(wish.file)!.write(wish.values)
  else void files.get(wish.file)!.finish()
}
