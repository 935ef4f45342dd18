/** What rules refuse is said in the words of the file: its keys, its names, its lines. */

import { describe, expect, it } from 'vitest'
import { changed } from './kinds.suite.ts'
import { failureOf } from './memory.suite.ts'

describe('what rules refuse', () => {
  it.each([
    ['makerFlip', 'lot: 50', 'lot: 50\n      dunk: $50k', 'FB2247', 'maker.rules.lot', 'lot: 50'],
    ['makerFlip', 'lot: 50', 'lot: 50\n      box: $1m', 'FB2249', 'maker.rules.box', 'box: $1m'],
    [
      'makerFlip',
      '0.667 }',
      '0.667, borrowRate: 4% }',
      'FB2240',
      'assets.ETH.borrowRate',
      'ETH: {',
    ],
    ['makerFlip', 'dai: DAI', 'dai: ETH', 'FB2240', 'rules.dai', 'dai: ETH'],
    ['makerClip', '0.69 }', '0.69, borrowRate: 4% }', 'FB2265', 'assets.ETH.borrowRate', 'ETH: {'],
    ['comet', '93% }', '93%, borrowRate: 5% }', 'FB2255', 'assets.ETH.borrowRate', 'ETH: {'],
    ['compoundV2', '82% }', '82%, deprecated: true }', 'FB2254', 'assets.ETH.threshold', 'ETH: {'],
    [
      'morphoBlue',
      'threshold: 80%',
      'threshold: 87%',
      'FB2261',
      'early.rules.markets.eth-usdc.preLiquidation.threshold',
      'threshold: 87%',
    ],
    [
      'eulerV2',
      'threshold: 85% }',
      'threshold: 85%, ramp: 1d }',
      'FB2287',
      'vaults.usdc.ltvs.ETH.rampTo',
      'ETH: {',
    ],
    [
      'liquityV2',
      'collateral: ETH',
      'collateral: BOLD',
      'FB2276',
      'branches.eth.collateral',
      'collateral: BOLD',
    ],
  ])('error: %s: %j becomes %j', async (kind, from, to, code, key, written) => {
    const { reading, line } = changed(kind, from, to)
    const error = await failureOf(reading)
    expect(error.code).toBe(code)
    expect(error.rule).toContain(`${key}: `)
    expect(error.place).toMatch(new RegExp(`^${kind}.yaml:${line(written)}:`))
    expect(error.message).not.toMatch(/Usd|Seconds|Units|\[\d/)
  })

  it('error: an entry of a list by its number, the right one of two bounds', async () => {
    const tiers = ['{ upTo: $10M, rate: 2% }', '{ upTo: $10M, rate: 0.5% }'] as const
    const tier = await failureOf(changed('perpetual', ...tiers).reading)
    expect(tier).toMatchObject({ code: 'FB2223', came: '0.5%' })
    expect(tier.rule).toContain('exchange.rules.markets.ETH.tiers[1].rate: ')
    const half = 'borrowRate: 5%\n      firstBand: 0.5'
    const band = await failureOf(changed('crvUsd', 'borrowRate: 5%', half).reading)
    expect(band).toMatchObject({ code: 'FB2282', came: '0.5' })
    expect(band.rule).toContain('crvusd.rules.firstBand: ')
  })

  it('error: what came is a name, or the quantity as it was written', async () => {
    const came = async (kind: string, from: string, to: string) =>
      (await failureOf(changed(kind, from, to).reading)).came
    expect(await came('makerFlip', 'dai: DAI', 'dai: ETH')).toBe('ETH')
    expect(await came('liquityV2', 'collateral: ETH', 'collateral: BOLD')).toBe('BOLD')
    expect(await came('morphoBlue', 'threshold: 80%', 'threshold: 8700bps')).toBe('8700bps')
    expect(await came('makerFlip', '      lot: 50\n', '')).toBeUndefined()
    const twice = 'ETH: { threshold: 84%, bonus: 1% }'
    const modes = `kind: aaveV3\n      version: 3.0\n      eModes: { a: { ${twice} }, b: { ${twice} } }`
    const both = await failureOf(changed('aaveV3', 'kind: aaveV3', modes).reading)
    expect(both).toMatchObject({ code: 'FB2231', came: 'ETH' })
    expect(both.rule).toContain('rules.eModes.b.ETH: ')
  })
})
