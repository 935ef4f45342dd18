import { describe, expect, it } from 'vitest'
import { type AccountList, accountList } from './accountList.ts'
import { accountsOf, type Book, bookFrom, health } from './book.ts'
import { AssertionError } from './errors.ts'
import { type Watchlist, watchlistFrom } from './watchlist.ts'

type Edge = 'below' | 'atOrBelow'

const COLLATERAL = 0
const DEBT = 1

function bookOf(...accounts: readonly (readonly [slot: number, amount: number][])[]): Book {
  const legs = accounts.flatMap((own, account) =>
    own.map(([slot, amount]) => ({ account, slot, amount })),
  )
  return bookFrom(accounts.length, legs)
}

const listed = ({ account, count }: AccountList): number[] => [...account.subarray(0, count)]

function lookAt(watchlist: Watchlist, values: Float64Array, accounts: number) {
  const fallen = accountList(accounts)
  const risen = accountList(accounts)
  watchlist.look(values, fallen, risen)
  return { fallen: listed(fallen), risen: listed(risen) }
}

function fullScan(book: Book, edge: Edge, values: Float64Array): boolean[] {
  return Array.from({ length: accountsOf(book) }, (_, account) => {
    const sum = health(book, values, account)
    return edge === 'below' ? sum < 0 : sum <= 0
  })
}

