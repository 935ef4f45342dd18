/** `firebreak sweep`: many runs of a scenario, kept as they come in; or a worker of a sweep. */

import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { quoted, retyped } from '../document/retyped.ts'
import { InputError } from '../errors.ts'
import { StoreTakenError } from '../farm/errors.ts'
import { type Executor, inline, threads } from '../farm/executor.ts'
import { readableNumbers } from '../farm/numbers.ts'
import { type Planned, planOf, setBy } from '../farm/plan.ts'
import { type Opening, openStore, type Store, storeName } from '../farm/store.ts'
import { conduct, keptOf } from '../farm/sweep.ts'
import { variationOf } from '../farm/variations.ts'
import { diskSource } from '../ingest/files.ts'
import { anytimeLooks, levelOf, looks } from '../statistics/stopping.ts'
import type { Extra } from '../sweep/meter.ts'
import { type SweepReport, sweepReport } from '../sweep/report.ts'
import { isEnough, type Until } from '../sweep/until.ts'
import type { FailedRun } from '../sweep/work.ts'
import { exit } from './failure.ts'
import { type Flags, jobOf } from './flags.ts'
import type { RunRound } from './frontier.ts'
import type { Host } from './host.ts'
import type { Job } from './job.ts'
import type { Act } from './main.ts'
import { showRuns } from './sweepProgress.ts'
import { untilOf, widthWords } from './until.ts'
import { ConflictingFlagsError, UnknownWordError } from './usage.ts'
import { wholeOf } from './whole.ts'

/** Runs what is missing, prints, writes, and answers with the exit code of the gates. */
export const sweep: Act = async ([entry], flags, host) => {
  if (flags.worker === true) return await work(flags, host)
  if (entry === undefined) throw new NoScenarioError()
  if (flags.resume && flags.fresh) throw new ConflictingFlagsError('--resume', '--fresh')
  const { pageOf } = await import('./sweepPage.ts')
  const { frontierOf, judgedBy } = await import('./frontier.ts')
  const page = pageOf(flags)
  const frontier = frontierOf(flags, host.folder)
  const start = performance.now()
  const job = jobOf(entry, flags, host.folder, false)
  const numbers = numbersOf(flags)
  const { runs } = numbers
  const sampling: [string, string][] =
    typeof flags.sampling === 'string' ? [['paths.sampling', `{ kind: ${flags.sampling} }`]] : []
  const until = untilOf(flags.until)
  const source = diskSource(host.folder, job.data)
  const overrides = [...job.overrides, ...sampling]
  const varied = ((flags.vary as string[] | undefined) ?? []).map(variationOf)
  const isOfAll = flags.tornado === true && varied.length === 0
  const wanted = {
    entry,
    overrides,
    variations: isOfAll ? await readableNumbers(entry, source, overrides) : varied,
    oneAtATime: flags.tornado === true,
    runs,
    extra: extraOf(flags),
  }
  if (until?.anytime && wanted.extra === 'control')
    throw new ConflictingFlagsError('--control', '--until ... at any time')
  const rounds = roundsOn({ numbers, flags, host })
  if (frontier?.budget) checkFolder(flags, host)
  const judged = await judgedBy(frontier, { wanted, source, run: rounds.run, check: page.check })
  if (judged === null) return exit.interrupted
  const planned = await planOf(judged.wanted, source)
  const names = planned.plan.measures.map(({ name }) => name)
  if (until !== null && !names.includes(until.measure))
    throw new UnknownWordError('--until', until.measure, names)
  page.check(names)
  const folder = folderOf(planned, flags, host)
  const store = await openStore(folder, planned.plan, openingOf(flags))
  const command = commandOf(job, flags)
  try {
    await rounds.fill(planned, store)
    const whole = await runAll({ planned, numbers, until, store, folder, flags, host })
    if (whole === null) return exit.interrupted
    const report = judged.withFront(whole)
    const milliseconds = performance.now() - start
    const isVaried = wanted.variations.some(({ key }) => key === 'shock.drop')
    const drop = isVaried ? null : planned.scenario(0).shock.drop
    return await page.print({ report, store, folder, command, host, milliseconds, drop })
  } finally {
    store.close()
  }
}

