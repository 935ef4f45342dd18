import { describe, expect, it } from 'vitest'
import { pathOf } from './conformance.suite.ts'
import { mark } from './mark.ts'
import { codeOf, opening, walk } from './moments.suite.ts'
import type { SpecOf } from './opening.ts'

const BOOK: SpecOf<'mark'> = {
  kind: 'mark',
  component: 'book',
  timeSeconds: 150,
  ownWeight: 0,
  funding: null,
}
const INDEX: SpecOf<'mark'> = { ...BOOK, component: 'index', timeSeconds: null }
const MEDIAN: SpecOf<'mark'> = { ...BOOK, component: 'median' }
const FUNDING = { rate: 0.01, intervalSeconds: 28800, dueSeconds: 14400 }

describe('mark, the index', () => {
  it('behaviour: own sales do not move it', () => {
    const path = walk(mark(INDEX, opening(100)), 12)
    expect(path.blocks(5, 60, 10, 100)).toBe(100)
    expect(path.blocks(1, 60, 10, 98)).toBe(98)
  })

  it('behaviour: the own market moves it by its weight, and alone at 1', () => {
    const part = walk(mark({ ...INDEX, ownWeight: 0.25 }, opening(100)), 12)
    expect(part.blocks(1, 60, 10, 100)).toBe(90)
    const whole = walk(mark({ ...INDEX, ownWeight: 1 }, opening(100)), 12)
    expect(whole.blocks(1, 60, 10, 100)).toBe(60)
  })

  // Binance, BitMEX: index x (1 + rate x time to funding / interval).
  it('behaviour: funding adds what is left of the interval, and starts again when paid', () => {
    const path = walk(mark({ ...INDEX, funding: FUNDING }, opening(100)), 7200)
    expect(path.oracle.price()).toBeCloseTo(100 * (1 + 0.01 * 0.5), 12)
    expect(path.blocks(1, 60, 10, 200)).toBeCloseTo(200 * (1 + 0.01 * 0.25), 12)
    expect(path.blocks(1, 60, 10, 200)).toBeCloseTo(200 * (1 + 0.01), 12)
    expect(path.blocks(1, 60, 10, 200)).toBeCloseTo(200 * (1 + 0.01 * 0.75), 12)
    expect(path.blocks(4, 60, 10, 200)).toBeCloseTo(200 * (1 + 0.01 * 0.75), 12)
  })
})

describe('mark, the book', () => {
  // By hand, t = 75, T = 150: e^(-1/2) = 0.6065306597126334. First block: num = -10 x 75 = -750,
  // den = 150 x 0.60653 + 75 = 165.97959895689502, num / den = -4.51862761877606. Second block, at
  // the index: num = -454.898, den = 175.67171565416385, num / den = -2.589477726055856.
  it('vector: the mean is num / den of Hyperliquid', () => {
    const path = walk(mark(BOOK, opening(100)), 75)
    expect(path.blocks(1, 90, 10, 100)).toBeCloseTo(100 - 4.51862761877606, 12)
    expect(path.blocks(1, 100, 10, 100)).toBeCloseTo(100 - 2.589477726055856, 12)
  })

  it('behaviour: a discount that stays reaches the mark in full, 1 - 1/e of it in one T', () => {
    const path = walk(mark(BOOK, opening(100)), 0.01)
    expect(path.blocks(15000, 90, 10, 100)).toBeCloseTo(100 - 10 * (1 - Math.exp(-1)), 3)
    expect(path.blocks(300000, 90, 10, 100)).toBeCloseTo(90, 6)
  })

  it('behaviour: the index moves it at once, and blocks of no time add no sample', () => {
    const path = walk(mark(BOOK, opening(100)), 0)
    expect(path.blocks(3, 50, 10, 100)).toBe(100)
    expect(path.blocks(1, 50, 10, 80)).toBe(80)
  })

  it('law: it never falls below 0', () => {
    const path = walk(mark(BOOK, opening(100)), 150)
    path.blocks(20, 50, 10, 100)
    expect(path.blocks(1, 5, 10, 10)).toBe(0)
    expect(path.blocks(50, 5, 10, 10)).toBeCloseTo(5, 9)
  })
})

