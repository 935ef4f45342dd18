import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { keptRuns } from './kept.ts'

it('law: it has what was added, in whatever order', () => {
  const random = randomAt(7, 7)
  const kept = keptRuns(5)
  const plain = new Set<string>()
  for (let k = 0; k < 2000; k++) {
    const cell = Math.floor(5 * random.uniform(k, 0))
    const run = Math.floor(60 * random.uniform(k, 1))
    if (!kept.has(cell, run)) kept.add(cell, run)
    plain.add(`${cell} ${run}`)
    expect(kept.count).toBe(plain.size)
  }
  for (let cell = 0; cell < 5; cell++)
    for (let run = 0; run < 70; run++) expect(kept.has(cell, run)).toBe(plain.has(`${cell} ${run}`))
})

it('behaviour: runs that come nearly in their order are no list', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const kept = keptRuns(2)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let run = 0; run < 300_000; run += 3) for (const k of [2, 0, 1]) kept.add(1, run + k)
  collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(2e6)
  expect([kept.count, kept.has(1, 299_999), kept.has(1, 300_000)]).toEqual([300_000, true, false])
})
