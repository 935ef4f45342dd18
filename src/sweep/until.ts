/** When a sweep has run enough: a wanted width of one interval, in every cell. */

import type { CellReport, SweepReport } from './report.ts'
import { type StatName, statOf } from './stats.ts'

/** An interval that is wanted so narrow. */
export interface Until {
  readonly measure: string
  readonly stat: StatName
  /** Half of the width: of the number itself, or in its unit. */
  readonly width: number
  readonly isRelative: boolean
  /** Whether it may be looked at as often as anybody likes. */
  readonly anytime: boolean
}

/** Half the width of an interval as it is wanted; null where it has an end too few. */
export function widthOf(cell: CellReport, { measure, stat, isRelative }: Until): number | null {
  const { value, low, high } = statOf(cell, measure, stat)
  if (value === null || low === null || high === null) return null
  const half = (high - low) / 2
  if (!isRelative) return half
  return half === 0 ? 0 : value === 0 ? Number.POSITIVE_INFINITY : half / Math.abs(value)
}

/** The widest of all cells; null where one has no interval. */
export function widest(report: SweepReport, until: Until): number | null {
  let most = 0
  for (const cell of report.cells) {
    const width = widthOf(cell, until)
    if (width === null) return null
    most = Math.max(most, width)
  }
  return most
}

/** Whether every cell is as narrow as wanted. */
export function isEnough(report: SweepReport, until: Until): boolean {
  const width = widest(report, until)
  return width !== null && width <= until.width
}
