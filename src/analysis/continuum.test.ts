import { describe, expect, it } from 'vitest'
import { bisect } from '../math/bisect.ts'
import { exp } from '../math/exponential.ts'
import type { Curve } from '../venue.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { type ImpactCurveSpec, impactCurve } from '../venues/impactCurve.ts'
import { orderBook } from '../venues/orderBook.ts'
import {
  continuumCascade,
  criticalShock,
  type Density,
  densityGain,
  gainAt,
  unitsTriggered,
} from './continuum.ts'

const common = { name: 'venue', base: 0, quoteAsset: 1, fee: 0, asOf: null } as const

function impact(
  outside: number,
  shape: ImpactCurveSpec['shape'],
  coefficient: number,
  crossover = 0,
): Curve {
  const model = { shape, coefficient, crossover, observedUnits: null }
  return impactCurve({ ...common, beyond: 'linear', outside, ...model }).curve!
}

function pool(reserve: number, reprice: 'arbitrage' | 'cash'): Curve {
  const model = { outside: 2000, reserve, keepsFee: false, reprice }
  return constantProduct({ ...common, beyond: 'wall', ...model }).curve!
}

const ROUNDS_MAX = 1000

function cascade(curve: Curve, density: Density, outside: number) {
  const result = continuumCascade(curve, density, outside, ROUNDS_MAX)
  return { ...result, prices: result.fixed.map(({ price }) => price) }
}

function near(actual: readonly number[], expected: readonly number[], digits: number): void {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], digits)
  })
}

describe('a linear loop', () => {
  const uniform = [{ from: 2000, to: 0, units: 800_000 }]

  it('default: 400 units per dollar at 0.0015 turn a drop of 40 into 100', () => {
    const curve = impact(2000, 'linear', 0.0015)
    const { least, fixed, rounds, settled } = cascade(curve, uniform, 1960)
    near(
      rounds.slice(0, 5).map((price) => 2000 - price),
      [40, 64, 78.4, 87.04, 92.224],
      9,
    )
    expect(settled).toBe(true)
    expect(fixed.length).toBe(1)
    expect(least.price).toBeCloseTo(1900, 9)
    expect(least.sold).toBeCloseTo(40_000, 9)
    expect(least.stable).toBe(true)
    expect(gainAt(curve, uniform, 1960, 1900)).toBeCloseTo(0.6, 8)
  })

  const gapped = [{ from: 1950, to: 1912.5, units: 60_000 / 4 }]
  const mass = [{ from: 1950, to: 1800, units: 60_000 }]

  it('default: past a gap, a gain of 1.6 has three outcomes, then one', () => {
    const curve = impact(2000, 'linear', 0.004)
    const drops = (s: number) => cascade(curve, mass, 2000 - s).prices.map((price) => 2000 - price)
    near(drops(30), [30, 83 + 1 / 3, 270], 9)
    near(drops(49.999), [49.999, 50.0016667, 289.999], 6)
    near(drops(60), [300], 9)
    const { fixed } = cascade(curve, mass, 1970)
    expect(fixed.map(({ stable }) => stable)).toEqual([true, false, true])
    expect(fixed.map(({ sold }) => Math.round(sold))).toEqual([0, 13_333, 60_000])
  })

  it('default: the same book with an impact of 0.0015 stops at 75', () => {
    const { prices } = cascade(impact(2000, 'linear', 0.0015), mass, 1940)
    near(prices, [1925], 9)
  })

  it('default: the critical shock is the gap, and the unstable point the push that tips', () => {
    const curve = impact(2000, 'linear', 0.004)
    expect(criticalShock(curve, mass, 2000)).toEqual({ price: 1950, outside: 1950 })
    const [, unstable] = cascade(curve, mass, 1970).fixed
    // g (d - s) / (g - 1) is the drop beyond the shock that a push must reach.
    expect(1970 - unstable.price).toBeCloseTo((1.6 * 20) / 0.6, 9)
  })

  it('behaviour: a gain below 1 has no cliff', () => {
    expect(criticalShock(impact(2000, 'linear', 0.0015), mass, 2000)).toBeNull()
    expect(criticalShock(impact(2000, 'linear', 0.0015), [], 2000)).toBeNull()
  })

  it('behaviour: a gain of exactly 1 lists the two ends of what stays', () => {
    const curve = impact(2000, 'linear', 0.0025)
    const { prices, least } = cascade(curve, gapped, 1950)
    near(prices, [1950, 1912.5], 6)
    expect(least.stable).toBe(false)
  })

  it('behaviour: rounds that were cut short say so', () => {
    const { rounds, settled } = continuumCascade(impact(2000, 'linear', 0.0015), uniform, 1960, 5)
    expect([rounds.length, settled]).toEqual([5, false])
  })

  it('behaviour: an empty book rests at the outside price', () => {
    const { fixed, rounds, settled } = cascade(impact(2000, 'linear', 1), [], 1900)
    expect(fixed).toEqual([{ price: 1900, sold: 0, stable: true }])
    expect([rounds, settled]).toEqual([[1900], true])
  })

  it('error: pieces out of order are our own fault', () => {
    const pieces = [...mass, { from: 1990, to: 1960, units: 1 }]
    expect(() => cascade(impact(2000, 'linear', 1), pieces, 1900)).toThrow('falling order')
  })
})

