import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextUp } from '../math/bisect.ts'
import type { Curve } from '../venue.ts'
import { type StableSwapSpec, stableInvariant, stablePrice, stableSwap } from './stableSwap.ts'

const POOL: StableSwapSpec = {
  name: 'pool',
  base: 1,
  quoteAsset: 0,
  outside: stablePrice(200, 10e6, 6e6),
  fee: 0,
  asOf: null,
  beyond: 'wall',
  amplification: 200,
  baseBalance: 10e6,
  quoteBalance: 6e6,
}

function near(found: number, wanted: number, relative: number): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThan(relative)
}

describe('stableSwap', () => {
  // CurveStableSwapNG with balances 10e24 and 6e24, A = 200, selling 1e24 of the first coin.
  it('behaviour: invariant and amount out are those of the contract, before its fee', () => {
    near(stableInvariant(200, 10e6, 6e6), 15_997_347.91627723, 1e-14)
    near(stableSwap(POOL).quote(1e6).proceeds, 996_158.8529632752, 1e-9)
  })

  it('behaviour: the mid is what a tiny sale gets', () => {
    const pool = stableSwap(POOL)
    near(pool.quote(1e-3).proceeds / 1e-3, pool.mid(), 1e-9)
    pool.sell(9e6)
    near(pool.quote(1e-3).proceeds / 1e-3, pool.mid(), 1e-9)
  })

  it('behaviour: after a sale the balances still satisfy the invariant', () => {
    const fill = stableSwap(POOL).quote(5e6)
    near(stableInvariant(200, 15e6, 6e6 - fill.proceeds), stableInvariant(200, 10e6, 6e6), 1e-12)
  })

  it('behaviour: near balance it is almost flat, drained it is steep', () => {
    const balanced = stableSwap({ ...POOL, quoteBalance: 10e6, outside: 1 })
    near(balanced.quote(1e5).proceeds, 1e5, 1e-4)
    balanced.sell(10e6)
    expect(balanced.mid()).toBeLessThan(0.8)
  })

  it('behaviour: it cannot pay out more than it holds', () => {
    const pool = stableSwap(POOL)
    expect(pool.quote(1e12).proceeds).toBeLessThan(6e6)
    expect(pool.quote(1e12).proceeds).toBeGreaterThan(5.9e6)
    expect(pool.quote(-1e12).units).toBeGreaterThan(-10e6)
  })

  // A direct formula for -dy/dx fails this on most neighbouring doubles: the curve is nearly
  // straight.
  it('law: the price never rises between neighbouring amounts, nor falls between neighbouring prices', () => {
    const curve = stableSwap({ ...POOL, quoteBalance: 10e6, outside: 1 }).curve as Curve
    const sold = fc.double({ min: 0, max: 2e7, noNaN: true })
    const outside = fc.double({ min: 0.7, max: 1.2, noNaN: true })
    fc.assert(
      fc.property(sold, outside, (units, price) => {
        let [more, higher] = [units, price]
        const at = curve.price(price, units)
        for (let k = 0; k < 8; k++) {
          more = nextUp(more)
          higher = nextUp(higher)
          expect(curve.price(price, more)).toBeLessThanOrEqual(at)
          expect(curve.price(higher, units)).toBeGreaterThanOrEqual(at)
        }
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('error: parameters that make no pool', () => {
    expect(() => stableSwap({ ...POOL, baseBalance: 0 })).toThrow(/FB2113 venues.pool.baseBalance/)
    expect(() => stableSwap({ ...POOL, quoteBalance: -1 })).toThrow(/FB2113/)
    expect(() => stableSwap({ ...POOL, amplification: 0.5 })).toThrow(/FB2117 venues.pool.ampl/)
  })
})
