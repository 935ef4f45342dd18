/** What the report of a run in time says and in which order, as blocks for every format. */

import { metricValue } from '../figures/caption.ts'
import {
  accountsLiquidated,
  badDebtUsd,
  clock,
  deepened,
  headlineAsset,
  isFelt,
  isWithoutLiquidators,
  liquidatedUsd,
  liquidationCount,
  ownSales,
  spanOf,
  timedSegments,
} from '../figures/timedFacts.ts'
import {
  count,
  counted,
  duration,
  missing,
  money,
  percent,
  points,
  price,
  shortId,
} from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { type Block, type FigureSet, type Headline, section, verdictsOf } from './outline.ts'
import type { Table } from './table.ts'
import { checksTable, dataTable, metricsTable, warningsTable } from './tables.ts'
import {
  closingsTable,
  costsTable,
  fatesTable,
  fundsTable,
  generationsTable,
  housesTable,
  largestTable,
  liquidatorsTable,
  pricesTable,
  protocolsTable,
  turnsTable,
} from './timedTables.ts'

/**
 * The whole page as blocks: sentence, five numbers, the day, who acted, who is left with a loss,
 * then what it rests on.
 *
 * Shape: `figures` by name; one that is missing is left out. `command` reruns the report.
 */
export function timedOutline(
  report: TimedReport,
  figures: readonly FigureSet[],
  command: string,
): readonly Block[] {
  const figure = (name: string): Block[] =>
    figures.filter((one) => one.name === name).map((one) => ({ kind: 'figure', figure: one }))
  return [
    { kind: 'title', text: titleOf(report), note: stampOf(report) },
    { kind: 'sentence', segments: timedSegments(report) },
    { kind: 'numbers', numbers: timedHeadlines(report) },
    ...figure('timeline'),
    { kind: 'verdicts', verdicts: verdictsOf(report) },
    ...section('Where the day turned', [...figure('closeup'), table(turnsTable(report), 20)]),
    ...section('What sales did to sales', [
      ...figure('generations'),
      table(generationsTable(report), 20),
      table(fatesTable(report), 10),
    ]),
    ...section('Protocols', [
      table(protocolsTable(report), 20),
      table(housesTable(report), 20),
      table(closingsTable(report), 20),
      table(fundsTable(report), 20),
      table(pricesTable(report), 20),
    ]),
    ...section(
      'Liquidators',
      isWithoutLiquidators(report)
        ? []
        : [table(liquidatorsTable(report), 20), table(costsTable(report), 20)],
    ),
    ...section('Liquidations', [table(largestTable(report), 10)]),
    ...section('Checks and warnings', [
      table(checksTable(report), 40),
      table(warningsTable(report), 40),
    ]),
    ...section('Assumptions and limits', [{ kind: 'list', items: limits(report) }]),
    ...section('Data', [table(dataTable(report), 40), table(metricsTable(report), 0)]),
    ...section('Reproduce', [{ kind: 'code', text: reproduce(report, command) }]),
  ]
}

/** Liquidated, lowest price, bad debt, liquidations, data: always these, always in this order. */
export function timedHeadlines(report: TimedReport): readonly Headline[] {
  const { accounts, synthetic, debt_usd } = report.book
  const asset = headlineAsset(report)
  const bad = badDebtUsd(report)
  return [
    {
      label: 'Liquidated',
      value: money(liquidatedUsd(report)),
      note: against(report),
      tone: 'total',
    },
    {
      label: `Lowest ${asset?.name ?? 'price'}`,
      value: price(asset?.lowest ?? null),
      note: lowNote(report),
      tone: 'total',
    },
    {
      label: 'Bad debt',
      value: money(bad),
      note: owedBy(report),
      tone: bad > 0 ? 'total' : 'plain',
    },
    {
      label: 'Liquidations',
      value: count(liquidationCount(report)),
      note: whose(report),
      tone: 'plain',
    },
    {
      label: 'Data',
      value: synthetic ? 'synthetic' : (report.as_of?.slice(0, 10) ?? missing),
      note: `${counted(accounts, 'account')}, ${money(debt_usd)}`,
      tone: 'plain',
    },
  ]
}

/** What the prices of the scenario are, in words. */
export const priceWords: Readonly<Record<TimedReport['prices_are'], string>> = {
  outside: 'The prices of the scenario are an outside move: forced sales come on top of it.',
  given:
    'The prices of the scenario are a record that real sales had moved: they are not moved again.',
  inferred:
    'The outside move is inferred from a record: the effect of the sales was taken out of it first.',
}

function against(report: TimedReport): string {
  if (!isFelt(report)) return report.feedback ? 'at recorded prices' : 'feedback is off'
  const first = metricValue(report, 'first_round_usd')
  return first === null ? 'debt repaid' : `${money(first)} without feedback`
}

function whose(report: TimedReport): string {
  const own = ownSales(report)
  const accounts = counted(accountsLiquidated(report), 'account')
  if (own === null) return accounts
  return `${accounts}; protocols sold ${money(own.usd)} themselves, in ${counted(own.sales, 'sale')}`
}

function lowNote(report: TimedReport): string {
  const asset = headlineAsset(report)
  if (asset === undefined) return 'no price'
  const fall = percent(1 - asset.lowest / asset.opening)
  const by = deepened(report)
  const at = clock(asset.lowest_at_seconds, spanOf(report))
  if (by === null) return `${fall} below the opening, at ${at}`
  return `at ${at}, down ${fall}, ${points(by)} of it forced`
}

function owedBy(report: TimedReport): string {
  const owing = report.protocols.filter(({ bad_debt_usd: usd }) => usd > 0)
  if (owing.length === 0) return 'nobody is left with any'
  const sorted = [...owing].sort((a, b) => b.bad_debt_usd - a.bad_debt_usd)
  const [most] = sorted
  const others = sorted.length > 1 ? `, ${sorted.length - 1} more` : ''
  return `${most.name} ${money(most.bad_debt_usd)}${others}`
}

function table(table: Table, rowsMax: number): Block {
  return { kind: 'table', table, rowsMax }
}

function titleOf(report: TimedReport): string {
  return `${report.scenario}: ${report.headline} over ${lengthOf(report)}`
}

function stampOf(report: TimedReport): string {
  return [
    `Firebreak ${report.engine_version}`,
    `run ${shortId(report.run_id)}`,
    `seed ${report.seed}`,
    ...(report.path === 0 ? [] : [`path ${report.path}`]),
    `${counted(report.blocks, 'block')} of ${report.block_seconds} s`,
    report.service,
    ...(report.feedback ? [] : ['feedback off']),
  ].join(' · ')
}

/** How long the run is, rounded to minutes where it has hours: `24 h`. */
export function lengthOf(report: TimedReport): string {
  const span = spanOf(report)
  return duration(span < 3600 ? span : 60 * Math.round(span / 60))
}

function limits(report: TimedReport): string[] {
  return [
    priceWords[report.prices_are],
    `Service inside a block: ${report.service}.`,
    ...(report.feedback ? [] : ['Feedback is off: forced sales do not move the price.']),
    ...(report.book.synthetic ? ['The positions are synthetic: drawn by a seeded generator.'] : []),
    'Firebreak stresses and warns. It does not predict prices.',
  ]
}

function reproduce(report: TimedReport, command: string): string {
  const digests = report.data.flatMap(({ name, sha256 }) => (sha256 ? `# ${sha256}  ${name}` : []))
  return [
    command,
    `# run ${report.run_id}`,
    `# seed ${report.seed}, Firebreak ${report.engine_version}`,
    ...digests,
  ].join('\n')
}
