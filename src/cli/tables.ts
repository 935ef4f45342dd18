/** Tables of a run in time as files that grow with it, and the page that says what is in them. */

import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../errors.ts'
import type { Column, Table } from '../table.ts'
import type { GroupsBeside } from './parquetBeside.ts'
import { UnwritableError } from './save.ts'

/** Formats that `--tables` knows. */
export const tableFormats = ['parquet', 'csv', 'ndjson'] as const
export type TableFormat = (typeof tableFormats)[number]

/** One file that grows by rows. It can be read once it is closed. */
export interface TableFile {
  /** Adds the rows from `from` up to, but without, `upTo`. */
  append(table: Table, from: number, upTo: number): Promise<void>
  close(): Promise<void>
  /** Lets go of an unfinished file; does nothing after `close`. */
  drop(): void
}

/** A table that was written. */
export interface Written {
  readonly name: string
  readonly file: string
  readonly rows: number
}

/** All tables of one run, a file each. */
export interface TableFiles {
  /** Appends what the tables have got since the last call. */
  keep(tables: readonly Table[]): Promise<void>
  /**
   * Closes the files and writes `tables.json` beside them. `complete` is false where the run was
   * stopped.
   */
  finish(runId: string, complete: boolean): Promise<readonly Written[]>
  /** Lets go of unfinished files. */
  drop(): Promise<void>
}

/**
 * Opens the files of a run in a folder that exists.
 *
 * Units:  missing is null in Parquet and NDJSON and empty in CSV, never NaN or 0. A column with
 *         words is text; units `block` and `count` are integers.
 * Shape:  `isThreaded`: Parquet is made in a thread of its own, while the run goes on.
 * Throws: UnwritableError, when a file cannot be written
 */
export function tableFiles(folder: string, format: TableFormat, isThreaded = false): TableFiles {
  const files: Growing[] = []
  const opener = openerFor(format, isThreaded)
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw isOutside(error) ? new UnwritableError(folder, error) : error
    }
  }
  return {
    keep: (tables) => guarded(() => keepRows(files, tables, folder, opener)),
    async finish(runId, complete) {
      const written = await guarded(() => finish(files, folder, runId, complete))
      await opener.end()
      return written
    },
    async drop() {
      await opener.end()
      for (const { file } of files) file.drop()
    },
  }
}

/** A column's type, by its name in SQL. */
export type ColumnType = 'VARCHAR' | 'INTEGER' | 'BIGINT' | 'DOUBLE'

/** The type that a column has in every format. */
export function typeOf({ words, unit }: Column): ColumnType {
  if (words !== null) return 'VARCHAR'
  return unit === 'block' ? 'INTEGER' : unit === 'count' ? 'BIGINT' : 'DOUBLE'
}

/** The word of a column that has words; null for none. */
export function wordOf(words: readonly string[], value: number): string | null {
  if (!(value >= 0)) return null
  assert(value < words.length, 'a column has a word for every number')
  return words[value]
}

interface Growing {
  readonly table: Table
  readonly name: string
  readonly file: TableFile
  rows: number
}

async function keepRows(
  files: Growing[],
  tables: readonly Table[],
  folder: string,
  opener: Opener,
): Promise<void> {
  for (const table of tables) {
    let growing = files.find((one) => one.table === table)
    if (growing === undefined) {
      const name = `${table.name}.${opener.format}`
      growing = { table, name, file: await opener.open(join(folder, name), table), rows: 0 }
      files.push(growing)
    }
    const from = growing.rows
    growing.rows = table.rows
    if (table.rows > from) await growing.file.append(table, from, table.rows)
  }
}

async function finish(
  files: readonly Growing[],
  folder: string,
  runId: string,
  complete: boolean,
): Promise<Written[]> {
  for (const { file } of files) await file.close()
  const tables = files.map(({ table, name, rows }) => ({
    name: table.name,
    file: name,
    rows,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: typeOf(column),
      unit: column.unit,
      definition: column.definition,
    })),
  }))
  const page = { schema: 'firebreak.tables/1', run_id: runId, complete, tables }
  writeFileSync(join(folder, 'tables.json'), `${JSON.stringify(page, null, 2)}\n`)
  return tables.map(({ name, file, rows }) => ({ name, file, rows }))
}

/** Opens the files of a format; after `end` nobody writes to them but who is in here. */
interface Opener {
  readonly format: TableFormat
  open(path: string, table: Table): Promise<TableFile>
  end(): Promise<void>
}

function openerFor(format: TableFormat, isThreaded: boolean): Opener {
  if (format !== 'parquet')
    return {
      format,
      open: async (path, table) => textFile(path, table, shapes[format]),
      async end() {},
    }
  let beside: GroupsBeside | null = null
  return {
    format,
    async open(path, table) {
      if (isThreaded) beside ??= (await import('./parquetBeside.ts')).groupsBeside()
      const { parquetFile } = await import('./parquet.ts')
      return parquetFile(path, table, beside?.open)
    },
    end: async () => beside?.end(),
  }
}

/** How a row begins, joins and ends, and how a field stands in it. */
interface Shape {
  readonly header: (columns: readonly Column[]) => string
  readonly before: (column: Column, index: number) => string
  readonly missing: string
  readonly word: (word: string) => string
  readonly end: string
}

const shapes: Readonly<Record<'csv' | 'ndjson', Shape>> = {
  csv: {
    header: (columns) => `${columns.map(({ name }) => name).join(',')}\n`,
    before: (_, index) => (index === 0 ? '' : ','),
    missing: '',
    word: (word) => (/[",\n\r]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word),
    end: '\n',
  },
  ndjson: {
    header: () => '',
    before: ({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    missing: 'null',
    word: (word) => JSON.stringify(word),
    end: '}\n',
  },
}

function textFile(path: string, { columns }: Table, shape: Shape): TableFile {
  const file = openSync(path, 'w')
  const befores = columns.map(shape.before)
  let open = true
  const end = () => {
    if (open) closeSync(file)
    open = false
  }
  writeSync(file, shape.header(columns))
  return {
    async append(table, from, upTo) {
      for (let row = from; row < upTo; row += BATCH) {
        writeSync(file, lines(table, row, Math.min(upTo, row + BATCH), befores, shape))
      }
    },
    close: async () => end(),
    drop: end,
  }
}

function lines(
  { columns, values }: Table,
  from: number,
  upTo: number,
  befores: readonly string[],
  shape: Shape,
): string {
  let text = ''
  for (let row = from; row < upTo; row++) {
    for (let c = 0; c < columns.length; c++) {
      text += befores[c] + field(columns[c], values[c][row], shape)
    }
    text += shape.end
  }
  return text
}

function field({ words }: Column, value: number, { missing, word }: Shape): string {
  if (!Number.isFinite(value)) return missing
  if (words === null) return String(value)
  const text = wordOf(words, value)
  return text === null ? missing : word(text)
}

/** A full disk is no fault of ours: what the file system says. */
function isOutside(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** Rows that are made into one piece of text. */
const BATCH = 4096
