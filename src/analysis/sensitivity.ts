/** What 1 % of each input does to each number. */

import type { Sensitivity } from '../report.ts'
import type { World } from '../rules.ts'
import { type Headline, headline } from './headline.ts'
import { type Bench, benchOf, feedbackUsd } from './simulate.ts'

/** The inputs that are turned, and how a world is built with one of them changed. */
export type Input = 'depth' | 'collateral' | 'debt' | 'threshold' | 'bonus' | 'closeFactor'

/** Every input by its name in the report; `shock.drop` needs no new world. */
export const INPUTS: readonly Input[] = [
  'depth',
  'collateral',
  'debt',
  'threshold',
  'bonus',
  'closeFactor',
]

/**
 * Every headline number, and the ignition drop, with each input 1 % lower and 1 % higher, all else as it is.
 *
 * Units:      the values themselves, not differences; null where the number does not exist.
 * Simplifies: ignition is followed from its base value: the nearest crossing within IGNITION_REACH of it; null where
 *             it moved further or was not there.
 */
export function sensitivities(
  bench: Bench,
  drop: number,
  ignition: number | null,
  tolerance: number,
  build: (input: Input, factor: number) => World,
): Sensitivity[] {
  const rows: Sensitivity[] = [
    row('shock.drop', (factor) => ({
      numbers: headline(bench, Math.min(0.999, drop * factor)).numbers,
      ignition,
    })),
  ]
  for (const input of INPUTS) {
    rows.push(
      row(input, (factor) => {
        const turned = benchOf(build(input, factor), bench.asset, bench.options)
        const at = ignition === null ? null : nearestIgnition(turned, ignition, tolerance)
        return { numbers: headline(turned, drop).numbers, ignition: at }
      }),
    )
  }
  return rows
}

function row(
  input: string,
  at: (factor: number) => { numbers: Headline; ignition: number | null },
): Sensitivity {
  const down = at(0.99)
  const up = at(1.01)
  const metrics: Record<string, { down: number | null; up: number | null }> = {}
  for (const name of Object.keys(down.numbers) as (keyof Headline)[])
    metrics[name] = { down: down.numbers[name], up: up.numbers[name] }
  metrics.ignition_drop = { down: down.ignition, up: up.ignition }
  return { input, metrics }
}

function nearestIgnition(bench: Bench, near: number, tolerance: number): number | null {
  const passes = (drop: number) => feedbackUsd(bench, drop) > tolerance
  let low = Math.max(0, near - IGNITION_REACH)
  let high = Math.min(0.99, near + IGNITION_REACH)
  if (passes(low) || !passes(high)) return null
  while (high - low > IGNITION_WIDTH) {
    const middle = (low + high) / 2
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}

const IGNITION_REACH = 0.02
const IGNITION_WIDTH = 1e-4
