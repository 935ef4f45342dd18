/** Random worlds in time: several protocols on one market, and takers of every kind. */

import { curve, plainTime, stamp, timedScenario, unlimited } from './blocks.suite.ts'
import { randomAt } from './math/random.ts'
import type {
  CourseSpec,
  FormationSpec,
  LendingAsset,
  OracleSpec,
  Positions,
  RulesSpec,
  Scenario,
  TakerSpec,
  TimeSpec,
  VenueSpec,
} from './scenario.ts'
import type { Table } from './table.ts'
import { timedRun } from './timed.ts'

export const ASSETS = ['USD', 'ETH', 'COIN', 'STETH'] as const
const [USD, ETH, COIN, STETH] = [0, 1, 2, 3]
const PRICE = [1, 100, 1, 100]

/** A number in (0, 1) at every call. */
export interface Draw {
  (): number
  /** One of these. */
  of<T>(...choices: readonly T[]): T
  between(low: number, high: number): number
}

export function drawFrom(seed: number): Draw {
  const random = randomAt(seed, 3)
  let turn = 0
  const draw = () => random.uniform(turn++, 0)
  return Object.assign(draw, {
    of: <T>(...choices: readonly T[]): T => choices[Math.floor(draw() * choices.length)],
    between: (low: number, high: number) => low + (high - low) * draw(),
  })
}

function rulesOf(draw: Draw): RulesSpec {
  const rate = draw.of(0, 0, 0.05, 40, 30_000)
  const terms = (asset: number): LendingAsset => ({
    asset,
    threshold: asset === COIN ? null : 0.8,
    bonus: draw.of(0, 0.05, 0.1),
    borrowRate: asset === COIN ? rate : 0,
    supplyRate: asset === ETH ? rate / 4 : 0,
  })
  const assets = [ETH, COIN, STETH].map(terms)
  const closeFactor = draw.of(0.5, 1)
  const wholeBelow = closeFactor === 0.5 ? draw.of(0, 0.95) : 0
  switch (Math.floor(5 * draw())) {
    case 0:
      return { kind: 'stopOut', assets }
    case 1:
      return { kind: 'aaveV2', assets, dustUsd: 20 }
    case 2:
      return {
        kind: 'aaveV3',
        assets: assets.map((asset) => ({ ...asset, protocolFee: 0.1 })),
        eModes: [],
      }
    case 3:
      return flip(assets, draw)
    default:
      return { kind: 'lending', assets, closeFactor, wholeBelow, dustUsd: 20, target: null }
  }
}

function flip(assets: readonly LendingAsset[], draw: Draw): RulesSpec {
  return {
    kind: 'makerFlip',
    assets: assets.map(({ bonus: _, ...rest }) => ({ ...rest, supplyRate: 0 })),
    dai: COIN,
    penalty: 0.13,
    lotUnits: draw.of(3, 20),
    beg: 0.03,
    ttlSeconds: 60,
    tauSeconds: 600,
    gas: { bite: 400_000, tend: 150_000, deal: 100_000 },
  }
}

function positionsOf(draw: Draw, prefix: string): Positions {
  const rows: [account: number, asset: number, side: number, amount: number][] = []
  const count = Math.floor(draw.between(5, 60))
  for (let k = 0; k < count; k++) {
    const trigger = draw.between(55, 101)
    const units = 1 + 30 * draw() ** 3
    const coins = draw() < 0.5 ? [ETH] : draw() < 0.5 ? [STETH] : [ETH, STETH]
    for (const coin of coins) rows.push([k, coin, 1, units / coins.length])
    rows.push([k, COIN, -1, units * trigger * 0.8])
  }
  const column = (c: number) => rows.map((row) => row[c])
  return {
    accounts: Array.from({ length: count }, (_, k) => `${prefix} ${k}`),
    account: Uint32Array.from(column(0)),
    asset: Uint16Array.from(column(1)),
    side: Int8Array.from(column(2)),
    group: new Uint16Array(rows.length),
    amount: Float64Array.from(column(3)),
    synthetic: true,
    asOf: null,
  }
}

