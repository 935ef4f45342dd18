/** Points that fill a cube evenly. */

/**
 * Coordinate `d` of the n-th point of the Halton sequence, n from 1: the digits of n in the d-th
 * prime, behind the point. Eight coordinates; later ones fill more slowly.
 *
 * Source: J. H. Halton, Numerische Mathematik 2, 1960.
 */
export function halton(n: number, d: number): number {
  const base = PRIMES[d]
  let point = 0
  let part = 1
  for (let rest = n; rest > 0; rest = Math.floor(rest / base)) {
    part /= base
    point += part * (rest % base)
  }
  return point
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19]
/** How many coordinates a point has at most. */
export const HALTON_DIMENSIONS = PRIMES.length