interface Running {
  readonly planned: Planned
  readonly numbers: Numbers
  readonly until: Until | null
  readonly store: Store
  readonly folder: string
  readonly flags: Flags
  readonly host: Host
}

/**
 * Runs until all is run, or enough; null where it was stopped.
 *
 * Rule: with a wanted width the sweep is looked at whenever its runs have doubled, and every
 *       interval stands at a level that makes up for the looks; or, where intervals shall hold at
 *       any time, whenever there are a quarter more runs.
 */
async function runAll(running: Running): Promise<SweepReport | null> {
  const { planned, numbers, until, store, folder, host } = running
  const { runs, taskMs } = numbers
  let stopped = false
  host.onInterrupt(() => {
    stopped = true
  })
  const progress = showRuns(planned.plan, host)
  const executor = await executorOf(running, progress.say)
  const watcher = { seen: progress.show, stopped: () => stopped }
  const { batch } = planned.plan
  const { sizes, level } = looksAt(until, runs, batch)
  try {
    for (const size of sizes) {
      const finished = await conduct(planned, size, store, executor, watcher, taskMs)
      if (!finished) break
      const isLast = size === sizes[sizes.length - 1]
      const report = await reportOf(running, size, level)
      const enough = until === null || isEnough(report, until)
      if (until !== null && !enough) progress.note(`${size} runs: ${widthWords(report, until)}`)
      if (isLast || enough) return report
    }
    progress.end()
    const { plan } = planned
    const kept = `${keptOf(plan, runs, store)} of ${runs * plan.cells.length} runs are kept`
    host.stderr.write(`\ninterrupted: ${kept} in ${folder}; --resume goes on with them\n`)
    return null
  } finally {
    progress.end()
    await executor.close()
  }
}

/** After how many runs a sweep is looked at, and the level of each of these looks. */
function looksAt(until: Until | null, runs: number, batch: number) {
  if (until === null) return { sizes: [runs], level: LEVEL }
  const least = until.anytime ? anytimeLooks(runs) : looks(runs)
  const sizes = least.map((n) => Math.min(runs, Math.ceil(n / batch) * batch))
  return { sizes, level: until.anytime ? LEVEL : levelOf(sizes.length) }
}

/** What a cell of a search came to, until the store of all of them is there. */
interface RoundCell {
  readonly values: Float64Array
  readonly failed: readonly FailedRun[]
}

/** Runs rounds of a search, and keeps what they came to for the sweep of all chosen cells. */
function roundsOn({ numbers, flags, host }: Pick<Running, 'numbers' | 'flags' | 'host'>): {
  readonly run: RunRound
  fill(planned: Planned, store: Store): Promise<void>
} {
  const cells = new Map<string, RoundCell>()
  let stopped = false
  return {
    async run(planned) {
      host.onInterrupt(() => {
        stopped = true
      })
      const { plan } = planned
      const store = await openStore(null, plan, 'new')
      const running = { planned, numbers, until: null, store, folder: '', flags, host }
      const progress = showRuns(plan, host)
      const executor = await executorOf(running, progress.say)
      try {
        const watcher = { seen: progress.show, stopped: () => stopped }
        const isDone = await conduct(
          planned,
          numbers.runs,
          store,
          executor,
          watcher,
          numbers.taskMs,
        )
        if (!isDone) host.stderr.write('\ninterrupted: a search keeps nothing before it is over\n')
        if (!isDone) return null
        const failed = await store.failed()
        for (const [cell, { values }] of plan.cells.entries())
          cells.set(JSON.stringify(values), {
            values: await store.rows(cell, numbers.runs),
            failed: failed.filter((one) => one.cell === cell),
          })
        return await reportOf(running, numbers.runs, LEVEL)
      } finally {
        progress.end()
        await executor.close()
        store.close()
      }
    },
    async fill({ plan }, store) {
      if (cells.size === 0) return
      for (const [cell, { values: set }] of plan.cells.entries()) {
        const { values, failed } = cells.get(JSON.stringify(set))!
        const spans = [{ cell, from: 0, count: numbers.runs }]
        const own = failed.map((one) => ({ ...one, cell }))
        await store.add({ id: `search ${cell}`, spans, values, failed: own, milliseconds: 0 })
      }
    },
  }
}