function oracleOf(draw: Draw, blockSeconds: number): OracleSpec {
  const pushed: OracleSpec = {
    ...{ kind: 'pushed', deviation: 0.005, heartbeatSeconds: 3600, delaySeconds: blockSeconds },
    ...{ delaySpread: 0.5, calmGwei: 20, congestionPower: 1, answerMin: null, answerMax: null },
  }
  // Wider than the price when it moves much: then collateral is worth less than nothing.
  const confident: OracleSpec & { kind: 'confident' } = {
    ...{ kind: 'confident', width: 0.01, volatilityWidth: draw.of(0.5, 60), widthMax: 1e6 },
    ...{ halfLifeSeconds: 3 * blockSeconds, delaySeconds: 0 },
  }
  const twap = { kind: 'twap', windowSeconds: 5 * blockSeconds, mean: 'geometric' } as const
  const ema = { kind: 'ema', timeSeconds: 4 * blockSeconds } as const
  const narrow = { ...confident, widthMax: 0.05 }
  return draw.of<OracleSpec>(
    { kind: 'spot' },
    { kind: 'spot' },
    pushed,
    confident,
    narrow,
    twap,
    ema,
  )
}

function venuesOf(draw: Draw): { venues: VenueSpec[]; hop: number[][] } {
  const pool: VenueSpec = {
    ...{ name: 'pool', base: ETH, quoteAsset: USD, outside: 100, fee: 0.003, asOf: null },
    ...{ kind: 'constantProduct', beyond: 'wall', keepsFee: draw() < 0.5, reprice: 'arbitrage' },
    reserve: draw.between(300, 3000),
  }
  // A book that ends: what it refuses stays with whoever wanted to sell.
  const book: VenueSpec = {
    ...{ name: 'book', base: ETH, quoteAsset: USD, outside: 100, fee: 0, asOf: null },
    ...{ kind: 'orderBook', beyond: 'wall', levels: 'relative' },
    ...{ price: [99.9, 98, 90, 70], size: [2, 5, 10, 10] },
  }
  const isThin = draw() < 0.2
  const impact = { ...curve, coefficient: draw.between(0.0001, 0.003) } as VenueSpec
  const staked: VenueSpec = {
    ...{ name: 'staked', base: STETH, quoteAsset: ETH, outside: 1, fee: 0.001, asOf: null },
    ...{ kind: 'stableSwap', beyond: 'wall', amplification: 50 },
    ...{ baseBalance: 400, quoteBalance: 400 },
  }
  const coins: VenueSpec = {
    ...{ name: 'coins', base: COIN, quoteAsset: USD, outside: 1, fee: 0, asOf: null },
    ...{ kind: 'constantProduct', beyond: 'wall', keepsFee: false, reprice: 'arbitrage' },
    reserve: 200_000,
  }
  const own = isThin ? book : impact
  return { venues: [own, pool, staked, coins], hop: [[], isThin ? [0] : [0, 1], [3], [2]] }
}

function takerOf(draw: Draw, t: number, isFree: boolean): TakerSpec {
  const seconds = draw.of(60, 600)
  return {
    ...unlimited,
    name: `taker ${t}`,
    capitalUsd: draw.of(Number.POSITIVE_INFINITY, 500, 20_000),
    flashFee: draw.of(null, 0, 0.0009),
    latency: draw.of<TakerSpec['latency']>(
      { kind: 'blocks', blocks: 0 },
      { kind: 'blocks', blocks: 3 },
      { kind: 'exponential', meanSeconds: 40 },
    ),
    minProfitUsd: draw.of(0, 5, -1e300),
    size: draw.of('whole', 'profitable'),
    gas: isFree ? 0 : 300_000,
    bidding: draw.of<TakerSpec['bidding']>(
      { kind: 'fixed', gwei: 30 },
      { kind: 'market', times: 1.2 },
      { kind: 'auction', share: 0.3 },
    ),
    maxGwei: draw.of(Number.POSITIVE_INFINITY, 100),
    route: draw.of('public', 'private', 'oracleAuction'),
    tipShare: draw.of(0, 0.5),
    valuation: 0.9,
    outbids: draw.of('valuation', 'least'),
    disposal: draw.of<TakerSpec['disposal']>(
      { kind: 'now' },
      { kind: 'hold' },
      { kind: 'schedule', seconds, urgency: draw.of(0, 0.01) },
    ),
    leavesAfterUsd: draw.of(Number.POSITIVE_INFINITY, 2000),
  }
}

