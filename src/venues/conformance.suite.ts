/** The laws of all venues. Exceptions are listed with their reason by the case. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextDown, nextUp } from '../math/bisect.ts'
import type { Curve, Venue } from '../venue.ts'

const RUNS = { seed: 20230619, numRuns: 100 }

/** A venue and what of the laws does not hold for it, each with its reason. */
export interface Case {
  readonly title: string
  readonly make: () => Venue
  /** A size of sale that matters here. */
  readonly units: number
  readonly exceptions: {
    readonly pathDependent?: string
    readonly oneSided?: string
    readonly steps?: string
  }
}

/** Registers the laws for one venue. */
export function conformance(subject: Case): void {
  describe(subject.title, () => {
    tradingLaws(subject)
    stateLaws(subject)
    displacementLaws(subject)
    depthLaws(subject)
    const reason = subject.exceptions.pathDependent
    if (reason === undefined) curveLaws(subject)
    else it(`behaviour: has no curve: ${reason}`, () => expect(subject.make().curve).toBeNull())
  })
}

/** 0, or a number from 1e-8 to 1, more often near 0. */
const share = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => (x < 1e-4 ? 0 : x * x))
const factor = fc.double({ min: 0.5, max: 1.3, noNaN: true })

function tradingLaws({ make, units, exceptions }: Case): void {
  it('law: at rest the mid is the outside price, to the last bit', () => {
    const venue = make()
    expect(venue.mid()).toBe(venue.outside())
    for (const to of [1.1, 0.93, 1.0000001, 0.71]) {
      venue.move(venue.outside() * to)
      expect(venue.mid()).toBe(venue.outside())
    }
  })

  it('law: a quote is what the sale then gives, and changes nothing', () => {
    check(share, share, factor, (first, second, move) => {
      const venue = make()
      venue.move(venue.outside() * move)
      venue.sell(first * units)
      const before = venue.mid()
      const quoted = venue.quote(second * units)
      expect(venue.mid()).toBe(before)
      expect(venue.sell(second * units)).toEqual(quoted)
      expect(venue.mid()).toBeLessThanOrEqual(before)
    })
  })

  it('law: proceeds lie between 0 and units x mid x (1 - fee), and fall slice by slice', () => {
    check(share, share, factor, (first, second, move) => {
      const venue = make()
      venue.move(venue.outside() * move)
      venue.sell(3 * first * units)
      const best = venue.mid() * (1 - venue.fee)
      const one = venue.sell(second * units)
      const two = venue.sell(second * units)
      expect(one.proceeds).toBeGreaterThanOrEqual(0)
      expect(one.proceeds).toBeLessThanOrEqual(one.units * best * (1 + 1e-12))
      expect(two.proceeds).toBeLessThanOrEqual(one.proceeds * (1 + 1e-9) + 1e-9)
      expect(one.units).toBeLessThanOrEqual(second * units)
    })
  })

  it('law: capacity is where the mid passes a price', () => {
    check(share, fc.double({ min: 0.05, max: 1, noNaN: true }), (sold, down) => {
      const venue = make()
      venue.sell(sold * units)
      const price = venue.mid() * down
      const capacity = venue.capacity(price)
      if (capacity === Number.POSITIVE_INFINITY) return
      const short = venue.copy()
      short.sell(capacity * (1 - 1e-9))
      expect(short.mid()).toBeGreaterThanOrEqual(price * (1 - 1e-12))
      venue.sell(capacity * (1 + 1e-9) + 1e-9)
      expect(venue.mid()).toBeLessThanOrEqual(price * (1 + 1e-12))
    })
  })

  it('law: past the edge the answer says extrapolated, or a wall stops the sale there', () => {
    const venue = make()
    const edge = venue.edge()
    if (edge.units === Number.POSITIVE_INFINITY) {
      expect(venue.sell(1e9 * units).extrapolated).toBe(false)
      return
    }
    expect(venue.quote(edge.units * 0.999).extrapolated).toBe(false)
    const past = venue.sell(edge.units * 1.5)
    if (venue.beyond === 'wall') {
      expect(past.units).toBe(edge.units)
      expect(past.extrapolated).toBe(false)
      expect(venue.mid()).toBe(0)
      expect(venue.sell(1)).toEqual({ units: 0, proceeds: 0, extrapolated: false })
    } else {
      expect(past).toMatchObject({ units: edge.units * 1.5, extrapolated: true })
      expect(venue.mid()).toBeLessThan(edge.price)
      const inside = make().quote(edge.units).proceeds
      expect(past.proceeds - inside).toBeLessThan(edge.units * 0.5 * edge.price)
    }
    expect(venue.edge().units).toBe(0)
  })

  it('law: the price passes its edge without a jump, unless it is a wall', () => {
    const venue = make()
    const { units: edge, price } = venue.edge()
    if (venue.beyond === 'wall' || edge === Number.POSITIVE_INFINITY) return
    venue.sell(edge * (1 - 1e-9))
    expect(Math.abs(venue.mid() / price - 1)).toBeLessThan(1e-6)
    venue.sell(edge * 2e-9)
    expect(Math.abs(venue.mid() / price - 1)).toBeLessThan(1e-6)
  })

  it('law: no sale, however large, brings more than the venue holds down to a price of 0', () => {
    const venue = make()
    const huge = venue.quote(1e6 * units)
    const huger = venue.quote(1e7 * units)
    expect(Number.isFinite(huger.proceeds)).toBe(true)
    const isPar = venue.mid() * (1 - venue.fee) * huge.units <= huge.proceeds * (1 + 1e-9)
    if (!isPar) expect(huger.proceeds).toBeLessThan(huge.proceeds * 3)
  })

  if (exceptions.oneSided !== undefined) {
    it(`behaviour: refuses to sell to a buyer: ${exceptions.oneSided}`, () => {
      const venue = make()
      venue.sell(units / 4)
      const mid = venue.mid()
      expect(venue.sell(-units / 8)).toEqual({ units: 0, proceeds: 0, extrapolated: false })
      expect(venue.mid()).toBe(mid)
    })
    return
  }
  it('law: buying back costs more than the sale brought, and restores the mid', () => {
    check(share, factor, (sold, move) => {
      const venue = make()
      venue.move(venue.outside() * move)
      const mid = venue.mid()
      const sale = venue.sell(sold * 2 * units)
      if (sale.units === 0) return
      const purchase = venue.sell(-sale.units)
      expect(purchase.units).toBe(-sale.units)
      expect(-purchase.proceeds).toBeGreaterThanOrEqual(sale.proceeds * (1 - 1e-12))
      const slack = exceptions.pathDependent === undefined ? 1e-9 : 1e-2
      expect(Math.abs(venue.mid() / mid - 1)).toBeLessThan(slack)
    })
  })
}

