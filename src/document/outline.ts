/**
 * What a report says and in which order: once, for every format. Printers turn blocks into text.
 */

import { captionSegments, metricValue, type Segment } from '../figures/caption.ts'
import type { Figure } from '../figures/sheet.ts'
import { counted, missing, money, percent, shortId, shortPercent } from '../format.ts'
import type { Report } from '../report.ts'
import { amplified, depthAge, edgeNote, effectWords, finalDrop, multiple } from './facts.ts'
import type { Table } from './table.ts'
import {
  accountsTable,
  atRiskTable,
  avalanchesTable,
  checksTable,
  contagionTable,
  dataTable,
  depthTable,
  healthTable,
  metricsTable,
  pricesTable,
  roundsTable,
  sensitivityTable,
  slippageTable,
  tornadoTable,
  venuesTable,
  warningsTable,
} from './tables.ts'

/** A figure in both themes, for a reading column and for a phone. */
export interface FigureSet {
  /** File name without `.svg`. */
  readonly name: string
  readonly wide: Readonly<Record<'light' | 'dark', Figure>>
  readonly narrow: Readonly<Record<'light' | 'dark', Figure>>
}

/** One of the five numbers above every chart. */
export interface Headline {
  readonly label: string
  readonly value: string
  readonly note: string
  readonly tone: Segment['tone']
}

/** A check or a warning in a few words. */
export interface Verdict {
  readonly mark: '✓' | '✗' | '!'
  readonly text: string
}

/** A piece of a page. `rowsMax` is how many rows a format without folding should show. */
export type Block =
  | { readonly kind: 'title'; readonly text: string; readonly note: string }
  | { readonly kind: 'sentence'; readonly segments: readonly Segment[] }
  | { readonly kind: 'numbers'; readonly numbers: readonly Headline[] }
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'section'; readonly text: string }
  | { readonly kind: 'figure'; readonly figure: FigureSet }
  | { readonly kind: 'table'; readonly table: Table; readonly rowsMax: number }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }

/**
 * The whole page as blocks: sentence, five numbers, then pictures and tables, then what it rests
 * on.
 *
 * Shape: `figures` by name; one that is missing is left out. `command` reruns the report.
 */
export function outline(
  report: Report,
  figures: readonly FigureSet[],
  command: string,
): readonly Block[] {
  const figure = (name: string): Block[] =>
    figures.filter((one) => one.name === name).map((one) => ({ kind: 'figure', figure: one }))
  return [
    { kind: 'title', text: titleOf(report), note: stampOf(report) },
    { kind: 'sentence', segments: captionSegments(report) },
    { kind: 'numbers', numbers: headlines(report) },
    ...figure('cobweb'),
    { kind: 'verdicts', verdicts: verdictsOf(report) },
    ...section('The rounds', [table(roundsTable(report), 20), table(pricesTable(report), 20)]),
    ...section('Every other drop', [
      ...figure('response'),
      table(avalanchesTable(report), 10),
      table(atRiskTable(report), 20),
    ]),
    ...section('The book', [
      ...figure('levels'),
      ...figure('health'),
      table(accountsTable(report), 10),
      table(healthTable(report), 20),
    ]),
    ...section('The market', [
      ...figure('slippage'),
      table(venuesTable(report), 20),
      table(depthTable(report), 20),
      table(slippageTable(report), 0),
    ]),
    ...section('Who pulled whom', [...figure('contagion'), table(contagionTable(report), 20)]),
    ...section('Sensitivity', [
      table(tornadoTable(report), 20),
      table(sensitivityTable(report), 0),
    ]),
    ...section('Checks and warnings', [
      table(checksTable(report), 40),
      table(warningsTable(report), 40),
    ]),
    ...section('Assumptions and limits', [{ kind: 'list', items: limits(report) }]),
    ...section('Data', [table(dataTable(report), 40), table(metricsTable(report), 0)]),
    ...section('Reproduce', [{ kind: 'code', text: reproduce(report, command) }]),
  ]
}

