/** The day as strips of blocks over one axis of hours: price, sales, gas, the book, the turns. */

import {
  bidsUsd,
  busiest,
  clock,
  columnOf,
  depthFactor,
  headlineAsset,
  isWithin,
  levelsOf,
  ofFirst,
  type Stretch,
  secondsOf,
  spanOf,
  type Values,
  wholeRun,
} from '../../figures/timedFacts.ts'
import { type NumberedTurn, numberedTurns, timeTicks } from '../../figures/timelineAxis.ts'
import { count, duration, money, percent, price } from '../../format.ts'
import { log } from '../../math/exponential.ts'
import type { TimedReport } from '../../timedReport.ts'
import { left } from '../layout.ts'
import type { Paint } from '../paint.ts'
import type { View } from '../terminal.ts'
import { cell } from './bars.ts'
import { minus } from './grid.ts'

/** The strips with their hours, of the whole run and of the hours that mattered. */
export function stripLines(report: TimedReport, view: View): string[] {
  const whole = linesFor(report, wholeRun(report), 'TIME', view)
  const stretch = busiest(report)
  return stretch === null ? whole : [...whole, '', ...linesFor(report, stretch, 'CLOSE-UP', view)]
}

/** Rows of the timeline in columns of the terminal: whole rows a column, or columns a row. */
interface Cut {
  readonly rows: readonly number[]
  readonly each: number
  readonly repeat: number
  /** When the rows of each column end. */
  readonly times: readonly number[]
}

function linesFor(report: TimedReport, stretch: Stretch, title: string, view: View): string[] {
  const cut = cutOf(report, stretch, view)
  if (cut === null) return []
  const strips = [
    priceStrip(report, cut, view.paint),
    salesStrip(report, cut, view.paint),
    gasStrip(report, cut, view.paint),
    bookStrip(report, cut, view.paint),
    ...fundStrips(report, cut, view.paint),
  ].flatMap((strip) => strip ?? [])
  if (strips.length === 0) return []
  const { strong, quiet, warn } = view.paint
  const turns = numberedTurns(report).filter((turn) => isWithin(stretch, turn.at_seconds))
  return [
    left(strong(title), nameColumns) + quiet(hours(cut, stretch, spanOf(report))),
    ...strips.flatMap(linesOf),
    ...(turns.length === 0
      ? []
      : [quiet(left('  turns', nameColumns)) + warn(marks(turns, cut.times))]),
  ]
}

function cutOf(report: TimedReport, stretch: Stretch, view: View): Cut | null {
  const seconds = secondsOf(report)
  const rows = seconds.map((_, i) => i).filter((i) => isWithin(stretch, seconds[i]))
  if (rows.length === 0) return null
  const room = Math.max(16, Math.min(most, view.columns - 2 - nameColumns - noteColumns))
  const each = Math.ceil(rows.length / room)
  const columns = Math.ceil(rows.length / each)
  const repeat = Math.floor(room / columns)
  const times = Array.from({ length: columns * repeat }, (_, c) => {
    const column = Math.floor(c / repeat)
    const end = seconds[rows[Math.min(rows.length, (column + 1) * each) - 1]]
    const before = column === 0 ? stretch.from : seconds[rows[column * each - 1]]
    return before + ((end - before) * ((c % repeat) + 1)) / repeat
  })
  return { rows, each, repeat, times }
}

const nameColumns = 14
const noteColumns = 20
const most = 72

interface Strip {
  readonly name: string
  /** Shares of 0 to 1; null draws nothing. */
  readonly shares: readonly (number | null)[]
  readonly rows: number
  readonly brush: Paint['first']
  /** At the highest row and at the lowest. */
  readonly notes: readonly [string, string]
}

function linesOf({ name, shares, rows, brush, notes }: Strip): string[] {
  return Array.from({ length: rows }, (_, i) => {
    const row = rows - 1 - i
    const blocks = shares.map((share) => (share === null ? ' ' : cell(share * rows, row))).join('')
    const note =
      rows === 1
        ? notes.filter((one) => one !== '').join(' ')
        : i === 0
          ? notes[0]
          : row === 0
            ? notes[1]
            : ''
    return `${left(i === rows - 1 ? `  ${name}` : '', nameColumns)}${brush(blocks)} ${note}`
  })
}

/** From the highest down to the lowest price of the run; the lowest still shows. */
function priceStrip(report: TimedReport, cut: Cut, paint: Paint): Strip | null {
  const asset = headlineAsset(report)
  const values =
    columnOf(report, `mid_${asset?.name}`) ?? columnOf(report, `outside_${asset?.name}`)
  if (asset === undefined || values === null) return null
  const lows = gathered(values, cut, (known) => Math.min(...known))
  const known = [asset.opening, asset.lowest, ...lows].filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const shares = lows.map((value) => {
    return value === null ? null : 0.07 + (0.93 * (value - low)) / (high - low || 1)
  })
  return { name: 'price', shares, rows: 3, brush: paint.strong, notes: [price(high), price(low)] }
}

