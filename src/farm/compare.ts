/** From a scenario and what its arms change to a plan of paired runs, and to the report of them. */

import { debtOf } from '../analysis/worldLadder.ts'
import type { FileSource } from '../ingest/bytes.ts'
import type { Override } from '../ingest/compose.ts'
import { sampleOverrides, timeOverrides } from '../ingest/inTime.ts'
import type { Scenario } from '../scenario.ts'
import { setup } from '../setup.ts'
import type { Arm, CompareFacts } from '../sweep/compare.ts'
import type { Variation } from '../sweep/plan.ts'
import { type Planned, planOf } from './plan.ts'

/** What is to be compared. */
export interface CompareWanted {
  readonly entry: string
  readonly overrides: readonly Override[]
  /** What each arm sets; the first is the one that the others are measured from. */
  readonly arms: readonly Pick<Arm, 'name' | 'set'>[]
  readonly pairs: number
}

/** Paired runs that are known to read: a cell for each arm, in their order, and a last one. */
export interface Comparison {
  readonly planned: Planned
  /** Keys that were added because the scenario has no time. */
  readonly added: readonly Override[]
  readonly arms: readonly Pick<Arm, 'name' | 'set'>[]
}

/**
 * Plans a comparison.
 *
 * Rule:   every arm has the same seeds, paths, books, depth and shocks. A scenario without time is
 *         given one, and what differs from pair to pair where it does not say: `timeOverrides`,
 *         `sampleOverrides`; an arm with another shock gets the ramp of its own. The last cell is
 *         the scenario without feedback: what the outside move alone does to the same pairs.
 * Throws: as `planOf`
 */
export async function comparisonOf(
  { entry, overrides, arms, pairs }: CompareWanted,
  source: FileSource,
): Promise<Comparison> {
  const added = timeOverrides(entry, source, overrides)
  const sample = sampleOverrides(entry, source, overrides)
  // The drop of a scenario without time has become that of its ramp.
  const isTaken = ([key]: Override) => key === 'shock.drop' && hasShock(added)
  const set = arms.map((arm) => ({
    name: arm.name,
    set: hasShock(added) && arm.set.some(isOfShock) ? ownRamp(arm.set) : arm.set,
  }))
  const variations = variationsOf([...set.map((arm) => arm.set), STILL])
  const planned = await planOf(
    {
      entry,
      overrides: [...added, ...sample, ...overrides.filter((one) => !isTaken(one))],
      variations,
      oneAtATime: false,
      chosen: [...set.map((arm) => arm.set), STILL].map((own) => valuesOf(variations, own)),
      runs: pairs,
      extra: 'none',
    },
    source,
  )
  return { planned, added, arms: set }

  function ownRamp(own: readonly Override[]): Override[] {
    const anew = timeOverrides(entry, source, [...overrides, ...own])
    const ramp = anew.filter(([key]) => key === 'paths' || key === 'shock')
    return [...own.filter((one) => !isOfShock(one)), ...ramp]
  }
}

function hasShock(added: readonly Override[]): boolean {
  return added.some(([key]) => key === 'shock')
}

function isOfShock([key]: Override): boolean {
  return key === 'shock' || key.startsWith('shock.')
}

const STILL: readonly Override[] = [['feedback', 'false']]

/** Every key that an arm sets, with the values that it takes. */
function variationsOf(sets: readonly (readonly Override[])[]): Variation[] {
  const values = new Map<string, Set<string>>()
  for (const [key, value] of sets.flat()) values.set(key, (values.get(key) ?? new Set()).add(value))
  return [...values].map(([key, of]) => ({ key, values: [...of] }))
}

/** The last value that is set for each key; null where the scenario's own stands. */
function valuesOf(
  variations: readonly Variation[],
  set: readonly Override[],
): readonly (string | null)[] {
  return variations.map(({ key }) => set.findLast((one) => one[0] === key)?.[1] ?? null)
}

/**
 * What the report of a comparison is made of.
 *
 * Shape: `rows` by cell, in the order of the pairs; `order` picks arms, the first one first.
 */
export function compareFacts(
  { planned, added, arms }: Comparison,
  rows: readonly Float64Array[],
  order: readonly number[] = [...arms.keys()],
): CompareFacts {
  const { plan, data } = planned
  const first = planned.scenario(0)
  return {
    runId: plan.id,
    engineVersion: plan.engineVersion,
    scenario: plan.scenario,
    seed: plan.seed,
    sample: sampleWords(first.time!),
    added,
    arms: order.map((a) => ({ ...arms[a], run_id: plan.cells[a].runId })),
    measures: plan.measures,
    rows: order.map((a) => rows[a]),
    still: rows[arms.length],
    toleranceUsd: first.ignitionTolerance * debtAtOpening(first),
    warnings: first.warnings,
    data,
  }
}

/** What differs from pair to pair, as a reader would say it. */
function sampleWords({ sample, prices }: NonNullable<Scenario['time']>): string[] {
  const percent = (spread: number) => `${Math.round(100 * spread)} %`
  const isRandom = prices.some(({ courses }) =>
    courses.some(({ kind }) => kind !== 'step' && kind !== 'ramp' && kind !== 'waypoints'),
  )
  return [
    ...(isRandom ? ['price paths'] : []),
    ...(sample?.drop ? [`drops by ${percent(sample.drop)}`] : []),
    ...(sample?.depth ? [`depth by ${percent(sample.depth)}`] : []),
    ...(sample?.books ? ['synthetic books'] : []),
    'latencies and ties',
  ]
}

/** Debt of all accounts at opening prices, USD. */
function debtAtOpening(scenario: Scenario): number {
  const { market, protocols } = setup(scenario)
  const prices = new Float64Array(market.assets.length)
  market.prices(prices)
  let usd = 0
  for (const protocol of protocols)
    for (let i = 0; i < protocol.accounts.length; i++) usd += debtOf(protocol, i, prices)
  return usd
}
