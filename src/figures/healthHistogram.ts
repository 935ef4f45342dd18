/** The health histogram: how much debt stands how close to liquidation. */

import { count, counted, money, percent } from '../format.ts'
import type { HealthBin, Report } from '../report.ts'
import { along, type Box } from './box.ts'
import { draw, line, write } from './canvas.ts'
import { axisMoney, openPlot } from './chart.ts'
import { place, type Side } from './place.ts'
import { decadeBelow, decadeTicks, logarithmic, type Scale } from './scale.ts'
import {
  closeSheet,
  type Figure,
  type FigureOptions,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'
import { textWidth } from './text.ts'

/** Health factors worth a line: liquidation begins, and where some protocols close all of it. */
const edges = [
  { at: 1, word: 'liquidatable below 1' },
  { at: 0.95, word: '0.95' },
]

/**
 * Draws debt per bin of health factor at the opening prices, bins of equal width on the sheet.
 *
 * Units:      USD of debt on a logarithmic axis, so that a bar of small accounts stays visible.
 * Simplifies: the axis keeps the order of the bins, not their widths.
 */
export function healthHistogram(report: Report, options: FigureOptions): Figure {
  const sheet = openSheet('health', report, options)
  const title = titleOf(report.health)
  const subtitle = 'debt by health factor at the opening prices, logarithmic'
  // A phone's bars are too narrow for most counts.
  const counts = sheet.narrow ? '' : '; above each bar its accounts'
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitle + counts)
  const box = openPlot(sheet, 0.45)
  const bars = report.health.filter((bin) => bin.debt_usd > 0)
  if (bars.length > 0) {
    const y = scaleOf(bars, box)
    axis(sheet, box, y)
    drawBars(sheet, box, y)
    drawEdges(sheet, box)
  }
  binTicks(sheet, box)
  const description = describe(report, title)
  return closeSheet(sheet, { title, description, csv: csvOf(report) })
}

/** Names the first bin edge from 1.1 up: what a tenth off the collateral could reach. */
function titleOf(bins: readonly HealthBin[]): string {
  const all = sum(bins)
  if (all.debt === 0) return 'No debt in the book'
  const near = bins.find((bin) => bin.to !== null && bin.to >= 1.1)?.to ?? null
  if (near === null) return `${money(all.debt)} of debt in ${counted(all.accounts, 'account')}`
  const below = sum(bins.filter((bin) => bin.to !== null && bin.to <= near))
  if (below.debt === 0) return `No debt stands below a health factor of ${near}`
  const share = percent(below.debt / all.debt)
  return `${money(below.debt)} of debt, ${share} of all, stands below a health factor of ${near}`
}

function sum(bins: readonly HealthBin[]): { debt: number; accounts: number } {
  return bins.reduce(
    (total, bin) => ({
      debt: total.debt + bin.debt_usd,
      accounts: total.accounts + bin.accounts,
    }),
    { debt: 0, accounts: 0 },
  )
}

function scaleOf(bars: readonly HealthBin[], box: Box): Scale {
  const debts = bars.map((bin) => bin.debt_usd)
  // The smallest bar keeps some height: the axis starts a decade below it, but not below a dollar.
  const least = Math.max(1, decadeBelow(Math.min(...debts)) / 10)
  const most = Math.max(2 * Math.max(...debts), 10 * least)
  return logarithmic([least, most], [box.y + box.height, box.y + 24])
}

function axis(sheet: Sheet, box: Box, y: Scale): void {
  const { canvas, theme } = sheet
  for (const tick of decadeTicks(y.domain, Math.max(2, Math.floor(box.height / 50)))) {
    const ends = { x1: box.x, x2: box.x + box.width, y1: y(tick), y2: y(tick) }
    draw(canvas, 'line', { ...ends, stroke: theme.grid })
    const word = line(axisMoney(tick), theme.ink3, { size: 11 })
    write(canvas, word, { x: box.x - 8, y: y(tick) + 4 }, 'end')
  }
}

function drawBars(sheet: Sheet, box: Box, y: Scale): void {
  const { canvas, theme, report } = sheet
  const width = box.width / report.health.length
  const style = { size: 11 }
  report.health.forEach((bin, i) => {
    if (!(bin.debt_usd > 0)) return
    const past = bin.to !== null && bin.to <= 1
    const top = Math.min(y(bin.debt_usd), box.y + box.height - 1)
    const area = {
      x: box.x + i * width + 1,
      y: top,
      width: Math.max(1, width - 2),
      height: box.y + box.height - top,
    }
    draw(canvas, 'rect', { ...area, rx: 1.5, fill: past ? theme.total : theme.control })
    canvas.marks.push(area)
    const words = count(bin.accounts)
    if (textWidth(words, style) > width - 4) return
    const fill = past ? theme.totalText : theme.ink2
    write(canvas, line(words, fill, style), { x: area.x + area.width / 2, y: top - 5 }, 'middle')
  })
  const zero = { x1: box.x, x2: box.x + box.width, y1: box.y + box.height, y2: box.y + box.height }
  draw(canvas, 'line', { ...zero, stroke: theme.control })
}

function drawEdges(sheet: Sheet, box: Box): void {
  const { canvas, theme, report } = sheet
  const width = box.width / report.health.length
  const shown = edges
    .map((edge) => ({ ...edge, i: report.health.findIndex((bin) => bin.from === edge.at) }))
    .filter(({ i }) => i > 0)
    .map((edge) => ({ ...edge, top: { x: box.x + edge.i * width, y: box.y } }))
  for (const { top } of shown) {
    const foot = { x: top.x, y: box.y + box.height }
    const ends = { x1: top.x, x2: foot.x, y1: top.y, y2: foot.y }
    draw(canvas, 'line', { ...ends, stroke: theme.ink1, 'stroke-width': 1.5 })
    canvas.marks.push(...along([top, foot], 1))
  }
  for (const { at, word, top } of shown) {
    const lines = [line(word, theme.ink1, { size: 12, bold: true })]
    const sides: Side[] = at === 1 ? ['below right', 'below left'] : ['below left', 'below right']
    const frame = { ...box, x: 4, y: box.y - 6, width: sheet.width - 8 }
    const note = { lines, at: top, reach: 0, gap: 4, sides, leader: theme.ink3, close: true }
    place(canvas, note, frame)
  }
}

/** Bin edges under the bars; the last bin has no upper end. */
function binTicks(sheet: Sheet, box: Box): void {
  const { health } = sheet.report
  const width = box.width / Math.max(1, health.length)
  const style = { size: 11 }
  let free = Number.NEGATIVE_INFINITY
  health.forEach((bin, i) => {
    const text = bin.to === null ? `${bin.from} and more` : String(bin.from)
    const half = textWidth(text, style) / 2
    const x = Math.min(box.x + i * width, sheet.width - half - 4)
    if (x - half < free) return
    const at = { x, y: box.y + box.height + 18 }
    write(sheet.canvas, line(text, sheet.theme.ink3, style), at, 'middle')
    free = x + half + 6
  })
}

function describe(report: Report, title: string): string {
  const breached = sum(report.health.filter((bin) => bin.to !== null && bin.to <= 1))
  const already =
    breached.accounts === 0
      ? 'nobody can be liquidated yet'
      : `${counted(breached.accounts, 'account')} with ${money(breached.debt)} can be liquidated ` +
        'already'
  return `${title}; ${already}.`
}

function csvOf(report: Report): string {
  return table(
    report,
    ['from', 'to', 'accounts', 'debt_usd'],
    report.health.map((bin) => [bin.from, bin.to, bin.accounts, bin.debt_usd]),
  )
}
