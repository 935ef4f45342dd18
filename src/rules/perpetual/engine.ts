/** The engine of a perpetual exchange: its terms, and the plan that lives from send to fill. */

import type { Orders } from '../../house.ts'
import type { Moment } from '../../moment.ts'
import type { Margin } from './accounts.ts'
import type { AdlTerms } from './adl.ts'
import type { Layout } from './markets.ts'

/** What the engine is told. Units: fractions, USD and seconds; see the parameters. */
export interface EngineTerms {
  readonly liquidationFee: number
  readonly leftover: 'account' | 'fund'
  readonly fundSettles?: 'account' | 'fill'
  readonly portion?: number
  readonly portionAboveUsd?: number
  readonly portionMinUsd?: number
  readonly portionRepeats?: boolean
  readonly cooldownSeconds?: number
  readonly oneByOne?: boolean
  readonly perBlock?: {
    readonly accounts?: number
    readonly accountNotionalUsd?: number
    readonly accountLossUsd?: number
  }
  readonly fillable?: { readonly adjustment: number; readonly spreadToMaintenance: number }
  readonly backstop?: { readonly below: number; readonly unwindSeconds: number }
}

/**
 * Legs to be closed or taken over, by account; and sums of what closings move.
 *
 * Units: `units` and `closed` of position (by asset); `cash` and `funding` in the settlement asset.
 */
export interface Plan {
  count: number
  readonly account: number[]
  readonly leg: number[]
  readonly units: number[]
  /** Of the account: where its cash is; USD that it has, Infinity where it has collateral. */
  readonly cashLeg: number[]
  readonly equity: number[]
  /** In the market, by the vault, against winners, or not in this block. */
  readonly how: number[]
  readonly unwound: Float64Array
  readonly closed: Float64Array
  cash: number
  funding: number
}

/** An engine: the layout of its slots, its terms, and scratch that lives from send to fill. */
export interface Engine {
  readonly layout: Layout
  readonly of: EngineTerms
  readonly adl: AdlTerms | null
  readonly plan: Plan
  readonly margin: Margin
}

/** An engine that plans nothing yet. */
export function engineOf(layout: Layout, of: EngineTerms, adl: AdlTerms | null): Engine {
  const assets = 1 + layout.slots.asset.reduce((most, asset) => Math.max(most, asset), 0)
  return {
    layout,
    of,
    adl,
    plan: {
      count: 0,
      account: [],
      leg: [],
      units: [],
      cashLeg: [],
      equity: [],
      how: [],
      unwound: new Float64Array(layout.markets.length),
      closed: new Float64Array(assets),
      cash: 0.5,
      funding: 0.5,
    },
    margin: { equity: 0.5, maintenance: 0.5, notional: 0.5, cashLeg: 0, hasCollateral: false },
  }
}

/** Appends a row to a plan, of an account with this margin. */
export function plan(
  to: Plan,
  account: number,
  leg: number,
  units: number,
  how: number,
  { cashLeg, equity, hasCollateral }: Margin,
): void {
  const n = to.count++
  to.cashLeg[n] = cashLeg
  to.equity[n] = hasCollateral ? Number.POSITIVE_INFINITY : equity
  to.account[n] = account
  to.leg[n] = leg
  to.units[n] = units
  to.how[n] = how
}

/** Adds units to the orders of a block. */
export function order(asset: number, units: number, { sold, bought }: Orders): void {
  if (units > 0) sold[asset] += units
  else bought[asset] -= units
}

/** Where lists start in a block: the same draw in [0, 1) for all of them. */
export function drawOf({ block }: Moment): number {
  return (block * GOLDEN) % 1
}

/** How a row of the plan is closed. */
export const MARKET = 0
export const TAKEOVER = 1
export const DELEVERAGE = 2
export const WAIT = 3

const GOLDEN = 0.6180339887498949
