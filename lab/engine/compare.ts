/** Paired runs in the worker: the command line's own plan, meters and report. */

import { type Comparison, compareFacts, comparisonOf } from '../../src/farm/compare.ts'
import { type Field, type Fields, keyOf } from '../../src/parameters.ts'
import { run } from '../../src/run.ts'
import { defenceFactories } from '../../src/setup.ts'
import { compareReport, pairsOf, SampleOfOneError } from '../../src/sweep/compare.ts'
import { drawn } from '../../src/sweep/draw.ts'
import { meterOf } from '../../src/sweep/meter.ts'
import { workOn } from '../../src/sweep/work.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { sourceOf } from './bundle.ts'
import type {
  CompareAsk,
  Compared,
  ComparePart,
  Course,
  DefenceFacts,
  DefenceParameter,
} from './compareTypes.ts'
import type { DroppedFile } from './protocol.ts'

/** Runs pair by pair, so that what is there so far is a comparison of its own. */
export async function compareDraft(
  ask: CompareAsk,
  files: readonly DroppedFile[],
  part: (part: ComparePart) => void,
): Promise<Compared> {
  const { comparison, bare, own } = await planned(ask, files)
  const { plan, fetch } = comparison.planned
  const width = plan.measures.length
  const meters = await Promise.all(
    plan.cells.map(async (_, cell) => meterOf(await fetch(cell), { extra: 'none' })),
  )
  const rows = meters.map(() => new Float64Array(ask.pairs * width))
  const start = performance.now()
  let told = start
  for (let pair = 0; pair < ask.pairs; pair++) {
    meters.forEach((meter, cell) => {
      const task = { id: '', spans: [{ cell, from: pair, count: 1 }] }
      rows[cell].set(
        workOn(
          task,
          width,
          () => meter,
          () => performance.now(),
        ).values,
        pair * width,
      )
    })
    const now = performance.now()
    if (now - told < TELL_MS && pair > 0) continue
    told = now
    const done = pair + 1
    part({
      ...{ done, all: ask.pairs },
      secondsLeft: done < 2 ? null : ((now - start) / 1000 / done) * (ask.pairs - done),
      so: soFar(comparison, rows, done, bare, own),
    })
  }
  return comparedOf(comparison, rows, bare, own)
}

/** How often parts are sent. */
const TELL_MS = 400

/** The scenario as it is runs beside the arms where none of them is that. */
async function planned({ draft, arms, pairs }: CompareAsk, files: readonly DroppedFile[]) {
  const { entry, overrides } = draft
  const given = arms.findIndex(({ set }) => set.length === 0)
  const isGiven = given >= 0
  const all = isGiven ? arms : [...arms, { name: 'none', set: [] }]
  const comparison = await comparisonOf(
    { entry, overrides, arms: all, pairs },
    sourceOf(draft, files),
  )
  return { comparison, bare: isGiven ? given : all.length - 1, own: arms.length }
}

function soFar(
  comparison: Comparison,
  rows: readonly Float64Array[],
  done: number,
  bare: number,
  own: number,
): Compared | null {
  if (done < PAIRS_LEAST) return null
  const width = comparison.planned.plan.measures.length
  try {
    const those = rows.map((of) => of.slice(0, done * width))
    return comparedOf(comparison, those, bare, own)
  } catch (error) {
    if (error instanceof SampleOfOneError) return null
    throw error
  }
}

/** Fewer pairs say nothing. */
const PAIRS_LEAST = 5

/** `bare` is the arm that changes nothing: the last, where it was not asked for. */
function comparedOf(
  comparison: Comparison,
  rows: readonly Float64Array[],
  bare: number,
  own: number,
): Compared {
  const order = comparison.arms.map((_, arm) => arm)
  const { kept, arms } = pairsOf(compareFacts(comparison, rows))
  const reportOf = (those: readonly number[]) =>
    compareReport(compareFacts(comparison, rows, those))
  return {
    report: reportOf(order.slice(0, own)),
    beside: bare === 0 ? null : reportOf([bare, ...order.filter((arm) => arm !== bare)]),
    pairs: kept,
    columns: arms.map((columns) =>
      Object.fromEntries([...columns].map(([name, of]) => [name, [...of]])),
    ),
  }
}

/** One pair of every arm over time, and of the scenario as it is where no arm is that. */
export async function courses(
  ask: CompareAsk & { readonly pair: number },
  files: readonly DroppedFile[],
): Promise<readonly Course[]> {
  const { comparison } = await planned(ask, files)
  const { plan, fetch, data } = comparison.planned
  const those = comparison.arms.map(async (_, arm) => {
    const { runId } = plan.cells[arm]
    const stamp = { runId, engineVersion: plan.engineVersion, data }
    return courseOf(run(drawn(await fetch(arm), ask.pair), stamp) as TimedReport)
  })
  return await Promise.all(those)
}

function courseOf({ run_id, headline, assets, timeline }: TimedReport): Course {
  const column = (name: string) => timeline.columns.find((one) => one.name === name)?.values ?? []
  let sum = 0
  const { opening } = assets.find(({ name }) => name === headline)!
  let last = opening
  return {
    ...{ runId: run_id, asset: headline, opening },
    seconds: column('seconds').map(Number),
    price: column(`mid_${headline}`).map((usd) => (last = usd ?? last)),
    liquidated: column('liquidated_usd').map((usd) => (sum += usd ?? 0)),
  }
}

/** What each defence may be told, and what it is where it is not. */
export async function defenceFacts(): Promise<readonly DefenceFacts[]> {
  return Object.entries(defenceFactories).map(([kind, { parameters }]) => ({
    kind,
    parameters: parametersOf(parameters),
  }))
}

function parametersOf(fields: Fields): DefenceParameter[] {
  return Object.entries(fields).map(([name, field]) => ({
    key: keyOf(name, field.shape),
    about: field.about,
    otherwise: typedOf(field),
    isNeeded: field.otherwise === undefined && field.isOptional !== true,
    choices:
      field.shape.type === 'choice'
        ? field.shape.of
        : field.shape.type === 'flag'
          ? ['true', 'false']
          : null,
  }))
}

/** A default as a scenario file has it. */
function typedOf({ shape, otherwise }: Field<unknown>): string | null {
  if (otherwise === undefined) return null
  if (otherwise === null) return 'none'
  const value = Number(otherwise)
  switch (shape.type) {
    case 'ratio':
    case 'rate':
      return `${Number((100 * value).toPrecision(12))}%`
    case 'money':
      return `$${value}`
    case 'seconds':
      return `${value}s`
    default:
      return typeof otherwise === 'object' ? null : String(otherwise)
  }
}
