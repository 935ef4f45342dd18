import { describe, expect, it } from 'vitest'
import { KINDS } from '../block/done.ts'
import { addRow, type Table, tableOf } from '../table.ts'
import { closingsOf, largestEvents } from './events.ts'

const names = [
  ...['kind', 'protocol', 'account', 'liquidator', 'collateral', 'block', 'seconds', 'units'],
  ...['repaid', 'repaid_usd', 'price_after', 'gwei', 'fate', 'generation'],
]
const words = ['first', 'second']

function eventsOf(rows: readonly (readonly [(typeof KINDS)[number], number, number])[]): Table {
  const table = tableOf(
    'events',
    names.map((name) => ({ name, unit: 'word', definition: '', words })),
  )
  for (const [kind, protocol, usd] of rows) {
    const at = addRow(table)
    const row = { kind: KINDS.indexOf(kind), protocol, repaid: usd, repaid_usd: 2 * usd }
    names.forEach((name, c) => {
      table.values[c][at] = { ...row, liquidator: Number.NaN, gwei: Number.NaN }[name] ?? 0
    })
  }
  return table
}

describe('events of a report', () => {
  const events = eventsOf([
    ['liquidation', 0, 10],
    ['sale', 0, 900],
    ['deleveraged', 0, 800],
    ['takeover', 0, 20],
    ['takeover', 1, 500],
    ['takeover', 0, 5],
    ['won', 0, 7],
    ['offset', 0, 3],
  ])

  it('behaviour: the largest are liquidations: neither own sales nor winners who had to close', () => {
    const all = largestEvents(events)
    expect(all.map(({ repaid_usd: usd }) => usd)).toEqual([1000, 40, 20, 14, 10, 6])
    expect(all[0]).toMatchObject({ protocol: 'second', liquidator: '', gwei: null })
  })

  it('law: a house has each way of closing with count and worth, and only its own', () => {
    const rows = closingsOf(events, 0).map(({ kind, closings, usd }) => [kind, closings, usd])
    expect(rows).toEqual([
      ['liquidation', 1, 10],
      ['takeover', 2, 25],
      ['sale', 1, 900],
      ['offset', 1, 3],
      ['deleveraged', 1, 800],
    ])
  })
})
