/** A run in time that computes nothing: blocks pass, rows are added, and a report comes. */

import { timedReport } from '../document/timed.suite.ts'
import { addRow, type Table, tableOf } from '../table.ts'
import type { timedRun } from '../timed.ts'

/** Names of accounts, with what a table may meet in a name. */
export const accounts = ['0xa1', 'said "no", twice', 'λ']

/** Two tables like those of a run: a frame per block, an event every third block. */
export function sampleTables(): { frames: Table; events: Table } {
  const column = (name: string, unit: string, words: readonly string[] | null = null) => ({
    ...{ name, unit, words },
    definition: `What ${name} is.`,
  })
  const frames = [column('block', 'block'), column('mid', 'usd'), column('gain', 'ratio')]
  const events = [column('block', 'block'), column('account', 'word', accounts)]
  return {
    frames: tableOf('frames', [...frames, column('failed', 'count')]),
    events: tableOf('events', events),
  }
}

/** Adds the rows of one block, numbered from 1. */
export function addBlock(block: number, { frames, events }: ReturnType<typeof sampleTables>) {
  const row = addRow(frames)
  const [blocks, mid, gain, failed] = frames.values
  blocks[row] = block
  mid[row] = 2000 - block / 7
  if (block % 5 === 0) gain[row] = 1 / block
  failed[row] = 3 * block
  if (block % 3 !== 0) return
  const event = addRow(events)
  events.values[0][event] = block
  events.values[1][event] = (event % (accounts.length + 1)) - 1
}

/** Yields after each block, first of the run without feedback; `pause` ms pass in each. */
export function* sampleRun(blocks: number, pause = 0): ReturnType<typeof timedRun> {
  const tables = sampleTables()
  const both = [tables.frames, tables.events]
  const all = 2 * blocks
  for (const phase of ['counterfactual', 'run'] as const) {
    const earlier = phase === 'run' ? blocks : 0
    for (let block = 1; block <= blocks; block++) {
      const until = performance.now() + pause
      while (performance.now() < until);
      if (phase === 'run') addBlock(block, tables)
      yield { phase, block, blocks, passed: earlier + block, all, tables: both }
    }
  }
  return { ...timedReport(), blocks }
}

/** A falling market of a few hundred borrowers: one block a minute for three hours. */
export const fallingMarket = `version: 1
name: falling
seed: 7
assets:
  ETH: { price: $2000 }
  USDC: { price: $1 }
protocols:
  market:
    rules:
      kind: lending
      closeFactor: 50%
      wholeBelow: 0.95
      dust: $100
      assets:
        ETH: { threshold: 83%, bonus: 5% }
        USDC: {}
    oracle: { ETH: spot, others: spot }
    book:
      synthetic:
        - accounts: 300
          collateral: ETH
          debt: USDC
          totalDebt: $50M
          largestShare: 2%
          medianHealth: 1.4
          healthSpread: 0.3
market:
  venues:
    bids:
      kind: orderBook
      asset: ETH
      quote: USD
      beyond: linear
      bands: [[2%, $12M], [10%, $60M]]
depth:
  haircut: 0%
  recovery: { halfLife: 10min, permanent: 20% }
  arbitrage: 0s
  withdrawal: none
liquidators:
  buys: false
  agents:
    keeper:
      capital: none
      flashLoan: 0.09%
      latency: 0
      minProfit: $1
      size: whole
      gas: 400k
      bid: { market: 1.1 }
      maxGas: 1000
      route: public
      valuation: 97%
      sells: now
blocks: 180
chain:
  block: 60s
  gasLimit: 15M
  demand: 90%
  priceSpread: 0.3
  feeMarket: first-price
  gas: 40
  gasAsset: ETH
  failedGas: 30%
paths:
  are: outside
  prices:
    ETH: { kind: ramp, drop: 40%, from: 0s, to: 3h }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`
