/** Sales by generation: forced by the outside move, by the sales of those, and so on. */

import { count, counted, money, percent, points } from '../format.ts'
import type { GenerationRow, TimedReport } from '../timedReport.ts'
import { draw, line, lineWidth, write } from './canvas.ts'
import {
  closeSheet,
  drawKey,
  drawSwatch,
  type Figure,
  type FigureOptions,
  keepClear,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'

/** Generations with a row of their own; later ones share the last row. */
const rowsMax = 12

const rise = 26

/**
 * Draws debt repaid by generation, and the further drop that its sales caused.
 *
 * Rule:  generation 0 could be liquidated by the outside move alone; generation n by the sales of
 *        generation n - 1. A generation that repays more than the one before it is named.
 * Units: USD; the drop in points of the opening price.
 */
export function generations(report: TimedReport, options: FigureOptions): Figure {
  const sheet = openSheet('generations', report, options)
  const rows = gathered(report.generations)
  const title = titleOf(report.generations)
  const subtitle = `debt repaid by generation, and how far its sales pushed ${report.headline} down`
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitle)
  const { theme } = sheet
  drawKey(sheet, [
    { word: 'outside move alone', draw: (box) => drawSwatch(sheet, box, { fill: theme.first }) },
    { word: 'through earlier sales', draw: (box) => drawSwatch(sheet, box, { fill: theme.total }) },
  ])
  drawRows(sheet, rows)
  const description = describe(report, title)
  return closeSheet(sheet, { title, description, csv: csvOf(report) })
}

interface Row extends GenerationRow {
  readonly name: string
  /** It repays more than the generation that set it off. */
  readonly grows: boolean
}

function gathered(all: readonly GenerationRow[]): Row[] {
  const rows = all.map((row, i) => ({
    ...row,
    name: row.and_later ? `${row.generation}+` : String(row.generation),
    grows: i > 0 && row.repaid_usd > all[i - 1].repaid_usd,
  }))
  if (rows.length <= rowsMax) return rows
  const rest = rows.slice(rowsMax - 1)
  const sum = (key: 'liquidations' | 'repaid_usd' | 'drop') =>
    rest.reduce((total, row) => total + (row[key] ?? 0), 0)
  const last = {
    ...rest[0],
    name: `${rest[0].generation}+`,
    liquidations: sum('liquidations'),
    repaid_usd: sum('repaid_usd'),
    drop: sum('drop') || null,
    grows: false,
  }
  return [...rows.slice(0, rowsMax - 1), last]
}

function titleOf(all: readonly GenerationRow[]): string {
  const total = all.reduce((sum, row) => sum + row.repaid_usd, 0)
  if (total === 0) return 'Nobody was liquidated'
  const later = all.reduce((sum, row) => (row.generation > 0 ? sum + row.repaid_usd : sum), 0)
  if (later === 0) return 'No sale forced another one'
  const share = percent(later / total)
  return `${money(later)} of ${money(total)}, ${share}, was set off by earlier sales`
}

function drawRows(sheet: Sheet<TimedReport>, rows: readonly Row[]): void {
  const { canvas, theme, left, right, narrow } = sheet
  const style = { size: narrow ? 11 : 12 }
  const head = { size: 11 }
  const drops = rows.map(({ drop }) => line(points(drop), theme.ink2, style))
  const sums = rows.map((row) => sumOf(sheet, row))
  const pushed = line(narrow ? 'pushed' : 'pushed the price', theme.ink3, head)
  const bars = left + 34
  const dropRoom = Math.max(lineWidth(pushed), ...drops.map(lineWidth))
  const room = right - bars - 8 - Math.max(0, ...sums.map(lineWidth)) - 16 - dropRoom
  const most = Math.max(1, ...rows.map(({ repaid_usd: usd }) => usd))
  sheet.y += 10
  write(canvas, line('gen.', theme.ink3, head), { x: left, y: sheet.y + 10 })
  write(canvas, pushed, { x: right, y: sheet.y + 10 }, 'end')
  sheet.y += 18
  rows.forEach((row, i) => {
    const middle = sheet.y + rise / 2
    const width = row.repaid_usd > 0 ? Math.max(1, (room * row.repaid_usd) / most) : 0
    const area = { x: bars, y: middle - 8, width, height: 16 }
    const fill = row.generation === 0 ? theme.first : theme.total
    draw(canvas, 'rect', { ...area, rx: 1.5, fill })
    keepClear(sheet, area)
    const name = line(row.name, theme.ink1, { ...style, bold: row.grows })
    write(canvas, name, { x: bars - 10, y: middle + 4 }, 'end')
    write(canvas, sums[i], { x: bars + width + 8, y: middle + 4 })
    write(canvas, drops[i], { x: right, y: middle + 4 }, 'end')
    sheet.y += rise
  })
}

function sumOf({ theme, narrow }: Sheet<TimedReport>, row: Row) {
  const style = { size: narrow ? 11 : 12 }
  const number = count(row.liquidations)
  const grows = row.grows ? (narrow ? ' ↑' : ' ↑ more than before') : ''
  const words = narrow ? number : counted(row.liquidations, 'liquidation')
  return {
    style,
    spans: [
      { text: money(row.repaid_usd), fill: theme.ink1, bold: true },
      { text: ` · ${words}`, fill: theme.ink3 },
      ...(grows === '' ? [] : [{ text: grows, fill: theme.totalText, bold: true }]),
    ],
  }
}

function describe(report: TimedReport, title: string): string {
  const rows = report.generations.map(
    (row) =>
      `generation ${row.generation}: ${money(row.repaid_usd)} in ` +
      `${counted(row.liquidations, 'liquidation')}, ${points(row.drop)} of price`,
  )
  return `${title}; ${rows.length === 0 ? 'no generation sold anything' : rows.join('; ')}.`
}

function csvOf(report: TimedReport): string {
  return table(
    report,
    ['generation', 'liquidations', 'repaid_usd', 'drop'],
    report.generations.map((row) => [row.generation, row.liquidations, row.repaid_usd, row.drop]),
  )
}
