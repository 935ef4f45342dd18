import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextDown, nextUp } from './math/bisect.ts'
import { hopFee, hopMid, hopQuote, hopSell, parallelCurve } from './router.ts'
import type { Venue } from './venue.ts'
import { constantProduct } from './venues/constantProduct.ts'
import { impactCurve } from './venues/impactCurve.ts'
import { orderBook } from './venues/orderBook.ts'

const COMMON = { base: 1, quoteAsset: 0, outside: 2000, asOf: null, beyond: 'wall' } as const

function pool(fee: number, reserve: number, keepsFee = false): Venue {
  const spec = {
    ...COMMON,
    name: `pool ${fee}`,
    fee,
    reserve,
    keepsFee,
    reprice: 'arbitrage',
  } as const
  return constantProduct(spec)
}

function curve(fee: number, coefficient: number): Venue {
  const shape = { shape: 'exponential', coefficient, crossover: 0, observedUnits: null } as const
  return impactCurve({ ...COMMON, ...shape, name: `curve ${fee}`, fee })
}

function book(fee: number): Venue {
  const price = Array.from({ length: 40 }, (_, j) => 1999 - 7 * j)
  const size = price.map((_, j) => 3 + (j % 5))
  return orderBook({ ...COMMON, name: `book ${fee}`, fee, price, size, levels: 'absolute' })
}

const HOPS: readonly (readonly [string, () => Venue[]])[] = [
  ['pools of two fees', () => [pool(0.003, 1000), pool(0.0005, 400)]],
  ['pool that keeps its fee, and a curve', () => [pool(0.003, 1000, true), curve(0.001, 1e-3)]],
  ['pool, curve and book', () => [pool(0.003, 1000), curve(0.01, 5e-4), book(0.001)]],
]

const size = fc.double({ min: 0.01, max: 400, noNaN: true })

