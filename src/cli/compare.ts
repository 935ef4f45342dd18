/** `firebreak compare`: the same runs with and without a defence, or with one key changed. */

import { availableParallelism } from 'node:os'
import { InputError } from '../errors.ts'
import { type CompareWanted, compareFacts, comparisonOf } from '../farm/compare.ts'
import { inline, threads } from '../farm/executor.ts'
import type { Planned } from '../farm/plan.ts'
import { openStore } from '../farm/store.ts'
import { conduct } from '../farm/sweep.ts'
import type { Override } from '../ingest/compose.ts'
import { diskSource } from '../ingest/files.ts'
import { didYouMean } from '../ingest/suggest.ts'
import { defenceFactories } from '../setup.ts'
import { compareReport } from '../sweep/compare.ts'
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
  const arms = armsOf(flags)
  const job = jobOf(entry, flags, host.folder, false)
  const source = diskSource(host.folder, job.data)
  const pairs = wholeOf('--pairs', flags.pairs, 2, PAIRS_MOST) ?? PAIRS
  const { entry: from, overrides } = job
  const comparison = await comparisonOf({ entry: from, overrides, arms, pairs }, source)
  const rows = await rowsOf(comparison.planned, pairs, flags, host)
  if (rows === null) return exit.interrupted
  const report = compareReport(compareFacts(comparison, rows))
  return page.print(report, { job, host, milliseconds: performance.now() - start })
}

/**
 * Arms in the order of the command line: the scenario as it is or with what `--a` changes, then
 * `--defences`, then `--b`.
 *
 * Rule:   a defence by its name, in kebab or camel case, with its defaults; `market.breaker` only
 *         for one protocol. An arm with several keys has `;` between them.
 * Throws: NothingComparedError, UnknownDefenceError, OverrideSyntaxError
 */
function armsOf(flags: Flags): ArmWanted[] {
  const list = typeof flags.defences === 'string' ? flags.defences.split(',') : []
  const defences = list.map((word) => defenceNamed(word.trim()))
  const changes = ((flags.b as string[] | undefined) ?? []).map(changeOf)
  const others = [...defences, ...changes]
  if (others.length === 0) throw new NothingComparedError()
  const first = typeof flags.a === 'string' ? changeOf(flags.a) : { name: 'none', set: [] }
  return [first, ...others]
}

type ArmWanted = CompareWanted['arms'][number]

function changeOf(text: string): ArmWanted {
  const set = text.split(';').map((one): Override => {
    const at = one.indexOf('=')
    if (at < 1) throw new OverrideSyntaxError(text)
    return [one.slice(0, at).trim(), one.slice(at + 1).trim()]
  })
  return { name: text.trim(), set }
}

function defenceNamed(word: string): ArmWanted {
  const at = word.lastIndexOf('.')
  const [protocol, name] = at < 0 ? [null, word] : [word.slice(0, at), word.slice(at + 1)]
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '')
  const kind = Object.keys(defenceFactories).find((one) => one.toLowerCase() === plain)
  if (kind === undefined) throw new UnknownDefenceError(name)
  const prefix = protocol === null ? '' : `protocols.${protocol}.`
  return { name: word, set: [[`${prefix}defences.${kind}`, '{}']] }
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
