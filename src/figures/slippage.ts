/** The slippage curve: what a sale of each size costs, as far as the book was seen and beyond. */

import { duration, money, percent } from '../format.ts'
import type { DepthTable, Report } from '../report.ts'
import { along, around, type Box, type Point } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { axisMoney, openPlot, ticksBelow } from './chart.ts'
import { place, type Side } from './place.ts'
import { decadeBelow, decadeTicks, logarithmic, type Scale } from './scale.ts'
import {
  closeSheet,
  drawKey,
  drawStroke,
  type Figure,
  type FigureOptions,
  keepClear,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'
import { pathThrough } from './svg.ts'

interface Plot {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
}

type Row = DepthTable['slippage'][number]

/**
 * Draws slippage against size, both logarithmic, for the shocked asset.
 *
 * Rule:   solid where the venues' depth was observed, dotted where it is extrapolated. The level
 *         line is the liquidation bonus: a sale above it costs a liquidator more than it earns.
 * Units:  USD sold at the opening quotes; slippage = 1 - average price / mid.
 */
export function slippage(report: Report, options: FigureOptions): Figure {
  const sheet = openSheet('slippage', report, options)
  const depth = report.depth.find((table) => table.asset === report.shock.asset) ?? null
  const rows = (depth?.slippage ?? []).filter((row) => row.usd > 0 && row.slippage > 0)
  const bonus = bonusOf(report)
  const crossing = bonus === null ? null : crossingOf(rows, bonus)
  const title = titleOf(report, rows, bonus, crossing)
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitleOf(report, depth))
  writeKey(sheet, rows, bonus)
  const box = openPlot(sheet, 0.5)
  const description = describe(title, rows)
  if (rows.length > 1) {
    const plot = scales(rows, bonus, box)
    axes(sheet, plot)
    drawCurve(sheet, plot, rows)
    if (bonus !== null) drawBonus(sheet, plot, bonus, crossing)
  }
  return closeSheet(sheet, { title, description, csv: csvOf(report) })
}

/** The bonus of the shocked asset, read back from the LTV at which a liquidation makes it worse. */
function bonusOf(report: Report): number | null {
  const metric = report.metrics.toxic_ltv
  if (metric === undefined) return null
  const rows = 'value' in metric ? [metric] : metric
  const row = rows.find((row) => !('asset' in row) || row.asset === report.shock.asset)
  return row === undefined || row.value === null || row.value >= 1 ? null : 1 / row.value - 1
}

/** The size at which slippage reaches a level; null where the curve never does. */
function crossingOf(rows: readonly Row[], level: number): number | null {
  const past = rows.findIndex((row) => row.slippage >= level)
  if (past < 1) return null
  const [from, to] = [rows[past - 1], rows[past]]
  const share = (level - from.slippage) / (to.slippage - from.slippage)
  return from.usd + share * (to.usd - from.usd)
}

function titleOf(
  report: Report,
  rows: readonly Row[],
  bonus: number | null,
  crossing: number | null,
): string {
  const { asset } = report.shock
  if (rows.length < 2) return `No slippage to show for ${asset}`
  if (bonus === null) {
    const last = rows[rows.length - 1]
    return `${money(last.usd)} of ${asset} sells at ${percent(last.slippage)} below the mid`
  }
  const reward = `the ${percent(bonus)} bonus`
  if (crossing !== null)
    return `Above ${money(crossing)} a sale of ${asset} costs more than ${reward}`
  return rows[0].slippage >= bonus
    ? `Every sale of ${asset} shown costs more than ${reward}`
    : `No sale of ${asset} shown costs more than ${reward}`
}

function subtitleOf(report: Report, depth: DepthTable | null): string {
  const venues = depth?.venues ?? []
  const names = venues.map(({ name, beyond }) => `${name} (beyond its edge: ${beyond})`).join(', ')
  return `slippage against size · ${names === '' ? 'no venue' : names} · ${ageOf(report, depth)}`
}

/** Age of the oldest quote against the moment that the report speaks of. */
function ageOf(report: Report, depth: DepthTable | null): string {
  const stamps = (depth?.venues ?? []).map((venue) => Date.parse(venue.as_of ?? ''))
  const oldest = Math.min(...stamps)
  const at = Date.parse(report.as_of ?? '')
  if (stamps.length === 0 || !Number.isFinite(oldest) || !Number.isFinite(at)) return 'age unknown'
  return oldest <= at
    ? `depth ${duration((at - oldest) / 1000)} old`
    : `depth ${duration((oldest - at) / 1000)} younger than the positions`
}

function writeKey(sheet: Sheet, rows: readonly Row[], bonus: number | null): void {
  const { theme } = sheet
  const seen = rows.findLast((row) => !row.extrapolated)
  const past = seen === undefined ? 'extrapolated' : `extrapolated past ${money(seen.usd)}`
  const allSeen = rows.every((row) => !row.extrapolated)
  const curve = { stroke: theme.ink1, 'stroke-width': 2.25 }
  const dotted = { ...curve, 'stroke-dasharray': '2.5 3.5' }
  const level = { stroke: theme.total, 'stroke-width': 1.5 }
  const entries = [
    { word: 'observed', look: curve, shown: true },
    { word: past, look: dotted, shown: !allSeen },
    { word: 'liquidation bonus', look: level, shown: bonus !== null },
  ]
  drawKey(
    sheet,
    entries
      .filter(({ shown }) => shown)
      .map(({ word, look }) => ({ word, draw: (box) => drawStroke(sheet, box, look) })),
  )
}

