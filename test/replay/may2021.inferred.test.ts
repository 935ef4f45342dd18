import { describe, expect, it } from 'vitest'
import { columnOf } from '../../src/table.ts'
import { compare, repaidUsd } from './matching.suite.ts'
import { ETH } from './may2021.suite.ts'
import { recordedDay, recordedMultiples } from './recordedDay.suite.ts'
import { isRecorded, millions, percent, printTable } from './recordings.suite.ts'

describe.skipIf(!isRecorded)('the fall of 19 May 2021 without its sales (FIREBREAK_DATA)', () => {
  it('behaviour: the sales explain a small part of the fall, unless one pool were the market', () => {
    const lasting = [
      [0, 60],
      [0.25, 600],
      [0.5, 3600],
    ] as const
    const day = recordedDay()
    const given = columnOf(compare(day, ETH).outcome.frames, 'mid_WETH')
    let low = 0
    given.forEach((price, k) => {
      if (price < given[low]) low = k
    })
    const fall = given[0] - given[low]
    const end = given.length - 1
    const { some, all } = recordedMultiples(day)
    const rows = [1, some, all].flatMap((pools) =>
      lasting.map(([permanentShare, halfLifeSeconds]) => {
        const run = compare(day, {
          ...ETH,
          sizes: 'whole day',
          pricesAre: 'inferred',
          mustPay: false,
          pools,
          permanentShare,
          halfLifeSeconds,
        })
        const outside = columnOf(run.outcome.frames, 'outside_WETH')
        const most = Math.max(...outside.map((price, k) => price - given[k])) / fall
        expect(run.outcome.report.checks.filter(({ ok }) => !ok)).toEqual([])
        return {
          pools,
          permanentShare,
          halfLifeSeconds,
          most,
          atLow: (outside[low] - given[low]) / fall,
          atEnd: (outside[end] - given[end]) / (given[0] - given[end]),
          usd: repaidUsd(run),
        }
      }),
    )
    printTable(
      'Fall of ETH inferred to come from these sales, in percent of the fall',
      ['times the pool', 'lasting', 'half-life', 'at most', 'at the low', 'at the end', 'repaid'],
      rows.map((row) => [
        row.pools,
        percent(row.permanentShare),
        `${row.halfLifeSeconds / 60} min`,
        percent(row.most),
        percent(row.atLow),
        percent(row.atEnd),
        millions(row.usd),
      ]),
    )
    const [pool, middle, deep] = [1, some, all].map((pools) =>
      rows.filter((row) => row.pools === pools),
    )
    // With a lasting share a pool this thin would have fallen further than the market did.
    for (const row of pool.slice(1)) expect(row.atLow).toBeGreaterThan(1)
    for (const row of rows)
      if (row.permanentShare === 0) expect(Math.abs(row.atEnd)).toBeLessThan(0.001)
      else expect(row.atEnd).toBeGreaterThan(0.01)
    for (const rest of [middle, deep])
      for (const row of rest) {
        expect(row.atLow).toBeGreaterThan(0)
        expect(row.most).toBeLessThan(0.3)
      }
    deep.forEach((row, k) => {
      expect(row.most).toBeLessThan(middle[k].most)
      expect(row.most).toBeLessThan(0.1)
    })
  })
})
