/** What a sweep prints and writes once it is over. */

import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { OutFile } from '../document/files.ts'
import type { Store } from '../farm/store.ts'
import { type Focus, failedWords, nameOf, shown, unitOf } from '../figures/sweepFacts.ts'
import { amount, ratio } from '../ingest/quantity.ts'
import { reportJson } from '../sweep/json.ts'
import type { SweepReport } from '../sweep/report.ts'
import { type StatName, statNames, statOf } from '../sweep/stats.ts'
import { exit } from './failure.ts'
import type { Flags } from './flags.ts'
import {
  type Gate,
  type GateResult,
  GateSyntaxError,
  parseGate,
  UnknownMetricError,
} from './gate.ts'
import { coloursOf, columnsOf, drawsUnicode, type Host } from './host.ts'
import { paintFor } from './paint.ts'
import { clearing, saveFolder, stage, UnwritableError } from './save.ts'
import { renderSweep } from './terminal/sweep.ts'
import { ConflictingFlagsError, UnknownWordError } from './usage.ts'

/** What is over. */
export interface Finished {
  readonly report: SweepReport
  readonly store: Store
  readonly folder: string
  /** The words that began it. */
  readonly command: string
  readonly host: Host
  readonly milliseconds: number
  /** The outside drop of every cell; null where it is varied. */
  readonly drop: number | null
}

/** The page of a sweep, its flags already read: what is wrong with them is known before it runs. */
export interface Page {
  /** Throws where a flag names none of these measures. */
  check(names: readonly string[]): void
  print(finished: Finished): Promise<number>
}

/** Files that a sweep may write beside its store. */
export const sweepFormats = ['parquet', 'json', 'csv', 'md', 'svg'] as const
type SweepFormat = (typeof sweepFormats)[number]

/**
 * Reads the flags that say what is printed, written and judged.
 *
 * Throws: UnknownWordError, GateSyntaxError, ConflictingFlagsError
 */
export function pageOf(flags: Flags): Page {
  if (flags.json && flags.quiet) throw new ConflictingFlagsError('--json', '--quiet')
  const formats = formatsOf(flags.format)
  const gates = ((flags.gate as string[] | undefined) ?? []).map((text) =>
    parseGate(text, '--gate'),
  )
  for (const gate of gates) statOfGate(gate)
  const stat = wordOf(flags.stat, '--stat', statNames)
  return {
    check(names) {
      wordOf(flags.metric, '--metric', names)
      for (const gate of gates)
        if (!names.includes(gate.metric)) throw new UnknownMetricError(gate, names)
    },
    async print(finished) {
      const { report, host, folder } = finished
      const focus = chosenFocus(report, flags.metric, stat)
      const results = gates.map((gate) => judgeSweep(gate, report))
      await writeFiles(finished, focus, formats, lineOf(finished, focus, gates))
      if (flags.json) for (const piece of reportJson(report)) host.stdout.write(piece)
      else if (!flags.quiet) host.stdout.write(textOf(finished, focus, results, folder, flags))
      if (flags.json || flags.quiet)
        for (const { ok, text, detail } of results)
          if (!ok) host.stderr.write(`gate breached: ${text}  ${detail}\n`)
      if ((flags.json || flags.quiet) && report.failed.length > 0)
        host.stderr.write(`${failedWords(report)}\n`)
      if (results.some(({ ok }) => !ok)) return exit.gate
      // Of nothing there is no result.
      return report.failed.length === report.runs * report.cells.length ? exit.input : exit.ok
    },
  }
}

function textOf(
  { report, host, command, milliseconds }: Finished,
  focus: Focus,
  gates: readonly GateResult[],
  folder: string,
  flags: Flags,
): string {
  return renderSweep(report, focus, {
    columns: columnsOf(host.stdout),
    paint: paintFor(coloursOf(host.stdout, host.env, flags.color === false)),
    unicode: drawsUnicode(host.env),
    program: host.program,
    entry: command,
    gates,
    saved: folder,
    milliseconds: host.stdout.isTerminal ? milliseconds : null,
  })
}

/**
 * Judges a gate on every cell; all of them must hold.
 *
 * Rule:   what stands in its brackets is a number of the distribution; the mean where nothing does.
 * Throws: UnknownMetricError
 */
export function judgeSweep(gate: Gate, report: SweepReport): GateResult {
  const measure = report.measures.find(({ name }) => name === gate.metric)
  if (measure === undefined)
    throw new UnknownMetricError(
      gate,
      report.measures.map(({ name }) => name),
    )
  const stat = statOfGate(gate)
  const unit = unitOf(report, { measure: gate.metric, stat })
  for (const cell of report.cells) {
    const { value } = statOf(cell, gate.metric, stat)
    const at = report.cells.length > 1 ? ` at ${nameOf(report, cell)}` : ''
    if (value === null) return { text: gate.text, ok: false, detail: `has no value${at}` }
    if (!gate.holds(value))
      return { text: gate.text, ok: false, detail: `got ${shown(value, unit, 'plain')}${at}` }
  }
  return { text: gate.text, ok: true, detail: 'in every cell' }
}

