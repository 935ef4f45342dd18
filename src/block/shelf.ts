/** What the rules hold and sell: collateral by the generation of sales that put it there. */

import { ACCOUNTS, FIRST_TAKER, ITEMS, type Moves, type Offers, offerList, POOL } from '../rules.ts'
import type { Stage } from './stage.ts'
import { latestOf } from './twins.ts'

/** Books what a settlement of this generation put on the shelves of a protocol, and took off. */
export function shelve(stage: Stage, j: number, moves: Moves, generation: number): void {
  const { shelf } = stage
  for (let m = 0; m < moves.count; m++) {
    const asset = moves.asset[m]
    const isOn = isShelf(moves.to[m])
    if (isOn === isShelf(moves.from[m])) continue
    const at = shelfAt(stage, j, asset)
    if (!isOn) takeOff(stage, at, moves.amount[m])
    else if (moves.from[m] === ACCOUNTS) shelf[at + generation] += moves.amount[m]
  }
}

/**
 * Shares by generation of what the rules sell themselves.
 *
 * Rule:  those of what stands on the shelf; where nothing does (bands that accounts fill, at
 *        prices that any sale moves) all is of the first generation at whose published prices the
 *        rules would offer it.
 * Shape: one share for each generation, adding up to 1; reused between calls.
 */
export function partsOf(stage: Stage, j: number, offers: Offers, i: number): Float64Array {
  if (!shelfParts(stage, j, offers.sells[i])) parts[firstOffering(stage, j, offers, i)] = 1
  return parts
}

/** Writes the shares of what stands on a shelf into `parts`, and says whether anything does. */
function shelfParts({ shelf, time, mids }: Stage, j: number, asset: number): boolean {
  const generations = time.generations + 1
  const at = (j * mids.length + asset) * generations
  if (parts.length !== generations) parts = new Float64Array(generations)
  parts.fill(0)
  let sum = 0
  for (let g = 0; g < generations; g++) sum += shelf[at + g]
  if (!(sum > 0)) return false
  for (let g = 0; g < generations; g++) parts[g] = shelf[at + g] / sum
  return true
}

/** Puts units on a shelf; a vault's shorts count as its longs do. */
export function putOnShelf(
  stage: Stage,
  j: number,
  asset: number,
  generation: number,
  units: number,
): void {
  stage.shelf[shelfAt(stage, j, asset) + generation] += Math.abs(units)
}

/** Takes units off a shelf, of every generation in proportion; returns the shares (0 if empty). */
export function takeFromShelf(stage: Stage, j: number, asset: number, units: number): Float64Array {
  if (!shelfParts(stage, j, asset)) parts[0] = 1
  takeOff(stage, shelfAt(stage, j, asset), Math.abs(units))
  return parts
}

function firstOffering({ twins, time, clock }: Stage, j: number, offers: Offers, i: number) {
  for (let r = 0; r < twins.length; r++) {
    const { protocol } = twins[r].posts[j]
    same.count = 0
    protocol.rules.standing!(protocol, clock, same)
    for (let n = 0; n < same.count; n++)
      if (same.own[n] === offers.own[i] && same.other[n] === offers.other[i]) return r
  }
  return latestOf(twins.length, time.generations)
}

function takeOff({ shelf, time }: Stage, at: number, units: number): void {
  let sum = 0
  for (let g = 0; g <= time.generations; g++) sum += shelf[at + g]
  const left = sum > units ? 1 - units / sum : 0
  for (let g = 0; g <= time.generations; g++) shelf[at + g] *= left
}

function isShelf(holder: number): boolean {
  return holder < FIRST_TAKER && (holder === ITEMS || holder === POOL)
}

function shelfAt({ time, mids }: Stage, j: number, asset: number): number {
  return (j * mids.length + asset) * (time.generations + 1)
}

let parts = new Float64Array(0)
const same = offerList()
