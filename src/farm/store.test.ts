import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Plan } from '../sweep/plan.ts'
import type { Outcome } from '../sweep/work.ts'
import { StoreError, StoreTakenError } from './errors.ts'
import { numbersOf, openStore, storeName } from './store.ts'

const plan: Plan = {
  id: 'a'.repeat(64),
  engineVersion: '0.1.0',
  scenario: 'test',
  seed: 42,
  draw: 'seed',
  first: 42,
  batch: 1,
  variations: [
    { key: 'shock.drop', values: ['5%', '10%'] },
    { key: "it's", values: ['a b'] },
  ],
  cells: [
    { values: ['5%', 'a b'], runId: 'x' },
    { values: ['10%', 'a b'], runId: 'y' },
  ],
  measures: [
    { name: 'loss', unit: 'usd', definition: 'Loss.' },
    { name: 'part', unit: 'ratio', definition: 'Part.' },
  ],
  extra: 'none',
}

/** Runs whose numbers tell where they belong. */
function outcome(cell: number, from: number, count: number, failing: number[] = []): Outcome {
  const values = new Float64Array(2 * count)
  for (let k = 0; k < count; k++) {
    const run = from + k
    values[2 * k] = failing.includes(run) ? Number.NaN : 1000 * cell + run + 0.1
    values[2 * k + 1] = Number.NaN
  }
  const failed = failing.map((run) => ({ cell, run, code: 'FB2301', text: `run ${run}` }))
  return { id: '', spans: [{ cell, from, count }], values, failed, milliseconds: 1 }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-store-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function query(sql: string) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const read = await connection.runAndReadAll(sql)
  const rows = read.getRowObjectsJS()
  connection.closeSync()
  instance.closeSync()
  return rows
}

