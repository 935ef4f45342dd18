import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type QuoteLadderSpec, quoteLadder } from './quoteLadder.ts'

const LADDER: QuoteLadderSpec = {
  name: 'ladder',
  base: 1,
  quoteAsset: 0,
  outside: 2000,
  fee: 0,
  asOf: null,
  beyond: 'sqrt',
  amountIn: [],
  amountOut: [],
}

const SIZES = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000]

/** Proceeds of X e^(-cQ). */
const smooth = (units: number): number => (2000 * (1 - Math.exp(-5e-5 * units))) / 5e-5

function venueOf(amountIn: readonly number[], amountOut: readonly number[]) {
  return quoteLadder({ ...LADDER, amountIn, amountOut })
}

describe('quoteLadder', () => {
  it('behaviour: a clean curve comes out as it went in, at the level of its smallest quote', () => {
    const quoted = SIZES.map(smooth)
    const venue = venueOf(SIZES, quoted)
    const level = 2000 / smooth(1)
    SIZES.forEach((units, i) => {
      expect(venue.quote(units).proceeds / (quoted[i] * level)).toBeCloseTo(1, 12)
    })
    // Between quotes the marginal price follows too, as far as nine quotes can say.
    for (const units of [50, 600, 6000]) {
      const copy = venue.copy()
      copy.sell(units)
      expect(copy.mid() / (2000 * Math.exp(-5e-5 * units))).toBeCloseTo(1, 1)
    }
  })

  it('law: neither the order nor a repetition of quotes changes the venue', () => {
    const noisy = SIZES.map((units, i) => smooth(units) * (1 + 0.01 * ((i % 3) - 1)))
    const quotes = SIZES.map((units, i) => [units, noisy[i]] as const)
    const straight = venueOf(SIZES, noisy)
    fc.assert(
      fc.property(fc.shuffledSubarray(quotes, { minLength: quotes.length }), (shuffled) => {
        const venue = venueOf(
          shuffled.map(([units]) => units),
          shuffled.map(([, out]) => out),
        )
        for (const units of [0.5, 17, 999, 5000, 20_000]) {
          expect(venue.quote(units)).toEqual(straight.quote(units))
        }
      }),
      { seed: 11, numRuns: 50 },
    )
  })

  it('law: noise never makes the price rise or the proceeds fall', () => {
    const noise = fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), {
      minLength: SIZES.length,
      maxLength: SIZES.length,
    })
    fc.assert(
      fc.property(noise, (factors) => {
        const venue = venueOf(
          SIZES,
          SIZES.map((units, i) => smooth(units) * factors[i]),
        )
        let [mid, proceeds] = [venue.mid(), 0]
        for (let k = 0; k < 60; k++) {
          const fill = venue.sell(200)
          expect(venue.mid()).toBeLessThanOrEqual(mid)
          expect(fill.proceeds).toBeGreaterThanOrEqual(0)
          mid = venue.mid()
          proceeds += fill.proceeds
        }
        expect(proceeds).toBeLessThanOrEqual(12_000 * 2000)
      }),
      { seed: 12, numRuns: 100 },
    )
  })

  it('behaviour: where no route was found, more units bring no more money', () => {
    const venue = venueOf([1, 10, 100, 1000, 10_000], [2000, 20_000, 195_000, 1_500_000, 400_000])
    const most = venue.quote(10_000).proceeds
    expect(most).toBeCloseTo(1_500_000, 6)
    expect(venue.edge().units).toBe(10_000)
    expect(venue.edge().price).toBe(0)
  })

  it('behaviour: the price starts at the outside price and has no cliffs', () => {
    const venue = venueOf(SIZES, SIZES.map(smooth))
    expect(venue.mid()).toBe(2000)
    let before = venue.mid()
    for (let k = 0; k < 10_000; k++) {
      venue.sell(1)
      expect(before - venue.mid()).toBeLessThan(1)
      before = venue.mid()
    }
  })

  it('behaviour: one quote is a wall at its amount', () => {
    const venue = quoteLadder({ ...LADDER, beyond: 'wall', amountIn: [5], amountOut: [10_000] })
    expect(venue.sell(9)).toEqual({ units: 5, proceeds: 10_000, extrapolated: false })
  })

  it('error: quotes that are none', () => {
    const wrong = (spec: Partial<QuoteLadderSpec>) => () => quoteLadder({ ...LADDER, ...spec })
    expect(wrong({})).toThrow(/FB2115 venues.ladder/)
    expect(wrong({ amountIn: [1], amountOut: [] })).toThrow(/FB2115/)
    expect(wrong({ amountIn: [1, 0], amountOut: [1, 1] })).toThrow(
      /FB2113 venues.ladder.amountIn\[1\]/,
    )
    expect(wrong({ amountIn: [1, 2], amountOut: [1, -1] })).toThrow(/FB2113/)
    expect(wrong({ amountIn: [1, 2], amountOut: [1, 2] })).toThrow(/FB2116 venues.ladder/)
  })
})

const recordings = process.env.FIREBREAK_DATA

describe('quoteLadder on recorded quotes of 2023-11-20', () => {
  // The price drifts by 1.5 % either way over the 17 hours of quotes. The largest misfit is 1.6 %
  // for WETH and 2.8 % for wstETH, there at amounts above 47,000, where the concave majorant lies
  // above the fitted steps.
  it.skipIf(recordings === undefined).each(['WETH', 'wstETH'])(
    'behaviour: stays near every %s quote',
    (asset) => {
      const file = `${recordings}/ready/aave-v2-steth-2023-06-19/quotes.csv`
      const rows = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((row) => row.split(','))
      const quotes = rows.filter(([name]) => name === asset)
      expect(quotes).toHaveLength(340)
      const amountIn = quotes.map((row) => Number(row[2]))
      const amountOut = quotes.map((row) => Number(row[3]))
      const order = amountIn.map((_, i) => i).sort((a, b) => amountIn[a] - amountIn[b])
      const smallest = order.slice(0, 34)
      const par = smallest.reduce((sum, i) => sum + amountOut[i] / amountIn[i], 0) / 34
      const venue = quoteLadder({ ...LADDER, outside: par, amountIn, amountOut })
      const misfit = order.map((i) => venue.quote(amountIn[i]).proceeds / amountOut[i] - 1)
      const mean = misfit.reduce((sum, x) => sum + x, 0) / misfit.length
      expect(Math.max(...misfit.map(Math.abs))).toBeLessThan(0.03)
      expect(Math.abs(mean)).toBeLessThan(0.005)
    },
  )
})
