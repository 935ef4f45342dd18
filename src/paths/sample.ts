/** The courses of a run in time, drawn for one path. */

import { assert, InputError } from '../errors.ts'
import { exp } from '../math/exponential.ts'
import type { Random } from '../math/random.ts'
import type { CourseSpec, TimeSpec } from '../scenario.ts'
import { bootstrap } from './bootstrap.ts'
import { correlationFactor } from './correlation.ts'
import { type Course, DRAWS_PER_COURSE, type Grid, type Noise } from './course.ts'
import { garch } from './garch.ts'
import { gbm } from './gbm.ts'
import { jumpDiffusion } from './jumpDiffusion.ts'
import { ramp } from './ramp.ts'
import { randomOf, steered } from './sampling.ts'
import { step } from './step.ts'
import { waypoints } from './waypoints.ts'

/** Streams of the courses: the price of asset a has PRICE_STREAM + a. Below 256 all are free. */
export const GAS_STREAM = 256
export const DEPTH_STREAM = 257
const SAMPLE_STREAM = 258
export const PRICE_STREAM = 512

/** Factors on the opening values, at the opening and after each block. */
export interface Paths {
  /** (blocks + 1) x assets, row-major by block. */
  readonly price: Float64Array
  /** blocks + 1. */
  readonly gas: Float64Array
  /** blocks + 1. */
  readonly depth: Float64Array
}

/** The checked courses of a run, ready to be drawn for any number of paths. */
export interface PathSampler {
  /** Overwrites `out` with path `path` of the seed. */
  sample(seed: number, path: number, out: Paths): void
}

/** Room for the paths of a run over `assets` assets. */
export function pathsFor(time: TimeSpec, assets: number): Paths {
  const rows = time.blocks + 1
  return {
    price: new Float64Array(rows * assets),
    gas: new Float64Array(rows),
    depth: new Float64Array(rows),
  }
}

/** Draws path `time.path` of the seed. For many paths make one `pathSampler`. */
export function samplePaths(time: TimeSpec, seed: number, assets: number, out: Paths): void {
  pathSampler(time, assets).sample(seed, time.path, out)
}

/**
 * Checks the courses of a run once, for many paths.
 *
 * Rule:       the normals of the price courses, not their jumps, are mixed by the Cholesky factor
 *             of `time.correlation`, in the order of `time.prices`. In each price the first course
 *             that draws normals takes part; further ones stay independent. An asset without
 *             courses keeps its opening price.
 * Shape:      a number depends on (seed, path, block, stream, draw) alone: another asset, gas or
 *             depth course changes no path of the rest, nor does a row added at the end of the
 *             correlation. GARCH and bootstrap count their own steps in place of blocks.
 *             Of a sampling the sources that are steered are those that draw a normal a block.
 * Simplifies: prices can be correlated only if their normals come at the same times, so a GARCH
 *             needs steps as long as those of its partners; a bootstrap is always independent.
 * Throws:     InputError FB2421 to FB2429, FB2431 to FB2433
 */
export function pathSampler(time: TimeSpec, assets: number): PathSampler {
  const grid = { blocks: time.blocks, blockSeconds: time.chain.blockSeconds }
  const prices = time.prices.map(({ asset, courses }, i): Price => {
    assert(asset >= 0 && asset < assets, 'a price course names an asset that is not there')
    checkOnce(time, i)
    return priceFrom(asset, coursesFrom(courses, grid, `time.prices[${i}].courses`))
  })
  const sources = sourcesFrom(time, prices)
  const { sampling = null } = time
  const steerable = prices.flatMap(({ stream, draw, clockSeconds }) =>
    draw !== null && clockSeconds === grid.blockSeconds ? [{ stream, draw }] : [],
  )
  const gas = coursesFrom(time.gas, grid, 'time.gas')
  const depth = coursesFrom(time.depth, grid, 'time.depth')
  const column = new Float64Array(grid.blocks + 1)
  const deeper = (i: number, by: number) =>
    coursesFrom(
      time.prices[i].courses.map((course) => dropped(course, by)),
      grid,
      'time.prices',
    )
  return {
    sample(seed, path, out) {
      const plain = randomOf(sampling, seed, path)
      const random = steered(plain, sampling, { seed, path, blocks: grid.blocks }, steerable)
      const { depthFactor, dropFactor } = factorsOf(time, plain)
      out.price.fill(1)
      for (let i = 0; i < prices.length; i++) {
        const { asset } = prices[i]
        const courses = dropFactor === 1 ? prices[i].courses : deeper(i, dropFactor)
        fill(courses, mixedNoise(random, prices[i], sources[i]), column)
        for (let block = 0; block < column.length; block++)
          out.price[block * assets + asset] = column[block]
      }
      fill(gas, noiseAt(random, GAS_STREAM), out.gas)
      fill(depth, noiseAt(random, DEPTH_STREAM), out.depth)
      if (depthFactor !== 1)
        for (let block = 1; block < column.length; block++) out.depth[block] *= depthFactor
    },
  }
}

/**
 * What a path has of depth and drops.
 *
 * Rule: e^(s z - s^2 / 2), so that the mean over paths is 1, with a normal z of the path's own.
 */
