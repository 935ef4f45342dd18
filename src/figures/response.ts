/** The response curve: what each outside drop sells, without and with feedback. */

import { money, points, shortPercent, signedPercent, signedPercentApart } from '../format.ts'
import type { Avalanche, Report } from '../report.ts'
import { along, around, type Box, type Point } from './box.ts'
import { draw, line } from './canvas.ts'
import { metricValue } from './caption.ts'
import { moneyAxis, openPlot, ticksBelow, upTo } from './chart.ts'
import { place, type Side } from './place.ts'
import { decimalsOf, linear, niceStep, niceTicks, type Scale } from './scale.ts'
import {
  closeSheet,
  drawKey,
  drawStroke,
  drawSwatch,
  type Figure,
  type FigureOptions,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'
import { pathThrough } from './svg.ts'

/** At most this many cliffs get a name, the largest first. */
const cliffsNamed = 3

interface Plot {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
}

/** A jump of the total: what is sold just before the drop and just past it, USD. */
interface Cliff {
  readonly drop: number
  readonly from: number
  readonly to: number
}

/**
 * Draws debt repaid against the outside drop: first round, total, and the gap that feedback adds.
 *
 * Rule:       the curve jumps at every cliff of the report; a hollow ring is the last total before
 *             it, a dot the first past it. The ignition drop has its own name.
 * Units:      USD repaid; drops as fractions of the opening price.
 * Simplifies: cliffs below 3 % of the greatest total are drawn but not named.
 */
export function response(report: Report, options: FigureOptions): Figure {
  const sheet = openSheet('response', report, options)
  const cliffs = cliffsOf(report)
  const { title, subtitle } = responseHeading(report)
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitle)
  writeKey(sheet)
  const box = openPlot(sheet, 0.5)
  const { drop, total_usd, first_usd } = report.curve
  const most = Math.max(0, ...total_usd, ...first_usd)
  const domain = [0, Math.max(drop[drop.length - 1] ?? 0, report.shock.drop, 0.01)] as const
  const plot = { box, x: linear(domain, [box.x, box.x + box.width]), y: upTo(most, box) }
  moneyAxis(sheet, box, plot.y)
  dropTicks(sheet, plot)
  drawLines(sheet, plot, cliffs)
  const you = drawYou(sheet, plot)
  drawCliffs(sheet, plot, cliffs)
  writeNotes(sheet, plot, cliffs, you)
  const description = describe(report, title)
  const csv = options.bare ? '' : csvOf(report)
  return closeSheet(sheet, { title, description, csv, plot })
}

/** What the curve found, and what it shows. */
export function responseHeading(report: Report): { title: string; subtitle: string } {
  return { title: titleOf(report, cliffsOf(report)), subtitle: subtitleOf(report) }
}

function cliffsOf(report: Report): Cliff[] {
  const { drop, total_usd, avalanches } = report.curve
  const most = Math.max(0, ...total_usd)
  return avalanches
    .filter((avalanche) => avalanche.repaid_usd >= 0.03 * most && avalanche.drop > 0)
    .map((avalanche) => cliffOf(avalanche, drop, total_usd))
    .filter((cliff): cliff is Cliff => cliff !== null)
    .slice(0, cliffsNamed)
}

/** The grid point past the avalanche holds it already; the one before does not. */
function cliffOf(
  avalanche: Avalanche,
  drop: readonly number[],
  total: readonly number[],
): Cliff | null {
  const past = drop.findIndex((at) => at > avalanche.drop)
  if (past < 1) return null
  const to = total[past]
  const from = Math.min(to, Math.max(total[past - 1], to - avalanche.repaid_usd))
  return { drop: avalanche.drop, from, to }
}

function titleOf(report: Report, cliffs: readonly Cliff[]): string {
  const { drop } = report.shock
  const ignition = metricValue(report, 'ignition_drop')
  const rise = ({ from, to }: Cliff) => `${money(from)} → ${money(to)}`
  const ahead = nearest(cliffs.filter((cliff) => cliff.drop >= drop))
  const behind = [...cliffs].filter((cliff) => cliff.drop < drop)
  if (behind.length > 0) {
    const added = behind.reduce((sum, { from, to }) => sum + to - from, 0)
    const what = behind.length === 1 ? 'a cliff that adds' : `${behind.length} cliffs that add`
    return `You are past ${what} ${money(added)}`
  }
  if (ahead !== null) return `The cliff is ${points(ahead.drop - drop)} away: ${rise(ahead)}`
  if (ignition === null) return 'No cliff in view: feedback never runs away'
  const past = ignition < drop
  return `Ignition is ${points(Math.abs(drop - ignition))} ${past ? 'behind' : 'away'}`
}

