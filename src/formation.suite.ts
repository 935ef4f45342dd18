/** What the tests of price formation share: a market of one asset, and a clock. */

import { expect } from 'vitest'
import { formationFrom } from './formation.ts'
import { type Market, marketFrom } from './market.ts'
import type { FormationSpec } from './scenario.ts'
import type { Venue } from './venue.ts'
import { constantProduct, impactCurve } from './venues/index.ts'

const STANDING: FormationSpec = {
  halfLifeSeconds: [Number.POSITIVE_INFINITY],
  permanentShare: [0],
  arbitrageSeconds: Number.POSITIVE_INFINITY,
  withdrawal: null,
}
export const COMMON = { name: 'venue', base: 1, quoteAsset: 0, outside: 100, fee: 0, asOf: null }
export const PRICES = [100, 96.5, 96.5, 95.5, 95, 93.5, 94, 92.5, 94, 95]

export function impact(
  shape: 'exponential' | 'linear' | 'squareRoot',
  coefficient: number,
  fee = 0,
): Venue {
  const law = { shape, coefficient, crossover: 1, observedUnits: null }
  return impactCurve({ ...COMMON, ...law, name: `${shape} ${coefficient}`, fee, beyond: 'wall' })
}

export function pool(reserve: number, keepsFee = false, fee = 0): Venue {
  const name = `pool ${reserve}`
  const kind = { reserve, keepsFee, reprice: 'arbitrage' as const }
  return constantProduct({ ...COMMON, ...kind, name, fee, beyond: 'wall' })
}

/** Cash and one asset, sold on these venues. */
export function marketOf(...venues: Venue[]): Market {
  const hop = [[], venues.map((_, v) => v)]
  const outside = [1, venues[0].outside()]
  return marketFrom({ assets: ['USD', 'COIN'], cash: 0, venues, hop, outside })
}

export function setUp(spec: Partial<FormationSpec>, ...venues: Venue[]) {
  const market = marketOf(...venues)
  const given = {
    ...STANDING,
    halfLifeSeconds: venues.map(() => Number.POSITIVE_INFINITY),
    permanentShare: venues.map(() => 0),
    ...spec,
  }
  const formation = formationFrom(given, market)
  let atSeconds = 0
  let block = 0
  const at = (seconds: number) => {
    atSeconds += seconds
    return { block: ++block, seconds, atSeconds, gwei: 0 }
  }
  const open = (seconds: number, price = 100, depth = 1): number => {
    formation.open(market, at(seconds), Float64Array.of(1, price), depth)
    return market.price(1)
  }
  return { market, formation, open, at }
}

/** The permanent factor of so many units where the first 2 % absorb `absorbed`. */
export function lasting(units: number, absorbed: number): number {
  return 0.98 ** (units / absorbed)
}

export function near(found: number, wanted: number, relative = 1e-12): void {
  expect(Math.abs(found - wanted), `${found} against ${wanted}`).toBeLessThanOrEqual(
    relative * Math.abs(wanted),
  )
}