function factorsOf({ sample }: TimeSpec, random: Random) {
  if (!sample) return { depthFactor: 1, dropFactor: 1 }
  const of = (spread: number, draw: number) =>
    spread === 0 ? 1 : exp(spread * random.normal(0, SAMPLE_STREAM, draw) - (spread * spread) / 2)
  return { depthFactor: of(sample.depth, 0), dropFactor: of(sample.drop, 1) }
}

/** A course with a fall so many times as deep; what is no fall stays. */
function dropped(course: CourseSpec, by: number): CourseSpec {
  if (course.kind !== 'step' && course.kind !== 'ramp') return course
  return { ...course, drop: Math.min(DROP_MOST, course.drop * by) }
}

const DROP_MOST = 0.99

/**
 * Fills `out` with the product of the courses, each with draw numbers of its own.
 *
 * Shape:  `out` has blocks + 1 entries; entry 0 is the opening: 1 unless waypoints say otherwise.
 * Throws: InputError FB2421 to FB2429
 */
export function sampleCourse(
  specs: readonly CourseSpec[],
  grid: Grid,
  noise: Noise,
  out: Float64Array,
): void {
  assert(out.length === grid.blocks + 1, 'a course has one entry more than blocks')
  fill(coursesFrom(specs, grid, 'courses'), noise, out)
}

/** The random numbers of one stream. */
export function noiseAt(random: Random, stream: number): Noise {
  return {
    normal: (block, draw) => random.normal(block, stream, draw),
    uniform: (block, draw) => random.uniform(block, stream, draw),
  }
}

function fill(courses: readonly Course[], noise: Noise, out: Float64Array): void {
  out.fill(1)
  for (let i = 0; i < courses.length; i++) courses[i].multiply(noise, i * DRAWS_PER_COURSE, out)
}

function coursesFrom(specs: readonly CourseSpec[], grid: Grid, place: string): Course[] {
  return specs.map((spec, i) => courseFrom(spec, grid, `${place}[${i}]`))
}

function courseFrom(spec: CourseSpec, grid: Grid, place: string): Course {
  switch (spec.kind) {
    case 'step':
      return step(spec, grid, place)
    case 'ramp':
      return ramp(spec, grid, place)
    case 'waypoints':
      return waypoints(spec, grid, place)
    case 'gbm':
      return gbm(spec, grid, place)
    case 'jumpDiffusion':
      return jumpDiffusion(spec, grid, place)
    case 'garch':
      return garch(spec, grid, place)
    case 'bootstrap':
      return bootstrap(spec, grid, place)
  }
}

interface Price {
  readonly asset: number
  readonly courses: readonly Course[]
  readonly stream: number
  /** Where its normals that may be correlated come from, and how often; null: it has none. */
  readonly draw: number | null
  readonly clockSeconds: number | null
}

function priceFrom(asset: number, courses: readonly Course[]): Price {
  const first = courses.findIndex((course) => course.clockSeconds !== null)
  return {
    asset,
    courses,
    stream: PRICE_STREAM + asset,
    draw: first < 0 ? null : first * DRAWS_PER_COURSE,
    clockSeconds: first < 0 ? null : courses[first].clockSeconds,
  }
}

/** A share of another price's normals. */
interface Source {
  readonly weight: number
  readonly stream: number
  readonly draw: number
}

/** For each price, the normals that its own are mixed from. */
function sourcesFrom(time: TimeSpec, prices: readonly Price[]): Source[][] {
  const { correlation } = time
  if (correlation === null) return prices.map(() => [])
  const factor = correlationFactor(correlation, prices.length, 'time.correlation')
  checkClocks(correlation, prices)
  return factor.map((row) =>
    prices.flatMap(({ stream, draw }, j) =>
      row[j] === 0 || draw === null ? [] : [{ weight: row[j], stream, draw }],
    ),
  )
}

function mixedNoise(random: Random, price: Price, sources: readonly Source[]): Noise {
  const plain = noiseAt(random, price.stream)
  if (sources.length === 0) return plain
  return {
    uniform: plain.uniform,
    normal(block, draw = 0) {
      if (draw !== price.draw) return plain.normal(block, draw)
      let sum = 0
      for (let k = 0; k < sources.length; k++)
        sum += sources[k].weight * random.normal(block, sources[k].stream, sources[k].draw)
      return sum
    },
  }
}

function checkClocks(correlation: readonly (readonly number[])[], prices: readonly Price[]): void {
  for (let i = 0; i < prices.length; i++) {
    for (let j = 0; j < i; j++) {
      const [own, other] = [prices[i].clockSeconds, prices[j].clockSeconds]
      if (correlation[i][j] === 0 || (own !== null && own === other)) continue
      throw new InputError({
        code: 'FB2432',
        place: `time.correlation[${i}][${j}]`,
        rule: 'correlated prices must draw normals at the same times',
        came: `${own ?? 'no'} and ${other ?? 'no'} seconds between them`,
        remedy: 'Give them equal stepSeconds, or steps as long as blocks; or write 0',
      })
    }
  }
}

function checkOnce(time: TimeSpec, i: number): void {
  const { asset } = time.prices[i]
  const first = time.prices.findIndex((price) => price.asset === asset)
  if (first === i) return
  throw new InputError({
    code: 'FB2433',
    place: `time.prices[${i}].asset`,
    rule: 'an asset must have one list of price courses',
    came: `asset ${asset} again, after time.prices[${first}]`,
    remedy: 'Write all its courses in one list; they are multiplied',
  })
}