function nearest(cliffs: readonly Cliff[]): Cliff | null {
  return cliffs.reduce<Cliff | null>((a, b) => (a === null || b.drop < a.drop ? b : a), null)
}

function subtitleOf(report: Report): string {
  return `debt repaid against the outside drop of ${report.curve.asset}`
}

function writeKey(sheet: Sheet): void {
  const { theme } = sheet
  const thick = { 'stroke-width': 2.25 }
  drawKey(sheet, [
    {
      word: 'first round only',
      draw: (box) => drawStroke(sheet, box, { stroke: theme.first, ...thick }),
    },
    {
      word: 'with feedback',
      draw: (box) => drawStroke(sheet, box, { stroke: theme.total, ...thick }),
    },
    {
      word: 'added by feedback',
      draw: (box) => drawSwatch(sheet, box, { fill: theme.total, 'fill-opacity': theme.totalTint }),
    },
  ])
}

function dropTicks(sheet: Sheet, { box, x }: Plot): void {
  const wanted = Math.max(2, Math.round(box.width / 100))
  const width = 100 * (x.domain[1] - x.domain[0])
  const decimals = decimalsOf(niceStep(width, wanted))
  const ticks = niceTicks([0, 100 * x.domain[1]], wanted).map((percent) => ({
    x: x(percent / 100),
    text: percent === 0 ? '0' : signedPercent(-percent / 100, decimals),
  }))
  ticksBelow(sheet, box, ticks)
}

/** The total with its jumps, the first round under it, and the shaded gap. */
function drawLines(sheet: Sheet, { x, y }: Plot, cliffs: readonly Cliff[]): void {
  const { canvas, theme, report } = sheet
  const { drop, first_usd, total_usd } = report.curve
  if (drop.length === 0) return
  const jumps = cliffs.flatMap(({ drop, from, to }) => [
    { at: drop, usd: from },
    { at: drop, usd: to },
  ])
  const totals = [...drop.map((at, i) => ({ at, usd: total_usd[i] })), ...jumps]
  // A stable sort keeps both ends of a jump in their order.
  totals.sort((a, b) => a.at - b.at || a.usd - b.usd)
  const upper = totals.map(({ at, usd }) => ({ x: x(at), y: y(usd) }))
  const lower = drop.map((at, i) => ({ x: x(at), y: y(first_usd[i]) }))
  // Where feedback spares debt the total runs below the first round, and nothing is added.
  const added = totals.map(({ at, usd }) => {
    const first =
      first_usd[
        Math.max(
          0,
          drop.findLastIndex((grid) => grid <= at),
        )
      ]
    return { x: x(at), y: y(Math.max(usd, first)) }
  })
  const gap = pathThrough([...added, ...[...lower].reverse()], true)
  draw(canvas, 'path', { d: gap, fill: theme.total, 'fill-opacity': theme.totalTint })
  const look = { fill: 'none', 'stroke-width': 2.25, 'stroke-linejoin': 'round' }
  draw(canvas, 'path', { d: pathThrough(lower), stroke: theme.first, ...look })
  draw(canvas, 'path', { d: pathThrough(upper), stroke: theme.total, ...look })
  canvas.marks.push(...along(lower, 2), ...along(upper, 2))
}

/** The dashed line at the report's own drop, with its two amounts as dots. */
function drawYou(sheet: Sheet, { box, x, y }: Plot): Point {
  const { canvas, theme, report } = sheet
  const at = x(report.shock.drop)
  const ends = { x1: at, x2: at, y1: box.y, y2: box.y + box.height }
  const dashes = { stroke: theme.ink1, 'stroke-width': 1, 'stroke-dasharray': '3 3' }
  draw(canvas, 'line', { ...ends, ...dashes })
  const top = { x: at, y: box.y }
  canvas.marks.push(...along([top, { x: at, y: box.y + box.height }], 1))
  const amounts = [
    { usd: metricValue(report, 'total_liquidated_usd'), fill: theme.total },
    { usd: metricValue(report, 'first_round_usd'), fill: theme.first },
  ]
  for (const { usd, fill } of amounts) {
    if (usd === null) continue
    const centre = { cx: at, cy: y(usd), r: 5, stroke: theme.surface, 'stroke-width': 1.5 }
    draw(canvas, 'circle', { ...centre, fill })
    canvas.marks.push(around({ x: at, y: y(usd) }, 5))
  }
  return top
}

function drawCliffs(sheet: Sheet, { x, y }: Plot, cliffs: readonly Cliff[]): void {
  const { canvas, theme } = sheet
  for (const { drop, from, to } of cliffs) {
    const ring = { cx: x(drop), cy: y(from), r: 4, fill: theme.surface }
    draw(canvas, 'circle', { ...ring, stroke: theme.total, 'stroke-width': 2 })
    draw(canvas, 'circle', { cx: x(drop), cy: y(to), r: 4.5, fill: theme.total })
    for (const usd of [from, to]) canvas.marks.push(around({ x: x(drop), y: y(usd) }, 5))
  }
}

