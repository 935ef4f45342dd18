/**
 * 19 May 2021 on Aave v2 as a scenario: prices, gas and pool as recorded every ten minutes, and a
 * book rebuilt from the liquidations, the only trace of it.
 */

import { positionsOf, still, stamp, unlimited } from '../../src/blocks.suite.ts'
import type { CourseSpec, FormationSpec, Scenario, VenueSpec } from '../../src/scenario.ts'
import type { Table } from '../../src/table.ts'
import { timedRun } from '../../src/timed.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { median, type Row, rowsOf, secondsBetween } from './recordings.suite.ts'

const OPENING = '2021-05-19T00:00:00Z'
const DAY = 86_400
export const BAR = 600
const BLOCK = 13
const STABLE = new Set(['USDC', 'USDT', 'DAI', 'BUSD', 'TUSD', 'GUSD', 'SUSD'])

/** A recorded liquidation of volatile collateral against dollars. `price` is what it was made at. */
export interface Liquidation {
  readonly seconds: number
  readonly collateral: string
  readonly seized: number
  readonly repaid: number
  readonly price: number
}

/** Liquidations of one borrower, collateral and debt, in their order. */
export interface Position {
  readonly collateral: string
  readonly events: readonly Liquidation[]
}

/** Points of a course, seconds since the opening. */
interface Points {
  readonly at: readonly number[]
  readonly value: readonly number[]
}

/** The recorded day. */
export interface Day {
  /** All of its liquidations, and those that are replayed. */
  readonly all: { readonly count: number; readonly usd: number }
  readonly positions: readonly Position[]
  readonly collaterals: readonly string[]
  readonly threshold: ReadonlyMap<string, number>
  /** Bonus in the parameters of 2022, and as the liquidations of the day paid it. */
  readonly bonus2022: ReadonlyMap<string, number>
  readonly bonus: ReadonlyMap<string, number>
  readonly bars: Points
  readonly closes: Points
  readonly gwei: Points
  /** Token per ETH at full hours. */
  readonly ratio: ReadonlyMap<string, Points>
  /** Of the pool: sqrt(DAI x ETH), and its ETH when the record begins. */
  readonly pool: Points
}

/** Reads the day. */
export function recordedDay(): Day {
  const all = rowsOf('aave-v2-liquidations-2020-2021/liquidations.csv.gz').filter(({ time_utc }) =>
    isOfDay(time_utc),
  )
  const reserves = rowsOf('aave-v2-liquidations-2020-2021/reserves.csv').filter(
    ({ market }) => market === 'aave_v2_main',
  )
  const main = all.filter((row) => row.market === 'aave_v2_main' && STABLE.has(row.debt))
  const bonus = paidBonus(main.filter(({ collateral }) => !STABLE.has(collateral)))
  const bars = rowsOf('eth-stress-days-10min/2021-05-19.csv')
  const ratio = hourlyRatios([...bonus.keys()])
  const collaterals = [...bonus.keys()].filter((name) => ratio.has(name))
  const share = (column: string, zero: number): ReadonlyMap<string, number> =>
    new Map(reserves.map((row) => [row.symbol, Number(row[column]) / 10_000 - zero]))
  return {
    all: { count: all.length, usd: all.reduce((sum, row) => sum + Number(row.debt_usd), 0) },
    positions: positionsFrom(main, collaterals, bonus),
    collaterals,
    threshold: share('liq_threshold_bps', 0),
    bonus2022: share('liq_bonus_bps', 1),
    bonus,
    ...pricesOf(bars),
    gwei: pointsOf(bars, (row) => Number(row.gas_p60_gwei)),
    ratio,
    pool: pointsOf(rowsOf('eth-stress-days-10min/2021-05-19_univ2_eth_dai.csv'), (row) =>
      Math.sqrt(Number(row.dai_reserve) * Number(row.weth_reserve)),
    ),
  }
}

