import { describe, expect, it } from 'vitest'
import { KINDS } from '../block/done.ts'
import type { Recorder } from '../block/recorder.ts'
import type { Stage } from '../block/stage.ts'
import { addRow, type Table, tableOf } from '../table.ts'
import { turnsOf } from './turns.ts'

type Row = Readonly<Record<string, number>>

type Happened = Partial<typeof event> & { readonly is: (typeof KINDS)[number] }

const frame = { block: 1, gwei: 10, priced_out: 0, bad_debt_usd: 0, liquidated_usd: 0 }
const event = {
  ...{ block: 1, protocol: 0, collateral: 0, debt: 1, units: 5, repaid: 400, generation: 0 },
  ...{ oracle_price: 90, price_before: 90, bid_usd: Number.NaN },
}

function tableFrom(name: string, plain: Row, rows: readonly Row[]): Table {
  const names = Object.keys({ ...plain, kind: 0 })
  const columns = names.map((name) => ({ name, unit: '', definition: '', words: null }))
  const table = tableOf(name, columns)
  for (const row of rows) {
    const at = addRow(table)
    names.forEach((name, c) => {
      table.values[c][at] = { ...plain, ...row }[name] ?? 0
    })
  }
  return table
}

/** Texts of the turns of a run of two protocols on one asset. */
function told(events: readonly Happened[], frames: readonly Row[]) {
  const zeros = [0, 0]
  const lowest = { lowest: [90], lowestAt: [0] }
  const extremes = { ...lowest, gap: zeros, gapAt: zeros, age: zeros, leftAt: [] }
  const slots = { count: 2, asset: [0, 1], side: [1, -1] }
  const stage = {
    posts: ['bands', 'bank'].map((name) => ({ protocol: { name, rules: { slots } } })),
    tally: { sales: [1, 3], salesUsd: [500, 2e6], extremes, closedAt: zeros },
    ...{ time: { chain: { blockSeconds: 12 } }, market: { assets: ['ETH'] }, opening: [100] },
    ...{ scenario: { shock: { asset: 0 }, assets: [{ name: 'ETH' }] }, takers: [] },
    counterfactual: {},
  }
  const rows = events.map(
    ({ is, ...row }): Row => ({
      ...event,
      ...row,
      kind: KINDS.indexOf(is),
    }),
  )
  const recorder = {
    frames: tableFrom('frames', frame, frames.length === 0 ? [frame] : frames),
    events: tableFrom('events', event, rows),
  }
  const turns = turnsOf(stage as unknown as Stage, recorder as unknown as Recorder)
  return turns.map(({ block, text }) => `${block} ${text}`)
}

describe('turns of a run', () => {
  it('behaviour: a sale by the rules themselves is no liquidation, and is told once each', () => {
    const sale = { is: 'sale', block: 3, generation: 1 } as const
    expect(told([sale, { ...sale, block: 4 }], [])).toEqual([
      '3 bands itself sells collateral for the first time: 1 sale of $500 by the end.',
    ])
    const back = { ...sale, block: 1, collateral: 1, debt: 0 }
    expect(told([back, { ...sale, protocol: 1 }], [])).toEqual([
      '3 bank itself sells collateral for the first time: 3 sales of $2.0M by the end.',
    ])
  })

  it('behaviour: the first liquidation is the first that took something, at its own prices', () => {
    const call = { is: 'auction', block: 2, units: 0, repaid: 0 } as const
    const sale = { is: 'sale', block: 5, oracle_price: 95, price_before: 95 } as const
    const one = { is: 'liquidation', block: 5, oracle_price: 90, price_before: 81.5 } as const
    const later = { ...one, block: 6, generation: 2 } as const
    const turns = told([call, sale, one, later], [])
    expect(turns).toContain(
      '5 The first liquidation, when ETH is published at $90.00, trades at $81.50.',
    )
    expect(turns).toContain('6 The first liquidation that earlier forced sales caused.')
    expect(told([{ ...one, price_before: 90 }], [])).toEqual([
      '5 The first liquidation, when ETH is published and trades at $90.00.',
    ])
    for (const is of ['auction', 'takeover'] as const)
      expect(told([{ ...one, is }], [])).toHaveLength(1)
  })

  it.each([
    [999, 1e5, false],
    [1001, 1e5, true],
    [1001, 2e6, false],
    [2001, 2e6, true],
  ])('edge: bad debt of %f beside %f repaid is a turn: %s', (bad, repaid, isTold) => {
    const frames = [{ liquidated_usd: repaid }, { block: 2, bad_debt_usd: bad }]
    expect(told([], frames).some((text) => text.startsWith('2 Half of the bad debt'))).toBe(isTold)
  })

  it('behaviour: one bid and one lot are one', () => {
    const lot = { is: 'won', block: 2, bid_usd: 1 } as const
    expect(told([lot], [{ priced_out: 1 }])).toEqual([
      '1 1 bid is not made, only because of gas.',
      '2 A lot worth $450 is won for next to nothing.',
    ])
    expect(told([lot, lot], [{ priced_out: 2 }])).toEqual([
      '1 2 bids are not made, only because of gas.',
      '2 The first of 2 lots won for next to nothing; together worth $900.',
    ])
  })
})
