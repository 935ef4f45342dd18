/** The tables of a run in time. A column's key is the name of the field in the report. */

import { clock, fateOf, secondsOf, spanOf } from '../figures/timedFacts.ts'
import type { Fate, TimedReport } from '../timedReport.ts'
import type { Table } from './table.ts'
import { checksTable, dataTable, metricsTable, table, warningsTable } from './tables.ts'

/** All tables, in the order in which a page shows them. */
export function timedTables(report: TimedReport): readonly Table[] {
  return [
    turnsTable(report),
    fatesTable(report),
    generationsTable(report),
    protocolsTable(report),
    housesTable(report),
    closingsTable(report),
    fundsTable(report),
    liquidatorsTable(report),
    costsTable(report),
    largestTable(report),
    pricesTable(report),
    timelineTable(report),
    metricsTable(report),
    checksTable(report),
    warningsTable(report),
    dataTable(report),
  ]
}

/** The moments that a person should look at. */
export function turnsTable(report: TimedReport): Table {
  const span = spanOf(report)
  const rows = report.turns.map((turn) => ({ ...turn, time: clock(turn.at_seconds, span) }))
  const note =
    'Time since the opening. Bad debt below $1,000, or below 0.1 % of what was repaid, is no turn.'
  return table('turns', 'Where the day turned', note, rows, [
    ['time', 'time'],
    ['block', 'block', 'count'],
    ['kind', 'what'],
    ['text', 'what happened'],
  ])
}

/** The fates of a liquidation in the order in which they add up, with what each means. */
export const fateRows = [
  ['primary', 'primary', 'the same block as without feedback'],
  ['hastened', 'hastened', 'sold earlier than without feedback'],
  ['feedback_only', 'feedback only', 'never sold without feedback'],
  ['delayed', 'delayed', 'sold later than without feedback'],
] as const

/** What was liquidated, by what would have become of it without feedback; the sum is the total. */
export function fatesTable(report: TimedReport): Table {
  const { fates } = report
  const fate = (name: string, meaning: string, one: Fate) => ({ name, meaning, ...one })
  const rows =
    fates === null
      ? []
      : [
          ...fateRows.map(([key, name, meaning]) => fate(name, meaning, fates[key])),
          fate('total', 'primary + hastened + feedback only + delayed', fatesTotal(report)),
          fate('averted', 'sold only without feedback: not in the total', fates.averted),
        ]
  const note = 'Against the same day without feedback, in which sales do not move the price.'
  return table('fates', 'Fates', note, rows, [
    ['name', 'fate'],
    ['meaning', 'means'],
    ['accounts', 'accounts', 'count'],
    ['repaid_usd', 'repaid', 'usd'],
  ])
}

/** Sum of the four fates of what was liquidated; the averted stand apart. */
export function fatesTotal({ fates }: TimedReport): Fate {
  const parts = fates === null ? [] : fateRows.map(([key]) => fates[key])
  return parts.reduce<Fate>(
    (sum, one) => ({
      accounts: sum.accounts + one.accounts,
      repaid_usd: sum.repaid_usd + one.repaid_usd,
    }),
    { accounts: 0, repaid_usd: 0 },
  )
}

/** Liquidations by generation. */
export function generationsTable(report: TimedReport): Table {
  const note =
    'Generation 0 could be liquidated by the outside move alone, each later one by the sales of ' +
    `the one before. Drop: how far its sales pushed ${report.headline}.`
  return table('generations', 'Generations', note, report.generations, [
    ['generation', 'generation', 'count'],
    ['liquidations', 'liquidations', 'count'],
    ['repaid_usd', 'repaid', 'usd'],
    ['drop', 'drop caused', 'percent'],
  ])
}

/** What every protocol met: sales, losses, who still waits, and how far its prices strayed. */
export function protocolsTable(report: TimedReport): Table {
  const span = spanOf(report)
  const rows = report.protocols.map((row) => ({ ...row, gap_at: clock(row.gap_at_seconds, span) }))
  const note =
    'Own sales: of bands, reserves and what was taken over, at the price of the moment, without ' +
    'what was bought back. Bad debt: what reserves and pools left to the lenders. Waiting: ' +
    'breached at the end and not settled. Oracle: longest age of a published price and its ' +
    'largest distance to the market.'
  return table('protocols', 'Protocols', note, rows, [
    ['name', 'protocol'],
    ['rules', 'rules'],
    ['liquidations', 'liquidations', 'count'],
    ['accounts', 'accounts', 'count'],
    ['repaid_usd', 'repaid', 'usd'],
    ['sales', 'own sales', 'count'],
    ['sales_usd', 'sold by itself', 'usd'],
    ['bad_debt_usd', 'bad debt', 'usd'],
    ['shortfall_usd', 'shortfall', 'usd'],
    ['waiting', 'waiting', 'count'],
    ['oracle_age_seconds', 'oracle age, s', 'count'],
    ['oracle_gap', 'oracle gap', 'ratio'],
    ['gap_at', 'gap at'],
  ])
}