async function reportOf(
  { planned, until, store, flags }: Running,
  runs: number,
  level: number,
): Promise<SweepReport> {
  const { plan, data } = planned
  return await sweepReport({
    plan,
    runs,
    oneAtATime: flags.tornado === true,
    level,
    anytime: until?.anytime === true,
    rows: (cell) => store.rows(cell, runs),
    failed: await store.failed(),
    scenario: planned.fetch,
    rerun: (cell, run) => rerunOf(planned, cell, run),
    warnings: planned.scenario(0).warnings,
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
  { planned, numbers, flags, host }: Running,
  say: (text: string) => void,
): Promise<Executor> {
  if (typeof flags.queue === 'string') {
    const { queued } = await import('../farm/queue.ts')
    const { withoutPassword } = await import('../farm/redis.ts')
    const words = `sweep --worker --queue ${quoted(withoutPassword(flags.queue))}`
    const line = `no worker is connected; this starts one: ${host.program} ${words}`
    return await queued(flags.queue, planned, () => say(line))
  }
  const { extra, measures } = planned.plan
  const supply = { extra, measures: measures.length, scenario: planned.fetch }
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

/** The sweep as a person would type it again. */
function commandOf(job: Job, flags: Flags): string {
  const words = [`firebreak sweep ${retyped(job)}`]
  for (const text of (flags.vary as string[] | undefined) ?? []) words.push('--vary', quoted(text))
  for (const name of ['pareto', 'search', 'limits', 'runs', 'until', 'sampling', 'find'])
    if (flags[name] !== undefined && flags[name] !== '1')
      words.push(`--${name}`, quoted(String(flags[name])))
  for (const name of ['tornado', 'control']) if (flags[name] === true) words.push(`--${name}`)
  return words.join(' ')
}

/** What is measured beside. */
function extraOf(flags: Flags): Extra {
  if (flags.find !== undefined && flags.find !== 'ignition')
    throw new UnknownWordError('--find', String(flags.find), ['ignition'])
  if (flags.find !== undefined && flags.control === true)
    throw new ConflictingFlagsError('--find', '--control')
  return flags.find === 'ignition' ? 'ignition' : flags.control === true ? 'control' : 'none'
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

/** A search has its cells last: whatever stands in its way is known before it runs. */
function checkFolder(flags: Flags, host: Host): void {
  if (typeof flags.out !== 'string' || flags.fresh === true) return
  const folder = resolve(host.folder, flags.out)
  if (existsSync(join(folder, storeName)))
    throw new StoreTakenError(folder, storeName, 'Use --fresh to start anew, or name another --out')
}

/** The same search finds what it left in a folder of its own. */
function openingOf(flags: Flags): Opening {
  if (flags.search !== undefined && flags.fresh !== true) return 'resume'
  return flags.resume === true ? 'resume' : flags.fresh === true ? 'fresh' : 'new'
}

/** `--out`, or a folder of its own for each sweep. */
function folderOf({ plan }: Planned, flags: Flags, host: Host): string {
  if (typeof flags.out === 'string') return resolve(host.folder, flags.out)
  return join(host.folder, '.firebreak', 'sweeps', `${plan.scenario}-${plan.id.slice(0, 12)}`)
}

const RUNS_MOST = 10_000_000
const LEVEL = 0.95

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
