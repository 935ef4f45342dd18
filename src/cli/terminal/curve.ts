/** What every outside drop would liquidate, as a chart of blocks, and where its edge is. */

import { edgeNote } from '../../document/facts.ts'
import { metricValue } from '../../figures/caption.ts'
import { money } from '../../format.ts'
import type { Report } from '../../report.ts'
import { right } from '../layout.ts'
import type { Paint } from '../paint.ts'
import type { View } from '../terminal.ts'
import { cell } from './bars.ts'
import { edgeFall, fall } from './head.ts'

/** The chart, its axis, and the line that points at the edge. */
export function curveLines(report: Report, view: View): string[] {
  if (report.curve.drop.length < 2) return []
  const { strong, quiet } = view.paint
  const end = axisEnd(report)
  const columns = Array.from({ length: chartColumns }, (_, c) => {
    return sampleAt(report, ((c + 0.5) / chartColumns) * end)
  })
  const top = niceAbove(Math.max(...columns.map(({ total }) => total)))
  const heights = columns.map(({ first, total }) => ({
    first: (first / top) * chartRows,
    total: (total / top) * chartRows,
  }))
  const cliff = nextCliff(report, heights, end)
  const rows = Array.from({ length: chartRows }, (_, i) => {
    const row = chartRows - 1 - i
    const mark = cliff?.row === row ? `  ${view.paint.total(cliff.text)}` : ''
    return quiet(`${right(tick(row, top), 9)} │`) + chartRow(heights, row, view.paint) + mark
  })
  const title = strong('LIQUIDATED BY DROP') + legend(view.paint)
  return [title, ...rows, quiet(axis(end)), edgeLine(report, end, view)]
}

const chartColumns = 52
const chartRows = 6
const chartLeft = 11

interface Heights {
  readonly first: number
  readonly total: number
}

/** Deep enough to show the shock and the edge, never deeper than the curve. */
function axisEnd(report: Report): number {
  const ignition = metricValue(report, 'ignition_drop') ?? 0
  const wanted = Math.max(1.6 * report.shock.drop, 1.3 * ignition, 0.1)
  const last = report.curve.drop[report.curve.drop.length - 1]
  return Math.min(last, Math.ceil(wanted / 0.05 - 1e-9) * 0.05)
}

/** The curve is a staircase: the value at a drop is that of the last point at or below it. */
function sampleAt(report: Report, drop: number): Heights {
  const { curve } = report
  let i = 0
  while (i + 1 < curve.drop.length && curve.drop[i + 1] <= drop) i++
  const first = curve.first_usd[i]
  return { first, total: Math.max(first, curve.total_usd[i]) }
}

function niceAbove(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return power * [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((step) => step * power >= value)!
}

function tick(row: number, top: number): string {
  if (row === 0) return '0'
  if (row === chartRows - 1) return round(top)
  return row === chartRows / 2 ? round(top / 2) : ''
}

function round(usd: number): string {
  return money(usd, 'plain').replace(/\.0+(?=\D)/, '')
}

function chartRow(heights: readonly Heights[], row: number, paint: Paint): string {
  let line = ''
  let run = ''
  let brush: Paint['first'] | null = null
  for (const height of heights) {
    const [next, block] = paint.coloured
      ? inColour(height, row, paint)
      : inWords(height, row, paint)
    if (next !== brush && brush !== null) line += brush(run)
    run = next === brush ? run + block : block
    brush = next
  }
  return line + (brush?.(run) ?? '')
}

function inColour(height: Heights, row: number, paint: Paint): [Paint['first'], string] {
  const first = cell(height.first, row)
  const total = cell(height.total, row)
  if (first === total || first === '█') return [paint.first, first]
  if (first === ' ') return [paint.total, total]
  return total === '█' ? [paint.meet, first] : [paint.total, total]
}

/** Without colours the two are told apart by their filling. */
function inWords(height: Heights, row: number, paint: Paint): [Paint['first'], string] {
  if (height.first - row >= 0.5) return [paint.first, '█']
  if (height.total - row >= 0.5) return [paint.first, '▒']
  const same = height.total === height.first
  return [paint.first, same ? cell(height.first, row) : height.total > row ? '▁' : ' ']
}

function legend(paint: Paint): string {
  const [first, total] = paint.coloured ? ['■', '■'] : ['█', '▒']
  const words = [paint.quiet('first round'), paint.quiet('added by feedback')]
  return `   ${paint.first(first)} ${words[0]}  ${paint.total(total)} ${words[1]}`
}

/** The largest cliff that still lies ahead, named at the height it jumps to. */
function nextCliff(
  report: Report,
  heights: readonly Heights[],
  end: number,
): { readonly row: number; readonly text: string } | null {
  const ahead = report.curve.avalanches.find(({ drop, repaid_usd }) => {
    return drop > report.shock.drop && drop < end && repaid_usd > 0
  })
  if (ahead === undefined) return null
  const column = Math.min(chartColumns - 1, Math.floor((ahead.drop / end) * chartColumns) + 1)
  const row = Math.min(chartRows - 1, Math.max(0, Math.ceil(heights[column].total) - 1))
  return { row, text: `next cliff at ${fall(ahead.drop)}` }
}

function axis(end: number): string {
  const step = [0.05, 0.1, 0.2].find((step) => end / step <= 6) ?? 0.2
  let line = ''
  for (let drop = step; drop <= end + 1e-9; drop += step) {
    const label = fall(drop, 0)
    const middle = chartLeft + Math.round((drop / end) * chartColumns)
    line = line.padEnd(middle - Math.ceil(label.length / 2)) + label
  }
  return line
}

function edgeLine(report: Report, end: number, view: View): string {
  const ignition = metricValue(report, 'ignition_drop')
  if (ignition === null) return view.paint.quiet(' '.repeat(chartLeft) + noEdge(report))
  const text = `edge ${edgeFall(report, ignition)}, ${edgeWords(report, ignition)}`
  if (ignition > end) return view.paint.quiet(' '.repeat(chartLeft) + text)
  const column = chartLeft + Math.min(chartColumns - 1, Math.floor((ignition / end) * chartColumns))
  const fits = column + text.length + 2 <= view.columns - 2
  const line = fits
    ? `${' '.repeat(column)}▲ ${text}`
    : `${right(text, Math.max(text.length, column - 1))} ▲`
  return view.paint.warn(line)
}

function noEdge(report: Report): string {
  const last = report.curve.drop[report.curve.drop.length - 1]
  return `no edge up to ${fall(last, 0)}: ${edgeNote(report)}`
}

function edgeWords(report: Report, ignition: number): string {
  return report.shock.drop > ignition
    ? `you are ${edgeNote(report).replace(' the edge', ' it')}`
    : `you have ${edgeNote(report)}`
}
