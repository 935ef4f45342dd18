/** Volatility that clusters. */

import type { CourseSpec } from '../scenario.ts'
import type { Course, Grid } from './course.ts'
import { walkSteps } from './steps.ts'
import { check, checkStep, isAmount } from './terms.ts'

export type GarchSpec = Omit<Extract<CourseSpec, { kind: 'garch' }>, 'kind'>

/**
 * GARCH(1,1) with normal innovations.
 *
 * Rule:       log return of step k: e = sqrt(h_k) z; h_(k+1) = omega + alpha e^2 + beta h_k, from
 *             h_1 = opening. Inside a step the return is spread evenly; where blocks are longer
 *             than steps, their steps add up.
 * Units:      omega and opening are variances of a log return of `stepSeconds`.
 * Source:     T. Bollerslev, Generalized autoregressive conditional heteroskedasticity, Journal of
 *             Econometrics 31, 1986.
 * Simplifies: the mean log return is 0, so the median factor stays 1 and the mean one rises.
 *             Standardised returns of crypto assets have fatter tails than a normal.
 * Assumes:    falls raise volatility no more than rises of the same size do. alpha + beta of 1 or
 *             more is allowed: variance then has no mean to return to.
 * Throws:     InputError FB2425, FB2426, FB2429
 */
export function garch(spec: GarchSpec, grid: Grid, place: string): Course {
  const { stepSeconds, omega, alpha, beta, opening } = spec
  checkStep(stepSeconds, grid, place)
  checkVariances(spec, place)
  return {
    clockSeconds: stepSeconds,
    multiply(noise, draw, out) {
      let variance = opening
      const next = (step: number): number => {
        const growth = Math.sqrt(variance) * noise.normal(step, draw)
        variance = omega + alpha * growth * growth + beta * variance
        return growth
      }
      walkSteps(grid, stepSeconds, place, next, out)
    },
  }
}

function checkVariances(spec: GarchSpec, place: string): void {
  for (const name of ['omega', 'alpha', 'beta', 'opening'] as const) {
    const rule = 'a GARCH parameter must be 0 or more and finite'
    const remedy = 'Fit it again with this bound; a negative one gives negative variances'
    check(isAmount(spec[name]), 'FB2426', `${place}.${name}`, rule, spec[name], remedy)
  }
}
