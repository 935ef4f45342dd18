/** A market in which defences are tried: eighty loans, a pool that refills, empty blocks. */

import {
  ETH,
  plainTime,
  positionsOf,
  stamp,
  timedScenario,
  USD,
  unlimited,
} from '../blocks.suite.ts'
import type { DefenceSpec } from '../defence.ts'
import { randomAt } from '../math/random.ts'
import type { Metric } from '../report.ts'
import type { CourseSpec, RulesSpec, Scenario, TakerSpec, TimeSpec } from '../scenario.ts'
import { defenceFactories, withDefences } from '../setup.ts'
import { timedRun } from '../timed.ts'
import type { TimedReport } from '../timedReport.ts'

const ACCOUNTS = 80
const BLOCKS = 600
const SECONDS = 12

const chain = {
  ...plainTime.chain,
  ...{ blockSeconds: SECONDS, gasLimit: 30e6, gwei: 20, gasAsset: ETH },
}

/** Takes what pays after gas, with flash loans, and sells at once. */
export const searcher: TakerSpec = {
  ...unlimited,
  name: 'searcher',
  capitalUsd: 1e4,
  flashFee: 0.0005,
  minProfitUsd: 1,
  size: 'profitable',
  gas: 300_000,
}

/** Falls by a share between two moments, seconds. */
export const fall = (drop: number, fromSeconds: number, toSeconds: number): CourseSpec => ({
  ...{ kind: 'ramp', drop, fromSeconds, toSeconds },
})

/** Falls by `drop` in ten minutes, and comes back as far in the hour after it. */
export function dip(drop: number): readonly CourseSpec[] {
  return [fall(drop, 120, 720), fall(1 - 1 / (1 - drop), 1200, 4800)]
}

/** Health factors from 1.02 to 1.6, a tenth of the debt with one account. */
function loans() {
  const random = randomAt(9, 1)
  return positionsOf(
    Array.from({ length: ACCOUNTS }, (_, i) => {
      const units = i === 0 ? 120 : 20 * random.uniform(i, 0) + 2
      const health = 1.02 + 0.58 * random.uniform(i, 1)
      const legs: [number, number, 1 | -1, number][] = [
        [i, ETH, 1, units],
        [i, USD, -1, (units * 100 * 0.8) / health],
      ]
      return legs
    }).flat(),
  )
}

/** Half of a debt at once, all of it below 0.95, at a bonus of 6 %. */
export const bankRules: RulesSpec = {
  kind: 'lending',
  assets: [
    { asset: ETH, threshold: 0.8, bonus: 0.06 },
    { asset: USD, threshold: null, bonus: 0 },
  ],
  ...{ closeFactor: 0.5, wholeBelow: 0.95, dustUsd: 20, target: null },
}

/** The chain of `market` with blocks that others fill at a gas price, gwei; else gas is free. */
export function atGas(gwei: number): Partial<TimeSpec> {
  return { chain: { ...chain, gwei, demand: 1 } }
}

/** The scenario, with these defences and this course of ETH. */
export function market(
  defences: readonly DefenceSpec[],
  courses: readonly CourseSpec[],
  time: Partial<TimeSpec> = {},
): Scenario {
  const scenario = timedScenario(
    loans(),
    {
      blocks: BLOCKS,
      chain,
      prices: [{ asset: ETH, courses }],
      formation: { ...plainTime.formation, halfLifeSeconds: [300] },
      takers: [searcher],
      ...time,
    },
    {
      venues: [
        {
          ...{ name: 'pool', base: ETH, quoteAsset: USD, outside: 100, fee: 0.003, asOf: null },
          ...{ beyond: 'linear', kind: 'constantProduct', reserve: 4000, keepsFee: false },
          reprice: 'arbitrage',
        },
      ],
      rules: bankRules,
    },
  )
  const [bank] = scenario.protocols
  return withDefences({ ...scenario, protocols: [{ ...bank, defences }] })
}

/** Two banks with the same loans; the debts of the second are smaller by a factor. */
export function banks(
  courses: readonly CourseSpec[],
  first: readonly DefenceSpec[],
  second: readonly DefenceSpec[],
  factor = 1,
): Scenario {
  const scenario = market([], courses)
  const [bank] = scenario.protocols
  const { positions } = bank
  const amount = positions.amount.map((units, k) => units * (positions.side[k] < 0 ? factor : 1))
  const other = { ...bank, name: 'other', positions: { ...positions, amount } }
  return withDefences({
    ...scenario,
    protocols: [
      { ...bank, defences: first },
      { ...other, defences: second },
    ],
  })
}

/** What a defence is told where a scenario says nothing. */
export function defaultsOf(kind: string): Record<string, unknown> {
  const fields = Object.entries(defenceFactories[kind].parameters)
  return Object.fromEntries(
    fields.flatMap(([name, { otherwise }]) => (otherwise === undefined ? [] : [[name, otherwise]])),
  )
}

/** What a run comes to. */
export function ran(scenario: Scenario): TimedReport {
  const run = timedRun(scenario, stamp)
  for (;;) {
    const step = run.next()
    if (step.done) return step.value
  }
}

/** A metric of a report. */
export function metric(report: TimedReport, name: keyof TimedReport['metrics']): number {
  return (report.metrics[name] as Metric).value ?? Number.NaN
}

/** A reading of the first defence of the bank. */
export function reading(report: TimedReport, name: string): number {
  return report.protocols[0].defences[0].readings.find((one) => one.name === name)!.value
}