function scales(rows: readonly Row[], bonus: number | null, box: Box): Plot {
  const costs = [...rows.map((row) => row.slippage), ...(bonus === null ? [] : [bonus])]
  const least = Math.max(1e-6, decadeBelow(Math.min(...costs)))
  const most = Math.min(1, 1.5 * Math.max(...costs))
  const sizes = [rows[0].usd, rows[rows.length - 1].usd] as const
  return {
    box,
    x: logarithmic(sizes, [box.x, box.x + box.width]),
    y: logarithmic([least, Math.max(most, 10 * least)], [box.y + box.height, box.y]),
  }
}

function axes(sheet: Sheet, { box, x, y }: Plot): void {
  const { canvas, theme } = sheet
  const style = { size: 11 }
  for (const tick of decadeTicks(y.domain, 6)) {
    const ends = { x1: box.x, x2: box.x + box.width, y1: y(tick), y2: y(tick) }
    draw(canvas, 'line', { ...ends, stroke: theme.grid })
    const decimals = Math.max(0, Math.round(-2 - exponentOf(tick)))
    const word = line(percent(tick, decimals), theme.ink3, style)
    write(canvas, word, { x: box.x - 8, y: y(tick) + 4 }, 'end')
  }
  const ticks = decadeTicks(x.domain, 8)
  for (const tick of ticks) {
    const ends = { x1: x(tick), x2: x(tick), y1: box.y, y2: box.y + box.height }
    draw(canvas, 'line', { ...ends, stroke: theme.grid })
  }
  ticksBelow(
    sheet,
    box,
    ticks.map((tick) => ({ x: x(tick), text: axisMoney(tick) })),
  )
}

function exponentOf(decade: number): number {
  return Number(decade.toExponential().split('e')[1])
}

function drawCurve(sheet: Sheet, { box, x, y }: Plot, rows: readonly Row[]): void {
  const { canvas, theme } = sheet
  const low = box.y + box.height
  const line = rows.map((row) => ({ x: x(row.usd), y: Math.min(low, y(row.slippage)) }))
  const split = rows.findIndex((row) => row.extrapolated)
  const parts = [
    { points: split === -1 ? line : line.slice(0, split), dash: undefined },
    { points: split === -1 ? [] : line.slice(Math.max(0, split - 1)), dash: '2.5 3.5' },
  ]
  for (const { points, dash } of parts) {
    if (points.length < 2) continue
    const look = { fill: 'none', stroke: theme.ink1, 'stroke-width': 2.25 }
    draw(canvas, 'path', { d: pathThrough(points), ...look, 'stroke-dasharray': dash })
  }
  keepClear(sheet, ...along(line, 2))
}

function drawBonus(sheet: Sheet, plot: Plot, bonus: number, crossing: number | null): void {
  const { canvas, theme } = sheet
  const { box, x, y } = plot
  const level = [
    { x: box.x, y: y(bonus) },
    { x: box.x + box.width, y: y(bonus) },
  ]
  const ends = { x1: level[0].x, x2: level[1].x, y1: level[0].y, y2: level[1].y }
  draw(canvas, 'line', { ...ends, stroke: theme.total, 'stroke-width': 1.5 })
  keepClear(sheet, ...along(level, 1))
  const at = crossing === null ? null : { x: x(crossing), y: y(bonus) }
  if (at !== null) {
    draw(canvas, 'circle', { cx: at.x, cy: at.y, r: 5, fill: theme.total })
    keepClear(sheet, around(at, 5))
    name(sheet, box, `${money(crossing)} sells at the bonus`, theme.totalText, at, [
      'below right',
      'above left',
    ])
  }
  const start = { x: box.x + 4, y: y(bonus) }
  name(sheet, box, `bonus ${percent(bonus)}`, theme.totalText, start, ['above right'])
}

function name(
  sheet: Sheet,
  box: Box,
  text: string,
  fill: string,
  at: Point,
  sides: readonly Side[],
): void {
  const lines = [line(text, fill, { size: 12, bold: true })]
  const note = { lines, at, reach: 5, sides, gap: 6, leader: sheet.theme.ink3 }
  place(sheet.canvas, note, box)
}

function describe(title: string, rows: readonly Row[]): string {
  const last = rows[rows.length - 1]
  if (last === undefined) return `${title}.`
  const seen = rows.findLast((row) => !row.extrapolated)
  const edge = seen === undefined ? 'none of it observed' : `observed up to ${money(seen.usd)}`
  return `${title}; a sale of ${money(last.usd)} gives up ${percent(last.slippage)}, ${edge}.`
}

function csvOf(report: Report): string {
  return table(
    report,
    ['asset', 'units', 'usd', 'slippage', 'impact', 'extrapolated'],
    report.depth.flatMap(({ asset, slippage }) =>
      slippage.map((row) => [
        asset,
        row.units,
        row.usd,
        row.slippage,
        row.impact,
        row.extrapolated,
      ]),
    ),
  )
}
