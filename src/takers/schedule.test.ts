import { describe, expect, it } from 'vitest'
import { asinh, saleOrders, sinhRatio, unsoldShare } from './schedule.ts'

describe('sinhRatio', () => {
  // Math.sinh is banned where runs must replay, not as a witness.
  it('law: agrees with the built-in sinh where that is finite', () => {
    for (const b of [1e-12, 1e-6, 0.01, 0.499, 0.501, 1, 3, 40, 700])
      for (const share of [0, 1e-9, 0.1, 0.5, 0.999, 1]) {
        const wanted = Math.sinh(b * share) / Math.sinh(b)
        expect(sinhRatio(b * share, b)).toBeCloseTo(wanted, 14)
        if (wanted > 0) expect(sinhRatio(b * share, b) / wanted).toBeCloseTo(1, 11)
      }
  })

  it('behaviour: does not overflow', () => {
    expect(sinhRatio(4999, 5000)).toBeCloseTo(Math.exp(-1), 14)
    expect(sinhRatio(1, 5000)).toBe(0)
  })

  it('law: asinh agrees with the built-in one', () => {
    for (const y of [0, 1e-9, 0.0199, 0.0201, 0.3, 2, 1e6])
      expect(Math.abs(asinh(y) - Math.asinh(y))).toBeLessThanOrEqual(1e-13 * Math.asinh(y))
  })
})

describe('unsoldShare', () => {
  it('default: without urgency a straight line', () => {
    expect([0, 1, 2, 3, 4, 5].map((t) => unsoldShare(t, 4, 0))).toEqual([1, 0.75, 0.5, 0.25, 0, 0])
  })

  // Almgren and Chriss 2000: X 1e6, T 5, N 5, kappa 0.607076 gives these holdings.
  it("behaviour: the paper's holdings", () => {
    const holdings = [1, 2, 3, 4].map((t) => 1e6 * unsoldShare(t, 5, 0.607076))
    const wanted = [541_955.6, 289_854.3, 147_897.6, 62_141.8]
    holdings.forEach((units, j) => {
      expect(Math.abs(units / wanted[j] - 1)).toBeLessThan(2e-6)
    })
  })

  it('law: falls from 1 to exactly 0, and a small urgency is nearly none', () => {
    for (const urgency of [0, 1e-9, 0.01, 0.3, 200]) {
      let before = 1
      for (let t = 0; t <= 100; t++) {
        const share = unsoldShare(t / 10, 10, urgency)
        expect(share).toBeLessThanOrEqual(before)
        before = share
      }
      expect(unsoldShare(0, 10, urgency)).toBe(1)
      expect(unsoldShare(10, 10, urgency)).toBe(0)
    }
    expect(unsoldShare(3, 10, 1e-9)).toBeCloseTo(0.7, 14)
  })
})

describe('saleOrders', () => {
  it('default: two orders overlap, and all is sold at their ends', () => {
    const orders = saleOrders(2, 100, 0)
    orders.open(1, 10, 0)
    orders.open(1, 6, 0)
    expect(orders.due(1, 0)).toBe(0)
    expect(orders.due(1, 25)).toBe(4)
    orders.open(1, 20, 50)
    expect(orders.due(1, 50)).toBe(4)
    expect(orders.due(1, 100)).toBeCloseTo(8 + 10, 12)
    expect(orders.isOpen(1)).toBe(true)
    expect(orders.due(0, 100)).toBe(0)
    expect(orders.due(1, 150)).toBe(10)
    expect(orders.isOpen(1)).toBe(false)
    expect(orders.due(1, 151)).toBe(0)
  })

  it('law: however many orders, all is sold, none later than its own end', () => {
    for (const urgency of [0, 0.02]) {
      const orders = saleOrders(1, 1200, urgency)
      const opened: number[] = []
      let sold = 0
      for (let block = 0; block < 400; block++) {
        const at = 12 * block
        sold += orders.due(0, at)
        const total = opened.reduce((sum, units) => sum + units, 0)
        const old = opened.slice(0, Math.max(0, block - 99)).reduce((sum, units) => sum + units, 0)
        expect(sold).toBeGreaterThanOrEqual(old * (1 - 1e-12))
        expect(sold).toBeLessThanOrEqual(total * (1 + 1e-12))
        const units = 1 + (block % 7)
        opened.push(units)
        orders.open(0, units, at)
      }
      sold += orders.due(0, 12 * 400 + 1200)
      expect(orders.isOpen(0)).toBe(false)
      expect(sold).toBeCloseTo(
        opened.reduce((sum, units) => sum + units, 0),
        8,
      )
    }
  })

  it('law: a copy is independent, and reset repeats the same bytes', () => {
    const play = (orders: ReturnType<typeof saleOrders>): number[] => {
      const seen: number[] = []
      for (let k = 1; k < 60; k++) {
        orders.open(0, k, 10 * k)
        seen.push(orders.due(0, 10 * k + 5))
      }
      return seen
    }
    const first = saleOrders(1, 500, 0.01)
    first.open(0, 100, 0)
    const fresh = first.copy()
    const spare = first.copy()
    const seen = play(first)
    expect(play(fresh)).toEqual(seen)
    first.reset(spare)
    expect(play(first)).toEqual(seen)
  })
})