function stateLaws({ make, units, exceptions }: Case): void {
  const walk = (venue: Venue, steps: readonly number[]): number[] =>
    steps.flatMap((step, k) => {
      if (k % 3 === 0) venue.move(venue.outside() * (0.9 + step / 10))
      const fill = venue.sell(step * units)
      return [venue.mid(), venue.outside(), fill.units, fill.proceeds, venue.capacity(1)]
    })

  it('law: a path after reset equals the path alone, byte for byte', () => {
    check(fc.array(share, { minLength: 1, maxLength: 7 }), share, (steps, before) => {
      const base = make()
      base.sell(before * units)
      const alone = walk(base.copy(), steps)
      const reused = base.copy()
      walk(reused, [0.3, 0.9, 0.1, 0.5])
      reused.reset(base)
      expect(walk(reused, steps)).toEqual(alone)
      expect(walk(base, steps)).toEqual(alone)
    })
  })

  it('law: scaled depth takes as many times the units for as many times the money', () => {
    check(share, fc.double({ min: 0.1, max: 5, noNaN: true }), (sold, depth) => {
      const venue = make()
      venue.sell(units / 3)
      const scaled = venue.scaled(depth)
      const fresh = make()
      expect(scaled.mid()).toBe(fresh.mid())
      const one = fresh.sell(sold * units)
      const many = scaled.sell(sold * units * depth)
      expect(many.proceeds).toBeCloseTo(one.proceeds * depth, 4)
      expect(many.units).toBeCloseTo(one.units * depth, 6)
      const slack = exceptions.steps === undefined ? 1e-9 : 1
      expect(Math.abs(scaled.mid() - fresh.mid())).toBeLessThanOrEqual(slack * fresh.mid())
    })
  })
}

