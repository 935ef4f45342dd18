/** Recorded returns in a new order. */

import { log } from '../math/exponential.ts'
import type { CourseSpec } from '../scenario.ts'
import type { Course, Grid } from './course.ts'
import { walkSteps } from './steps.ts'
import { check, checkStep } from './terms.ts'

export type BootstrapSpec = Omit<Extract<CourseSpec, { kind: 'bootstrap' }>, 'kind'>

/**
 * The stationary bootstrap: runs of consecutive recorded returns, from random places.
 *
 * Rule:    the first step takes a recorded return at random; each later one a new random return
 *          with probability 1 / meanRun, else the recorded successor, the first after the last.
 *          Runs are geometric with mean meanRun. A step's factor is 1 + return, spread evenly in
 *          logarithms over its blocks; where a block holds several steps, they are multiplied.
 * Units:   simple returns of `stepSeconds`, above -1; meanRun in steps, 1 draws them independently.
 * Source:  D. N. Politis, J. P. Romano, The stationary bootstrap, Journal of the American
 *          Statistical Association 89, 1994.
 * Assumes: the record holds every kind of day that may come. No fall of one step is deeper than the
 *          deepest recorded, and dependence longer than a run is lost.
 * Throws:  InputError FB2425, FB2427, FB2428, FB2429
 */
export function bootstrap(spec: BootstrapSpec, grid: Grid, place: string): Course {
  const { stepSeconds, returns, meanRun } = spec
  checkStep(stepSeconds, grid, place)
  checkReturns(returns, place)
  checkRun(meanRun, place)
  return {
    clockSeconds: null,
    multiply(noise, draw, out) {
      let at = 0
      const next = (step: number): number => {
        if (step === 1 || noise.uniform(step, draw) * meanRun < 1)
          at = Math.floor(noise.uniform(step, draw + PLACE_DRAW) * returns.length)
        else at = (at + 1) % returns.length
        return log(1 + returns[at])
      }
      walkSteps(grid, stepSeconds, place, next, out)
    },
  }
}

const PLACE_DRAW = 1

function checkReturns(returns: Float64Array, place: string): void {
  const some = 'Name a file of recorded prices with at least two rows'
  check(returns.length > 0, 'FB2427', `${place}.returns`, 'returns are needed', 'none', some)
  const rule = 'a return must be above -1 and finite'
  const remedy = 'Write a fall by 15 % as -0.15, and remove rows without a price'
  for (let i = 0; i < returns.length; i++) {
    const holds = returns[i] > -1 && returns[i] < Number.POSITIVE_INFINITY
    if (!holds) check(false, 'FB2427', `${place}.returns[${i}]`, rule, returns[i], remedy)
  }
}

function checkRun(meanRun: number, place: string): void {
  const rule = 'the mean length of a run must be 1 step or more, and finite'
  const remedy = 'Choose about as many steps as returns stay dependent'
  const holds = meanRun >= 1 && meanRun < Number.POSITIVE_INFINITY
  check(holds, 'FB2428', `${place}.meanRun`, rule, meanRun, remedy)
}
