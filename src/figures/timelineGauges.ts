/** The lower panels of a timeline: gas, the book and capital, houses, bad debt. */

import { count, money, percent } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import { moneyAxis, upTo } from './chart.ts'
import { decadeBelow, decadeTicks, linear, logarithmic, niceTicks } from './scale.ts'
import type { Sheet } from './sheet.ts'
import {
  badDebtUsd,
  bidsUsd,
  columnOf,
  depthFactor,
  firstOf,
  isWithin,
  isWithoutLiquidators,
  levelsOf,
  ofFirst,
  secondsOf,
  type Values,
} from './timedFacts.ts'
import { openPanel, type TimeAxis } from './timelineAxis.ts'
import { drawArea, drawFate } from './timelineMarks.ts'
import { baseline, dotIn, drawAll, level, present, seen, strokes } from './timelineSeries.ts'

/** Gas price on a logarithmic axis, and the lowest that a liquidator won with. */
export function gasPanel(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { report, theme, narrow } = sheet
  const base = { stroke: theme.control, 'stroke-dasharray': '4 3' }
  const series = seen(
    sheet,
    axis,
    present(report, [
      { name: 'base_gwei', word: 'base fee', look: base },
      { name: 'gwei', word: 'likely inclusion', look: { stroke: theme.ink1 } },
    ]),
  )
    .map((one) => ({ ...one, values: positive(one.values) }))
    .filter(({ values }) => values.some((value) => value !== null))
  const won = wonGas(report).filter(({ seconds }) => isWithin(axis.stretch, seconds))
  const known = [...series.flatMap(({ values }) => values), ...won.map(({ gwei }) => gwei)]
  const gwei = known.filter((value) => value !== null)
  if (gwei.length === 0) return
  const dots = { fill: theme.total, shape: 'disc' } as const
  const entry = { word: 'paid by a liquidator', draw: dotIn(sheet, dots) }
  const entries = [...strokes(sheet, series), ...(won.length > 0 ? [entry] : [])]
  const title = 'Gas price, gwei, logarithmic'
  const box = openPanel(sheet, axis, title, entries, narrow ? 84 : 96)
  const least = decadeBelow(Math.min(...gwei))
  const most = Math.max(10 * least, 1.15 * Math.max(...gwei))
  const y = logarithmic([least, most], [box.y + box.height, box.y])
  for (const tick of decadeTicks(y.domain, 4)) {
    level(sheet, box, y(tick), tick < 1 ? String(tick) : count(tick))
  }
  drawAll(sheet, { box, x: axis.x, y }, series)
  for (const { seconds, gwei } of won) {
    drawFate(sheet, dots, { x: axis.x(seconds), y: y(gwei) }, 2.5)
  }
}

/** Bids in the book and money of liquidators, as shares of what there was at first. */
export function bookPanel(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { report, theme, narrow } = sheet
  const bids = bidsUsd(report)
  const book = bids ?? depthFactor(report)
  const capital = isWithoutLiquidators(report) ? null : columnOf(report, 'capital_usd')
  const full = { stroke: theme.absorb, 'stroke-width': 2 }
  const own = { stroke: theme.ink1, 'stroke-dasharray': '5 2.5' }
  const start = (values: Values) => `${money(firstOf(values))} at first`
  const bidsWord = bids === null ? 'depth' : `bids within 2 %, ${start(bids)}`
  const series = seen(sheet, axis, [
    ...(book === null ? [] : [{ word: bidsWord, values: ofFirst(book), look: full }]),
    ...(capital === null
      ? []
      : [{ word: `liquidators' cash, ${start(capital)}`, values: ofFirst(capital), look: own }]),
  ])
  if (series.length === 0) return
  const title = `${capital === null ? 'Book' : 'Book and capital'}, share of the start`
  const box = openPanel(sheet, axis, title, strokes(sheet, series), narrow ? 76 : 88)
  const known = series.flatMap(({ values }) => values).filter((value) => value !== null)
  const y = linear([0, 1.08 * Math.max(1, ...known)], [box.y + box.height, box.y])
  for (const tick of niceTicks(y.domain, 2)) level(sheet, box, y(tick), percent(tick, 0))
  const panel = { box, x: axis.x, y }
  const tint = { fill: theme.absorb, 'fill-opacity': theme.absorbTint }
  const filled = series.find(({ look }) => look === full)
  if (filled !== undefined) drawArea(sheet, panel, secondsOf(report), filled.values, tint)
  drawAll(sheet, panel, series)
  baseline(sheet, box)
}

