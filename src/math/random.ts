/** Random numbers by place, not by turn: the same place always gives the same number. */

import { assert } from '../errors.ts'
import { normalQuantile } from './normal.ts'

/** The numbers of one path. A number is found by block, stream and draw, in any order. */
export interface Random {
  /** Uniform in (0, 1), never 0 or 1, and 1 - u is exact. */
  uniform(block: number, stream: number, draw?: number): number
  /** Standard normal; rises with `uniform` of the same place. */
  normal(block: number, stream: number, draw?: number): number
}

/**
 * The random numbers of path `path` under `seed`.
 *
 * Rule:   key = (seed, path), counter = (block, stream 2^16 + draw); of the two words a, b that
 *         come out, u = ((a >>> 6) 2^26 + (b >>> 6) + 1/2) / 2^52. The normal is normalQuantile(u):
 *         one counter, one number, and it rises with u, so paired runs stay paired.
 * Units:  seed, path and block are whole numbers below 2^32, stream and draw below 2^16.
 * Throws: AssertionError outside these ranges.
 */
export function randomAt(seed: number, path: number): Random {
  assert(isWord(seed), 'seed must be a whole number below 2^32')
  assert(isWord(path), 'path must be a whole number below 2^32')
  const words = new Uint32Array(2)
  function uniform(block: number, stream: number, draw = 0): number {
    assert(isWord(block), 'block must be a whole number below 2^32')
    assert(isHalf(stream), 'stream must be a whole number below 2^16')
    assert(isHalf(draw), 'draw must be a whole number below 2^16')
    threefry(seed, path, block, stream * 65536 + draw, words)
    return ((words[0] >>> 6) * 67108864 + (words[1] >>> 6) + 0.5) / 4503599627370496
  }
  return { uniform, normal: (block, stream, draw) => normalQuantile(uniform(block, stream, draw)) }
}

function isWord(n: number): boolean {
  return n >>> 0 === n
}

function isHalf(n: number): boolean {
  return (n & 0xffff) === n
}

/**
 * Threefry-2x32 with 20 rounds: turns a counter into two random words under a key.
 *
 * Shape:  the key and the counter are two 32-bit words each; the answer is left in `out`.
 * Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as
 *         1, 2, 3, SC 2011.
 */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  // Written out: a loop over the five groups takes twice as long.
  const k0 = key0 | 0
  const k1 = key1 | 0
  const k2 = PARITY ^ k0 ^ k1
  let a = (counter0 + k0) | 0
  let b = (counter1 + k1) | 0
  a = (a + b) | 0
  b = rotate(b, 13) ^ a
  a = (a + b) | 0
  b = rotate(b, 15) ^ a
  a = (a + b) | 0
  b = rotate(b, 26) ^ a
  a = (a + b) | 0
  b = rotate(b, 6) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 1) | 0
  a = (a + b) | 0
  b = rotate(b, 17) ^ a
  a = (a + b) | 0
  b = rotate(b, 29) ^ a
  a = (a + b) | 0
  b = rotate(b, 16) ^ a
  a = (a + b) | 0
  b = rotate(b, 24) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 2) | 0
  a = (a + b) | 0
  b = rotate(b, 13) ^ a
  a = (a + b) | 0
  b = rotate(b, 15) ^ a
  a = (a + b) | 0
  b = rotate(b, 26) ^ a
  a = (a + b) | 0
  b = rotate(b, 6) ^ a
  a = (a + k0) | 0
  b = (b + k1 + 3) | 0
  a = (a + b) | 0
  b = rotate(b, 17) ^ a
  a = (a + b) | 0
  b = rotate(b, 29) ^ a
  a = (a + b) | 0
  b = rotate(b, 16) ^ a
  a = (a + b) | 0
  b = rotate(b, 24) ^ a
  a = (a + k1) | 0
  b = (b + k2 + 4) | 0
  a = (a + b) | 0
  b = rotate(b, 13) ^ a
  a = (a + b) | 0
  b = rotate(b, 15) ^ a
  a = (a + b) | 0
  b = rotate(b, 26) ^ a
  a = (a + b) | 0
  b = rotate(b, 6) ^ a
  a = (a + k2) | 0
  b = (b + k0 + 5) | 0
  out[0] = a
  out[1] = b
}

const PARITY = 0x1bd11bda

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
