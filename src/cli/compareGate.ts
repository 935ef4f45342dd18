/** Gates of a comparison: conditions on means of arms, or on what they change. */

import { definitions } from '../definitions.ts'
import { InputError } from '../errors.ts'
import { shown } from '../figures/sweepFacts.ts'
import { didYouMean } from '../ingest/suggest.ts'
import type { Estimate } from '../statistics/interval.ts'
import { type CompareReport, IGNITED, LENDERS_LOSS } from '../sweep/compare.ts'
import { type Gate, type GateResult, parseGate, UnknownMetricError } from './gate.ts'

/** One condition: `bad_debt_usd(speed-limit) < 1M`, `delta:forced_sale_usd(breaker) < 0`. */
export interface CompareGate {
  readonly gate: Gate
  /** On the difference from the first arm, in place of the mean. */
  readonly isChange: boolean
  /** Null for every arm. */
  readonly arm: string | null
  readonly stat: Stat
}

const stats = ['mean', 'low', 'high', 'q95'] as const
type Stat = (typeof stats)[number]

/**
 * Reads a gate.
 *
 * Rule:   [delta:]MEASURE[(ARM)] OP VALUE, ARM as the command line names it. Without an arm every
 *         one must hold. After the arm `low` and `high` are the ends of the interval, and without
 *         delta `q95` is the 95 % quantile of the runs: `delta:forced_sale_usd(breaker, high) < 0`
 *         holds where it is shown that less is sold.
 * Shape:  `arms` are all names, the first that of the scenario as it is.
 * Throws: GateSyntaxError, UnknownMetricError, UnknownArmError
 */
export function parseCompareGate(text: string, arms: readonly string[]): CompareGate {
  const place = '--gate'
  const [, prefix, rest] = /^\s*(delta:)?(.*)$/s.exec(text)!
  const gate = { ...parseGate(rest, place), text: text.trim() }
  const isChange = prefix !== undefined
  const names = [...Object.keys(definitions), LENDERS_LOSS, IGNITED]
  if (!names.includes(gate.metric)) throw new UnknownMetricError(gate, names)
  const word = gate.at[gate.at.length - 1]
  const last = stats.find((stat) => stat === word && !(isChange && stat === 'q95'))
  const words = last === undefined ? gate.at : gate.at.slice(0, -1)
  const stat = last ?? 'mean'
  if (words.length === 0) return { gate, isChange, arm: null, stat }
  // A key that was changed may hold commas itself.
  const arm = arms.find((name) => bare(name) === bare(words.join(',')))
  if (arm === undefined || (isChange && arm === arms[0]))
    throw new UnknownArmError(words.join(', '), isChange ? arms.slice(1) : arms)
  return { gate, isChange, arm, stat }
}

/**
 * Judges a gate. What has no value breaches it.
 *
 * Throws: UnknownMetricError
 */
export function judgeCompare(condition: CompareGate, report: CompareReport): GateResult {
  const { gate, isChange, arm, stat } = condition
  const { text } = gate
  const row = report.measures.find(({ name }) => name === gate.metric)
  if (row === undefined)
    throw new UnknownMetricError(
      gate,
      report.measures.map(({ name }) => name),
    )
  const said = (value: number) =>
    `${isChange && value > 0 ? '+' : ''}${shown(value, row.unit, 'plain')}`
  for (const [a, { name }] of report.arms.entries()) {
    if (arm === null ? isChange && a === 0 : name !== arm) continue
    const { mean, q95, difference } = row.arms[a]
    const value = isChange ? numberOf(difference!.mean, stat) : numberOf(mean, stat, q95)
    const at = arm === null ? ` with ${name}` : ''
    if (value === null) return { text, ok: false, detail: `has no value${at}` }
    if (!gate.holds(value)) return { text, ok: false, detail: `got ${said(value)}${at}` }
    if (arm !== null) return { text, ok: true, detail: `got ${said(value)}` }
  }
  return { text, ok: true, detail: 'in every arm' }
}

function numberOf(mean: Estimate, stat: Stat, q95: Estimate = mean): number | null {
  if (stat === 'q95') return q95.value
  return stat === 'mean' ? mean.value : mean[stat]
}

function bare(name: string): string {
  return name.replaceAll(' ', '')
}

/** A gate on an arm that is not compared. */
export class UnknownArmError extends InputError {
  constructor(came: string, arms: readonly string[]) {
    super({
      code: 'FB2023',
      rule: 'what stands in the brackets of a gate must be an arm of the comparison',
      place: '--gate',
      came,
      remedy: didYouMean(came, arms),
    })
  }
}
