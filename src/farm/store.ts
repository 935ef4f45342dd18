/** Where results of a sweep are kept: one DuckDB file, in which a task is there or is not. */

import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { assert } from '../errors.ts'
import type { Plan } from '../sweep/plan.ts'
import type { FailedRun, Outcome } from '../sweep/work.ts'
import { StoreError, StoreTakenError } from './errors.ts'

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
  close(): void
}

export const storeName = 'sweep.duckdb'

/**
 * Opens the store of a plan in a folder; in memory where there is none.
 *
 * Rule:   `new` refuses a folder that holds results of any sweep; `resume` goes on with one of the
 *         same plan, and begins where there is none; `fresh` throws away what stands there. Rows
 *         have the primary key (cell, run), and a task is one transaction.
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
      return guarded(await storeOver(instance, connection, plan), guard)
    } catch (error) {
      connection.closeSync()
      instance.closeSync()
      throw error
    }
  })
}

async function pathIn(folder: string, opening: Opening): Promise<string> {
  const path = join(folder, storeName)
  const isEmpty = opening === 'new' && existsSync(path) && (await runsIn(path)) === 0
  if (opening === 'new' && existsSync(path) && !isEmpty)
    throw new StoreTakenError(
      folder,
      storeName,
      'Use --resume to go on with it, --fresh to start anew',
    )
  if (opening === 'fresh' && existsSync(path)) await checkFree(path)
  if (opening !== 'resume') for (const end of ['', '.wal']) rmSync(path + end, { force: true })
  mkdirSync(folder, { recursive: true })
  return path
}

/** What another process writes into is not thrown away; what is no store may be. */
async function checkFree(path: string): Promise<void> {
  await runsIn(path).catch((error: unknown) => {
    if (/lock/i.test(String(error))) throw error
  })
}

async function runsIn(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  try {
    const tables = await connection.runAndReadAll('SELECT 1 FROM duckdb_tables()')
    // Ended before its first transaction.
    if (tables.getRows().length === 0) return 0
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
  const had = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM plan')
  if (had.getRows()[0][0] === 0) {
    await connection.run(`CREATE TABLE cells(cell INTEGER PRIMARY KEY${keys})`)
    const appender = await connection.createAppender('cells')
    cells.forEach(({ values }, cell) => {
      appender.appendInteger(cell)
      for (const value of values)
        value === null ? appender.appendNull() : appender.appendVarchar(value)
      appender.endRow()
    })
    appender.closeSync()
    const text = JSON.stringify(plan)
    await connection.run('INSERT INTO plan VALUES ($1, $2)', [plan.id, text])
  }
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
): Promise<Store> {
  const there = await bitsOf(connection, plan.cells.length)
  let count = there.reduce((sum, runs) => sum + runs.size, 0)
  const has = (cell: number, run: number) => there[cell].has(run)
  return {
    has,
    get count() {
      return count
    },
    async add(outcome) {
      await connection.run('BEGIN')
      try {
        const fresh = await addRows(connection, plan.measures.length, outcome, has)
        await addFailed(connection, outcome, has)
        await connection.run('COMMIT')
        for (const [cell, run] of fresh) there[cell].add(run)
        count += fresh.length
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => {})
        throw error
      }
    },
    rows: (cell, runs) => rowsOf(connection, plan, cell, runs),
    failed: () => failedOf(connection),
    async write(path, format, runs) {
      const ways = { parquet: 'FORMAT parquet, COMPRESSION zstd', csv: 'FORMAT csv, HEADER' }
      const query = exportQuery(plan, runs)
      await connection.run(`COPY (${query}) TO '${escaped(path)}' (${ways[format]})`)
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

async function rowsOf(
  connection: DuckDBConnection,
  { measures }: Plan,
  cell: number,
  runs: number,
): Promise<Float64Array> {
  const names = measures.map(({ name }) => quoted(name)).join(', ')
  const read = await connection.runAndReadAll(
    `SELECT ${names} FROM runs WHERE cell = ${cell} AND run < ${runs} ORDER BY run`,
  )
  const columns = read.getColumns() as (number | null)[][]
  const rows = columns[0]?.length ?? 0
  const values = new Float64Array(rows * measures.length)
  columns.forEach((column, m) => {
    for (let r = 0; r < rows; r++) values[r * measures.length + m] = column[r] ?? Number.NaN
  })
  return values
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

async function bitsOf(connection: DuckDBConnection, cells: number): Promise<Set<number>[]> {
  const there = Array.from({ length: cells }, () => new Set<number>())
  const read = await connection.runAndReadAll('SELECT cell, run FROM runs')
  for (const [cell, run] of read.getRows()) {
    assert(Number(cell) < cells, 'the store has no cells beyond the plan')
    there[Number(cell)].add(Number(run))
  }
  return there
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
    close: store.close,
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function escaped(text: string): string {
  return text.replaceAll("'", "''")
}
