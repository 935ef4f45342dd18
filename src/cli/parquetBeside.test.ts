import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addRow, tableOf } from '../table.ts'
import type { tableFiles as Open } from './tables.ts'

const dist = join(import.meta.dirname, '../../dist/cli/tables.js')
const built = existsSync(dist)
const folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
afterAll(() => rmSync(folder, { recursive: true }))

const names = Array.from({ length: 900 }, (_, i) => `account ${i}`)

/** Grows by so many rows. */
function sample(name: string) {
  const column = (title: string, unit: string, words: readonly string[] | null = null) => {
    return { name: title, unit, definition: 'It is.', words }
  }
  const table = tableOf(name, [
    column('block', 'block'),
    column('account', 'word', names),
    column('x', 'usd'),
  ])
  return {
    table,
    grow(rows: number) {
      for (let i = 0; i < rows; i++) {
        const at = addRow(table)
        table.values[0][at] = at
        table.values[1][at] = (at * 7) % 900
        table.values[2][at] = at % 5 === 0 ? Number.NaN : at / 3
      }
    },
  }
}

/** The thread is a built file: npm run build. */
async function opened(place: string, isThreaded: boolean) {
  const { tableFiles } = (await import(dist)) as { tableFiles: typeof Open }
  return tableFiles(place, 'parquet', isThreaded)
}

describe.skipIf(!built)('Parquet made in a thread', () => {
  it('law: it is what is made in line, byte for byte', async () => {
    const [one, other] = [false, true].map((isThreaded) => join(folder, `t${isThreaded}`))
    for (const place of [one, other]) {
      mkdirSync(place)
      const files = await opened(place, place === other)
      const tables = [sample('frames'), sample('events')]
      for (let turn = 0; turn < 6; turn++) {
        tables[0].grow(60_000)
        tables[1].grow(turn)
        await files.keep(tables.map(({ table }) => table))
      }
      await files.finish('abc', true)
    }
    expect(readdirSync(one)).toEqual(['events.parquet', 'frames.parquet', 'tables.json'])
    for (const name of readdirSync(one))
      expect(readFileSync(join(other, name)).equals(readFileSync(join(one, name))), name).toBe(true)
  })

  it('error: what the disk says comes back from there, at the latest at the end', async () => {
    const files = await opened(join(folder, 'absent'), true)
    const { table, grow } = sample('frames')
    grow(10)
    const write = async () => {
      await files.keep([table])
      await files.finish('abc', true)
    }
    await expect(write()).rejects.toThrow('FB2031')
    await files.drop()
  })

  it('behaviour: dropped in the middle it leaves nothing', async () => {
    const place = join(folder, 'dropped')
    mkdirSync(place)
    const files = await opened(place, true)
    const { table, grow } = sample('frames')
    grow(300_000)
    await files.keep([table])
    await files.drop()
    expect(readdirSync(place)).toEqual([])
  })
})
