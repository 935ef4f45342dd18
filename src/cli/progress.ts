/** One line on stderr that says how far a run is, and only where a person watches. */

import { count, duration } from '../format.ts'
import { drawsUnicode, type Host } from './host.ts'
import { left } from './layout.ts'
import { toAscii } from './paint.ts'
import type { Standing } from './slices.ts'
import { bar } from './terminal/bars.ts'

/** The line of one run. */
export interface ProgressLine {
  show(standing: Standing): void
  /** Takes the line away. */
  end(): void
}

/**
 * Starts the line: the text alone until blocks pass, then a bar.
 *
 * Rule: the text appears after 0.3 s and the bar after 1 s; neither where stderr is no terminal, a
 *       dumb one, or in CI.
 */
export function showProgress(text: string, host: Host): ProgressLine {
  const { stderr, env } = host
  if (!stderr.isTerminal || env.TERM === 'dumb' || env.CI) return { show: () => {}, end: () => {} }
  const start = performance.now()
  const pace = paceFrom()
  let shown = false
  const write = (line: string) => {
    shown = true
    stderr.write(`\r${drawsUnicode(env) ? line : toAscii(line)}\x1b[K`)
  }
  const timer = setTimeout(() => write(`${text} …`), PATIENCE)
  return {
    show(standing) {
      clearTimeout(timer)
      const now = performance.now()
      const state = pace(standing, now)
      if (now - start < BAR_AFTER) return
      write(progressLine(state, (stderr.columns ?? 80) - 1))
    },
    end() {
      clearTimeout(timer)
      if (shown) stderr.write('\r\x1b[2K')
    },
  }
}

/** What the line shows. */
export interface Pace extends Standing {
  /** Share of the blocks of all phases. */
  readonly done: number
  readonly blocksPerSecond: number
  readonly secondsLeft: number
}

/** Turns standings, with their times in ms, into a pace. */
export function paceFrom(): (standing: Standing, now: number) => Pace {
  let phase: Standing['phase'] | null = null
  let first = { block: 0, at: 0 }
  return (standing, now) => {
    const { block, passed, all } = standing
    if (standing.phase !== phase) {
      phase = standing.phase
      first = { block, at: now }
    }
    const seconds = (now - first.at) / 1000
    const blocksPerSecond = seconds > 0 ? (block - first.block) / seconds : 0
    return {
      ...standing,
      done: all > 0 ? Math.min(1, passed / all) : 0,
      blocksPerSecond,
      secondsLeft: blocksPerSecond > 0 ? (all - passed) / blocksPerSecond : Number.NaN,
    }
  }
}

/** The line in at most `columns`: the bar takes what the words leave. */
export function progressLine(pace: Pace, columns: number): string {
  const { phase, block, blocks, done, blocksPerSecond, secondsLeft } = pace
  const name = names[phase]
  const words = [
    `${Math.floor(100 * done)}%`.padStart(4),
    `block ${count(block)} of ${count(blocks)}`,
    blocksPerSecond > 0 ? `${count(blocksPerSecond)} blocks/s` : '',
    Number.isFinite(secondsLeft) ? `${duration(Math.ceil(secondsLeft))} left` : '',
  ].filter((word) => word !== '')
  while (words.length > 1 && room(name, words, columns) < BAR_LEAST) words.pop()
  const wide = Math.max(0, Math.min(BAR_MOST, room(name, words, columns)))
  const drawn = left(bar(done, wide), wide).replaceAll(' ', '·')
  return `${left(name, NAME)} ${drawn} ${words.join('  ')}`.slice(0, columns)
}

function room(name: string, words: readonly string[], columns: number): number {
  return columns - Math.max(NAME, name.length) - 2 - words.join('  ').length
}

/** Milliseconds until the text, and until the bar. */
const PATIENCE = 300
const BAR_AFTER = 1000

const names: Readonly<Record<Standing['phase'], string>> = {
  inference: 'outside move',
  counterfactual: 'without feedback',
  run: 'running',
}

/** Columns of the longest phase, and of a bar. */
const NAME = 'without feedback'.length
const BAR_LEAST = 8
const BAR_MOST = 30
