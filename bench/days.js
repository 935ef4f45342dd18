/** Days of a lending market as scenarios in time: one seeded book, and what happens to it. */

import { exp, log } from '../dist/math/exponential.js'
import { randomAt } from '../dist/math/random.js'
import { seed } from './data.js'

export const BLOCKS = 7200
const BLOCK_SECONDS = 12
/** Volatility of every coin: 0.06 % in a block, 97 % in a year. */
const BLOCK_VOLATILITY = 0.0006
const YEARLY = BLOCK_VOLATILITY * Math.sqrt((365 * 24 * 3600) / BLOCK_SECONDS)

/** USD is the cash and the debt of all; ETH backs four accounts of ten. Depth and price in USD. */
const COINS = [
  ['ETH', 2000, 4e9],
  ['BTC', 30_000, 2e9],
  ['SOL', 25, 1e9],
  ['BNB', 240, 1e9],
  ['LINK', 7, 1e9],
  ['UNI', 5, 1e9],
  ['AVAX', 12, 1e9],
]
const USD = 0
const ETH = 1
const THRESHOLD = 0.8
const assets = ['USD', ...COINS.map(([name]) => name)]

/** Health factors from 1.001 up, half of them below 1.28. */
export const lendingPositions = (accounts) => positionsOf(accounts, (u) => 1.001 - 0.4 * log(u))

/** Health factors from 1.001 to 1.3: a fall of a quarter breaches all. */
export const crowdedPositions = (accounts) => positionsOf(accounts, (u) => 1.001 + 0.299 * u)

/**
 * Two legs an account: a coin and a debt in USD. Collateral is log-normal, half of the accounts below 10,000 USD.
 *
 * Shape: `healthAt` maps a uniform number to a health factor.
 */
function positionsOf(accounts, healthAt) {
  const random = randomAt(seed, 3)
  const account = new Uint32Array(2 * accounts)
  const asset = new Uint16Array(2 * accounts)
  const side = new Int8Array(2 * accounts)
  const amount = new Float64Array(2 * accounts)
  for (let i = 0; i < accounts; i++) {
    const coin =
      random.uniform(i, 0) < 0.4 ? ETH : 1 + Math.floor(COINS.length * random.uniform(i, 1))
    const worth = 10_000 * exp(1.5 * random.normal(i, 2))
    const health = healthAt(random.uniform(i, 3))
    account[2 * i] = i
    account[2 * i + 1] = i
    asset[2 * i] = coin
    asset[2 * i + 1] = USD
    side[2 * i] = 1
    side[2 * i + 1] = -1
    amount[2 * i] = worth / COINS[coin - 1][1]
    amount[2 * i + 1] = (worth * THRESHOLD) / health
  }
  const names = Array.from({ length: accounts }, (_, i) => `account ${i}`)
  const group = new Uint16Array(2 * accounts)
  return { accounts: names, account, asset, side, group, amount, synthetic: true, asOf: null }
}

/** Nobody is there to liquidate: prices of the day are folded upwards, so that nobody is breached. */
export function quietDay(positions) {
  return day(positions, {
    prices: COINS.map((_, c) => ({ asset: c + 1, courses: [folded(c + 1)] })),
  })
}

/** Prices move by their volatility alone, and nobody acts: accounts cross the edge and come back. */
export function idleDay(positions) {
  return day(positions, { prices: courses([]) })
}

/** Prices move by their volatility, a twentieth lower in the end, and two liquidators live on it. */
export function calmDay(positions) {
  return day(positions, { prices: courses([fall(0.05)]), takers: liquidators })
}

/** ETH falls by 32 % through the day, the other coins by half of that. */
export function fallingDay(positions) {
  return day(positions, { prices: courses([fall(0.32), fall(0.16)]), takers: liquidators })
}

/** A day as paths of a sweep are run: which sale made which liquidation possible is not told apart. */
export const unattributed = (scenario) => ({
  ...scenario,
  time: { ...scenario.time, generations: 0 },
})

/** A third of the coins' worth goes in ten minutes, in a market of a twentieth of its depth. */
export function worstDay(positions) {
  const drop = { kind: 'ramp', drop: 0.33, fromSeconds: 0, toSeconds: 600 }
  return {
    ...day(positions, { prices: courses([drop, drop]), takers: liquidators }),
    haircut: 0.95,
  }
}

const fall = (drop) => ({ kind: 'ramp', drop, fromSeconds: 0, toSeconds: BLOCKS * BLOCK_SECONDS })

