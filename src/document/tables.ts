/** The tables of a report. A column's key is the name of the field in the report. */

import type { Metric, Report } from '../report.ts'
import { movedAssets } from './facts.ts'
import { isList } from './metrics.ts'
import type { Table, Unit, Value } from './table.ts'

/** All tables, in the order in which a page shows them. */
export function tablesOf(report: Report): readonly Table[] {
  return [
    metricsTable(report),
    roundsTable(report),
    pricesTable(report),
    curveTable(report),
    avalanchesTable(report),
    accountsTable(report),
    atRiskTable(report),
    healthTable(report),
    venuesTable(report),
    depthTable(report),
    slippageTable(report),
    contagionTable(report),
    tornadoTable(report),
    sensitivityTable(report),
    checksTable(report),
    warningsTable(report),
    dataTable(report),
  ]
}

/** Every metric, one row each; one that is stated at several parameters has a row for each. */
export function metricsTable(report: Pick<Report, 'metrics'>): Table {
  const rows = Object.entries(report.metrics).flatMap(([metric, value]) => {
    const entries: readonly Metric[] = isList(value) ? value : [value]
    return entries.map((entry) => ({ ...entry, metric, at: parametersOf(entry) }))
  })
  return table(
    'metrics',
    'All metrics',
    'Every number with its unit, its basis and its meaning.',
    rows,
    [
      ['metric', 'metric'],
      ['at', 'at'],
      ['value', 'value', 'plain'],
      ['unit', 'unit'],
      ['basis', 'basis'],
      ['definition', 'definition'],
    ],
  )
}

/** The rounds of the cascade. */
export function roundsTable(report: Report): Table {
  const gain = 'Gain: what a round liquidates over what the round before it did. Above 1 it grows.'
  const inside =
    'In worst-first order the price moves within a round, so that round 1 may take more than the ' +
    'first round of the headline, which has no feedback at all.'
  const note = report.order === 'worst-first' ? `${gain} ${inside}` : gain
  return table('rounds', 'Round by round', note, report.rounds, [
    ['round', 'round', 'count'],
    ['price_before', 'price before', 'price'],
    ['price_after', 'price after', 'price'],
    ['repaid_usd', 'liquidated', 'usd'],
    ['sold_units', 'units sold', 'units'],
    ['proceeds_usd', 'proceeds', 'usd'],
    ['accounts', 'accounts', 'count'],
    ['settlements', 'settlements', 'count'],
    ['gain', 'gain', 'factor'],
  ])
}

/** What waits at each price, and the bids that could take it. */
export function levelsTable(report: Report): Table {
  const note =
    'Debt by the price at which it is liquidated, and what venues pay over the same prices.'
  return table('levels', 'Levels and bids', note, report.levels, [
    ['from', 'from', 'price'],
    ['to', 'to', 'price'],
    ['first_usd', 'first round', 'usd'],
    ['feedback_usd', 'feedback', 'usd'],
    ['untouched_usd', 'untouched', 'usd'],
    ['bids_usd', 'bids', 'usd'],
    ['extrapolated', 'extrapolated', 'text'],
  ])
}

/** The response curve, one row a drop. */
export function curveTable(report: Report): Table {
  const { curve } = report
  const note = `What every outside drop of ${curve.asset} would liquidate (${curve.method}).`
  const rows = curve.drop.map((drop, i) => ({
    drop,
    first_usd: curve.first_usd[i],
    total_usd: curve.total_usd[i],
    final_drop: curve.final_drop[i],
    bad_debt_usd: curve.bad_debt_usd[i],
    accounts: curve.accounts[i],
  }))
  return table('curve', 'Response curve', note, rows, [
    ['drop', 'drop', 'ratio'],
    ['first_usd', 'first round', 'usd'],
    ['total_usd', 'with feedback', 'usd'],
    ['final_drop', 'final drop', 'ratio'],
    ['bad_debt_usd', 'bad debt', 'usd'],
    ['accounts', 'accounts', 'count'],
  ])
}

/** Who lights what. */
export function avalanchesTable(report: Report): Table {
  const note = 'The largest cliffs of the response curve, and the account that sets each one off.'
  return table('avalanches', 'Who lights it', note, report.curve.avalanches, [
    ['drop', 'outside drop', 'ratio'],
    ['account', 'account'],
    ['protocol', 'protocol'],
    ['accounts', 'accounts', 'count'],
    ['units', 'units', 'units'],
    ['repaid_usd', 'liquidated', 'usd'],
  ])
}

