import { beforeAll, describe, expect, it } from 'vitest'
import { venueFrom } from '../../src/setup.ts'
import { type Fit, leastSquares, meanOf } from './leastSquares.suite.ts'
import { isRecorded, median, percent, printTable, rowsOf } from './recordings.suite.ts'

/** One minute: log return since the row before, liquidated longs less shorts, volatility before. */
interface Minute {
  readonly at: number
  readonly change: number
  readonly volume: number
  readonly volatility: number
}

const MEMORY = 30
let minutes: readonly Minute[] = []

function recordedMinutes(): Minute[] {
  const rows = rowsOf('binance-ethusdt-perp-1m-2021-01/ethusdt_1m.csv.gz')
  const at = rows.map(({ time_utc }) => Date.parse(time_utc) / 1000)
  const mid = rows.map(({ bid, ask }) => (Number(bid) + Number(ask)) / 2)
  const change = mid.map((price, k) => (k === 0 ? 0 : Math.log(price / mid[k - 1])))
  return rows.map((row, k) => ({
    at: at[k],
    change: change[k],
    volume: Number(row.liq_long_eth) - Number(row.liq_short_eth),
    volatility: Math.sqrt(
      meanOf(change.slice(Math.max(0, k - MEMORY), Math.max(1, k)).map((each) => each * each)),
    ),
  }))
}

/** Rows about a minute after the one before, with as many such neighbours as lags ask for. */
function whole(lags: number): number[] {
  const isNext = minutes.map(({ at }, k) => {
    const since = k === 0 ? 0 : at - minutes[k - 1].at
    return since > 30 && since < 120
  })
  const found: number[] = []
  for (let k = MEMORY + lags; k < minutes.length - lags; k++) {
    let holds = true
    for (let j = k - lags; j <= k + lags; j++) holds &&= isNext[j]
    if (holds) found.push(k)
  }
  return found
}

const FAMILY = [
  ['Bitstamp spot, 2022-01-05', 'bitstamp_spot', 'ETHUSD'],
  ['Binance coin-margined quarterly, 2021-07-22', 'binance_coinm', 'ETHUSD_210924'],
  ['dYdX v3 perpetual, 2021-10-28', 'dydx_v3_perp', 'ETH-USD'],
] as const

interface Book {
  readonly name: string
  readonly within: number
  /** Log return that the engine gives this volume: bought as sold, since only bids are books. */
  move(volume: number): number
}

function recordedBooks(): Book[] {
  const rows = rowsOf('l2-books-2021-2022/snapshots.csv.gz')
  return FAMILY.map(([name, venue, symbol]) => {
    const own = rows.filter((row) => row.venue === venue && row.symbol === symbol)
    const bids = own.filter(({ side }) => side === 'bid')
    const asks = own.filter(({ side }) => side === 'ask')
    const price = bids.map((row) => Number(row.price))
    const size = bids.map((row, k) =>
      row.size_unit.startsWith('contracts') ? (10 * Number(row.size)) / price[k] : Number(row.size),
    )
    const outside = (price[0] + Number(asks[0].price)) / 2
    const { curve } = venueFrom({
      name,
      base: 1,
      quoteAsset: 0,
      outside,
      fee: 0,
      asOf: null,
      beyond: 'linear',
      kind: 'orderBook',
      price,
      size,
      levels: 'relative',
    })
    const within = size.reduce((sum, each, k) => sum + (price[k] > 0.98 * outside ? each : 0), 0)
    return {
      name,
      within,
      move: (volume) =>
        Math.sign(volume) * Math.log(curve!.price(outside, Math.abs(volume)) / outside),
    }
  })
}

/** Log return per ETH on a straight line to the depth within 2 %. */
const straight = ({ within }: Book) => Math.log(0.98) / within

const scaled = (value: number) => (1e6 * value).toFixed(2)
const cells = (fit: Fit, c = 0) => [
  scaled(fit.slope[c]),
  scaled(fit.error[c]),
  percent(fit.r2),
  fit.count,
]

describe.skipIf(!isRecorded)('liquidations and returns of January 2021 (FIREBREAK_DATA)', () => {
  beforeAll(() => {
    minutes = recordedMinutes()
  })

  it('behaviour: recorded books move as much as the minutes did, and cause is not told apart', () => {
    const LAGS = 10
    const rows = whole(2)
    const change = rows.map((k) => minutes[k].change)
    const volume = (apart: number) => rows.map((k) => minutes[k - apart].volume)
    const regress = (columns: readonly (readonly number[])[]) => leastSquares(change, columns, LAGS)
    const same = regress([volume(0)])
    const before = regress([volume(1)])
    const after = regress([volume(-1)])
    const past = rows.map((k) => minutes[k - 1].change)
    const volatility = rows.map((k) => minutes[k].volatility)
    const together = regress([volume(0), volume(1), past, volatility])
    const weighted = leastSquares(
      rows.map((k, n) => minutes[k].change / volatility[n]),
      [rows.map((k, n) => minutes[k].volume / volatility[n])],
      LAGS,
    )
    const calm = median(volatility)
    const halves = [true, false].map((isCalm) => {
      const picked = rows.map((_, n) => n).filter((n) => volatility[n] < calm === isCalm)
      return leastSquares(
        picked.map((n) => change[n]),
        [picked.map((n) => minutes[rows[n]].volume)],
        LAGS,
      )
    })
    const books = recordedBooks()
    const engine = books.map((book) => leastSquares(volume(0).map(book.move), [volume(0)], LAGS))
    printTable(
      'Log return of a minute per ETH of net liquidated longs, x 1e-6',
      ['', 'slope', 'error', 'R2', 'minutes'],
      [
        ['recorded, same minute', ...cells(same)],
        ['recorded, volume of the minute before', ...cells(before)],
        ['recorded, volume of the minute after', ...cells(after)],
        ['recorded, with lag, past return, volatility', ...cells(together)],
        ['  of it the lag', scaled(together.slope[1]), scaled(together.error[1]), '', ''],
        ['recorded, each minute / its volatility', ...cells(weighted)],
        ['recorded, calm half', ...cells(halves[0])],
        ['recorded, stormy half', ...cells(halves[1])],
        ...books.map((book, k) => [
          `engine, ${book.name}, ${Math.round(book.within)} ETH within 2 %`,
          scaled(engine[k].slope[0]),
          '',
          percent(engine[k].r2),
          engine[k].count,
        ]),
        ...books.map((book) => [
          `straight to 2 %, ${book.name}`,
          scaled(straight(book)),
          '',
          '',
          '',
        ]),
      ],
    )
    // Longs sold and the price fell, whatever else is held constant.
    for (const { slope, error } of [same, together, weighted, ...halves])
      expect(slope[0]).toBeLessThan(-5 * error[0])
    // The price moves before liquidations more than after them: the slope is not their effect.
    expect(after.slope[0]).toBeLessThan(1.5 * before.slope[0])
    expect(after.r2).toBeGreaterThan(2 * before.r2)
    // The thinner the book, the steeper; the record lies among them.
    const [bitstamp, quarterly, perpetual] = engine.map(({ slope }) => slope[0])
    expect(bitstamp).toBeLessThan(quarterly)
    expect(quarterly).toBeLessThan(same.slope[0])
    expect(same.slope[0]).toBeLessThan(perpetual)
    expect(perpetual).toBeLessThan(0)
    expect(straight(books[1])).toBeLessThan(same.slope[0])
    expect(same.slope[0]).toBeLessThan(straight(books[2]))
  })
})