function isOfDay(time: string): boolean {
  const seconds = secondsBetween(OPENING, time)
  return seconds >= 0 && seconds < DAY
}

/**
 * The bonus that the day's liquidations paid, by collateral, to a whole percent. Recorded prices
 * come from an index beside the chain: where they contradict each other the token is left out.
 */
function paidBonus(rows: readonly Row[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const name of new Set(rows.map(({ collateral }) => collateral))) {
    const paid = median(
      rows
        .filter((row) => row.collateral === name)
        .map((row) => Number(row.seized_over_repaid) - 1),
    )
    const whole = Math.round(100 * paid) / 100
    if (Math.abs(paid - whole) < 0.001 && whole >= 0.05 && whole <= 0.15) found.set(name, whole)
  }
  return found
}

/** A liquidation's own price follows from its amounts: seized x price = repaid x (1 + bonus). */
function positionsFrom(
  rows: readonly Row[],
  collaterals: readonly string[],
  bonus: ReadonlyMap<string, number>,
): Position[] {
  const byKey = new Map<string, Liquidation[]>()
  for (const row of rows) {
    const { collateral } = row
    if (!collaterals.includes(collateral)) continue
    const key = `${row.user} ${collateral} ${row.debt}`
    const seized = Number(row.collateral_amount)
    const repaid = Number(row.debt_repaid_amount)
    const price = (repaid * (1 + bonus.get(collateral)!)) / seized
    const seconds = secondsBetween(OPENING, row.time_utc)
    const list = byKey.get(key) ?? []
    list.push({ seconds, collateral, seized, repaid, price })
    byKey.set(key, list)
  }
  return [...byKey.values()].map((events) => ({
    collateral: events[0].collateral,
    events: events.sort((a, b) => a.seconds - b.seconds),
  }))
}

function pointsOf(rows: readonly Row[], value: (row: Row) => number): Points {
  const kept = rows.filter(({ time_utc }) => isOfDay(time_utc))
  return { at: kept.map((row) => secondsBetween(OPENING, row.time_utc)), value: kept.map(value) }
}

/**
 * A bar that rises is walked open, low, high, close, one that falls open, high, low, close, at equal
 * distances: the order inside a bar is not recorded. `closes` leaves the extremes out.
 */
function pricesOf(rows: readonly Row[]): { readonly bars: Points; readonly closes: Points } {
  const at: number[] = []
  const value: number[] = []
  for (const row of rows) {
    const [open, high, low, close] = [row.open, row.high, row.low, row.close].map(Number)
    const start = secondsBetween(OPENING, row.time_utc)
    const walk = close < open ? [open, high, low, close] : [open, low, high, close]
    walk.forEach((price, k) => {
      at.push(start + [0, 200, 400, 590][k])
      value.push(price)
    })
  }
  const closes = pointsOf(rows, (row) => Number(row.close))
  return {
    bars: { at, value },
    closes: { at: [0, ...closes.at.map((t) => t + BAR)], value: [value[0], ...closes.value] },
  }
}

function hourlyRatios(names: readonly string[]): Map<string, Points> {
  const hours = rowsOf('coingecko-hourly-2021-2023/prices_usd.csv.gz').filter(({ time_utc }) => {
    const seconds = secondsBetween(OPENING, time_utc)
    return seconds >= 0 && seconds <= DAY
  })
  const found = new Map<string, Points>()
  for (const name of names) {
    const kept = hours.filter((row) => Number(row[name]) > 0 && Number(row.WETH) > 0)
    if (kept.length < 20) continue
    found.set(name, {
      at: kept.map((row) => secondsBetween(OPENING, row.time_utc)),
      value: kept.map((row) => Number(row[name]) / Number(row.WETH)),
    })
  }
  return found
}

