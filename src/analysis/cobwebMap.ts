/**
 * The map of the cobweb: price before a round -> price after everything with a trigger above it has
 * been sold.
 */

import { assert } from '../errors.ts'
import type { World } from '../world.ts'
import { SETTLEMENTS_PER_ACCOUNT_MAX, settleRow } from './cascade.ts'
import type { Prepared } from './triggers.ts'
import { type CascadeOptions, openWalk, peekKey, pop, publishAt } from './walk.ts'

/**
 * The exact map as steps, in falling price: between `trigger[k]` and `trigger[k - 1]` it is
 * `after[k]`.
 */
export interface StepMap {
  /** Price below which step k is in force; the first is +Infinity. */
  readonly trigger: Float64Array
  readonly after: Float64Array
}

/**
 * A crossing of the map and the diagonal. `unstable`: a price that slips below it falls to the next
 * stable one.
 */
export interface FixedPoint {
  readonly price: number
  readonly stable: boolean
}

/**
 * Walks the whole book of a shocked world, past its rest state, in the canonical order.
 *
 * Rule:   M(p) = phi(X, Q(p)), Q(p) = what all accounts with a trigger above p sell when walked
 *         worst first, the price read again after each; an account past the rest state sells just
 *         below its trigger.
 * Units:  USD of the one moving asset; `down` bounds the walk from below.
 * Source: the fixed-point map of fire sales (Cifuentes, Ferrucci and Shin 2005). Needs one moving
 *         asset.
 */
export function cobwebMap(
  world: World,
  prepared: Prepared,
  options: CascadeOptions,
  down: number,
): StepMap {
  const walk = openWalk(world, prepared, { ...options, order: 'worst-first' })
  const trigger = [Number.POSITIVE_INFINITY]
  const after = [walk.outside]
  const now = prepared.opening[prepared.lead]
  const keyMax = now / down
  const settlementsMax = prepared.key.length * SETTLEMENTS_PER_ACCOUNT_MAX + 1000
  while (peekKey(walk) < keyMax) {
    assert(walk.settlements < settlementsMax, 'the walk down the map ends')
    const key = peekKey(walk)
    publishAt(walk, key, walk.prices[prepared.lead])
    if (settleRow(walk, pop(walk), key) !== 'settled') continue
    trigger.push(Math.min(now / key, trigger[trigger.length - 1]))
    after.push(walk.prices[prepared.lead])
  }
  return { trigger: Float64Array.from(trigger), after: Float64Array.from(after) }
}

/** The map at one price. */
export function mapAt(map: StepMap, price: number): number {
  let low = 0
  let high = map.trigger.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (map.trigger[middle] > price) low = middle
    else high = middle - 1
  }
  return map.after[low]
}

/**
 * Crossings from the top down, exact: a stable one is a flat step meeting the diagonal, an unstable
 * one a trigger whose sale jumps across it. Pairs closer than `apart` (USD) are noise of single
 * accounts and are left out.
 */
export function fixedPoints(map: StepMap, apart: number): FixedPoint[] {
  const found: FixedPoint[] = []
  const { trigger, after } = map
  for (let k = 0; k < trigger.length; k++) {
    const top = trigger[k]
    const bottom = k + 1 < trigger.length ? trigger[k + 1] : 0
    if (after[k] < top && after[k] >= bottom) found.push({ price: after[k], stable: true })
    if (k + 1 < trigger.length && after[k] >= bottom && after[k + 1] < bottom)
      found.push({ price: bottom, stable: false })
  }
  return withoutNoise(found, apart)
}

function withoutNoise(points: FixedPoint[], apart: number): FixedPoint[] {
  const kept: FixedPoint[] = []
  for (const point of points) {
    const last = kept[kept.length - 1]
    const isNoise = last !== undefined && kept.length > 1 && last.price - point.price < apart
    if (isNoise && last.stable !== point.stable) kept.pop()
    else kept.push(point)
  }
  return kept
}
