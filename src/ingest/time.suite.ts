/** A run in time in memory, with every kind of course, feed and liquidator. */

import type { Override } from './compose.ts'
import { type Files, memorySource } from './memory.suite.ts'
import { type ReadScenario, readScenario } from './read.ts'

export const timedText = `version: 1
name: timed
asOf: 2020-03-12T10:40:00Z
assets:
  ETH: { price: $200 }
  BTC: { price: $8000 }
  stETH: { price: 0.98, in: ETH }
  USDC: { price: $1 }
protocols:
  market:
    rules:
      kind: aaveV3
      assets:
        ETH: { threshold: 83%, bonus: 5%, protocolFee: 10%, supplyRate: 1% }
        BTC: { threshold: 80%, bonus: 5%, protocolFee: 10% }
        stETH: { threshold: 81%, bonus: 6%, protocolFee: 10% }
        USDC: { borrowRate: 250% }
      eModes:
        eth: { stETH: { threshold: 95%, bonus: 1% } }
    oracle:
      ETH:
        kind: pushed
        deviation: 0.5%
        heartbeat: 1h
        delay: 30s
        delaySpread: 0.5
        calmGas: 20
        congestionPower: 0.7
        min: $10
      stETH:
        kind: capped
        growth: 9.68%
        snapshotRatio: 1.2k
        snapshotAge: 30d
        under: { kind: twap, window: 30min, mean: geometric }
      others: spot
    book: { file: positions.csv }
  vaults:
    rules:
      kind: lending
      assets:
        ETH: { threshold: 66%, bonus: 13% }
        USDC: {}
      closeFactor: 100%
      dust: $0
    oracle: { kind: securityModule, hop: 1h, feedDelays: [0s, 10s, 5min], pokeMaxGas: none }
    book: { synthetic: [{ accounts: 3, collateral: ETH, debt: USDC }] }
  pyth:
    rules: { kind: stopOut, assets: { ETH: { threshold: 90%, bonus: 5% }, USDC: {} } }
    oracle:
      ETH:
        kind: confident
        width: 5bps
        volatilityWidth: 1
        halfLife: 5min
        widthMax: 2%
        delay: 400s
      USDC: { kind: ema, time: 10min }
    book: { synthetic: [{ accounts: 2, collateral: ETH, debt: USDC }] }
market:
  venues:
    bids:
      kind: orderBook
      asset: ETH
      quote: USD
      beyond: linear
      bands: [[2%, $12M], [10%, $60M]]
    btc: { kind: constantProduct, asset: BTC, quote: USD, reserve: 2k, keepsFee: true }
    pool:
      kind: stableSwap
      asset: stETH
      quote: ETH
      amplification: 70
      baseBalance: 10k
      quoteBalance: 10k
      recovery: { halfLife: none, permanent: 0% }
depth:
  haircut: 10%
  recovery: { halfLife: 10min, permanent: 20% }
  arbitrage: 30s
  withdrawal: { halfLife: 1h, calmVolatility: 80%, power: 1, floor: 20%, refill: 2h }
liquidators:
  buys: false
  agents:
    keeper:
      capital: $10M
      flashLoan: none
      latency: { blocks: 2 }
      minProfit: $50
      size: profitable
      gas: 400k
      bid: { market: 1.1 }
      maxGas: 1000
      route: public
      valuation: 97%
      sells: now
      count: 2
    searcher:
      capital: none
      flashLoan: 0.09%
      latency: 0
      size: whole
      gas: 500k
      bid: { auction: 40% }
      route: oracleAuction
      tip: 80%
      valuation: 100%
      sells: { over: 10min, urgency: 0.001 }
      leavesAfter: $1M
    fund:
      capital: $5M
      flashLoan: 0%
      latency: { mean: 30s }
      size: whole
      gas: 400k
      bid: { fixed: 50 }
      route: private
      tip: 0%
      valuation: 90%
      sells: hold
shock: { asset: ETH, drop: 15% }
blocks: 7200
chain:
  block: 12s
  gasLimit: 15M
  demand: 150%
  priceSpread: 0.3
  feeMarket: first-price
  gas: 40
  gasAsset: ETH
  failedGas: 30%
paths:
  are: given
  prices:
    ETH:
      - kind: series
        file: prices.csv
        columns: { time: when, price: usd }
        from: 2020-03-12T10:40:00Z
        to: 2020-03-12T10:43:00Z
        unit: price
        between: log
      - { kind: gbm, drift: 0%, volatility: 120% }
      - { kind: step, drop: 5%, at: 1h }
    BTC:
      kind: jumpDiffusion
      drift: -20%
      volatility: 0.8
      jumpsPerYear: 12
      jumpMean: -5%
      jumpDeviation: 4%
    stETH: { kind: waypoints, unit: price, between: linear, points: { 0s: 0.98, 1h: 0.49 } }
    USDC: { kind: bootstrap, file: usdc.csv, step: 60s, meanRun: 5 }
  correlation: { ETH: { BTC: 0.8 } }
  gas:
    - { kind: waypoints, unit: gwei, between: hold, points: [[0, 40], [10min, 80]] }
    - { kind: ramp, drop: 50%, from: 1h, to: 2h }
  depth: { kind: garch, step: 12s, omega: 1e-9, alpha: 0.1, beta: 0.85, opening: 1e-8 }
gain: { drops: [1%] }
ignition: { tolerance: 2% }
`

export const timedFiles: Files = {
  'timed.yaml': timedText,
  'positions.csv': 'account,asset,side,amount\na,ETH,collateral,10\na,USDC,debt,1200\n',
  'prices.csv': `when,usd
2020-03-12T10:39:00Z,210
2020-03-12T10:40:00Z,200
2020-03-12T10:41:00Z,180
1584009723,160
2020-03-12T10:44:00Z,150
`,
  'debts.csv': 'account,asset,side,amount\na,USDC,debt,1\n',
  'usdc.csv': 'time,price\n0,1\n60,0.98\n150,1\n600,0.5\n660,0.75\n',
}

/** Reads the run in time with some files replaced. */
export function readTimed(
  changed: Files = {},
  overrides: readonly Override[] = [],
): Promise<ReadScenario> {
  return readScenario('timed.yaml', memorySource({ ...timedFiles, ...changed }), overrides)
}

/** Reads it with one part of its text replaced. */
export function readTimedWith(from: string, to: string): Promise<ReadScenario> {
  if (!timedText.includes(from)) throw new Error(`the scenario has no ${from}`)
  return readTimed({ 'timed.yaml': timedText.replace(from, to) })
}
