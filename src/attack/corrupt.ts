/** What it takes to move a published price. */

import { exp } from '../math/exponential.ts'
import type { Trial } from './evaluate.ts'
import { blocksAxis, idle, type Plan, tradedAssets, venuesOf } from './plan.ts'

/** The cheapest push that moves the price that a protocol reads. */
export interface Corruption {
  readonly protocol: number
  readonly asset: number
  readonly side: 1 | -1
  /** The move wanted, as a fraction above 0. */
  readonly move: number
  /** USD tied up at most, and lost when the push is undone; null: it cannot be moved so far. */
  readonly capitalUsd: number | null
  readonly lossUsd: number | null
  readonly blocks: number
  readonly evaluations: number
}

/** A push is sought up to e to this power of the price, or down to one over it. */
const LOG_MAX = 9
/** Halvings of that power: to about 1e-4 of the price. */
const HALVINGS = 16
/** Money that no push of a simulated market uses up, and whose cents a double still holds. */
const ENDLESS_USD = 1e12

/**
 * The cost to corrupt the feeds that protocols read: collateral in both directions, debt upwards.
 *
 * Rule:    for each number of blocks of the coarse grid, the least push whose price, published in
 *          any block, differs by `move` from that without a push, by bisection; of them the least
 *          capital. Nobody is liquidated by the attacker, money is without limit, and nothing is
 *          lent for a block.
 * Assumes: a further push moves the published price no less.
 */
export function corruptions(trial: Trial): Corruption[] {
  const { world, spec } = trial
  return world.protocols.flatMap(({ rules: { slots } }, protocol) =>
    ([-1, 1] as const).flatMap((side) =>
      tradedAssets(trial, 1)
        .concat(side === 1 ? tradedAssets(trial, -1) : [])
        .filter((asset, n, all) => all.indexOf(asset) === n && slots.asset.includes(asset))
        .map((asset) => costToCorrupt(trial, protocol, asset, side, spec.move)),
    ),
  )
}

/** The cost to move what one protocol reads of one asset. */
export function costToCorrupt(
  trial: Trial,
  protocol: number,
  asset: number,
  side: 1 | -1,
  move: number,
): Corruption {
  let evaluations = 0
  let best: { capitalUsd: number; lossUsd: number; blocks: number } | null = null
  const means = { ...trial.spec, cashUsd: ENDLESS_USD, flashUsd: 0 }
  const attempt = (plan: Plan) => {
    evaluations++
    return trial.attempt(plan, means)
  }
  for (const venue of venuesOf(trial, asset, side === 1)) {
    for (const blocks of blocksAxis(trial).values) {
      const planTo = (power: number): Plan => {
        const to = exp(side * power)
        return { ...idle, kind: 'push', asset, venue, to, blocks }
      }
      let high = LOG_MAX
      if (attempt(planTo(high)).moved[protocol] < move) continue
      let low = 0
      for (let n = 0; n < HALVINGS; n++) {
        const middle = (low + high) / 2
        if (attempt(planTo(middle)).moved[protocol] >= move) high = middle
        else low = middle
      }
      const { capitalUsd, profitUsd } = attempt(planTo(high))
      if (best === null || capitalUsd < best.capitalUsd)
        best = { capitalUsd, lossUsd: -profitUsd - trial.honestUsd, blocks }
    }
  }
  const none = { capitalUsd: null, lossUsd: null, blocks: 0 }
  return { protocol, asset, side, move, ...(best ?? none), evaluations }
}
