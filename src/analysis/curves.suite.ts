/** Random path-independent curves of every venue kind, around a price of 100. Shared by tests. */

import type { Random } from '../math/random.ts'
import type { VenueCommon } from '../scenario.ts'
import type { Curve, Venue } from '../venue.ts'
import { concentrated } from '../venues/concentrated.ts'
import { constantProduct } from '../venues/constantProduct.ts'
import { impactCurve } from '../venues/impactCurve.ts'
import { orderBook } from '../venues/orderBook.ts'
import { quoteLadder } from '../venues/quoteLadder.ts'
import { stableSwap } from '../venues/stableSwap.ts'

/** One name per curve family. */
export const curveKinds = [
  'linear',
  'exponential',
  'squareRoot',
  'constantProduct arbitrage',
  'constantProduct cash',
  'orderBook absolute',
  'orderBook relative',
  'concentrated',
  'stableSwap',
  'quoteLadder',
] as const

export type CurveKind = (typeof curveKinds)[number]

/** A random curve of one kind; the same random source gives the same curve. */
export function curveOf(kind: CurveKind, random: Random): Curve {
  return venueOf(kind, random).curve as Curve
}

/** A random venue of one kind, opening at 100. */
export function venueOf(kind: CurveKind, random: Random): Venue {
  const u = (stream: number) => random.uniform(0, stream)
  const beyond = (['wall', 'linear', 'sqrt'] as const)[Math.floor(u(9) * 3)]
  const common: VenueCommon = {
    name: kind,
    base: 1,
    quoteAsset: 0,
    outside: 100,
    fee: 0,
    asOf: null,
    beyond,
  }
  const depth = 20 + 400 * u(0)
  switch (kind) {
    case 'linear':
    case 'exponential':
    case 'squareRoot':
      return impact(kind, common, depth, u(1) < 0.5 ? depth * u(2) : null)
    case 'constantProduct arbitrage':
    case 'constantProduct cash': {
      const reprice = kind === 'constantProduct cash' ? 'cash' : 'arbitrage'
      return constantProduct({ ...common, reserve: depth * 8, keepsFee: false, reprice })
    }
    case 'orderBook absolute':
    case 'orderBook relative':
      return book(kind === 'orderBook absolute' ? 'absolute' : 'relative', common, random)
    case 'concentrated':
      return ranges(common, random)
    case 'stableSwap': {
      const amplification = 1 + 60 * u(1)
      const baseBalance = depth * 6
      const quoteBalance = depth * 600 * (0.5 + u(2))
      return stableSwap({ ...common, amplification, baseBalance, quoteBalance })
    }
    case 'quoteLadder':
      return quotes(common, random, depth)
  }
}

function impact(
  shape: 'linear' | 'exponential' | 'squareRoot',
  common: VenueCommon,
  depth: number,
  observedUnits: number | null,
): Venue {
  const coefficient = {
    linear: 40 / depth,
    exponential: 0.5 / depth,
    squareRoot: 0.5 / Math.sqrt(depth),
  }
  const crossover = shape === 'squareRoot' ? depth / 50 : 0
  return impactCurve({
    ...common,
    shape,
    coefficient: coefficient[shape],
    crossover,
    observedUnits,
  })
}

function book(levels: 'absolute' | 'relative', common: VenueCommon, random: Random): Venue {
  const n = 2 + Math.floor(random.uniform(2, 0) * 12)
  const price: number[] = []
  const size: number[] = []
  let at = 100
  for (let k = 0; k < n; k++) {
    at -= 0.05 + 6 * random.uniform(3 + k, 0)
    if (at <= 1) break
    price.push(at)
    size.push(0.5 + 60 * random.uniform(3 + k, 1))
  }
  return orderBook({ ...common, levels, price, size })
}

function ranges(common: VenueCommon, random: Random): Venue {
  const n = 2 + Math.floor(random.uniform(2, 0) * 6)
  const bound = [40 + 20 * random.uniform(2, 1)]
  const liquidity: number[] = []
  for (let k = 0; k < n; k++) {
    bound.push(bound[k] + 2 + 20 * random.uniform(3 + k, 0))
    const empty = bound[k + 1] < 100 && random.uniform(3 + k, 2) < 0.2
    liquidity.push(empty ? 0 : 50 + 4000 * random.uniform(3 + k, 1))
  }
  bound.push(Math.max(130, bound[n] + 1))
  liquidity.push(500)
  return concentrated({ ...common, bound, liquidity })
}

function quotes(common: VenueCommon, random: Random, depth: number): Venue {
  const amountIn = Array.from({ length: 12 }, (_, k) => depth * (0.001 + (k * k) / 60))
  const amountOut = amountIn.map((units, k) => {
    const noise = 1 + 0.002 * (random.uniform(20 + k, 0) - 0.5)
    return (units * 100 * noise) / (1 + (0.3 * units) / depth)
  })
  return quoteLadder({ ...common, amountIn, amountOut })
}