/** The accounts with the largest part in the cascade. */
export function accountsTable(report: Report): Table {
  const note = 'Debt repaid: with feedback common + extra, in the first round common + averted.'
  return table('accounts', 'Largest accounts', note, report.accounts, [
    ['account', 'account'],
    ['protocol', 'protocol'],
    ['fate', 'fate'],
    ['trigger_drop', 'trigger', 'ratio'],
    ['round', 'round', 'count'],
    ['debt_usd', 'debt', 'usd'],
    ['repaid_usd', 'repaid', 'usd'],
    ['first_round_usd', 'first round', 'usd'],
    ['common_usd', 'common', 'usd'],
    ['extra_usd', 'extra', 'usd'],
    ['averted_usd', 'averted', 'usd'],
    ['bad_debt_usd', 'bad debt', 'usd'],
  ])
}

/** Accounts below the edge by drop, without feedback. */
export function atRiskTable(report: Report): Table {
  const note = `Accounts that a fall of ${report.shock.asset} makes liquidatable, without feedback.`
  return table('at_risk', 'At risk by drop', note, report.at_risk, [
    ['drop', 'drop', 'ratio'],
    ['accounts', 'accounts', 'count'],
    ['collateral_usd', 'collateral', 'usd'],
    ['debt_usd', 'debt', 'usd'],
  ])
}

/** Accounts and debt by health factor. */
export function healthTable(report: Report): Table {
  const note = 'Accounts with debt, by health factor at the opening prices.'
  return table('health', 'Health factors', note, report.health, [
    ['from', 'from', 'factor'],
    ['to', 'to', 'factor'],
    ['accounts', 'accounts', 'count'],
    ['debt_usd', 'debt', 'usd'],
  ])
}

/** Prices of all assets that moved; none where it is the shocked one alone. */
export function pricesTable(report: Report): Table {
  const note = 'Prices in USD before, after the outside move alone, and at the end.'
  const moved = movedAssets(report)
  const rows =
    moved.length < 2 ? [] : moved.map((row) => ({ ...row, fall: 1 - row.final / row.price }))
  return table('prices', 'Prices', note, rows, [
    ['name', 'asset'],
    ['price', 'before', 'price'],
    ['shocked', 'shocked', 'price'],
    ['final', 'final', 'price'],
    ['fall', 'fall', 'ratio'],
  ])
}

/** Where assets are sold, how old that is, and what answers past its edge. */
export function venuesTable(report: Report): Table {
  const note = 'When the depth was recorded, how far down it reaches, and what answers below.'
  const rows = perAsset(report, ({ venues }) => venues)
  return table('venues', 'Venues', note, rows, [
    ['asset', 'asset'],
    ['name', 'venue'],
    ['kind', 'kind'],
    ['as_of', 'recorded'],
    ['edge_drop', 'observed to', 'ratio'],
    ['beyond', 'beyond'],
  ])
}

/** Depth by band, of every asset that is sold. */
export function depthTable(report: Report): Table {
  const note = 'Cash that sales take out of the venues while the price falls by the band.'
  const rows = perAsset(report, ({ bands }) => bands)
  return table('depth', 'Depth', note, rows, [
    ['asset', 'asset'],
    ['band', 'band', 'ratio'],
    ['usd', 'cash', 'usd'],
    ['units', 'units', 'units'],
    ['extrapolated', 'extrapolated', 'text'],
  ])
}

/** Slippage and impact by size. */
export function slippageTable(report: Report): Table {
  const note = 'What one sale of this size costs at the opening.'
  const rows = perAsset(report, ({ slippage }) => slippage)
  return table('slippage', 'Slippage', note, rows, [
    ['asset', 'asset'],
    ['units', 'units', 'units'],
    ['usd', 'size', 'usd'],
    ['slippage', 'slippage', 'ratio'],
    ['impact', 'price impact', 'ratio'],
    ['extrapolated', 'extrapolated', 'text'],
  ])
}

