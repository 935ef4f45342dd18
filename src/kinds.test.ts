import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountsOf, type Book, bookFrom } from './book.ts'
import { type Kinds, kindsOf } from './kinds.ts'

const KINDS_MAX = 64
/** Books of hundreds of accounts take minutes to shrink. */
const RUNS = { numRuns: 200, endOnFailure: true }

/** A book in which each account has one leg at each of these slots. */
function bookOf(...accounts: readonly (readonly number[])[]): Book {
  const legs = accounts.flatMap((slots, account) =>
    slots.map((slot, k) => ({ account, slot, amount: k === 0 ? 1 : -1 })),
  )
  return bookFrom(accounts.length, legs)
}

/** The kinds as [slots, members]. */
function listed({ kinds }: Kinds): number[][][] {
  return kinds.map(({ slots, members }) => [[...slots], [...members]])
}

const rising = (numbers: Iterable<number>): number[] => [...new Set(numbers)].sort((a, b) => a - b)

/** Every pair of the first slots, as many as wanted: no two alike. */
function pairs(count: number): number[][] {
  const all: number[][] = []
  for (let one = 0; all.length < count; one++)
    for (let other = 0; other < one && all.length < count; other++) all.push([one, other])
  return all
}

describe('kindsOf', () => {
  it('default: accounts of two legs by their two slots, the largest kind first', () => {
    const kinds = kindsOf(bookOf([0, 1], [2, 1], [0, 3], [2, 1], [2, 1], [0, 3]))
    expect(listed(kinds)).toEqual([
      [
        [1, 2],
        [1, 3, 4],
      ],
      [
        [0, 3],
        [2, 5],
      ],
      [[0, 1], [0]],
    ])
    expect([...kinds.of]).toEqual([2, 0, 1, 0, 0, 1])
  })

  it('behaviour: the order of legs does not matter', () => {
    const kinds = kindsOf(bookOf([0, 1], [1, 0], [5, 7, 6], [6, 5, 7], [7, 6, 5]))
    expect(listed(kinds)).toEqual([
      [
        [5, 6, 7],
        [2, 3, 4],
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ])
  })

  it('default: accounts of no leg, of one and of many have kinds of their own', () => {
    const kinds = kindsOf(bookOf([4], [], [4, 2, 3], [4, 2], [], [4]))
    expect(listed(kinds)).toEqual([
      [[4], [0, 5]],
      [[], [1, 4]],
      [[2, 3, 4], [2]],
      [[2, 4], [3]],
    ])
    expect([...kinds.of]).toEqual([0, 1, 2, 3, 1, 0])
  })

  it('behaviour: two legs at one slot are one slot', () => {
    expect(listed(kindsOf(bookOf([3, 3], [3, 3])))).toEqual([[[3], [0, 1]]])
  })

  it('behaviour: slots are told apart up to the last of 65,536', () => {
    const slots = [
      [0, 300],
      [1, 44],
      [0, 65535],
      [65534, 65535],
      [1, 65535],
    ]
    expect(listed(kindsOf(bookOf(...slots)))).toEqual(slots.map((own, k) => [own, [k]]))
  })

  it('default: an empty book has no kinds', () => {
    expect(listed(kindsOf(bookFrom(0, [])))).toEqual([])
  })

  it('behaviour: 64 kinds stay apart', () => {
    const slots = pairs(KINDS_MAX)
    const { kinds, of } = kindsOf(bookOf(...slots))
    expect(kinds.length).toBe(KINDS_MAX)
    expect([...of]).toEqual(slots.map((_, k) => k))
  })

  it('behaviour: of more than 64 the smallest share the last, with all their slots', () => {
    // One account of the first pair, two of the second, three of each of the others.
    const slots = pairs(KINDS_MAX + 1)
    const { kinds, of } = kindsOf(bookOf(...slots, ...slots.slice(1), ...slots.slice(2)))
    expect(kinds.length).toBe(KINDS_MAX)
    const last = kinds[KINDS_MAX - 1]
    expect([[...last.slots], [...last.members]]).toEqual([
      [0, 1, 2],
      [0, 1, KINDS_MAX + 1],
    ])
    expect([of[0], of[1], of[2]]).toEqual([KINDS_MAX - 1, KINDS_MAX - 1, 0])
    expect(kinds.slice(0, -1).every(({ members }) => members.length === 3)).toBe(true)
  })
})

describe('any book', () => {
  const slot = fc.oneof(fc.nat(12), fc.constantFrom(255, 256, 257, 300, 65534, 65535))
  const legs = fc.oneof(
    { weight: 3, arbitrary: fc.uniqueArray(slot, { minLength: 2, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.uniqueArray(slot, { maxLength: 4 }) },
  )
  const books = fc.array(legs, { maxLength: 200, size: 'max' })

  it('law: every account has exactly one kind, and that has its slots', () => {
    let shared = 0
    const law = fc.property(books, (accounts) => {
      const book = bookOf(...accounts)
      const { kinds, of } = kindsOf(book)
      shared += +(new Set(accounts.map((own) => rising(own).join())).size > KINDS_MAX)
      expect(kinds.length).toBeLessThanOrEqual(KINDS_MAX)
      const members = kinds.flatMap((kind) => [...kind.members])
      expect(members.sort((a, b) => a - b)).toEqual(accounts.map((_, k) => k))
      expect(of.length).toBe(accountsOf(book))
      kinds.forEach((kind, index) => {
        for (const account of kind.members) expect(of[account]).toBe(index)
        expect([...kind.members]).toEqual(rising(kind.members))
        const slots = [...kind.members].flatMap((account) => accounts[account])
        expect([...kind.slots]).toEqual(rising(slots))
      })
    })
    fc.assert(law, { seed: 5, ...RUNS })
    expect(shared).toBeGreaterThan(20)
  })

  it('law: but for the shared kind, accounts are of one kind exactly if their slots are', () => {
    const law = fc.property(books, (accounts) => {
      const { kinds, of } = kindsOf(bookOf(...accounts))
      const names = accounts.map((own) => rising(own).join())
      const isShared = new Set(names).size > KINDS_MAX
      const byName = new Map<string, number>()
      names.forEach((name, account) => {
        expect(byName.get(name) ?? of[account]).toBe(of[account])
        byName.set(name, of[account])
      })
      const alone = kinds.slice(0, isShared ? -1 : undefined)
      for (const { members } of alone)
        expect(new Set([...members].map((account) => names[account])).size).toBe(1)
      const sizes = alone.map(({ members }) => members.length)
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    })
    fc.assert(law, { seed: 6, ...RUNS })
  })
})
