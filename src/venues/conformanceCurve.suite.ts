/** The laws of venues with a curve: prices do not depend on the path. */

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextDown, nextUp } from '../math/bisect.ts'
import type { Curve } from '../venue.ts'
import { type Case, check, factor, share } from './conformanceCase.suite.ts'

/** Registers the laws of the curve for one venue. */
export function curveLaws({ make, units, exceptions }: Case): void {
  const curve = make().curve as Curve
  const opening = make().outside()
  const outsidePrice = factor.map((x) => x * opening)
  const sold = share.map((x) => 2 * x * units)

  it('law: the price never falls with the outside price and never rises with units sold', () => {
    check(outsidePrice, outsidePrice, sold, sold, (x1, x2, q1, q2) => {
      const [low, high] = [Math.min(x1, x2), Math.max(x1, x2)]
      const [few, many] = [Math.min(q1, q2), Math.max(q1, q2)]
      expect(curve.price(low, few)).toBeLessThanOrEqual(curve.price(high, few))
      expect(curve.price(low, many)).toBeLessThanOrEqual(curve.price(low, few))
      expect(curve.price(low, few)).toBeLessThanOrEqual(low)
      expect(curve.price(nextDown(low), few)).toBeLessThanOrEqual(curve.price(low, few))
      expect(curve.price(low, nextUp(few))).toBeLessThanOrEqual(curve.price(low, few))
    })
  })

  it('law: outside() is the price below which a trigger is passed', () => {
    check(outsidePrice, sold, (trigger, gone) => {
      const edge = curve.outside(trigger, gone)
      expect(edge).toBeGreaterThanOrEqual(trigger * (1 - 1e-15))
      if (edge < 1e12) {
        expect(curve.price(edge * (1 + 1e-9), gone)).toBeGreaterThanOrEqual(trigger)
        expect(curve.price(edge * (1 - 1e-9), gone)).toBeLessThan(trigger)
        const at = curve.price(edge, gone)
        if (exceptions.steps === undefined) {
          expect(Math.abs(at / trigger - 1)).toBeLessThan(256 * Number.EPSILON)
        }
      } else {
        expect(curve.price(1e12, gone)).toBeLessThanOrEqual(trigger)
      }
    })
  })

  it('law: units() is the inverse of the price', () => {
    check(outsidePrice, sold, share, (outside, gone, down) => {
      const price = curve.price(outside, gone) * (1 - down / 2)
      const absorbed = curve.units(outside, gone, price)
      expect(absorbed).toBeGreaterThanOrEqual(0)
      if (absorbed === Number.POSITIVE_INFINITY) return
      expect(curve.price(outside, gone + absorbed * (1 - 1e-9))).toBeGreaterThanOrEqual(
        price * (1 - 1e-12),
      )
      const more = gone + absorbed + (gone + absorbed) * 1e-9 + 1e-9
      expect(curve.price(outside, more)).toBeLessThanOrEqual(price)
      expect(curve.units(outside, gone, curve.price(outside, gone) * 1.001)).toBe(0)
    })
  })

  it('law: the venue sells along its curve, and is paid (1 - fee) x the integral', () => {
    check(share, share, factor, (first, second, move) => {
      const venue = make()
      venue.move(opening * move)
      const outside = venue.outside()
      for (const part of [first, second]) {
        const before = venue.forced()
        const sale = venue.sell(part * units)
        const [low, high] = [curve.price(outside, venue.forced()), curve.price(outside, before)]
        const integral = curve.proceeds(outside, before, sale.units)
        expect(venue.mid()).toBe(low)
        expect(Math.abs(sale.proceeds - integral * (1 - venue.fee))).toBeLessThanOrEqual(
          1e-12 * sale.proceeds,
        )
        expect(integral).toBeGreaterThanOrEqual(low * sale.units * (1 - 1e-12))
        expect(integral).toBeLessThanOrEqual(high * sale.units * (1 + 1e-12))
      }
      venue.sell(-units / 9)
      expect(venue.mid()).toBe(curve.price(outside, venue.forced()))
    })
  })

  it('law: slicing a sale changes nothing', () => {
    check(share, fc.integer({ min: 2, max: 300 }), factor, (size, slices, move) => {
      const whole = make()
      const sliced = make()
      whole.move(opening * move)
      sliced.move(opening * move)
      const one = whole.sell(size * units)
      let proceeds = 0
      for (let k = 0; k < slices; k++) proceeds += sliced.sell((size * units) / slices).proceeds
      expect(Math.abs(proceeds - one.proceeds)).toBeLessThanOrEqual(1e-12 * one.proceeds + 1e-9)
      if (exceptions.steps !== undefined) return
      expect(Math.abs(sliced.mid() - whole.mid())).toBeLessThanOrEqual(1e-11 * whole.mid())
    })
  })

  it('law: forced displacement stays when the outside price moves and comes back', () => {
    check(share, factor, factor, (size, there, back) => {
      const venue = make()
      venue.sell(size * units)
      const mid = venue.mid()
      venue.move(opening * there)
      venue.move(opening * back)
      venue.move(opening)
      expect(venue.mid()).toBe(mid)
    })
  })

  it('behaviour: an account without debt, trigger 0, is never reached', () => {
    expect(curve.outside(0, 0)).toBe(0)
    expect(curve.outside(0, 3 * units)).toBe(0)
  })
}
