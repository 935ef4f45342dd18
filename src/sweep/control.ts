/** The instant cascade as a control of runs in time: cheap, and it moves as they do. */

import { dropCurve } from '../analysis/simulate.ts'
import { benchFor } from '../instant.ts'
import { type Paths, pathSampler, pathsFor } from '../paths/sample.ts'
import type { Scenario } from '../scenario.ts'
import { batchMeans, type Controlled, controlled } from '../statistics/summary.ts'
import type { Measure } from './meter.ts'

/** What the instant cascade comes to at the lowest outside price of a path. */
export interface Control {
  /** Debt repaid and bad debt, as `controlMeasures` has them. */
  of(paths: Paths): readonly [number, number]
  /** The same of other paths, which no run has: columns by measure. */
  others(count: number): readonly Float64Array[]
}

/** A measure of runs, and the control that goes with it. */
export const controls: Readonly<Record<string, string>> = {
  total_liquidated_usd: 'instant_liquidated_usd',
  bad_debt_usd: 'instant_bad_debt_usd',
}

/**
 * The control of a scenario in time.
 *
 * Rule:   the response of an instant cascade at drops of the headline asset, straight between two
 *         of DROPS, read at the lowest outside price of the path. Any function of the path would
 *         do: its mean is estimated from other paths.
 * Source: P. Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 4.1.
 */
export function controlOf(scenario: Scenario): Control {
  const time = scenario.time!
  const { asset } = scenario.shock
  const instant: Scenario = { ...scenario, time: null, order: 'worst-first', feedback: true }
  const { totalUsd, badDebtUsd } = dropCurve(benchFor(instant), DROPS)
  const assets = scenario.assets.length
  const of = ({ price }: Paths): [number, number] => {
    let lowest = price[asset]
    for (let at = asset; at < price.length; at += assets) lowest = Math.min(lowest, price[at])
    const drop = Math.max(0, 1 - lowest)
    return [between(totalUsd, drop), between(badDebtUsd, drop)]
  }
  return {
    of,
    others(count) {
      const sampler = pathSampler({ ...time, sampling: null }, assets)
      const paths = pathsFor(time, assets)
      const columns = [new Float64Array(count), new Float64Array(count)]
      for (let k = 0; k < count; k++) {
        sampler.sample(scenario.seed, (time.path + FAR + k) % WORDS, paths)
        const [total, bad] = of(paths)
        columns[0][k] = total
        columns[1][k] = bad
      }
      return columns
    },
  }
}

function measure(name: string, what: string): Measure {
  const definition = `${what} at the lowest outside price of the path.`
  return { name, unit: 'usd', definition }
}

/** The two numbers of a control. */
export const controlMeasures: readonly Measure[] = [
  measure('instant_liquidated_usd', 'Debt that the instant cascade repays'),
  measure('instant_bad_debt_usd', 'Bad debt of the instant cascade'),
]

function between(curve: readonly number[], drop: number): number {
  const at = Math.min(drop / STEP, curve.length - 1)
  const below = Math.min(Math.floor(at), curve.length - 2)
  return curve[below] + (at - below) * (curve[below + 1] - curve[below])
}

/**
 * Means of a cell with their controls, by measure.
 *
 * Shape: `column(name)` gives the values of the runs, NaN where a run failed.
 */
export function controlledMeans(
  scenario: Scenario,
  column: (name: string) => Float64Array,
  level: number,
): Record<string, Controlled> {
  const control = controlOf(scenario)
  const runs = column('bad_debt_usd').length
  const batch = scenario.time!.sampling?.batch ?? 1
  const others = control.others(OTHERS * runs)
  return Object.fromEntries(
    Object.entries(controls).map(([name, by], m) => {
      const [values, beside] = [column(name), column(by)]
      // A run that failed has neither; of batches the means are what is independent.
      const known = beside.map((value, k) => (Number.isNaN(values[k]) ? Number.NaN : value))
      const [own, other] = [batchMeans(values, batch), batchMeans(known, batch)]
      return [name, controlled(own, other, others[m], level)]
    }),
  )
}

/** Other paths for each run: they cost no blocks. */
const OTHERS = 4
/** Paths so far from those of the runs that no sweep reaches them. */
const FAR = 2147483648
const WORDS = 4294967296
const STEP = 0.01
const DROPS = Array.from({ length: 91 }, (_, i) => i / 100)
