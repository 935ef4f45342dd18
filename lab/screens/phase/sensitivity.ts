/** What moves a number: the sensitivities of a report, as rows and as a sweep to draw. */

import type { Metric, Report } from '../../../src/report.ts'
import type { CellReport, SweepReport } from '../../../src/sweep/report.ts'

/** One input moved by 1 %, and how far the number goes with it. */
export interface Move {
  readonly name: string
  /** Null: it is not there any more, or too far to follow. */
  readonly change: number | null
}

const words: Readonly<Record<string, readonly [string, string]>> = {
  'shock.drop': ['Drop 1 % smaller', 'Drop 1 % larger'],
  depth: ['Book 1 % thinner', 'Book 1 % thicker'],
  collateral: ['Collateral 1 % less', 'Collateral 1 % more'],
  debt: ['Debt 1 % less', 'Debt 1 % more'],
  threshold: ['Threshold 1 % lower', 'Threshold 1 % higher'],
  bonus: ['Liquidation bonus 1 % lower', 'Liquidation bonus 1 % higher'],
  closeFactor: ['Close factor 1 % lower', 'Close factor 1 % higher'],
}

/** The number of a metric that is one number; null where there is none. */
export function numberIn({ metrics }: Report, name: string): number | null {
  const metric = metrics[name]
  return metric === undefined || Array.isArray(metric) ? null : (metric as Metric).value
}

/** Inputs that leave the ignition drop where it is, either way. */
export function stillInputs(report: Report): string[] {
  const base = numberIn(report, 'ignition_drop')
  return report.sensitivity
    .filter(({ input }) => input !== 'shock.drop')
    .filter(({ metrics: { ignition_drop: of } }) => of.down === base && of.up === base)
    .map(({ input }) => inputNames[input] ?? input)
}

const inputNames: Readonly<Record<string, string>> = {
  depth: 'the book',
  bonus: 'the liquidation bonus',
  closeFactor: 'the close factor',
}

/** What moves the ignition drop, from most room gained to most lost. */
export function edgeMoves(report: Report): Move[] {
  const base = numberIn(report, 'ignition_drop')
  if (base === null) return []
  const change = (value: number | null) => (value === null ? null : value - base)
  return report.sensitivity
    .filter(({ input }) => input !== 'shock.drop')
    .filter(({ metrics: { ignition_drop: of } }) => of.down !== base || of.up !== base)
    .flatMap(({ input, metrics }) => {
      const { down, up } = metrics.ignition_drop
      const [less, more] = words[input] ?? [`${input} 1 % less`, `${input} 1 % more`]
      return [
        { name: less, change: change(down) },
        { name: more, change: change(up) },
      ]
    })
    .sort((a, b) => (b.change ?? 0) - (a.change ?? 0))
}

/** Metrics that a tornado can show: one number each, in the report and in every sensitivity. */
export function tornadoMetrics(report: Report): string[] {
  const [first] = report.sensitivity
  if (first === undefined) return []
  return Object.keys(first.metrics).filter((name) => numberIn(report, name) !== null)
}

/** Sensitivities as a sweep in which each key is varied alone, for the figure that draws one. */
export function sensitivitySweep(report: Report, metric: string): SweepReport {
  const { run_id, engine_version, scenario, seed, sensitivity, warnings, data } = report
  const found = report.metrics[metric] as Metric
  const none = sensitivity.map((): string | null => null)
  const cellOf = (values: readonly (string | null)[], value: number | null): CellReport => ({
    ...{ values, run_id, runs: 1, failed: 0, controlled: null },
    metrics: { [metric]: summaryOf(value) },
  })
  return {
    ...{ schema: 'firebreak.sweep/1', run_id, engine_version, scenario, seed },
    ...{ draw: 'seed', first: seed, runs: 1, batch: 1, level: 0.95, anytime: false },
    variations: sensitivity.map(({ input }) => ({ key: input, values: [LESS, MORE] })),
    one_at_a_time: true,
    measures: [{ name: metric, unit: found.unit, definition: found.definition }],
    cells: [
      cellOf(none, found.value),
      ...sensitivity.flatMap(({ metrics }, k) => [
        cellOf(none.with(k, LESS), metrics[metric].down),
        cellOf(none.with(k, MORE), metrics[metric].up),
      ]),
    ],
    ...{ failed: [], warnings, data },
  }
}

const LESS = '\u22121\u202f%'
const MORE = '+1\u202f%'

/** One number as the summary of a single run. */
export function summaryOf(value: number | null): CellReport['metrics'][string] {
  const one = { value, low: null, high: null }
  const none = { ...one, value: null }
  return {
    ...{ n: 1, sd: null, least: value, most: value, mean: one, nonzero: none },
    quantiles: { q50: none, q90: none, q95: none, q99: none },
    shortfalls: { es95: none, 'es97.5': none, es99: none },
  } as CellReport['metrics'][string]
}