describe('mark, the median', () => {
  // t = 15, T = 15: den = 15 / e + 15 and mean = 15 (mid - index) / den = 0.7310585786300049 of it.
  const fast = { ...MEDIAN, timeSeconds: 15 }
  it('vector: the middle of index with basis, index with mean, and market', () => {
    const share = 0.7310585786300049
    const at = (market: number, rate: number): number => {
      const funding = { rate, intervalSeconds: 15, dueSeconds: 15 }
      return walk(mark({ ...fast, funding }, opening(100)), 15).blocks(1, market, 10, 100)
    }
    // 100 x (1 + rate), 100 + 0.731 x (market - 100), market, just after a funding.
    expect(at(90, 0)).toBeCloseTo(100 - 10 * share, 12)
    expect(at(90, -0.08)).toBeCloseTo(92, 12)
    expect(at(90, -0.05)).toBeCloseTo(100 - 10 * share, 12)
    expect(at(90, -0.09)).toBeCloseTo(91, 12)
    expect(at(90, -0.2)).toBe(90)
    expect(at(110, 0.05)).toBeCloseTo(100 + 10 * share, 12)
    expect(at(110, 0.08)).toBeCloseTo(108, 12)
    expect(at(110, 0.5)).toBe(110)
  })

  it('behaviour: a short dip of the book is not believed', () => {
    const path = walk(mark(MEDIAN, opening(100)), 1)
    expect(path.blocks(1, 60, 10, 100)).toBeGreaterThan(99.7)
    expect(path.blocks(600, 60, 10, 100)).toBeLessThan(61)
  })

  it('law: it lies between the index with its basis and the market', () => {
    const spec = { ...MEDIAN, ownWeight: 0.2, funding: FUNDING }
    for (let path = 0; path < 3; path++) {
      const median = mark(spec, opening(2000))
      const based = mark({ ...spec, component: 'index', timeSeconds: null }, opening(2000))
      for (const { at, market, outside } of pathOf(path)) {
        median.observe(at, market, outside)
        based.observe(at, market, outside)
        expect(median.price()).toBeGreaterThanOrEqual(Math.min(market, based.price()))
        expect(median.price()).toBeLessThanOrEqual(Math.max(market, based.price()))
      }
    }
  })
})

describe('mark, all', () => {
  it('law: a market at the price outside is the mark', () => {
    for (const spec of [INDEX, BOOK, MEDIAN, { ...MEDIAN, ownWeight: 0.3, funding: FUNDING }]) {
      const oracle = mark(spec, opening(2000))
      for (const { at, market } of pathOf(1)) {
        oracle.observe(at, market, market)
        expect(oracle.price()).toBe(market)
      }
    }
  })

  it('law: prices in another unit give the mark in that unit', () => {
    for (const spec of [{ ...INDEX, funding: FUNDING }, BOOK, { ...MEDIAN, ownWeight: 0.3 }]) {
      const one = mark(spec, opening(2000))
      const other = mark(spec, opening(8000))
      for (const { at, market, outside } of pathOf(2)) {
        one.observe(at, market, outside)
        other.observe(at, 4 * market, 4 * outside)
        expect(other.price()).toBe(4 * one.price())
      }
    }
  })

  it.each<readonly [string, Partial<SpecOf<'mark'>>]>([
    ['FB2401', { timeSeconds: 0 }],
    ['FB2401', { funding: { ...FUNDING, intervalSeconds: 0 } }],
    ['FB2401', { funding: { ...FUNDING, dueSeconds: -1 } }],
    ['FB2406', { funding: { ...FUNDING, rate: -1 } }],
    ['FB2406', { funding: { ...FUNDING, rate: Number.NaN } }],
    ['FB2407', { ownWeight: 1.1 }],
    ['FB2407', { ownWeight: Number.NaN }],
    ['FB2408', { timeSeconds: null }],
    ['FB2408', { component: 'index' }],
    ['FB2409', { funding: { ...FUNDING, dueSeconds: 28801 } }],
  ])('error: %s by kind of fault', (code, fault) => {
    expect(codeOf(() => mark({ ...MEDIAN, ...fault }, opening(1)))).toBe(code)
  })

  it('error: FB2405 where the opening is no price', () => {
    expect(codeOf(() => mark(INDEX, opening(0)))).toBe('FB2405')
  })
})
