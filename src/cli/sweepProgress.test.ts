import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Plan } from '../sweep/plan.ts'
import { recorder } from './host.suite.ts'
import { showRuns, wordsOf } from './sweepProgress.ts'

const plan = { cells: new Array(4).fill(0) } as unknown as Plan
const at = (done: number) => ({ done, all: 400, before: 100, failed: 0 })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('progress of a sweep', () => {
  it('behaviour: says how much is done, how fast, and how long it takes', () => {
    expect(wordsOf(at(200), 4, 10)).toEqual([
      '50%',
      '200 of 400 runs',
      '2 of 4 cells',
      '10 runs/s',
      '20 s left',
    ])
    expect(wordsOf({ ...at(100), failed: 3 }, 1, 0)).toEqual(['25%', '100 of 400 runs', '3 failed'])
  })

  it('behaviour: a line every 10 s where nobody watches', () => {
    const host = recorder()
    const line = showRuns(plan, host)
    for (let second = 0; second <= 31; second++) {
      line.show(at(100 + second))
      vi.advanceTimersByTime(1000)
    }
    line.end()
    const lines = host.err().trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toBe('27%, 110 of 400 runs, 1 of 4 cells, 1 runs/s, 4 min left')
  })

  it('behaviour: on a terminal one line that moves, has the width, and is taken away', () => {
    const host = recorder({ terminal: true })
    const line = showRuns(plan, host)
    vi.advanceTimersByTime(1000)
    line.show(at(120))
    line.note('50 runs: bad_debt_usd is known to within 7.0%, wanted 5%')
    vi.advanceTimersByTime(1000)
    line.show(at(140))
    line.end()
    expect(host.err()).toMatch(/█.*30% {2}120 of 400 runs/)
    expect(host.err()).toMatch(/\n50 runs: bad_debt|50 runs: bad_debt_usd is known/)
    expect(host.err()).toMatch(/140 of 400 runs.*known to within 7\.0%, wanted 5%/)
    expect(host.err().endsWith('\r\x1b[2K')).toBe(true)
  })
})