describe.each(HOPS)('router over %s', (_, make) => {
  it('law: all venues used end at one fee-adjusted marginal price, all others below it', () => {
    fc.assert(
      fc.property(size, (units) => {
        const venues = make()
        const before = venues.map((venue) => venue.mid())
        expect(hopSell(venues, units).units).toBe(units)
        const marginal = venues.map((venue) => venue.mid() * (1 - venue.fee))
        const used = marginal.filter((_, i) => venues[i].mid() < before[i])
        // A discrete book ends somewhere on its level: at most one level, 7 dollars, below the
        // others.
        const slack = venues.some((venue) => venue.kind === 'orderBook') ? 7.01 : 1e-8
        for (const value of marginal) expect(value).toBeLessThanOrEqual(Math.min(...used) + slack)
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  it('law: no other split brings more', () => {
    fc.assert(
      fc.property(
        size,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (units, weights) => {
          const best = hopQuote(make(), units).proceeds
          const venues = make()
          const sum = weights.slice(0, venues.length).reduce((a, b) => a + b, 0)
          if (sum === 0) return
          const parts = venues.map((_, i) => (units * weights[i]) / sum)
          const other = venues.map((venue, i) => venue.quote(parts[i]))
          const proceeds = other.reduce((total, fill) => total + fill.proceeds, 0)
          expect(proceeds).toBeLessThanOrEqual(best * (1 + 1e-12))
        },
      ),
      { seed: 4, numRuns: 100 },
    )
  })

  it('law: a quote is what the sale gives, and the mid at rest is the outside price', () => {
    const venues = make()
    expect(hopMid(venues)).toBe(2000)
    const quoted = hopQuote(venues, 123)
    expect(hopMid(venues)).toBe(2000)
    expect(hopSell(venues, 123)).toEqual(quoted)
    expect(hopMid(venues)).toBeLessThan(2000)
  })

  it('law: slicing a routed sale ends where the whole sale does', () => {
    const venues = make()
    if (venues.some((venue) => venue.curve === null)) return
    const whole = make()
    const one = hopSell(whole, 200)
    let proceeds = 0
    for (let k = 0; k < 50; k++) proceeds += hopSell(venues, 4).proceeds
    expect(Math.abs(proceeds / one.proceeds - 1)).toBeLessThan(1e-10)
    expect(Math.abs(hopMid(venues) / hopMid(whole) - 1)).toBeLessThan(1e-9)
  })
})

describe('router', () => {
  // Equal mids would send too much to the dear pool: its seller keeps less of the same price.
  it('behaviour: equalises what sellers keep, not the price after the trade', () => {
    const venues = [pool(0.05, 1000), pool(0, 1000)]
    hopSell(venues, 100)
    expect(venues[0].mid() * 0.95).toBeCloseTo(venues[1].mid(), 8)
    const equalMids = [pool(0.05, 1000).quote(50), pool(0, 1000).quote(50)]
    const [best] = [hopQuote([pool(0.05, 1000), pool(0, 1000)], 100)]
    expect(best.proceeds).toBeGreaterThan(equalMids[0].proceeds + equalMids[1].proceeds)
  })

  it('behaviour: a venue whose fee is above the impact stays unused', () => {
    const venues = [pool(0.05, 1000), pool(0, 1000)]
    hopSell(venues, 10)
    expect(venues[0].mid()).toBe(2000)
  })

  it('behaviour: walls together take what they hold, the rest is not taken', () => {
    const venues = [book(0), book(0.01)]
    const total = venues.reduce((sum, venue) => sum + venue.edge().units, 0)
    const fill = hopSell(venues, total + 50)
    expect(fill.units).toBeCloseTo(total, 9)
    expect(hopMid(venues)).toBe(0)
    expect(hopSell(venues, 1)).toEqual({ units: 0, proceeds: 0, extrapolated: false })
  })

  it('behaviour: a venue of infinite depth takes all that others do not pay more for', () => {
    const par = impactCurve({
      ...COMMON,
      name: 'par',
      fee: 0.01,
      shape: 'none',
      coefficient: 0,
      crossover: 0,
      observedUnits: null,
    })
    const venues = [pool(0, 1000), par]
    const fill = hopSell(venues, 1e6)
    expect(fill.units).toBe(1e6)
    expect(venues[0].mid()).toBeCloseTo(1980, 6)
  })

  it('behaviour: purchases go to the cheapest venue of the moment, and never to a one-sided one', () => {
    const venues = [pool(0.003, 1000), book(0), pool(0.0005, 400)]
    const fill = hopSell(venues, -50)
    expect(fill.units).toBe(-50)
    const asks = [0, 2].map((i) => venues[i].mid() / (1 - venues[i].fee))
    expect(Math.abs(asks[0] / asks[1] - 1)).toBeLessThan(0.01)
    const one = [pool(0.003, 1000), pool(0.0005, 400)]
    expect(hopQuote(one, -50).proceeds).toBe(hopSell(one, -50).proceeds)
    expect(hopSell([book(0), book(0.01)], -5)).toEqual({
      units: 0,
      proceeds: 0,
      extrapolated: false,
    })
  })
})

describe('parallelCurve', () => {
  const make = (): Venue[] => [pool(0.003, 1000), curve(0.01, 5e-4), book(0.001)]
  const composite = parallelCurve(make())
  const outside = fc.double({ min: 1000, max: 2500, noNaN: true })
  const sold = fc.double({ min: 1e-6, max: 600, noNaN: true })

  it('law: the price never falls with the outside price and never rises with units sold', () => {
    fc.assert(
      fc.property(outside, outside, sold, sold, (x1, x2, q1, q2) => {
        const [low, high] = [Math.min(x1, x2), Math.max(x1, x2)]
        const [few, many] = [Math.min(q1, q2), Math.max(q1, q2)]
        expect(composite.price(low, few)).toBeLessThanOrEqual(composite.price(high, few))
        expect(composite.price(low, many)).toBeLessThanOrEqual(composite.price(low, few))
        expect(composite.price(nextDown(low), few)).toBeLessThanOrEqual(composite.price(low, few))
        expect(composite.price(low, nextUp(few))).toBeLessThanOrEqual(composite.price(low, few))
      }),
      { seed: 5, numRuns: 100 },
    )
  })

  it('law: outside() is the last outside price at which a trigger is passed, to the last bit', () => {
    fc.assert(
      fc.property(outside, sold, (trigger, units) => {
        const edge = composite.outside(trigger, units)
        if (edge === trigger || edge === Number.POSITIVE_INFINITY) return
        expect(composite.price(edge, units)).toBeLessThan(trigger)
        expect(composite.price(nextUp(edge), units)).toBeGreaterThanOrEqual(trigger)
      }),
      { seed: 6, numRuns: 100 },
    )
  })

  it('law: it is the routed venues, in prices at the lowest fee', () => {
    fc.assert(
      fc.property(sold, (units) => {
        const venues = make()
        const proceeds = hopSell(venues, units).proceeds
        expect(Math.abs(composite.price(2000, units) / hopMid(venues) - 1)).toBeLessThan(1e-10)
        const own = composite.proceeds(2000, 0, units) * (1 - hopFee(venues))
        expect(Math.abs(own - proceeds)).toBeLessThanOrEqual(1e-9 * proceeds)
        const half = composite.proceeds(2000, units / 2, units / 2)
        const parts = composite.proceeds(2000, 0, units / 2) + half
        expect(Math.abs(parts * (1 - hopFee(venues)) - proceeds)).toBeLessThanOrEqual(
          1e-9 * proceeds,
        )
      }),
      { seed: 8, numRuns: 100 },
    )
  })

  it('law: units() is the inverse of the price', () => {
    fc.assert(
      fc.property(sold, fc.double({ min: 0.6, max: 1, noNaN: true }), (units, down) => {
        const price = composite.price(2000, units) * down
        const more = units + composite.units(2000, units, price)
        expect(composite.price(2000, more * (1 - 1e-9))).toBeGreaterThanOrEqual(price * (1 - 1e-12))
        expect(composite.price(2000, more * (1 + 1e-9))).toBeLessThanOrEqual(price * (1 + 1e-12))
      }),
      { seed: 9, numRuns: 100 },
    )
  })
})
