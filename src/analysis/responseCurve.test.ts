import { describe, expect, it } from 'vitest'
import { nextDown, nextUp } from '../math/bisect.ts'
import { randomAt } from '../math/random.ts'
import type { Curve } from '../venue.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { cashCurve } from './cashCurve.ts'
import { curveKinds, curveOf } from './curves.suite.ts'
import { ladderFrom } from './ladder.ts'
import { greatestCascade, leastCascade, records, responseCurve } from './responseCurve.ts'

const place = { name: 'v', base: 1, quoteAsset: 0, fee: 0, asOf: null, beyond: 'wall' } as const

function linear(outside: number, coefficient: number): Curve {
  const rest = { crossover: 0, observedUnits: null } as const
  return impactCurve({ ...place, outside, shape: 'linear', coefficient, ...rest }).curve as Curve
}

function pool(outside: number, reserve: number, reprice: 'arbitrage' | 'cash'): Curve {
  return constantProduct({ ...place, outside, reserve, keepsFee: false, reprice }).curve as Curve
}

function ladderOf(triggers: readonly number[], units: readonly number[]) {
  return ladderFrom(Float64Array.from(triggers), Float64Array.from(units))
}

describe('responseCurve', () => {
  it('default: three accounts on a linear venue, least and greatest (V1)', () => {
    const response = responseCurve(ladderOf([95, 94, 80], [100, 100, 100]), linear(100, 0.05))
    expect([...response.least].slice(1)).toEqual([95, 95, 90])
    const found = records(response).map(({ edge, first, last }) => [edge, first, last])
    expect(found).toEqual([
      [95, 0, 1],
      [90, 2, 2],
    ])
    const at = (drop: number) => {
      const k = leastCascade(response, 100 - drop)
      const sold = response.ladder.sold
      const q = sold[greatestCascade(response, 100 - drop)]
      return [k, response.curve.price(100 - drop, sold[k]), q]
    }
    expect(at(5)).toEqual([0, 95, 200])
    expect(at(5.5)).toEqual([2, 84.5, 300])
    expect(at(10)).toEqual([2, 80, 300])
    expect(at(10.5)).toEqual([3, 74.5, 300])
    expect(at(0)[2]).toBe(200)
  })

  const eight = ladderOf(
    [1960, 1940, 1900, 1880, 1800, 1790, 1600, 1500],
    [10, 25, 5, 40, 60, 15, 100, 30],
  )

  it('default: eight accounts on a pool repriced by arbitrage (V2)', () => {
    const response = responseCurve(eight, pool(2000, 2500, 'arbitrage'))
    const edges = [
      1960, 1955.3762305, 1952.9339308, 1939.7131201, 1914.474329, 1914.474329, 1793.387767,
      1793.387767,
    ]
    edges.forEach((edge, k) => {
      expect(response.least[k + 1]).toBeCloseTo(edge, 6)
    })
    const cases = [
      [0.02, 0, 1960, 6, 1739.8701386],
      [0.025, 3, 1889.8149348, 6, 1731.5047266],
      [0.04, 4, 1805.0372202, 7, 1586.9523384],
      [0.05, 6, 1689.6217343, 7, 1571.9128564],
      [0.1, 6, 1605.5712194, 8, 1465.8025911],
      [0.2, 8, 1317.6031289, 8, 1317.6031289],
    ]
    for (const [drop, least, price, greatest, lowest] of cases) {
      const outside = 2000 * (1 - drop)
      const k = leastCascade(response, outside)
      const g = greatestCascade(response, outside)
      expect([k, g]).toEqual([least, greatest])
      expect(response.curve.price(outside, eight.sold[k])).toBeCloseTo(price, 6)
      expect(response.curve.price(outside, eight.sold[g])).toBeCloseTo(lowest, 6)
    }
  })

  it('default: the deeper pool, and the cash side scaled (V2)', () => {
    const deep = responseCurve(eight, pool(2000, 10000, 'arbitrage'))
    const edges = [
      1960, 1943.8270096, 1913.0298732, 1894.6670874, 1827.6362966, 1827.6362966, 1645.3035026,
      1568.511989,
    ]
    edges.forEach((edge, k) => {
      expect(deep.least[k + 1]).toBeCloseTo(edge, 6)
    })
    const four = leastCascade(deep, 1880)
    expect([four, deep.curve.price(1880, eight.sold[four])]).toEqual([
      4,
      expect.closeTo(1851.1721851, 6),
    ])
    const scaled = responseCurve(eight, pool(2000, 2500, 'cash'))
    const others = [
      1960, 1955.55104, 1953.5724, 1940.64128, 1917.0432, 1917.0432, 1804.5504, 1804.5504,
    ]
    others.forEach((edge, k) => {
      expect(scaled.least[k + 1]).toBeCloseTo(edge, 6)
    })
    const six = leastCascade(scaled, 1880)
    expect([six, scaled.curve.price(1880, eight.sold[six])]).toEqual([
      6,
      expect.closeTo(1666.897195, 6),
    ])
  })

  it('default: sales of fixed cash on a pool (V6)', () => {
    const rows = [
      [100, 96],
      [300, 93],
      [200, 88],
      [500, 80],
    ]
    const cash = ladderOf(
      rows.map(([, t]) => t),
      rows.map(([c, t]) => 0.8 * c * t),
    )
    const response = responseCurve(cash, cashCurve(pool(100, 10000, 'arbitrage')))
    for (const [drop, count, price] of [
      [5, 1, 93.508790629],
      [6, 2, 88.272784171],
      [12, 4, 74.3049434],
    ]) {
      const k = leastCascade(response, 100 - drop)
      expect(k).toBe(count)
      expect(response.curve.price(100 - drop, cash.sold[k])).toBeCloseTo(price, 7)
    }
  })

  it('behaviour: a jump of the price upward does not change who is taken', () => {
    const response = responseCurve(eight, pool(2000, 2500, 'arbitrage'))
    expect(leastCascade(response, 4000)).toBe(0)
    expect(leastCascade(response, 1e-9)).toBe(8)
  })
})

