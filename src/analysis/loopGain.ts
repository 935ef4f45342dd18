/** Loop gain: what a further drop would force, over what the venue absorbs on the way. */

import { assert } from '../errors.ts'
import type { Curve } from '../venue.ts'
import type { Ladder } from './ladder.ts'

/**
 * Where a cascade stands: the outside price, the units sold by force so far, and the first unsold
 * account of the ladder. At rest no unsold account has its trigger above the price.
 */
export interface GainState {
  readonly outside: number
  readonly sold: number
  readonly from: number
}

/**
 * Loop gain at one drop. A band with few effective accounts is one account's cliff, not a loop, and
 * says so.
 */
export interface LoopGain {
  /** The further drop of the present price, as a fraction: the scale that the gain belongs to. */
  readonly h: number
  /**
   * `forced` / `absorbed`; 0 when nothing is forced, Infinity where the venue drops by h without
   * taking a unit.
   */
  readonly gain: number
  /** Units of the unsold accounts whose trigger lies in the band. */
  readonly forced: number
  /** Units the venue takes while its price falls by h. */
  readonly absorbed: number
  readonly accounts: number
  /**
   * (sum q)^2 / sum q^2 over the band: how many accounts of equal size would scatter as much; 0 for
   * none.
   */
  readonly effectiveAccounts: number
  /** gain / sqrt(effective accounts); null where nothing is in the band. */
  readonly standardError: number | null
  readonly label: 'loop' | 'single account' | 'nothing in the band'
}

/**
 * The highest gain over the triggers, the drop at which it stands, and the account (ladder index)
 * that ends it.
 */
export interface GainPeak {
  readonly gain: number
  readonly h: number
  /** -1 when no unsold account lies at `hMin` or deeper. */
  readonly index: number
}

/** Below this many effective accounts a gain is the size of one whale. */
export const LOOP_ACCOUNTS_MIN = 5

/**
 * Loop gain g(h) = F / V at a state with price p.
 *
 * Rule:       F = units of unsold accounts with p (1 - h) < trigger <= p; V = units from p down to
 *             p (1 - h).
 * Units:      h and gain are fractions. Units of account and splitting an account in parts change
 *             nothing but `accounts`, `effectiveAccounts` and `standardError`.
 * Source:     as h -> 0 on a smooth book, the slope of the fixed-point map (Cifuentes, Ferrucci and
 *             Shin 2005); the branching ratio of a self-exciting process (Hardiman, Bercot and
 *             Bouchaud 2013).
 * Simplifies: the standard error takes each account's place in the band as chance (Poisson), the
 *             venue as known.
 */
export function loopGain(ladder: Ladder, curve: Curve, state: GainState, h: number): LoopGain {
  assert(h > 0 && h < 1, `a gain needs a drop inside (0, 1), got ${h}`)
  const price = curve.price(state.outside, state.sold)
  const floor = price * (1 - h)
  const from = firstAtOrBelow(ladder, state.from, price)
  const to = firstAtOrBelow(ladder, from, floor)
  const forced = ladder.sold[to] - ladder.sold[from]
  const absorbed = curve.units(state.outside, state.sold, floor)
  const gain = ratio(forced, absorbed)
  const effectiveAccounts = forced > 0 ? (forced * forced) / squares(ladder, from, to) : 0
  return {
    h,
    gain,
    forced,
    absorbed,
    accounts: to - from,
    effectiveAccounts,
    standardError: forced > 0 ? gain / Math.sqrt(effectiveAccounts) : null,
    label: labelOf(effectiveAccounts),
  }
}

/** Loop gain at each of these drops. There is no default: a gain without its scale says nothing. */
export function gainProfile(
  ladder: Ladder,
  curve: Curve,
  state: GainState,
  drops: readonly number[],
): LoopGain[] {
  return drops.map((h) => loopGain(ladder, curve, state, h))
}

