/** Geometric Brownian motion with jumps. */

import { exp } from '../math/exponential.ts'
import { YEAR_SECONDS } from '../moment.ts'
import type { CourseSpec } from '../scenario.ts'
import { type Course, factorOf, type Grid } from './course.ts'
import { check, checkDiffusion, checkSpread } from './terms.ts'

export type JumpDiffusionSpec = Omit<Extract<CourseSpec, { kind: 'jumpDiffusion' }>, 'kind'>

/**
 * Merton's jump diffusion.
 *
 * Rule:    log return of a block = (drift - volatility^2 / 2) dt + volatility sqrt(dt) z + jumps.
 *          The number of jumps n is Poisson(jumpsPerYear dt), found by inversion; the logarithm of
 *          each jump's factor is normal(jumpMean, jumpDeviation), so n of them add up to
 *          n jumpMean + sqrt(n) jumpDeviation z', drawn at once. The compensator of the jumps is
 *          not subtracted: drift is that of the diffusion alone, and the mean factor is
 *          e^((drift + jumpsPerYear (e^(jumpMean + jumpDeviation^2 / 2) - 1)) t).
 * Units:   drift, volatility and jumps per year of 365 days.
 * Source:  R. C. Merton, Option pricing when underlying stock returns are discontinuous, Journal of
 *          Financial Economics 3, 1976; P. Glasserman, Monte Carlo Methods in Financial
 *          Engineering, 2003, section 3.5.1.
 * Assumes: jumps come independently of each other and of the diffusion; real ones cluster.
 * Throws:  InputError FB2424, FB2429
 */
export function jumpDiffusion(spec: JumpDiffusionSpec, grid: Grid, place: string): Course {
  const years = grid.blockSeconds / YEAR_SECONDS
  const jumps = spec.jumpsPerYear * years
  checkJumps(spec, jumps, place)
  const trend = (spec.drift - (spec.volatility * spec.volatility) / 2) * years
  const spread = spec.volatility * Math.sqrt(years)
  const none = exp(-jumps)
  return {
    clockSeconds: grid.blockSeconds,
    multiply(noise, draw, out) {
      let level = 0
      for (let block = 1; block <= grid.blocks; block++) {
        level += trend + spread * noise.normal(block, draw)
        const count = poisson(noise.uniform(block, draw + COUNT_DRAW), jumps, none)
        if (count > 0) {
          const z = noise.normal(block, draw + SIZE_DRAW)
          level += count * spec.jumpMean + Math.sqrt(count) * spec.jumpDeviation * z
        }
        out[block] *= factorOf(level, place)
      }
    },
  }
}

const COUNT_DRAW = 1
const SIZE_DRAW = 2

// With more jumps per block than this they are a diffusion, and inversion is slow.
const MEAN_MAX = 100
// A Poisson number of that mean passes this with probability below 1e-50.
const JUMPS_MAX = 300

/** The least n with P(N <= n) >= u; `none` is P(N = 0) = e^-mean. */
function poisson(u: number, mean: number, none: number): number {
  let count = 0
  let chance = none
  let below = none
  while (u > below && count < JUMPS_MAX) {
    count += 1
    chance *= mean / count
    below += chance
  }
  return count
}

function checkJumps(spec: JumpDiffusionSpec, perBlock: number, place: string): void {
  checkDiffusion(spec, place)
  checkSpread(spec.jumpsPerYear, `${place}.jumpsPerYear`, 'a rate of jumps')
  checkSpread(spec.jumpDeviation, `${place}.jumpDeviation`, 'a deviation of jumps')
  check(
    Number.isFinite(spec.jumpMean),
    'FB2424',
    `${place}.jumpMean`,
    'a mean of jumps must be finite',
    spec.jumpMean,
    'Write the logarithm of the factor: a fall by 10 % is -0.105',
  )
  check(
    perBlock <= MEAN_MAX,
    'FB2424',
    `${place}.jumpsPerYear`,
    `a block must hold at most ${MEAN_MAX} jumps in the mean`,
    `${perBlock} per block`,
    'Lower the rate, or put frequent small jumps into the volatility',
  )
}
