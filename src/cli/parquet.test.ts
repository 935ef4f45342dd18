import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addRow, type Column, type Table, tableOf } from '../table.ts'
import { parquetFile } from './parquet.ts'
import { typeOf, wordOf } from './tables.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect()
  return (await connection.runAndReadAll(sql)).getRows() as unknown[][]
}

const column = (name: string, unit: string, words: readonly string[] | null = null): Column => {
  return { name, unit, definition: 'It is.', words }
}

function filled(columns: readonly Column[], rows: readonly (readonly number[])[]): Table {
  const table = tableOf('rows', columns)
  for (const row of rows) {
    const at = addRow(table)
    row.forEach((value, c) => {
      table.values[c][at] = value
    })
  }
  return table
}

async function written(table: Table): Promise<string> {
  const path = join(folder, `${table.name}.parquet`)
  const file = parquetFile(path, table)
  await file.append(table, 0, table.rows)
  await file.close()
  return path
}

/** What a database should make of a cell. */
function meant(of: Column, value: number): unknown {
  if (of.words !== null) return wordOf(of.words, value)
  if (!Number.isFinite(value)) return null
  return typeOf(of) === 'BIGINT' ? BigInt(value) : value
}

describe('a Parquet file', () => {
  const many = Array.from({ length: 300 }, (_, i) => `0x${i.toString(16)} "é" 鲸`)
  const columns = [
    column('x', 'usd'),
    column('block', 'block'),
    column('count', 'count'),
    column('one', 'word', ['only']),
    column('some', 'word', ['a', '', 'c']),
    column('many', 'word', many),
  ]
  const gap = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)
  const row = fc.tuple(
    fc.oneof(fc.double({ noNaN: true }), gap),
    fc.oneof(fc.integer(), gap),
    fc.oneof(fc.maxSafeInteger(), fc.constantFrom(2 ** 31, -(2 ** 32), -1), gap),
    fc.constantFrom(0, -1),
    fc.integer({ min: -1, max: 2 }),
    fc.oneof(fc.integer({ min: 0, max: 299 }), fc.constant(Number.NaN)),
  )

  it('law: a database reads every cell as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 700 }), async (rows) => {
        const path = await written(filled(columns, rows))
        const expected = rows.map((cells) => cells.map((value, c) => meant(columns[c], value)))
        expect(await query(`SELECT * FROM '${path}'`)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('exception: columns of one value, and of none', async () => {
    const whole = Array.from({ length: 1000 }, () => [7, 7, 7, 0, 1, 299])
    const none = whole.map(() => [Number.NaN, Number.NaN, Number.NaN, -1, -1, Number.NaN])
    for (const rows of [whole, none, [...whole, ...none]]) {
      const path = await written(filled(columns, rows))
      const expected = rows.map((cells) => cells.map((value, c) => meant(columns[c], value)))
      expect(await query(`SELECT * FROM '${path}'`)).toEqual(expected)
    }
  })

  it('behaviour: long tables are several groups, each with the words of its own', async () => {
    const names = Array.from({ length: 70_000 }, (_, i) => `account ${i}`)
    const table = tableOf('long', [column('x', 'usd'), column('account', 'word', names)])
    for (let i = 0; i < 1_200_000; i++) {
      const at = addRow(table)
      table.values[0][at] = i / 3
      table.values[1][at] = Math.floor(i / 20) % 70_000
    }
    const path = await written(table)
    const groups = await query(`SELECT DISTINCT row_group_id, row_group_num_rows
      FROM parquet_metadata('${path}') ORDER BY 1`)
    expect(groups.map(([, rows]) => Number(rows))).toEqual([
      ...Array.from({ length: 9 }, () => 131_072),
      20_352,
    ])
    const wrong = await query(`SELECT count(*) FROM (
      SELECT *, row_number() OVER () - 1 AS i FROM '${path}'
    ) WHERE x <> i / 3.0 OR account <> 'account ' || (i // 20) % 70000`)
    expect(wrong).toEqual([[0n]])
    expect(readFileSync(path).subarray(0, 4).toString()).toBe('PAR1')
  })
})
