/** Parquet, written as the run goes on. */

import { rmSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'
import { type ColumnSource, fileWriter, ParquetWriter } from 'hyparquet-writer'
import { assert } from '../errors.ts'
import type { Column, Table } from '../table.ts'
import { type TableFile, typeOf, wordOf } from './tables.ts'

/** Cells of a row group: two megabytes of numbers. */
const GROUP_CELLS = 1 << 18

/** Who puts groups of rows into one file, here or in a thread; what it returns is waited for. */
export interface GroupWriter {
  /** The next rows, by column; they are its own from now on. */
  write(values: readonly Float64Array<ArrayBuffer>[]): void | Promise<void>
  finish(): void | Promise<void>
  /** Removes an unfinished file; does nothing after `finish`. */
  drop(): void
}

/** Opens a file for groups of rows of these columns. */
export type OpenGroups = (path: string, columns: readonly Column[]) => GroupWriter

/**
 * Opens a Parquet file: rows go to disk group by group.
 *
 * Rule: equal rows, equal bytes: where a group ends depends on the number of columns alone.
 */
export function parquetFile(path: string, table: Table, open: OpenGroups = groupsHere): TableFile {
  const { columns, values } = table
  const size = Math.ceil(GROUP_CELLS / columns.length)
  const groups = open(path, columns)
  let from = 0

  function writeGroup(upTo: number): void | Promise<void> {
    const rows = columns.map((_, c) => values[c].slice(from, upTo))
    from = upTo
    return groups.write(rows)
  }

  return {
    async append(_, begin, upTo) {
      checkIntegers(table, begin, upTo)
      while (upTo - from >= size) await writeGroup(from + size)
    },
    async close() {
      if (table.rows > from || from === 0) await writeGroup(table.rows)
      await groups.finish()
    },
    drop: () => groups.drop(),
  }
}

/**
 * Writes groups where it is called.
 *
 * Why: no database is loaded for it, which takes a tenth of a second. Brotli at its fastest makes
 *      files as small as zstd does, in a third of the time of gzip.
 */
export function groupsHere(path: string, columns: readonly Column[]): GroupWriter {
  const writer = fileWriter(path)
  const file = new ParquetWriter({
    writer,
    schema: [{ name: 'rows', num_children: columns.length }, ...columns.map(elementOf)],
    codec: 'BROTLI',
    compressors: { BROTLI: compressed },
    createdBy: 'firebreak',
    statistics: false,
  })
  let isFinished = false
  return {
    write(values) {
      const columnData = columns.map((column, c): ColumnSource => {
        const data = cellsOf(column, values[c])
        // Of measured numbers no two are alike: a dictionary of them would be looked for in vain.
        const plain = typeOf(column) === 'DOUBLE' ? { encoding: 'PLAIN' as const } : {}
        return { name: column.name, data, offsetIndex: false, ...plain }
      })
      file.write({ columnData, rowGroupSize: Math.max(1, values[0].length) })
    },
    finish() {
      file.finish()
      isFinished = true
    },
    drop() {
      if (!isFinished) rmSync(path, { force: true })
    },
  }
}

const types = {
  VARCHAR: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  DOUBLE: { type: 'DOUBLE' },
  INTEGER: { type: 'INT32' },
  BIGINT: { type: 'INT64' },
} as const

function elementOf(column: Column) {
  return { name: column.name, repetition_type: 'OPTIONAL' as const, ...types[typeOf(column)] }
}

/** Cells as the writer takes them; what is no number is null. */
function cellsOf(column: Column, values: Float64Array): ColumnSource['data'] {
  const type = typeOf(column)
  const { words } = column
  if (words !== null) return Array.from(values, (value) => wordOf(words, value))
  if (type === 'BIGINT')
    return Array.from(values, (value) => (Number.isFinite(value) ? BigInt(value) : null))
  if (values.every(Number.isFinite)) return values
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null))
}

function compressed(bytes: Uint8Array): Uint8Array {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1 }
  return brotliCompressSync(bytes, { params, chunkSize: bytes.length + SPARE })
}

/** Room for what does not compress, so that it is done in one go. */
const SPARE = 1024

function checkIntegers({ columns, values }: Table, from: number, upTo: number): void {
  for (let c = 0; c < columns.length; c++) {
    const type = typeOf(columns[c])
    if (type !== 'INTEGER' && type !== 'BIGINT') continue
    for (let row = from; row < upTo; row++) {
      const value = values[c][row]
      const isOne = Number.isInteger(value) || !Number.isFinite(value)
      assert(isOne, 'a column of blocks or counts holds integers')
    }
  }
}
