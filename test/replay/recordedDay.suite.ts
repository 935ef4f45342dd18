/**
 * 19 May 2021 as it was recorded: liquidations of Aave v2, prices, gas and one pool every ten
 * minutes. A liquidation's own price follows from its amounts.
 */

import { median, type Row, rowsOf, secondsBetween } from './recordings.suite.ts'

const OPENING = '2021-05-19T00:00:00Z'
/** Seconds in the day, and in a bar of its record. */
export const DAY = 86_400
export const BAR = 600
const STABLE = new Set(['USDC', 'USDT', 'DAI', 'BUSD', 'TUSD', 'GUSD', 'SUSD'])

/** A recorded liquidation of volatile collateral against dollars, made at `price`. */
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
  /** Whether the borrower lost nothing else that day. */
  readonly isAlone: boolean
}

/** Points of a course, seconds since the opening. */
export interface Points {
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
  /** Of the pool: sqrt(DAI x ETH). Its record begins at 07:00. */
  readonly pool: Points
}

/** Recorded books of ETH: how many times the pool's ETH within 2 % of the mid they hold. */
export function recordedMultiples(day: Day): { readonly some: number; readonly all: number } {
  const books = rowsOf('l2-books-2021-2022/summary.csv')
  const within = (venue: string, symbol: string): number => {
    const row = books.find((each) => each.venue === venue && each.symbol === symbol)!
    const size = Number(row.bid_size_within_2pct)
    return venue === 'binance_coinm' ? (10 * size) / Number(row.best_bid) : size
  }
  const inPool = (day.pool.value[0] / Math.sqrt(day.closes.value[0])) * (1 / Math.sqrt(0.98) - 1)
  const some = inPool + within('bitstamp_spot', 'ETHUSD') + within('binance_coinm', 'ETHUSD_210924')
  return {
    some: Math.round(some / inPool),
    all: Math.round((some + within('dydx_v3_perp', 'ETH-USD')) / inPool),
  }
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
    new Map(
      reserves.map((row) => [row.symbol, Math.round(Number(row[column]) - 10_000 * zero) / 10_000]),
    )
  return {
    all: { count: all.length, usd: all.reduce((sum, row) => sum + Number(row.debt_usd), 0) },
    positions: positionsFrom(all, main, collaterals, bonus),
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
  all: readonly Row[],
  rows: readonly Row[],
  collaterals: readonly string[],
  bonus: ReadonlyMap<string, number>,
): Position[] {
  const byKey = new Map<string, Liquidation[]>()
  const keyOf = (row: Row) => `${row.user} ${row.collateral} ${row.debt}`
  const keys = new Map<string, Set<string>>()
  for (const row of all) keys.set(row.user, (keys.get(row.user) ?? new Set()).add(keyOf(row)))
  for (const row of rows) {
    const { collateral } = row
    if (!collaterals.includes(collateral)) continue
    const key = keyOf(row)
    const seized = Number(row.collateral_amount)
    const repaid = Number(row.debt_repaid_amount)
    const price = (repaid * (1 + bonus.get(collateral)!)) / seized
    const seconds = secondsBetween(OPENING, row.time_utc)
    const list = byKey.get(key) ?? []
    list.push({ seconds, collateral, seized, repaid, price })
    byKey.set(key, list)
  }
  return [...byKey].map(([key, events]) => ({
    collateral: events[0].collateral,
    isAlone: keys.get(key.split(' ')[0])!.size === 1,
    events: events.sort((a, b) => a.seconds - b.seconds),
  }))
}

function pointsOf(rows: readonly Row[], value: (row: Row) => number): Points {
  const kept = rows.filter(({ time_utc }) => isOfDay(time_utc))
  return { at: kept.map((row) => secondsBetween(OPENING, row.time_utc)), value: kept.map(value) }
}

/**
 * A bar that rises is walked open, low, high, close; one that falls open, high, low, close; at
 * equal distances: the order inside a bar is not recorded. `closes` leaves the extremes out.
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

/** The value of a course at a time, straight between its points. */
export function valueAt({ at, value }: Points, seconds: number): number {
  let k = 0
  while (k < at.length - 1 && at[k + 1] <= seconds) k++
  if (k === at.length - 1 || seconds <= at[0]) return value[k]
  return value[k] + ((value[k + 1] - value[k]) * (seconds - at[k])) / (at[k + 1] - at[k])
}

/** The value that the last point before a time holds. */
export function heldAt({ at, value }: Points, seconds: number): number {
  let k = 0
  while (k < at.length - 1 && at[k + 1] <= seconds) k++
  return value[k]
}
