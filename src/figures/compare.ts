/** A comparison: what each arm changes in each measure, as intervals around 0. */

import type { CompareReport, MeasureRow } from '../sweep/compare.ts'
import { around, type Box } from './box.ts'
import { type Align, cutTo, draw, line, lineWidth, write } from './canvas.ts'
import {
  changeText,
  compareCsv,
  firstWords,
  intervalText,
  levelText,
  meanText,
  type Reading,
  readingOf,
  readingWords,
  rowsShown,
  rowWords,
  sentencesOf,
  subjectOf,
} from './compareFacts.ts'
import { linear, type Scale } from './scale.ts'
import {
  closeSheet,
  type Figure,
  type FigureOptions,
  keepClear,
  openSheet,
  type Sheet,
  type Subject,
  writeHeading,
} from './sheet.ts'

/** Where the parts of a row stand; right edges of the numbers. */
interface Frame {
  readonly report: CompareReport
  readonly arms: number
  readonly mean: number
  readonly change: number
  /** Null where there is no room for it. */
  readonly interval: number | null
  readonly bar: Pick<Box, 'x' | 'width'>
  readonly reading: number
  /** There is no room for columns: bars stand below their numbers. */
  readonly isStacked: boolean
}

/**
 * Draws a row for each measure, and in it a line for each arm: the interval of what it changes.
 *
 * Rule: better stands left and worse right, whichever sign that has; less left and more right where
 *       it depends on who asks. Each measure has a scale of its own. Filled: the interval lies on
 *       one side of 0, a round mark better and a square one worse; hollow: not shown. Measures that
 *       no arm changes are named and not drawn.
 */
export function compareFigure(report: CompareReport, options: FigureOptions): Figure {
  const sheet = openSheet('compare', subjectOf(report), options)
  const all = rowsShown(report)
  const rows = all.filter((row) => row.arms.some((_, arm) => readingOf(row, arm) !== 'same'))
  const [title, ...rest] = sentencesOf(report, undefined)
  const still = all.filter((row) => !rows.includes(row)).map(rowWords)
  const level = levelText(report, undefined)
  const how = [
    `Change from ${firstWords(report)}, with its ${level} interval;`,
    'hollow: no difference shown; each measure on a scale of its own.',
    ...(still.length > 0 ? [`The same in every arm: ${still.join(', ')}.`] : []),
  ].join(' ')
  writeHeading(sheet, [{ text: title, tone: 'plain' }], [...rest, how].join(' '))
  const frame = frameOf(sheet, report, rows)
  rows.forEach((row, r) => {
    if (r === 0 || (row.better === null) !== (rows[r - 1].better === null))
      writeHeads(sheet, frame, row, r === 0)
    drawMeasure(sheet, frame, row)
  })
  const told = rows.flatMap((row) =>
    report.arms.slice(1).map(({ name }, i) => `${name}: ${wordsOf(row, i + 1)}`),
  )
  const description = [title, ...rest, ...told.map((text) => `${text}.`)].join(' ')
  return closeSheet(sheet, { title, description, csv: compareCsv(report) })
}

function wordsOf(row: MeasureRow, arm: number): string {
  const range = intervalText(row, arm, undefined)
  const change = `${rowWords(row)} ${changeText(row, arm, undefined)}`
  return `${change}${range === '' ? '' : ` (${range})`}, ${readingWords[readingOf(row, arm)]}`
}

