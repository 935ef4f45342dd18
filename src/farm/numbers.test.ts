import { describe, expect, it } from 'vitest'
import { diskSource } from '../ingest/files.ts'
import { readScenario } from '../ingest/read.ts'
import { everyNumber } from './numbers.ts'

describe('everyNumber', () => {
  it('default: numbers and spans a tenth down and up, counts by one, names and zeros not at all', () => {
    const resolved = {
      seed: 42,
      assets: { ETH: { price: 2000 } },
      depth: { haircut: 0, recovery: { halfLife: '600s' } },
      book: [{ accounts: 10, totalDebt: 1e6 }],
      agents: { one: { count: 1, sells: 'now', maxGas: 'none' } },
      feedback: true,
    }
    expect(everyNumber(resolved)).toEqual([
      { key: 'assets.ETH.price', values: ['1800', '2200'] },
      { key: 'depth.recovery.halfLife', values: ['540s', '660s'] },
      { key: 'book.0.totalDebt', values: ['900000', '1100000'] },
      { key: 'agents.one.count', values: ['2'] },
    ])
  })

  it.each(['eth-lending', 'slow-oracle'])(
    'behaviour: numbers of %s read as overrides',
    async (name) => {
      const source = diskSource('.')
      const { resolved } = await readScenario(name, source, [])
      const variations = everyNumber(resolved)
      expect(variations.length).toBeGreaterThan(15)
      let read = 0
      for (const { key, values } of variations)
        read += await readScenario(name, source, [[key, values[0]]]).then(
          () => 1,
          () => 0,
        )
      expect(read).toBeGreaterThan(0.8 * variations.length)
    },
  )
})