describe.each(curveKinds)('responseCurve on %s', (kind) => {
  it('law: one pass equals brute-force rounds, least and greatest, on and beside every edge', () => {
    let shocks = 0
    for (let book = 0; book < BOOKS; book++) {
      const random = randomAt(7, book)
      const curve = curveOf(kind, random)
      const n = 1 + Math.floor(random.uniform(1, 0) * 10)
      const draw = (k: number, stream: number) => random.uniform(10 + k, stream)
      const triggers = Array.from({ length: n }, (_, k) =>
        draw(k, 0) < 0.15 ? 90 : 60 + 39.9 * draw(k, 1),
      )
      const ladder = ladderOf(
        triggers,
        triggers.map((_, k) => 0.1 + 60 * draw(k, 2) * draw(k, 3)),
      )
      const response = responseCurve(ladder, curve)
      const edges = [...response.least, ...response.greatest].filter((x) => x > 0 && x < 200)
      const picked = edges.slice(0, 6).flatMap((x) => [x, nextUp(x), nextDown(x)])
      for (const outside of [100, 100 - 45 * draw(0, 5), 100 - 20 * draw(0, 6), ...picked]) {
        shocks++
        expect(leastCascade(response, outside)).toBe(rounds(ladder, curve, outside))
        expect(greatestCascade(response, outside)).toBe(lowestRest(ladder, curve, outside))
      }
    }
    expect(shocks).toBeGreaterThan(BOOKS * 3)
  })
})

const BOOKS = 1000

type Sold = ReturnType<typeof ladderOf>

/**
 * Rounds by definition: everyone below the price sells, the price is read again, until nobody is.
 */
function rounds(ladder: Sold, curve: Curve, outside: number): number {
  let taken = 0
  for (;;) {
    const price = curve.price(outside, ladder.sold[taken])
    let next = taken
    while (next < ladder.trigger.length && price < ladder.trigger[next]) next++
    if (next === taken) return taken
    taken = next
  }
}

/**
 * The greatest cascade by definition: the most accounts that are all below the price they leave
 * behind.
 */
function lowestRest(ladder: Sold, curve: Curve, outside: number): number {
  let k = ladder.trigger.length
  while (k > 0 && !(curve.price(outside, ladder.sold[k]) < ladder.trigger[k - 1])) k--
  return k
}
