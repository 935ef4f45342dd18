/** The event log as a file. */

import { OUTSIDE, type ReplayColumns } from '../../engine/replayColumns.ts'

/**
 * Every event, a line each, with all digits.
 *
 * Units: as the header says; missing is empty. `cause` is the row, from 1, whose sale made it
 *        possible, or `outside`.
 */
export function logCsv(columns: ReplayColumns): string {
  const { events, runId, kind } = columns
  const fields: readonly (readonly [string, (n: number) => string])[] = [
    ['row', (n) => String(n + 1)],
    [kind === 'instant' ? 'round' : 'block', (n) => String(events.frame[n])],
    ['kind', (n) => columns.kinds[events.kind[n]]],
    ['protocol', (n) => wordOf(columns, n, (i) => columns.protocols[columns.protocolOf[i]])],
    ['account', (n) => wordOf(columns, n, (i) => columns.accounts[i])],
    ['liquidator', (n) => columns.liquidators[events.liquidator?.[n] ?? -1] ?? ''],
    ['asset', (n) => columns.assets[events.asset[n]]],
    ['units', (n) => digits(events.units[n])],
    ['repaid_usd', (n) => digits(events.repaidUsd[n])],
    ['worth_usd', (n) => digits(events.worthUsd[n])],
    ['bad_debt_usd', (n) => digits(events.badDebtUsd[n])],
    ['level', (n) => digits(events.level?.[n])],
    ['price_before', (n) => digits(events.before[n])],
    ['price_after', (n) => digits(events.after[n])],
    ['generation', (n) => digits(events.generation?.[n])],
    ['cause', (n) => causeOf(columns, n)],
  ]
  const head = ['run_id', ...fields.map(([name]) => name)].join(',')
  const lines = Array.from(events.frame, (_, n) =>
    [runId, ...fields.map(([, of]) => field(of(n)))].join(','),
  )
  return `${[head, ...lines].join('\n')}\n`
}

function wordOf({ events }: ReplayColumns, n: number, of: (account: number) => string): string {
  return events.account[n] < 0 ? '' : of(events.account[n])
}

function causeOf({ events }: ReplayColumns, n: number): string {
  const cause = events.cause?.[n]
  if (cause === OUTSIDE) return 'outside'
  return cause === undefined || cause < 0 ? '' : String(cause + 1)
}

function digits(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '' : String(value)
}

function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
