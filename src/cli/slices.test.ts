import { describe, expect, it } from 'vitest'
import { drive, type Standing } from './slices.ts'
import { sampleRun } from './timed.suite.ts'

describe('driving a run in time', () => {
  it('default: runs to the end and hands the report over', async () => {
    const ending = await drive(sampleRun(20), { seen: () => {}, stopped: () => false }, null)
    expect(ending).toMatchObject({ report: { blocks: 20 }, stopped: null })
  })

  it('law: a watcher has its turn at least every 50 ms and a block', async () => {
    const turns: number[] = [performance.now()]
    const stopped = () => turns.push(performance.now()) < 0
    await drive(sampleRun(50, 4), { seen: () => {}, stopped }, null)
    const waits = turns.slice(1).map((turn, i) => turn - turns[i])
    expect(waits.length).toBeGreaterThanOrEqual(6)
    // The machine may be busy: half of them decide.
    expect(waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(60)
  })

  it('behaviour: is told of both phases, at most ten times a second', async () => {
    const seen: Standing[] = []
    const start = performance.now()
    const watcher = { seen: (standing: Standing) => seen.push(standing), stopped: () => false }
    await drive(sampleRun(60, 4), watcher, null)
    expect(seen.length).toBeLessThanOrEqual(1 + (performance.now() - start) / 100)
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['counterfactual', 'run']))
    expect(seen[0]).toMatchObject({ phase: 'counterfactual', blocks: 60 })
    expect(seen[0]).not.toHaveProperty('tables')
  })

  it('behaviour: stops where it stands, with what the tables have until there', async () => {
    let rows = 0
    let closed = false
    const files = {
      keep: async ([frames]: readonly { rows: number }[]) => {
        rows = frames.rows
      },
      finish: async () => [],
      drop: async () => {
        closed = true
      },
    }
    const watcher = { seen: () => {}, stopped: () => rows > 0 }
    const { report, stopped } = await drive(sampleRun(100, 5), watcher, files)
    expect({ report, closed }).toEqual({ report: null, closed: false })
    expect(stopped).toMatchObject({ phase: 'run', block: rows, blocks: 100 })
  })
})
