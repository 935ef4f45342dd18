/** The host that is this process: real streams, Ctrl-C, and readers that stop reading. */

import { basename, relative } from 'node:path'
import process from 'node:process'
import { exit } from './failure.ts'
import type { Stream } from './host.ts'
import { main } from './main.ts'

/** Runs the process's own command line and sets its exit code. */
export async function runProcess(): Promise<void> {
  let stop: (() => void) | null = null
  let stopped = false
  process.on('SIGINT', () => {
    if (stop !== null) {
      stop()
      stop = null
      stopped = true
      return
    }
    process.stderr.write(stopped ? '\ninterrupted\n' : '\ninterrupted: nothing was written\n')
    process.exit(exit.interrupted)
  })
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever read us has enough: `| head` is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit(process.exitCode ?? exit.ok)
    })
  }
  process.exitCode = await main(process.argv.slice(2), {
    stdout: streamOf(process.stdout),
    stderr: streamOf(process.stderr),
    env: process.env,
    folder: process.cwd(),
    program: programName(process.argv[1]),
    threaded: true,
    onInterrupt: (listener) => {
      stop = listener
    },
  })
}

function streamOf(stream: NodeJS.WriteStream): Stream {
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
    write: (text) => stream.write(text),
  }
}

/** What to type again: `firebreak` when installed, else the script as seen from here. */
function programName(script: string): string {
  return basename(script) === 'firebreak.js'
    ? `node ${relative(process.cwd(), script)}`
    : 'firebreak'
}
