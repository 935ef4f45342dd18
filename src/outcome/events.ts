/** What a report keeps of the table of events: the largest liquidations, and what houses closed. */

import { KINDS } from '../block/done.ts'
import { columnOf, type Table } from '../table.ts'
import type { ClosingRow, EventRow } from '../timedReport.ts'

/** Liquidations shown with the report, the largest first. */
const EVENTS_SHOWN = 25

const names = {
  liquidation: 'closed in the market',
  takeover: 'taken over by the vault',
  sale: 'closed by the vault',
  offset: 'closed against others',
  deleveraged: 'closed for others',
} as const satisfies Partial<Record<(typeof KINDS)[number], string>>

const kindsOfHouse = Object.keys(names) as (keyof typeof names)[]

/**
 * The largest liquidations of accounts, by debt repaid.
 *
 * Rule: neither what the rules sell of their own nor what a winner was made to close is one.
 */
export function largestEvents(events: Table): EventRow[] {
  const usd = columnOf(events, 'repaid_usd')
  const kind = columnOf(events, 'kind')
  const at = (name: string, row: number): number => columnOf(events, name)[row]
  const word = (name: string, row: number): string => {
    const { words } = events.columns.find((column) => column.name === name)!
    const value = at(name, row)
    return Number.isNaN(value) ? '' : words![value]
  }
  return Array.from(usd, (_, row) => row)
    .filter((row) => usd[row] > 0 && !isNone[kind[row]])
    .sort((a, b) => usd[b] - usd[a] || a - b)
    .slice(0, EVENTS_SHOWN)
    .map((row) => ({
      block: at('block', row),
      at_seconds: at('seconds', row),
      protocol: word('protocol', row),
      account: word('account', row),
      liquidator: word('liquidator', row),
      sold: word('collateral', row),
      units: at('units', row),
      repaid_usd: usd[row],
      price: at('price_after', row),
      gwei: Number.isNaN(at('gwei', row)) ? null : at('gwei', row),
      fate: word('fate', row),
      generation: at('generation', row),
    }))
}

/** By kind: no liquidation of an account. */
const isNone = KINDS.map((kind) => kind === 'sale' || kind === 'deleveraged')

/**
 * How positions of a house ended, by the index of its protocol.
 *
 * Units: USD at the price at which each was closed.
 */
export function closingsOf(events: Table, protocol: number): ClosingRow[] {
  const kind = columnOf(events, 'kind')
  const whose = columnOf(events, 'protocol')
  const worth = columnOf(events, 'repaid')
  const rows = kindsOfHouse.map((of) => ({ kind: of, name: names[of], closings: 0, usd: 0 }))
  for (let e = 0; e < kind.length; e++) {
    if (whose[e] !== protocol) continue
    const row = rows.find((one) => one.kind === KINDS[kind[e]])
    if (row === undefined) continue
    row.closings++
    row.usd += worth[e]
  }
  return rows
}
