/** `firebreak run`: one cascade, printed. */

import { resolve } from 'node:path'
import { settled } from '../figures/caption.ts'
import type { Report } from '../report.ts'
import { compute } from './engine.ts'
import { exit } from './failure.ts'
import { jobOf, retyped } from './flags.ts'
import { type GateResult, judge, parseGate } from './gate.ts'
import { coloursOf, columnsOf, drawsUnicode, type Host } from './host.ts'
import type { Computed, Job } from './job.ts'
import type { Act } from './main.ts'
import { paintFor } from './paint.ts'
import { ConflictingFlagsError } from './usage.ts'

/** Runs, prints, writes with `--out`, and answers with the exit code of gates and settling. */
export const run: Act = async ([entry], flags, host) => {
  if (flags.json && flags.ndjson) throw new ConflictingFlagsError('--json', '--ndjson')
  const gates = ((flags.gate as string[] | undefined) ?? []).map((text) =>
    parseGate(text, '--gate'),
  )
  const job = jobOf(entry, flags, host.folder, flags.dryRun === true)
  const start = performance.now()
  const computed = await compute(job, host)
  if (computed.report === null) return printResolved(computed, flags, host)
  const { report } = computed
  const own = computed.gates.map((text) => parseGate(text, `${entry}, gates`))
  const results = [...own, ...gates].map((gate) => judge(gate, report))
  const saved = typeof flags.out === 'string' ? flags.out : null
  if (saved !== null) await save(saved, computed, retyped(job), host)
  const code = exitCode(report, results)
  const milliseconds = performance.now() - start
  if (flags.json) host.stdout.write(`${JSON.stringify(report)}\n`)
  else if (flags.ndjson) host.stdout.write(eventsOf(report, results))
  else if (!flags.quiet) await printPage(report, results, saved, job, milliseconds, flags, host)
  if (flags.json || flags.ndjson || flags.quiet) printBreaches(results, host)
  return code
}

async function printPage(
  report: Report,
  gates: readonly GateResult[],
  saved: string | null,
  job: Job,
  milliseconds: number,
  flags: Readonly<Record<string, unknown>>,
  host: Host,
): Promise<void> {
  const { renderRun } = await import('./terminal.ts')
  const page = renderRun(report, {
    columns: columnsOf(host.stdout),
    paint: paintFor(coloursOf(host.stdout, host.env, flags.color === false)),
    unicode: drawsUnicode(host.env),
    program: host.program,
    entry: retyped(job),
    gates,
    saved,
    milliseconds: host.stdout.isTerminal ? milliseconds : null,
  })
  host.stdout.write(page)
}

/** Where only data is printed, a breach is said on stderr. */
function printBreaches(results: readonly GateResult[], host: Host): void {
  for (const { ok, text, detail } of results) {
    if (!ok) host.stderr.write(`gate breached: ${text}  ${detail}\n`)
  }
}

function printResolved(
  computed: Computed,
  flags: Readonly<Record<string, unknown>>,
  host: Host,
): number {
  const { resolved, runId, data } = computed
  if (flags.quiet) return exit.ok
  const page = { run_id: runId, data, scenario: resolved }
  host.stdout.write(`${JSON.stringify(page, null, flags.json ? 0 : 2)}\n`)
  return exit.ok
}

/** A gate outranks settling: it was asked for. */
export function exitCode(report: Report, gates: readonly GateResult[]): number {
  if (gates.some((gate) => !gate.ok)) return exit.gate
  return settled(report) ? exit.ok : exit.unsettled
}

/** One JSON document a line: what ran, its rounds, its metrics, and how it ended. */
function eventsOf(report: Report, gates: readonly GateResult[]): string {
  const { schema, run_id, engine_version, scenario, seed, order, shock } = report
  const events = [
    { event: 'start', schema, run_id, engine_version, scenario, seed, order, shock },
    ...report.rounds.map((round) => ({ event: 'round', ...round })),
    { event: 'metrics', metrics: report.metrics },
    { event: 'done', checks: report.checks, warnings: report.warnings, gates },
  ]
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

async function save(folder: string, computed: Computed, entry: string, host: Host): Promise<void> {
  const { runFiles } = await import('./files.ts')
  const { saveFolder } = await import('./save.ts')
  saveFolder(resolve(host.folder, folder), runFiles(computed, `firebreak run ${entry}`))
}
