/** `firebreak run`: one cascade or one run in time, printed. */

import { resolve } from 'node:path'
import { retyped } from '../document/retyped.ts'
import { settled } from '../figures/caption.ts'
import type { Report } from '../report.ts'
import type { TimedReport } from '../timedReport.ts'
import { compute } from './engine.ts'
import { exit } from './failure.ts'
import { type Flags, jobOf } from './flags.ts'
import { type GateResult, judge, parseGate } from './gate.ts'
import { coloursOf, columnsOf, drawsUnicode, type Host } from './host.ts'
import type { Computed, Job, Tables } from './job.ts'
import type { Act } from './main.ts'
import { paintFor } from './paint.ts'
import { clearing } from './save.ts'
import { tableFormats } from './tables.ts'
import type { View } from './terminal.ts'
import { ConflictingFlagsError, TablesNowhereError, UnknownWordError } from './usage.ts'

/** Runs, prints, writes with `--out`, and answers with the exit code of gates and settling. */
export const run: Act = async ([entry], flags, host) => {
  if (flags.json && flags.ndjson) throw new ConflictingFlagsError('--json', '--ndjson')
  if (flags.attack && !flags.dryRun)
    return await (await import('./attack.ts')).attack(entry, flags, host)
  const gates = ((flags.gate as string[] | undefined) ?? []).map((text) =>
    parseGate(text, '--gate'),
  )
  const tables = tablesOf(flags, host)
  const job = { ...jobOf(entry, flags, host.folder, flags.dryRun === true), tables }
  const work = async () => {
    const start = performance.now()
    const computed = await compute(job, host)
    return await answer(computed, gates, job, start, flags, host)
  }
  return await (tables === null ? work() : clearing(tables.out, work))
}

/** Where tables go; null without `--out`. */
function tablesOf(flags: Flags, host: Host): Tables | null {
  const format = tableFormats.find((known) => known === flags.tables) ?? null
  if (flags.tables !== undefined && format === null) {
    throw new UnknownWordError('--tables', String(flags.tables), tableFormats)
  }
  if (typeof flags.out === 'string') return { out: resolve(host.folder, flags.out), format }
  if (format !== null) throw new TablesNowhereError(format)
  return null
}

async function answer(
  computed: Computed,
  gates: ReturnType<typeof parseGate>[],
  job: Job,
  start: number,
  flags: Flags,
  host: Host,
): Promise<number> {
  const { report, stopped } = computed
  if (stopped !== null) return await keepStopped(computed, flags, host)
  if (report === null) return printResolved(computed, flags, host)
  const own = computed.gates.map((text) => parseGate(text, `${job.entry}, gates`))
  const results = [...own, ...gates].map((gate) => judge(gate, report))
  if (job.tables !== null) {
    const { saveRun } = await import('./saveRun.ts')
    await saveRun(job.tables.out, report, computed, `firebreak run ${retyped(job)}`)
  }
  const milliseconds = performance.now() - start
  if (flags.json) host.stdout.write(`${JSON.stringify(report)}\n`)
  else if (flags.ndjson) await printEvents(report, results, host)
  else if (!flags.quiet) await printPage(report, results, job, milliseconds, flags, host)
  if (flags.json || flags.ndjson || flags.quiet) printBreaches(results, host)
  return exitCode(report, results)
}

async function keepStopped(computed: Computed, flags: Flags, host: Host): Promise<number> {
  const { saveStopped } = await import('./saveRun.ts')
  const kept = saveStopped(resolve(host.folder, String(flags.out)), computed)
  const said = kept === null ? 'nothing was written' : `${kept} are kept in ${flags.out}`
  host.stderr.write(`\ninterrupted: ${said}\n`)
  return exit.interrupted
}

async function printPage(
  report: Report | TimedReport,
  gates: readonly GateResult[],
  job: Job,
  milliseconds: number,
  flags: Flags,
  host: Host,
): Promise<void> {
  const view: View = {
    columns: columnsOf(host.stdout),
    paint: paintFor(coloursOf(host.stdout, host.env, flags.color === false)),
    unicode: drawsUnicode(host.env),
    program: host.program,
    entry: retyped(job),
    gates,
    saved: typeof flags.out === 'string' ? flags.out : null,
    milliseconds: host.stdout.isTerminal ? milliseconds : null,
  }
  if (report.schema === 'firebreak.run/1') {
    const { renderTimedRun } = await import('./terminal/timed.ts')
    host.stdout.write(renderTimedRun(report, view))
  } else {
    const { renderRun } = await import('./terminal.ts')
    host.stdout.write(renderRun(report, view))
  }
}

async function printEvents(
  report: Report | TimedReport,
  results: readonly GateResult[],
  host: Host,
): Promise<void> {
  const { eventsOf } = await import('./events.ts')
  host.stdout.write(eventsOf(report, results))
}

/** Where only data is printed, a breach is said on stderr. */
function printBreaches(results: readonly GateResult[], host: Host): void {
  for (const { ok, text, detail } of results) {
    if (!ok) host.stderr.write(`gate breached: ${text}  ${detail}\n`)
  }
}

function printResolved(computed: Computed, flags: Flags, host: Host): number {
  const { resolved, runId, data } = computed
  if (flags.quiet) return exit.ok
  const page = { run_id: runId, data, scenario: resolved }
  host.stdout.write(`${JSON.stringify(page, null, flags.json ? 0 : 2)}\n`)
  return exit.ok
}

/**
 * A check that fails is our fault, and no gate or number of this run is worth anything. A gate
 * outranks settling: it was asked for. A run in time ends with its last block.
 */
export function exitCode(report: Report | TimedReport, gates: readonly GateResult[]): number {
  const isOurs = ({ name, ok }: Report['checks'][number]) => !ok && name !== 'settled'
  if (report.checks.some(isOurs)) return exit.internal
  if (gates.some((gate) => !gate.ok)) return exit.gate
  return report.schema === 'firebreak.run/1' || settled(report) ? exit.ok : exit.unsettled
}