/** What 1 % of each input does to the three numbers that matter most; the strongest input first. */
export function tornadoTable(report: Report): Table {
  const rows = report.sensitivity.map(({ input, metrics }) => {
    const [total, final, ignition] = ['total_liquidated_usd', 'final_drop', 'ignition_drop'].map(
      (name) => metrics[name] ?? { down: null, up: null },
    )
    return {
      input,
      total_down: total.down,
      total_up: total.up,
      final_down: final.down,
      final_up: final.up,
      ignition_down: ignition.down,
      ignition_up: ignition.up,
    }
  })
  const reach = (row: (typeof rows)[number]) =>
    Math.abs((row.total_up ?? 0) - (row.total_down ?? 0))
  rows.sort((a, b) => reach(b) - reach(a))
  const note = 'Each input 1 % smaller (-) and 1 % larger (+); the strongest first.'
  return table('tornado', 'What 1 % of each input does', note, rows, [
    ['input', 'input'],
    ['total_down', 'total -', 'usd'],
    ['total_up', 'total +', 'usd'],
    ['final_down', 'final drop -', 'percent'],
    ['final_up', 'final drop +', 'percent'],
    ['ignition_down', 'ignition -', 'percent'],
    ['ignition_up', 'ignition +', 'percent'],
  ])
}

/** Forced sales of each protocol by what brought them about; empty where one is alone. */
export function contagionTable({ contagion }: Report): Table {
  const { protocols = [], first_usd = [], caused_usd = [], total_usd = [] } = contagion ?? {}
  const rows: Record<string, Value>[] = protocols.map((protocol, i) => ({
    protocol,
    first: first_usd[i],
    ...Object.fromEntries(protocols.map((name, j) => [`by ${name}`, caused_usd[i][j]])),
    total: total_usd[i],
  }))
  const note =
    'Rows: who had to sell. Columns: what brought it about, as the average over all orders in ' +
    'which protocols begin to be felt; below 0 where one sells less because another sold before.'
  return table('contagion', 'Who pulled whom', note, rows, [
    ['protocol', 'sold by'],
    ['first', 'outside move', 'usd'],
    ...protocols.map((name) => [`by ${name}`, `by ${name}`, 'usd'] as const),
    ['total', 'total', 'usd'],
  ])
}

/** Both neighbours of every metric when one input moves by 1 %. */
export function sensitivityTable(report: Report): Table {
  const note = 'Every metric when one input is 1 % smaller and 1 % larger.'
  const rows = report.sensitivity.flatMap(({ input, metrics }) =>
    Object.entries(metrics).map(([metric, { down, up }]) => ({ input, metric, down, up })),
  )
  return table('sensitivity', 'Every metric', note, rows, [
    ['input', 'input'],
    ['metric', 'metric'],
    ['down', '-1 %', 'plain'],
    ['up', '+1 %', 'plain'],
  ])
}

/** What was verified on this very run. */
export function checksTable(report: Pick<Report, 'checks'>): Table {
  return table('checks', 'Checks', 'What was verified on this very run.', report.checks, [
    ['name', 'check'],
    ['ok', 'holds'],
    ['detail', 'detail'],
  ])
}

/** What to keep in mind, and which way it bends the answer. */
export function warningsTable(report: Pick<Report, 'warnings'>): Table {
  const note = 'What to keep in mind, and what it does to the answer.'
  return table('warnings', 'Warnings', note, report.warnings, [
    ['code', 'code'],
    ['text', 'warning'],
    ['effect', 'effect'],
  ])
}

/** The inputs and their digests. */
export function dataTable(report: Pick<Report, 'data'>): Table {
  return table('data', 'Inputs', 'The inputs of this run and their digests.', report.data, [
    ['name', 'input'],
    ['role', 'role'],
    ['rows', 'rows', 'count'],
    ['as_of', 'recorded'],
    ['sha256', 'sha256'],
  ])
}

/** `h 10%`, `band 2%, asset ETH`: what a metric is stated at. */
export function parametersOf(metric: Metric): string {
  return Object.entries(metric)
    .filter(([key]) => !metricKeys.has(key))
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')
}

const metricKeys = new Set([
  'value',
  'unit',
  'basis',
  'definition',
  'quantile',
  'horizonSeconds',
  'runs',
  'ci95',
])

function perAsset<Row>(
  report: Report,
  rows: (depth: Report['depth'][number]) => readonly Row[],
): (Row & { asset: string })[] {
  return report.depth.flatMap((depth) => rows(depth).map((row) => ({ ...row, asset: depth.asset })))
}

/** A table of some fields of rows. */
export function table<Row extends object>(
  name: string,
  title: string,
  note: string,
  rows: readonly Row[],
  columns: readonly (readonly [key: keyof Row & string, title: string, unit?: Unit])[],
): Table {
  return {
    name,
    title,
    note,
    columns: columns.map(([key, title, unit = 'text']) => ({ key, title, unit })),
    rows: rows.map((row) => columns.map(([key]) => row[key] as Value)),
  }
}
