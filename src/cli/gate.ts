/** Gates: conditions on metrics that decide the exit code. */

import { isList } from '../document/metrics.ts'
import { InputError } from '../errors.ts'
import { count, factor, money } from '../format.ts'
import { amount, ratio } from '../ingest/quantity.ts'
import { didYouMean } from '../ingest/suggest.ts'
import type { Metric, MetricAt, Report } from '../report.ts'
import type { TimedReport } from '../timedReport.ts'

/** One condition, as read: `bad_debt_usd < 1M`, `loop_gain(10%) < 1`. */
export interface Gate {
  /** Where it was written: `--gate`, or the scenario. */
  readonly place: string
  readonly text: string
  readonly metric: string
  /** Which entries of a metric that is stated at several parameters: all of these must match. */
  readonly at: readonly string[]
  readonly holds: (value: number) => boolean
}

/** Whatever has metrics. */
type Measured = Pick<Report | TimedReport, 'metrics'>

/** What a gate found. */
export interface GateResult {
  readonly text: string
  readonly ok: boolean
  /** `got $3.2M`, or why it failed without a value. */
  readonly detail: string
}

/**
 * Reads a gate.
 *
 * Rule:   NAME OP VALUE or NAME(PARAMETER, ...) OP VALUE; OP is one of < <= > >=; a number may
 *         carry $, k M B T or %.
 * Throws: GateSyntaxError
 */
export function parseGate(text: string, place: string): Gate {
  const match = syntax.exec(text)
  const limit = numberOf(match?.[4] ?? '')
  if (match === null || limit === null) throw new GateSyntaxError(text, place)
  const [, metric, parameters, operator] = match
  const at = (parameters ?? '').split(',').map((part) => part.trim())
  return {
    place,
    text: text.trim(),
    metric,
    at: at.filter((part) => part !== ''),
    holds: (value) => compare[operator](value, limit),
  }
}

/**
 * Judges a gate. A metric without a value breaches it: silence is not safety. Where several entries
 * match, every one of them must hold.
 *
 * Throws: UnknownMetricError, UnknownEntryError
 */
export function judge(gate: Gate, report: Measured): GateResult {
  const results = entries(gate, report).map((metric) => verdict(gate, metric))
  return results.find((result) => !result.ok) ?? results[0]
}

/** A value in the form that its unit has on a terminal. */
export function figure(value: number | null, unit: string): string {
  if (unit === 'usd') return money(value, 'plain')
  return unit === 'count' ? count(value) : factor(value, 'plain')
}

const syntax = /^\s*(\w+)\s*(?:\(([^)]*)\))?\s*(<=|>=|<|>)\s*(\S+)\s*$/

const compare: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

function verdict(gate: Gate, metric: Metric): GateResult {
  const { value, unit, basis } = metric
  if (value === null) return { text: gate.text, ok: false, detail: `has no value (${basis})` }
  return { text: gate.text, ok: gate.holds(value), detail: `got ${figure(value, unit)}` }
}

function entries(gate: Gate, report: Measured): readonly Metric[] {
  if (!Object.hasOwn(report.metrics, gate.metric)) {
    throw new UnknownMetricError(gate, Object.keys(report.metrics))
  }
  const metric = report.metrics[gate.metric]
  const found = isList(metric)
    ? metric.filter((entry) => gate.at.every((parameter) => matches(entry, parameter)))
    : gate.at.length === 0 && [metric]
  if (!found || found.length === 0) throw new UnknownEntryError(gate)
  return found
}

function matches(entry: MetricAt, parameter: string): boolean {
  const number = numberOf(parameter)
  return ['band', 'drop', 'h', 'asset', 'protocol'].some((key) => {
    const value = entry[key]
    if (typeof value === 'number') return number !== null && Math.abs(value - number) < 1e-9
    return value === parameter
  })
}

const any = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/** `$1.2m`, `12M`, `15%`, `0.5`; null when it is none. */
function numberOf(text: string): number | null {
  const reading = /(%|bps)$/i.test(text) ? ratio(text, any) : amount(text, any, true)
  return 'value' in reading ? reading.value : null
}

/** A gate that cannot be read. */
export class GateSyntaxError extends InputError {
  constructor(text: string, place: string) {
    super({
      code: 'FB2021',
      rule: 'a gate is a metric, one of < <= > >=, and a number',
      place,
      came: JSON.stringify(text),
      remedy: "Write it like 'bad_debt_usd < 1M' or 'loop_gain(10%) < 1', in quotes",
    })
  }
}

/** A gate on a metric that the report does not have. */
export class UnknownMetricError extends InputError {
  constructor(gate: Gate, names: readonly string[]) {
    super({
      code: 'FB2022',
      rule: 'a gate must name a metric of the report',
      place: gate.place,
      came: gate.metric,
      remedy: didYouMean(gate.metric, names),
    })
  }
}

/** A gate on an entry that the metric does not have. */
export class UnknownEntryError extends InputError {
  constructor(gate: Gate) {
    super({
      code: 'FB2023',
      rule: 'the metric of a gate has no entry with this parameter',
      place: gate.place,
      came: `${gate.metric}(${gate.at.join(', ')})`,
      remedy: 'Name a band, drop or h that the report states, or leave the brackets out for all',
    })
  }
}
