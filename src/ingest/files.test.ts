import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, it } from 'vitest'
import { accountsOf, healthFactor } from '../book.ts'
import { setup } from '../setup.ts'
import { diskSource } from './files.ts'
import { failureOf, positionsText, readSmall, smallFiles } from './memory.suite.ts'
import { readScenario } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'firebreak-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const [name, content] of Object.entries(smallFiles)) writeFileSync(join(folder, name), content)

describe('files', () => {
  it('default: a path resolves against the folder, its data against the scenario', async () => {
    const { scenario } = await readScenario('small.yaml', diskSource(folder))
    expect(scenario.protocols[0].positions.accounts).toHaveLength(3)
    const elsewhere = diskSource(tmpdir())
    expect((await readScenario(join(folder, 'small.yaml'), elsewhere)).scenario).toEqual(scenario)
  })

  it('behaviour: --data moves the data only', async () => {
    const data = mkdtempSync(join(folder, 'data-'))
    const error = await failureOf(readScenario('small.yaml', diskSource(folder, data)))
    expect(error.code).toBe('FB4001')
    for (const name of ['positions.csv', 'depth.csv'])
      writeFileSync(join(data, name), smallFiles[name])
    const { runId } = await readScenario('small.yaml', diskSource(folder, data))
    expect(runId).toBe((await readScenario('small.yaml', diskSource(folder))).runId)
  })

  it('error: a folder, or nothing, where a scenario should be', async () => {
    for (const name of ['.', 'nothing.yaml', 'nothing'])
      expect((await failureOf(readScenario(name, diskSource(folder)))).code).toBe('FB2040')
  })

  it('law: bundled examples are found by name, read without network, and set up', async () => {
    const examples = readdirSync(new URL('../../examples', import.meta.url))
    expect(examples.sort()).toContain('eth-lending.yaml')
    for (const name of ['eth-lending', 'lst-depeg', 'uniswap-thin']) {
      const { scenario, resolved, runId } = await readScenario(name, diskSource(folder))
      expect(scenario.name).toBe(name)
      expect(scenario.protocols[0].positions.synthetic).toBe(true)
      setup(scenario)
      writeFileSync(join(folder, 'resolved.json'), JSON.stringify(resolved))
      expect((await readScenario('resolved.json', diskSource(folder))).runId).toBe(runId)
    }
    const { scenario } = await readScenario('eth-lending', diskSource(folder))
    const { positions } = scenario.protocols[0]
    const owed = positions.amount.filter((_, k) => positions.side[k] < 0)
    expect(positions.accounts).toHaveLength(2418)
    expect(owed.reduce((sum, debt) => sum + debt, 0) / 383e6).toBeCloseTo(1, 12)
  })

  it('behaviour: gzip and Parquet hold the same positions as CSV', async () => {
    const plain = await readSmall()
    const gz = { 'positions.csv.gz': new Uint8Array(gzipSync(positionsText)) }
    const book = 'protocols.market.book.file'
    const zipped = await readSmall(gz, [[book, 'positions.csv.gz']])
    expect(zipped.scenario.protocols).toEqual(plain.scenario.protocols)
    const parquet = { 'positions.parquet': parquetPositions() }
    const columns = await readSmall(parquet, [[book, 'positions.parquet']])
    expect(columns.scenario.protocols).toEqual(plain.scenario.protocols)
  })

  it('error: gzip and Parquet that are cut short, and rows of Parquet by number', async () => {
    const read = (name: string, content: Uint8Array) =>
      failureOf(readSmall({ [name]: content }, [['protocols.market.book.file', name]]))
    const zipped = new Uint8Array(gzipSync(positionsText))
    expect((await read('p.csv.gz', zipped.slice(0, 40))).code).toBe('FB4004')
    expect((await read('p.csv.gz', new Uint8Array())).code).toBe('FB4004')
    const parquet = parquetPositions()
    expect((await read('p.parquet', parquet.slice(0, 200))).code).toBe('FB4004')
    expect((await read('p.parquet', new Uint8Array())).code).toBe('FB4002')
    expect(await read('p.parquet', parquetPositions(-1))).toMatchObject({
      code: 'FB4012',
      place: 'p.parquet, row 1, column amount',
    })
  })
})

function parquetPositions(first = 10): Uint8Array {
  const rows = positionsText
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
  const column = (name: string, at: number) => ({ name, data: rows.map((row) => row[at]) })
  const amounts = rows.map((row, i) => (i === 0 ? first : Number(row[3])))
  const columnData = [
    column('user', 0),
    column('asset', 1),
    column('side', 2),
    { name: 'amount', data: amounts, type: 'DOUBLE' as const },
    column('group', 4),
  ]
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

describe('the recorded Aave v2 book', () => {
  const recording = join(process.env.FIREBREAK_DATA ?? '', 'ready/aave-v2-steth-2023-06-19')
  const isThere = process.env.FIREBREAK_DATA !== undefined && existsSync(recording)
  const read = () => readScenario('aave-v2-steth-2023-06-19', diskSource(folder, recording))

  it.skipIf(!isThere)(
    'law: every row is a leg, and sums are those of the file (FIREBREAK_DATA)',
    async () => {
      const { scenario, data } = await read()
      const { positions } = scenario.protocols[0]
      const lines = readFileSync(join(recording, 'positions.csv'), 'utf8').trim().split(/\r?\n/)
      expect(positions.amount).toHaveLength(lines.length - 1)
      expect(data.find(({ role }) => role === 'positions')?.rows).toBe(lines.length - 1)
      expect(positions.accounts).toHaveLength(358)
      const sums = new Map<string, number>()
      for (const line of lines.slice(1)) {
        const [, asset, side, amount] = line.split(',')
        sums.set(`${asset} ${side}`, (sums.get(`${asset} ${side}`) ?? 0) + Number(amount))
      }
      const own = new Map<string, number>()
      positions.amount.forEach((amount, k) => {
        const side = positions.side[k] > 0 ? 'collateral' : 'debt'
        const key = `${scenario.assets[positions.asset[k]].name} ${side}`
        own.set(key, (own.get(key) ?? 0) + amount)
      })
      expect(own).toEqual(sums)
    },
  )

  it.skipIf(!isThere)(
    'law: recorded health factors and debt come out again (FIREBREAK_DATA)',
    async () => {
      const { scenario } = await read()
      const [protocol] = setup(scenario).protocols
      const lines = readFileSync(join(recording, 'health.csv'), 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
      const recorded = new Map(lines.map((line) => line.split(',') as [string, string]))
      expect(recorded.size).toBe(accountsOf(protocol.book))
      for (let i = 0; i < accountsOf(protocol.book); i++) {
        const factor = healthFactor(protocol.book, protocol.values, i)
        expect(Math.abs(factor / Number(recorded.get(protocol.accounts[i])) - 1)).toBeLessThan(1e-3)
      }
      const { positions } = scenario.protocols[0]
      const debt = positions.amount.reduce(
        (sum, amount, k) =>
          positions.side[k] < 0 ? sum + amount * scenario.assets[positions.asset[k]].price : sum,
        0,
      )
      expect(debt / 1e6).toBeCloseTo(133.57, 2)
    },
  )

  it.skipIf(!isThere)('law: what is assumed is said (FIREBREAK_DATA)', async () => {
    const { scenario } = await read()
    expect(scenario.warnings.map(({ code }) => code)).toEqual([
      'FB4102',
      ...Array(4).fill('FB4103'),
      'FB4101',
      'FB4107',
    ])
  })
})
