/** Push a price that an oracle reads, liquidate whom it breaches, and undo the push. */

import {
  blocksAxis,
  type Family,
  idle,
  outsideAxis,
  outsideOf,
  type Setting,
  tradedAssets,
  venuesOf,
  withdrawalAxis,
} from './plan.ts'

/** How far a price is pushed: falls as fractions; rises as factors less 1. */
const FALLS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
const RISES = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 4]

/**
 * Plans that push collateral down, or what is owed up, and take the liquidations.
 *
 * Rule:    units sold are borrowed outside, backed one to one at the opening price; units bought
 *          are paid for. What was seized serves to give back what was borrowed; the rest is bought,
 *          or sold, when the price is let go. A position held outside gains with the push: short
 *          where the price is pushed down, long where it is pushed up.
 * Source:  own; the shape of Compound in November 2020 (a thin index pushed up) and of pools read
 *          as spot oracles.
 * Assumes: units can be borrowed outside at no interest for so few blocks.
 */
export function oraclePush(setting: Setting): Family[] {
  const sides = [-1, 1] as const
  return sides.flatMap((side) =>
    tradedAssets(setting, side === -1 ? 1 : -1).flatMap((asset) =>
      venuesOf(setting, asset, side === 1).map((venue) => family(setting, asset, venue, side)),
    ),
  )
}

function family(setting: Setting, asset: number, venue: number, side: 1 | -1): Family {
  return {
    kind: 'oraclePush',
    axes: [
      { name: 'move', values: side === -1 ? FALLS : RISES, isChoice: false },
      blocksAxis(setting),
      outsideAxis(setting, asset),
      withdrawalAxis(setting),
    ],
    plan: ([move, blocks, outside, withdraws]) => ({
      ...idle,
      ...{ kind: 'oraclePush', asset, venue, to: 1 + side * move, blocks },
      outsideUsd: side * outsideOf(setting, asset, outside),
      withdraws: withdraws === 1,
      liquidates: true,
    }),
  }
}
