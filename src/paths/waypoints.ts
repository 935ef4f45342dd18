/** A course through stated points. */

import { exp, log } from '../math/exponential.ts'
import type { CourseSpec } from '../scenario.ts'
import type { Course, Grid } from './course.ts'
import { check } from './terms.ts'

export type WaypointsSpec = Omit<Extract<CourseSpec, { kind: 'waypoints' }>, 'kind'>

/**
 * Goes through every point, and between two as `between` says.
 *
 * Rule:   linear: straight in the factor; log: straight in its logarithm, so equal times give
 *         equal returns; hold: the last point counts until the next. Before the first point the
 *         first factor holds, after the last the last; a point on a block is met exactly.
 * Units:  seconds since the opening, strictly rising; a point may lie before it. Factors on the
 *         opening value, above 0.
 * Shape:  entry 0 is the factor at second 0, which need not be 1.
 * Throws: InputError FB2421, FB2422
 */
export function waypoints(spec: WaypointsSpec, grid: Grid, place: string): Course {
  checkPoints(spec, place)
  const { atSeconds, factor } = spec
  const between = BETWEEN[spec.between]
  return {
    clockSeconds: null,
    multiply(_noise, _draw, out) {
      let next = 0
      for (let block = 0; block <= grid.blocks; block++) {
        const now = block * grid.blockSeconds
        while (next < atSeconds.length && atSeconds[next] <= now) next += 1
        const last = Math.max(0, next - 1)
        const isOutside = next === 0 || next === atSeconds.length || atSeconds[last] === now
        const share = isOutside ? 0 : (now - atSeconds[last]) / (atSeconds[next] - atSeconds[last])
        out[block] *= share === 0 ? factor[last] : between(factor[last], factor[next], share)
      }
    },
  }
}

const BETWEEN = {
  linear: (from: number, to: number, share: number) => from + (to - from) * share,
  log: (from: number, to: number, share: number) => from * exp(log(to / from) * share),
  hold: (from: number) => from,
}

function checkPoints(spec: WaypointsSpec, place: string): void {
  const { atSeconds, factor } = spec
  check(
    atSeconds.length === factor.length && factor.length > 0,
    'FB2421',
    place,
    'waypoints need one factor for each time, and at least one',
    `${atSeconds.length} times and ${factor.length} factors`,
    'Give every point both',
  )
  for (let i = 0; i < factor.length; i++) {
    check(
      Number.isFinite(atSeconds[i]) && (i === 0 || atSeconds[i] > atSeconds[i - 1]),
      'FB2421',
      `${place}.atSeconds[${i}]`,
      'the times of waypoints must be finite and strictly rising',
      i === 0 ? atSeconds[i] : `${atSeconds[i]} after ${atSeconds[i - 1]}`,
      'Sort the points; where two share a time, keep the later value',
    )
    check(
      factor[i] > 0 && factor[i] < Number.POSITIVE_INFINITY,
      'FB2422',
      `${place}.factor[${i}]`,
      'a factor must be positive and finite',
      factor[i],
      'Write a fall by 15 % as 0.85; a price of 0 cannot be traded at',
    )
  }
}