/** Columns as wide as their words; the bars take what is left of the sheet. */
function frameOf(sheet: Sheet<Subject>, report: CompareReport, rows: readonly MeasureRow[]): Frame {
  const { left, right, theme } = sheet
  const arms = report.arms.slice(1).map((_, i) => i + 1)
  const widest = (texts: readonly string[], isBold: boolean) =>
    Math.max(0, ...texts.map((text) => lineWidth(line(text, theme.ink1, styleOf(sheet, isBold)))))
  const widestOf = (text: (row: MeasureRow, arm: number) => string, head: string, isBold = false) =>
    widest([head, ...rows.flatMap((row) => arms.map((arm) => text(row, arm)))], isBold)
  const heads = rows.flatMap((row) => [rowWords(row), baseText(report, row)])
  const names = left + widest(heads, true) + 20
  const armNames = widestOf((_, arm) => report.arms[arm].name, '')
  const means = widestOf((row, arm) => meanText(row, arm, undefined), 'mean')
  const mean = names + Math.min((right - left) / 6, armNames) + 14 + means
  const changes = widestOf((row, arm) => changeText(row, arm, undefined), 'change', true)
  const change = mean + 16 + changes
  const ranges = widestOf((row, arm) => intervalText(row, arm, undefined), '')
  const interval = sheet.width < WIDE ? null : change + 16 + ranges
  const reading = right - widestOf(readingOf, '', true)
  const x = (interval ?? change) + 22
  const bar = { x, width: reading - 20 - x }
  if (!sheet.narrow && bar.width >= BAR_LEAST)
    return { report, arms: names, mean, change, interval, bar, reading, isStacked: false }
  const whole = { x: left + 6, width: right - left - 12 }
  const none = { arms: left, mean: 0, change: 0, interval: null, reading: right }
  return { report, ...none, bar: whole, isStacked: true }
}

function styleOf({ narrow }: Sheet<Subject>, bold = false) {
  return { size: narrow ? 12 : 13, bold }
}

function baseText(report: CompareReport, row: MeasureRow): string {
  return `${report.arms[0].name} ${meanText(row, 0, undefined)}`
}

/** What left and right mean, and over the first row what the numbers are. */
function writeHeads(
  sheet: Sheet<Subject>,
  { bar, mean, change, interval, report, isStacked }: Frame,
  { better }: MeasureRow,
  isFirst: boolean,
): void {
  const { canvas, theme } = sheet
  const small = { size: 11 }
  sheet.y += 22
  const word = (text: string, x: number, align: Align) =>
    write(canvas, line(text, theme.ink3, small), { x, y: sheet.y }, align)
  const [less, more] = better === null ? ['less', 'more'] : ['better', 'worse']
  word(`← ${less}`, bar.x, 'start')
  word('0', bar.x + bar.width / 2, 'middle')
  word(`${more} →`, bar.x + bar.width, 'end')
  if (isFirst && !isStacked) {
    word('mean', mean, 'end')
    word('change', change, 'end')
    if (interval !== null) word(`${levelText(report, undefined)} interval`, interval, 'end')
  }
  sheet.y += 6
}

/** The measure with its value in the first arm, and a line for each other arm. */
function drawMeasure(sheet: Sheet<Subject>, frame: Frame, row: MeasureRow): void {
  const { canvas, theme, left, right } = sheet
  const { report, bar, isStacked } = frame
  const rule = { x1: left, x2: right, y1: sheet.y, y2: sheet.y, stroke: theme.line }
  draw(canvas, 'line', rule)
  const name = line(rowWords(row), theme.ink1, styleOf(sheet, true))
  const base = line(baseText(report, row), theme.ink3, { size: 12 })
  write(canvas, name, { x: left, y: sheet.y + 19 })
  if (isStacked) write(canvas, base, { x: right, y: sheet.y + 19 }, 'end')
  else write(canvas, base, { x: left, y: sheet.y + 19 + ROW })
  const arms = report.arms.length - 1
  const top = sheet.y + (isStacked ? ROW + 4 : 3)
  const height = isStacked ? STACKED_ROW : ROW
  const x = scaleOf(row, bar)
  const zero = x(0)
  const ends = { y1: top + (isStacked ? 18 : 0), y2: top + arms * height }
  draw(canvas, 'line', { x1: zero, x2: zero, ...ends, stroke: theme.control })
  for (let arm = 1; arm <= arms; arm++) {
    const y = top + (arm - 1) * height
    writeArm(sheet, frame, row, arm, y + 16)
    drawInterval(sheet, row, arm, x, y + (isStacked ? 28 : ROW / 2))
  }
  sheet.y = Math.max(top + arms * height, sheet.y + (isStacked ? 0 : 2 * ROW + 3)) + 6
}

