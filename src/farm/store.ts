/** Where results of a sweep are kept: one DuckDB file, in which a task is there or is not. */

import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult } from '@duckdb/node-api'
import { assert } from '../errors.ts'
import type { Plan } from '../sweep/plan.ts'
import { type FailedRun, OUT_OF_MEMORY, type Outcome } from '../sweep/work.ts'
import { StoreError, StoreTakenError } from './errors.ts'
import { type Kept, keptRuns } from './kept.ts'
import { noteOutputs, outputsTable, removeOutputs } from './outputs.ts'

/** What to do with what stands in the folder. */
export type Opening = 'new' | 'resume' | 'fresh'

/** The results of one sweep. Every method throws StoreError where the file cannot be used. */
export interface Store {
  /** Whether a run is there, whatever came of it. */
  has(cell: number, run: number): boolean
  /** How many runs are there. */
  readonly count: number
  /** Keeps all of a task, or nothing. What is there already stays as it is. */
  add(outcome: Outcome): Promise<void>
  /** Row-major numbers of the first `runs` runs of a cell, in the order of the runs. */
  rows(cell: number, runs: number): Promise<Float64Array>
  failed(): Promise<FailedRun[]>
  /** Writes all runs below `runs` to a file, in the order of cells and runs. */
  write(path: string, format: 'parquet' | 'csv', runs: number): Promise<void>
  /** Notes files in the folder of the store as outputs: they go when it is thrown away. */
  wrote(names: readonly string[]): Promise<void>
  close(): void
}

export const storeName = 'sweep.duckdb'

/**
 * Opens the store of a plan in a folder; in memory where there is none.
 *
 * Rule:   `new` refuses a folder that holds results of any sweep; `resume` goes on with one of the
 *         same plan, and begins where there is none; `fresh` throws away the sweep that stands
 *         there with the files that it wrote, as far as nobody has changed them. Rows have the
 *         primary key (cell, run), and a task is one transaction. What failed for lack of memory is
 *         forgotten as a store is opened, so that it is tried again.
 * Throws: StoreTakenError FB2086, StoreError FB4301
 */
export async function openStore(
  folder: string | null,
  plan: Plan,
  opening: Opening,
): Promise<Store> {
  const place = folder ?? 'memory'
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StoreTakenError) throw error
      throw new StoreError(place, error)
    }
  }
  return await guard(async () => {
    const path = folder === null ? ':memory:' : await pathIn(folder, opening)
    const instance = await DuckDBInstance.create(path, { threads: '1' })
    const connection = await instance.connect()
    try {
      await makeTables(connection, plan)
      await checkPlan(connection, plan, place)
      await forget(connection, OUT_OF_MEMORY)
      return guarded(await storeOver(instance, connection, plan, folder), guard)
    } catch (error) {
      connection.closeSync()
      instance.closeSync()
      throw error
    }
  })
}

async function pathIn(folder: string, opening: Opening): Promise<string> {
  const path = join(folder, storeName)
  mkdirSync(folder, { recursive: true })
  if (!existsSync(path)) return path
  // What is no sweep, or is in the hands of another process, is left alone.
  const runs = await runsIn(path, opening === 'fresh' ? folder : null)
  if (opening === 'new' && runs > 0)
    throw new StoreTakenError(
      folder,
      storeName,
      'Use --resume to go on with it, --fresh to start anew',
    )
  if (opening !== 'resume') for (const end of ['', '.wal']) rmSync(path + end, { force: true })
  return path
}

/** How many runs a store holds; its outputs in a folder are taken away where there is one. */
async function runsIn(path: string, outputs: string | null): Promise<number> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    const tables = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables()')
    const names = tables.getRows().map(([name]) => name)
    // Ended before its first transaction.
    if (names.length === 0) return 0
    if (!names.includes('plan') || !names.includes('runs'))
      throw new Error(`${path} is a database that holds no sweep`)
    if (outputs !== null && names.includes('outputs')) await removeOutputs(connection, outputs)
    const read = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM runs')
    return Number(read.getRows()[0][0])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function makeTables(connection: DuckDBConnection, plan: Plan): Promise<void> {
  const { measures, cells, variations } = plan
  const columns = measures.map(({ name }) => `, ${quoted(name)} DOUBLE`).join('')
  const keys = variations.map(({ key }) => `, ${quoted(key)} VARCHAR`).join('')
  await connection.run('BEGIN')
  await connection.run('CREATE TABLE IF NOT EXISTS plan(id VARCHAR, document VARCHAR)')
  await connection.run(
    `CREATE TABLE IF NOT EXISTS runs(cell INTEGER, run INTEGER${columns}, PRIMARY KEY(cell, run))`,
  )
  await connection.run(
    'CREATE TABLE IF NOT EXISTS failed(cell INTEGER, run INTEGER, code VARCHAR, text VARCHAR, ' +
      'PRIMARY KEY(cell, run))',
  )
  await connection.run(outputsTable)
  const had = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM plan')
  if (had.getRows()[0][0] === 0) {
    await connection.run(`CREATE TABLE cells(cell INTEGER PRIMARY KEY, run_id VARCHAR${keys})`)
    const appender = await connection.createAppender('cells')
    cells.forEach(({ values, runId }, cell) => {
      appender.appendInteger(cell)
      appender.appendVarchar(runId)
      for (const value of values)
        value === null ? appender.appendNull() : appender.appendVarchar(value)
      appender.endRow()
    })
    appender.closeSync()
    const { cells: _, ...rest } = plan
    const text = JSON.stringify(rest)
    await connection.run('INSERT INTO plan VALUES ($1, $2)', [plan.id, text])
  }
  await connection.run('COMMIT')
}

