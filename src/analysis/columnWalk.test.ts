import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import type { Curve } from '../venue.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import {
  clearingPrice,
  saleColumns,
  slowDescent,
  slowDescentAt,
  walkAtTrigger,
  walkWorstFirst,
} from './columnWalk.ts'

const common = { name: 'v', base: 1, quoteAsset: 0, outside: 100, fee: 0, asOf: null } as const

function curveOf(shape: 'linear' | 'exponential', coefficient: number): Curve {
  const rest = { crossover: 0, observedUnits: null, beyond: 'linear' } as const
  return impactCurve({ ...common, shape, coefficient, ...rest }).curve as Curve
}

/**
 * (collateral, trigger, threshold, bonus) as in the published vectors; debt = threshold x
 * collateral x trigger.
 */
function columnsOf(rows: readonly (readonly [number, number, number, number])[]) {
  const debt = rows.map(([c, t, lt]) => lt * c * t)
  return saleColumns({
    trigger: Float64Array.from(rows, (row) => row[1]),
    collateral: Float64Array.from(rows, (row) => row[0]),
    cash: Float64Array.from(rows, (row, i) => debt[i] * (1 + row[3])),
    debt: Float64Array.from(debt),
  })
}

describe('columnWalk', () => {
  const two = columnsOf([
    [1000, 95, 0.8, 0.1],
    [1000, 93, 0.8, 0.1],
  ])
  const linear = curveOf('linear', 0.03)

  it('default: two accounts on a linear venue, worst first (V3)', () => {
    const six = walkWorstFirst(two, linear, 94)
    expect(six.price).toBeCloseTo(37.319148936, 8)
    expect(six.sold).toBeCloseTo(1889.3617021, 6)
    expect(six.badDebt).toBeCloseTo(13200.773694, 5)
    const eight = walkWorstFirst(two, linear, 92)
    expect(eight.price).toBeCloseTo(34.739130435, 8)
    expect(eight.sold).toBeCloseTo(1908.6956522, 6)
    expect(eight.badDebt).toBeCloseTo(15546.245059, 5)
  })

  it('default: clearing below, at trigger above (V3)', () => {
    expect(clearingPrice(two, linear, 94).price).toBeCloseTo(34, 9)
    expect(clearingPrice(two, linear, 92).price).toBeCloseTo(32, 9)
    expect(walkAtTrigger(two, linear, 94).price).toBeCloseTo(40.919148936, 8)
    expect(walkAtTrigger(two, linear, 92).price).toBeCloseTo(38.052173913, 8)
  })

  const four = columnsOf([
    [120, 96, 0.8, 0.05],
    [60, 92, 0.75, 0.1],
    [400, 88, 0.85, 0.08],
    [50, 80, 0.8, 0.1],
  ])
  const exponential = curveOf('exponential', 1 / 1500)

  it('default: four accounts on an exponential venue (V4)', () => {
    const rows = [
      {
        drop: 5,
        price: 64.54045902,
        bad: 166.90612706,
        clearing: 62.419447882,
        upper: 65.289824021,
      },
      {
        drop: 8,
        price: 61.726993007,
        bad: 299.12561628,
        clearing: 60.448307423,
        upper: 63.088184687,
      },
      {
        drop: 12,
        price: 58.375924147,
        bad: 1191.7004837,
        clearing: 57.820120144,
        upper: 60.063022757,
      },
    ]
    for (const row of rows) {
      const walk = walkWorstFirst(four, exponential, 100 - row.drop)
      expect(walk.price).toBeCloseTo(row.price, 7)
      expect(walk.badDebt).toBeCloseTo(row.bad, 5)
      expect(clearingPrice(four, exponential, 100 - row.drop).price).toBeCloseTo(row.clearing, 7)
      expect(walkAtTrigger(four, exponential, 100 - row.drop).price).toBeCloseTo(row.upper, 7)
    }
  })

  it('default: a slow descent gives the whole curve (V4)', () => {
    const descent = slowDescent(four, exponential)
    expect([...descent.edge]).toEqual([96, 96, 96, 96])
    const execution = [96, 89.760785376, 86.775555037, 67.69895282]
    execution.forEach((price, k) => {
      expect(descent.execution[k]).toBeCloseTo(price, 7)
    })
    expect(descent.sold[3]).toBeCloseTo(573.91621943, 6)
    expect(slowDescentAt(descent, exponential, 88).price).toBeCloseTo(60.022890724, 7)
  })

  it('law: every order and batching ends between the clearing and the at-trigger price', () => {
    for (let book = 0; book < 400; book++) {
      const random = randomAt(11, book)
      const n = 1 + Math.floor(random.uniform(0, 0) * 8)
      const rows = Array.from({ length: n }, (_, k) => {
        const u = (stream: number) => random.uniform(k + 1, stream)
        return [1 + 400 * u(0), 70 + 29 * u(1), 0.7 + 0.2 * u(2), 0.02 + 0.08 * u(3)] as const
      })
      const columns = columnsOf(rows)
      const curve =
        book % 2 === 0
          ? curveOf('linear', 0.002 + 0.04 * random.uniform(0, 1))
          : curveOf('exponential', 0.0002 + 0.001 * random.uniform(0, 1))
      const outside = 100 - 25 * random.uniform(0, 2)
      const low = clearingPrice(columns, curve, outside).price
      const high = walkAtTrigger(columns, curve, outside).price
      for (let order = 0; order < 6; order++) {
        const price = anyOrder(columns, curve, outside, (k) => random.uniform(100 + k, order))
        expect(price).toBeGreaterThanOrEqual(low * (1 - 1e-12) - 1e-12)
        expect(price).toBeLessThanOrEqual(high * (1 + 1e-12))
      }
    }
  })

  it('law: the walk is monotone in the shock: price, units and bad debt', () => {
    let before = walkWorstFirst(four, exponential, 100)
    for (let drop = 0.25; drop < 60; drop += 0.25) {
      const now = walkWorstFirst(four, exponential, 100 - drop)
      expect(now.price).toBeLessThanOrEqual(before.price)
      expect(now.sold).toBeGreaterThanOrEqual(before.sold)
      expect(now.badDebt).toBeGreaterThanOrEqual(before.badDebt - 1e-9)
      before = now
    }
  })
})

/** Takes liquidatable accounts in a shuffled order, a random number at a time at one price. */
function anyOrder(
  columns: ReturnType<typeof columnsOf>,
  curve: Curve,
  outside: number,
  draw: (k: number) => number,
): number {
  const open = new Set(columns.trigger.keys())
  let sold = 0
  let step = 0
  for (;;) {
    const price = curve.price(outside, sold)
    const due = [...open].filter((k) => price < columns.trigger[k])
    if (due.length === 0) return price
    due.sort((a, b) => draw(a + 31 * step) - draw(b + 31 * step))
    const batch = due.slice(0, 1 + Math.floor(draw(1000 + step) * due.length))
    for (const k of batch) {
      sold +=
        price > 0 ? Math.min(columns.collateral[k], columns.cash[k] / price) : columns.collateral[k]
      open.delete(k)
    }
    step++
  }
}
