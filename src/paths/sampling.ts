/** How the paths of many runs are spread: mirrored, in strata, or evenly. */

import { HALTON_DIMENSIONS, halton } from '../math/halton.ts'
import { normalQuantile } from '../math/normal.ts'
import { type Random, randomAt } from '../math/random.ts'

/**
 * How paths are drawn, in batches that are independent of each other. Within a batch they are not.
 *
 * Rule: `antithetic`: the second of two paths has every uniform u of the first as 1 - u.
 *       `stratified`: the sum of the normals of the first random price falls into another of
 *       `batch` equal strata in each path. `quasi`: those of all random prices, up to eight, are
 *       points of a Halton sequence, shifted at random for each batch.
 */
export interface Sampling {
  readonly kind: 'antithetic' | 'stratified' | 'quasi'
  /** Paths of a batch; 2 where they are mirrored. */
  readonly batch: number
}

/** The random numbers of a path. */
export function randomOf(sampling: Sampling | null, seed: number, path: number): Random {
  if (sampling?.kind !== 'antithetic') return randomAt(seed, path)
  const random = randomAt(seed, (path - (path % 2)) / 2)
  return path % 2 === 0 ? random : mirrored(random)
}

function mirrored({ uniform }: Random): Random {
  const other: Random['uniform'] = (block, stream, draw) => 1 - uniform(block, stream, draw)
  return {
    uniform: other,
    normal: (block, stream, draw) => normalQuantile(other(block, stream, draw)),
  }
}

/** One source of normals: a stream and a draw of every block. */
export interface Source {
  readonly stream: number
  readonly draw: number
}

/**
 * Random numbers whose normals add up to what the sampling says; others stay as they are.
 *
 * Rule:   with S the sum of n normals / sqrt(n) and Z the number wanted, each normal is moved by
 *         (Z - S) / sqrt(n): they are then distributed as normals are that come to Z.
 * Shape:  normals are those of blocks 1 to `blocks`.
 * Source: P. Glasserman, Monte Carlo Methods in Financial Engineering, 2003, sections 4.3
 *         (stratified terminal values) and 5.4 (random shifts).
 */
export function steered(
  random: Random,
  sampling: Sampling | null,
  place: { readonly seed: number; readonly path: number; readonly blocks: number },
  sources: readonly Source[],
): Random {
  if (sampling === null || sampling.kind === 'antithetic') return random
  const { blocks } = place
  const most = sampling.kind === 'stratified' ? 1 : HALTON_DIMENSIONS
  const shifts = sources.slice(0, most).map(({ stream, draw }, d) => {
    let sum = 0
    for (let block = 1; block <= blocks; block++) sum += random.normal(block, stream, draw)
    const wanted = normalQuantile(uniformOf(sampling, place.seed, place.path, d))
    return { stream, draw, by: (wanted - sum / Math.sqrt(blocks)) / Math.sqrt(blocks) }
  })
  return {
    uniform: random.uniform,
    normal(block, stream, draw = 0) {
      const plain = random.normal(block, stream, draw)
      for (const shift of shifts)
        if (shift.stream === stream && shift.draw === draw) return plain + shift.by
      return plain
    },
  }
}

function uniformOf({ kind, batch }: Sampling, seed: number, path: number, d: number): number {
  const at = path % batch
  if (kind === 'stratified') return (at + randomAt(seed, path).uniform(0, STREAM)) / batch
  const whole = randomAt(seed, (path - at) / batch).uniform(1 + d, STREAM)
  const point = (halton(at + 1, d) + whole) % 1
  return Math.min(1 - EDGE, Math.max(EDGE, point))
}

/** Below those of prices, and not that of gas or depth. */
const STREAM = 300
const EDGE = 1e-15
