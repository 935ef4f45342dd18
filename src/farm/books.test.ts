import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { meterOf } from '../sweep/meter.ts'
import { sharingBooks } from './books.ts'

const read = async (keys: [string, string][] = []) =>
  (await readScenario('eth-lending', diskSource('.'), keys)).scenario

describe('sharingBooks', () => {
  it('behaviour: equal books are one, in memory that threads share', async () => {
    const share = sharingBooks()
    const one = share(await read()).protocols[0].positions
    const same = share(await read([['shock.drop', '20%']])).protocols[0].positions
    const other = share(await read([['seed', '7']])).protocols[0].positions
    expect(same).toBe(one)
    expect(other).not.toBe(one)
    for (const column of [one.account, one.asset, one.side, one.group, one.amount])
      expect(column.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  it('behaviour: a book that nobody uses any more is not held', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const share = sharingBooks()
    const used = share(await read()).protocols[0].positions
    const refs = []
    for (let seed = 1; seed <= 5; seed++)
      refs.push(new WeakRef(share(await read([['seed', String(seed)]])).protocols[0].positions))
    await new Promise((resolve) => setTimeout(resolve, 10))
    collect()
    expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([])
    expect(share(await read()).protocols[0].positions).toBe(used)
  })

  it('law: a shared scenario comes to the same, and its book stays as it is', async () => {
    const scenario = await read()
    const shared = sharingBooks()(scenario)
    const row = meterOf(scenario, { extra: 'none' }).run(0)
    const meter = meterOf(shared, { extra: 'none' })
    expect(meter.run(0)).toEqual(row)
    expect(meter.run(0)).toEqual(row)
    expect([...shared.protocols[0].positions.amount]).toEqual([
      ...scenario.protocols[0].positions.amount,
    ])
  })
})
