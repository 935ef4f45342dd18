/** The laws of all venues. Exceptions are listed with their reason by the case. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Venue } from '../venue.ts'
import { type Case, check, factor, share } from './conformanceCase.suite.ts'
import { curveLaws } from './conformanceCurve.suite.ts'

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
  const { inputFee, pathDependent } = exceptions
  const part = inputFee === undefined ? '' : `, after what moved the price, since ${inputFee}`
  it(`law: buying back pays the fee twice, and restores the mid${part}`, () => {
    check(share, factor, (sold, move) => {
      const venue = make()
      venue.move(venue.outside() * move)
      const mid = venue.mid()
      const sale = venue.sell(sold * 2 * units)
      if (sale.units === 0) return
      const keep = 1 - venue.fee
      const moved = sale.units * (inputFee === undefined ? 1 : keep)
      const purchase = venue.sell(-moved)
      expect(Math.abs(purchase.units + moved)).toBeLessThanOrEqual(1e-12 * moved)
      if (pathDependent !== undefined) {
        expect(-purchase.proceeds).toBeGreaterThanOrEqual(sale.proceeds * (1 - 1e-12))
        expect(Math.abs(venue.mid() / mid - 1)).toBeLessThan(1e-2)
        return
      }
      // A fee from the input has left a part of the sale unsold: that much is not bought back.
      const cost = ((-purchase.proceeds * keep) / moved) * sale.units * keep
      expect(Math.abs(cost / sale.proceeds - 1)).toBeLessThan(1e-9)
      expect(Math.abs(venue.mid() / mid - 1)).toBeLessThan(1e-9)
    })
  })

  if (inputFee === undefined || pathDependent !== undefined) return
  it(`law: bought back whole, a sale leaves the mid above where it began: ${inputFee}`, () => {
    check(share, (sold) => {
      const venue = make()
      const mid = venue.mid()
      const sale = venue.sell(sold * units)
      if (sale.units === 0) return
      const left = venue.quote(-sale.units * (1 - venue.fee))
      const purchase = venue.sell(-sale.units)
      expect(purchase.units).toBe(-sale.units)
      expect(purchase.proceeds).toBeLessThanOrEqual(left.proceeds)
      expect(venue.mid()).toBeGreaterThanOrEqual(mid)
      const undone = -sale.units * (venue.fee / (1 - venue.fee))
      expect(Math.abs(venue.forced() - undone)).toBeLessThanOrEqual(1e-12 * sale.units)
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
    const bought = make().quote(-1e9 * units).units
    // As many sold units as undo it.
    const most = exceptions.inputFee === undefined ? bought : bought / (1 - venue.fee)
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
