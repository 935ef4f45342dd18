/** From a scenario and what is varied in it to a plan that is known to read. */

import canonicalize from 'canonicalize'
import { assert } from '../errors.ts'
import { digestOf, type FileSource } from '../ingest/bytes.ts'
import type { Override } from '../ingest/compose.ts'
import { type ReadScenario, readScenario } from '../ingest/read.ts'
import type { DataSource } from '../report.ts'
import type { Scenario } from '../scenario.ts'
import { drawKey, drawOf, isRandom } from '../sweep/draw.ts'
import { type Extra, type Measure, measuresOf } from '../sweep/meter.ts'
import {
  type Cell,
  combinations,
  combinationsCount,
  type Plan,
  type Span,
  type Variation,
} from '../sweep/plan.ts'
import { type Sharing, sharingBooks } from './books.ts'
import { bundleOf, type Listing } from './bundle.ts'
import {
  BatchError,
  CellsDifferError,
  DrawnVariedError,
  FirstPathError,
  NothingRandomError,
  TooManyCellsError,
} from './errors.ts'
import { scenariosBelow } from './scenarios.ts'
import { VariationError } from './variations.ts'

/** What is asked for. */
export interface Wanted {
  readonly entry: string
  readonly overrides: readonly Override[]
  readonly variations: readonly Variation[]
  /** Each key alone, from the scenario as it is, instead of every combination. */
  readonly oneAtATime: boolean
  readonly runs: number
  readonly extra: Extra
  /** Some of the combinations, in place of all. */
  readonly chosen?: readonly (readonly (string | null)[])[]
}

/** A plan, what its cells are read from, and the scenarios of its cells. */
export interface Planned {
  readonly plan: Plan
  readonly entry: string
  readonly overrides: readonly Override[]
  readonly listing: Listing
  readonly blobs: ReadonlyMap<string, Uint8Array>
  readonly data: readonly DataSource[]
  /** The scenario as resolved, before anything is varied. */
  readonly resolved: unknown
  readonly gates: readonly string[]
  /** The scenario of one of the first 100 cells, as it was read. */
  scenario(cell: number): Scenario
  /** The scenario of any cell; read again where its book would take much room. */
  fetch(cell: number): Promise<Scenario>
}

/**
 * Reads every cell once, so that a value that does not read is known before anything runs.
 *
 * Rule:   scenarios whose books have more than `legsMost` legs in all are not held, but read again.
 * Throws: what `readScenario` throws; NothingRandomError, CellsDifferError, DrawnVariedError,
 *         TooManyCellsError, VariationError where a key is varied twice
 */
export async function planOf(
  wanted: Wanted,
  source: FileSource,
  legsMost = LEGS_MOST,
): Promise<Planned> {
  const { entry, overrides, variations, runs, extra } = wanted
  checkKeys(variations)
  const size = wanted.chosen?.length ?? combinationsCount(variations, wanted.oneAtATime)
  if (size > CELLS_MOST) throw new TooManyCellsError(size, CELLS_MOST)
  const rows = wanted.chosen ?? combinations(variations, wanted.oneAtATime)
  const bundle = bundleOf(source)
  const base = await readScenario(entry, bundle, overrides)
  const share = sharingBooks()
  const batch = base.scenario.time?.sampling?.batch ?? 1
  checkBatches(base.scenario, runs, batch)
  const scenarios = scenariosBelow(legsMost)
  const cells: Cell[] = []
  let measures: readonly Measure[] | null = null
  for (const values of rows) {
    const read = await readScenario(entry, bundle, [...overrides, ...setBy(variations, values)])
    const scenario = share(read.scenario)
    if (runs > 1 && !isRandom(scenario)) throw new NothingRandomError(runs)
    if (drawOf(scenario, 0) !== drawOf(base.scenario, 0))
      throw new DrawnVariedError(drawKey(scenario))
    const own = measuresOf(scenario, { extra })
    measures ??= own
    const isAlike = (scenario.time?.sampling?.batch ?? 1) === batch
    if (!isAlike || namesOf(own) !== namesOf(measures))
      throw new CellsDifferError(values.join(', '))
    scenarios.add(scenario)
    cells.push({ values, runId: read.runId })
  }
  const plan = named(base, { variations, cells, measures: measures!, extra })
  const from = { entry, overrides, source: bundle, share }
  return {
    plan,
    ...{ entry, overrides, data: base.data, resolved: base.resolved, gates: base.gates },
    listing: bundle.listing(),
    blobs: bundle.blobs,
    scenario(cell) {
      const scenario = scenarios.of(cell)
      assert(scenario !== null, 'only of the first cells are all scenarios held')
      return scenario
    },
    fetch: async (cell) => scenarios.of(cell) ?? (await scenarioOf(plan, cell, from)).scenario,
  }
}

function checkKeys(variations: readonly Variation[]): void {
  const keys = variations.map(({ key }) => key)
  const twice = keys.find((key, k) => keys.indexOf(key) < k)
  if (twice !== undefined)
    throw new VariationError('FB2082', twice, 'Give all values of a key in one --vary')
}

/** Batches are those of the paths, so that the first run must begin one. */
function checkBatches({ time }: Scenario, runs: number, batch: number): void {
  if (batch === 1) return
  if (runs % batch !== 0 || runs < 2 * batch) throw new BatchError(runs, batch)
  if (time!.path % batch !== 0) throw new FirstPathError(time!.path, batch)
}

/** Overrides that make a cell. */
export function setBy(
  variations: readonly Variation[],
  values: readonly (string | null)[],
): Override[] {
  return variations.flatMap(({ key }, v): Override[] => {
    const value = values[v]
    return value === null ? [] : [[key, value]]
  })
}

/** The scenario of one cell, read again; the books of its reader may be shared. */
export async function scenarioOf(
  { variations, cells }: Plan,
  cell: number,
  from: { entry: string; overrides: readonly Override[]; source: FileSource; share: Sharing },
): Promise<{ scenario: Scenario; runId: string }> {
  const keys = [...from.overrides, ...setBy(variations, cells[cell].values)]
  const { scenario, runId } = await readScenario(from.entry, from.source, keys)
  return { scenario: from.share(scenario), runId }
}

/** Names a job: equal names, equal results. Cells may be alike, and each has its own jobs. */
export function taskId({ cells, engineVersion, extra }: Plan, spans: readonly Span[]): string {
  const runs = spans.map(({ cell, from, count }) => [cell, cells[cell].runId, from, count])
  return digestOf(canonicalize({ engine: engineVersion, extra, runs }) as string)
}

function named(
  { scenario, engineVersion }: ReadScenario,
  parts: Pick<Plan, 'variations' | 'cells' | 'measures' | 'extra'>,
): Plan {
  const { cells, extra, variations } = parts
  const key = canonicalize({
    engine: engineVersion,
    extra,
    // As typed: the store has them so.
    cells: cells.map(({ runId, values }) => [runId, values]),
    keys: variations.map(({ key }) => key),
  })
  const id = digestOf(key as string)
  const draw = drawKey(scenario)
  const batch = scenario.time?.sampling?.batch ?? 1
  const first = drawOf(scenario, 0)
  const { name, seed } = scenario
  return { id, engineVersion, scenario: name, seed, draw, first, batch, ...parts }
}

function namesOf(measures: readonly Measure[]): string {
  return measures.map(({ name }) => name).join()
}

const CELLS_MOST = 100_000
/** Legs of all books that are held: some 100 MB. */
const LEGS_MOST = 2_000_000
