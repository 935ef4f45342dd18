import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combinations, combinationsCount, groupsOf } from './plan.ts'

describe('combinations', () => {
  const two = [
    { key: 'a', values: ['1', '2'] },
    { key: 'b', values: ['x', 'y', 'z'] },
  ]

  it('behaviour: every combination, the last key fastest; nothing varied is one cell', () => {
    expect(combinations([], false)).toEqual([[]])
    const rows = combinations(two, false)
    expect(rows.map((row) => row.join(''))).toEqual(['1x', '1y', '1z', '2x', '2y', '2z'])
  })

  it('behaviour: one at a time, the base comes first', () => {
    const rows = combinations(two, true).map((row) => row.map((value) => value ?? '-').join(''))
    expect(rows).toEqual(['--', '1-', '2-', '-x', '-y', '-z'])
  })

  it('law: they are counted without being made', () => {
    for (const alone of [false, true])
      for (const some of [[], two])
        expect(combinationsCount(some, alone)).toBe(combinations(some, alone).length)
  })
})

describe('groupsOf', () => {
  it('law: what is missing stands in exactly one group, in order, and groups are full', () => {
    const cells = fc.integer({ min: 1, max: 6 })
    const runs = fc.integer({ min: 1, max: 12 })
    const size = fc.integer({ min: 1, max: 9 })
    const done = fc.uniqueArray(fc.integer({ min: 0, max: 71 }))
    fc.assert(
      fc.property(cells, runs, size, done, (cells, runs, size, done) => {
        const isDone = (cell: number, run: number) => done.includes(cell * runs + run)
        const groups = [...groupsOf(cells, runs, () => size, isDone)]
        const seen = groups.flatMap((group) =>
          group.flatMap(({ cell, from, count }) =>
            Array.from({ length: count }, (_, k) => cell * runs + from + k),
          ),
        )
        const all = Array.from({ length: cells * runs }, (_, n) => n)
        expect(seen).toEqual(all.filter((n) => !done.includes(n)))
        const sizes = groups.map((group) => group.reduce((sum, { count }) => sum + count, 0))
        expect(sizes.slice(0, -1).every((n) => n === size)).toBe(true)
        for (const group of groups)
          group.forEach((span, i) => {
            const before = group[i - 1]
            const joins = before?.cell === span.cell && before.from + before.count === span.from
            expect(joins).toBe(false)
          })
      }),
    )
  })
})
