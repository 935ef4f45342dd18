import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountList } from './accountList.ts'
import { type Band, bandOf } from './bands.ts'
import { type Book, bookFrom, copyBook, health } from './book.ts'

const ACCOUNTS = 30
const GUARD = 1e-14
const kind = {
  slots: Uint16Array.of(0, 1),
  members: Uint32Array.from({ length: ACCOUNTS }, (_, i) => i),
}

function bookOf(legs: readonly (readonly [number, number])[]): Book {
  return bookFrom(
    legs.length,
    legs.flatMap(([one, other], account) => [
      { account, slot: 0, amount: one },
      { account, slot: 1, amount: other },
    ]),
  )
}

function bandFor(book: Book): Band {
  return bandOf(book, kind, GUARD, new Uint32Array(ACCOUNTS), new Uint8Array(ACCOUNTS))
}

function turning(band: Band, from: Float64Array, to: Float64Array): number[] {
  const out = accountList(ACCOUNTS)
  band.turning(from, to, out)
  return [...out.account.subarray(0, out.count)].sort((a, b) => a - b)
}

/** Accounts that turn at prices 1 + k / 100 of the first slot. */
const rising = bookOf(
  Array.from({ length: ACCOUNTS }, (_, k) => [1, -(1 + k / 100)] as [number, number]),
)
const at = (price: number) => Float64Array.of(price, 1)

describe('a band', () => {
  it('default: lists who turns between two values, either way, and nobody else', () => {
    const band = bandFor(rising)
    expect(band.draw(at(2))).toBe(true)
    expect(turning(band, at(1.095), at(1.125))).toEqual([10, 11, 12])
    expect(turning(band, at(1.125), at(1.095))).toEqual([10, 11, 12])
    expect(turning(band, at(3), at(1.3))).toEqual([])
  })

  it('behaviour: an account that was written to turns where it now does', () => {
    const book = copyBook(rising)
    const band = bandFor(book)
    band.draw(at(2))
    book.amount[2 * 11 + 1] = -1.2
    expect(band.move(11)).toBe(true)
    expect(turning(band, at(1.095), at(1.125))).toEqual([10, 12])
    expect(turning(band, at(1.195), at(1.205))).toEqual([11, 20])
    book.amount[2 * 11] = book.amount[2 * 11 + 1] = 0
    band.move(11)
    expect(turning(band, at(1), at(2))).not.toContain(11)
  })

  it('behaviour: it says when edges cannot be trusted, or values cannot be followed', () => {
    const band = bandFor(bookOf(Array.from({ length: ACCOUNTS }, () => [1e-300, -1e-300])))
    expect(band.draw(at(2))).toBe(false)
    const book = copyBook(rising)
    const own = bandFor(book)
    expect(own.draw(at(0))).toBe(false)
    expect(own.draw(at(2))).toBe(true)
    expect([own.follows(at(1)), own.follows(at(0)), own.follows(at(-1))]).toEqual([
      true,
      false,
      false,
    ])
    book.amount[0] = 1e-300
    book.amount[1] = -1e-300
    expect(own.move(0)).toBe(false)
  })

  it('behaviour: it is drawn anew when reading those who moved has cost as much', () => {
    const band = bandFor(rising)
    band.draw(at(2))
    for (let i = 0; i < ACCOUNTS; i++) band.move(i)
    for (let n = 0; n < 30; n++) turning(band, at(0.5), at(2))
    expect(band.follows(at(2))).toBe(true)
    turning(band, at(0.5), at(2))
    expect(band.follows(at(2))).toBe(false)
    band.draw(at(2))
    expect(band.follows(at(2))).toBe(true)
  })

  it('law: whoever changes side is listed, whatever was written, also in a copy', () => {
    const amount = fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(0, 1, -1))
    const legs = fc.array(fc.tuple(amount, amount), { minLength: ACCOUNTS, maxLength: ACCOUNTS })
    const price = fc.oneof(fc.double({ min: 0.5, max: 2, noNaN: true }), fc.constantFrom(1, 2))
    const step = fc.record({
      price,
      writes: fc.array(fc.tuple(fc.nat(ACCOUNTS - 1), amount, amount), { maxLength: 5 }),
      isReset: fc.boolean(),
    })
    const law = fc.property(legs, fc.array(step, { maxLength: 20 }), (all, steps) => {
      const book = bookOf(all.map(([one, other]) => [sized(one), sized(other)]))
      let band = bandFor(book)
      let last = at(1.1)
      band.draw(last)
      for (const { price: to, writes, isReset } of steps) {
        for (const [account, one, other] of writes) {
          book.amount[2 * account] = sized(one)
          book.amount[2 * account + 1] = sized(other)
          band.move(account)
        }
        const listed = turning(band, last, at(to))
        expect(new Set(listed).size).toBe(listed.length)
        for (let i = 0; i < ACCOUNTS; i++)
          if (health(book, last, i) < 0 !== health(book, at(to), i) < 0) expect(listed).toContain(i)
        last = at(to)
        if (!isReset) continue
        const copy = bandFor(book)
        copy.reset(band)
        band = copy
      }
    })
    fc.assert(law, { seed: 11, numRuns: 300 })
  })
})

/** Amounts too small to trust are none. */
function sized(amount: number): number {
  return Math.abs(amount) < 1e-200 ? 0 : amount
}