/**
 * The peak of the loop gain over every unsold trigger at least `hMin` below the price.
 *
 * Rule:    max over k of (S_k - S_from) / V(h_k), h_k = 1 - trigger_k / p. The profile jumps up
 *          just past each trigger and falls between them, so no grid of drops finds its peak and
 *          the triggers do.
 * Theorem: at rest and with `hMin` = 0 the peak passes 1 exactly when a cascade could feed itself
 *          without any outside move (the greatest cascade is not empty); at 1 it is balanced. With
 *          `hMin` = 1 - p' / p: a self-sustaining cascade to p' or below needs a gain >= 1 at p' or
 *          at a deeper trigger.
 * Units:   Infinity where an account sits on the very edge: hence `hMin` = `typicalSaleDrop` for a
 *          headline.
 * Source:  Tarski's fixed-point theorem on the falling map (as in Eisenberg and Noe 2001).
 */
export function gainPeak(ladder: Ladder, curve: Curve, state: GainState, hMin: number): GainPeak {
  const { trigger, sold } = ladder
  const price = curve.price(state.outside, state.sold)
  const from = firstAtOrBelow(ladder, state.from, price)
  let peak: GainPeak = { gain: 0, h: hMin, index: -1 }
  for (let k = from; k < trigger.length && trigger[k] > 0; k++) {
    const h = 1 - trigger[k] / price
    if (h < hMin) continue
    const forced = sold[k + 1] - sold[from]
    const gain = ratio(forced, curve.units(state.outside, state.sold, trigger[k]))
    if (gain > peak.gain) peak = { gain, h, index: k }
  }
  return peak
}

/**
 * The drop that one typical sale causes: the least scale at which a peak is a loop and not an
 * account on its edge.
 *
 * Rule:  a sale of sum q^2 / sum q units (the mean size, weighted by size) over the unsold
 *        accounts whose trigger lies above 0.
 * Units: a fraction of the present price; 0 when nothing is left to sell.
 */
export function typicalSaleDrop(ladder: Ladder, curve: Curve, state: GainState): number {
  const price = curve.price(state.outside, state.sold)
  const from = firstAtOrBelow(ladder, state.from, price)
  const end = firstAtOrBelow(ladder, from, 0)
  const units = ladder.sold[end] - ladder.sold[from]
  if (!(units > 0)) return 0
  const sale = squares(ladder, from, end) / units
  return 1 - curve.price(state.outside, state.sold + sale) / price
}

/**
 * How much larger a whole move is than its outside part, from the loop gain over that very move.
 *
 * Rule:  1 / (1 - g). With g = F / V at the opening state over the final drop, V = outside units /
 *        (1 - g), where both sides are counted in units of the opening curve: exact wherever forced
 *        units and the outside move add up along one curve. That is: in USD on a linear impact (D =
 *        s / (1 - g(D))), in log drops on an exponential one, in units on a pool that is arbitraged
 *        along its curve or on a book of absolute levels.
 * Units: null for a gain of 1 or more: such a move needs no outside part.
 */
export function amplificationFromGain(gain: number): number | null {
  return gain < 1 ? 1 / (1 - gain) : null
}

/**
 * First account at or after `from` with its trigger at or below `price`. Binary search: triggers
 * fall.
 */
function firstAtOrBelow(ladder: Ladder, from: number, price: number): number {
  let low = from
  let high = ladder.trigger.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ladder.trigger[middle] > price) low = middle + 1
    else high = middle
  }
  return low
}

function squares(ladder: Ladder, from: number, to: number): number {
  let sum = 0
  for (let k = from; k < to; k++) sum += ladder.units[k] * ladder.units[k]
  return sum
}

// 0 / 0 is a band where nothing waits: no gain, however thin the venue.
function ratio(forced: number, absorbed: number): number {
  return forced > 0 ? forced / absorbed : 0
}

function labelOf(effectiveAccounts: number): LoopGain['label'] {
  if (effectiveAccounts === 0) return 'nothing in the band'
  return effectiveAccounts < LOOP_ACCOUNTS_MIN ? 'single account' : 'loop'
}
