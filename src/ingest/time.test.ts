import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { LendingAsset, Scenario } from '../scenario.ts'
import { memorySource, readSmall, smallFiles } from './memory.suite.ts'
import { readScenario } from './read.ts'
import { readTimed, readTimedWith, timedFiles, timedText } from './time.suite.ts'

const never = Number.POSITIVE_INFINITY

describe('a run in time', () => {
  it('default: the chain, its paths and how prices form are numbers', async () => {
    const { takers, prices, ...rest } = (await readTimed()).scenario.time!
    expect(rest).toEqual({
      blocks: 7200,
      chain: {
        blockSeconds: 12,
        gasLimit: 15e6,
        demand: 1.5,
        priceSpread: 0.3,
        feeMarket: 'first-price',
        gwei: 40,
        gasAsset: 0,
        gasTokenUsd: 0,
        failedGasShare: 0.3,
      },
      correlation: [
        [1, 0.8, 0, 0],
        [0.8, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      pricesAre: 'given',
      gas: [
        { kind: 'waypoints', atSeconds: [0, 600], factor: [1, 2], between: 'hold' },
        { kind: 'ramp', drop: 0.5, fromSeconds: 3600, toSeconds: 7200 },
      ],
      depth: [
        { kind: 'garch', stepSeconds: 12, omega: 1e-9, alpha: 0.1, beta: 0.85, opening: 1e-8 },
      ],
      formation: {
        halfLifeSeconds: [600, 600, never],
        permanentShare: [0.2, 0.2, 0],
        arbitrageSeconds: 30,
        withdrawal: {
          halfLifeSeconds: 3600,
          calmVolatility: 0.8,
          power: 1,
          floor: 0.2,
          refillSeconds: 7200,
        },
      },
      generations: 8,
      path: 0,
      sample: null,
      sampling: null,
      funds: [],
    })
    expect(takers).toHaveLength(4)
    expect(prices).toHaveLength(4)
  })

  it('default: prices follow their courses, and the shock comes last', async () => {
    const { prices } = (await readTimed()).scenario.time!
    expect(prices[0]).toEqual({
      asset: 0,
      courses: [
        { kind: 'waypoints', atSeconds: [0, 60, 123], factor: [1, 0.9, 0.8], between: 'log' },
        { kind: 'gbm', drift: 0, volatility: 1.2 },
        { kind: 'step', drop: 0.05, atSeconds: 3600 },
        { kind: 'step', drop: 0.15, atSeconds: 0 },
      ],
    })
    expect(prices[1].courses).toEqual([
      {
        kind: 'jumpDiffusion',
        drift: -0.2,
        volatility: 0.8,
        jumpsPerYear: 12,
        jumpMean: -0.05,
        jumpDeviation: 0.04,
      },
    ])
    expect(prices[2].courses).toEqual([
      { kind: 'waypoints', atSeconds: [0, 3600], factor: [1, 0.5], between: 'linear' },
    ])
    const returns = Float64Array.of(0.98 - 1, 1 / 0.98 - 1, 0.5)
    expect(prices[3].courses).toEqual([{ kind: 'bootstrap', stepSeconds: 60, returns, meanRun: 5 }])
  })

  it('default: liquidators, one by one', async () => {
    const { takers } = (await readTimed()).scenario.time!
    const keeper = {
      capitalUsd: 10e6,
      flashFee: null,
      latency: { kind: 'blocks', blocks: 2 },
      minProfitUsd: 50,
      size: 'profitable',
      gas: 400e3,
      bidding: { kind: 'market', times: 1.1 },
      maxGwei: 1000,
      route: 'public',
      tipShare: 0,
      valuation: 0.97,
      outbids: 'valuation',
      disposal: { kind: 'now' },
      leavesAfterUsd: never,
    }
    expect(takers.slice(0, 2)).toEqual([
      { name: 'keeper-1', ...keeper },
      { name: 'keeper-2', ...keeper },
    ])
    expect(takers[2]).toMatchObject({
      name: 'searcher',
      capitalUsd: never,
      flashFee: 0.0009,
      latency: { kind: 'blocks', blocks: 0 },
      minProfitUsd: 0,
      bidding: { kind: 'auction', share: 0.4 },
      maxGwei: never,
      route: 'oracleAuction',
      tipShare: 0.8,
      disposal: { kind: 'schedule', seconds: 600, urgency: 0.001 },
      leavesAfterUsd: 1e6,
    })
    expect(takers[3]).toMatchObject({
      name: 'fund',
      flashFee: 0,
      latency: { kind: 'exponential', meanSeconds: 30 },
      bidding: { kind: 'fixed', gwei: 50 },
      disposal: { kind: 'hold' },
    })
  })

  it('default: feeds by asset; cash and what the rules do not know have the market', async () => {
    const [market, vaults, pyth] = (await readTimed()).scenario.protocols
    const spot = { kind: 'spot' }
    const pushed = {
      kind: 'pushed',
      deviation: 0.005,
      heartbeatSeconds: 3600,
      delaySeconds: 30,
      delaySpread: 0.5,
      calmGwei: 20,
      congestionPower: 0.7,
      answerMin: 10,
      answerMax: null,
    }
    const capped = {
      kind: 'capped',
      growthPerYear: 0.0968,
      snapshotRatio: 1200,
      snapshotAgeSeconds: 30 * 86400,
      under: { kind: 'twap', windowSeconds: 1800, mean: 'geometric' },
    }
    const module = {
      kind: 'securityModule',
      hopSeconds: 3600,
      feedDelaysSeconds: [0, 10, 300],
      pokeMaxGwei: null,
    }
    const confident = {
      kind: 'confident',
      width: 0.0005,
      volatilityWidth: 1,
      halfLifeSeconds: 300,
      widthMax: 0.02,
      delaySeconds: 400,
    }
    expect(market.oracles).toEqual([pushed, spot, capped, spot, spot])
    expect(vaults.oracles).toEqual([module, module, module, module, spot])
    expect(pyth.oracles).toEqual([confident, spot, spot, { kind: 'ema', timeSeconds: 600 }, spot])
  })

  it('default: interest stands beside the terms of liquidation', async () => {
    const [market, vaults] = (await readTimed()).scenario.protocols
    const termsOf = ({ rules }: Scenario['protocols'][number]) => rules.assets as LendingAsset[]
    const [eth, btc, , usdc] = termsOf(market)
    expect(eth).toMatchObject({ threshold: 0.83, supplyRate: 0.01 })
    expect(usdc).toMatchObject({ threshold: null, borrowRate: 2.5 })
    for (const terms of [btc, ...termsOf(vaults)]) {
      expect(terms).not.toHaveProperty('borrowRate')
      expect(terms).not.toHaveProperty('supplyRate')
    }
  })

  it('default: without a gas limit nothing else of gas is asked for', async () => {
    const chain = timedText.slice(timedText.indexOf('  gasLimit:'), timedText.indexOf('paths:'))
    const free = timedText
      .replace(chain, '  gasLimit: none\n')
      .replace('unit: gwei', 'unit: factor')
    const { scenario } = await readTimed({ 'timed.yaml': free })
    expect(scenario.time!.chain).toEqual({
      blockSeconds: 12,
      gasLimit: never,
      demand: 0,
      priceSpread: 0,
      feeMarket: 'first-price',
      gwei: 0,
      gasAsset: -1,
      gasTokenUsd: 0,
      failedGasShare: 0,
    })
    const token = await readTimedWith('gasAsset: ETH', 'gasToken: $0.5')
    expect(token.scenario.time!.chain).toMatchObject({ gasAsset: -1, gasTokenUsd: 0.5 })
  })

  it('law: what is resolved reads back to the same run, as YAML and as JSON', async () => {
    const first = await readTimed()
    for (const text of [JSON.stringify(first.resolved), JSON.stringify(first.resolved, null, 2)]) {
      const again = await readTimed({ 'timed.yaml': text })
      expect(again.scenario).toEqual(first.scenario)
      expect(again.resolved).toEqual(first.resolved)
      expect(again.runId).toBe(first.runId)
    }
    const { depth, liquidators, chain } = first.resolved as Record<string, Record<string, unknown>>
    expect(depth.recovery).toEqual({ halfLife: '600s', permanent: 0.2 })
    expect(chain).toMatchObject({ block: '12s', demand: '150%' })
    expect(liquidators.agents).toMatchObject({ searcher: { capital: 'none', maxGas: 'none' } })
  })

  it('law: the run id sees through units, and depends on the bytes of a record', async () => {
    const { runId } = await readTimed()
    expect((await readTimedWith('halfLife: 10min', 'halfLife: 600s')).runId).toBe(runId)
    expect((await readTimedWith('demand: 150%', 'demand: 15000bps')).runId).toBe(runId)
    expect((await readTimedWith('block: 12s', 'block: 13s')).runId).not.toBe(runId)
    const prices = `${timedFiles['prices.csv']}2020-03-12T10:45:00Z,140\n`
    expect((await readTimed({ 'prices.csv': prices })).runId).not.toBe(runId)
  })

  it('law: an instant cascade has no key, no feed and no time of a run in time', async () => {
    const { scenario, resolved } = await readSmall()
    expect(scenario.time).toBeNull()
    expect(scenario.protocols[0].oracles).toEqual([])
    const { depth, liquidators, ...rest } = resolved as Record<string, object>
    for (const key of ['blocks', 'chain', 'paths', 'generations', 'path'])
      expect(rest).not.toHaveProperty(key)
    expect(Object.keys(depth)).toEqual(['haircut'])
    expect(Object.keys(liquidators)).toEqual(['disposal', 'buys'])
  })

  it('behaviour: without a shock nothing falls, and the first price is what it is about', async () => {
    const shock = 'shock: { asset: ETH, drop: 15% }\n'
    const { scenario } = await readTimedWith(shock, '')
    expect(scenario.shock).toEqual({ asset: 0, drop: 0 })
    expect(scenario.time!.prices[0].courses).toHaveLength(3)
    const still = timedText.replace(shock, '').replace(/^paths:[\s\S]*?(?=gain:)/m, 'paths: {}\n')
    const calm = await readTimed({ 'timed.yaml': still })
    expect(calm.scenario.shock).toEqual({ asset: 0, drop: 0 })
    expect(calm.scenario.time).toMatchObject({ prices: [], correlation: null, gas: [], depth: [] })
    const later = still.replace('assets:\n', 'assets:\n  DAI: { price: $1 }\n')
    expect((await readTimed({ 'timed.yaml': later })).scenario.shock).toEqual({ asset: 1, drop: 0 })
  })

  it('behaviour: a shock of an asset that stands still gets a course of its own', async () => {
    const text = timedText.replace(/^paths:[\s\S]*?(?=gain:)/m, 'paths: {}\n')
    const { scenario } = await readTimed({ 'timed.yaml': text })
    expect(scenario.time!.prices).toEqual([
      { asset: 0, courses: [{ kind: 'step', drop: 0.15, atSeconds: 0 }] },
    ])
    expect(scenario.time!.pricesAre).toBe('outside')
  })

  it('behaviour: an instant scenario becomes a run in time by extension', async () => {
    const over = `extends: small.yaml
blocks: 10
chain: { block: 12s, gasLimit: none }
paths: {}
depth:
  recovery: { halfLife: none, permanent: 0% }
  arbitrage: none
  withdrawal: none
protocols: { market: { oracle: spot } }
liquidators: { agents: {} }
`
    const source = memorySource({ ...smallFiles, 'over.yaml': over })
    const { scenario } = await readScenario('over.yaml', source, [
      ['generations', '3'],
      ['path', '17'],
    ])
    expect(scenario.liquidators).toEqual({ disposal: 'all', buys: false })
    expect(scenario.time).toMatchObject({
      takers: [],
      generations: 3,
      path: 17,
      formation: {
        halfLifeSeconds: [never, never],
        arbitrageSeconds: never,
        withdrawal: null,
      },
    })
    expect(scenario.warnings.map(({ code }) => code)).toEqual(['FB4107'])
  })

  it('behaviour: warns of gaps, and of a record that does not fit the run', async () => {
    const texts = async (changed = {}) =>
      (await readTimed(changed)).scenario.warnings.map(({ code, text }) => `${code} ${text}`)
    expect(await texts()).toEqual([
      'FB4117 prices.csv ends after 123 s of 86400 s; its last value holds',
      'FB4116 1 of 4 steps of usdc.csv are gaps and give no return',
    ])
    const dear = timedText.replace('ETH: { price: $200 }', 'ETH: { price: $250 }')
    expect(await texts({ 'timed.yaml': dear })).toContain(
      'FB4117 ETH opens at 250, prices.csv at 200',
    )
  })

  it('behaviour: a record may be packed, one of many in its file, and in factors', async () => {
    const rows = 'asset,time,price\nBTC,0,9\nETH,0,1\nBTC,5,8\nETH,60,0.5\n'
    const text = timedText
      .replace('file: prices.csv', 'file: p.csv.gz\n        where: { asset: ETH }')
      .replace(/ {8}columns: .*\n {8}from: .*\n {8}to: .*\n/, '')
      .replace('unit: price\n', 'unit: factor\n')
    const packed = new Uint8Array(gzipSync(rows))
    const { scenario, data } = await readTimed({ 'timed.yaml': text, 'p.csv.gz': packed })
    expect(scenario.time!.prices[0].courses[0]).toMatchObject({
      atSeconds: [0, 60],
      factor: [1, 0.5],
    })
    expect(data.find(({ name }) => name === 'p.csv.gz')).toMatchObject({ rows: 4 })
  })
})
