import { describe, expect, it } from 'vitest'
import { SourceError } from '../errors.ts'
import { failureOf, positionsText, readSmall } from './memory.suite.ts'

const read = (text: string | Uint8Array) => readSmall({ 'positions.csv': text })

describe('positions', () => {
  it('default: one row is one leg, in the order of the file', async () => {
    const { scenario } = await read(positionsText)
    const { positions } = scenario.protocols[0]
    expect(positions.accounts).toEqual(['borrower', 'looper', 'lost'])
    expect([...positions.account]).toEqual([0, 0, 1, 1, 2])
    expect([...positions.asset]).toEqual([0, 2, 1, 0, 2])
    expect([...positions.side]).toEqual([1, -1, 1, -1, -1])
    expect([...positions.group]).toEqual([0, 0, 1, 1, 0])
    expect([...positions.amount]).toEqual([10, 12000, 100, 90, 50])
    expect(positions).toMatchObject({ synthetic: false, asOf: '2024-01-02' })
  })

  it('behaviour: an account with debt and nothing else is kept', async () => {
    const { scenario } = await read('user,asset,side,amount\nlost,USDC,debt,50\n')
    expect(scenario.protocols[0].positions.accounts).toEqual(['lost'])
  })

  it('behaviour: sides in every usual spelling, Windows line ends, blanks, quotes', async () => {
    const rows = ['a,ETH,Supply,1', 'a,USDC,BORROW,1', '"b",ETH,+,1', 'b,USDC,-, 1.5e0 ']
    const { scenario } = await read(`\ufeffuser,asset,side,amount\r\n${rows.join('\r\n')}`)
    expect([...scenario.protocols[0].positions.side]).toEqual([1, -1, 1, -1])
    expect([...scenario.protocols[0].positions.amount]).toEqual([1, 1, 1, 1.5])
  })

  it('behaviour: rows of amount 0 are counted and left out, with a warning', async () => {
    const { scenario, data } = await read(`${positionsText}borrower,stETH,collateral,0,\n`)
    expect(scenario.protocols[0].positions.amount).toHaveLength(5)
    expect(data.find(({ role }) => role === 'positions')?.rows).toBe(6)
    expect(scenario.warnings[0]).toEqual({
      code: 'FB4104',
      text: '1 of 6 rows of positions.csv have amount 0 and are left out',
      effect: 'none',
    })
  })

  const faults: readonly (readonly [string, string, string])[] = [
    [
      'borrower,ETH,collateral,10,',
      'borrower,ETH,collateral,-10,',
      'FB4012 positions.csv:2, column amount',
    ],
    ['collateral,10,', 'collateral,NaN,', 'FB4011 positions.csv:2, column amount.*got NaN'],
    ['collateral,10,', 'collateral,Infinity,', 'FB4011'],
    ['collateral,10,', 'collateral,1e999,', 'FB4011'],
    ['collateral,10,', 'collateral,"1,000",', 'FB4011'],
    ['collateral,10,', 'collateral,0x10,', 'FB4011'],
    ['collateral,10,', 'collateral,,', 'FB4013 positions.csv:2, column amount'],
    ['looper,stETH', ',stETH', 'FB4013 positions.csv:4, column user'],
    ['looper,stETH', 'looper,stEHT', 'FB4014 positions.csv:4, column asset.*Did you mean stETH'],
    ['ETH,collateral', 'ETH,long', 'FB4015 positions.csv:2, column side'],
    ['borrower,USDC,debt', 'borrower,ETH,collateral', 'FB4016 positions.csv:3'],
    ['lost,USDC,debt', 'lost,USDC,collateral', 'FB4017 positions.csv:6, column asset.*threshold'],
    ['lost,USDC,debt', 'lost,USD,debt', 'FB4017.*no terms'],
    ['90,eth', '90,btc', 'FB4018 positions.csv:5, column group'],
    ['user,asset,side,amount,group', 'account,asset,side,amount,group', 'FB4005.*columns:'],
    ['user,asset,side', 'user,user,side', 'FB4004.*user twice'],
    ['lost,USDC,debt,50,', 'lost,USDC,debt', 'FB4004 positions.csv:6'],
    ['lost,USDC,debt,50,', 'lost,"USDC,debt,50,', 'FB4004.*never closed'],
  ]
  for (const [from, to, message] of faults) {
    it(`error: ${JSON.stringify(to)} instead of ${JSON.stringify(from)}`, async () => {
      expect(positionsText).toContain(from)
      const error = await failureOf(read(positionsText.replace(from, to)))
      expect(error).toBeInstanceOf(SourceError)
      expect(error.message).toMatch(new RegExp(`^${message}`))
    })
  }

  it('error: a file that is missing, empty, header only, or no UTF-8', async () => {
    expect((await failureOf(read(''))).code).toBe('FB4002')
    expect((await failureOf(read('\n\n'))).code).toBe('FB4002')
    expect((await failureOf(read('user,asset,side,amount\n'))).code).toBe('FB4002')
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from(positionsText, 'utf16le')])
    expect((await failureOf(read(utf16))).code).toBe('FB4003')
    const latin = Uint8Array.from(Buffer.from(`${positionsText}m\xfcller,USDC,debt,1,\n`, 'latin1'))
    expect((await failureOf(read(latin))).code).toBe('FB4003')
    const missing = readSmall({}, [['protocols.market.book.file', 'none.csv']])
    expect(await failureOf(missing)).toMatchObject({ code: 'FB4001', place: 'none.csv' })
  })

  it('error: a file that is stale, or not the one recorded', async () => {
    const book = 'protocols.market.book'
    const stale = readSmall({}, [
      ['asOf', '2024-03-01'],
      [`${book}.maxAge`, '30d'],
    ])
    expect(await failureOf(stale)).toMatchObject({ code: 'FB4024', place: 'positions.csv' })
    await readSmall({}, [[`${book}.maxAge`, '30d']])
    const other = readSmall({}, [[`${book}.sha256`, 'a'.repeat(64)]])
    expect((await failureOf(other)).code).toBe('FB4007')
  })
})
