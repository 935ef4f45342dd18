/** A host that remembers what was written. */

import type { Host, Stream } from './host.ts'

/** Streams of a test; `terminal` makes both of them terminals. */
export interface Recorder extends Host {
  readonly out: () => string
  readonly err: () => string
  /** Ctrl-C, where somebody listens to it. */
  readonly interrupt: () => void
}

/** Returns a host without environment, in the given folder. */
export function recorder(
  options: { terminal?: boolean; env?: Host['env']; folder?: string } = {},
): Recorder {
  const out: string[] = []
  const err: string[] = []
  let stop = () => {}
  const stream = (lines: string[]): Stream => ({
    isTerminal: options.terminal === true,
    columns: options.terminal ? 120 : undefined,
    write: (text) => {
      lines.push(text)
    },
  })
  return {
    stdout: stream(out),
    stderr: stream(err),
    env: options.env ?? {},
    folder: options.folder ?? process.cwd(),
    program: 'firebreak',
    threaded: false,
    onInterrupt: (listener) => {
      stop = listener
    },
    interrupt: () => stop(),
    out: () => out.join(''),
    err: () => err.join(''),
  }
}
