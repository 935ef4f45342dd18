/** `firebreak compare`: the same runs with and without a defence, or with one key changed. */

import { availableParallelism } from 'node:os'
import { InputError } from '../errors.ts'
import { inline, threads } from '../farm/executor.ts'
import { type Planned, planOf } from '../farm/plan.ts'
import { openStore } from '../farm/store.ts'
import { conduct } from '../farm/sweep.ts'
import type { Override } from '../ingest/compose.ts'
import { diskSource } from '../ingest/files.ts'
import { sampleOverrides, timeOverrides } from '../ingest/inTime.ts'
import { didYouMean } from '../ingest/suggest.ts'
import { defenceFactories } from '../setup.ts'
import { type Arm, type CompareReport, compareReport, debtAtOpening } from '../sweep/compare.ts'
import type { Variation } from '../sweep/plan.ts'
import { exit } from './failure.ts'
import { type Flags, jobOf } from './flags.ts'
import type { Host } from './host.ts'
import type { Act } from './main.ts'
import { showRuns } from './sweepProgress.ts'
import { OverrideSyntaxError } from './usage.ts'
import { wholeOf } from './whole.ts'

/** Runs the pairs of all arms, prints, and answers with the exit code of the gates. */
export const compare: Act = async ([entry], flags, host) => {
  const { pageOf } = await import('./comparePage.ts')
  const page = pageOf(flags)
  const start = performance.now()
  const changes = changesOf(flags)
  const job = jobOf(entry, flags, host.folder, false)
  const source = diskSource(host.folder, job.data)
  const added = timeOverrides(entry, source, job.overrides)
  const sample = sampleOverrides(entry, source, job.overrides)
  const pairs = wholeOf('--pairs', flags.pairs, 2, PAIRS_MOST) ?? PAIRS
  const wanted = {
    entry,
    overrides: [...added, ...sample, ...job.overrides.filter(([key]) => !isTaken(key, added))],
    variations: [...changes.map(({ variation }) => variation), STILL],
    oneAtATime: true,
    runs: pairs,
    extra: 'none' as const,
  }
  const planned = await planOf(wanted, source)
  const rows = await rowsOf(planned, pairs, flags, host)
  if (rows === null) return exit.interrupted
  const report = reportOf(planned, changes, added, rows)
  return page.print(report, { job, host, milliseconds: performance.now() - start })
}

/** The drop of a scenario without time has become that of its ramp. */
function isTaken(key: string, added: readonly Override[]): boolean {
  return key === 'shock.drop' && added.some(([path]) => path === 'shock')
}

/** Without feedback: what the outside move alone does to the same pairs. */
const STILL: Variation = { key: 'feedback', values: ['false'] }

/** What one arm changes. */
interface Change {
  readonly name: string
  readonly variation: Variation
}

/**
 * Arms in the order of the command line: `--defences`, then `--b`.
 *
 * Rule:   a defence by its name, in kebab or camel case, with its defaults; `market.breaker` only
 *         for one protocol.
 * Throws: NothingComparedError, UnknownDefenceError, OverrideSyntaxError
 */
function changesOf(flags: Flags): Change[] {
  const list = typeof flags.defences === 'string' ? flags.defences.split(',') : []
  const defences = list.map((word) => defenceNamed(word.trim()))
  const keys = ((flags.b as string[] | undefined) ?? []).map((text): Change => {
    const at = text.indexOf('=')
    if (at < 1) throw new OverrideSyntaxError(text)
    const key = text.slice(0, at).trim()
    const value = text.slice(at + 1).trim()
    return { name: text.trim(), variation: { key, values: [value] } }
  })
  const changes = [...defences, ...keys]
  if (changes.length === 0) throw new NothingComparedError()
  return changes
}

function defenceNamed(word: string): Change {
  const at = word.lastIndexOf('.')
  const [protocol, name] = at < 0 ? [null, word] : [word.slice(0, at), word.slice(at + 1)]
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '')
  const kind = Object.keys(defenceFactories).find((one) => one.toLowerCase() === plain)
  if (kind === undefined) throw new UnknownDefenceError(name)
  const prefix = protocol === null ? '' : `protocols.${protocol}.`
  return { name: word, variation: { key: `${prefix}defences.${kind}`, values: ['{}'] } }
}

/** Rows of every cell; null where it was stopped. */
async function rowsOf(
  planned: Planned,
  pairs: number,
  flags: Flags,
  host: Host,
): Promise<Float64Array[] | null> {
  const { plan } = planned
  let stopped = false
  host.onInterrupt(() => {
    stopped = true
  })
  const { extra, measures } = plan
  const supply = { extra, measures: measures.length, scenario: planned.fetch }
  const size = wholeOf('--workers', flags.workers, 1, 1024) ?? availableParallelism()
  const executor = host.threaded ? threads(size, supply, null) : inline(supply)
  const store = await openStore(null, plan, 'new')
  const progress = showRuns(plan, host)
  try {
    const watcher = { seen: progress.show, stopped: () => stopped }
    const isDone = await conduct(planned, pairs, store, executor, watcher)
    if (!isDone) host.stderr.write('\ninterrupted: a comparison keeps nothing\n')
    if (!isDone) return null
    return await Promise.all(plan.cells.map((_, cell) => store.rows(cell, pairs)))
  } finally {
    progress.end()
    await executor.close()
    store.close()
  }
}

function reportOf(
  { plan, data, scenario }: Planned,
  changes: readonly Change[],
  added: readonly Override[],
  rows: readonly Float64Array[],
): CompareReport {
  const first = scenario(0)
  const arms = plan.cells.slice(0, -1).map(({ runId }, cell): Arm => {
    const change = cell === 0 ? null : changes[cell - 1]
    return {
      name: change?.name ?? 'none',
      key: change?.variation.key ?? null,
      value: change?.variation.values[0] ?? null,
      run_id: runId,
    }
  })
  return compareReport({
    runId: plan.id,
    engineVersion: plan.engineVersion,
    scenario: plan.scenario,
    seed: plan.seed,
    sample: sampleWords(first.time!),
    added,
    arms,
    measures: plan.measures,
    rows: rows.slice(0, -1),
    still: rows[rows.length - 1],
    toleranceUsd: first.ignitionTolerance * debtAtOpening(first),
    warnings: first.warnings,
    data,
  })
}

type Time = NonNullable<ReturnType<Planned['scenario']>['time']>

/** What differs from pair to pair, as a reader would say it. */
function sampleWords({ sample, prices }: Time): string[] {
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

const PAIRS = 200
const PAIRS_MOST = 1_000_000

/** No defence is called that. */
export class UnknownDefenceError extends InputError {
  constructor(name: string) {
    const names = Object.keys(defenceFactories).map(kebab)
    super({
      code: 'FB2098',
      rule: `there is no defence called ${name}`,
      place: '--defences',
      remedy: didYouMean(name, names) ?? `There are ${names.join(', ')}`,
    })
  }
}

/** A comparison of a scenario with itself. */
export class NothingComparedError extends InputError {
  constructor() {
    super({
      code: 'FB2099',
      rule: 'a comparison needs something that differs',
      remedy: 'Give --defences breaker,speed-limit, or --b depth.haircut=50%',
    })
  }
}

/** `speedLimit` as the command line writes it. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
