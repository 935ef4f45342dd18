import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMON, impact, lasting, near, PRICES, pool, setUp } from './formation.suite.ts'
import { type Formation, inferOutside } from './formation.ts'
import type { Market } from './market.ts'
import type { FormationSpec } from './scenario.ts'
import type { Venue } from './venue.ts'
import { impactCurve, orderBook, stableSwap } from './venues/index.ts'

const WITHDRAWAL = {
  halfLifeSeconds: 0,
  calmVolatility: 0.5,
  power: 1,
  floor: 0.1,
  refillSeconds: 24,
} satisfies FormationSpec['withdrawal']

/** Sells each account whole in the block in which the price is read below its trigger. */
function cascade(accounts: readonly (readonly [trigger: number, units: number])[]) {
  const spec = { halfLifeSeconds: [12], permanentShare: [0.25] }
  const { market, open } = setUp(spec, impact('exponential', 0.01))
  const soldAt = accounts.map(() => 0)
  let price = 100
  for (let block = 1; block < PRICES.length; block++) {
    price = open(12, PRICES[block])
    accounts.forEach(([trigger, units], k) => {
      if (soldAt[k] > 0 || price >= trigger) return
      soldAt[k] = block
      market.sell(1, units)
    })
  }
  return { soldAt, price }
}

/** The return of one block of 12 seconds at a volatility per year. */
function moveAt(volatility: number): number {
  return Math.exp(volatility * Math.sqrt(12 / 31_536_000))
}

describe('formation over time', () => {
  const accounts = [
    [97, 5],
    [94, 5],
    [91.5, 4],
    [88, 3],
    [87, 6],
  ] as const

  it('behaviour: a cascade whose impact stays by a quarter and halves by the block', () => {
    const { soldAt, price } = cascade(accounts)
    expect(soldAt).toEqual([1, 2, 3, 0, 0])
    near(price, 91.649240609, 1e-11)
  })

  it('behaviour: each generation of sales less ends higher, at the outside price without any', () => {
    const ends = [95, 93.806148905, 92.613733304]
    ends.forEach((end, count) => {
      near(cascade(accounts.slice(0, count)).price, end, 1e-11)
    })
  })

  it('law: without sales every price is the outside price, to the last bit', () => {
    const spec: Partial<FormationSpec> = {
      halfLifeSeconds: [60, 0],
      permanentShare: [0.5, 1],
      arbitrageSeconds: 0,
      withdrawal: WITHDRAWAL,
    }
    const { open, formation, market } = setUp(spec, impact('exponential', 0.01), pool(1000, true))
    for (const price of PRICES) expect(open(12, price, 0.7)).toBe(price)
    expect(formation.permanent(1)).toBe(1)
    expect(market.venues.map((venue) => venue.forced())).toEqual([0, 0])
  })

  it('law: where nothing recovers and nothing is permanent, displacement stays, to the bit', () => {
    const { market, open } = setUp({}, impact('linear', 0.5))
    open(12)
    market.sell(1, 20)
    for (const price of PRICES) expect(open(12, price)).toBe(price - 10)
    expect(market.venues[0].forced()).toBe(20)
  })

  it('law: two steps of time decay as their sum does', () => {
    const seconds = fc.double({ min: 0, max: 1e4, noNaN: true })
    const law = fc.property(seconds, seconds, seconds, (one, other, halfLife) => {
      const left = [[one, other], [one + other]].map((steps) => {
        const { market, open } = setUp({ halfLifeSeconds: [halfLife + 1] }, pool(1000))
        market.sell(1, 80)
        for (const step of steps) open(step)
        return market.venues[0].forced()
      })
      near(left[0], left[1], 1e-11)
    })
    fc.assert(law, { seed: 7, numRuns: 100 })
  })

  it('behaviour: purchases raise the price for good as sales lower it', () => {
    const spec = { halfLifeSeconds: [0], permanentShare: [0.5] }
    const { market, open, formation } = setUp(spec, impact('exponential', 0.01))
    market.sell(1, 10)
    near(open(12), 100 * Math.exp(-0.05))
    market.sell(1, -10)
    near(open(12), 100)
    near(formation.permanent(1), 1)
  })

  // A constant product of 1000 absorbs 1000 (1 / sqrt(0.98) - 1) units over its first 2 %.
  it('behaviour: what is permanent is no displacement any more', () => {
    const { market, open, formation } = setUp({ permanentShare: [0.5] }, pool(1000))
    market.sell(1, 100)
    open(12)
    near(formation.permanent(1), lasting(50, 1000 * (1 / Math.sqrt(0.98) - 1)))
    near(market.venues[0].forced(), 50)
  })

  it('law: permanent impact does not depend on how a sale was sliced, on a book of steps either', () => {
    const book = { price: [99, 97, 90, 80], size: [10, 20, 40, 80], levels: 'relative' as const }
    const of = (slices: number) => {
      const venue = orderBook({ ...COMMON, ...book, beyond: 'linear' })
      const spec = { halfLifeSeconds: [0], permanentShare: [0.5] }
      const { market, open, formation } = setUp(spec, venue)
      for (let k = 0; k < slices; k++) {
        market.sell(1, 12 / slices)
        open(12)
      }
      return formation.permanent(1)
    }
    near(of(1), lasting(6, 10))
    near(of(30), of(1), 1e-9)
  })

  it('behaviour: bids further away than 2 % count where nearer ones are missing', () => {
    const book = { price: [95, 80], size: [4, 3], levels: 'relative' as const }
    const venue = orderBook({ ...COMMON, ...book, beyond: 'wall' })
    const { market, open, formation } = setUp({ permanentShare: [1] }, venue)
    market.sell(1, 2)
    open(12)
    near(formation.permanent(1), 0.92 ** (2 / 4))
  })
})

