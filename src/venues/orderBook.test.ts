import { describe, expect, it } from 'vitest'
import type { Curve } from '../venue.ts'
import { type OrderBookSpec, orderBook } from './orderBook.ts'

const BOOK: OrderBookSpec = {
  name: 'book',
  base: 1,
  quoteAsset: 0,
  outside: 100,
  fee: 0,
  asOf: 1_687_194_600,
  beyond: 'wall',
  price: [99, 98, 95, 90],
  size: [10, 20, 30, 40],
  levels: 'absolute',
}

describe('orderBook', () => {
  it('behaviour: a sale walks the bids, and the mid is the best bid left', () => {
    const book = orderBook(BOOK)
    expect(book.mid()).toBe(100)
    expect(book.sell(15)).toEqual({ units: 15, proceeds: 990 + 490, extrapolated: false })
    expect(book.mid()).toBe(98)
    expect(book.sell(15).proceeds).toBe(15 * 98)
    expect(book.mid()).toBe(95)
    expect(book.sell(35).proceeds).toBe(30 * 95 + 5 * 90)
  })

  it('behaviour: an outside fall takes the bids above it, forced units take the next', () => {
    const { price } = orderBook(BOOK).curve as Curve
    expect(price(97, 0)).toBe(97)
    expect(price(97, 1)).toBe(95)
    expect(price(97, 30)).toBe(90)
    expect(price(99.5, 9)).toBe(99)
    expect(price(99.5, 10)).toBe(98)
    // A bid exactly at the outside price is still there.
    expect(price(98, 5)).toBe(98)
    expect(price(98, 20)).toBe(95)
  })

  it('behaviour: the outside price that brings a trigger, level by level', () => {
    const { outside, price } = orderBook(BOOK).curve as Curve
    expect(outside(96, 0)).toBe(96)
    // 30 units stand at 98 or above: with 30 sold the mid is below 98 wherever the outside price
    // is.
    expect(outside(98, 30)).toBe(Number.POSITIVE_INFINITY)
    expect(price(1e6, 30)).toBeLessThan(98)
    // With 15 sold, the 15 units missing must be taken by the outside price: below 98 it takes 30.
    expect(outside(98, 15)).toBe(98)
    expect(outside(95, 55)).toBe(99)
    expect(price(98.99, 55)).toBe(90)
    expect(price(99, 55)).toBe(95)
  })

  it('behaviour: an outside fall below the recorded bids leaves the declared answer', () => {
    const walled = orderBook(BOOK)
    walled.move(80)
    expect(walled.mid()).toBe(80)
    expect(walled.edge()).toEqual({ price: 80, units: 0 })
    expect(walled.sell(5)).toEqual({ units: 0, proceeds: 0, extrapolated: false })
    const going = orderBook({ ...BOOK, beyond: 'linear' })
    going.move(80)
    const sale = going.sell(50)
    expect(sale.extrapolated).toBe(true)
    expect(going.mid()).toBeCloseTo(75, 12)
    expect(sale.proceeds).toBeCloseTo(50 * 77.5, 9)
  })

  // "Book empty" is a declaration, "data ends" a warning: only the second is an extrapolation.
  it('behaviour: an empty book and the end of the data are told apart', () => {
    const wall = orderBook(BOOK)
    expect(wall.edge()).toEqual({ price: 90, units: 100 })
    expect(wall.sell(150)).toMatchObject({ units: 100, extrapolated: false })
    expect(wall.mid()).toBe(0)
    const open = orderBook({ ...BOOK, beyond: 'sqrt' })
    expect(open.sell(100)).toMatchObject({ units: 100, extrapolated: false })
    expect(open.mid()).toBe(90)
    expect(open.sell(300)).toMatchObject({ units: 300, extrapolated: true })
    expect(open.mid()).toBeCloseTo(80, 12)
  })

  it('behaviour: relative bids move with the outside price', () => {
    const book = orderBook({ ...BOOK, levels: 'relative' })
    book.move(50)
    expect(book.sell(15).proceeds).toBeCloseTo((990 + 490) / 2, 12)
    expect(book.mid()).toBe(49)
    book.move(100)
    expect(book.mid()).toBe(98)
  })

  it('behaviour: bids of half a million levels are walked, not searched one by one', () => {
    const count = 500_000
    const price = Array.from({ length: count }, (_, j) => 100 - j / 10_000)
    const book = orderBook({ ...BOOK, price, size: price.map(() => 1) })
    expect(book.sell(count / 2).proceeds).toBeCloseTo(250_000 * (100 - 24.9999 / 2), 3)
    expect(book.mid()).toBeCloseTo(75, 9)
  })

  it('error: a book that is not one', () => {
    const wrong = (spec: Partial<OrderBookSpec>) => () => orderBook({ ...BOOK, ...spec })
    expect(wrong({ size: [1, 2, 3] })).toThrow(/FB2115 venues.book/)
    expect(wrong({ price: [], size: [] })).toThrow(/FB2115 venues.book/)
    expect(wrong({ price: [99, 98, 98, 90] })).toThrow(/FB2114 venues.book.price\[2\]/)
    expect(wrong({ price: [90, 95, 98, 99] })).toThrow(/FB2114/)
    expect(wrong({ price: [99, 98, Number.NaN, 90] })).toThrow(/FB2113 venues.book.price\[2\]/)
    expect(wrong({ size: [10, -20, 30, 40] })).toThrow(/FB2113 venues.book.size\[1\]/)
    expect(wrong({ outside: 98.5 })).toThrow(/FB2118 venues.book.price\[0\]/)
    expect(wrong({ outside: 99, price: [99], size: [5], beyond: 'linear' })).toThrow(/FB2116/)
  })
})
