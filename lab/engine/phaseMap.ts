/** What a phase map is asked for and made of: plain data for both sides of the worker. */

import type { Headline } from '../../src/analysis/headline.ts'
import type { Variation } from '../../src/sweep/plan.ts'
import type { Draft } from './protocol.ts'

/** Two keys and the values that they take, as typed. */
export interface PhaseAsk {
  readonly draft: Draft
  readonly x: Variation
  readonly y: Variation
  /** The line that is worked on first: an index of y, or of x where lines run along y. */
  readonly first: number
}

/** What is known of a cell. `feedback` is feedback as a part of what ignition is declared at. */
export type PhaseMeasure = keyof Headline | 'feedback'

/**
 * One line of the map, done.
 *
 * Shape: cell k of the line is cell `from + k * step` of the map, row-major, a row for each value
 *        of y. NaN: no value.
 */
export interface PhasePart {
  readonly from: number
  readonly step: number
  readonly values: Readonly<Record<PhaseMeasure, Float64Array>>
  /** The drop that ignites the line, where the line runs along the drop. */
  readonly edge: number | null
  /** Why cells of this line have no value. */
  readonly refused: string | null
}

export interface PhaseDone {
  readonly cells: number
  readonly refused: number
}

/** The key whose values need no world of their own. */
export const DROP_KEY = 'shock.drop'

/** Whether lines of a map run along x: they do unless y alone is the drop. */
export function runsAlongX({ x, y }: Pick<PhaseAsk, 'x' | 'y'>): boolean {
  return x.key === DROP_KEY || y.key !== DROP_KEY
}

/** Every measure of a cell. */
export const measureNames = [
  'first_round_usd',
  'total_liquidated_usd',
  'second_round_share',
  'first_round_accounts',
  'accounts_liquidated',
  'final_drop',
  'amplification',
  'rounds',
  'bad_debt_usd',
  'first_round_bad_debt_usd',
  'shortfall_usd',
  'liquidator_profit_usd',
  'feedback',
] as const satisfies readonly PhaseMeasure[]

/** Feedback as a part of what ignition is declared at: a cell ignites past 1. */
export const IGNITES_AT = 1
