import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recorder } from './host.suite.ts'
import { width } from './paint.ts'
import { paceFrom, progressLine, showProgress } from './progress.ts'

const state = {
  phase: 'run',
  block: 3600,
  blocks: 7200,
  passed: 10_800,
  all: 14_400,
  done: 0.75,
  blocksPerSecond: 812.4,
  secondsLeft: 4.2,
} as const

describe('the pace of a run', () => {
  it('default: both phases are one way, and time left follows the present phase', () => {
    const pace = paceFrom()
    pace({ phase: 'counterfactual', block: 0, blocks: 100, passed: 0, all: 200 }, 0)
    expect(
      pace({ phase: 'counterfactual', block: 50, blocks: 100, passed: 50, all: 200 }, 500),
    ).toMatchObject({
      ...{ done: 0.25, blocksPerSecond: 100, secondsLeft: 1.5 },
    })
    pace({ phase: 'run', block: 0, blocks: 100, passed: 100, all: 200 }, 1000)
    expect(
      pace({ phase: 'run', block: 20, blocks: 100, passed: 120, all: 200 }, 2000),
    ).toMatchObject({
      ...{ done: 0.6, blocksPerSecond: 20, secondsLeft: 4 },
    })
  })

  it('behaviour: without a comparison the run is all, and before a pace nothing is left', () => {
    const pace = paceFrom()
    const { done, secondsLeft } = pace(
      { phase: 'run', block: 25, blocks: 100, passed: 25, all: 100 },
      0,
    )
    expect({ done, secondsLeft }).toEqual({ done: 0.25, secondsLeft: Number.NaN })
    expect(pace({ phase: 'run', block: 0, blocks: 0, passed: 0, all: 0 }, 1)).toMatchObject({
      done: 0,
    })
  })
})

describe('the progress line', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('default: phase, bar, share, block, pace and time left', () => {
    expect(progressLine(state, 120)).toBe(
      'running          ██████████████████████▌·······  75%  block 3,600 of 7,200  812 blocks/s  5 s left',
    )
  })

  it.each([20, 30, 40, 50, 60, 79, 120])('law: fits %d columns and keeps the share', (columns) => {
    const line = progressLine({ ...state, phase: 'counterfactual' }, columns)
    expect(width(line)).toBeLessThanOrEqual(columns)
    if (columns >= 30) expect(line).toContain('75%')
  })

  it('behaviour: the bar comes after a second, and is taken away', () => {
    const host = recorder({ terminal: true, env: { TERM: 'xterm' } })
    const line = showProgress('reading', host)
    line.show(state)
    expect(host.err()).toBe('')
    vi.advanceTimersByTime(1050)
    line.show({ ...state, block: 3700 })
    expect(host.err()).toContain('block 3,700 of 7,200')
    line.end()
    expect(host.err().endsWith('\r\x1b[2K')).toBe(true)
  })

  it('behaviour: in a C locale it is ASCII', () => {
    const host = recorder({ terminal: true, env: { TERM: 'xterm', LC_ALL: 'C' } })
    const line = showProgress('reading', host)
    vi.advanceTimersByTime(1050)
    line.show(state)
    line.end()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: every character but ASCII.
    expect(host.err()).not.toMatch(/[^\x00-\x7f]/)
  })

  it.each([
    ['a pipe', false, {}],
    ['a dumb terminal', true, { TERM: 'dumb' }],
    ['CI', true, { TERM: 'xterm', CI: '1' }],
  ])('behaviour: %s gets none', (_, terminal, env) => {
    const host = recorder({ terminal, env })
    const line = showProgress('reading', host)
    vi.advanceTimersByTime(1050)
    line.show(state)
    line.end()
    expect(host.err()).toBe('')
  })
})
