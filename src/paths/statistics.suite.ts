/** What the tests of courses share: drawing one, and the moments of a sample. */

import { randomAt } from '../math/random.ts'
import type { CourseSpec } from '../scenario.ts'
import type { Course, Grid, Noise } from './course.ts'
import { noiseAt, PRICE_STREAM, sampleCourse } from './sample.ts'

export function noiseOf(path: number, seed = 1): Noise {
  return noiseAt(randomAt(seed, path), PRICE_STREAM)
}

/** The course alone, on one path. */
export function courseOf(course: Course, grid: Grid, path = 0): Float64Array {
  const out = new Float64Array(grid.blocks + 1).fill(1)
  course.multiply(noiseOf(path), 0, out)
  return out
}

/** What `read` finds on each path of the courses. */
export function overPaths(
  specs: readonly CourseSpec[],
  grid: Grid,
  paths: number,
  read: (course: Float64Array) => number,
): Float64Array {
  const found = new Float64Array(paths)
  const course = new Float64Array(grid.blocks + 1)
  for (let path = 0; path < paths; path++) {
    sampleCourse(specs, grid, noiseOf(path), course)
    found[path] = read(course)
  }
  return found
}

/** log(out[b] / out[b - 1]). */
export function logReturns(out: Float64Array): Float64Array {
  return Float64Array.from({ length: out.length - 1 }, (_, b) => Math.log(out[b + 1] / out[b]))
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length
}

/** The mean power of the distance from the mean. */
export function centralMoment(values: Float64Array, power: number): number {
  const centre = mean(values)
  return mean(values.map((x) => (x - centre) ** power))
}

export function standardError(values: Float64Array): number {
  return Math.sqrt(centralMoment(values, 2) / values.length)
}

/** How many standard errors the mean lies from the truth. */
export function errorsFrom(values: Float64Array, truth: number): number {
  return Math.abs(mean(values) - truth) / standardError(values)
}

export function correlationOf(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  const joint = mean(a.map((x, i) => (x - meanA) * (b[i] - meanB)))
  return joint / Math.sqrt(centralMoment(a, 2) * centralMoment(b, 2))
}

export function autocorrelation(values: Float64Array, lag: number): number {
  return correlationOf(values.subarray(lag), values.subarray(0, values.length - lag))
}