describe('depth', () => {
  it('law: follows its course alone where makers stay', () => {
    const { market, open, formation } = setUp({}, pool(1000))
    const whole = market.quote(1, 100).proceeds
    for (const depth of [0.5, 2, 0.25]) {
      open(12, 100, depth)
      expect(formation.depth(0)).toBe(depth)
      near(market.quote(1, 100 * depth).proceeds, whole * depth)
    }
  })

  it('law: makers leave at once and come back by half-lives', () => {
    const { open, formation } = setUp({ withdrawal: WITHDRAWAL }, pool(1000))
    const depths: number[] = []
    let price = 100
    for (const volatility of [0.3, -2, 0, 0, 0, 0.25, 1, 50, 0]) {
      price *= moveAt(volatility)
      open(12, price)
      depths.push(formation.depth(0))
    }
    const back = (from: number): number => 1 - (1 - from) * Math.SQRT1_2
    const refilled = [back(0.25), back(back(0.25)), back(back(back(0.25)))]
    const wanted = [1, 0.25, ...refilled, back(refilled[2]), 0.5, 0.1, back(0.1)]
    wanted.forEach((depth, k) => {
      near(depths[k], depth, 1e-9)
    })
  })

  it('law: realised variance is a mean that halves, whatever the length of blocks', () => {
    const withdrawal = { ...WITHDRAWAL, halfLifeSeconds: 60, power: 2, refillSeconds: 0, floor: 0 }
    const { open, formation } = setUp({ withdrawal }, pool(1000))
    const price = 100 * moveAt(3)
    open(12, price)
    const weight = 1 - 2 ** (-12 / 60)
    const variance = 0.25 + (9 - 0.25) * weight
    near(formation.depth(0), 0.25 / variance, 1e-9)
    for (const seconds of [20, 40]) open(seconds, price)
    near(formation.depth(0), 0.25 / (variance / 2), 1e-9)
  })

  it('law: a change of depth moves no price and is no sale', () => {
    const { market, open, formation } = setUp({ permanentShare: [0.5] }, pool(1000))
    market.sell(1, 100)
    const mid = open(12)
    for (const depth of [0.5, 3, 0, 0, 1]) near(open(12, 100, depth), mid)
    near(formation.permanent(1), lasting(50, 1000 * (1 / Math.sqrt(0.98) - 1)))
    near(market.venues[0].forced(), 50)
  })

  it('behaviour: what stands at a depth of 0 recovers all the same', () => {
    const { market, open } = setUp({ halfLifeSeconds: [12] }, impact('linear', 1))
    market.sell(1, 8)
    near(open(12, 100, 0), 96)
    near(open(12, 100, 0), 98)
    expect(market.sell(1, 5).units).toBe(0)
    near(open(12, 100, 1), 99)
  })
})