describe('other venues', () => {
  it('default: exponential impact on a uniform book, as the Lambert function gives it', () => {
    const curve = impact(1, 'exponential', 1)
    for (const [strength, price] of [
      [0.5, 0.90670058],
      [1, 0.712951721],
      [1.2, 0.560898881],
    ]) {
      const { prices } = cascade(curve, [{ from: 1, to: 0, units: strength }], 0.95)
      near(prices, [price], 8)
      // p e^(-p aK) is the outside price times e^(-aK): the equation that the Lambert function
      // solves.
      expect(prices[0] * exp(-strength * prices[0])).toBeCloseTo(0.95 * exp(-strength), 12)
    }
  })

  it('default: a square root amplifies 1 % by 3.73, and invents a point at 0', () => {
    const uniform = [{ from: 1, to: 0, units: 5000 }]
    const shocked = cascade(squareRoot, uniform, 0.99)
    near([1 - shocked.least.price], [0.0373205081], 9)
    const calm = cascade(squareRoot, uniform, 1)
    near(calm.prices, [1, 0.98], 9)
    expect(calm.fixed.map(({ stable }) => stable)).toEqual([false, true])
  })

  it('behaviour: a linear start takes the invented point away once it reaches past it', () => {
    const uniform = [{ from: 1, to: 0, units: 5000 }]
    near(cascade(impact(1, 'squareRoot', 0.002, 25), uniform, 1).prices, [1, 0.98], 9)
    near(cascade(impact(1, 'squareRoot', 0.002, 400), uniform, 1).prices, [1], 9)
  })

  const thresholds = [{ from: 1900, to: 1400, units: 8000 }]

  it('default: a pool with its cash side scaled, 8000 ETH of thresholds from 1900 to 1400', () => {
    const curve = pool(60_000, 'cash')
    expect(cascade(curve, thresholds, 1920).least).toEqual({ price: 1920, sold: 0, stable: true })
    for (const [shock, price, sold, gain] of [
      [0.06, 1663.825395, 3778.793679, 0.834798],
      [0.1, 1404.075925, 7934.785205, 0.661376],
    ]) {
      const { least } = cascade(curve, thresholds, 2000 * (1 - shock))
      near([least.price, least.sold], [price, sold], 5)
      expect(gainAt(curve, thresholds, 2000 * (1 - shock), least.price)).toBeCloseTo(gain, 5)
    }
    const { least } = cascade(curve, thresholds, 1600)
    near([least.price, least.sold], [1245.675, 8000], 3)
  })

  it('default: that pool enters its thresholds at gain 1 with 60,800 ETH', () => {
    const feedsItself = (reserve: number) =>
      gainAt(pool(reserve, 'cash'), thresholds, 1900, 1900) >= 1
    expect(bisect(feedsItself, 50_000, 70_000) / 60_800).toBeCloseTo(1, 6)
  })

  it('behaviour: a stepped book is searched too; where it jumps the diagonal is unstable', () => {
    const price = Array.from({ length: 40 }, (_, i) => 99 - 2 * i)
    const book = orderBook({
      ...common,
      beyond: 'wall',
      outside: 100,
      price,
      size: price.map(() => 10),
      levels: 'absolute',
    })
    const density = [{ from: 98, to: 60, units: 300 }]
    const { fixed, least, rounds } = cascade(book.curve!, density, 97.5)
    expect(rounds[rounds.length - 1]).toBeCloseTo(least.price, 9)
    expect(fixed.map(({ stable }) => stable)).toEqual(fixed.map((_, i) => i % 2 === 0))
  })
})