/** Bad debt so far, and in which protocols it is left. */
export function lossPanel(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  const { report, theme, narrow } = sheet
  const column = columnOf(report, 'bad_debt_usd')
  if (column === null || badDebtUsd(report) === 0) return
  const look = { stroke: theme.total, 'stroke-width': 2 }
  const series = seen(sheet, axis, [{ word: 'bad debt', values: column, look }])
  if (series.length === 0) return
  const [{ values }] = series
  const owing = report.protocols.filter(({ bad_debt_usd: usd }) => usd > 0)
  const who = [...owing]
    .sort((a, b) => b.bad_debt_usd - a.bad_debt_usd)
    .map(({ name, bad_debt_usd: usd }) => `${name} ${money(usd)}`)
  const shown = who.length > 4 ? [...who.slice(0, 3), `${who.length - 3} more`] : who
  const title = `Bad debt so far${shown.length > 0 ? `; left at the end: ${shown.join(', ')}` : ''}`
  const box = openPanel(sheet, axis, title, [], narrow ? 60 : 68)
  const y = upTo(Math.max(...values.map((value) => value ?? 0)), box)
  moneyAxis(sheet, box, y, niceTicks(y.domain, 2))
  const panel = { box, x: axis.x, y }
  const tint = { fill: theme.total, 'fill-opacity': theme.totalTint }
  drawArea(sheet, panel, secondsOf(report), values, tint)
  drawAll(sheet, panel, series)
  baseline(sheet, box)
}

/** What every house still has: its fund, its vault, open interest, as shares of their highest. */
export function housePanels(sheet: Sheet<TimedReport>, axis: TimeAxis): void {
  for (const protocol of sheet.report.protocols) housePanel(sheet, axis, protocol)
}

function housePanel(
  sheet: Sheet<TimedReport>,
  axis: TimeAxis,
  protocol: TimedReport['protocols'][number],
): void {
  const { report, theme, narrow } = sheet
  const looks = [
    { stroke: theme.total, 'stroke-width': 2 },
    { stroke: theme.absorb, 'stroke-dasharray': '7 3' },
    { stroke: theme.ink1, 'stroke-dasharray': '2 3' },
  ]
  const levels = levelsOf(report, protocol).map(({ name, highest, lowest, values }, i) => ({
    word: `${name}, ${money(lowest)} to ${money(highest)}`,
    values: values.map((value) => (value === null ? null : value / highest)),
    look: looks[i % looks.length],
  }))
  const series = seen(sheet, axis, levels)
  if (series.length === 0) return
  const title = `House of ${protocol.name}, share of the highest`
  const box = openPanel(sheet, axis, title, strokes(sheet, series), narrow ? 76 : 88)
  const known = series.flatMap(({ values }) => values).filter((value) => value !== null)
  const y = linear([Math.min(0, ...known), 1.08], [box.y + box.height, box.y])
  for (const tick of niceTicks(y.domain, 2)) level(sheet, box, y(tick), percent(tick, 0))
  drawAll(sheet, { box, x: axis.x, y }, series)
  baseline(sheet, box)
}

/** On a logarithmic axis only what is above 0 has a place. */
function positive(values: Values): Values {
  return values.map((value) => (value !== null && value > 0 ? value : null))
}

/** Gas prices that liquidators won with: of every point the lowest, else of the largest events. */
function wonGas(report: TimedReport): { seconds: number; gwei: number }[] {
  const won = columnOf(report, 'won_gwei')
  if (won === null) {
    return report.events.flatMap(({ at_seconds: seconds, gwei }) =>
      gwei !== null && gwei > 0 ? [{ seconds, gwei }] : [],
    )
  }
  const seconds = secondsOf(report)
  return positive(won).flatMap((gwei, i) => (gwei === null ? [] : [{ seconds: seconds[i], gwei }]))
}
