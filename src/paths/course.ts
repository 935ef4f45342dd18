/** One number over time, as a factor on its opening value. */

import { InputError } from '../errors.ts'
import { exp } from '../math/exponential.ts'

/** The blocks of a run: entry b of a course stands at b x blockSeconds after the opening. */
export interface Grid {
  readonly blocks: number
  readonly blockSeconds: number
}

/** Random numbers of one seed, path and stream; the same place always gives the same number. */
export interface Noise {
  /** Standard normal. */
  normal(block: number, draw?: number): number
  /** Uniform in (0, 1). */
  uniform(block: number, draw?: number): number
}

/** A model of how a number runs, on one grid. It keeps nothing between two paths. */
export interface Course {
  /** Seconds from one of its correlatable normals to the next; null: it draws none. */
  readonly clockSeconds: number | null
  /**
   * Multiplies the course into `out`, blocks + 1 entries. Takes its numbers from the draws `draw`
   * to `draw` + DRAWS_PER_COURSE - 1; the normals that may be correlated come from `draw` itself.
   */
  multiply(noise: Noise, draw: number, out: Float64Array): void
}

/** Draw numbers set aside for each course, so that two of them never share a number. */
export const DRAWS_PER_COURSE = 4

/**
 * Returns e^level, the factor whose logarithm is `level`.
 *
 * Throws: InputError FB2429 past 10^100 on either side, so that a course is never 0 or infinite.
 */
export function factorOf(level: number, place: string): number {
  if (Math.abs(level) <= LEVEL_MAX) return exp(level)
  throw new InputError({
    code: 'FB2429',
    place,
    rule: 'a course must stay within a factor of 10^100',
    came: `a logarithm of ${level}`,
    remedy: 'Lower its volatility, its drift or its jumps; a GARCH with alpha + beta > 1 explodes',
  })
}

// 100 log 10, cut: three such courses multiplied still fit into a double.
const LEVEL_MAX = 230.25
