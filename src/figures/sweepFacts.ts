/** What the pictures and pages of a sweep say in the same words. */

import { count, factor, money, percent } from '../format.ts'
import type { CellReport, SweepReport } from '../sweep/report.ts'
import { type StatName, statOf } from '../sweep/stats.ts'
import type { Subject } from './sheet.ts'

/** What of a sweep is looked at. */
export interface Focus {
  readonly measure: string
  readonly stat: StatName
}

/** A sweep as the subject of a sheet. */
export function subjectOf(report: SweepReport): Subject {
  const { run_id, scenario, seed } = report
  return { run_id, scenario, seed, as_of: null, book: { synthetic: false } }
}

/** Which runs a sweep has: `path 0 to 95`. */
export function runsWords({ draw, first, runs }: SweepReport): string {
  return runs === 1 ? `${draw} ${first}` : `${draw} ${first} to ${first + runs - 1}`
}

/** A value in the form of its unit. `plain` for a terminal. */
export function shown(value: number | null, unit: string, style?: 'plain'): string {
  if (value === null) return '–'
  return minus(numeral(value, unit, style))
}

function numeral(value: number, unit: string, style?: 'plain'): string {
  if (unit === 'usd') return money(value, style)
  if (unit === 'ratio') return percent(value, 1, style)
  if (unit === 'count') {
    return Number.isInteger(value) ? count(value) : factor(value, 'plain')
  }
  return factor(value, 'plain')
}

/** A minus sign in place of a hyphen. */
function minus(text: string): string {
  return text.replace(/-(?=[$\d])/g, '−')
}

/** The unit of what is looked at. */
export function unitOf({ measures }: SweepReport, { measure, stat }: Focus): string {
  if (stat === 'nonzero') return 'ratio'
  return measures.find(({ name }) => name === measure)?.unit ?? ''
}

/** A measure in words: `bad debt`. */
export function measureWords(name: string): string {
  return name.replace(/_usd$/, '').replaceAll('_', ' ')
}

/** What is looked at in words: `bad debt, 95 % quantile`. */
export function focusWords({ runs }: Pick<SweepReport, 'runs'>, { measure, stat }: Focus): string {
  const name = measureWords(measure)
  return runs === 1 ? name : `${name}, ${statWords(stat)}`
}

function statWords(stat: StatName): string {
  if (stat === 'mean') return 'mean'
  if (stat === 'nonzero') return 'share of runs that are not 0'
  const level = Number(stat.replace(/^\D+/, ''))
  return stat.startsWith('q') ? `${level} % quantile` : `mean of the worst ${100 - level} %`
}

/** The value of a cell. */
export function focusOf(cell: CellReport, { measure, stat }: Focus): number | null {
  return statOf(cell, measure, stat).value
}

/** The last two steps of a key, `depth.haircut`; three where the last but one is a number. */
export function shortKey(key: string): string {
  if (key === 'shock.drop') return 'drop'
  const steps = key.split('.')
  const from = /^\d+$/.test(steps[steps.length - 2] ?? '') ? -3 : -2
  return steps.slice(from).join('.')
}

/** What was set in a cell. */
export function nameOf({ variations }: SweepReport, { values }: CellReport): string {
  const set = values.flatMap((value, v) =>
    value === null ? [] : [`${shortKey(variations[v].key)} ${value}`],
  )
  return set.length === 0 ? 'as it is' : set.join(', ')
}

/** One value of a key varied alone, and what it changes. */
export interface Swing {
  readonly key: string
  readonly name: string
  readonly value: number | null
  readonly change: number | null
}

/** Cells of keys varied alone, with what each changes; keys that change most come first. */
export function swings(report: SweepReport, focus: Focus): Swing[] {
  const { cells, variations } = report
  const base = focusOf(cells[0], focus)
  const rows = cells.slice(1).map((cell) => {
    const v = cell.values.findIndex((value) => value !== null)
    const value = focusOf(cell, focus)
    const change = value === null || base === null ? null : value - base
    const { key } = variations[v]
    return { key, name: `${shortKey(key)} ${cell.values[v]}`, value, change }
  })
  const most = (key: string) =>
    Math.max(...rows.filter((row) => row.key === key).map(({ change }) => Math.abs(change ?? 0)))
  const order = [...new Set(rows.map(({ key }) => key))].sort((a, b) => most(b) - most(a))
  return order.flatMap((key) => rows.filter((row) => row.key === key))
}
