import { describe, expect, it } from 'vitest'
import type { Curve } from '../venue.ts'
import { type ImpactCurveSpec, impactCurve } from './impactCurve.ts'

const CURVE: ImpactCurveSpec = {
  name: 'curve',
  base: 1,
  quoteAsset: 0,
  outside: 100,
  fee: 0,
  asOf: null,
  beyond: 'wall',
  shape: 'linear',
  coefficient: 0.05,
  crossover: 0,
  observedUnits: null,
}

const ROOT: ImpactCurveSpec = { ...CURVE, shape: 'squareRoot', coefficient: 0.01, crossover: 25 }

describe('impactCurve', () => {
  it('behaviour: linear impact is X - c Q, floored at 0, and its inverse T + c S', () => {
    const curve = impactCurve(CURVE).curve as Curve
    const sold = [0, 100, 200, 300]
    const trigger = [95, 94, 80]
    expect(trigger.map((price, k) => curve.outside(price, sold[k]))).toEqual([95, 99, 90])
    expect(trigger.map((price, k) => curve.outside(price, sold[k + 1]))).toEqual([100, 104, 95])
    expect(curve.price(94.5, 200)).toBe(84.5)
    expect(curve.price(90, 200)).toBe(80)
    expect(curve.price(90, 5000)).toBe(0)
    expect(curve.proceeds(90, 1700, 1000)).toBeCloseTo((5 * 100) / 2, 9)
  })

  it('behaviour: exponential impact pays (1 - e^-cQ) X / c', () => {
    const venue = impactCurve({ ...CURVE, shape: 'exponential', coefficient: 1 / 1500 })
    const sale = venue.sell(1500)
    expect(sale.proceeds).toBeCloseTo(150_000 * (1 - Math.exp(-1)), 8)
    expect(venue.mid()).toBeCloseTo(100 * Math.exp(-1), 12)
    expect(venue.capacity(venue.mid() / 2)).toBeCloseTo(1500 * Math.log(2), 9)
  })

  it('behaviour: tiny exponential sales are paid to the last bits', () => {
    const venue = impactCurve({ ...CURVE, shape: 'exponential', coefficient: 1e-9 })
    expect(venue.quote(1e-3).proceeds).toBeCloseTo(0.1 - 5e-14, 16)
    expect(venue.quote(1e6).proceeds / 1e8).toBeCloseTo((1 - Math.exp(-1e-3)) / 1e-3, 12)
  })

  it('behaviour: a square root is a straight line below its cross-over', () => {
    const curve = impactCurve(ROOT).curve as Curve
    expect(curve.price(100, 25)).toBeCloseTo(95, 12)
    expect(curve.price(100, 5)).toBeCloseTo(99, 12)
    expect(curve.price(100, 100)).toBeCloseTo(90, 12)
    expect(curve.price(100, 10_000)).toBe(0)
    expect(curve.units(100, 0, 90)).toBeCloseTo(100, 10)
    expect(curve.units(100, 5, 95)).toBeCloseTo(20, 10)
  })

  // Without the line the slope at 0 is infinite, and the smallest sale would drop the price by
  // itself.
  it('behaviour: small square-root sales cost in proportion', () => {
    const curve = impactCurve(ROOT).curve as Curve
    const cost = (units: number): number => 100 - curve.price(100, units)
    expect(cost(1e-6) / cost(1e-3)).toBeCloseTo(1e-3, 8)
  })

  it('behaviour: square-root proceeds are the integral of the price', () => {
    const curve = impactCurve(ROOT).curve as Curve
    const exact = 100 * (400 - 0.002 * (25 * 25) * 0.5 - (0.02 / 3) * (8000 - 125))
    expect(curve.proceeds(100, 0, 400)).toBeCloseTo(exact, 8)
  })

  it('behaviour: no impact takes any quantity at the outside price', () => {
    const venue = impactCurve({ ...CURVE, shape: 'none', coefficient: 0 })
    expect(venue.sell(1e9)).toEqual({ units: 1e9, proceeds: 1e11, extrapolated: false })
    expect(venue.mid()).toBe(100)
    expect(venue.capacity(99)).toBe(Number.POSITIVE_INFINITY)
    expect(venue.capacity(101)).toBe(0)
    expect(venue.curve?.outside(90, 1e9)).toBe(90)
  })

  it('behaviour: buying raises the price by the same law', () => {
    const shapes = [CURVE, { ...CURVE, shape: 'exponential', coefficient: 0.001 }, ROOT] as const
    const prices = shapes.map((spec) => {
      const venue = impactCurve(spec)
      const purchase = venue.sell(-100)
      expect(purchase.units).toBe(-100)
      expect(-purchase.proceeds).toBeGreaterThan(10_000)
      return venue.mid()
    })
    expect(prices[0]).toBeCloseTo(105, 12)
    expect(prices[1]).toBeCloseTo(100 * Math.exp(0.1), 11)
    expect(prices[2]).toBeCloseTo(110, 12)
  })

  it('behaviour: past the observed units, each `beyond` answers as declared', () => {
    const at = (beyond: 'wall' | 'linear' | 'sqrt') => {
      const venue = impactCurve({ ...CURVE, beyond, observedUnits: 400 })
      const fill = venue.sell(1600)
      return { mid: venue.mid(), units: fill.units, extrapolated: fill.extrapolated }
    }
    expect(at('wall')).toEqual({ mid: 0, units: 400, extrapolated: false })
    expect(at('linear')).toEqual({ mid: 20, units: 1600, extrapolated: true })
    expect(at('sqrt')).toEqual({ mid: 60, units: 1600, extrapolated: true })
  })

  it('error: parameters that give no curve', () => {
    const place = 'venues.curve'
    expect(() => impactCurve({ ...CURVE, coefficient: -1 })).toThrow(`FB2113 ${place}.coefficient`)
    expect(() => impactCurve({ ...ROOT, crossover: 0 })).toThrow(`FB2113 ${place}.crossover`)
    expect(() => impactCurve({ ...ROOT, crossover: 20_000 })).toThrow(`FB2117 ${place}.crossover`)
    expect(() => impactCurve({ ...CURVE, observedUnits: 0 })).toThrow(`FB2113 ${place}.observed`)
    const flat = { ...CURVE, shape: 'none', observedUnits: 10, beyond: 'linear' } as const
    expect(() => impactCurve(flat)).toThrow(`FB2116 ${place}`)
  })
})
