import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { inline } from './executor.ts'
import { planOf, taskId } from './plan.ts'
import { openStore } from './store.ts'
import { conduct, type Standing } from './sweep.ts'
import { variationOf } from './variations.ts'

function plan(vary: string[], oneAtATime = false, overrides: [string, string][] = []) {
  const wanted = { entry: 'eth-lending', overrides, runs: 2, extra: 'none' as const }
  const variations = vary.map(variationOf)
  return planOf({ ...wanted, variations, oneAtATime }, diskSource('.', null))
}

describe('planOf', () => {
  it('trap: cells that are alike have jobs of their own', async () => {
    const { plan: one } = await plan(['drop=10%,15%'], true)
    expect(one.cells[0].runId).toBe(one.cells[2].runId)
    const [base, same] = [0, 2].map((cell) => taskId(one, [{ cell, from: 0, count: 2 }]))
    expect(base).not.toBe(same)
  })

  it('trap: equal scenarios, written otherwise, are another store', async () => {
    const ids = [plan(['drop=20%']), plan(['drop=0.2']), plan(['drop=20%'], true)]
    const plans = await Promise.all(ids)
    expect(new Set(plans.map(({ plan }) => plan.id)).size).toBe(3)
  })

  it('law: scenarios whose books take much room are read again, to the same', async () => {
    const debts = Array.from({ length: 53 }, (_, k) => `$${1 + k}B`)
    const debt = variationOf(`protocols.market.book.synthetic.0.totalDebt=${debts.join()}`)
    const accounts = 'protocols.market.book.synthetic.0.accounts'
    const overrides: [string, string][] = [[accounts, '20']]
    const some = { entry: 'eth-lending', overrides, runs: 2, extra: 'none' as const }
    const wanted = { ...some, variations: [debt, variationOf('drop=10%,20%')], oneAtATime: false }
    // The first hundred have fifty books; two legs an account, and room for one more.
    const planned = await planOf(wanted, diskSource('.', null), 51 * 2 * (588 + 20))
    const read = (cell: number) => planned.fetch(cell)
    const bookOf = async (cell: number) => (await read(cell)).protocols[0].positions
    for (const cell of [0, 99]) expect(await read(cell)).toBe(planned.scenario(cell))
    for (const cell of [100, 101]) expect(await read(cell)).toBe(await read(cell))
    for (const cell of [102, 105]) {
      const [one, two] = [await read(cell), await read(cell)]
      expect(one).not.toBe(two)
      expect(one.protocols[0].positions).toBe(two.protocols[0].positions)
      expect(JSON.stringify(one)).toBe(JSON.stringify(two))
      expect(() => planned.scenario(cell)).toThrow(/first cells/)
    }
    expect(await bookOf(1)).toBe(await bookOf(0))
    expect(await bookOf(2)).not.toBe(await bookOf(0))
    expect((await read(105)).shock.drop).toBe(0.2)
    expect((await read(1)).assets).toBe((await read(0)).assets)
  })

  it('error: what cannot be varied', async () => {
    await expect(plan(['drop=5%', 'shock.drop=10%'])).rejects.toThrow(/FB2082.*one --vary/s)
    await expect(plan(['seed=1,2'])).rejects.toThrow(/FB2084.*another seed/s)
    const wide = ['drop=0%..99%:0.01%', 'depth.haircut=0%..99%:0.01%']
    await expect(plan(wide)).rejects.toThrow(/FB2085.*98029801/)
  })
})

describe('conduct', () => {
  it('trap: runs of a longer sweep do not stand for those that are missing', async () => {
    const planned = await plan(['drop=10%,15%'])
    const supply = { extra: 'none' as const, measures: planned.plan.measures.length }
    const executor = inline({ ...supply, scenario: planned.scenario })
    const store = await openStore(null, planned.plan, 'new')
    const seen: Standing[] = []
    const stopAt = (most: number) => ({
      seen: (standing: Standing) => seen.push(standing),
      stopped: () => store.count >= most,
    })
    // All that is kept is of the first cell.
    expect(await conduct(planned, 6, store, executor, stopAt(4), 1)).toBe(false)
    expect(store.has(1, 0)).toBe(false)
    expect(await conduct(planned, 2, store, executor, stopAt(0), 1)).toBe(false)
    expect(seen.at(-1)).toMatchObject({ done: 2, all: 4, before: 2 })
    expect(await conduct(planned, 2, store, executor, stopAt(100), 1)).toBe(true)
    expect(seen.at(-1)).toMatchObject({ done: 4, all: 4 })
    store.close()
  })
})
