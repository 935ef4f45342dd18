/** Reads CSV and Parquet into tables whose cells know their line. */

import { type ErrorFacts, SourceError } from '../errors.ts'
import { digestOf, type FileSource, gunzipped, textOf, textRules } from './bytes.ts'
import { didYouMean } from './suggest.ts'
import { short } from './tree.ts'

/** Which file, and how to read it. */
export interface FileKeys {
  readonly file: string
  readonly format?: 'csv' | 'parquet' | undefined
  readonly sha256?: string | undefined
}

// The readers of both formats are loaded where a scenario names such a file: most name none.

/** csv-parse; the imports of package.json give browsers its build without Node's Buffer. */
type CsvReader = typeof import('#csv')

/** Rows as read; a cell is text, a number, or null where nothing stands. */
export interface Table {
  /** As named in the scenario. */
  readonly name: string
  readonly sha256: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** `positions.csv:12, column amount`. */
  place(row: number, column: string): string
}

export type Cell = string | number | null

/**
 * Reads a table that a scenario names.
 *
 * Rule:   the format is told from the name unless stated; `.gz` is unpacked. The first CSV row is
 *         the header.
 * Throws: TableError if it is missing, empty, cut short, in a wrong encoding, ragged, or not of the
 *         stated digest
 */
export async function readTable(
  keys: FileKeys,
  scenario: string,
  source: FileSource,
): Promise<Table> {
  const name = keys.file
  const raw = readBytes(name, scenario, source)
  const sha256 = digestOf(raw)
  if (keys.sha256 !== undefined && keys.sha256 !== sha256) {
    fail('FB4007', 'the file is not the one that the scenario was written for', name, {
      came: `sha256 ${sha256}`,
      remedy: 'Get the recorded file, or correct sha256 in the scenario',
    })
  }
  const bytes = name.endsWith('.gz') ? await unpacked(raw, name) : raw
  const format = keys.format ?? (/\.parquet(\.gz)?$/i.test(name) ? 'parquet' : 'csv')
  const table =
    format === 'csv' ? csvTable(bytes, name, await import('#csv')) : await parquetTable(bytes, name)
  if (table.rows.length === 0) fail('FB4002', 'the file has a header and no rows', name)
  return { ...table, name, sha256 }
}

/** Where a column stands, under the name that the scenario gives it. */
export function columnOf(table: Table, wanted: string): number {
  const at = table.columns.indexOf(wanted)
  if (at >= 0) return at
  return fail('FB4005', 'a column is missing', table.name, {
    came: `no column ${wanted}`,
    remedy: `Name it under columns: in the scenario. ${didYouMean(wanted, table.columns)}`,
  })
}