/** What is varied between replays. */
export interface Variant {
  /** Sizes from the whole day's liquidations, or from each position's first alone. */
  readonly sizes: 'whole day' | 'first event'
  /** Factor on every trigger price: 1 is the recorded first price. */
  readonly shift: number
  readonly path: 'bars' | 'closes'
  /** Times the recorded pool in which WETH is sold; Infinity: at the mid. */
  readonly pools: number
  readonly pricesAre: 'given' | 'inferred'
  readonly deviation: number
  readonly delaySeconds: number
  /** Liquidation threshold of every collateral; null: as listed in 2022. */
  readonly threshold: number | null
  readonly permanentShare: number
  readonly halfLifeSeconds: number
  readonly only: string | null
}

export const MAIN: Variant = {
  sizes: 'first event',
  shift: 1,
  path: 'bars',
  pools: Number.POSITIVE_INFINITY,
  pricesAre: 'given',
  deviation: 0.005,
  delaySeconds: 30,
  threshold: null,
  permanentShare: 0,
  halfLifeSeconds: 600,
  only: null,
}

/** Gas of a liquidation with the sale: 302,000 measured for the call, the rest for the sale. */
const GAS = 450_000

/** The scenario of a variant, and the positions of its accounts in their order. */
export function scenarioOf(
  day: Day,
  variant: Variant,
): { readonly scenario: Scenario; readonly positions: readonly Position[] } {
  const positions = day.positions.filter(
    ({ collateral }) => variant.only === null || collateral === variant.only,
  )
  const assets = ['USD', ...day.collaterals]
  const eth = assets.indexOf('WETH')
  const path = variant.path === 'bars' ? day.bars : day.closes
  const threshold = (name: string) => variant.threshold ?? day.threshold.get(name)!
  const factors = assets.map((name) => factorsOf(day, name, path))
  const isSold = variant.pools < Number.POSITIVE_INFINITY
  const opening = path.value[0]
  return {
    positions,
    scenario: {
      name: 'ETH on 19 May 2021',
      seed: 1,
      asOf: null,
      assets: assets.map((name, a) => ({ name, price: factors[a].value[0], in: null })),
      cash: 0,
      protocols: [
        {
          name: 'Aave v2',
          rules: {
            kind: 'aaveV2',
            dustUsd: 1,
            assets: assets.map((name, asset) =>
              asset === 0
                ? { asset, threshold: null, bonus: 0 }
                : { asset, threshold: threshold(name), bonus: day.bonus.get(name)! },
            ),
          },
          positions: positionsOf(
            positions.flatMap((position, account) => {
              const owed = owedBy(position, variant.sizes)
              const price = position.events[0].price * variant.shift
              const units = owed / (threshold(position.collateral) * price)
              return [
                [account, assets.indexOf(position.collateral), 1, units] as const,
                [account, 0, -1, owed] as const,
              ]
            }),
          ),
          oracles: assets.map((_, a) =>
            a === 0 ? ({ kind: 'spot' } as const) : oracleOf(variant, day),
          ),
        },
      ],
      venues: assets
        .slice(1)
        .map((name, k) =>
          name === 'WETH' && isSold
            ? poolOf(day, eth, opening, variant.pools)
            : boundlessVenue(name, k + 1, factors[k + 1].value[0]),
        ),
      hop: assets.map((_, a) => (a === 0 ? [] : [a - 1])),
      haircut: 0,
      liquidators: { disposal: 'all', buys: false },
      shock: { asset: eth, drop: 0 },
      order: 'batch',
      feedback: true,
      gainDrops: [0.05],
      ignitionTolerance: 0.01,
      warnings: [],
      time: {
        blocks: Math.floor(DAY / BLOCK),
        chain: {
          blockSeconds: BLOCK,
          gasLimit: 15_000_000,
          demand: 1,
          priceSpread: 0,
          feeMarket: 'first-price',
          gwei: day.gwei.value[0],
          gasAsset: eth,
          gasTokenUsd: 0,
          failedGasShare: 1,
        },
        prices: assets.flatMap((_, asset) =>
          asset === 0 ? [] : [{ asset, courses: [courseOf(factors[asset], 'linear')] }],
        ),
        correlation: null,
        pricesAre: variant.pricesAre,
        gas: [courseOf(day.gwei, 'hold')],
        depth: isSold ? [courseOf(day.pool, 'linear')] : [],
        formation: formationOf(variant, assets.length - 1),
        takers: [{ ...unlimited, name: 'liquidators', minProfitUsd: 0, gas: GAS }],
        generations: 8,
        path: 0,
      },
    },
  }
}

