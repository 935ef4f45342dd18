import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Table } from '../table.ts'
import { addRow, tableOf } from '../table.ts'
import { type TableFormat, tableFiles, tableFormats } from './tables.ts'
import { accounts, addBlock, sampleTables } from './timed.suite.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create()).connect()
  return (await connection.runAndReadAll(sql)).getRowsJson()
}

/** Writes blocks in slices of the given lengths. */
async function written(slices: readonly number[], format: TableFormat, complete = true) {
  const place = mkdtempSync(join(folder, 'run-'))
  const tables = sampleTables()
  const files = tableFiles(place, format)
  let block = 0
  for (const length of slices) {
    for (let i = 0; i < length; i++) addBlock(++block, tables)
    await files.keep([tables.frames, tables.events])
  }
  const kept = await files.finish('abc', complete)
  return { place, kept, read: (name: string) => readFileSync(join(place, name)) }
}

describe('tables of a run in time', () => {
  it('default: Parquet has the types of the columns, and null for what is missing', async () => {
    const { place } = await written([10], 'parquet')
    const described = await query(`DESCRIBE SELECT * FROM '${place}/frames.parquet'`)
    expect(described.map(([name, type]) => [name, type])).toEqual([
      ['block', 'INTEGER'],
      ['mid', 'DOUBLE'],
      ['gain', 'DOUBLE'],
      ['failed', 'BIGINT'],
    ])
    const frames = await query(`SELECT * FROM '${place}/frames.parquet'`)
    expect(frames[0]).toEqual([1, 2000 - 1 / 7, null, '3'])
    expect(frames[4]).toEqual([5, 2000 - 5 / 7, 0.2, '15'])
    const events = await query(`SELECT * FROM '${place}/events.parquet'`)
    expect(events).toEqual([
      [3, null],
      [6, accounts[0]],
      [9, accounts[1]],
    ])
  })

  it('default: CSV and NDJSON say the same', async () => {
    const { read } = await written([10], 'csv')
    expect(read('frames.csv').toString().split('\n').slice(0, 2)).toEqual([
      'block,mid,gain,failed',
      `1,${2000 - 1 / 7},,3`,
    ])
    expect(read('events.csv').toString()).toBe(
      'block,account\n3,\n6,0xa1\n9,"said ""no"", twice"\n',
    )
    const lines = (await written([10], 'ndjson')).read('events.ndjson').toString()
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { block: 3, account: null },
      { block: 6, account: accounts[0] },
      { block: 9, account: accounts[1] },
    ])
  })

  it.each(tableFormats)('law: %s has the same bytes however the run was sliced', async (format) => {
    const whole = await written([5000], format)
    const again = await written([5000], format)
    const sliced = await written([1, 0, 2047, 2048, 904], format)
    for (const name of [`frames.${format}`, `events.${format}`, 'tables.json']) {
      expect(again.read(name).equals(whole.read(name)), name).toBe(true)
      expect(sliced.read(name).equals(whole.read(name)), name).toBe(true)
    }
    const [[frames, events]] = await query(`SELECT
      (SELECT count(*) FROM '${whole.place}/frames.${format}'),
      (SELECT count(*) FROM '${whole.place}/events.${format}')`)
    expect([frames, events]).toEqual(['5000', '1666'])
  })

  it('default: a page beside them has units, definitions, rows and the run', async () => {
    const { read, kept } = await written([7], 'csv', false)
    const page = JSON.parse(read('tables.json').toString())
    expect(page).toMatchObject({ schema: 'firebreak.tables/1', run_id: 'abc', complete: false })
    expect(page.tables[0]).toMatchObject({ name: 'frames', file: 'frames.csv', rows: 7 })
    expect(page.tables[0].columns[3]).toEqual({
      name: 'failed',
      type: 'BIGINT',
      unit: 'count',
      definition: 'What failed is.',
    })
    expect(kept).toEqual([
      { name: 'frames', file: 'frames.csv', rows: 7 },
      { name: 'events', file: 'events.csv', rows: 2 },
    ])
  })

  it('behaviour: a table without rows is a file without rows', async () => {
    const { place } = await written([1], 'parquet')
    expect(await query(`SELECT count(*) FROM '${place}/events.parquet'`)).toEqual([['0']])
  })

  it('behaviour: what is dropped has no page, and a second drop does nothing', async () => {
    const place = mkdtempSync(join(folder, 'run-'))
    const files = tableFiles(place, 'parquet')
    await files.keep([sampleTables().frames])
    await files.drop()
    await files.drop()
    expect(readdirSync(place)).toEqual([])
  })

  it('behaviour: a number that is none is missing, an integer column holds integers', async () => {
    const one = (unit: string, value: number): Table => {
      const table = tableOf('one', [{ name: 'x', unit, definition: 'X.', words: null }])
      table.values[0][addRow(table)] = value
      return table
    }
    const place = mkdtempSync(join(folder, 'run-'))
    const files = tableFiles(place, 'ndjson')
    await files.keep([one('usd', Number.POSITIVE_INFINITY)])
    await files.finish('abc', true)
    expect(readFileSync(join(place, 'one.ndjson'), 'utf8')).toBe('{"x":null}\n')
    await expect(tableFiles(place, 'parquet').keep([one('count', 0.5)])).rejects.toThrow('integers')
  })

  it('error: a folder that cannot be written', async () => {
    for (const format of tableFormats) {
      const files = tableFiles(join(folder, 'absent'), format)
      const write = async () => {
        await files.keep([sampleTables().frames])
        await files.finish('abc', true)
      }
      await expect(write(), format).rejects.toThrow('FB2031')
      await files.drop()
    }
  })
})
