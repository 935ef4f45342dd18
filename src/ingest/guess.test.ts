import { describe, expect, it } from 'vitest'
import {
  assetsIn,
  checkSize,
  checkUsable,
  guessedColumns,
  guessedRole,
  neededColumns,
} from './guess.ts'
import { readTable } from './table.ts'

function tableOf(text: string) {
  const bytes = new TextEncoder().encode(text)
  return readTable({ file: 'a.csv' }, '', { read: () => bytes, resolve: (_, name) => name })
}

const positions = 'User,Symbol,position_type,Balance,price_usd,lt_ratio'
const rows = ['0x1,ETH,Supply,2,2000,0.83', '0x1,USDC,borrow,1500,1,', '0x2,ETH,supply,1.5,2000,']

describe('guesses', () => {
  it('default: positions by the words that others use', async () => {
    const table = await tableOf([positions, ...rows].join('\n'))
    expect(guessedRole(table)).toBe('positions')
    expect(guessedColumns([...neededColumns.positions, 'price', 'threshold'], table)).toEqual({
      account: 'User',
      asset: 'Symbol',
      side: 'position_type',
      amount: 'Balance',
      price: 'price_usd',
      threshold: 'lt_ratio',
    })
  })

  it('default: depth, as bids and as quotes', async () => {
    expect(guessedRole(await tableOf('px,qty\n1999,3\n1998,4'))).toBe('orderBook')
    expect(guessedRole(await tableOf('amount_in,amount_out\n1,1999\n2,3990'))).toBe('quoteLadder')
  })

  it('edge: a column of words is no amount, and one of other words no side', async () => {
    const table = await tableOf('account,asset,side,amount\na,ETH,long,much')
    expect(guessedColumns(neededColumns.positions, table)).toMatchObject({
      side: null,
      amount: null,
    })
    expect(guessedRole(table)).toBeNull()
  })

  it('edge: a column serves once', async () => {
    const table = await tableOf('price,amount\n1999,3')
    expect(guessedColumns(['size', 'amount'], table)).toEqual({ size: 'amount', amount: null })
  })

  it('default: assets with what is owned and owed of them', async () => {
    const table = await tableOf([positions, ...rows].join('\n'))
    const columns = guessedColumns([...neededColumns.positions, 'price', 'threshold'], table)
    expect(assetsIn(table, columns)).toEqual([
      { name: 'ETH', collateral: 3.5, debt: 0, price: 2000, threshold: 0.83 },
      { name: 'USDC', collateral: 0, debt: 1500, price: 1, threshold: null },
    ])
  })

  it('edge: a column of accounts is no column of assets', async () => {
    const many = Array.from({ length: 300 }, (_, i) => `u${i},1`)
    const table = await tableOf(['user,amount', ...many].join('\n'))
    expect(() => assetsIn(table, { asset: 'user' })).toThrow(/FB4008/)
  })

  it('edge: files too large for a page, and tables of one column, are refused', async () => {
    expect(() => checkSize('a.csv', 64_000_001)).toThrow(/FB4009 a.csv/)
    expect(() => checkSize('a.csv', 64_000_000)).not.toThrow()
    const table = await tableOf('notes\nhello')
    expect(() => checkUsable(table)).toThrow(/FB4005/)
  })
})