/** Debt that halves, as often as recorded, to what was repaid; or twice the first repayment. */
function owedBy({ events }: Position, sizes: Variant['sizes']): number {
  if (sizes === 'first event') return 2 * events[0].repaid
  const repaid = events.reduce((sum, event) => sum + event.repaid, 0)
  return repaid / (1 - 0.5 ** events.length)
}

function factorsOf(day: Day, name: string, path: Points): Points {
  if (name === 'USD') return { at: [0], value: [1] }
  if (name === 'WETH') return path
  const ratio = day.ratio.get(name)!
  return { at: path.at, value: path.value.map((price, k) => price * valueAt(ratio, path.at[k])) }
}

/** The value of a course at a time, straight between its points. */
export function valueAt({ at, value }: Points, seconds: number): number {
  let k = 0
  while (k < at.length - 1 && at[k + 1] <= seconds) k++
  if (k === at.length - 1 || seconds <= at[0]) return value[k]
  return value[k] + ((value[k + 1] - value[k]) * (seconds - at[k])) / (at[k + 1] - at[k])
}

function courseOf({ at, value }: Points, between: 'linear' | 'hold'): CourseSpec {
  return {
    kind: 'waypoints',
    atSeconds: at,
    factor: value.map((each) => each / value[0]),
    between,
  }
}

function oracleOf({ deviation, delaySeconds }: Variant, { gwei }: Day) {
  return {
    kind: 'pushed',
    deviation,
    heartbeatSeconds: 3600,
    delaySeconds,
    delaySpread: 0,
    calmGwei: gwei.value[0],
    congestionPower: 0,
    answerMin: null,
    answerMax: null,
  } as const
}

function poolOf({ pool }: Day, base: number, outside: number, times: number): VenueSpec {
  return {
    name: 'Uniswap v2 ETH/DAI',
    base,
    quoteAsset: 0,
    outside,
    fee: 0.003,
    asOf: null,
    beyond: 'wall',
    kind: 'constantProduct',
    reserve: (times * pool.value[0]) / Math.sqrt(outside),
    keepsFee: false,
    reprice: 'arbitrage',
  }
}

function boundlessVenue(name: string, base: number, outside: number): VenueSpec {
  return {
    name: `${name} at the mid`,
    base,
    quoteAsset: 0,
    outside,
    fee: 0,
    asOf: null,
    beyond: 'linear',
    kind: 'impactCurve',
    shape: 'none',
    coefficient: 0,
    crossover: 0,
    observedUnits: null,
  }
}

function formationOf(variant: Variant, venues: number): FormationSpec {
  return {
    ...still(venues),
    halfLifeSeconds: Array.from({ length: venues }, () => variant.halfLifeSeconds),
    permanentShare: Array.from({ length: venues }, () => variant.permanentShare),
  }
}

/** What a run leaves. */
export interface Outcome {
  readonly report: TimedReport
  readonly frames: Table
  readonly events: Table
}

/** Runs a scenario to its end. */
export function outcomeOf(scenario: Scenario): Outcome {
  const run = timedRun(scenario, stamp)
  let tables: readonly Table[] = []
  for (let step = run.next(); ; step = run.next()) {
    if (step.done) return { report: step.value, frames: tables[0], events: tables[1] }
    if (step.value.phase === 'run') tables = step.value.tables
  }
}
