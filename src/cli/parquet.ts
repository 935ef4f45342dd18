/** Parquet by DuckDB. Loaded only where Parquet is written: loading takes a tenth of a second. */

import {
  BIGINT,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBVector,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api'
import { assert } from '../errors.ts'
import type { Column, Table } from '../table.ts'
import { type TableFile, typeOf, wordOf } from './tables.ts'

/**
 * Opens a Parquet file: rows gather in DuckDB's memory and go to disk at `close`.
 *
 * Rule: equal rows, equal bytes: one thread writes them in their order.
 */
export async function parquetFile(path: string, { columns }: Table): Promise<TableFile> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const types = columns.map((column) => sqlTypes[typeOf(column)])
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`)
  await connection.run(`CREATE TABLE rows (${names.map((name, c) => `${name} ${types[c]}`)})`)
  const appender = await connection.createAppender('rows')
  let open = true
  const end = () => {
    if (!open) return
    open = false
    connection.closeSync()
    instance.closeSync()
  }
  return {
    append(table, from, upTo) {
      for (let row = from; row < upTo; row += CHUNK) {
        const chunk = DuckDBDataChunk.create(types, Math.min(CHUNK, upTo - row))
        table.values.forEach((values, c) => {
          fill(chunk.getColumnVector(c), columns[c], values.subarray(row, row + chunk.rowCount))
        })
        appender.appendDataChunk(chunk)
      }
    },
    async close() {
      appender.closeSync()
      const to = path.replaceAll("'", "''")
      await connection.run(`COPY rows TO '${to}' (FORMAT parquet, COMPRESSION zstd)`)
      end()
    },
    drop: end,
  }
}

const sqlTypes = { VARCHAR, INTEGER, BIGINT, DOUBLE } as const

function fill(vector: DuckDBVector, column: Column, values: Float64Array): void {
  const type = typeOf(column)
  if (type === 'VARCHAR') fillWords(vector, column.words!, values)
  else if (type === 'DOUBLE') fillNumbers(vector, values)
  else fillIntegers(vector, type === 'BIGINT', values)
  vector.flush()
}

function fillNumbers(vector: DuckDBVector, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    vector.setItem(i, Number.isFinite(values[i]) ? values[i] : null)
  }
}

function fillWords(vector: DuckDBVector, words: readonly string[], values: Float64Array): void {
  for (let i = 0; i < values.length; i++) vector.setItem(i, wordOf(words, values[i]))
}

function fillIntegers(vector: DuckDBVector, isLong: boolean, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    const isMissing = !Number.isFinite(value)
    assert(isMissing || Number.isInteger(value), 'a column of blocks or counts holds integers')
    vector.setItem(i, isMissing ? null : isLong ? BigInt(value) : value)
  }
}

/** Rows of one piece: the most that DuckDB takes. */
const CHUNK = 2048
