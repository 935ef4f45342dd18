/** The defences of a protocol act within a block. */

import type { Defence, Settled, Sight, Stance } from '../defence.ts'
import { assert } from '../errors.ts'
import type { Offers, Rules } from '../rules.ts'
import type { Post } from './stage.ts'

/** What the defences of one protocol need from block to block. */
export interface Guards {
  readonly all: readonly Defence[]
  readonly sight: Sight
  readonly stance: Stance
  /** The rules as they were at the opening, and at each factor on thresholds that was used. */
  readonly rules: Map<number, Rules>
}

/** Defences see what was published, and take their stance. Returns whether the protocol acts. */
export function reactAll(post: Post): boolean {
  const { guards } = post
  if (guards === null) return true
  const { all, sight, stance } = guards
  stance.isPaused = false
  stance.threshold = 1
  stance.borrowing = 1
  for (const defence of all) defence.react?.(sight, stance)
  setThreshold(post, guards)
  return !stance.isPaused
}

/** The sum of what they count up; whoever sleeps is asked again when it changes. */
export function stampOf({ guards }: Post): number {
  let sum = 0
  if (guards !== null) for (const { stamp = 0 } of guards.all) sum += stamp
  return sum
}

/** Makes less of the offers from `from` on; whether something waits for time alone. */
export function shapeAll({ guards }: Post, offers: Offers, from: number): boolean {
  let isHeld = false
  if (guards !== null)
    for (const defence of guards.all)
      if (offers.count > from && defence.shape?.(guards.sight, offers, from)) isHeld = true
  return isHeld
}

/** Whether all of them let the offers from `from` on be bid for in this block. */
export function admitAll({ guards }: Post, offers: Offers, from: number): boolean {
  if (guards !== null)
    for (const defence of guards.all)
      if (defence.admits?.(guards.sight, offers, from) === false) return false
  return true
}

/** The most units of an offer that may be settled now. */
export function mostOf({ guards }: Post, offers: Offers, offer: number, units: number): number {
  let most = units
  if (guards !== null)
    for (const defence of guards.all)
      if (most > 0) most = defence.most?.(guards.sight, offers, offer, most) ?? most
  return most
}

/** Tells them what was settled. */
export function settledAll({ guards }: Post, done: Settled): void {
  if (guards !== null) for (const defence of guards.all) defence.settled?.(guards.sight, done)
}

/**
 * Rules with thresholds as the stance has them stand in for those of the opening.
 *
 * Rule: factors are rounded to 1e-4 of themselves, so that few rules are made.
 */
function setThreshold({ protocol }: Post, { stance, rules }: Guards): void {
  const factor = Math.round(stance.threshold * STEPS) / STEPS
  let wanted = rules.get(factor)
  if (wanted === protocol.rules) return
  if (wanted === undefined) {
    const scaled = rules.get(1)!.scaled('threshold', factor)
    assert(scaled !== null, `rules ${protocol.rules.name} have a threshold that can be scaled`)
    wanted = scaled
    rules.set(factor, wanted)
  }
  ;(protocol as { rules: Rules }).rules = wanted
}

const STEPS = 1e4
