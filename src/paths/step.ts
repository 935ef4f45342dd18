/** A sudden drop. */

import type { CourseSpec } from '../scenario.ts'
import type { Course, Grid } from './course.ts'
import { checkDrop, checkSeconds } from './terms.ts'

export type StepSpec = Omit<Extract<CourseSpec, { kind: 'step' }>, 'kind'>

/**
 * A fall by `drop` at once, which stays.
 *
 * Rule:   1 before `atSeconds`, 1 - drop from there on. The opening stays 1: a drop at second 0
 *         stands in the first block.
 * Units:  drop is a fraction of the opening value, a rise where negative.
 * Throws: InputError FB2422, FB2423
 */
export function step(spec: StepSpec, grid: Grid, place: string): Course {
  checkDrop(spec.drop, place)
  checkSeconds(spec.atSeconds, `${place}.atSeconds`)
  return {
    clockSeconds: null,
    multiply(_noise, _draw, out) {
      for (let block = 1; block <= grid.blocks; block++) {
        if (block * grid.blockSeconds >= spec.atSeconds) out[block] *= 1 - spec.drop
      }
    },
  }
}
