/** `sweep --pareto`: what its cells are judged by, and the search that chooses them. */

import { InputError } from '../errors.ts'
import { type Planned, planOf, type Wanted } from '../farm/plan.ts'
import { keyOf } from '../farm/variations.ts'
import { shortKey } from '../figures/sweepFacts.ts'
import type { FileSource } from '../ingest/bytes.ts'
import { readScenario } from '../ingest/read.ts'
import { didYouMean } from '../ingest/suggest.ts'
import { HALTON_DIMENSIONS } from '../math/halton.ts'
import { type Better, directions } from '../sweep/directions.ts'
import type { Aims } from '../sweep/frontier.ts'
import {
  type Aim,
  type FrontTerms,
  frontReport,
  ratingOf,
  type SearchReport,
} from '../sweep/frontReport.ts'
import { type Measure, measuresOf } from '../sweep/meter.ts'
import { combinationsCount, type Variation } from '../sweep/plan.ts'
import type { SweepReport } from '../sweep/report.ts'
import { type GridPoint, rankOf, searchFront } from '../sweep/search.ts'
import { type StatName, statNames } from '../sweep/stats.ts'
import type { Flags } from './flags.ts'
import { UnknownMetricError } from './gate.ts'
import { keyLimits, type LimitsFile, limitsOf, NO_LIMITS, numberOf } from './limits.ts'
import { ConflictingFlagsError } from './usage.ts'
import { wholeOf } from './whole.ts'

/** One aim as typed. */
interface AimText {
  readonly name: string
  readonly stat: StatName
  readonly side: Better | null
}

/** What the flags of a front say, before the scenario is read. */
export interface Frontier {
  readonly aims: readonly AimText[]
  /** Cells that a search may run; null for every combination. */
  readonly budget: number | null
  readonly limits: LimitsFile
}

/**
 * Reads --pareto, --search and --limits; null where no front was asked for.
 *
 * Throws: AloneError, AimError, LimitsFileError, ConflictingFlagsError
 */
export function frontierOf(flags: Flags, folder: string): Frontier | null {
  const budget = wholeOf('--search', flags.search, 2, CELLS_MOST)
  if (typeof flags.pareto !== 'string') {
    for (const name of ['search', 'limits'])
      if (flags[name] !== undefined) throw new AloneError(`--${name}`)
    return null
  }
  if (flags.tornado) throw new ConflictingFlagsError('--pareto', '--tornado')
  for (const name of ['until', 'resume'])
    if (budget !== null && flags[name] !== undefined)
      throw new ConflictingFlagsError('--search', `--${name}`)
  const limits = typeof flags.limits === 'string' ? limitsOf(flags.limits, folder) : NO_LIMITS
  return { aims: flags.pareto.split(',').map(aimText), budget, limits }
}

/** A measure or a key, with a number of its runs in brackets and the better side behind a colon. */
function aimText(text: string): AimText {
  const [, name, stat = 'mean', side] =
    /^\s*([\w.-]+)(?:\(([\w.]+)\))?(?::(\w+))?\s*$/.exec(text) ?? []
  const found = statNames.find((one) => one === stat)
  const better = sides.find((one) => one === side) ?? null
  if (name === undefined || found === undefined || (side !== undefined && better === null))
    throw new AimError(text.trim(), SYNTAX)
  return { name, stat: found, side: better }
}

const sides: readonly Better[] = ['lower', 'higher']
const SYNTAX = 'Write it like bad_debt_usd, bad_debt_usd(q95) or paid_by_funds_usd:higher'

/** Throws: AimError where it is no measure and no key that is varied, or has no better side */
function aimOf(
  { name, stat, side }: AimText,
  measures: readonly Measure[],
  variations: readonly Variation[],
): Aim {
  const measure = measures.find((one) => one.name === name)
  const varied = variations.find(({ key }) => key === keyOf(name) || shortKey(key) === name)
  if (measure === undefined && varied === undefined)
    throw new AimError(name, didYouMean(name, [...measures, ...variations].map(wordOf)))
  const better = side ?? (measure === undefined ? null : (directions[name] ?? null))
  if (better === null)
    throw new AimError(name, `Say which side is better: ${name}:lower or ${name}:higher`)
  if (measure !== undefined)
    return { measure: name, stat, better, unit: stat === 'nonzero' ? 'ratio' : measure.unit }
  const { key, values } = varied!
  const numbers = Object.fromEntries(
    values.map((value) => [value, numberOf(value, false) ?? Number.NaN]),
  )
  if (Object.values(numbers).some(Number.isNaN))
    throw new AimError(name, 'Vary it over numbers, or judge by a measure')
  return { measure: key, stat: 'mean', better, unit: unitOf(values[0]), numbers }
}

