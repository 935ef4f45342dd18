/** `firebreak sweep`: many runs of a scenario, kept as they come in; or a worker of such a sweep. */

import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import { type Executor, inline, threads } from '../farm/executor.ts'
import { type Planned, planOf, setBy } from '../farm/plan.ts'
import { type Opening, openStore, type Store } from '../farm/store.ts'
import { conduct } from '../farm/sweep.ts'
import { variationOf } from '../farm/variations.ts'
import { diskSource } from '../ingest/files.ts'
import { type SweepReport, sweepReport } from '../sweep/report.ts'
import { exit } from './failure.ts'
import { type Flags, jobOf, retyped } from './flags.ts'
import type { Host } from './host.ts'
import type { Act } from './main.ts'
import { showRuns } from './sweepProgress.ts'
import { ConflictingFlagsError } from './usage.ts'

/** Runs what is missing, prints, writes, and answers with the exit code of the gates. */
export const sweep: Act = async ([entry], flags, host) => {
  if (flags.worker === true) return await work(flags, host)
  if (entry === undefined) throw new NoScenarioError()
  if (flags.resume && flags.fresh) throw new ConflictingFlagsError('--resume', '--fresh')
  const { pageOf } = await import('./sweepPage.ts')
  const page = pageOf(flags)
  const start = performance.now()
  const job = jobOf(entry, flags, host.folder, false)
  const numbers = numbersOf(flags)
  const { runs } = numbers
  const wanted = {
    entry,
    overrides: job.overrides,
    variations: ((flags.vary as string[] | undefined) ?? []).map(variationOf),
    oneAtATime: flags.tornado === true,
    runs,
    ignition: flags.find === 'ignition',
  }
  const planned = await planOf(wanted, diskSource(host.folder, job.data))
  const folder = folderOf(planned, flags, host)
  const store = await openStore(folder, planned.plan, openingOf(flags))
  const command = `firebreak sweep ${retyped(job)}`
  try {
    const finished = await runAll(planned, numbers, store, folder, flags, host)
    if (!finished) return exit.interrupted
    const report = await reportOf(planned, runs, wanted.oneAtATime, store)
    const milliseconds = performance.now() - start
    return await page.print({ report, store, folder, command, host, milliseconds })
  } finally {
    store.close()
  }
}

async function runAll(
  planned: Planned,
  numbers: Numbers,
  store: Store,
  folder: string,
  flags: Flags,
  host: Host,
): Promise<boolean> {
  let stopped = false
  host.onInterrupt(() => {
    stopped = true
  })
  const { runs, taskMs } = numbers
  const executor = await executorOf(planned, numbers, flags, host)
  const progress = showRuns(planned.plan, host)
  try {
    const watcher = { seen: progress.show, stopped: () => stopped }
    const finished = await conduct(planned, runs, store, executor, watcher, taskMs)
    progress.end()
    if (!finished) {
      const kept = `${store.count} of ${runs * planned.plan.cells.length} runs are kept`
      host.stderr.write(`\ninterrupted: ${kept} in ${folder}; --resume goes on with them\n`)
    }
    return finished
  } finally {
    progress.end()
    await executor.close()
  }
}

async function reportOf(
  planned: Planned,
  runs: number,
  oneAtATime: boolean,
  store: Store,
): Promise<SweepReport> {
  const { plan, data, scenario } = planned
  return await sweepReport({
    plan,
    runs,
    oneAtATime,
    rows: (cell) => store.rows(cell, runs),
    failed: await store.failed(),
    rerun: (cell, run) => rerunOf(planned, cell, run),
    warnings: scenario(0).warnings,
    data,
  })
}

/** What to type to see one run again, alone. */
function rerunOf({ plan, entry, overrides }: Planned, cell: number, run: number): string {
  const { draw, variations, cells } = plan
  const keys = [...overrides, ...setBy(variations, cells[cell].values)]
  const job = { entry, folder: '', data: null, checkOnly: false, tables: null }
  const value = String((plan.first + run) % 2 ** 32)
  return `firebreak run ${retyped({ ...job, overrides: [...keys, [draw, value]] })}`
}

async function executorOf(
  planned: Planned,
  numbers: Numbers,
  flags: Flags,
  host: Host,
): Promise<Executor> {
  if (typeof flags.queue === 'string') {
    const { queued } = await import('../farm/queue.ts')
    return await queued(flags.queue, planned)
  }
  const { ignition, measures } = planned.plan
  const supply = { ignition, measures: measures.length, scenario: planned.scenario }
  return host.threaded ? threads(numbers.threads, supply, numbers.memoryMb) : inline(supply)
}

async function work(flags: Flags, host: Host): Promise<number> {
  if (typeof flags.queue !== 'string') throw new NoQueueError()
  const { serve } = await import('../farm/worker.ts')
  let stopped = false
  host.onInterrupt(() => {
    stopped = true
  })
  const terms = {
    url: flags.queue,
    ...numbersOf(flags),
    once: flags.once === true,
  }
  await serve(
    terms,
    (line) => host.stderr.write(`${line}\n`),
    () => stopped,
  )
  return stopped ? exit.interrupted : exit.ok
}

/** Flags that count. */
type Numbers = ReturnType<typeof numbersOf>

function numbersOf(flags: Flags) {
  return {
    runs: wholeOf('--runs', flags.runs, 1, RUNS_MOST) ?? 1,
    threads: wholeOf('--workers', flags.workers, 1, 1024) ?? availableParallelism(),
    memoryMb: wholeOf('--memory', flags.memory, 64, 1e6),
    taskMs: wholeOf('--task', flags.task, 1, 60_000) ?? undefined,
    rate: wholeOf('--rate', flags.rate, 1, 1e6),
  }
}

function openingOf(flags: Flags): Opening {
  return flags.resume === true ? 'resume' : flags.fresh === true ? 'fresh' : 'new'
}

/** `--out`, or a folder of its own for each sweep. */
function folderOf({ plan }: Planned, flags: Flags, host: Host): string {
  if (typeof flags.out === 'string') return resolve(host.folder, flags.out)
  return join(host.folder, '.firebreak', 'sweeps', `${plan.scenario}-${plan.id.slice(0, 12)}`)
}

function wholeOf(flag: string, given: unknown, least: number, most: number): number | null {
  if (given === undefined) return null
  const text = String(given).trim()
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new WholeNumberError(flag, text, least, most)
}

const RUNS_MOST = 10_000_000

/** A flag that counts got something else. */
export class WholeNumberError extends InputError {
  constructor(place: string, came: string, least: number, most: number) {
    super({
      code: 'FB2087',
      rule: `must be a whole number from ${least} to ${most}`,
      place,
      came,
      remedy: `Write it like ${place} ${Math.max(least, Math.min(most, 1000))}`,
    })
  }
}

/** A sweep of nothing. */
export class NoScenarioError extends InputError {
  constructor() {
    super({
      code: 'FB2003',
      rule: "missing required argument 'scenario'",
      remedy: 'Name a scenario, or give --worker and --queue to work for the sweep of others',
    })
  }
}

/** A worker without a queue. */
export class NoQueueError extends InputError {
  constructor() {
    super({
      code: 'FB2088',
      rule: '--worker needs --queue',
      place: '--worker',
      remedy: 'Give the address of the Redis that the sweep was given: --queue redis://host:6379',
    })
  }
}