describe('watchlistFrom', () => {
  const borrowers = bookOf(
    [
      [COLLATERAL, 10],
      [DEBT, -9],
    ],
    [
      [COLLATERAL, 10],
      [DEBT, -11],
    ],
    [
      [COLLATERAL, 10],
      [DEBT, -10],
    ],
    [],
  )

  it('default: it knows who is breached at the values it starts from', () => {
    const watchlist = watchlistFrom(borrowers, 'below', Float64Array.of(1, 1))
    expect([0, 1, 2, 3].map(watchlist.isBreached)).toEqual([false, true, false, false])
    expect(watchlist.breached()).toBe(1)
  })

  it('behaviour: several that were written to are judged as one by one', () => {
    const book = { ...borrowers, amount: borrowers.amount.slice() }
    const watchlist = watchlistFrom(book, 'below', Float64Array.of(1, 1))
    book.amount[1] = -12
    book.amount.fill(0, 2, 4)
    const touched = accountList(4)
    touched.account.set([2, 1, 0])
    touched.count = 3
    const breached = accountList(4)
    watchlist.touchAll(touched, breached)
    expect(listed(breached)).toEqual([0])
    expect([0, 1, 2, 3].map(watchlist.isBreached)).toEqual([true, false, false, false])
    expect(watchlist.breached()).toBe(1)
  })

  it('behaviour: health of exactly 0 is breached where the rules say so, also without legs', () => {
    const watchlist = watchlistFrom(borrowers, 'atOrBelow', Float64Array.of(1, 1))
    expect([0, 1, 2, 3].map(watchlist.isBreached)).toEqual([false, true, true, true])
  })

  it('behaviour: a look lists who changed side since the last one, and nobody else', () => {
    const watchlist = watchlistFrom(borrowers, 'below', Float64Array.of(1, 1))
    const look = (price: number) => lookAt(watchlist, Float64Array.of(price, 1), 4)
    expect(look(0.999)).toEqual({ fallen: [2], risen: [] })
    expect(look(0.8)).toEqual({ fallen: [0], risen: [] })
    expect(look(0.8)).toEqual({ fallen: [], risen: [] })
    expect(look(1.2)).toEqual({ fallen: [], risen: [0, 1, 2] })
    expect(watchlist.breached()).toBe(0)
  })

  it('behaviour: an account that turned inside the near spread turns back as it shrinks', () => {
    const book = bookOf([
      [COLLATERAL, 1.005],
      [DEBT, -1],
    ])
    const watchlist = watchlistFrom(book, 'below', Float64Array.of(1, 1))
    expect(lookAt(watchlist, Float64Array.of(0.99, 1), 1)).toEqual({ fallen: [0], risen: [] })
    const copy = watchlist.copy(book)
    lookAt(copy, Float64Array.of(2, 1), 1)
    copy.reset(watchlist)
    for (const each of [watchlist, copy])
      expect(lookAt(each, Float64Array.of(0.999, 1), 1)).toEqual({ fallen: [], risen: [0] })
  })

  it('behaviour: both sides fall together at a distance of |H| / G (V13)', () => {
    // 10 units at 2000 with threshold 0.8, owes 3 at 2100 and 9000 stable: H 700, G 31300.
    const book = bookOf([
      [0, 10],
      [1, -3],
      [2, -9000],
    ])
    const distance = 700 / 31300
    expect(distance).toBeCloseTo(0.022364217252, 12)
    const at = (move: number) => Float64Array.of(1600 * (1 - move), 2100 * (1 + move), 1 + move)
    expect(health(book, at(0), 0)).toBe(700)
    expect(health(book, at(distance), 0)).toBeCloseTo(0, 9)
    const watchlist = watchlistFrom(book, 'below', at(0))
    expect(lookAt(watchlist, at(distance - 1e-12), 1).fallen).toEqual([])
    expect(lookAt(watchlist, at(distance + 1e-12), 1).fallen).toEqual([0])
  })

  it('behaviour: a slot value that passes through 0 and below is followed there and back', () => {
    const book = bookOf(
      [
        [COLLATERAL, 1],
        [DEBT, -1],
      ],
      [[COLLATERAL, 1]],
    )
    const watchlist = watchlistFrom(book, 'atOrBelow', Float64Array.of(2, 1))
    const look = (price: number) => lookAt(watchlist, Float64Array.of(price, 1), 2)
    expect(look(0)).toEqual({ fallen: [0, 1], risen: [] })
    expect(look(0)).toEqual({ fallen: [], risen: [] })
    expect(look(-1)).toEqual({ fallen: [], risen: [] })
    expect(look(0.5)).toEqual({ fallen: [], risen: [1] })
    expect(look(2)).toEqual({ fallen: [], risen: [0] })
  })

  it('behaviour: worths too small or too large for a float are judged at every look', () => {
    const book = bookOf(
      [[COLLATERAL, 1e-200]],
      [
        [COLLATERAL, 1e308],
        [DEBT, -1e308],
      ],
    )
    const watchlist = watchlistFrom(book, 'atOrBelow', Float64Array.of(2e-124, 1e-124))
    expect([0, 1].map(watchlist.isBreached)).toEqual([true, false])
    for (const price of [1e-124, 2.005e-124, 3e-124, 1e-123, 1, 2])
      for (const debt of [1e-124, 1, 3]) {
        const values = Float64Array.of(price, debt)
        lookAt(watchlist, values, 2)
        expect([0, 1].map(watchlist.isBreached)).toEqual(fullScan(book, 'atOrBelow', values))
      }
  })

  it('behaviour: the last digits of the least numbers, and sums past the largest, are judged', () => {
    const unit = Number.MIN_VALUE * 1e200
    const small = bookOf([
      [COLLATERAL, 1e-200],
      [DEBT, -1e-200],
    ])
    // Worths of 3.6 and 3.4 least numbers are 4 and 3 of them; after a fall of 3 % both are 3.
    const start = Float64Array.of(3.6 * unit, 3.4 * unit)
    const watchlist = watchlistFrom(small, 'atOrBelow', start)
    expect(watchlist.isBreached(0)).toBe(false)
    const fall = Float64Array.of(start[0] * 0.97, start[1])
    expect(lookAt(watchlist, fall, 1).fallen).toEqual([0])

    const large = bookOf([
      [COLLATERAL, 0.85e308],
      [DEBT, -0.94e308],
    ])
    const other = watchlistFrom(large, 'below', Float64Array.of(1, 1))
    expect(lookAt(other, Float64Array.of(3, 3), 1).risen).toEqual([0])
  })

  it('behaviour: values that all rise alike beyond measure are not taken for a rest', () => {
    const watchlist = watchlistFrom(
      bookOf([
        [0, 1e200],
        [1, -2e200],
      ]),
      'below',
      Float64Array.of(1, 1),
    )
    // Infinity - Infinity is no number, and no number is below 0.
    expect(lookAt(watchlist, Float64Array.of(1e200, 1e200), 1).risen).toEqual([0])
    expect(lookAt(watchlist, Float64Array.of(1, 1), 1).fallen).toEqual([0])
  })

  it('behaviour: a value that is not a number hides no account after it', () => {
    const watchlist = watchlistFrom(borrowers, 'below', Float64Array.of(1, 1))
    expect(lookAt(watchlist, Float64Array.of(Number.NaN, 1), 4).risen).toEqual([1])
    expect(lookAt(watchlist, Float64Array.of(1, 1), 4).fallen).toEqual([1])
    expect(lookAt(watchlist, Float64Array.of(0.5, 1), 4).fallen).toEqual([0, 2])
  })

  it('error: it resets only from its own copies', () => {
    const values = Float64Array.of(1, 1)
    const watchlist = watchlistFrom(borrowers, 'below', values)
    expect(() => watchlist.reset(watchlistFrom(borrowers, 'below', values))).toThrow(AssertionError)
  })
})

describe('touch', () => {
  it('behaviour: it judges at the values of the last look, and what it turns is not listed', () => {
    const book = bookOf(
      [
        [COLLATERAL, 10],
        [DEBT, -5],
      ],
      [
        [COLLATERAL, 10],
        [DEBT, -5],
      ],
    )
    const watchlist = watchlistFrom(book, 'below', Float64Array.of(1, 1))
    lookAt(watchlist, Float64Array.of(1.001, 1), 2)
    book.amount[1] = -10.005
    expect(watchlist.touch(0)).toBe(false)
    expect(lookAt(watchlist, Float64Array.of(1, 1), 2)).toEqual({ fallen: [0], risen: [] })
    book.amount[1] = -1
    expect(watchlist.touch(0)).toBe(false)
    expect(watchlist.breached()).toBe(0)
    expect(lookAt(watchlist, Float64Array.of(0.999, 1), 2)).toEqual({ fallen: [], risen: [] })
    book.amount[3] = -12
    expect(watchlist.touch(1)).toBe(true)
    expect(watchlist.breached()).toBe(1)
    expect(lookAt(watchlist, Float64Array.of(1, 1), 2)).toEqual({ fallen: [], risen: [] })
  })
})
