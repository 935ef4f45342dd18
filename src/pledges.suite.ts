/** Small worlds in which the same collateral backs debts in two protocols. Shared by tests. */

import { curve, timedScenario } from './blocks.suite.ts'
import type { Positions, RulesSpec, Scenario, VenueSpec } from './scenario.ts'

export const [USD, ETH, COIN] = [0, 1, 2]

/** Units owned and coins owed of one account; null: it owns nothing of its own. */
export interface Holder {
  readonly name: string
  readonly owns: number | null
  readonly owes: number
}

export interface Side {
  readonly threshold: number
  readonly bonus: number
  readonly closeFactor: number
  readonly holders: readonly Holder[]
}

/** Debts worth this or less are closed whole. */
export const DUST_USD = 5

export function positionsOf(holders: readonly Holder[]): Positions {
  const rows = holders.flatMap(({ owns, owes }, account) => [
    ...(owns === null ? [] : [{ account, asset: ETH, side: 1, amount: owns }]),
    ...(owes === 0 ? [] : [{ account, asset: COIN, side: -1, amount: owes }]),
  ])
  return {
    accounts: holders.map(({ name }) => name),
    account: Uint32Array.from(rows, ({ account }) => account),
    asset: Uint16Array.from(rows, ({ asset }) => asset),
    side: Int8Array.from(rows, ({ side }) => side),
    group: new Uint16Array(rows.length),
    amount: Float64Array.from(rows, ({ amount }) => amount),
    synthetic: true,
    asOf: null,
  }
}

export function rulesOf(
  { threshold, bonus, closeFactor }: Omit<Side, 'holders'>,
  rates: { readonly supplyRate?: number } = {},
): RulesSpec {
  const assets = [
    { asset: ETH, threshold, bonus, ...rates },
    { asset: COIN, threshold: null, bonus: 0 },
  ]
  return { kind: 'lending', assets, closeFactor, wholeBelow: 0, dustUsd: DUST_USD, target: null }
}

/** An exponential curve; at 0, a venue that takes everything at the mid. */
function venueOf(impact: number): VenueSpec {
  const shape = impact === 0 ? 'none' : 'exponential'
  return { ...curve, shape, coefficient: impact } as VenueSpec
}

/** Protocols with these sides; those with `in` pledge to them from that one. */
export function pledgedScenario(
  sides: readonly (Side & { readonly in?: number; readonly supplyRate?: number })[],
  changed: Parameters<typeof timedScenario>[2] & { readonly impact?: number } = {},
  time: Parameters<typeof timedScenario>[1] = {},
): Scenario {
  const { impact = 0.01, ...rest } = changed
  return timedScenario(positionsOf(sides[0].holders), time, {
    protocols: sides.map((side, j) => ({
      name: `bank ${j}`,
      rules: rulesOf(side, side.supplyRate === undefined ? {} : { supplyRate: side.supplyRate }),
      positions: positionsOf(side.holders),
      oracles: [USD, ETH, COIN].map(() => ({ kind: 'spot' as const })),
      ...(side.in === undefined ? {} : { pledged: { in: side.in, assets: [ETH] } }),
    })),
    venues: [venueOf(impact)],
    order: 'worst-first',
    ...rest,
  })
}
