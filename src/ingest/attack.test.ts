import { describe, expect, it } from 'vitest'
import { diskSource } from './files.ts'
import { readScenario } from './read.ts'

const read = (overrides: readonly (readonly [string, string])[] = []) =>
  readScenario('attack-thin-oracle', diskSource(process.cwd(), null), overrides)

describe('attackFrom', () => {
  it('default: the attacker of the example, in numbers', async () => {
    const { attack, scenario } = await read([
      ['attack.outside', '{ TAIL: { capacity: $100k, margin: 20%, fee: 5bps } }'],
    ])
    const [tail, usdc] = ['TAIL', 'USDC'].map((name) =>
      scenario.assets.findIndex((asset) => asset.name === name),
    )
    expect(attack!.spec).toEqual({
      ...{ cashUsd: 1e6, flashUsd: 1e7, flashFee: 0.0005, gas: 900_000, blocksMax: 16 },
      ...{ depthShare: 0.2, move: 0.2, minProfitUsd: 1000, evaluations: 1700 },
      outside: [{ asset: tail, capacityUsd: 1e5, margin: 0.2, fee: 0.0005 }],
      loans: [{ protocol: 0, asset: usdc, units: 3e6, upTo: 0.9 }],
    })
  })

  it('behaviour: a guard reads back as overrides of the same scenario', async () => {
    const { attack, scenario } = await read()
    const kinds = []
    for (const { name, overrides } of attack!.guards) {
      const own = await read(overrides)
      const tail = own.scenario.assets.findIndex((asset) => asset.name === 'TAIL')
      const [{ oracles, defences = [] }] = own.scenario.protocols
      kinds.push([name, oracles[tail].kind, defences.map(({ kind }) => kind)])
    }
    expect(kinds).toEqual([
      ['mean of 2 min', 'twap', []],
      ['mean of 30 min', 'twap', []],
      ['breaker', 'spot', ['breaker']],
      ['oracle guard', 'spot', ['oracleGuard']],
    ])
    expect(scenario.protocols[0].defences ?? []).toEqual([])
  })

  it('behaviour: without a flash loan there is none, and without attack: no attacker', async () => {
    const { attack } = await read([['attack.flashLoan', 'none']])
    expect(attack!.spec).toMatchObject({ flashUsd: 0, flashFee: 0 })
    expect((await read([['attack', 'null']])).attack).toBeNull()
  })

  it('error: names that the scenario does not have', async () => {
    const lent = '{ units: 1, upTo: 50% }'
    await expect(read([['attack.loans.bank.USDC', lent]])).rejects.toThrow(/FB2054.*protocol/)
    await expect(read([['attack.loans.market.GOLD', lent]])).rejects.toThrow(/FB2054.*GOLD/)
    await expect(read([['attack.move', '0%']])).rejects.toThrow(/FB2013/)
    await expect(read([['attack.speed', '1']])).rejects.toThrow(/FB2050/)
  })
})
