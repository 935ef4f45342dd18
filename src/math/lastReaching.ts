/** Where a falling function passes a target, to the last bit and in few calls. */

import { assert } from '../errors.ts'
import { nextDown, nextUp } from './bisect.ts'

/** Where to look. Only the number of calls depends on all but the ends, never the result. */
export interface Search {
  readonly low: number
  readonly high: number
  /** A first guess, from `low` to `high`. */
  readonly from: number
  /** About how much the function falls per unit of x: positive. */
  readonly slope: number
  /** Asked where chords say little: an x at which the function may jump. */
  readonly jump?: () => number
}

const WIDENINGS_MAX = 1100
const STEPS_MAX = 5000
/** After so many widenings by what the function does, they go by a fixed factor. */
const CAREFUL_MAX = 5
const WIDEN = 32
/** Probes at a jump: itself, and neighbours for what rounding did to it. */
const SHOTS = 3
/** Chords stay this far inside a bracket, relative to x: a few doubles. */
const LEAST_MOVE = 4 * Number.EPSILON

/**
 * Returns the last x in [low, high] at which f(x) >= target.
 *
 * Rule:   f must not rise, as computed, and must reach the target at `low`. The guess is widened to
 *         a bracket, which false position narrows to neighbouring doubles; where f jumps and chords
 *         say little, halving does.
 * Shape:  about ten calls where f is smooth and the guess good, sixty where it jumps.
 * Source: the Illinois variant: M. Dowell, P. Jarratt, A modified regula falsi method, 1971.
 * Throws: AssertionError if f(low) < target or f is NaN
 */
export function lastReaching(f: (x: number) => number, target: number, search: Search): number {
  const { low, high, from, slope } = search
  const aim = aimOf(target)
  let here = from
  let over = f(here) - target + aim
  const isUp = over >= 0
  let step = (1.5 * Math.abs(over)) / slope
  for (let n = 0; ; n++) {
    assert(n < WIDENINGS_MAX && !Number.isNaN(over), 'a search needs a bracket')
    if (here === (isUp ? high : low)) break
    step = Math.max(step, Math.abs(here) * (4 * Number.EPSILON), Number.MIN_VALUE)
    const next = isUp ? Math.min(high, here + step) : Math.max(low, here - step)
    const overNext = f(next) - target + aim
    if (overNext >= 0 !== isUp) {
      return isUp
        ? narrow(f, target, here, over, next, overNext, search.jump)
        : narrow(f, target, next, overNext, here, over, search.jump)
    }
    const share = (1.5 * Math.abs(overNext)) / Math.abs(overNext - over)
    step *= share < WIDEN && n < CAREFUL_MAX ? Math.max(0.1, share) : WIDEN
    here = next
    over = overNext
  }
  assert(isUp, 'a search needs a low end that reaches the target')
  return here
}

/**
 * Less than one unit in the last place: chords aim at where rounding turns, not at where it is met
 * first.
 */
function aimOf(target: number): number {
  return Math.abs(target) * (Number.EPSILON / 4)
}

/**
 * Narrows a bracket to neighbours. What `low` and `high` are over the target is at least 0, and
 * negative.
 */
function narrow(
  f: (x: number) => number,
  target: number,
  low: number,
  overLow: number,
  high: number,
  overHigh: number,
  jump: Search['jump'],
): number {
  const aim = aimOf(target)
  let halvings = 0
  let patience = 3
  let wanted = (high - low) / 8
  let checkAt = 3
  let side = 0
  let aimed = Number.NaN
  let shots = 0
  for (let n = 0; n < STEPS_MAX; n++) {
    const width = high - low
    const middle = low + width / 2
    if (middle === low || middle === high) return low
    if (n === checkAt) {
      halvings = width > wanted ? patience : 0
      if (halvings > 0) patience *= 2
      checkAt = n + halvings + 3
      wanted = width / (8 * (1 << Math.min(30, halvings)))
      if (halvings > 0 && jump !== undefined) {
        aimed = jump()
        shots = SHOTS
      }
    }
    const isAimed = shots-- > 0 && aimed > low && aimed < high
    const least = Math.abs(middle) * LEAST_MOVE
    const isChord =
      !isAimed && halvings <= 0 && width > 4 * least && overLow < Number.POSITIVE_INFINITY
    halvings--
    const chord = low + width * (overLow / (overLow - overHigh))
    // Where an end is the answer already, a probe close by brings the other end near.
    const inside = isChord ? Math.max(low + least, Math.min(high - least, chord)) : middle
    const next = isAimed ? aimed : inside
    const over = f(next) - target + aim
    if (over >= 0) {
      low = next
      overLow = over
      if (side > 0 && isChord) overHigh /= 2
      side = 1
    } else {
      high = next
      overHigh = over
      if (side < 0 && isChord) overLow /= 2
      side = -1
    }
    // The neighbour tells whether the jump is there.
    if (isAimed) aimed = over >= 0 ? nextUp(next) : nextDown(next)
  }
  assert(false, 'a search ends at neighbouring doubles')
}