describe('cliffs', () => {
  it('law: just above the critical price the cascade rests, just below it has jumped', () => {
    const density = [
      { from: 96, to: 90, units: 250 },
      { from: 85, to: 60, units: 1800 },
    ]
    for (const curve of [impact(100, 'exponential', 2e-4), impact(100, 'linear', 0.018)]) {
      const cliff = criticalShock(curve, density, 100)!
      const above = cascade(curve, density, cliff.outside * (1 + 1e-9)).least.price
      const below = cascade(curve, density, cliff.outside * (1 - 1e-9)).least.price
      expect(Math.abs(above / cliff.price - 1)).toBeLessThan(1e-3)
      expect(below).toBeLessThan(cliff.price - 1)
    }
  })

  it('law: rounds end at the highest fixed point, on every venue and shock', () => {
    const density = [
      { from: 1960, to: 1900, units: 700 },
      { from: 1850, to: 1500, units: 9000 },
    ]
    for (const curve of [pool(60_000, 'arbitrage'), impact(2000, 'linear', 0.03)]) {
      for (let outside = 1990; outside > 1600; outside -= 23) {
        const { least, greatest, rounds, settled } = cascade(curve, density, outside)
        expect(settled).toBe(true)
        expect(rounds[rounds.length - 1] / least.price).toBeCloseTo(1, 8)
        expect(greatest.price).toBeLessThanOrEqual(least.price)
      }
    }
  })
})

describe('densityGain', () => {
  const state = { outside: 2000, sold: 0 }

  it('default: 16 units per dollar on three venues, at 1, 5 and 10 %', () => {
    const uniform = (perDollar: number) => [{ from: 2000, to: 0, units: 2000 * perDollar }]
    for (const [curve, perDollar, expected] of [
      [pool(60_000, 'arbitrage'), 16, [1.058659966, 1.026495698, 0.9859644256]],
      [impact(2000, 'exponential', 1e-5), 16, [0.3183973199, 0.3119316119, 0.3037190906]],
      [impact(2000, 'linear', 0.0015), 400, [0.6, 0.6, 0.6]],
    ] as const) {
      const profile = [0.01, 0.05, 0.1].map((h) => densityGain(curve, uniform(perDollar), state, h))
      near(profile, expected, 9)
    }
  })

  it('law: as the drop goes to 0 it is the slope of the map', () => {
    const density = [{ from: 2000, to: 0, units: 32_000 }]
    for (const [curve, limit] of [
      [pool(60_000, 'arbitrage'), 1.066666667],
      [impact(2000, 'exponential', 1e-5), 0.32],
    ] as const) {
      expect(gainAt(curve, density, 2000, 2000)).toBeCloseTo(limit, 8)
      expect(densityGain(curve, density, state, 1e-7)).toBeCloseTo(limit, 6)
    }
  })

  it('behaviour: a band without triggers has no gain', () => {
    const far = [{ from: 1500, to: 1400, units: 100 }]
    expect(densityGain(pool(60_000, 'cash'), far, state, 0.1)).toBe(0)
    expect(gainAt(pool(60_000, 'cash'), far, 2000, 1800)).toBe(0)
    expect(unitsTriggered(far, 1450)).toBe(50)
  })
})

/** X - 0.002 sqrt(Q), with no straight start: the form whose point at 0 shock is an artefact. */
const squareRoot: Curve = {
  price: (outside, sold) => outside - 0.002 * Math.sqrt(sold),
  outside: (trigger, sold) => trigger + 0.002 * Math.sqrt(sold),
  units(outside, sold, price) {
    const root = Math.max(0, (outside - price) / 0.002)
    return Math.max(0, root * root - sold)
  },
  proceeds: (outside, sold, units) => {
    const threeHalves = (q: number) => q * Math.sqrt(q)
    return outside * units - (0.004 / 3) * (threeHalves(sold + units) - threeHalves(sold))
  },
}
