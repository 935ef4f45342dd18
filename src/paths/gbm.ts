/** Geometric Brownian motion. */

import { YEAR_SECONDS } from '../moment.ts'
import type { CourseSpec } from '../scenario.ts'
import { type Course, factorOf, type Grid } from './course.ts'
import { checkDiffusion } from './terms.ts'

export type GbmSpec = Omit<Extract<CourseSpec, { kind: 'gbm' }>, 'kind'>

/**
 * Independent normal log returns of constant volatility.
 *
 * Rule:    log return of a block = (drift - volatility^2 / 2) dt + volatility sqrt(dt) z, which is
 *          exact at the blocks whatever their length. The mean factor is e^(drift t).
 * Units:   drift and volatility per year of 365 days.
 * Source:  P. Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 3.2.1.
 * Assumes: no jumps and no clusters of volatility; both make crashes deeper and likelier.
 * Throws:  InputError FB2424, FB2429
 */
export function gbm(spec: GbmSpec, grid: Grid, place: string): Course {
  checkDiffusion(spec, place)
  const years = grid.blockSeconds / YEAR_SECONDS
  const trend = (spec.drift - (spec.volatility * spec.volatility) / 2) * years
  const spread = spec.volatility * Math.sqrt(years)
  return {
    clockSeconds: grid.blockSeconds,
    multiply(noise, draw, out) {
      let level = 0
      for (let block = 1; block <= grid.blocks; block++) {
        level += trend + spread * noise.normal(block, draw)
        out[block] *= factorOf(level, place)
      }
    },
  }
}