/** Volatility and a fall: the first is that of ETH, the last that of all other coins. */
function courses(falls) {
  const noise = { kind: 'gbm', drift: 0, volatility: YEARLY }
  const fallOf = (c) => (c === 0 ? falls.slice(0, 1) : falls.slice(-1))
  return COINS.map((_, c) => ({ asset: c + 1, courses: [noise, ...fallOf(c)] }))
}

/** Random steps that turn back at the opening price. */
function folded(asset) {
  const random = randomAt(seed, 4)
  const factor = new Float64Array(BLOCKS + 1)
  let height = 0
  for (let block = 0; block <= BLOCKS; block++) {
    factor[block] = exp(height)
    height = Math.abs(height + BLOCK_VOLATILITY * random.normal(block, asset))
  }
  const atSeconds = Array.from(factor, (_, block) => block * BLOCK_SECONDS)
  return { kind: 'waypoints', atSeconds, factor: Array.from(factor), between: 'hold' }
}

const taker = {
  capitalUsd: 2e7,
  flashFee: 0.0005,
  minProfitUsd: 1,
  size: 'profitable',
  gas: 450_000,
  bidding: { kind: 'market', times: 1.2 },
  maxGwei: 2000,
  route: 'public',
  tipShare: 0,
  valuation: 1,
  outbids: 'valuation',
  disposal: { kind: 'now' },
  leavesAfterUsd: Number.POSITIVE_INFINITY,
}

/** One that is at hand in the same block, one that bids more and comes a block later. */
const liquidators = [
  { ...taker, name: 'quick', latency: { kind: 'blocks', blocks: 0 } },
  {
    ...taker,
    name: 'keen',
    latency: { kind: 'blocks', blocks: 1 },
    bidding: { kind: 'auction', share: 0.3 },
  },
]

const chain = {
  blockSeconds: BLOCK_SECONDS,
  gasLimit: 30e6,
  demand: 1.2,
  priceSpread: 0.5,
  feeMarket: 'eip1559',
  gwei: 20,
  gasAsset: ETH,
  gasTokenUsd: 0,
  failedGasShare: 0.3,
}

const oracle = {
  kind: 'pushed',
  deviation: 0.005,
  heartbeatSeconds: 3600,
  delaySeconds: 18,
  delaySpread: 0.4,
  calmGwei: 40,
  congestionPower: 0.5,
  answerMin: null,
  answerMax: null,
}

function day(positions, changed) {
  const depth = positions.accounts.length / 100_000
  return {
    name: 'day',
    seed,
    asOf: null,
    assets: [
      { name: 'USD', price: 1, in: null },
      ...COINS.map(([name, price]) => ({ name, price, in: null })),
    ],
    cash: USD,
    protocols: [{ name: 'bank', rules, positions, oracles: assets.map(() => oracle) }],
    venues: COINS.map((_, c) => pool(c, depth)),
    hop: assets.map((_, a) => (a === USD ? [] : [a - 1])),
    haircut: 0,
    liquidators: { disposal: 'all', buys: false },
    shock: { asset: ETH, drop: 0 },
    time: { ...time, ...changed },
    order: 'batch',
    feedback: true,
    gainDrops: [0.05],
    ignitionTolerance: 0.01,
    warnings: [],
  }
}

const rules = {
  kind: 'lending',
  assets: assets.map((_, asset) => ({
    asset,
    threshold: asset === USD ? null : THRESHOLD,
    bonus: 0.06,
  })),
  closeFactor: 0.5,
  wholeBelow: 0.95,
  dustUsd: 500,
  target: null,
}

/** As deep for each dollar of the book, whatever its size. */
function pool(c, depth) {
  const [name, outside, usd] = COINS[c]
  return {
    name: `${name} pool`,
    base: c + 1,
    quoteAsset: USD,
    outside,
    fee: 0.0005,
    asOf: null,
    beyond: 'linear',
    kind: 'constantProduct',
    reserve: (depth * usd) / outside,
    keepsFee: false,
    reprice: 'arbitrage',
  }
}

const time = {
  blocks: BLOCKS,
  chain,
  prices: [],
  correlation: null,
  pricesAre: 'outside',
  gas: [],
  depth: [],
  formation: {
    halfLifeSeconds: COINS.map(() => 600),
    permanentShare: COINS.map(() => 0),
    arbitrageSeconds: Number.POSITIVE_INFINITY,
    withdrawal: null,
  },
  takers: [],
  generations: 8,
  path: 0,
}
