import { describe, expect, it } from 'vitest'
import { timedReport } from '../document/timed.suite.ts'
import { eventsOf } from './events.ts'

describe('events', () => {
  it('default: a run in time is start, frames, liquidations, metrics, done', () => {
    const report = timedReport()
    const text = eventsOf(report, [{ text: 'rounds < 1', ok: true, detail: 'got 0' }])
    expect(text.endsWith('}\n')).toBe(true)
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { run_id, timeline, blocks, metrics } = report
    expect(events[0]).toMatchObject({ event: 'start', schema: 'firebreak.run/1', run_id, blocks })
    const frames = events.filter(({ event }) => event === 'frame')
    const [block] = timeline.columns
    expect(frames.map((frame) => frame[block.name])).toEqual(block.values)
    expect(Object.keys(frames[0])).toEqual(['event', ...timeline.columns.map(({ name }) => name)])
    const rows = report.events.map((row) => ({ event: 'liquidation', ...row }))
    expect(events.slice(1 + frames.length)).toEqual([
      ...rows,
      { event: 'metrics', metrics },
      expect.objectContaining({ event: 'done', gates: [expect.objectContaining({ ok: true })] }),
    ])
  })
})
