/** How far a sweep is, on stderr: a line that moves on a terminal, elsewhere one every 10 s. */

import type { Standing } from '../farm/sweep.ts'
import { count, duration } from '../format.ts'
import type { Plan } from '../sweep/plan.ts'
import { drawsUnicode, type Host } from './host.ts'
import { left } from './layout.ts'
import { toAscii } from './paint.ts'
import { bar } from './terminal/bars.ts'

/** The line of a sweep. */
export interface RunsLine {
  show(standing: Standing): void
  /** A line that stays: how narrow an interval is; the moving one has it from then on. */
  note(text: string): void
  /** A line that stays. */
  say(text: string): void
  end(): void
}

/**
 * Starts the line.
 *
 * Rule: on a terminal it is drawn anew at most ten times a second, and taken away at the end;
 *       elsewhere a line is written every 10 s, the first after 10 s.
 */
export function showRuns({ cells }: Plan, host: Host): RunsLine {
  const { stderr, env } = host
  const moves = stderr.isTerminal && env.TERM !== 'dumb' && !env.CI
  const start = performance.now()
  let next = start + (moves ? PATIENCE : LINE_EVERY)
  let shown = false
  let known: string[] = []
  const say = (text: string) => {
    if (shown) stderr.write('\r\x1b[2K')
    stderr.write(`${text}\n`)
  }
  return {
    say,
    show(standing) {
      const now = performance.now()
      if (now < next) return
      next = now + (moves ? MOVE_EVERY : LINE_EVERY)
      const words = [...wordsOf(standing, cells.length, (now - start) / 1000), ...known]
      if (!moves) {
        stderr.write(`${words.join(', ')}\n`)
        return
      }
      shown = true
      const line = lineOf(standing, words, (stderr.columns ?? 80) - 1)
      stderr.write(`\r${drawsUnicode(env) ? line : toAscii(line)}\x1b[K`)
    },
    note(text) {
      say(text)
      known = [text.replace(/^.*: /, '')]
    },
    end() {
      if (shown) stderr.write('\r\x1b[2K')
      shown = false
    },
  }
}

/** What is said of a sweep after so many seconds. */
export function wordsOf(standing: Standing, cells: number, seconds: number): string[] {
  const { done, all, before, failed } = standing
  const pace = seconds > 0 ? (done - before) / seconds : 0
  const gone = all > 0 ? Math.floor((100 * done) / all) : 100
  return [
    `${gone}%`,
    `${count(done)} of ${count(all)} runs`,
    ...(cells > 1
      ? [`${count(Math.floor((done * cells) / Math.max(1, all)))} of ${count(cells)} cells`]
      : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(pace > 0
      ? [`${count(pace)} runs/s`, `${duration(Math.ceil((all - done) / pace))} left`]
      : []),
  ]
}

function lineOf({ done, all }: Standing, words: readonly string[], columns: number): string {
  const text = words.join('  ')
  const wide = Math.max(0, Math.min(BAR_MOST, columns - text.length - 1))
  const drawn = left(bar(all > 0 ? done / all : 1, wide), wide).replaceAll(' ', '·')
  return `${drawn} ${text}`.slice(0, columns)
}

const PATIENCE = 500
const MOVE_EVERY = 100
const LINE_EVERY = 10_000
const BAR_MOST = 30
