/** What an attacker may do, and the kinds of plans that a search chooses from. */

import type { Scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import type { AttackSpec } from './spec.ts'

/**
 * One attack, in all its parameters.
 *
 * Rule: before the opening it buys `depositUsd` of the asset and takes `outsideUsd` outside, with
 *       the push. In each of the first `blocks` blocks it trades until the price stands at `to`
 *       times the opening price. At the end of the last of them it borrows, where there is a loan,
 *       against all it has bought, and leaves; or it undoes its trades, and keeps what it has won
 *       as a liquidator.
 * Units: `venue` is an index into the market's venues, or -1: all that sell the asset. `loan` is
 *        an index into `AttackSpec.loans`, or -1.
 */
export interface Plan {
  readonly kind: string
  readonly asset: number
  readonly venue: number
  readonly to: number
  readonly blocks: number
  readonly depositUsd: number
  readonly outsideUsd: number
  readonly withdraws: boolean
  readonly liquidates: boolean
  readonly loan: number
}

/** One parameter of a plan: the values that a coarse search tries, rising. */
export interface Axis {
  readonly name: string
  readonly values: readonly number[]
  /** Only the values themselves have a meaning: a count, a choice. */
  readonly isChoice: boolean
}

/** Plans that differ in numbers alone. */
export interface Family {
  readonly kind: string
  readonly axes: readonly Axis[]
  /** The plan at a point: one number for each axis. */
  plan(point: readonly number[]): Plan
}

/** What kinds of plans are made from: the world at its opening. */
export interface Setting {
  readonly scenario: Scenario
  readonly spec: AttackSpec
  readonly world: World
}

/** A plan in which nothing is done; kinds say what they do. */
export const idle: Plan = {
  kind: 'idle',
  asset: 0,
  venue: -1,
  to: 1,
  blocks: 1,
  depositUsd: 0,
  outsideUsd: 0,
  withdraws: false,
  liquidates: false,
  loan: -1,
}

/** How many blocks a price is held: 1, 2, 4, ... and the most. */
export function blocksAxis({ spec, scenario }: Setting): Axis {
  const most = Math.min(spec.blocksMax, scenario.time!.blocks)
  const values: number[] = []
  for (let blocks = 1; blocks < most; blocks *= 2) values.push(blocks)
  return { name: 'blocks', values: [...values, most], isChoice: true }
}

/** Whether it takes its own depth away; only `no` where it has none. */
export function withdrawalAxis({ spec }: Setting): Axis {
  return { name: 'withdraws', values: spec.depthShare > 0 ? [0, 1] : [0], isChoice: true }
}

/** The share of what a market outside takes; only 0 where there is none for the asset. */
export function outsideAxis({ spec }: Setting, asset: number): Axis {
  const isThere = spec.outside.some((one) => one.asset === asset)
  return { name: 'outside', values: isThere ? [0, 0.5, 1] : [0], isChoice: false }
}

/** USD of a share of what the market outside takes. */
export function outsideOf({ spec }: Setting, asset: number, share: number): number {
  return share * (spec.outside.find((one) => one.asset === asset)?.capacityUsd ?? 0)
}

/** Traded assets that somebody has posted (1) or owes (-1) in some protocol. */
export function tradedAssets({ world }: Setting, side: 1 | -1): number[] {
  const { market, protocols } = world
  return market.hop.flatMap((hop, asset) => {
    const isUsed = protocols.some(({ book, rules: { slots } }) =>
      book.amount.some((units, k) => units * side > 0 && slots.asset[book.slot[k]] === asset),
    )
    return hop.length > 0 && isUsed ? [asset] : []
  })
}

/** Where a price may be moved: by all venues of its hop, or upwards by any one of several. */
export function venuesOf({ world }: Setting, asset: number, rises: boolean): readonly number[] {
  const hop = world.market.hop[asset]
  return rises && hop.length > 1 ? [-1, ...hop] : [-1]
}
