/** How numbers become colours, and what the colours are called. */

import { cividis } from '../../../src/figures/cividis.ts'
import { niceTicks } from '../../../src/figures/scale.ts'
import { extremes, shown, tickText } from '../../../src/figures/sweepFacts.ts'
import { factor } from '../../../src/format.ts'
import type { PhaseMeasure } from '../../engine/phaseMap.ts'

/** A measure that a map can show. */
export interface Shown {
  readonly measure: PhaseMeasure
  readonly name: string
  /** What the colours mean. */
  readonly words: string
  readonly unit: string
}

/** Measures in the order of the menu. */
export const shownMeasures: readonly Shown[] = [
  one('amplification', 'amplification', 'final drop ÷ outside drop', 'times'),
  one('total_liquidated_usd', 'total', 'debt repaid, with feedback', 'usd'),
  one('first_round_usd', 'first round', 'debt repaid, without feedback', 'usd'),
  one('second_round_share', 'feedback share', 'part of the total that feedback adds', 'ratio'),
  one('bad_debt_usd', 'bad debt', 'debt that no collateral covers', 'usd'),
  one('final_drop', 'final drop', 'where the price settles', 'ratio'),
  one('accounts_liquidated', 'accounts', 'accounts liquidated', 'count'),
  one('liquidator_profit_usd', 'liquidator profit', 'what liquidators earn', 'usd'),
]

function one(measure: PhaseMeasure, name: string, words: string, unit: string): Shown {
  return { measure, name, words, unit }
}

/** A value of a measure in words: `×1.77`, `$83.5M`. */
export function valueWords({ unit }: Shown, value: number): string {
  if (Number.isNaN(value)) return '–'
  return unit === 'times' ? `×${factor(value)}` : shown(value, unit)
}

/** A scale of colours: a share of 0 to 1 for each value, and ticks to read it by. */
export interface Shade {
  share(value: number): number
  readonly ticks: readonly { readonly share: number; readonly text: string }[]
}

/**
 * The colours of a measure.
 *
 * Rule: amplification by its logarithm, from 1 to 4 and above; everything else straight from the
 *       least to the greatest, 0 among them.
 */
export function shadeOf({ unit }: Shown, values: Float64Array): Shade {
  if (unit === 'times') {
    const share = (value: number) => Math.min(1, Math.max(0, Math.log(value) / Math.log(MOST)))
    const ticks = [1, 1.5, 2, 3, MOST].map((at) => ({
      share: share(at),
      text: `×${at}${at === MOST ? '+' : ''}`,
    }))
    return { share, ticks }
  }
  const known = [...values].filter((value) => !Number.isNaN(value))
  const [low, high] = extremes([0, ...known])
  const width = high - low || 1
  const share = (value: number) => Math.min(1, Math.max(0, (value - low) / width))
  const ticks = niceTicks([low, high === low ? low + 1 : high], 4)
  return { share, ticks: ticks.map((at) => ({ share: share(at), text: tickText(at, unit) })) }
}

/** Amplification from here up has one colour. */
export const MOST = 4

/** Red, green and blue of a share. */
export function colourOf(share: number): readonly [number, number, number] {
  const number = Number.parseInt(cividis(share).slice(1), 16)
  return [number >> 16, (number >> 8) & 255, number & 255]
}