function wordOf(one: Measure | Variation): string {
  return 'key' in one ? one.key : one.name
}

function unitOf(typed: string): string {
  if (/(%|bps)$/i.test(typed)) return 'ratio'
  return typed.startsWith('$') ? 'usd' : /[sh]$|min$/i.test(typed) ? 'seconds' : 'count'
}

/** What a front is made from. */
interface Making {
  readonly wanted: Wanted
  readonly source: FileSource
  readonly run: RunRound
  /** Throws where a flag names none of these measures. */
  readonly check: (names: readonly string[]) => void
}

/** What a round of a search came to; null where it was stopped. */
export type RunRound = (planned: Planned) => Promise<SweepReport | null>

/** A sweep whose cells are chosen, and what adds the front to its report. */
export interface Judged {
  readonly wanted: Wanted
  withFront(report: SweepReport): SweepReport
}

/**
 * Chooses the cells of a sweep; null where its search was stopped.
 *
 * Throws: AimError, UnknownMetricError, as `keyLimits` and `searched`; before anything is run
 */
export async function judgedBy(frontier: Frontier | null, making: Making): Promise<Judged | null> {
  const { wanted, source, check } = making
  if (frontier === null) return { wanted, withFront: (report) => report }
  const { scenario, resolved } = await readScenario(wanted.entry, source, wanted.overrides)
  const measures = measuresOf(scenario, wanted)
  check(measures.map(({ name }) => name))
  const { limits } = frontier
  checkBounds(limits, measures)
  const terms: FrontTerms = {
    aims: frontier.aims.map((aim) => aimOf(aim, measures, wanted.variations)),
    keys: keyLimits(limits, wanted.variations, resolved),
    bounds: limits.bounds,
  }
  const found =
    frontier.budget === null
      ? { wanted, search: gridSearch(wanted.variations, terms) }
      : await searched(frontier.budget, terms, making)
  if (found === null) return null
  const { search } = found
  return {
    wanted: found.wanted,
    withFront: (report) => ({ ...report, front: frontReport(report, terms, search) }),
  }
}

function checkBounds({ bounds }: LimitsFile, measures: readonly Measure[]): void {
  const names = measures.map(({ name }) => name)
  for (const { measure, text, place, holds } of bounds)
    if (!names.includes(measure))
      throw new UnknownMetricError({ place, text, metric: measure, at: [], holds }, names)
}

/** A grid that is run whole. */
function gridSearch(variations: readonly Variation[], terms: FrontTerms): SearchReport {
  const cells = combinationsCount(variations, false)
  const within = combinationsCount(allowed(variations, terms), false)
  return {
    ...{ method: 'grid', budget: cells, combinations: cells, within_limits: within },
    ...{ rounds: [cells], unread: [] },
  }
}

/**
 * Searches the combinations that the limits on keys leave; null where it was stopped.
 *
 * Rule:   see `searchFront`. A combination that does not read as a scenario is of the budget, and
 *         is told of.
 * Throws: NoRangeError, NothingLeftError; as `planOf` where no combination reads
 */
async function searched(
  budget: number,
  terms: FrontTerms,
  { wanted, source, run }: Making,
): Promise<{ wanted: Wanted; search: SearchReport } | null> {
  checkRanges(wanted.variations)
  const left = allowed(wanted.variations, terms)
  const empty = left.find(({ values }) => values.length === 0)
  if (empty !== undefined) throw new NothingLeftError(empty.key)
  const sizes = left.map(({ values }) => values.length)
  const valuesOf = (point: GridPoint) => point.map((index, d) => left[d].values[index])
  const steps = searchFront(sizes, budget)
  const rounds: number[] = []
  const unread: Unread[] = []
  const read: GridPoint[] = []
  let step = steps.next()
  while (!step.done) {
    const points = step.value
    const readable = await readableOf(wanted, source, points.map(valuesOf), unread)
    const aims = await aimsIn({ ...wanted, chosen: readable }, source, run, terms)
    if (aims === null) return null
    rounds.push(readable.length)
    const rated = points.map((point) => aims.get(valuesOf(point).join('\n')))
    read.push(...points.filter((_, p) => rated[p] !== undefined))
    step = steps.next(rated.map((one) => one ?? null))
  }
  read.sort((one, other) => rankOf(one, sizes) - rankOf(other, sizes))
  // Where none reads, reading the first again says why.
  const chosen = read.length > 0 ? read.map(valuesOf) : [unread[0].values]
  const search: SearchReport = {
    ...{ method: 'spread points, then halving boxes', budget },
    combinations: combinationsCount(wanted.variations, false),
    within_limits: combinationsCount(left, false),
    ...{ rounds, unread },
  }
  return { wanted: { ...wanted, chosen }, search }
}

