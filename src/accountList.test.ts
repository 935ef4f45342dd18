import fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountList, sortByRow } from './accountList.ts'

it('law: a list is sorted by the rows of its accounts, few or many', () => {
  const rows = fc.integer({ min: 1, max: 6000 }).chain((length) =>
    fc.tuple(
      fc.shuffledSubarray(
        Array.from({ length }, (_, i) => i),
        { minLength: length, maxLength: length },
      ),
      fc.uniqueArray(fc.integer({ min: 0, max: length - 1 }), { maxLength: 400, size: 'max' }),
    ),
  )
  let many = 0
  fc.assert(
    fc.property(rows, ([order, accounts]) => {
      const row = Uint32Array.from(order)
      const list = accountList(accounts.length)
      list.account.set(accounts)
      list.count = accounts.length
      sortByRow(list, row)
      expect([...list.account]).toEqual([...accounts].sort((a, b) => row[a] - row[b]))
      many += +(accounts.length > 100)
      sortByRow(list, null)
      expect([...list.account]).toEqual([...accounts].sort((a, b) => a - b))
    }),
    { numRuns: 200, seed: 7 },
  )
  expect(many).toBeGreaterThan(20)
})
