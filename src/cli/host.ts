/**
 * The outside world as the command line sees it, and what the terminal at the other end can show.
 */

/** One output stream. */
export interface Stream {
  readonly isTerminal: boolean
  /** Width of the terminal; undefined when it is none. */
  readonly columns: number | undefined
  write(text: string): void
}

/** Everything a command may touch besides files. Tests pass their own. */
export interface Host {
  readonly stdout: Stream
  readonly stderr: Stream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder against which paths on the command line resolve. */
  readonly folder: string
  /** What the user typed to get here, for the commands we suggest: `firebreak`. */
  readonly program: string
  /** Runs the engine in a thread, so that Ctrl-C is answered at once. */
  readonly threaded: boolean
  /** From now on the first Ctrl-C calls `stop`, and only the next one ends the process. */
  readonly onInterrupt: (stop: () => void) => void
}

/** How many colours a stream shows. */
export type Colours = 'none' | 'basic' | '256' | 'true'

/**
 * Decides how many colours a stream gets.
 *
 * Rule:   `--no-color`, then NO_COLOR, then FORCE_COLOR, then: only a terminal that is neither
 *         dumb nor in CI. COLORTERM and TERM say how many.
 * Source: no-color.org; FORCE_COLOR as Node reads it (0 to 3)
 */
export function coloursOf(stream: Stream, env: Host['env'], refused: boolean): Colours {
  if (refused || set(env.NO_COLOR)) return 'none'
  const forced = env.FORCE_COLOR
  if (forced === '0' || forced === 'false') return 'none'
  if (forced === '1' || forced === '2' || forced === '3') {
    return (['basic', '256', 'true'] as const)[Number(forced) - 1]
  }
  const plain = !stream.isTerminal || env.TERM === 'dumb' || set(env.CI)
  if (plain && forced === undefined) return 'none'
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 'true'
  return env.TERM?.includes('256color') ? '256' : 'basic'
}

/** Whether the terminal draws block characters: not on a dumb one, nor in an explicit C locale. */
export function drawsUnicode(env: Host['env']): boolean {
  if (env.TERM === 'dumb' || env.TERM === 'linux') return false
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  return locale === undefined || locale === '' || /utf-?8/i.test(locale)
}

/** Columns to lay the page out in: the terminal's, at most 100, at least 80. */
export function columnsOf(stream: Stream): number {
  return Math.min(100, Math.max(80, stream.columns ?? 100))
}

function set(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false'
}