/** What houses hold and did: a fund, a vault, open interest, winners that were deleveraged. */
export function housesTable(report: TimedReport): Table {
  const rows = report.protocols.flatMap(({ name, gauges }) =>
    gauges
      .filter(({ unit, highest, lowest }) => unit === 'usd' && (highest > 0 || lowest < 0))
      .map((row) => ({ protocol: name, ...row, name: row.name.replaceAll('_', ' ') })),
  )
  const note = 'Of protocols that close positions themselves.'
  return table('houses', 'Houses', note, rows, [
    ['protocol', 'protocol'],
    ['name', 'what'],
    ['opening', 'opening', 'usd'],
    ['lowest', 'lowest', 'usd'],
    ['highest', 'highest', 'usd'],
    ['final', 'end', 'usd'],
    ['definition', 'means'],
  ])
}

/** How houses closed positions, and what these were worth. */
export function closingsTable(report: TimedReport): Table {
  const rows = report.protocols.flatMap(({ name, closings }) =>
    closings.map((row) => ({ protocol: name, ...row })),
  )
  const note = 'Notional at the prices at which positions were closed.'
  return table('closings', 'How houses closed positions', note, rows, [
    ['protocol', 'protocol'],
    ['name', 'how'],
    ['closings', 'closings', 'count'],
    ['usd', 'notional', 'usd'],
  ])
}

/** What protocols drew on the funds that they share. */
export function fundsTable(report: TimedReport): Table {
  const note = 'They pay what lenders lost, each protocol up to its share of the capital.'
  return table('funds', 'Shared funds', note, report.funds, [
    ['fund', 'fund'],
    ['protocol', 'protocol'],
    ['opening_usd', 'capital', 'usd'],
    ['most_usd', 'may draw', 'usd'],
    ['drawn_usd', 'drawn', 'usd'],
    ['left_usd', 'fund left', 'usd'],
    ['uncovered_usd', 'not covered', 'usd'],
  ])
}

/** What every liquidator did, and why it did no more. */
export function liquidatorsTable(report: TimedReport): Table {
  const note =
    'Why a liquidator did no more: gas above its profit, no capital, or it left. Capital without ' +
    'limit is a dash.'
  return table('liquidators', 'Liquidators', note, report.liquidators, [
    ['name', 'liquidator'],
    ['won', 'won', 'count'],
    ['failed', 'failed', 'count'],
    ['profit_usd', 'profit', 'usd'],
    ['priced_out', 'priced out', 'count'],
    ['out_of_capital', 'out of capital', 'count'],
    ['left', 'left'],
    ['capital_usd', 'capital', 'usd'],
  ])
}

/** How the profit of every liquidator comes about. */
export function costsTable(report: TimedReport): Table {
  const note = 'Profit = proceeds + inventory - paid - gas - tips - flash fees.'
  return table('liquidator_profits', 'Profits of liquidators', note, report.liquidators, [
    ['name', 'liquidator'],
    ['proceeds_usd', 'proceeds', 'usd'],
    ['inventory_usd', 'inventory', 'usd'],
    ['paid_usd', 'paid', 'usd'],
    ['gas_usd', 'gas', 'usd'],
    ['tips_usd', 'tips', 'usd'],
    ['flash_usd', 'flash fees', 'usd'],
    ['profit_usd', 'profit', 'usd'],
  ])
}

/** The largest liquidations. */
export function largestTable(report: TimedReport): Table {
  const span = spanOf(report)
  const rows = report.events.map((event) => ({
    ...event,
    time: clock(event.at_seconds, span),
    liquidator: event.liquidator === '' ? 'the protocol' : event.liquidator,
    fate: fateOf(event),
  }))
  return table('largest_liquidations', 'Largest liquidations', 'By debt repaid.', rows, [
    ['time', 'time'],
    ['block', 'block', 'count'],
    ['protocol', 'protocol'],
    ['account', 'account'],
    ['liquidator', 'liquidator'],
    ['sold', 'sold'],
    ['units', 'units', 'units'],
    ['repaid_usd', 'repaid', 'usd'],
    ['price', 'price', 'price'],
    ['gwei', 'gwei', 'plain'],
    ['fate', 'fate'],
    ['generation', 'generation', 'count'],
  ])
}

/** Prices at the opening, at their lowest and at the end, and where they would have ended. */
export function pricesTable(report: TimedReport): Table {
  const span = spanOf(report)
  const rows = report.assets.map((row) => ({ ...row, at: clock(row.lowest_at_seconds, span) }))
  const note = 'Undisturbed: where the price would have ended without any forced sale.'
  return table('prices', 'Prices', note, rows, [
    ['name', 'asset'],
    ['opening', 'opening', 'price'],
    ['lowest', 'lowest', 'price'],
    ['at', 'at'],
    ['final', 'final', 'price'],
    ['undisturbed', 'undisturbed', 'price'],
  ])
}

/** The timeline as it was thinned for pictures. */
export function timelineTable(report: TimedReport): Table {
  const { columns } = report.timeline
  return {
    name: 'timeline',
    title: 'Timeline',
    note: 'Thinned for pictures: prices are the last of a bin, amounts its sum.',
    columns: columns.map(({ name }) => ({ key: name, title: name, unit: 'plain' })),
    rows: secondsOf(report).map((_, i) => columns.map(({ values }) => values[i] ?? null)),
  }
}
