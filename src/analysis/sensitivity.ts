/** What 1 % of each input does to each number. */

import type { Sensitivity } from '../report.ts'
import type { World } from '../rules.ts'
import { maxProfitableUsd, unitsToDrop } from './depth.ts'
import { gainNow, headline } from './headline.ts'
import { toxicLtv } from './position.ts'
import { type Bench, benchOf, feedbackUsd } from './simulate.ts'
import { atRisk } from './tables.ts'

/** The inputs that are turned by building another world; `shock.drop` needs none. */
export type Input = 'depth' | 'collateral' | 'debt' | 'threshold' | 'bonus' | 'closeFactor'

/** What the base case was measured at. `build` makes the world with one input multiplied. */
export interface Base {
  readonly bench: Bench
  readonly drop: number
  readonly gainDrops: readonly number[]
  readonly riskDrops: readonly number[]
  readonly ignition: number | null
  /** USD of feedback at which ignition is declared. */
  readonly tolerance: number
  readonly build: (input: Input, factor: number) => World
}

type Numbers = Record<string, number | null>

/**
 * Every metric with each input 1 % lower and 1 % higher, all else as it is.
 *
 * Units:      the values themselves, not differences; null where the number does not exist. A
 *             metric with a parameter is named with it: `loop_gain(5%)`.
 * Simplifies: ignition is followed from its base value: the nearest crossing within IGNITION_REACH
 *             of it, to IGNITION_WIDTH; null where it moved further or was not there. Inputs that
 *             no protocol's rules have are left out.
 */
export function sensitivities(base: Base): Sensitivity[] {
  const { bench, drop, ignition } = base
  const shocked = row('shock.drop', (factor) => ({
    ...numbersOf(bench, Math.min(0.999, drop * factor), base),
    ignition_drop: ignition,
  }))
  const turned = INPUTS.filter((input) => applies(bench, input)).map((input) =>
    row(input, (factor) => {
      const other = benchOf(base.build(input, factor), bench.asset, bench.options)
      const moved = ignition === null ? null : nearestIgnition(other, ignition, base.tolerance)
      return { ...numbersOf(other, drop, base), ignition_drop: moved }
    }),
  )
  return [shocked, ...turned]
}

function row(input: string, at: (factor: number) => Numbers): Sensitivity {
  const down = at(0.99)
  const up = at(1.01)
  const metrics: Record<string, { down: number | null; up: number | null }> = {}
  for (const name of Object.keys(down)) metrics[name] = { down: down[name], up: up[name] ?? null }
  return { input, metrics }
}

function applies(bench: Bench, input: Input): boolean {
  if (input === 'depth' || input === 'collateral' || input === 'debt') return true
  return bench.base.protocols.some(({ rules }) => rules.scaled(input, 0.99) !== null)
}

function numbersOf(bench: Bench, drop: number, { gainDrops, riskDrops }: Base): Numbers {
  const numbers: Numbers = { ...headline(bench, drop).numbers }
  const gain = gainNow(bench, gainDrops)
  for (const at of gain.profile) numbers[`loop_gain(${percent(at.h)})`] = finite(at.gain)
  if (gain.ladder !== null) numbers.loop_gain_peak = finite(gain.peak?.gain ?? 0)
  for (const at of gain.several) {
    numbers[`spectral_radius(${percent(at.h)})`] = finite(at.radius)
    numbers[`joint_gain(${percent(at.h)})`] = finite(at.joint)
  }
  for (const risk of atRisk(bench.base, bench.scratch, bench.asset, riskDrops)) {
    numbers[`collateral_at_risk(${percent(risk.drop)})`] = risk.collateral_usd
    numbers[`debt_at_risk(${percent(risk.drop)})`] = risk.debt_usd
  }
  return { ...numbers, ...marketNumbers(bench) }
}

function marketNumbers({ base, asset }: Bench): Numbers {
  const { market } = base
  const bonus = base.protocols.reduce((most, { rules }) => {
    return Math.max(most, rules.terms(asset, 0)?.bonus ?? 0)
  }, 0)
  const units = market.hop[asset].length === 0 ? null : unitsToDrop(market, asset, 0.1)
  return {
    'depth_usd(10%)': units === null ? null : market.quote(asset, units).proceeds,
    max_profitable_liquidation_usd: maxProfitableUsd(market, asset, bonus),
    toxic_ltv: toxicLtv(bonus),
  }
}

// Steps out from the base value until the crossing is enclosed, then halves.
function nearestIgnition(bench: Bench, near: number, tolerance: number): number | null {
  const passes = (drop: number) => feedbackUsd(bench, drop) > tolerance
  const down = passes(near)
  let inner = near
  for (let step = 0.002; step <= IGNITION_REACH; step *= 2) {
    const outer = Math.min(0.99, Math.max(0, near + (down ? -step : step)))
    if (passes(outer) !== down) {
      return down ? halve(passes, outer, inner) : halve(passes, inner, outer)
    }
    inner = outer
  }
  return null
}

function halve(passes: (drop: number) => boolean, from: number, to: number): number {
  let low = from
  let high = to
  while (high - low > IGNITION_WIDTH) {
    const middle = (low + high) / 2
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(6))}%`
}

function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null
}

const INPUTS: readonly Input[] = [
  'depth',
  'collateral',
  'debt',
  'threshold',
  'bonus',
  'closeFactor',
]
const IGNITION_REACH = 0.02
const IGNITION_WIDTH = 1e-4
