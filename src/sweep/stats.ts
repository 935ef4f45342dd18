/** One number of a distribution, by its name: `mean`, `q95`, `es97.5`, `nonzero`. */

import type { CellReport } from './report.ts'

/** Names that every measure has. `value` is that of the only run. */
export const statNames = ['mean', 'q50', 'q90', 'q95', 'q99', 'es95', 'es99', 'nonzero'] as const
export type StatName = (typeof statNames)[number]

/** A number with its interval at 95 %, as far as they are known. */
export interface Stat {
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
}

/** The number of a cell. */
export function statOf({ metrics }: CellReport, measure: string, name: StatName): Stat {
  const found = metrics[measure]
  if (found === undefined) return { value: null, low: null, high: null }
  const { mean, quantiles, shortfalls, nonzero } = found as never as Shape
  const one =
    name === 'mean'
      ? mean
      : name === 'nonzero'
        ? nonzero
        : name.startsWith('q')
          ? quantiles[name]
          : shortfalls[name]
  return one ?? { value: null, low: null, high: null }
}

interface Shape {
  mean: Stat
  nonzero: Stat
  quantiles: Record<string, Stat>
  shortfalls: Record<string, Stat>
}
