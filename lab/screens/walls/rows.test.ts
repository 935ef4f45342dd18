import { describe, expect, it } from 'vitest'
import type { WallAccounts } from '../../engine/wallsTable.ts'
import { neededAt, pageOf, rowsOf, sumsOf, type Wanted } from './rows.ts'

const accounts: WallAccounts = {
  protocol: ['lending', 'lending', 'exchange', 'exchange'],
  account: ['0xAb', '0xcd', 'long', 'short'],
  trigger: Float64Array.of(1500, 1400, 1500, 1300),
  drop: Float64Array.of(0.25, 0.3, 0.25, 0.35),
  debt: Float64Array.of(10, 30, 20, 20),
  collateral: Float64Array.of(15, 40, 21, 22),
  fate: ['feedback', 'untouched', 'first round', 'untouched'],
}
const all: Wanted = {
  ...{ prices: null, search: '', least: 0, sort: { by: 'debt', isFalling: true } },
}

describe('rows of the walls', () => {
  it('default: sorted, equal values in the order of the book', () => {
    expect(rowsOf(accounts, all)).toEqual([1, 2, 3, 0])
    expect(rowsOf(accounts, { ...all, sort: { by: 'debt', isFalling: false } })).toEqual([
      0, 2, 3, 1,
    ])
    expect(rowsOf(accounts, { ...all, sort: { by: 'fate', isFalling: false } })).toEqual([
      0, 2, 1, 3,
    ])
  })

  it('behaviour: by level, by name, by size', () => {
    expect(rowsOf(accounts, { ...all, prices: { low: 1300, high: 1400 } })).toEqual([1])
    expect(rowsOf(accounts, { ...all, prices: { low: 1400, high: 1500 } })).toEqual([2, 0])
    expect(rowsOf(accounts, { ...all, search: ' 0XA ' })).toEqual([0])
    expect(rowsOf(accounts, { ...all, search: 'exch' })).toEqual([2, 3])
    expect(rowsOf(accounts, { ...all, least: 20 })).toEqual([1, 2, 3])
  })

  it('law: every account is in one of neighbouring levels', () => {
    const edges = [1200, 1300, 1400, 1500]
    const found = edges
      .slice(1)
      .flatMap((high, k) => rowsOf(accounts, { ...all, prices: { low: edges[k], high } }))
    expect(found.toSorted()).toEqual([0, 1, 2, 3])
  })

  it('default: sums and pages', () => {
    expect(sumsOf(accounts, [1, 2])).toEqual({ debt: 50, collateral: 61 })
    expect(pageOf([1, 2, 3], 1, 2)).toEqual({ rows: [3], page: 1, pages: 2 })
    expect(pageOf([1, 2, 3], 9, 2)).toEqual({ rows: [3], page: 1, pages: 2 })
    expect(pageOf([], 0, 2)).toEqual({ rows: [], page: 0, pages: 1 })
  })

  it('default: what must trade, counted from the lowest edge; none is null', () => {
    const reach = {
      price: Float64Array.of(2000, 1900, 1800),
      units: Float64Array.of(0, 100, Number.NaN),
      usd: Float64Array.of(0, 195_000, Number.NaN),
      extrapolated: [false, true, false],
    }
    expect(neededAt(reach, 1)).toEqual({
      ...{ price: 1900, units: 100, usd: 195_000, extrapolated: true },
    })
    expect(neededAt(reach, 0)).toMatchObject({ price: 1800, units: null, usd: null })
    expect(neededAt(reach, 2)).toMatchObject({ price: 2000, units: 0 })
  })
})
