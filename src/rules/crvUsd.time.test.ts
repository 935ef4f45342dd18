import { describe, expect, it } from 'vitest'
import { memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import type { Report } from '../report.ts'
import { run } from '../run.ts'
import type { TimedReport } from '../timedReport.ts'

const scenario = `version: 1
name: bands
assets:
  ETH: { price: $2000 }
  crvUSD: { price: $1 }
protocols:
  market:
    rules:
      kind: crvUsd
      collateral: ETH
      borrowed: crvUSD
      basePrice: 2000
      amplification: 100
      fee: 0.6%
      loanDiscount: 9%
      liquidationDiscount: 6%
      borrowRate: 5%
      swapGas: 300k
      liquidationGas: 600k
    oracle: { others: spot }
    book: { file: positions.csv }
market:
  venues:
    bids: { kind: orderBook, asset: ETH, quote: USD, bands: [[2%, $9M], [20%, $90M]], beyond: linear }
depth: { haircut: 0%, recovery: { halfLife: 5min, permanent: 10% }, arbitrage: none, withdrawal: none }
liquidators:
  buys: false
  agents:
    searcher:
      capital: $50M
      flashLoan: 0.05%
      latency: { blocks: 1 }
      minProfit: $20
      size: profitable
      gas: 450k
      bid: { auction: 30% }
      maxGas: none
      route: public
      valuation: 95%
      sells: now
blocks: 200
chain: { block: 12s, gasLimit: 30M, demand: 80%, priceSpread: 0.4, feeMarket: eip1559, gas: 20, gasAsset: ETH, failedGas: 30% }
paths:
  are: outside
  prices:
    ETH: { kind: waypoints, unit: price, between: log, points: { 0s: 2000, 5min: 1800, 20min: 1500, 22min: 1150, 40min: 1300 } }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`
const positions = `account,asset,side,amount,n1,bands
a,ETH,collateral,1000,,10
a,crvUSD,debt,1500000,,10
b,ETH,collateral,3000,20,4
b,crvUSD,debt,4400000,20,4
c,ETH,collateral,2000,,50
c,crvUSD,debt,2000000,,50
`
const stamp = { runId: 'id', engineVersion: '0', data: [] }
const read = () =>
  readScenario('a.yaml', memorySource({ 'a.yaml': scenario, 'positions.csv': positions }))

describe('a scenario', () => {
  it('law: in time bands are traded, loans are liquidated, and all books agree', async () => {
    const report = run((await read()).scenario, stamp) as TimedReport
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.protocols[0].liquidations).toBeGreaterThan(0)
    expect(report.liquidators[0].won).toBeGreaterThan(5)
  })

  it('law: an instant cascade sells by hard liquidation alone, and its checks hold', async () => {
    const { scenario: timed } = await read()
    const report = run({ ...timed, time: null, shock: { asset: 0, drop: 0.3 } }, stamp) as Report
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.metrics).toMatchObject({ accounts_liquidated: { value: 2 } })
  })
})
