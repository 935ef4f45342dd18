/** Neighbouring doubles, and the double at which a test turns. */

import { assert } from '../errors.ts'

/** A double has 64 bits, and every step settles one. */
const STEPS_MAX = 64

/**
 * Returns the last x in [low, high] at which the test holds.
 *
 * Rule:   the test must hold at `low` and, once it fails, fail from there on. The interval is
 *         halved in the order of the doubles, so at most 66 calls reach the last bit at any scale.
 *         Returns `high` where the test still holds there; else nextUp of the result fails.
 * Shape:  with a test that turns more than once the result is one of the turns: it holds there and
 *         fails one double above.
 * Throws: AssertionError if the test fails at `low`, or low > high.
 */
export function bisect(test: (x: number) => boolean, low: number, high: number): number {
  assert(low <= high, 'bisect needs low <= high')
  assert(test(low), 'bisect needs a test that holds at its low end')
  if (test(high)) return high
  let holds = rankOf(low)
  let fails = rankOf(high)
  for (let step = 0; fails - holds > 1n; step++) {
    assert(step < STEPS_MAX, 'bisect took more steps than a double has bits')
    const middle = (holds + fails) >> 1n
    if (test(doubleAt(middle))) holds = middle
    else fails = middle
  }
  return doubleAt(holds)
}

/** The smallest double above x; Infinity stays. */
export function nextUp(x: number): number {
  return x === Number.POSITIVE_INFINITY ? x : doubleAt(rankOf(x) + 1n)
}

/** The largest double below x; -Infinity stays. */
export function nextDown(x: number): number {
  return x === Number.NEGATIVE_INFINITY ? x : doubleAt(rankOf(x) - 1n)
}

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)
const SIZE_BITS = 0x7fffffffffffffffn

// The doubles in rising order, counted from 0 at 0 (-0 is 0 too): the bits are sign and size.
function rankOf(x: number): bigint {
  assert(!Number.isNaN(x), 'NaN has no neighbours')
  double[0] = x
  return bits[0] >= 0n ? bits[0] : -(bits[0] & SIZE_BITS)
}

function doubleAt(rank: bigint): number {
  bits[0] = rank >= 0n ? rank : -rank
  return rank >= 0n ? double[0] : -double[0]
}
