/** One number of a distribution, by its name: `mean`, `q95`, `es97.5`, `nonzero`. */

import { type Estimate, UNKNOWN } from '../statistics/interval.ts'
import type { CellReport } from './report.ts'

/** Names that every measure has. */
export const statNames = [
  'mean',
  'q50',
  'q90',
  'q95',
  'q99',
  'es95',
  'es97.5',
  'es99',
  'nonzero',
] as const
export type StatName = (typeof statNames)[number]

/** A number with its interval at 95 %, as far as they are known. */
export type Stat = Estimate

/** The number of a cell. */
export function statOf({ metrics }: CellReport, measure: string, name: StatName): Stat {
  const found = metrics[measure]
  if (found === undefined) return UNKNOWN
  const { mean, quantiles, shortfalls, nonzero } = found
  return { mean, nonzero, ...quantiles, ...shortfalls }[name]
}