function salesStrip(report: TimedReport, cut: Cut, paint: Paint): Strip | null {
  const values = columnOf(report, 'liquidated_usd')
  if (values === null) return null
  const sums = gathered(values, cut, (known) => known.reduce((sum, value) => sum + value, 0))
  const top = Math.max(...sums.map((value) => value ?? 0))
  const [first, second] = secondsOf(report)
  const step = second === undefined ? spanOf(report) : second - first
  const note = top > 0 ? `${money(top, 'plain')} / ${duration(cut.each * step)}` : 'nothing'
  const shares = sums.map((value) =>
    value === null || value <= 0 ? 0 : Math.max(0.07, value / top),
  )
  return { name: 'liquidated', shares, rows: 2, brush: paint.total, notes: [note, ''] }
}

/** Logarithmic: gas of a bad hour is a hundred times that of a good one. */
function gasStrip(report: TimedReport, cut: Cut, paint: Paint): Strip | null {
  const values = columnOf(report, 'gwei') ?? columnOf(report, 'base_gwei')
  if (values === null) return null
  const peaks = gathered(values, cut, (known) => Math.max(...known))
  const known = peaks.filter((value) => value !== null && value > 0) as number[]
  if (known.length === 0) return null
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const width = log(high / low)
  const shares = peaks.map((value) => {
    if (value === null || value <= 0) return null
    return width === 0 ? 0.13 : 0.13 + (0.87 * log(value / low)) / width
  })
  const digits = (gwei: number) => (gwei >= 10 ? count(gwei) : String(Number(gwei.toPrecision(2))))
  const note = `peak ${digits(high)} gwei`
  return { name: 'gas', shares, rows: 1, brush: paint.quiet, notes: [note, ''] }
}

function bookStrip(report: TimedReport, cut: Cut, paint: Paint): Strip | null {
  const book = bidsUsd(report) ?? depthFactor(report)
  if (book === null) return null
  const values = ofFirst(book)
  const lows = gathered(values, cut, (known) => Math.min(...known))
  const known = lows.filter((value) => value !== null)
  const top = Math.max(1, ...known)
  const shares = lows.map((value) => (value === null ? null : Math.max(0.13, value / top)))
  const note = `low ${percent(Math.min(...known), 0, 'plain')}`
  return { name: 'bids left', shares, rows: 1, brush: paint.ok, notes: [note, ''] }
}

/** The first of what every house had at the opening: its fund, where it has one. */
function fundStrips(report: TimedReport, cut: Cut, paint: Paint): Strip[] {
  return report.protocols.flatMap((protocol) => {
    const [fund] = levelsOf(report, protocol)
    if (fund === undefined) return []
    const lows = gathered(fund.values, cut, (known) => Math.min(...known))
    const shares = lows.map((value) =>
      value === null ? null : Math.max(0.07, value / fund.highest),
    )
    const notes = [`low ${minus(money(fund.lowest, 'plain'))}`, ''] as const
    return [{ name: fund.name, shares, rows: 1, brush: paint.total, notes }]
  })
}

/** What stands in every column; null where all of its rows are missing. */
function gathered(
  values: Values,
  { rows, each, repeat }: Cut,
  of: (known: readonly number[]) => number,
): (number | null)[] {
  return Array.from({ length: Math.ceil(rows.length / each) }, (_, c) => {
    const own = rows.slice(c * each, (c + 1) * each).map((i) => values[i])
    const known = own.filter((value) => value !== null)
    return known.length === 0 ? null : of(known)
  }).flatMap((value) => Array<number | null>(repeat).fill(value))
}

function hours({ times }: Cut, { from, to }: Stretch, span: number): string {
  let line = ''
  const ticks = timeTicks(to - from, Math.max(1, Math.floor(times.length / 9)))
  const step = ticks[1] ?? to - from
  const first = Math.ceil(from / step - 1e-9) * step
  for (const tick of ticks.map((tick) => first + tick).filter((tick) => tick <= to)) {
    const at = columnAt(times, tick)
    const text = clock(tick, span)
    if ((line !== '' && line.length >= at) || at + text.length > times.length + 1) continue
    line = line.padEnd(at) + text
  }
  return line
}

/** Numbers of the turns under their moments, moved aside where they would meet or leave. */
function marks(turns: readonly NumberedTurn[], times: readonly number[]): string {
  const apart = turns.some(({ number }) => number > 9) ? 1 : 0
  const size = ({ number }: NumberedTurn) => String(number).length + apart
  let taken = 0
  const shown = turns.filter((turn) => {
    taken += size(turn)
    return taken <= times.length
  })
  const places = shown.map((turn) => columnAt(times, turn.at_seconds))
  for (let i = 1; i < places.length; i++) {
    places[i] = Math.max(places[i], places[i - 1] + size(shown[i - 1]))
  }
  for (let i = places.length - 1, end = times.length; i >= 0; i--) {
    end = Math.min(places[i], end - size(shown[i]))
    places[i] = end
  }
  return places.reduce((line, at, i) => line.padEnd(at) + String(shown[i].number), '')
}

function columnAt(times: readonly number[], at: number): number {
  const found = times.findIndex((time) => time >= at)
  return found === -1 ? times.length - 1 : found
}
