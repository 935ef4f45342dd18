/** What 1 % of each input does to each number. */

import type { AtRisk, Sensitivity } from '../report.ts'
import type { World } from '../world.ts'
import { maxProfitableUsd, unitsToDrop } from './depth.ts'
import { type GainNow, gainNow, headline } from './headline.ts'
import { toxicLtv } from './position.ts'
import { type Bench, benchOf, crossing, passes, untraced } from './simulate.ts'
import { atRisk } from './tables.ts'

/** The inputs that are turned by building another world; `shock.drop` needs none. */
export type Input = 'depth' | 'collateral' | 'debt' | 'threshold' | 'bonus' | 'closeFactor'

/** What the base case was measured at. `build` makes the world with one input multiplied. */
export interface Base {
  readonly bench: Bench
  readonly drop: number
  readonly gainDrops: readonly number[]
  readonly riskDrops: readonly number[]
  /** Gain and risk of the base case, at those drops. */
  readonly gain: GainNow
  readonly risk: readonly AtRisk[]
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
 * Simplifies: ignition is followed from where it should go: the nearest crossing within
 *             IGNITION_REACH of that, to IGNITION_WIDTH; null where it moved further, was not
 *             there, or the order is batch, which is never halved. Inputs that no protocol's rules
 *             have are left out.
 */
export function sensitivities(base: Base): Sensitivity[] {
  const { bench, drop, ignition } = base
  const plain = untraced(bench)
  const market = marketNumbers(bench)
  const opening = openingNumbers(base.gain, base.risk, market)
  const shocked = row('shock.drop', (factor) => ({
    ...headline(plain, Math.min(0.999, drop * factor)).numbers,
    ...opening,
    ignition_drop: ignition,
  }))
  const turned = INPUTS.filter((input) => applies(bench, input)).map((input) =>
    row(input, (factor) => {
      const other = benchOf(base.build(input, factor), bench.asset, plain.options)
      const isLost = ignition === null || bench.options.order === 'batch'
      const guess = isLost ? 0 : guessOf(input, factor, ignition)
      const moved = isLost ? null : nearestIgnition(other, guess, base.tolerance)
      const { numbers } = headline(other, drop)
      const known = input === 'depth' ? marketNumbers(other) : marketNumbers(other, market)
      const gain = gainNow(other, base.gainDrops)
      const risk = atRisk(other.base, other.scratch, other.asset, base.riskDrops)
      return { ...numbers, ...openingNumbers(gain, risk, known), ignition_drop: moved }
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

/** What does not depend on the drop. */
function openingNumbers(gain: GainNow, risks: readonly AtRisk[], market: MarketNumbers): Numbers {
  const numbers: Numbers = {}
  for (const at of gain.profile) numbers[`loop_gain(${percent(at.h)})`] = finite(at.gain)
  if (gain.ladder !== null) numbers.loop_gain_peak = finite(gain.peak?.gain ?? 0)
  for (const at of gain.several) {
    numbers[`spectral_radius(${percent(at.h)})`] = finite(at.radius)
    numbers[`joint_gain(${percent(at.h)})`] = finite(at.joint)
  }
  for (const risk of risks) {
    numbers[`collateral_at_risk(${percent(risk.drop)})`] = risk.collateral_usd
    numbers[`debt_at_risk(${percent(risk.drop)})`] = risk.debt_usd
  }
  return { ...numbers, ...market.numbers }
}

/** What the market and the bonus alone decide. */
interface MarketNumbers {
  readonly bonus: number
  readonly numbers: Numbers
}

/** Those of a bench; `known` are those of another with the same market. */
function marketNumbers({ base, asset }: Bench, known?: MarketNumbers): MarketNumbers {
  const { market } = base
  const bonus = base.protocols.reduce((most, { rules }) => {
    const { slots } = rules
    for (let s = 0; s < slots.count; s++)
      if (slots.asset[s] === asset && slots.side[s] > 0)
        most = Math.max(most, rules.terms(asset, slots.group[s])?.bonus ?? 0)
    return most
  }, 0)
  if (bonus === known?.bonus) return known
  const units = market.hop[asset].length === 0 ? null : unitsToDrop(market, asset, 0.1)
  const numbers = {
    'depth_usd(10%)': units === null ? null : market.quote(asset, units).proceeds,
    max_profitable_liquidation_usd: maxProfitableUsd(market, asset, bonus),
    toxic_ltv: toxicLtv(bonus),
  }
  return { bonus, numbers }
}

/**
 * Where ignition would go if it moved as every trigger does: triggers are debt / (collateral x
 * threshold). Only a start for the search.
 */
function guessOf(input: Input, factor: number, ignition: number): number {
  if (input === 'debt') return 1 - (1 - ignition) * factor
  if (input === 'collateral' || input === 'threshold') return 1 - (1 - ignition) / factor
  return ignition
}

// Steps out from the guess until the crossing is enclosed, then halves.
function nearestIgnition(bench: Bench, near: number, tolerance: number): number | null {
  let inner = near
  const isPast = passes(bench, near, tolerance)
  for (let step = 0.001; step <= IGNITION_REACH; step *= 2) {
    const outer = Math.min(0.99, Math.max(0, near + (isPast ? -step : step)))
    if (passes(bench, outer, tolerance) !== isPast) {
      const [low, high] = isPast ? [outer, inner] : [inner, outer]
      return crossing(bench, low, high, tolerance, IGNITION_WIDTH)
    }
    inner = outer
  }
  return null
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
const IGNITION_REACH = 0.016
const IGNITION_WIDTH = 2e-4
