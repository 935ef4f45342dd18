/** Courses that move in steps of their own length, laid over the blocks of a run. */

import { factorOf, type Grid } from './course.ts'

/**
 * Multiplies into `out` the course whose log returns per step `next` gives.
 *
 * Rule:       step k ends k x stepSeconds after the opening. The logarithm is straight in time
 *             inside a step: its return is spread evenly over its blocks; where a block holds
 *             several steps they add up, and a step cut by a block's end gives its share.
 * Shape:      `next` is called once per step, k = 1, 2, ..., in order.
 * Simplifies: the roughness inside a step.
 */
export function walkSteps(
  grid: Grid,
  stepSeconds: number,
  place: string,
  next: (step: number) => number,
  out: Float64Array,
): void {
  let step = 0
  let before = 0
  let growth = 0
  for (let block = 1; block <= grid.blocks; block++) {
    const atSeconds = block * grid.blockSeconds
    while (step * stepSeconds < atSeconds) {
      before += growth
      step += 1
      growth = next(step)
    }
    const isWhole = atSeconds >= step * stepSeconds
    const share = isWhole ? 1 : (atSeconds - (step - 1) * stepSeconds) / stepSeconds
    out[block] *= factorOf(before + growth * share, place)
  }
}
