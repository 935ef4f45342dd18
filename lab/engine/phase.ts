/** A phase map: the instant cascade over two varied keys, line by line, without whole reports. */

import type { Cascade } from '../../src/analysis/cascade.ts'
import { type Headline, headline } from '../../src/analysis/headline.ts'
import { type Bench, ignitionDrop, simulate, untraced } from '../../src/analysis/simulate.ts'
import { debtOf } from '../../src/analysis/worldLadder.ts'
import { FirebreakError } from '../../src/errors.ts'
import type { Override } from '../../src/ingest/compose.ts'
import { drop as readDrop } from '../../src/ingest/quantity.ts'
import { benchFor, openingSum } from '../../src/instant.ts'
import type { Scenario } from '../../src/scenario.ts'
import type { Variation } from '../../src/sweep/plan.ts'
import {
  DROP_KEY,
  IGNITES_AT,
  measureNames,
  type PhaseAsk,
  type PhaseDone,
  type PhaseMeasure,
  type PhasePart,
  runsAlongX,
} from './phaseMap.ts'
import type { Draft, DroppedFile } from './protocol.ts'
import { readOf } from './run.ts'

/**
 * Computes a map; a part for each line.
 *
 * Rule:   a line along the drop has one world, and each of its cells both cascades. A run in time
 *         is looked at as it opens: its instant cascade, worst first.
 * Throws: nothing for a line that does not read: its cells are refused
 */
export async function phaseOf(
  ask: PhaseAsk,
  files: readonly DroppedFile[],
  part: (part: PhasePart) => void,
): Promise<PhaseDone> {
  const { draft, x, y, first } = ask
  const isAcross = runsAlongX(ask)
  const [line, along] = isAcross ? [y, x] : [x, y]
  const columns = x.values.length
  let refused = 0
  for (const k of coarseFirst(line.values.length, first)) {
    const keys = overridesOf(line.key, line.values[k])
    const fixed: Draft = { ...draft, overrides: [...draft.overrides, ...keys] }
    const cells = await lineOf(fixed, along, files)
    refused += cells.values.amplification.length - cells.known
    part({
      ...{ from: isAcross ? k * columns : k, step: isAcross ? 1 : columns },
      ...{ values: cells.values, edge: cells.edge, refused: cells.refused },
    })
  }
  return { cells: columns * y.values.length, refused }
}

/** A drop is no override: no world depends on it. */
function overridesOf(key: string, value: string): Override[] {
  return key === DROP_KEY ? [] : [[key, value]]
}

interface Line {
  readonly values: Record<PhaseMeasure, Float64Array>
  readonly known: number
  readonly edge: number | null
  readonly refused: string | null
}

async function lineOf(
  draft: Draft,
  along: Variation,
  files: readonly DroppedFile[],
): Promise<Line> {
  const values = emptyColumns(along.values.length)
  let [known, refused]: [number, string | null] = [0, null]
  const write = (k: number, { bench, zero, tolerance }: Opened, drop: number) => {
    const { numbers } = headline(bench, drop, zero)
    for (const [name, value] of Object.entries(numbers))
      values[name as keyof Headline][k] = value ?? Number.NaN
    const feedback = numbers.total_liquidated_usd - numbers.first_round_usd
    values.feedback[k] = feedback / tolerance
    known++
  }
  try {
    if (along.key === DROP_KEY) {
      const world = await openedFrom(draft, files)
      const drops = along.values.map(dropFrom)
      for (const [k, drop] of drops.entries()) write(k, world, drop)
      return { values, known, refused, edge: edgeOf(world, drops, values) }
    }
    for (const [k, value] of along.values.entries())
      try {
        const one = { ...draft, overrides: [...draft.overrides, [along.key, value] as const] }
        const world = await openedFrom(one, files)
        write(k, world, world.drop)
      } catch (error) {
        refused = reasonOf(error)
      }
  } catch (error) {
    refused = reasonOf(error)
  }
  return { values, known, refused, edge: null }
}

/** A world as a draft opens it. */
interface Opened {
  readonly bench: Bench
  /** The cascade of no drop at all. */
  readonly zero: Cascade
  /** USD of debt repaid through feedback at which ignition is declared. */
  readonly tolerance: number
  readonly drop: number
}

async function openedFrom(draft: Draft, files: readonly DroppedFile[]): Promise<Opened> {
  const scenario = opening((await readOf(draft, files)).scenario)
  const bench = untraced(benchFor(scenario))
  return {
    ...{ bench, zero: simulate(bench, 0), drop: scenario.shock.drop },
    tolerance: scenario.ignitionTolerance * openingSum(bench, debtOf),
  }
}

/** A scenario without its time: the instant cascade of the state that it opens with. */
export function opening(scenario: Scenario): Scenario {
  if (scenario.time === null) return scenario
  return { ...scenario, time: null, order: 'worst-first', feedback: true }
}

/** Refined between two drops of the line, as the report's own ignition is. */
function edgeOf(
  { bench, tolerance }: Opened,
  drops: readonly number[],
  { feedback }: Line['values'],
) {
  return ignitionDrop(bench, drops, tolerance, (k) => feedback[k] > IGNITES_AT)
}

function dropFrom(text: string): number {
  const reading = readDrop(text, { from: 0, to: 1 })
  return 'value' in reading ? reading.value : Number.NaN
}

function reasonOf(error: unknown): string {
  if (error instanceof FirebreakError) return `${error.code}: ${error.rule}`
  return error instanceof Error ? error.message : String(error)
}

function emptyColumns(length: number): Record<PhaseMeasure, Float64Array> {
  const columns = measureNames.map((name) => [name, new Float64Array(length).fill(Number.NaN)])
  return Object.fromEntries(columns)
}

/** The order of lines in which a map is soon seen as a whole: `first`, then ever finer steps. */
export function coarseFirst(length: number, first: number): number[] {
  const order = new Set<number>()
  if (first >= 0 && first < length) order.add(first)
  let step = 1
  while (step < length) step *= 2
  for (; step >= 1; step /= 2) for (let k = 0; k < length; k += step) order.add(k)
  return [...order]
}
