/** What a comparison prints, writes and judges once it is over. */

import { resolve } from 'node:path'
import { compareCsv, compareDocument } from '../document/compare.ts'
import type { OutFile } from '../document/files.ts'
import { quoted, retyped } from '../document/retyped.ts'
import { InputError } from '../errors.ts'
import { compareFigure } from '../figures/compare.ts'
import { bestOf } from '../figures/compareFacts.ts'
import { counted } from '../format.ts'
import { composed } from '../ingest/compose.ts'
import { diskSource } from '../ingest/files.ts'
import { sampleOverrides } from '../ingest/inTime.ts'
import { isMap } from '../ingest/tree.ts'
import type { CompareReport } from '../sweep/compare.ts'
import { judgeCompare, parseCompareGate } from './compareGate.ts'
import { exit } from './failure.ts'
import type { Flags } from './flags.ts'
import type { GateResult } from './gate.ts'
import { coloursOf, drawsUnicode, type Host, type Stream } from './host.ts'
import type { Job } from './job.ts'
import { paintFor } from './paint.ts'
import { saveFolder } from './save.ts'
import { type Rerun, renderCompare } from './terminal/compare.ts'
import { ConflictingFlagsError, UnknownWordError } from './usage.ts'

export interface Finished {
  readonly job: Job
  readonly host: Host
  readonly milliseconds: number
}

/** The page of a comparison, its flags already read. */
export interface ComparePage {
  /** Prints, writes, and answers with the exit code of the gates. */
  print(report: CompareReport, finished: Finished): number
}

/**
 * Reads the flags that say what is printed, written and judged: what is wrong with them is known
 * before anything runs.
 *
 * Throws: UnknownWordError, FormatsNowhereError, ConflictingFlagsError, GateSyntaxError,
 *         UnknownMetricError, UnknownArmError
 */
export function pageOf(flags: Flags): ComparePage {
  if (flags.json && flags.quiet) throw new ConflictingFlagsError('--json', '--quiet')
  const formats = formatsOf(flags)
  const arms = armsOf(flags)
  const gates = listed(flags.gate).map((text) => parseCompareGate(text, arms))
  return {
    print(report, finished) {
      const { host, job } = finished
      const results = gates.map((gate) => judgeCompare(gate, report))
      const rerun = rerunOf(report, job)
      if (typeof flags.out === 'string') {
        const commands = { all: commandOf(job, flags), one: rerun.command }
        const files = formats.flatMap((format) => filesOf(report, format, commands))
        saveFolder(resolve(host.folder, flags.out), files)
      }
      if (flags.json) host.stdout.write(`${JSON.stringify(report)}\n`)
      else if (!flags.quiet)
        host.stdout.write(textOf(report, rerun, { ...finished, results }, flags))
      if (flags.json || flags.quiet)
        for (const { ok, text, detail } of results)
          if (!ok) host.stderr.write(`gate breached: ${text}  ${detail}\n`)
      return results.every(({ ok }) => ok) ? exit.ok : exit.gate
    },
  }
}

function textOf(
  report: CompareReport,
  rerun: Rerun,
  { job, host, milliseconds, results }: Finished & { readonly results: readonly GateResult[] },
  flags: Flags,
): string {
  return renderCompare(report, rerun, {
    columns: columnsFor(host.stdout),
    paint: paintFor(coloursOf(host.stdout, host.env, flags.color === false)),
    unicode: drawsUnicode(host.env),
    program: host.program,
    entry: retyped(job),
    gates: results,
    saved: typeof flags.out === 'string' ? flags.out : null,
    milliseconds: host.stdout.isTerminal ? milliseconds : null,
  })
}

/** Each arm is a column: a wide terminal is used, and a narrow one is kept to. */
function columnsFor({ columns }: Stream): number {
  return Math.min(140, Math.max(60, columns ?? 100))
}

/** Names of the arms, the one that the others are measured from first. */
function armsOf(flags: Flags): string[] {
  const list = typeof flags.defences === 'string' ? flags.defences.split(',') : []
  const first = typeof flags.a === 'string' ? flags.a : 'none'
  return [first, ...list, ...listed(flags.b)].map((name) => name.trim())
}

function listed(value: unknown): readonly string[] {
  return (value as string[] | undefined) ?? []
}

/** Files that a comparison may write. */
const compareFormats = ['json', 'md', 'csv', 'svg'] as const
type CompareFormat = (typeof compareFormats)[number]

/** What is written where `--format` does not say. */
const FORMATS = 'json,md'

function formatsOf({ format, out }: Flags): CompareFormat[] {
  const text = typeof format === 'string' ? format : FORMATS
  const formats = text.split(',').map((word) => {
    const found = compareFormats.find((one) => one === word.trim())
    if (found === undefined) throw new UnknownWordError('--format', word.trim(), compareFormats)
    return found
  })
  if (text !== FORMATS && out === undefined) throw new FormatsNowhereError(text)
  return formats
}

function filesOf(
  report: CompareReport,
  format: CompareFormat,
  commands: { readonly all: string; readonly one: string },
): OutFile[] {
  if (format === 'json') return [{ name: 'compare.json', text: `${JSON.stringify(report)}\n` }]
  if (format === 'csv') return [{ name: 'compare.csv', text: compareCsv(report) }]
  if (format === 'md') return [{ name: 'compare.md', text: compareDocument(report, commands) }]
  const options = { width: WIDTH, command: commands.all, stamp: counted(report.pairs, 'pair') }
  return (['light', 'dark'] as const).map((theme) => ({
    name: theme === 'light' ? 'compare.svg' : 'compare-dark.svg',
    text: compareFigure(report, { ...options, theme }).svg,
  }))
}

const WIDTH = 1100

/** The comparison as a person would type it again. */
function commandOf(job: Job, { a, defences, b, pairs }: Flags): string {
  const words = [`firebreak compare ${retyped(job)}`]
  if (typeof a === 'string') words.push('--a', quoted(a))
  if (typeof defences === 'string') words.push('--defences', quoted(defences))
  for (const text of listed(b)) words.push('--b', quoted(text))
  if (pairs !== undefined) words.push('--pairs', quoted(String(pairs)))
  return words.join(' ')
}

/** The first pair of the arm that is spoken of first, alone: the scenario with all that was set. */
function rerunOf(report: CompareReport, job: Job): Rerun {
  const source = diskSource(job.folder, job.data)
  const { tree } = composed(job.entry, source, job.overrides)
  const given = isMap(tree.value) ? Number(tree.value.get('path')?.value ?? 0) : 0
  const path = Number.isInteger(given) ? given : 0
  const sample = sampleOverrides(job.entry, source, job.overrides)
  const hasShock = report.added.some(([key]) => key === 'shock')
  const overrides = [
    ...report.added,
    ...sample,
    ...job.overrides.filter(([key]) => key !== 'path' && !(hasShock && key === 'shock.drop')),
    ['path', String(path)] as const,
    ...report.arms[bestOf(report) ?? 1].set,
  ]
  return { command: `firebreak run ${retyped({ ...job, overrides })}`, path }
}

/** Files were asked for, and no folder to write them to. */
export class FormatsNowhereError extends InputError {
  constructor(came: string) {
    super({
      code: 'FB2033',
      rule: '--format needs --out',
      place: '--format',
      came,
      remedy: 'Add --out and a folder',
    })
  }
}