/** Takes out the runs that failed with this code. */
async function forget(connection: DuckDBConnection, code: string): Promise<void> {
  await connection.run('BEGIN')
  const those = `SELECT cell, run FROM failed WHERE code = '${code}'`
  await connection.run(`DELETE FROM runs WHERE (cell, run) IN (${those})`)
  await connection.run(`DELETE FROM failed WHERE code = '${code}'`)
  await connection.run('COMMIT')
}

async function checkPlan(connection: DuckDBConnection, plan: Plan, place: string): Promise<void> {
  const found = await connection.runAndReadAll('SELECT id FROM plan')
  const id = String(found.getRows()[0][0])
  if (id === plan.id) return
  const other = `sweep ${id.slice(0, 12)}, and this one is ${plan.id.slice(0, 12)}`
  throw new StoreTakenError(place, other, 'Name another --out, or --fresh to throw that one away')
}

async function storeOver(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  plan: Plan,
  folder: string | null,
): Promise<Store> {
  const kept = await keptIn(connection, plan.cells.length)
  const { has } = kept
  let page: Page | null = null
  return {
    has,
    get count() {
      return kept.count
    },
    async add(outcome) {
      await connection.run('BEGIN')
      try {
        const fresh = await addRows(connection, plan.measures.length, outcome, has)
        await addFailed(connection, outcome, has)
        await connection.run('COMMIT')
        for (const [cell, run] of fresh) kept.add(cell, run)
        page = null
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => {})
        throw error
      }
    },
    async rows(cell, runs) {
      const isThere = page?.runs === runs && cell >= page.first && cell < page.end
      if (!isThere) page = pageAt(connection, plan, cell, runs)
      return (await page!.rows).get(cell)!
    },
    failed: () => failedOf(connection),
    async write(path, format, runs) {
      const ways = { parquet: 'FORMAT parquet, COMPRESSION zstd', csv: 'FORMAT csv, HEADER' }
      const query = exportQuery(plan, runs)
      await connection.run(`COPY (${query}) TO '${escaped(path)}' (${ways[format]})`)
    },
    async wrote(names) {
      if (folder !== null) await noteOutputs(connection, folder, names)
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

type Has = (cell: number, run: number) => boolean

/** Appends the runs that are not there, and returns which they were. */
async function addRows(
  connection: DuckDBConnection,
  width: number,
  { spans, values }: Outcome,
  has: Has,
): Promise<[cell: number, run: number][]> {
  const fresh: [number, number][] = []
  const rows = await connection.createAppender('runs')
  let row = 0
  for (const { cell, from, count } of spans)
    for (let run = from; run < from + count; run++, row++) {
      if (has(cell, run)) continue
      fresh.push([cell, run])
      rows.appendInteger(cell)
      rows.appendInteger(run)
      for (let m = 0; m < width; m++) {
        const value = values[row * width + m]
        Number.isFinite(value) ? rows.appendDouble(value) : rows.appendNull()
      }
      rows.endRow()
    }
  rows.closeSync()
  return fresh
}

async function addFailed(
  connection: DuckDBConnection,
  { failed }: Outcome,
  has: Has,
): Promise<void> {
  for (const { cell, run, code, text } of failed)
    if (!has(cell, run))
      await connection.run('INSERT INTO failed VALUES ($1, $2, $3, $4)', [cell, run, code, text])
}

/** Rows of consecutive cells, read at once: cells are mostly asked for in their order. */
interface Page {
  readonly runs: number
  readonly first: number
  readonly end: number
  readonly rows: Promise<ReadonlyMap<number, Float64Array>>
}

function pageAt(connection: DuckDBConnection, plan: Plan, first: number, runs: number): Page {
  const end = Math.min(plan.cells.length, first + Math.max(1, Math.floor(PAGE_ROWS / runs)))
  return { runs, first, end, rows: rowsOf(connection, plan, { first, end, runs }) }
}

async function rowsOf(
  connection: DuckDBConnection,
  { measures }: Plan,
  { first, end, runs }: Omit<Page, 'rows'>,
): Promise<ReadonlyMap<number, Float64Array>> {
  const width = measures.length
  const names = measures.map(({ name }) => quoted(name)).join(', ')
  const where = `cell >= ${first} AND cell < ${end} AND run < ${runs}`
  const counts = new Uint32Array(end - first)
  const many = `SELECT cell, count(*)::INTEGER FROM runs WHERE ${where} GROUP BY cell`
  await eachRow(await connection.run(many), (value) => {
    counts[Number(value(0)) - first] = Number(value(1))
  })
  const rows = new Map(
    Array.from(counts, (count, c) => [first + c, new Float64Array(count * width)]),
  )
  counts.fill(0)
  const query = `SELECT cell, ${names} FROM runs WHERE ${where} ORDER BY cell, run`
  await eachRow(await connection.run(query), (value) => {
    const cell = Number(value(0))
    const at = counts[cell - first]++ * width
    const row = rows.get(cell)!
    for (let m = 0; m < width; m++) row[at + m] = Number(value(1 + m) ?? Number.NaN)
  })
  return rows
}

/** Reads a result row by row; `value` gives a column of the row. No array of rows is made. */
async function eachRow(
  result: DuckDBResult,
  take: (value: (column: number) => unknown) => void,
): Promise<void> {
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    const vectors = Array.from({ length: chunk.columnCount }, (_, c) => chunk.getColumnVector(c))
    for (let row = 0; row < chunk.rowCount; row++) take((column) => vectors[column].getItem(row))
  }
}

async function failedOf(connection: DuckDBConnection): Promise<FailedRun[]> {
  const read = await connection.runAndReadAll(
    'SELECT cell, run, code, text FROM failed ORDER BY cell, run',
  )
  return read.getRows().map(([cell, run, code, text]) => ({
    ...{ cell: Number(cell), run: Number(run) },
    ...{ code: String(code), text: String(text) },
  }))
}

async function keptIn(connection: DuckDBConnection, cells: number): Promise<Kept> {
  const kept = keptRuns(cells)
  const all = await connection.stream('SELECT cell, run FROM runs ORDER BY cell, run')
  await eachRow(all, (value) => {
    const cell = Number(value(0))
    assert(cell < cells, 'the store has no cells beyond the plan')
    kept.add(cell, Number(value(1)))
  })
  return kept
}

/** One row a run: the sweep, what was varied, which run, and its measures. */
function exportQuery({ id, variations, measures, draw, first }: Plan, runs: number): string {
  const keys = variations.map((variation, v) => {
    const column = `c.${quoted(variation.key)}`
    const numbers = numbersOf(variation.values)
    if (numbers === null) return `, ${column}`
    const cases = variation.values.map((value, i) => `WHEN '${escaped(value)}' THEN ${numbers[i]}`)
    return `, (CASE ${column} ${cases.join(' ')} END)::DOUBLE AS ${quoted(variations[v].key)}`
  })
  const names = measures.map(({ name }) => `, r.${quoted(name)}`)
  const drawn = `((${first} + r.run::BIGINT) % 4294967296)::UINTEGER AS ${quoted(draw)}`
  return (
    `SELECT '${id}' AS run_id, r.cell${keys.join('')}, ${drawn}${names.join('')} ` +
    `FROM runs r JOIN cells c USING (cell) WHERE r.run < ${runs} ORDER BY r.cell, r.run`
  )
}

/** Values as plain numbers, where all of them are: 5% is 0.05, $2M is 2000000. */
export function numbersOf(values: readonly string[]): number[] | null {
  const numbers = values.map((text) => {
    const match = /^\$?([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(%|bps|k|m|b|t)?$/i.exec(text.trim())
    // `10m` may be ten minutes.
    if (match === null || match[2] === 'm') return Number.NaN
    const shift = { '%': -2, bps: -4, k: 3, m: 6, b: 9, t: 12 }[match[2]?.toLowerCase() ?? ''] ?? 0
    const [digits, exponent = '0'] = match[1].toLowerCase().split('e')
    return Number(`${digits}e${Number(exponent) + shift}`)
  })
  return numbers.some(Number.isNaN) ? null : numbers
}

function guarded(store: Store, guard: <T>(work: () => Promise<T>) => Promise<T>): Store {
  return {
    has: store.has,
    get count() {
      return store.count
    },
    add: (outcome) => guard(() => store.add(outcome)),
    rows: (cell, runs) => guard(() => store.rows(cell, runs)),
    failed: () => guard(store.failed),
    write: (path, format, runs) => guard(() => store.write(path, format, runs)),
    wrote: (names) => guard(() => store.wrote(names)),
    close: store.close,
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function escaped(text: string): string {
  return text.replaceAll("'", "''")
}

/** Rows that are read at once; a cell with more is read alone. */
const PAGE_ROWS = 20_000
