/** The front of a sweep: which of its cells no other dominates, and which a limit refuses. */

import type { Estimate } from '../statistics/interval.ts'
import type { Better } from './directions.ts'
import { type Aims, frontOf } from './frontier.ts'
import type { CellReport, SweepReport } from './report.ts'
import { type StatName, statOf } from './stats.ts'

/** One number by which cells are judged. */
export interface Aim {
  /** The name of a measure, or a key that is varied. */
  readonly measure: string
  readonly stat: StatName
  readonly better: Better
  readonly unit: string
  /** Of a key, what its values come to as numbers, by value as typed. */
  readonly numbers?: Readonly<Record<string, number>>
}

/** A limit on the value of a key. */
export interface KeyLimit {
  readonly key: string
  /** As a reader would say it: `ETH.threshold: most 85%`. */
  readonly text: string
  /** Whether it allows a value as typed. */
  holds(value: string): boolean
}

/** A limit on what a cell comes to; what has no value does not hold. */
export interface Bound {
  readonly measure: string
  readonly stat: StatName
  readonly text: string
  holds(value: number): boolean
}

/** What a front is judged by. */
export interface FrontTerms {
  readonly aims: readonly Aim[]
  readonly keys: readonly KeyLimit[]
  readonly bounds: readonly Bound[]
}

/** How the cells were chosen. */
export interface SearchReport {
  readonly method: 'grid' | 'spread points, then halving boxes'
  /** Cells that were allowed to be run; of a grid all of them. */
  readonly budget: number
  /** Combinations of all values, and those that the limits on keys leave. */
  readonly combinations: number
  readonly within_limits: number
  /** Cells that were run, by round. */
  readonly rounds: readonly number[]
  /** Combinations that were chosen and do not read as a scenario. */
  readonly unread: readonly { readonly values: readonly string[]; readonly text: string }[]
}

/** One cell of the front. */
export interface FrontPoint {
  readonly cell: number
  /** By aim. */
  readonly aims: readonly Estimate[]
  /** Limits that refuse a neighbour of it: one key one value further, as far as that was run. */
  readonly binds: readonly string[]
}

export interface FrontReport {
  readonly aims: readonly Aim[]
  readonly search: SearchReport
  readonly limits: readonly string[]
  /** The best by the first aim first. */
  readonly points: readonly FrontPoint[]
  /** Cells off the front, each with one of it that is nowhere worse and somewhere better. */
  readonly dominated: readonly { readonly cell: number; readonly by: number }[]
  /** Cells outside the limits, each with those that refuse it. */
  readonly refused: readonly { readonly cell: number; readonly by: readonly string[] }[]
  /** Cells without a value of some aim. */
  readonly unknown: readonly number[]
}

/**
 * The front of the cells of a sweep.
 *
 * Rule:    cells outside a limit are refused and dominate nothing. Of the rest those are on the
 *          front that no other dominates, by the estimates as they are: intervals stand beside.
 *          Cells have the same runs, so that what runs have in common does not tell them apart.
 * Assumes: every combination, not one key at a time.
 */
export function frontReport(
  report: SweepReport,
  terms: FrontTerms,
  search: SearchReport,
): FrontReport {
  const { aims, keys, bounds } = terms
  const refusedBy = report.cells.map((cell) => refusals(report, cell, terms))
  const kept = Array.from(report.cells.keys()).filter((c) => refusedBy[c].length === 0)
  const rated = kept.map((c) => aimsOf(report, report.cells[c], aims))
  const { front, dominatedBy } = frontOf(rated)
  const neighbours = neighboursIn(report)
  const points = front.map((p): FrontPoint => {
    const cell = report.cells[kept[p]]
    const estimates = aims.map((aim) => aimOf(report, cell, aim))
    return { cell: kept[p], aims: estimates, binds: bindingAt(cell, neighbours, report, terms) }
  })
  const best = (at: number) => aimsOf(report, report.cells[at], aims)[0]
  return {
    aims,
    search,
    limits: [...keys, ...bounds].map(({ text }) => text),
    points: points.sort((a, b) => best(a.cell) - best(b.cell) || a.cell - b.cell),
    dominated: kept.flatMap((cell, p) => {
      const by = dominatedBy[p]
      return by === null ? [] : [{ cell, by: kept[by] }]
    }),
    refused: refusedBy.flatMap((by, cell) => (by.length === 0 ? [] : [{ cell, by }])),
    unknown: kept.filter((_, p) => rated[p].some(Number.isNaN)),
  }
}

/** What a search needs to know of a cell: its aims, or null where a limit refuses it. */
export function ratingOf(report: SweepReport, cell: CellReport, terms: FrontTerms): Aims | null {
  if (refusals(report, cell, terms).length > 0) return null
  return aimsOf(report, cell, terms.aims)
}

/** Less is better; NaN where there is no value. */
function aimsOf(report: SweepReport, cell: CellReport, aims: readonly Aim[]): Aims {
  return aims.map((aim) => {
    const { value } = aimOf(report, cell, aim)
    if (value === null) return Number.NaN
    return aim.better === 'lower' ? value : -value
  })
}

/** What a cell comes to in an aim; the value of a key is sure. */
export function aimOf(
  { variations }: SweepReport,
  cell: CellReport,
  { measure, stat, numbers }: Aim,
): Estimate {
  if (numbers === undefined) return statOf(cell, measure, stat)
  const typed = cell.values[variations.findIndex(({ key }) => key === measure)]
  const value = typed === null || typed === undefined ? null : (numbers[typed] ?? null)
  return { value, low: value, high: value }
}

function refusals(report: SweepReport, cell: CellReport, { keys, bounds }: FrontTerms): string[] {
  const set = keys.filter((limit) => !holdsFor(report, cell, limit))
  const met = bounds.filter(({ measure, stat, holds }) => {
    const { value } = statOf(cell, measure, stat)
    return value === null || !holds(value)
  })
  return [...set, ...met].map(({ text }) => text)
}

function holdsFor({ variations }: SweepReport, { values }: CellReport, limit: KeyLimit): boolean {
  const value = values[variations.findIndex(({ key }) => key === limit.key)]
  return value === undefined || value === null || limit.holds(value)
}

/** Cells by what was set in them. */
function neighboursIn({ cells }: SweepReport): ReadonlyMap<string, CellReport> {
  return new Map(cells.map((cell) => [JSON.stringify(cell.values), cell]))
}

/** Limits that refuse the next value of some key, in the order of the limits. */
function bindingAt(
  { values }: CellReport,
  cells: ReadonlyMap<string, CellReport>,
  report: SweepReport,
  terms: FrontTerms,
): string[] {
  const found = new Set<string>()
  report.variations.forEach(({ key, values: all }, v) => {
    const at = all.indexOf(values[v] ?? '')
    for (const next of [all[at - 1], all[at + 1]]) {
      if (next === undefined) continue
      for (const limit of terms.keys)
        if (limit.key === key && !limit.holds(next)) found.add(limit.text)
      const cell = cells.get(JSON.stringify(values.with(v, next)))
      if (cell !== undefined)
        for (const text of refusals(report, cell, { ...terms, keys: [] })) found.add(text)
    }
  })
  return [...terms.keys, ...terms.bounds].map(({ text }) => text).filter((text) => found.has(text))
}
