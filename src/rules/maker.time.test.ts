import { describe, expect, it } from 'vitest'
import { memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import type { Metric } from '../report.ts'
import { run } from '../run.ts'
import { columnOf, type Table } from '../table.ts'
import { timedRun } from '../timed.ts'

const stamp = { runId: 'id', engineVersion: '0', data: [] }

const time = `
blocks: 300
chain:
  block: 12s
  gasLimit: 30M
  demand: 60%
  priceSpread: 0.4
  feeMarket: eip1559
  gas: 20
  gasAsset: ETH
  failedGas: 40%
paths:
  are: outside
  prices:
    ETH: { kind: waypoints, unit: price, between: linear, points: { 0s: 2000, 20min: 1300 } }
`
const shock = `
shock: { asset: ETH, drop: 35% }
`

/** ETH falls by a third under vaults of all sizes; all debts are DAI. */
function textOf(rules: string, rest: string): string {
  const isTimed = rest === time
  return `version: 1
name: vaults
asOf: 2024-01-02
assets:
  ETH: { price: $2000 }
  DAI: { price: $1 }
protocols:
  maker:
    rules:
      assets:
        ETH: { threshold: 66.67% }
        DAI: {}
      dai: DAI
      penalty: 13%
${rules}
    ${isTimed ? 'oracle: { others: spot }' : ''}
    book:
      synthetic:
        - { accounts: 60, collateral: ETH, debt: DAI, totalDebt: $6M, medianHealth: 1.4, healthSpread: 0.4 }
market:
  venues:
    bids: { kind: orderBook, asset: ETH, quote: USD, bands: [[1%, $1M], [10%, $8M]], beyond: linear }
depth: { haircut: 0%${isTimed ? ', recovery: { halfLife: 10min, permanent: 10% }, arbitrage: none, withdrawal: none' : ''} }
liquidators:
  buys: false
${isTimed ? AGENTS : '  disposal: all'}
${rest}
gain: { drops: [1%, 5%] }
ignition: { tolerance: 2% }
`
}

const AGENTS = `  agents:
    keeper:
      count: 2
      capital: $2M
      flashLoan: none
      latency: { blocks: 1 }
      minProfit: $1
      size: profitable
      gas: 400k
      bid: { market: 1.1 }
      maxGas: 500
      route: public
      valuation: 95%
      sells: now`

const clip = `
      kind: makerClip
      buf: 20%
      tail: 2h
      cusp: 40%
      chip: 0.1%
      tip: $100
      abacus: stairstep
      cut: 0.97
      step: 90s
      hole: $1M
      totalHole: $2M
      dust: $1000
      tolerance: 50%
      gas: { bark: 250k, take: 150k, redo: 100k }`
const flip = `
      kind: makerFlip
      dunk: $50k
      box: $1M
      dust: $1000
      beg: 3%
      ttl: 5min
      tau: 6h
      gas: { bite: 250k, tend: 100k, deal: 100k }`

async function read(rules: string, rest: string) {
  const { scenario } = await readScenario(
    'vaults.yaml',
    memorySource({ 'vaults.yaml': textOf(rules, rest) }),
  )
  return scenario
}

describe.each([
  ['makerClip', clip],
  ['makerFlip 1.2', flip],
])('%s', (_, rules) => {
  it('law: a run in time holds, and lots are put up and won', async () => {
    const blocks = timedRun(await read(rules, time), stamp)
    let events: Table | undefined
    for (;;) {
      const next = blocks.next()
      if (!next.done) {
        events = next.value.tables[1]
        continue
      }
      const { checks } = next.value
      expect(checks.filter(({ ok }) => !ok)).toEqual([])
      expect(checks.map(({ name }) => name)).toContain('stock = flow')
      break
    }
    const kinds = new Set(columnOf(events!, 'kind'))
    for (const kind of [AUCTION, WON]) expect(kinds.has(kind)).toBe(true)
    expect(events!.rows).toBeGreaterThan(20)
  })

  it('law: an instant cascade holds, and sells at worth', async () => {
    const report = run(await read(rules, shock), stamp)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    const { value } = report.metrics.total_liquidated_usd as Metric
    expect(value).toBeGreaterThan(1e6)
  })
})

const AUCTION = 1
const WON = 3