describe('inferOutside', () => {
  const hops: readonly [string, () => Venue[]][] = [
    ['impact', () => [impact('exponential', 0.01)]],
    ['a pool', () => [pool(300, true, 0.003)]],
    [
      'parallel venues',
      () => [impact('linear', 0.1, 0.001), pool(500), impact('squareRoot', 0.01)],
    ],
    ['a pool of two coins', () => [pairedPool()]],
  ]

  it.each(hops)('law: %s: the next open gives the record', (_, make) => {
    const size = fc.double({ min: -20, max: 60, noNaN: true })
    const law = fc.property(fc.array(size, { maxLength: 6 }), (sales) => {
      const venues = make()
      const spec = {
        halfLifeSeconds: venues.map((_, v) => 10 + 20 * v),
        permanentShare: venues.map(() => 0.25),
        arbitrageSeconds: 6,
      }
      const { market, formation, at } = setUp(spec, ...venues)
      const opening = market.price(1)
      sales.forEach((units, k) => {
        market.venues[k % venues.length].sell(units)
        const record = Float64Array.of(Number.NaN, opening * (1 + Math.sin(k) / 100))
        const outside = Float64Array.of(1, 7)
        const moment = at(12)
        const before = [market.price(1), market.outside(1), formation.permanent(1)]
        inferOutside(formation, market, moment, record, outside)
        expect([market.price(1), market.outside(1), formation.permanent(1)]).toEqual(before)
        formation.open(market, moment, outside, 1)
        near(market.price(1), record[1], 1e-12)
      })
    })
    fc.assert(law, { seed: 11, numRuns: 25 })
  })

  it('behaviour: an asset without a record keeps its price', () => {
    const { market, formation, at } = setUp({}, pool(1000))
    market.sell(1, 50)
    const outside = Float64Array.of(1, 97)
    inferOutside(formation, market, at(12), Float64Array.of(1, Number.NaN), outside)
    expect([...outside]).toEqual([1, 97])
  })

  it('behaviour: where no outside price makes the record, the record stands for it', () => {
    const curve = { shape: 'none' as const, coefficient: 0, crossover: 0, observedUnits: 10 }
    const { market, formation, at } = setUp(
      {},
      impactCurve({ ...COMMON, ...curve, beyond: 'wall' }),
    )
    market.sell(1, 50)
    const outside = Float64Array.of(1, 97)
    inferOutside(formation, market, at(12), Float64Array.of(1, 90), outside)
    expect(outside[1]).toBe(90)
  })

  function pairedPool(): Venue {
    const balances = { amplification: 50, baseBalance: 240, quoteBalance: 180 }
    return stableSwap({ ...COMMON, ...balances, outside: 0.9995, beyond: 'wall' })
  }
})

describe('state', () => {
  const spec: Partial<FormationSpec> = {
    halfLifeSeconds: [60, 30],
    permanentShare: [0.25, 0.5],
    arbitrageSeconds: 20,
    withdrawal: { ...WITHDRAWAL, halfLifeSeconds: 60 },
  }

  it('law: a path after reset equals the path alone, byte for byte', () => {
    const { market, formation, open } = setUp(
      spec,
      impact('exponential', 0.01),
      pool(800, true, 0.003),
    )
    market.sell(1, 30)
    open(12, 98)
    const alone = walk(formation.copy(), market.copy())
    const [other, place] = [formation.copy(), market.copy()]
    walk(other, place)
    other.reset(formation)
    place.reset(market)
    expect(walk(other, place)).toEqual(alone)
    expect(walk(formation, market)).toEqual(alone)
  })

  function walk(formation: Formation, market: Market): number[] {
    return PRICES.flatMap((price, k) => {
      const at = { block: k, seconds: 12, atSeconds: 12 * k, gwei: 0 }
      const outside = Float64Array.of(1, price)
      if (k % 3 === 2) {
        const record = Float64Array.of(Number.NaN, price)
        inferOutside(formation, market, at, record, outside)
      }
      formation.open(market, at, outside, 1 - k / 20)
      market.sell(1, k * 3)
      const units = market.venues.map((venue) => venue.forced())
      return [...units, market.price(1), formation.permanent(1), formation.depth(0)]
    })
  }

  it('error: a setting out of its range', () => {
    const wrong: Partial<FormationSpec>[] = [
      { halfLifeSeconds: [-1] },
      { permanentShare: [1.5] },
      { permanentShare: [Number.NaN] },
      { arbitrageSeconds: -1 },
      { withdrawal: { ...WITHDRAWAL, power: -1 } },
      { withdrawal: { ...WITHDRAWAL, floor: 2 } },
      { withdrawal: { ...WITHDRAWAL, calmVolatility: Number.POSITIVE_INFINITY } },
    ]
    for (const part of wrong) expect(() => setUp(part, pool(1000))).toThrow(/FB2451/)
  })
})