type Unread = SearchReport['unread'][number]

/** Aims by combination of a round; null where it was stopped. */
async function aimsIn(
  wanted: Wanted & { readonly chosen: readonly (readonly string[])[] },
  source: FileSource,
  run: RunRound,
  terms: FrontTerms,
): Promise<Map<string, Aims | null> | null> {
  if (wanted.chosen.length === 0) return new Map()
  const report = await run(await planOf(wanted, source))
  if (report === null) return null
  return new Map(
    report.cells.map((cell) => [cell.values.join('\n'), ratingOf(report, cell, terms)]),
  )
}

/** Combinations that read as scenarios; those that do not are noted. */
async function readableOf(
  { entry, overrides, variations }: Wanted,
  source: FileSource,
  rows: readonly string[][],
  unread: Unread[],
): Promise<string[][]> {
  const readable: string[][] = []
  for (const values of rows)
    try {
      const set = values.map((value, v): [string, string] => [variations[v].key, value])
      await readScenario(entry, source, [...overrides, ...set])
      readable.push(values)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      unread.push({ values, text: error.message })
    }
  return readable
}

/** Variations with the values that limits on keys leave. */
function allowed(variations: readonly Variation[], { keys }: FrontTerms): Variation[] {
  return variations.map(({ key, values }) => {
    const own = keys.filter((limit) => limit.key === key)
    return { key, values: values.filter((value) => own.every((limit) => limit.holds(value))) }
  })
}

/** A search halves boxes of values, which must be numbers in their order. */
function checkRanges(variations: readonly Variation[]): void {
  if (variations.length === 0) throw new NoRangeError('none')
  if (variations.length > HALTON_DIMENSIONS)
    throw new NoRangeError(`${variations.length} keys, and a search has ${HALTON_DIMENSIONS}`)
  for (const { key, values } of variations) {
    const numbers = values.map((value) => numberOf(value, false) ?? Number.NaN)
    const rises = numbers.every((number, i) => i === 0 || number > numbers[i - 1])
    const falls = numbers.every((number, i) => i === 0 || number < numbers[i - 1])
    if (!rises && !falls) throw new NoRangeError(`${key}=${values.join(',')}`)
  }
}

const CELLS_MOST = 100_000

/** A flag that says something of a front that was not asked for. */
class AloneError extends InputError {
  constructor(flag: string) {
    super({
      code: 'FB2024',
      rule: `${flag} needs --pareto`,
      place: flag,
      remedy: 'Say what cells are judged by: --pareto bad_debt_usd,borrowing_power',
    })
  }
}

/** Limits that refuse every value of a key. */
class NothingLeftError extends InputError {
  constructor(key: string) {
    super({
      code: 'FB2025',
      rule: 'the limits leave no value of a key',
      place: '--limits',
      came: key,
      remedy: 'Let the range of --vary reach into the limits, or take a shorter step',
    })
  }
}

/** An aim that cannot be read, is not measured, or has no better side. */
class AimError extends InputError {
  constructor(came: string, remedy: string) {
    super({
      code: 'FB2026',
      rule: 'cells are judged by measures of the sweep or keys that it varies, with a better side',
      ...{ place: '--pareto', came, remedy },
    })
  }
}

/** A search of what is no range. */
class NoRangeError extends InputError {
  constructor(came: string) {
    super({
      code: 'FB2027',
      rule: 'a search needs ranges of numbers, of one key to eight',
      ...{ place: '--vary', came },
      remedy: 'Write --vary KEY=FROM..TO:STEP; without --search every combination is run',
    })
  }
}