function displacementLaws({ make, units, exceptions }: Case): void {
  it('law: what is sold is forced, and forcing as much by hand puts the mid there', () => {
    check(share, share, factor, (sold, depth, move) => {
      const venue = make()
      venue.deepen(0.1 + depth)
      venue.move(venue.outside() * move)
      expect(venue.forced()).toBe(0)
      const { units: taken } = venue.sell(sold * units)
      // A fee that joins the pool is depth, and leaves fewer units of displacement.
      const slack = exceptions.pathDependent === undefined ? 1e-12 : venue.fee
      expect(Math.abs(venue.forced() - taken)).toBeLessThanOrEqual(slack * taken + 1e-12 * units)
      const byHand = venue.copy()
      byHand.force(0)
      expect(byHand.mid()).toBe(venue.outside())
      byHand.force(venue.forced())
      expect(Math.abs(byHand.mid() - venue.mid())).toBeLessThanOrEqual(1e-12 * venue.mid())
    })
  })

  it('law: forcing what is forced changes nothing, to the last bit', () => {
    check(share, share, factor, (sold, depth, move) => {
      const venue = make()
      venue.deepen(0.1 + depth)
      venue.sell(3 * sold * units)
      venue.move(venue.outside() * move)
      const before = [venue.mid(), venue.forced(), venue.quote(units)]
      venue.force(venue.forced())
      expect([venue.mid(), venue.forced(), venue.quote(units)]).toEqual(before)
    })
  })

  it('law: displacement is kept to what the venue can hold', () => {
    const venue = make()
    venue.force(1e9 * units)
    if (venue.beyond === 'wall' && make().edge().units < Number.POSITIVE_INFINITY) {
      expect(venue.forced()).toBe(make().edge().units)
    } else expect(venue.forced()).toBe(1e9 * units)
    venue.force(-1e9 * units)
    const most = make().quote(-1e9 * units).units
    expect(Math.abs(venue.forced() - most)).toBeLessThanOrEqual(-1e-12 * most)
    expect(venue.mid()).toBeGreaterThanOrEqual(venue.outside())
    for (const to of [1.5, 3, 0.2]) {
      venue.move(venue.outside() * to)
      expect(venue.mid()).toBeGreaterThanOrEqual(venue.outside())
    }
  })
}

function depthLaws({ make, units }: Case): void {
  const depths = fc.double({ min: 0.05, max: 4, noNaN: true })
  const near = (found: number, wanted: number): void => {
    if (found === wanted) return
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * (Math.abs(wanted) + units))
  }

  it('law: at another depth a venue answers as the scaled one does', () => {
    check(share, share, depths, factor, (first, second, depth, move) => {
      const deep = make()
      deep.deepen(1.7)
      deep.deepen(depth)
      const scaled = make().scaled(depth)
      for (const venue of [deep, scaled]) venue.move(venue.outside() * move)
      // Discrete bids are met by a hair's breadth on either side of a level's end.
      for (const part of [first, -second, second]) {
        const one = deep.sell(part * units * depth * 0.999)
        const other = scaled.sell(part * units * depth * 0.999)
        near(one.units, other.units)
        near(one.proceeds, other.proceeds)
        near(deep.forced(), scaled.forced())
      }
      near(deep.edge().units, scaled.edge().units)
      near(deep.capacity(deep.outside() * 0.7), scaled.capacity(deep.outside() * 0.7))
    })
  })

  it('law: a change of depth moves no price, and multiplies what is displaced', () => {
    check(share, depths, factor, (sold, depth, move) => {
      const venue = make()
      venue.move(venue.outside() * move)
      venue.sell(sold * units)
      const [mid, forced] = [venue.mid(), venue.forced()]
      const quoted = venue.quote(units)
      venue.deepen(depth)
      expect(venue.mid()).toBe(mid)
      expect(venue.forced()).toBe(forced * depth)
      expect(venue.copy().forced()).toBe(forced * depth)
      const fresh = make()
      fresh.reset(venue)
      expect(fresh.quote(units)).toEqual(venue.quote(units))
      venue.deepen(1)
      expect(venue.quote(units)).toEqual(quoted)
    })
  })

  it('law: a depth of 0 takes nothing, and is displaced by nothing', () => {
    const venue = make()
    venue.sell(units / 3)
    const mid = venue.mid()
    venue.deepen(0)
    const nothing = { units: 0, proceeds: 0, extrapolated: false }
    for (const asked of [units, -units, 0]) expect(venue.sell(asked)).toEqual(nothing)
    venue.force(units)
    expect(venue.mid()).toBe(mid)
    expect([venue.forced(), venue.capacity(0), venue.edge().units]).toEqual([0, 0, 0])
    for (const depth of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => venue.deepen(depth)).toThrow(/finite depth/)
  })
}

function curveLaws({ make, units, exceptions }: Case): void {
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

function check<A extends [unknown, ...unknown[]]>(
  ...parts: [...{ [K in keyof A]: fc.Arbitrary<A[K]> }, (...values: A) => void]
): void {
  const run = fc.property as unknown as (...given: typeof parts) => fc.IProperty<A>
  fc.assert(run(...parts), RUNS)
}
