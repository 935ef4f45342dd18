/** The defences of a protocol act within a block. */

import type { Defence, Settled, Sight, Stance } from '../defence.ts'
import { InputError } from '../errors.ts'
import type { Offers, Rules } from '../rules.ts'
import type { Post } from './stage.ts'

/** What the defences of one protocol need from block to block. */
export interface Guards {
  readonly all: readonly Defence[]
  readonly sight: Sight
  readonly stance: Stance
  /** The rules as they were at the opening, and at each factor on thresholds that was used. */
  readonly rules: Map<number, Rules>
  /** Whether the account asked last keeps the terms of the opening, and is healthy by them. */
  isSpared?: boolean
}

/** Defences see what was published, and take their stance. Returns whether the protocol acts. */
export function reactAll(post: Post): boolean {
  const { guards } = post
  if (guards === null) return true
  const { all, sight, stance } = guards
  stance.isPaused = false
  stance.threshold = 1
  stance.borrowing = 1
  guards.isSpared = false
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
  if (guards === null) return false
  let isHeld = guards.isSpared === true
  for (const defence of guards.all)
    if (offers.count > from && defence.shape?.(guards.sight, offers, from)) isHeld = true
  for (const defence of guards.all)
    if (offers.count > from && defence.claim?.(guards.sight, offers, from)) isHeld = true
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

/** The block is over: nothing is sold any more. */
export function closedAll({ guards }: Post): void {
  if (guards !== null) for (const defence of guards.all) defence.closed?.(guards.sight)
}

/**
 * Rules with thresholds as the stance has them stand in for those of the opening.
 *
 * Rule:   factors are rounded to 1e-4 of themselves, so that few rules are made.
 * Throws: InputError FB2308 where the rules have no threshold that can be scaled
 */
function setThreshold({ protocol }: Post, guards: Guards): void {
  const { stance, rules } = guards
  const factor = Math.round(stance.threshold * STEPS) / STEPS
  let wanted = rules.get(factor)
  if (wanted === protocol.rules) return
  if (wanted === undefined) {
    const own = rules.get(1)!
    const moved = own.scaled('threshold', factor)
    if (moved === null) throw new FixedThresholdError(protocol.name, own.name)
    wanted = keptApart(own, moved, guards)
    rules.set(factor, wanted)
  }
  ;(protocol as { rules: Rules }).rules = wanted
}

/**
 * Rules with moved thresholds that leave the accounts alone which keep those of the opening: these
 * offer and settle as they would without. For health, all stand as the moved ones have it.
 */
function keptApart(own: Rules, moved: Rules, guards: Guards): Rules {
  const { all, sight } = guards
  const keepers = all.filter(({ keeps }) => keeps !== undefined)
  if (keepers.length === 0) return moved
  const keeps = (account: number) =>
    account >= 0 && keepers.some((defence) => defence.keeps!(sight, account))
  return {
    ...moved,
    offers(protocol, account, out) {
      guards.isSpared = false
      if (!keeps(account)) return moved.offers(protocol, account, out)
      const before = out.count
      own.value(protocol)
      own.offers(protocol, account, out)
      moved.value(protocol)
      guards.isSpared = out.count === before
    },
    settle(protocol, offers, offer, bid, out) {
      if (!keeps(offers.account[offer])) return moved.settle(protocol, offers, offer, bid, out)
      own.value(protocol)
      const reason = own.settle(protocol, offers, offer, bid, out)
      moved.value(protocol)
      return reason
    },
  }
}

const STEPS = 1e4

/** A defence moves thresholds, and the rules have none that can be scaled. */
class FixedThresholdError extends InputError {
  constructor(protocol: string, rules: string) {
    super({
      code: 'FB2308',
      rule: 'a defence that moves thresholds needs rules with a threshold that can be scaled',
      place: `protocols.${protocol}.defences`,
      came: `rules ${rules}`,
      remedy: 'Take the defence out, or defend a protocol with other rules',
    })
  }
}