function formationOf(draw: Draw, venues: number): FormationSpec {
  const withdrawal = {
    ...{ halfLifeSeconds: 60, calmVolatility: 2, power: 1, floor: 0.1, refillSeconds: 120 },
  }
  return {
    halfLifeSeconds: Array.from({ length: venues }, () => draw.of(Number.POSITIVE_INFINITY, 0, 90)),
    permanentShare: Array.from({ length: venues }, () => draw.of(0, 0.2, 1)),
    arbitrageSeconds: draw.of(Number.POSITIVE_INFINITY, 0, 30),
    withdrawal: draw.of(null, withdrawal),
  }
}

function coursesOf(draw: Draw, blockSeconds: number, blocks: number): CourseSpec[] {
  const end = blockSeconds * blocks
  const perYear = 31_536_000 / end
  const volatility = draw.of(0.05, 0.3) * Math.sqrt(perYear)
  const jumps = { jumpsPerYear: 3 * perYear, jumpMean: -0.05, jumpDeviation: 0.1 }
  const step = { kind: 'step', drop: draw.between(0.02, 0.3), atSeconds: end * draw() } as const
  const walk = { kind: 'gbm', drift: 0, volatility } as const
  return draw.of<CourseSpec[]>(
    [walk],
    [walk, step],
    [{ kind: 'jumpDiffusion', drift: 0, volatility, ...jumps }],
    [{ kind: 'ramp', drop: step.drop, fromSeconds: 0, toSeconds: end / 2 }],
  )
}

function timeOf(draw: Draw, venues: number): TimeSpec {
  const blockSeconds = draw.of(1, 13)
  const blocks = 40
  const isFree = draw() < 0.3
  const chain = isFree
    ? plainTime.chain
    : {
        ...{ gasLimit: draw.of(1.5e6, 15e6), demand: draw.of(0.5, 1.5), priceSpread: 0.3 },
        feeMarket: draw.of('first-price' as const, 'eip1559' as const),
        ...{ gwei: 20, gasAsset: draw.of(ETH, -1), gasTokenUsd: 100, failedGasShare: 0.3 },
      }
  const takers = Array.from({ length: draw.of(1, 2, 3) }, (_, t) => takerOf(draw, t, isFree))
  return {
    ...plainTime,
    blocks,
    chain: { ...chain, blockSeconds },
    prices: [{ asset: ETH, courses: coursesOf(draw, blockSeconds, blocks) }],
    pricesAre: draw.of('outside', 'outside', 'outside', 'inferred', 'given'),
    gas: draw.of<CourseSpec[]>([], [{ kind: 'step', drop: -4, atSeconds: 10 * blockSeconds }]),
    depth: draw.of<CourseSpec[]>([], [{ kind: 'step', drop: 0.7, atSeconds: 15 * blockSeconds }]),
    formation: formationOf(draw, venues),
    takers,
    generations: draw.of(1, 3, 8),
  }
}

/** World `n`: one to three protocols, each of its own kind, on a market of four venues. */
export function worldOf(n: number): Scenario {
  const draw = drawFrom(n)
  const { venues, hop } = venuesOf(draw)
  const time = timeOf(draw, venues.length)
  const { blockSeconds } = time.chain
  const protocols = Array.from({ length: draw.of(1, 2, 3) }, (_, j) => {
    const oracle = oracleOf(draw, blockSeconds)
    const oracles = ASSETS.map((_, a) => (PRICE[a] === 1 ? ({ kind: 'spot' } as const) : oracle))
    return {
      name: `bank ${j}`,
      rules: rulesOf(draw),
      positions: positionsOf(draw, `${j}`),
      oracles,
    }
  })
  return timedScenario(protocols[0].positions, time, {
    name: `world ${n}`,
    seed: 100 + n,
    assets: ASSETS.map((name, a) => ({
      name,
      price: a === STETH ? 1 : PRICE[a],
      in: a === STETH ? ETH : null,
    })),
    protocols,
    venues,
    hop,
    liquidators: { disposal: 'all', buys: draw() < 0.3 },
    feedback: draw() < 0.9,
  })
}

/** Runs to the end; returns the report and the tables. */
export function drained(scenario: Scenario) {
  const run = timedRun(scenario, stamp)
  let tables: readonly Table[] = []
  for (;;) {
    const next = run.next()
    if (next.done) return { report: next.value, frames: tables[0], events: tables[1] }
    tables = next.value.tables
  }
}
