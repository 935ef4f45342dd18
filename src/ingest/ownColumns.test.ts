/** Groups that positions must name, and columns that only some rules read. */

import { describe, expect, it } from 'vitest'
import { setup } from '../setup.ts'
import { changed, recorded } from './kinds.suite.ts'
import { failureOf } from './memory.suite.ts'

describe('groups', () => {
  it.each([
    ['morphoBlue', 'eth-usdc', 'markets'],
    ['eulerV2', 'usdc', 'vaults'],
    ['liquityV2', 'eth', 'branches'],
    ['fluid', 'eth-usdc', 'vaults'],
  ])('error: %s, whose positions name no group', async (kind, group, key) => {
    const said = {
      rule: expect.stringContaining(`only in their ${key}, and no group is named`),
      remedy: `Name one of ${key} as its group: ${group}`,
    }
    const drawn = await failureOf(changed(kind, `group: ${group},`, '').reading)
    expect(drawn).toMatchObject({ code: 'FB2058', ...said })
    const rows = 'account,asset,side,amount\na,ETH,collateral,1\n'
    const error = await failureOf(recorded(kind, rows))
    expect(error).toMatchObject({ code: 'FB4017', place: 'positions.csv:2, column asset', ...said })
  })

  it('error: a market that has the asset on the other side alone', async () => {
    const two = 'markets:\n        usdc-eth: { loan: ETH, collateral: USDC, threshold: 86% }'
    const swapped = changed('morphoBlue', 'markets:', two)
    expect((await swapped.reading).scenario.protocols[0].positions.group[0]).toBe(2)
    const text = /markets:([\s\S]*?)group: eth-usdc/
    const error = await failureOf(changed('morphoBlue', text, `${two}$1group: usdc-eth`).reading)
    expect(error.rule).toContain('markets: usdc-eth does not have this asset as collateral')
    expect(error.remedy).toBe('Name one of markets as its group: eth-usdc')
  })
})

describe('columns of crvUsd', () => {
  const head = 'account,asset,side,amount,n1,bands\n'
  const loan = (n1: string, debtN1 = '') =>
    `${head}a,ETH,collateral,10,${n1},5\na,crvUSD,debt,9000,${debtN1},\n`
  const rowsOf = async (rows: string) => {
    const { scenario } = await recorded('crvUsd', rows)
    const [{ items }] = setup(scenario).protocols
    return [...(items as unknown as { firstRow: Uint32Array }).firstRow]
  }

  it('error: a first band that is no whole number, at its cell', async () => {
    expect(await failureOf(recorded('crvUsd', loan('20.5')))).toMatchObject({
      code: 'FB4011',
      place: 'positions.csv:2, column n1',
      rule: 'n1 must be a whole number',
      came: '20.5',
    })
  })

  it('behaviour: n1 counts in any row of the account', async () => {
    expect(await rowsOf(loan('20'))).toEqual([70])
    expect(await rowsOf(loan('', '20'))).toEqual([70])
    expect(await rowsOf(loan('20', '20'))).toEqual([70])
  })

  it('error: rows that name two of them, or a band outside, at the book', async () => {
    const two = await failureOf(recorded('crvUsd', loan('20', '21')))
    expect(two).toMatchObject({ code: 'FB2283', came: '20 and 21 at positions of a' })
    expect(two.rule).toBe('protocols.crvusd.book: all rows of a loan name one n1')
    expect(two.place).toMatch(/^crvUsd.yaml:\d+:\d+$/)
    const outside = await failureOf(recorded('crvUsd', loan('149')))
    expect(outside).toMatchObject({ code: 'FB2283', came: 'n1 149 at positions of a' })
  })

  it('error: a column that differs in the case of its letters, or is not there', async () => {
    const error = await failureOf(recorded('crvUsd', loan('20').replace('n1', 'N1')))
    expect(error).toMatchObject({ code: 'FB4005', came: 'no column n1' })
    expect(error.remedy).toContain('Did you mean N1?')
    const keys = '      columns: { n1: first }\n'
    const named = await failureOf(recorded('crvUsd', loan('20'), keys))
    expect(named).toMatchObject({ code: 'FB4005', came: 'no column first' })
    const group = loan('20').replaceAll(/,n1,|,20,/g, (cell) =>
      cell === ',n1,' ? ',Group,' : ',,',
    )
    expect(await failureOf(recorded('crvUsd', group))).toMatchObject({ came: 'no column group' })
  })

  it('behaviour: a warning counts the loans whose bands were worked out', async () => {
    const rows = `${loan('20')}b,ETH,collateral,10,,\nb,crvUSD,debt,9000,,\nc,crvUSD,debt,1,,\n`
    const { scenario } = await recorded('crvUsd', rows)
    expect(scenario.warnings.filter(({ code }) => code === 'FB4124')).toEqual([
      {
        code: 'FB4124',
        text:
          'positions.csv has no n1 for 1 of 3 accounts: their loans lie in the bands that a new ' +
          'loan of their debt would get',
        effect: 'unknown',
      },
    ])
    const whole = (await recorded('crvUsd', loan('20'))).scenario.warnings
    expect(whole.filter(({ code }) => code === 'FB4124')).toEqual([])
  })
})
