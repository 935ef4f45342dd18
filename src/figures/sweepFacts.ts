/** What the pictures and pages of a sweep say in the same words. */

import { count, counted, factor, money, percent } from '../format.ts'
import type { CellReport, SweepReport } from '../sweep/report.ts'
import { type Stat, type StatName, statOf } from '../sweep/stats.ts'
import { OUT_OF_MEMORY } from '../sweep/work.ts'
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

/** What of a sweep failed: `3 runs failed and are left out, 1 for lack of memory: --resume ...`. */
export function failedWords({ failed }: Pick<SweepReport, 'failed'>): string {
  const short = failed.filter(({ code }) => code === OUT_OF_MEMORY).length
  const all = `${counted(failed.length, 'run')} failed and ${failed.length === 1 ? 'is' : 'are'}`
  if (short === 0) return `${all} left out`
  const which = short === failed.length ? '' : `${count(short)} of them `
  return `${all} left out, ${which}for lack of memory: --resume tries again`
}

/** The probability of the intervals: `95 %`, `95 % at any time`. */
export function levelWords({ level, anytime }: SweepReport): string {
  return `${Number((100 * level).toFixed(2))}\u202f%${anytime ? ' at any time' : ''}`
}

/** A value in the form of its unit. `plain` for a terminal. */
export function shown(value: number | null, unit: string, style?: 'plain'): string {
  if (value === null) return '–'
  return minus(numeral(value, unit, style))
}

function numeral(value: number, unit: string, style?: 'plain'): string {
  if (unit === 'usd') return money(value, style)
  if (unit === 'ratio') return percent(value, 1, style)
  if (unit === 'seconds') return `${Math.abs(value) < 10 ? factor(value, 'plain') : count(value)} s`
  if (unit === 'count' && Number.isInteger(value)) return count(value)
  return factor(value, 'plain')
}

/** The least and the greatest of however many values; 0 of none. */
export function extremes(values: readonly number[]): [least: number, most: number] {
  if (values.length === 0) return [0, 0]
  return values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [values[0], values[0]],
  )
}

/** A value beside an axis: no more decimals than a round number needs. */
export function tickText(value: number, unit: string): string {
  return value === 0 ? '0' : shown(value, unit).replace(/\.0+(?!\d)/, '')
}

/** An interval in words; empty where there is none, and an end may be open. */
export function rangeWords({ low, high }: Stat, unit: string, style?: 'plain'): string {
  if (low === null && high === null) return ''
  if (high === null) return `${shown(low, unit, style)} or more`
  if (low === null) return `${shown(high, unit, style)} or less`
  return `${shown(low, unit, style)} to ${shown(high, unit, style)}`
}

/** A minus sign in place of a hyphen. */
function minus(text: string): string {
  return text.replace(/-(?=[$\d])/g, '−')
}

/** The unit of what is looked at; `factor` for a ratio that is read as times, not in per cent. */
export function unitOf({ measures }: SweepReport, { measure, stat }: Focus): string {
  if (stat === 'nonzero') return 'ratio'
  if (measure === 'amplification') return 'factor'
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
export interface Swing extends Stat {
  readonly key: string
  readonly name: string
  readonly change: number | null
}

/** Cells of keys varied alone, with what each changes; keys that change most come first. */
export function swings(report: SweepReport, focus: Focus): Swing[] {
  const { cells, variations } = report
  const base = focusOf(cells[0], focus)
  const rows = cells.slice(1).map((cell): Swing => {
    const v = cell.values.findIndex((value) => value !== null)
    const stat = statOf(cell, focus.measure, focus.stat)
    const change = stat.value === null || base === null ? null : stat.value - base
    const { key } = variations[v]
    return { key, name: `${shortKey(key)} ${cell.values[v]}`, change, ...stat }
  })
  const most = (key: string) =>
    Math.max(...rows.filter((row) => row.key === key).map(({ change }) => Math.abs(change ?? 0)))
  const order = [...new Set(rows.map(({ key }) => key))].sort((a, b) => most(b) - most(a))
  return order.flatMap((key) => rows.filter((row) => row.key === key))
}
