import { describe, expect, it } from 'vitest'
import { memorySource } from '../ingest/memory.suite.ts'
import { readScenario } from '../ingest/read.ts'
import { run } from '../run.ts'
import { setup } from '../setup.ts'
import { columnOf, type Table } from '../table.ts'
import { timedRun } from '../timed.ts'

const stamp = { runId: 'id', engineVersion: '0', data: [] }

/** ETH falls from 2000 to 1400 in 20 minutes, and the pool cannot pay for all that breach. */
function textOf(rules: string, gwei: number): string {
  return `version: 1
name: troves
asOf: 2024-01-02
assets:
  ETH: { price: $2000 }
  wstETH: { price: 1.1, in: ETH }
  LUSD: { price: $1 }
protocols:
  liquity:
    rules:
${rules}
    oracle: { others: spot }
    book: { file: positions.csv, asOf: 2024-01-02 }
market:
  venues:
    bids: { kind: orderBook, asset: ETH, quote: USD, bands: [[1%, $1M], [10%, $8M]], beyond: linear }
    pool: { kind: stableSwap, asset: wstETH, quote: ETH, amplification: 70, baseBalance: 10k, quoteBalance: 10k }
depth: { haircut: 0%, recovery: { halfLife: 10min, permanent: 10% }, arbitrage: none, withdrawal: none }
liquidators:
  buys: false
  agents:
    bot:
      count: 2
      capital: $100k
      flashLoan: 0%
      latency: { blocks: 1 }
      minProfit: $1
      size: whole
      gas: 400k
      bid: { market: 1.1 }
      maxGas: 500
      route: public
      valuation: 100%
      sells: now
blocks: 120
chain:
  block: 12s
  gasLimit: 30M
  demand: 60%
  priceSpread: 0.4
  feeMarket: eip1559
  gas: ${gwei}
  gasAsset: ETH
  failedGas: 40%
paths:
  are: outside
  prices:
    ETH:
      kind: waypoints
      unit: price
      between: linear
      points: { 0s: 2000, 20min: 1400 }
gain: { drops: [1%, 5%] }
ignition: { tolerance: 2% }
`
}

const v1 = `      kind: liquityV1
      collateral: ETH
      debt: LUSD
      pool: 150k`
const v2 = `      kind: liquityV2
      debt: LUSD
      branches:
        weth:
          { collateral: ETH, mcr: 110%, scr: 110%, poolPenalty: 5%, sharedPenalty: 10%, pool: 60k, borrowRate: 500% }
        lst:
          { collateral: wstETH, mcr: 120%, scr: 120%, poolPenalty: 5%, sharedPenalty: 20%, pool: 30k, poolSells: 2%, borrowRate: 6% }
      gasDeposit: { asset: ETH, units: 0.0375 }`

function positions(row: (k: number, units: number, owed: number) => readonly string[]): string {
  const rows = ['account,asset,side,amount,group']
  for (let k = 0; k < 120; k++) {
    const units = 5 + ((k * 37) % 90)
    rows.push(...row(k, units, (units * 2000) / (1.15 + ((k * 53) % 120) / 80)))
  }
  return `${rows.join('\n')}\n`
}

const ofV1 = positions((k, units, owed) => [
  `trove ${k},ETH,collateral,${units},`,
  `trove ${k},LUSD,debt,${owed},`,
])
const ofV2 = positions((k, units, owed) => {
  const [asset, group] = k % 3 === 0 ? ['wstETH', 'lst'] : ['ETH', 'weth']
  return [
    `trove ${k},LUSD,debt,${owed},${group}`,
    `trove ${k},${asset},collateral,${units},${group}`,
  ]
})

async function played(rules: string, book: string, gwei = 20) {
  const files = memorySource({ 'troves.yaml': textOf(rules, gwei), 'positions.csv': book })
  const { scenario } = await readScenario('troves.yaml', files, [])
  const blocks = timedRun(scenario, stamp)
  let tables: readonly Table[] = []
  for (;;) {
    const next = blocks.next()
    if (next.done) return { scenario, report: next.value, events: tables[1] }
    tables = next.value.tables
  }
}

describe.each([
  { name: 'liquityV1', rules: v1, book: ofV1, kinds: [0] },
  {
    name: 'liquityV1 whose pool sells',
    rules: `${v1}\n      poolSells: 4%`,
    book: ofV1,
    kinds: [0, 5],
  },
  { name: 'liquityV2', rules: v2, book: ofV2, kinds: [0, 5] },
])('$name in time', ({ rules, book, kinds }) => {
  it('law: stock is flow, and all other checks hold', async () => {
    const { report, events } = await played(rules, book)
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([])
    expect(report.checks.map(({ name }) => name)).toContain('stock = flow')
    const kindOf = [...columnOf(events, 'kind')]
    expect([...new Set(kindOf)].sort()).toEqual(kinds)
    const repaid = [...columnOf(events, 'repaid')].filter((_, e) => kindOf[e] === 0)
    const sales = [...columnOf(events, 'generation')].filter((_, e) => kindOf[e] === 5)
    expect(new Set(sales).size).toBeGreaterThan(kinds.length === 1 ? -1 : 1)
    expect(repaid.length).toBeGreaterThan(30)
    expect(repaid.some((units) => units > 0)).toBe(true)
    expect(repaid.some((units) => units === 0)).toBe(true)
  })

  it('law: equal scenarios give equal bytes', async () => {
    const { scenario, report } = await played(rules, book)
    expect(JSON.stringify(run(scenario, stamp))).toBe(JSON.stringify(report))
  })

  it('default: three legs a trove', async () => {
    const { scenario } = await played(rules, book)
    const [{ book: legs, accounts }] = setup(scenario).protocols
    expect(legs.amount.length).toBe(3 * accounts.length)
  })
})

it('behaviour: takers see the gas reserve: troves too small for their reward are liquidated', async () => {
  const small = positions((k, units, owed) => [
    `trove ${k},ETH,collateral,${units / 25},`,
    `trove ${k},LUSD,debt,${owed / 25},`,
  ])
  const countOf = async (reserve: number) => {
    const { events } = await played(`${v1}\n      gasReserve: ${reserve}`, small, 70)
    return columnOf(events, 'kind').length
  }
  const [paid, unpaid] = [await countOf(200), await countOf(0)]
  expect(paid).toBeGreaterThan(30)
  expect(unpaid).toBe(0)
})