function writeArm(
  sheet: Sheet<Subject>,
  frame: Frame,
  row: MeasureRow,
  arm: number,
  y: number,
): void {
  const { canvas, theme, left, right } = sheet
  const style = styleOf(sheet)
  const reading = readingOf(row, arm)
  const { name } = frame.report.arms[arm]
  const word = { text: reading, fill: inkOf(sheet, reading), bold: reading !== 'same' }
  const change = changeText(row, arm, undefined)
  if (frame.isStacked) {
    const spans = [{ text: `${change}  `, fill: theme.ink1, bold: true }, word]
    const end = { spans, style }
    const room = right - left - lineWidth(end) - 12
    write(canvas, cutTo(name, theme.ink2, style, room), { x: left, y })
    write(canvas, end, { x: right, y }, 'end')
    return
  }
  const mean = line(meanText(row, arm, undefined), theme.ink2, style)
  const room = frame.mean - lineWidth(mean) - frame.arms - 10
  write(canvas, cutTo(name, theme.ink2, style, room), { x: frame.arms, y })
  write(canvas, mean, { x: frame.mean, y }, 'end')
  const isSame = reading === 'same'
  const tone = line(change, isSame ? theme.ink3 : theme.ink1, styleOf(sheet, !isSame))
  write(canvas, tone, { x: frame.change, y }, 'end')
  const range = intervalText(row, arm, undefined)
  if (frame.interval !== null && range !== '')
    write(canvas, line(range, theme.ink3, style), { x: frame.interval, y }, 'end')
  write(canvas, { spans: [word], style }, { x: frame.reading, y })
}

/** From the greatest change one way to as much the other way; better stands left. */
function scaleOf(row: MeasureRow, { x, width }: Frame['bar']): Scale {
  const ends = row.arms.flatMap(({ difference }) =>
    difference === null
      ? []
      : [difference.mean.value, difference.mean.low, difference.mean.high].map((end) =>
          Math.abs(end ?? 0),
        ),
  )
  const most = Math.max(...ends) || 1
  const domain: [number, number] = row.better === 'higher' ? [most, -most] : [-most, most]
  return linear(domain, [x + 8, x + width - 8])
}

function drawInterval(sheet: Sheet<Subject>, row: MeasureRow, arm: number, x: Scale, y: number) {
  const { canvas, theme } = sheet
  const { value, low, high } = row.arms[arm].difference!.mean
  if (value === null) return
  const reading = readingOf(row, arm)
  const stroke = strokeOf(sheet, reading)
  if (low !== null && high !== null && low < high) {
    const ends = [x(low), x(high)].sort((a, b) => a - b)
    const look = { stroke, 'stroke-width': 3, 'stroke-linecap': 'round' }
    draw(canvas, 'line', { x1: ends[0], x2: ends[1], y1: y, y2: y, ...look })
    keepClear(sheet, { x: ends[0], y: y - 2, width: ends[1] - ends[0], height: 4 })
  }
  const isShown = reading !== 'not shown' && reading !== 'same'
  const fill = isShown ? stroke : theme.surface
  const look = { fill, stroke, 'stroke-width': 2 }
  const at = { x: x(value), y }
  if (reading === 'worse')
    draw(canvas, 'rect', { x: at.x - 4.5, y: y - 4.5, width: 9, height: 9, ...look })
  else draw(canvas, 'circle', { cx: at.x, cy: y, r: reading === 'same' ? 3 : 4.5, ...look })
  keepClear(sheet, around(at, 5.5))
}

function strokeOf({ theme }: Sheet<Subject>, reading: Reading): string {
  if (reading === 'better') return theme.absorb
  if (reading === 'worse') return theme.total
  return reading === 'less' || reading === 'more' ? theme.ink2 : theme.control
}

function inkOf({ theme }: Sheet<Subject>, reading: Reading): string {
  if (reading === 'better') return theme.absorbText
  if (reading === 'worse') return theme.totalText
  return reading === 'less' || reading === 'more' ? theme.ink2 : theme.ink3
}

const ROW = 22
const STACKED_ROW = 40
/** A narrower bar stands below its numbers. */
const BAR_LEAST = 150
/** From here on the interval has a column of its own. */
const WIDE = 900