describe('openStore', () => {
  it('law: what comes in any order, some of it twice, goes out in one, to the byte', async () => {
    const orders = [
      [outcome(0, 0, 3), outcome(0, 3, 2), outcome(1, 0, 5, [2])],
      [outcome(1, 0, 5, [2]), outcome(0, 1, 4), outcome(0, 0, 3)],
    ]
    const files: Buffer[][] = []
    for (const [i, outcomes] of orders.entries()) {
      const store = await openStore(join(folder, String(i)), plan, 'new')
      for (const one of outcomes) await store.add(one)
      await store.add(outcomes[0])
      expect(store.count).toBe(10)
      expect([...(await store.rows(0, 4))]).toEqual(
        [0.1, 1.1, 2.1, 3.1].flatMap((loss) => [loss, Number.NaN]),
      )
      expect(await store.failed()).toEqual([{ cell: 1, run: 2, code: 'FB2301', text: 'run 2' }])
      const paths = (['parquet', 'csv'] as const).map((format) => ({
        format,
        path: join(folder, `${i}.${format}`),
      }))
      for (const { format, path } of paths) await store.write(path, format, 4)
      files.push(paths.map(({ path }) => readFileSync(path)))
      store.close()
    }
    expect(files[0]).toEqual(files[1])
    const rows = await query(`FROM '${join(folder, '0.parquet')}'`)
    expect(rows).toHaveLength(8)
    expect(rows[0]).toEqual({
      ...{ run_id: plan.id, cell: 0, 'shock.drop': 0.05, "it's": 'a b', seed: 42 },
      ...{ loss: 0.1, part: null },
    })
    expect(rows[6]).toMatchObject({ cell: 1, seed: 44, loss: null })
  })

  it('behaviour: a store that was closed goes on where it stood', async () => {
    const store = await openStore(folder, plan, 'resume')
    await store.add(outcome(0, 0, 3))
    store.close()
    const again = await openStore(folder, plan, 'resume')
    expect(again.count).toBe(3)
    expect([again.has(0, 2), again.has(0, 3), again.has(1, 0)]).toEqual([true, false, false])
    again.close()
  })

  it('behaviour: what failed for lack of memory is missing again on --resume', async () => {
    const store = await openStore(folder, plan, 'new')
    const some = outcome(0, 0, 4, [1, 2])
    const failed = some.failed.map((one) => (one.run === 1 ? { ...one, code: 'FB4304' } : one))
    await store.add({ ...some, failed })
    expect(store.count).toBe(4)
    store.close()
    const again = await openStore(folder, plan, 'resume')
    expect([again.count, again.has(0, 1), again.has(0, 2)]).toEqual([3, false, true])
    expect(await again.failed()).toMatchObject([{ run: 2, code: 'FB2301' }])
    await again.add(outcome(0, 1, 1))
    expect([...(await again.rows(0, 4))].filter((_, k) => k % 2 === 0)).toEqual([
      ...[0.1, 1.1, Number.NaN, 3.1],
    ])
    again.close()
  })

  it('law: rows are the same however they are read, in pages and out of their order', async () => {
    const wide = { ...plan, cells: Array.from({ length: 5000 }, () => plan.cells[0]) }
    const store = await openStore(null, wide, 'new')
    const spans = wide.cells.map((_, cell) => ({ cell, from: 0, count: 1 + (cell % 7) }))
    const values = spans.flatMap(({ cell, count }) =>
      Array.from({ length: count }, (_, run) => [10 * cell + run, Number.NaN]).flat(),
    )
    await store.add({ ...outcome(0, 0, 0), spans, values: Float64Array.from(values) })
    const firsts = (cell: number, runs: number) =>
      Array.from({ length: Math.min(runs, 1 + (cell % 7)) }, (_, run) => 10 * cell + run)
    for (const runs of [7, 3])
      for (const cell of [0, 1, 2, 4999, 17, ...Array.from({ length: 5000 }, (_, k) => k)]) {
        const rows = await store.rows(cell, runs)
        expect([...rows].filter((_, k) => k % 2 === 0)).toEqual(firsts(cell, runs))
      }
    const asked = Array.from({ length: 400 }, (_, k) => (k * 977) % 5000)
    const answers = await Promise.all(asked.map((cell) => store.rows(cell, 7)))
    expect(answers.map((rows) => rows[0])).toEqual(asked.map((cell) => 10 * cell))
    expect(await store.rows(0, 3)).toHaveLength(2)
    await store.add(outcome(0, 1, 1))
    expect((await store.rows(0, 3))[2]).toBe(1.1)
    store.close()
  })

  it('error: a folder that holds a sweep is not overwritten unless it is said', async () => {
    const store = await openStore(folder, plan, 'new')
    await store.add(outcome(0, 0, 3))
    store.close()
    const other = { ...plan, id: 'b'.repeat(64) }
    await expect(openStore(folder, plan, 'new')).rejects.toThrow(StoreTakenError)
    await expect(openStore(folder, other, 'resume')).rejects.toThrow(/FB2086.*bbbbbbbbbbbb/)
    const kept = await openStore(folder, plan, 'resume')
    expect(kept.count).toBe(3)
    kept.close()
    const fresh = await openStore(folder, other, 'fresh')
    expect(fresh.count).toBe(0)
    fresh.close()
  })

  it('behaviour: --fresh takes away what the sweep wrote, and nothing else', async () => {
    const store = await openStore(folder, plan, 'new')
    await store.add(outcome(0, 0, 3))
    await store.write(join(folder, 'sweep.csv'), 'csv', 3)
    for (const name of ['sweep.md', 'own.md', 'edited.md'])
      writeFileSync(join(folder, name), 'page')
    await store.wrote(['sweep.csv', 'sweep.md', 'edited.md'])
    writeFileSync(join(folder, 'sweep.md'), 'another page')
    await store.wrote(['sweep.md'])
    writeFileSync(join(folder, 'edited.md'), 'notes')
    store.close()
    const fresh = await openStore(folder, { ...plan, id: 'b'.repeat(64) }, 'fresh')
    fresh.close()
    expect(readdirSync(folder).sort()).toEqual(['edited.md', 'own.md', storeName])
  })

  it('error: --fresh throws away no database of others, and no other file', async () => {
    const path = join(folder, storeName)
    const instance = await DuckDBInstance.create(path)
    const connection = await instance.connect()
    await connection.run('CREATE TABLE runs(a INTEGER)')
    connection.closeSync()
    instance.closeSync()
    for (const opening of ['new', 'resume', 'fresh'] as const)
      await expect(openStore(folder, plan, opening)).rejects.toThrow(/FB4301.*holds no sweep/)
    writeFileSync(path, 'no database')
    await expect(openStore(folder, plan, 'fresh')).rejects.toThrow(/FB4301.*Move the file away/)
    expect(readFileSync(path, 'utf8')).toBe('no database')
  })

  it('error: a place that cannot be written, or holds something else', async () => {
    writeFileSync(join(folder, 'file'), '')
    for (const place of [join(folder, 'file'), join(folder, 'file', 'in')])
      await expect(openStore(place, plan, 'new')).rejects.toThrow(
        /FB4301.*A file stands there: name a folder with --out/,
      )
    writeFileSync(join(folder, storeName), 'no database')
    for (const opening of ['new', 'resume'] as const)
      await expect(openStore(folder, plan, opening)).rejects.toThrow(
        /FB4301.*not a valid DuckDB.*Move the file away, or name another --out/,
      )
    expect(existsSync(join(folder, storeName))).toBe(true)
  })

  it('behaviour: without a folder all of it is in memory', async () => {
    const store = await openStore(null, plan, 'new')
    await store.add(outcome(1, 0, 2))
    expect([...(await store.rows(1, 9))].slice(0, 1)).toEqual([1000.1])
    store.close()
  })
})

it('trap: what another process writes into is not thrown away', async () => {
  const script = `import { DuckDBInstance } from '@duckdb/node-api'
    await DuckDBInstance.create(${JSON.stringify(join(folder, storeName))})
    console.log('open')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await expect(openStore(folder, plan, 'fresh')).rejects.toThrow(StoreError)
  expect(existsSync(join(folder, storeName))).toBe(true)
  child.kill('SIGKILL')
})

it('behaviour: a file without tables, of a process that was killed, is begun anew', async () => {
  const instance = await DuckDBInstance.create(join(folder, storeName))
  instance.closeSync()
  const store = await openStore(folder, plan, 'new')
  expect(store.count).toBe(0)
  store.close()
})

describe('numbersOf', () => {
  it('vector: values as people write them', () => {
    expect(numbersOf(['5%', '$1.2M', '30bps', '7', '-1e3', '4k'])).toEqual([
      0.05, 1_200_000, 0.003, 7, -1000, 4000,
    ])
    expect(numbersOf(['5%', 'batch'])).toBeNull()
    expect(numbersOf(['5m', '10m'])).toBeNull()
  })
})
