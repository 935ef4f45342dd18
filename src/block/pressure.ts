/** How fast forced sales come, beside how fast the book refills. */

import type { Market } from '../market.ts'
import { pow } from '../math/exponential.ts'
import type { TimeSpec } from '../scenario.ts'
import type { Stage } from './stage.ts'

/** By asset: what is measured with, and what was sold so far. */
export interface Pressure {
  /** Units that the venues absorb over the first 2 % at the opening; 0 where nothing is sold. */
  readonly absorbed: Float64Array
  /** What is left of a displacement after a block. */
  readonly kept: Float64Array
  /** Units sold, decayed; units that were counted. */
  readonly pressed: Float64Array
  readonly counted: Float64Array
}

const BAND = 0.02

/** Nothing sold yet. Of several venues of an asset the slowest recovery counts. */
export function pressureOf({ formation, chain }: TimeSpec, market: Market): Pressure {
  const column = () => new Float64Array(market.assets.length)
  const pressure = { absorbed: column(), kept: column(), pressed: column(), counted: column() }
  market.hop.forEach((hop, asset) => {
    let slowest = 0
    for (const v of hop) {
      const venue = market.venues[v]
      pressure.absorbed[asset] += venue.capacity(venue.mid() * (1 - BAND))
      slowest = Math.max(slowest, formation.halfLifeSeconds[v])
    }
    pressure.kept[asset] = slowest === 0 ? 0 : pow(2, -chain.blockSeconds / slowest)
  })
  return pressure
}

/** Adds what was sold in this block, and keeps the highest ratio. */
export function notePressure({ pressure, tally }: Stage): void {
  const { absorbed, kept, pressed, counted } = pressure
  for (let a = 0; a < absorbed.length; a++) {
    if (!(absorbed[a] > 0)) continue
    pressed[a] = pressed[a] * kept[a] + tally.sold[a] - counted[a]
    counted[a] = tally.sold[a]
    const ratio = pressed[a] / absorbed[a]
    if (ratio > tally.fragility) tally.fragility = ratio
  }
}