/** First round, total, final drop, ignition, data: always these, always in this order. */
export function headlines(report: Report): readonly Headline[] {
  const [first, total] = [
    metricValue(report, 'first_round_usd'),
    metricValue(report, 'total_liquidated_usd'),
  ]
  const ignition = metricValue(report, 'ignition_drop')
  const { accounts, synthetic, debt_usd } = report.book
  const times = multiple(report)
  const beside = times === '' ? 'debt repaid' : `${times} the first round`
  return [
    { label: 'First round', value: money(first), note: 'debt repaid', tone: 'first' },
    { label: 'Total', value: money(total), note: beside, tone: 'total' },
    {
      label: 'Final drop',
      value: percent(-finalDrop(report)),
      note: amplified(report),
      tone: 'total',
    },
    {
      label: 'Ignition',
      value: percent(ignition === null ? null : -ignition),
      note: edgeNote(report),
      tone: 'plain',
    },
    {
      label: 'Data',
      value: synthetic ? 'synthetic' : (report.as_of?.slice(0, 10) ?? missing),
      note: `${counted(accounts, 'account')}, ${money(debt_usd)}; depth ${depthAge(report)}`,
      tone: 'plain',
    },
  ]
}

/** Checks, then warnings with what they do to the answer. */
export function verdictsOf(report: Pick<Report, 'checks' | 'warnings'>): readonly Verdict[] {
  return [
    ...report.checks.map(({ name, ok, detail }): Verdict => {
      return ok ? { mark: '✓', text: name } : { mark: '✗', text: `${name}: ${detail}` }
    }),
    ...report.warnings.map(({ text, effect }): Verdict => {
      return { mark: '!', text: `${text}: ${effectWords(effect)}` }
    }),
  ]
}

/** A heading and what stands under it; nothing where all of it is empty tables. */
export function section(text: string, blocks: readonly Block[]): Block[] {
  const full = blocks.filter((block) => block.kind !== 'table' || block.table.rows.length > 0)
  return full.length === 0 ? [] : [{ kind: 'section', text }, ...full]
}

function table(table: Table, rowsMax: number): Block {
  return { kind: 'table', table, rowsMax }
}

function titleOf(report: Report): string {
  return `${report.scenario}: ${report.shock.asset} falls ${shortPercent(report.shock.drop)}`
}

function stampOf(report: Report): string {
  return [
    `Firebreak ${report.engine_version}`,
    `run ${shortId(report.run_id)}`,
    `seed ${report.seed}`,
    `order ${report.order.replace('-', ' ')}`,
    ...(report.feedback ? [] : ['feedback off']),
  ].join(' · ')
}

function limits(report: Report): string[] {
  const { already_bad: bad, overhang } = report.book
  const owed = money(bad.reduce((sum, { debt_usd }) => sum + debt_usd, 0))
  return [
    'An instant cascade: no time passes, liquidators have unlimited capital, the oracle is the venue.',
    `Accounts are taken ${orders[report.order]}.`,
    'The depth never refills between sales, which is pessimistic for a slow fall.',
    ...report.depth.map((depth) => {
      const names = [...new Set(depth.venues.map((venue) => venue.beyond))].join(', ')
      return `Past its observed edge the depth of ${depth.asset} answers by: ${names}.`
    }),
    ...(report.book.synthetic ? ['The positions are synthetic: drawn by a seeded generator.'] : []),
    ...(bad.length === 0
      ? []
      : [
          `${counted(bad.length, 'account owes', 'accounts owe')} ${owed} without any collateral ` +
            'before the shock.',
        ]),
    ...(overhang.accounts === 0
      ? []
      : [
          `${counted(overhang.accounts, 'account was', 'accounts were')} liquidatable before any ` +
            'outside move.',
        ]),
    'Resting depth overstates risk where a backstop absorbs sales, and understates it where makers withdraw.',
    'Firebreak stresses and warns. It does not predict prices.',
  ]
}

const orders: Readonly<Record<Report['order'], string>> = {
  'worst-first': 'worst first, the price read again after each',
  batch: 'in batches, all at the opening price of the round',
  'at-trigger': 'at their triggers, each selling what it would there',
}

function reproduce(report: Report, command: string): string {
  const digests = report.data.flatMap(({ name, sha256 }) => (sha256 ? `# ${sha256}  ${name}` : []))
  return [
    command,
    `# run ${report.run_id}`,
    `# seed ${report.seed}, Firebreak ${report.engine_version}`,
    ...digests,
  ].join('\n')
}
