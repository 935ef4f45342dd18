/** A drop that takes its time. */

import type { CourseSpec } from '../scenario.ts'
import type { Course, Grid } from './course.ts'
import { check, checkDrop, checkSeconds } from './terms.ts'

export type RampSpec = Omit<Extract<CourseSpec, { kind: 'ramp' }>, 'kind'>

/**
 * A fall by `drop`, straight in the value between two times, which stays.
 *
 * Rule:   1 - drop (t - from) / (to - from), between 1 and 1 - drop.
 * Units:  drop is a fraction of the opening value, a rise where negative.
 * Throws: InputError FB2422, FB2423
 */
export function ramp(spec: RampSpec, grid: Grid, place: string): Course {
  const { drop, fromSeconds, toSeconds } = spec
  checkDrop(drop, place)
  checkSeconds(fromSeconds, `${place}.fromSeconds`)
  checkSeconds(toSeconds, `${place}.toSeconds`)
  const came = `${fromSeconds} to ${toSeconds}`
  const remedy = 'Use a step for a drop that takes no time'
  check(toSeconds > fromSeconds, 'FB2423', place, 'a ramp must end after its start', came, remedy)
  return {
    clockSeconds: null,
    multiply(_noise, _draw, out) {
      for (let block = 1; block <= grid.blocks; block++) {
        const atSeconds = block * grid.blockSeconds
        if (atSeconds >= toSeconds) out[block] *= 1 - drop
        else if (atSeconds > fromSeconds)
          out[block] *= 1 - drop * ((atSeconds - fromSeconds) / (toSeconds - fromSeconds))
      }
    },
  }
}
