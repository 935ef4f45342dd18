import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Computed, inTime } from './job.ts'
import { saveRun, saveStopped } from './saveRun.ts'
import type { Standing } from './slices.ts'
import { sampleRun } from './timed.suite.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const facts = {
  ...{ name: 'sample', resolved: { version: 1 }, runId: 'abc', engineVersion: '1.2.3' },
  ...{ data: [], gates: [] },
}

/** Stops at the first word of the phase. */
function stopping(phase: Standing['phase'] | null) {
  let stopped = false
  return {
    seen: (standing: Standing) => {
      stopped ||= standing.phase === phase
    },
    stopped: () => stopped,
  }
}

async function computed(name: string, phase: Standing['phase'] | null): Promise<Computed> {
  const out = join(folder, name)
  const blocks = sampleRun(100, phase === null ? 0 : 3)
  return { ...facts, ...(await inTime(blocks, 'abc', { out, format: null }, stopping(phase))) }
}

async function rowsOf(path: string): Promise<number> {
  const connection = await (await DuckDBInstance.create()).connect()
  const reader = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM '${path}'`)
  return reader.getRows()[0][0] as number
}

const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))

describe('a run in time with --out', () => {
  it('default: keeps result, scenario and tables, and nothing before all are there', async () => {
    const whole = await computed('whole', null)
    expect(existsSync(join(folder, 'whole'))).toBe(false)
    await saveRun(join(folder, 'whole'), whole.report!, whole, 'firebreak run sample')
    expect(readdirSync(join(folder, 'whole'))).toEqual(
      expect.arrayContaining([
        ...['events.parquet', 'frames.parquet', 'result.json', 'scenario.json', 'tables.json'],
      ]),
    )
    expect(read('whole/tables.json')).toMatchObject({ complete: true, run_id: 'abc' })
    expect(await rowsOf(join(folder, 'whole/frames.parquet'))).toBe(100)
  })

  it('behaviour: stopped, it keeps the rows there are, and a note in place of a result', async () => {
    const whole = await computed('stopped', null)
    await saveRun(join(folder, 'stopped'), whole.report!, whole, 'firebreak run sample')
    const half = await computed('stopped', 'run')
    const frames = await rowsOf(join(folder, 'stopped/frames.parquet'))
    expect(frames).toBe(100)
    const said = saveStopped(join(folder, 'stopped'), half)
    const rows = await rowsOf(join(folder, 'stopped/frames.parquet'))
    expect(rows).toBeGreaterThan(0)
    expect(rows).toBeLessThan(100)
    // On a slow machine the first slice may hold one block, and nothing that happened in it.
    expect(said).toMatch(
      new RegExp(`^${rows} rows? of frames.parquet( and \\d+ rows? of events|$)`),
    )
    expect(existsSync(join(folder, 'stopped/result.json'))).toBe(false)
    expect(read('stopped/tables.json')).toMatchObject({ complete: false })
    expect(read('stopped/partial.json')).toMatchObject({
      ...{ schema: 'firebreak.partial/1', run_id: 'abc', scenario: 'sample' },
      stopped: { phase: 'run', block: rows, blocks: 100 },
    })
  })

  it('behaviour: a whole run takes the place of a stopped one', async () => {
    saveStopped(join(folder, 'twice'), await computed('twice', 'run'))
    expect(existsSync(join(folder, 'twice/partial.json'))).toBe(true)
    const whole = await computed('twice', null)
    await saveRun(join(folder, 'twice'), whole.report!, whole, 'firebreak run sample')
    expect(existsSync(join(folder, 'twice/partial.json'))).toBe(false)
    expect(read('twice/result.json')).toMatchObject({ schema: 'firebreak.run/1' })
  })

  it('behaviour: stopped before the first block is recorded, nothing is kept', async () => {
    const none = await computed('none', 'counterfactual')
    expect(none).toMatchObject({ report: null, stopped: { phase: 'counterfactual' } })
    expect(saveStopped(join(folder, 'none'), none)).toBeNull()
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it('error: a run that fails leaves nothing behind', async () => {
    const out = join(folder, 'failed')
    const blocks = (function* () {
      yield* sampleRun(3)
      throw new TypeError('x is not a function')
    })() as ReturnType<typeof sampleRun>
    const before = readdirSync(folder)
    await expect(inTime(blocks, 'abc', { out, format: 'csv' }, stopping(null))).rejects.toThrow(
      'x is not',
    )
    expect(readdirSync(folder)).toEqual(before)
  })
})
