/**
 * What mitigations and makers who leave do to a loop, in units of loop gain: closed forms on a
 * uniform book.
 */

import { assert } from '../errors.ts'

/**
 * Loop gain after mitigation.
 *
 * Rule:       gain x closeFactor x (1 - backstop). Liquidating a fraction per trigger forces that
 *             fraction a visit; a backstop that takes a share of the forced flow keeps that share
 *             off the venue.
 * Units:      all fractions; 1 and 0 are "whole positions" and "no backstop".
 * Source:     the linear loop D = s / (1 - g) (Cifuentes, Ferrucci and Shin 2005 for the fixed
 *             point).
 * Simplifies: gain per visit: an account that comes back is a new visit. The backstop never sells
 *             what it took.
 */
export function mitigatedGain(gain: number, closeFactor: number, backstop: number): number {
  assert(closeFactor >= 0 && closeFactor <= 1, 'a close factor is a fraction')
  assert(backstop >= 0 && backstop <= 1, 'a backstop takes a fraction of the flow')
  return gain * closeFactor * (1 - backstop)
}

/**
 * Share of the forced flow that a backstop must take to bring a gain down to a target below it; 0
 * if it is there.
 *
 * Rule: 1 - target / gain.
 */
export function backstopFor(gain: number, target: number): number {
  return gain > target ? 1 - target / gain : 0
}

/** A shock at which a loop with withdrawing depth runs away, and the drop that stands there. */
export interface WithdrawalCritical {
  readonly shock: number
  readonly drop: number
}

/**
 * Critical shock when depth leaves as the price falls.
 *
 * Rule:       depth is multiplied by 1 - omega D, so D = s + g D / (1 - omega D). Fixed points
 *             exist up to s_c = (1 - sqrt g)^2 / omega, where D = (1 - sqrt g) / omega: a gain
 *             below 1 has an edge too.
 * Units:      fractions of price; omega is the fraction of depth lost per unit of relative drop.
 *             For a gain of 1 or more the critical shock is 0.
 * Source:     derived from the linear loop; the withdrawal of depth in cascades is measured by
 *             Garcia Seuma 2026.
 * Simplifies: uniform book, linear impact, depth a line in the drop.
 */
export function withdrawalCritical(gain: number, omega: number): WithdrawalCritical {
  assert(gain >= 0 && omega > 0, 'a gain of 0 or more and depth that leaves')
  const slack = Math.max(0, 1 - Math.sqrt(gain))
  return { shock: (slack * slack) / omega, drop: slack / omega }
}

/**
 * The drop at which a loop with withdrawing depth comes to rest; null past its critical shock.
 *
 * Rule: the smaller root of omega D^2 - (1 + omega s - g) D + s = 0, written so that omega -> 0
 *       gives s / (1 - g).
 */
export function withdrawalDrop(gain: number, omega: number, shock: number): number | null {
  assert(gain >= 0 && omega >= 0 && shock >= 0, 'gain, withdrawal and shock of 0 or more')
  if (shock === 0) return 0
  const b = 1 + omega * shock - gain
  const discriminant = b * b - 4 * omega * shock
  if (b <= 0 || discriminant < 0) return null
  return (2 * shock) / (b + Math.sqrt(discriminant))
}
