import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accountsOf,
  type Book,
  bookFrom,
  copyBook,
  health,
  healthFactor,
  healthSweep,
  LegAccountError,
  resetBook,
} from './book.ts'

const COLLATERAL = 0
const DEBT = 1

function bookOf(...accounts: readonly (readonly [slot: number, amount: number][])[]): Book {
  const legs = accounts.flatMap((own, account) =>
    own.map(([slot, amount]) => ({ account, slot, amount })),
  )
  return bookFrom(accounts.length, legs)
}

function breached(book: Book, values: Float64Array): number[] {
  const out = new Uint32Array(accountsOf(book))
  return [...out.subarray(0, healthSweep(book, values, out))]
}

describe('bookFrom', () => {
  it('default: legs become columns, and every account knows where its own begin', () => {
    const book = bookOf(
      [[COLLATERAL, 2]],
      [],
      [
        [COLLATERAL, 3],
        [DEBT, -1],
      ],
    )
    expect(accountsOf(book)).toBe(3)
    expect([...book.start]).toEqual([0, 1, 1, 3])
    expect([...book.slot]).toEqual([COLLATERAL, COLLATERAL, DEBT])
    expect([...book.amount]).toEqual([2, 3, -1])
    expect([...book.version]).toEqual([0, 0, 0])
  })

  it('default: a book may be empty', () => {
    expect(accountsOf(bookFrom(0, []))).toBe(0)
    expect(breached(bookFrom(0, []), Float64Array.of())).toEqual([])
  })

  const leg = (account: number) => ({ account, slot: COLLATERAL, amount: 1 })

  it('default: legs come in any order, and those of one account keep theirs', () => {
    const book = bookFrom(3, [
      { account: 2, slot: COLLATERAL, amount: 1 },
      { account: 0, slot: COLLATERAL, amount: 2 },
      { account: 2, slot: DEBT, amount: -3 },
    ])
    expect([...book.start]).toEqual([0, 1, 1, 3])
    expect([...book.amount]).toEqual([2, 1, -3])
  })

  it('error: an account past the end is refused, with the place and the remedy', () => {
    for (const account of [2, -1, Number.NaN]) {
      const making = () => bookFrom(2, [leg(0), leg(account)])
      expect(making).toThrow(LegAccountError)
      expect(making).toThrow(`leg 1`)
      expect(making).toThrow(`account ${account} of 2`)
    }
  })
})

describe('copyBook', () => {
  it('behaviour: a copy changes alone, and goes back to its origin', () => {
    const origin = bookOf([
      [COLLATERAL, 2],
      [DEBT, -1],
    ])
    const copy = copyBook(origin)
    copy.amount[0] = 0
    copy.version[0]++
    expect([origin.amount[0], origin.version[0]]).toEqual([2, 0])
    const { amount, version } = copy
    resetBook(copy, origin)
    expect([copy.amount[0], copy.version[0]]).toEqual([2, 0])
    expect([copy.amount, copy.version]).toEqual([amount, version])
    expect(copy.amount).toBe(amount)
  })

  it('behaviour: the columns that never change are shared', () => {
    const origin = bookOf([[COLLATERAL, 2]])
    const copy = copyBook(origin)
    expect(copy.start).toBe(origin.start)
    expect(copy.slot).toBe(origin.slot)
  })
})

describe('healthFactor', () => {
  const values = Float64Array.of(80, 1)

  it.each([
    [
      'a healthy borrower',
      [
        [COLLATERAL, 2],
        [DEBT, -100],
      ],
      1.6,
      60,
    ],
    [
      'a borrower at the edge',
      [
        [COLLATERAL, 1],
        [DEBT, -80],
      ],
      1,
      0,
    ],
    [
      'a breached borrower',
      [
        [COLLATERAL, 1],
        [DEBT, -160],
      ],
      0.5,
      -80,
    ],
    ['a depositor without debt', [[COLLATERAL, 1]], Number.POSITIVE_INFINITY, 80],
    ['debt without collateral', [[DEBT, -5]], 0, -5],
    ['an account without legs', [], Number.POSITIVE_INFINITY, 0],
  ] as [string, [number, number][], number, number][])('default: %s', (_, legs, factor, signed) => {
    const book = bookOf(legs)
    expect(healthFactor(book, values, 0)).toBe(factor)
    expect(health(book, values, 0)).toBe(signed)
  })

  it('behaviour: legs of one side add up', () => {
    const book = bookOf([
      [COLLATERAL, 1],
      [DEBT, -20],
      [COLLATERAL, 1],
      [DEBT, -20],
    ])
    expect(healthFactor(book, values, 0)).toBe(4)
  })
})

describe('healthSweep', () => {
  const values = Float64Array.of(80, 1)

  it('default: lists the breached in rising order; an account at exactly 0 is not breached', () => {
    const book = bookOf(
      [
        [COLLATERAL, 1],
        [DEBT, -81],
      ],
      [
        [COLLATERAL, 1],
        [DEBT, -80],
      ],
      [
        [COLLATERAL, 1],
        [DEBT, -79],
      ],
      [
        [COLLATERAL, 1],
        [DEBT, -90],
      ],
      [
        [COLLATERAL, 1],
        [DEBT, -99],
      ],
    )
    expect(breached(book, values)).toEqual([0, 3, 4])
  })

  it('default: debt without collateral is breached, an account without legs is not', () => {
    expect(breached(bookOf([], [[DEBT, -1]], [[COLLATERAL, 1]]), values)).toEqual([1])
  })

  it('error: a list too short for every account is our own fault', () => {
    expect(() => healthSweep(bookOf([], []), values, new Uint32Array(1))).toThrow('room')
  })

  const SLOTS = 5
  const leg = fc.tuple(
    fc.nat(SLOTS - 1),
    fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true }),
  )
  const prices = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), {
    minLength: SLOTS,
    maxLength: SLOTS,
  })

  it.each([
    ['any number of legs', { maxLength: 4 }],
    ['two legs each', { minLength: 2, maxLength: 2 }],
  ])('law: the sweep finds what a scan of each account finds (%s)', (_, length) => {
    const accounts = fc.array(fc.array(leg, length), { maxLength: 40 })
    fc.assert(
      fc.property(accounts, prices, (legs, price) => {
        const book = bookOf(...(legs as [number, number][][]))
        const at = Float64Array.from(price)
        const scanned = legs.map((_, i) => i).filter((i) => health(book, at, i) < 0)
        expect(breached(book, at)).toEqual(scanned)
      }),
      { seed: 42, numRuns: 300 },
    )
  })

  it('law: below 0 and below a factor of 1 are the same thing, away from the edge', () => {
    const accounts = fc.array(fc.array(leg, { maxLength: 4 }), { maxLength: 20 })
    fc.assert(
      fc.property(accounts, prices, (legs, price) => {
        const book = bookOf(...(legs as [number, number][][]))
        const at = Float64Array.from(price)
        legs.forEach((_, i) => {
          const factor = healthFactor(book, at, i)
          if (Math.abs(factor - 1) > 1e-9) expect(health(book, at, i) < 0).toBe(factor < 1)
        })
      }),
      { seed: 42, numRuns: 300 },
    )
  })
})