/** A finite number of a cell. */
export function numberAt(table: Table, row: number, column: number): number {
  const cell = table.rows[row][column]
  const text = typeof cell === 'string' ? cell.trim() : cell
  if (text === null || text === '') {
    return failAt(table, row, column, 'FB4013', 'a number is missing', null)
  }
  const isNumber = typeof text === 'number' || decimal.test(text)
  const value = isNumber ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  return failAt(table, row, column, 'FB4011', 'the value must be a finite number', cell)
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A cell as text, without the blanks around it; empty where nothing stands. */
export function textAt(table: Table, row: number, column: number): string {
  return String(table.rows[row][column] ?? '').trim()
}

/** Throws a TableError that points at one cell. */
export function failAt(
  table: Table,
  row: number,
  column: number,
  code: string,
  rule: string,
  came: Cell | undefined,
  remedy = 'Correct this row, or remove it',
): never {
  const place = table.place(row, short(table.columns[column]))
  throw new TableError({ code, rule, place, came: short(String(came ?? 'nothing')), remedy })
}

type Rows = Pick<Table, 'columns' | 'rows' | 'place'>

const bytesMax = 2_000_000_000

function readBytes(name: string, scenario: string, source: FileSource): Uint8Array {
  try {
    return source.read(source.resolve(scenario, name, 'data'))
  } catch (cause) {
    return fail('FB4001', 'the file cannot be read', name, {
      remedy: 'Check the path, or give the folder of the data with --data',
      cause,
    })
  }
}

async function unpacked(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const plain = await gunzipped(bytes, bytesMax)
  return plain ?? fail('FB4004', 'the gzip stream is broken or cut short', name)
}

function csvTable(bytes: Uint8Array, name: string, reader: CsvReader): Rows {
  const decoded = textOf(bytes)
  if ('fault' in decoded) {
    const code = decoded.fault === 'empty' ? 'FB4002' : 'FB4003'
    return fail(code, textRules[decoded.fault], name, {
      remedy: 'Save the file again as UTF-8 CSV',
    })
  }
  const records = parsedCsv(decoded.text, name, reader)
  const columns = records[0].map((column) => column.trim())
  checkColumns(columns, name)
  return {
    columns,
    rows: records.slice(1),
    place: (row, column) => `${name}:${lineOf(decoded.text, row + 1, reader)}, column ${column}`,
  }
}

function checkColumns(columns: readonly string[], name: string): void {
  const twice = columns.find((column, i) => columns.indexOf(column) < i)
  if (twice === undefined) return
  fail('FB4004', 'a column stands once', name, { came: `${short(twice)} twice` })
}

const csvOptions = { skip_empty_lines: true, bom: true }

function parsedCsv(text: string, name: string, { parse, CsvError }: CsvReader): string[][] {
  try {
    return parse(text, csvOptions) as string[][]
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = typeof cause.lines === 'number' ? `:${cause.lines}` : ''
    const rule = csvRules[cause.code] ?? 'the file is not valid CSV'
    throw new TableError({ code: 'FB4004', rule, place: name + line, remedy: COMPLETE, cause })
  }
}

const csvRules: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'every row must have as many fields as the header',
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
}

// Asked only for errors: keeping every line number would cost more than the rows.
function lineOf(text: string, record: number, { parse }: CsvReader): number {
  const upTo = parse(text, { ...csvOptions, info: true, to: record + 1 })
  const last = upTo.at(-1) as unknown as { info: { lines: number } }
  return last.info.lines
}

async function parquetTable(bytes: Uint8Array, name: string): Promise<Rows> {
  if (bytes.length === 0) fail('FB4002', textRules.empty, name)
  const { columns, cells } = await parquetColumns(new Uint8Array(bytes).buffer, name)
  checkColumns(columns, name)
  const rows = Array.from({ length: cells[0]?.length ?? 0 }, (_, row) =>
    cells.map((column) => cellOf(column[row])),
  )
  return {
    columns,
    rows,
    place: (row, column) => `${name}, row ${row + 1}, column ${column}`,
  }
}

const rowsMax = 20_000_000

async function parquetColumns(file: ArrayBuffer, name: string) {
  const { parquetMetadata, parquetRead, parquetSchema } = await import('hyparquet')
  try {
    const metadata = parquetMetadata(file)
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
    if (!(rows >= 0 && rows <= rowsMax)) throw new RangeError(`${rows} rows`)
    const columns = parquetSchema(metadata).children.map((child) => child.element.name)
    const cells: unknown[][] = []
    // One after the other: of several columns read at once, a second broken one would reject behind
    // our back.
    for (const column of columns) {
      await parquetRead({
        ...{ file, metadata, columns: [column] },
        onComplete: (read: unknown[][]) => cells.push(read.map(([cell]) => cell)),
      })
    }
    const isWhole = cells.every((column) => column.length === rows)
    if (!isWhole) throw new RangeError('columns of different lengths')
    return { columns, cells }
  } catch (cause) {
    const remedy = 'Write the file again, uncompressed or with snappy'
    return fail('FB4004', 'the file is no Parquet that can be read', name, { remedy, cause })
  }
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  return typeof value === 'bigint' ? Number(value) : String(value)
}

const COMPLETE = 'Check that the file is complete, then write it again'

function fail(code: string, rule: string, place: string, more: Partial<ErrorFacts> = {}): never {
  throw new TableError({ remedy: COMPLETE, ...more, code, rule, place })
}

/** A file that a scenario names and that cannot be used. */
export class TableError extends SourceError {}