function writeNotes(sheet: Sheet, plot: Plot, cliffs: readonly Cliff[], you: Point): void {
  const { theme, report } = sheet
  const { box } = plot
  const bold = { size: 12, bold: true }
  const frame = { ...box, y: box.y - 8, width: sheet.width - 4 - box.x, height: box.height + 8 }
  const near = { reach: 0, gap: 6, leader: theme.ink3 }
  const here = line(`you at \u2212${shortPercent(report.shock.drop)}`, theme.ink1, bold)
  const beside: Side[] = ['below left', 'below right']
  place(sheet.canvas, { ...near, lines: [here], at: you, sides: beside }, frame)
  // A low plot on a page has room for few names: the edge comes first.
  if (sheet.options.bare) nameIgnition(sheet, plot, cliffs, frame)
  for (const cliff of cliffs) nameCliff(sheet, plot, cliff, frame)
  if (!sheet.options.bare) nameIgnition(sheet, plot, cliffs, frame)
}

/** Names the ignition on the axis, where no cliff is it. */
function nameIgnition(sheet: Sheet, { box, x }: Plot, cliffs: readonly Cliff[], frame: Box): void {
  const { theme, report } = sheet
  const bold = { size: 12, bold: true }
  const near = { reach: 0, gap: 6, leader: theme.ink3 }
  const ignition = metricValue(report, 'ignition_drop')
  if (ignition === null || cliffs.some(({ drop }) => isSame(drop, ignition))) return
  const foot = { x: x(ignition), y: box.y + box.height }
  const tick = { x1: foot.x, x2: foot.x, y1: foot.y - 8, y2: foot.y + 4 }
  draw(sheet.canvas, 'line', { ...tick, stroke: theme.total, 'stroke-width': 2 })
  const at = signedPercentApart(-ignition, -report.shock.drop)
  const sides: Side[] = ['above', 'above left', 'above right']
  const forms = [[`ignition ${at}`], ['ignition', at]]
  forms.some((words) => {
    const lines = words.map((text) => line(text, theme.totalText, bold))
    return place(sheet.canvas, { ...near, lines, at: foot, reach: 8, sides }, frame)
  })
}

/** Beside its jump if there is room, else further off; as a last resort without its amounts. */
function nameCliff(sheet: Sheet, { x, y }: Plot, cliff: Cliff, frame: Box): void {
  const { canvas, theme, report, narrow } = sheet
  const ignition = metricValue(report, 'ignition_drop')
  const name = ignition !== null && isSame(cliff.drop, ignition) ? 'ignition' : 'cliff'
  const change = signedPercentApart(-cliff.drop, -report.shock.drop)
  const size = narrow ? 11 : 12
  const strong = (text: string) => line(text, theme.totalText, { size, bold: true })
  const rise = line(`${money(cliff.from)} → ${money(cliff.to)}`, theme.totalText, { size })
  const forms = [
    [strong(`${name} at ${change}`), rise],
    [strong(name), strong(change), rise],
  ]
  const sides: Side[] = ['left', 'right', 'above left', 'above right', 'below right']
  const notes = forms.flatMap((lines) =>
    [0.5, 0.7, 0.8, 0.3].map((share) => {
      const at = { x: x(cliff.drop), y: y(cliff.from + share * (cliff.to - cliff.from)) }
      return { lines, at, reach: 2, gap: 6, sides, leader: theme.ink3 }
    }),
  )
  if (notes.some((note) => place(canvas, { ...note, close: true }, frame))) return
  if (place(canvas, notes[0], frame)) return
  place(canvas, { ...notes[0], lines: [strong(name), strong(change)] }, frame)
}

/** Ignition is bracketed, cliffs are exact: closer than this they are one. */
function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 5e-4
}

function describe(report: Report, title: string): string {
  const value = (name: string) => money(metricValue(report, name))
  const drop = shortPercent(report.shock.drop)
  return (
    `${title}; a ${drop} drop of ${report.curve.asset} sells ${value('first_round_usd')} in the ` +
    `first round and ${value('total_liquidated_usd')} with feedback.`
  )
}

function csvOf(report: Report): string {
  const { curve } = report
  return table(
    report,
    ['drop', 'first_usd', 'total_usd', 'final_drop', 'bad_debt_usd', 'accounts'],
    curve.drop.map((drop, i) => [
      drop,
      curve.first_usd[i],
      curve.total_usd[i],
      curve.final_drop[i],
      curve.bad_debt_usd[i],
      curve.accounts[i],
    ]),
  )
}