/** The number of a distribution that a gate is on; the mean where it names none. */
export function statOfGate(gate: Gate): StatName {
  if (gate.at.length === 0) return 'mean'
  const stat = statNames.find((name) => name === gate.at[0])
  if (stat === undefined || gate.at.length > 1) throw new GateSyntaxError(gate.text, gate.place)
  return stat
}

/** What is looked at first: losses of many runs, the size of a single one. */
function chosenFocus(report: SweepReport, metric: unknown, stat: StatName | null): Focus {
  const names = report.measures.map(({ name }) => name)
  const given = wordOf(metric, '--metric', names)
  const usual = report.runs > 1 ? 'bad_debt_usd' : 'total_liquidated_usd'
  const measure = given ?? (names.includes('ignition_drop') ? 'ignition_drop' : usual)
  return { measure, stat: stat ?? (report.runs > 1 ? 'q95' : 'mean') }
}

function formatsOf(list: unknown): readonly SweepFormat[] {
  if (list === undefined) return ['parquet', 'json']
  return String(list)
    .split(',')
    .map((word) => wordOf(word.trim(), '--format', sweepFormats)!)
}

function wordOf<W extends string>(given: unknown, flag: string, words: readonly W[]): W | null {
  if (given === undefined) return null
  const found = words.find((word) => word === given)
  if (found === undefined) throw new UnknownWordError(flag, String(given), words)
  return found
}

/** Where a map parts its cells: at a gate on what is looked at, or at the drop that they have. */
function lineOf({ drop }: Finished, focus: Focus, gates: readonly Gate[]): number | null {
  const { measure, stat } = focus
  const gate = gates.find((one) => one.metric === measure && statOfGate(one) === stat)
  if (gate === undefined) return measure === 'ignition_drop' ? drop : null
  const [limit] = /[^<>=\s]+\s*$/.exec(gate.text)!
  const any = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  const reading = /(%|bps)$/i.test(limit) ? ratio(limit, any) : amount(limit, any, true)
  return 'value' in reading ? reading.value : null
}

async function writeFiles(
  finished: Finished,
  focus: Focus,
  formats: readonly SweepFormat[],
  line: number | null,
): Promise<void> {
  const { report, store, folder, command } = finished
  const texts: OutFile[] = [{ name: 'sweep.meta.json', text: metaOf(report, command) }]
  const names: string[] = []
  await clearing(folder, async () => {
    for (const format of formats) {
      if (format === 'parquet' || format === 'csv') {
        await store.write(join(folder, `sweep.${format}`), format, report.runs)
        names.push(`sweep.${format}`)
      } else if (format === 'json') names.push(stageReport(folder, report))
      else {
        const { sweepPage, sweepPictures } = await import('./sweepFiles.ts')
        const columns = format === 'svg' ? await columnsBy(finished, focus.measure) : []
        const sheets = { report, focus, command, columns, ...(line === null ? {} : { line }) }
        texts.push(...(format === 'md' ? [sweepPage(sheets)] : sweepPictures(sheets)))
      }
    }
    saveFolder(folder, texts)
  })
  await store.wrote([...names, ...texts.map(({ name }) => name)])
}

/** Writes the report piece by piece where it waits for the other files; its name. */
function stageReport(folder: string, report: SweepReport): string {
  const name = 'result.json'
  const path = join(stage(folder), name)
  try {
    const file = openSync(path, 'w')
    try {
      for (const piece of reportJson(report)) writeSync(file, piece)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new UnwritableError(path, error)
  }
  return name
}

/** Values of all runs of a measure, by cell. */
async function columnsBy({ report, store }: Finished, measure: string): Promise<Float64Array[]> {
  if (report.runs === 1) return []
  const width = report.measures.length
  const m = report.measures.findIndex(({ name }) => name === measure)
  const columns: Float64Array[] = []
  for (let cell = 0; cell < report.cells.length; cell++) {
    const rows = await store.rows(cell, report.runs)
    const column = Float64Array.from({ length: rows.length / width }, (_, r) => rows[r * width + m])
    columns.push(column.filter(Number.isFinite))
  }
  return columns
}

/** What the columns of the tables mean. */
function metaOf(report: SweepReport, command: string): string {
  const { run_id, engine_version, scenario, draw, first, runs, variations, measures, data } = report
  const meta = {
    ...{ run_id, engine_version, scenario, command, draw, first, runs, variations },
    columns: [
      { name: 'run_id', unit: '', definition: 'The sweep.' },
      { name: 'cell', unit: 'count', definition: 'Which combination of what is varied, from 0.' },
      { name: draw, unit: 'count', definition: 'The key that tells the runs of a cell apart.' },
      ...measures,
    ],
    data,
  }
  return `${JSON.stringify(meta, null, 2)}\n`
}
