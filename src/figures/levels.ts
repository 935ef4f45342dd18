/** Liquidation levels over mirrored depth: what waits at each price, and what could take it. */

import { factor, money, price, signedPercent } from '../format.ts'
import type { LevelBin, Report } from '../report.ts'
import { along, type Box } from './box.ts'
import { draw, hatch, line } from './canvas.ts'
import { moneyAxis, openPlot, ticksBelow } from './chart.ts'
import { place, type Side } from './place.ts'
import { decimalsOf, linear, niceStep, niceTicks, type Scale } from './scale.ts'
import {
  closeSheet,
  drawKey,
  drawSwatch,
  type Figure,
  type FigureOptions,
  type KeyEntry,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'

/** Height of the band above the bars that holds the names of the price lines, pixels. */
const band = 64

/** Height of one row of that band. */
const rise = 21

interface Plot {
  readonly box: Box
  readonly x: Scale
  readonly y: Scale
}

/**
 * Draws debt at its trigger price upwards and the bids of the same price bin downwards.
 *
 * Rule:   blue = first round, vermillion = feedback, grey = untouched. What stands above its
 *         mirrored bids is hatched: wall / bids in one bin is the local gain. Bids past the
 *         observed book are hatched the other way and named.
 * Units:  USD per bin, both ways on one scale; price of the shocked asset.
 */
export function levels(report: Report, options: FigureOptions): Figure {
  const sheet = openSheet('levels', report, options)
  const worst = tallestWall(report.levels)
  const { title, subtitle } = levelsHeading(report)
  writeHeading(sheet, [{ text: title, tone: 'plain' }], subtitle)
  const paints = paintsOf(sheet)
  drawKey(sheet, keyEntries(sheet, paints))
  const box = openPlot(sheet, 0.5)
  const plot = scales(report.levels, box)
  moneyAxis(sheet, box, plot.y)
  priceTicks(sheet, plot)
  drawBars(sheet, plot, paints)
  const zero = plot.y(0)
  const base = { x1: box.x, x2: box.x + box.width, y1: zero, y2: zero }
  draw(sheet.canvas, 'line', { ...base, stroke: sheet.theme.control })
  priceLines(sheet, plot)
  nameWall(sheet, plot, worst)
  const description = `${title}: ${describe(report)}`
  const csv = options.bare ? '' : csvOf(report)
  return closeSheet(sheet, { title, description, csv, plot })
}

/** What the levels found, and what they show. */
export function levelsHeading(report: Report): { title: string; subtitle: string } {
  return { title: titleOf(report, tallestWall(report.levels)), subtitle: subtitleOf(report) }
}

/** A level and how many times its bids it is. */
export interface Wall {
  readonly bin: LevelBin
  readonly ratio: number
}

/** The bin on the path whose sales are largest beside its bids. */
export function tallestWall(bins: readonly LevelBin[]): Wall | null {
  return bins.reduce<Wall | null>((worst, bin) => {
    const onPath = bin.first_usd + bin.feedback_usd > 0
    const ratio = bin.bids_usd > 0 ? wallOf(bin) / bin.bids_usd : 0
    return onPath && ratio > (worst?.ratio ?? 0) ? { bin, ratio } : worst
  }, null)
}

function wallOf(bin: LevelBin): number {
  return bin.first_usd + bin.feedback_usd + bin.untouched_usd
}

function titleOf(report: Report, worst: Wall | null): string {
  if (report.levels.length === 0) return 'No liquidation levels to show'
  if (worst === null) return 'No level lies on the path'
  if (worst.ratio <= 1) return 'No wall on the path is taller than the book'
  const [low, high] = ends(worst.bin)
  return `Between ${price(low)} and ${price(high)} the wall is ${factor(worst.ratio)}× the book`
}

function subtitleOf(report: Report): string {
  const [first] = report.levels
  if (first === undefined) return ''
  const [low, high] = ends(first)
  const width = high - low
  const decimals = decimalsOf(niceStep(width, 10))
  const asset = report.shock.asset
  const per = `per ${price(width, decimals)} of ${asset}`
  return `debt at its trigger ${per}, over the bids that must take it`
}

function ends(bin: LevelBin): [number, number] {
  return [Math.min(bin.from, bin.to), Math.max(bin.from, bin.to)]
}

function scales(bins: readonly LevelBin[], box: Box): Plot {
  const up = Math.max(...bins.map(wallOf), 0)
  const down = Math.max(...bins.map((bin) => bin.bids_usd), 0)
  // A book far deeper than its walls would flatten them: it is cut at twice the tallest wall.
  const shown = up > 0 ? Math.min(down, 2 * up) : down
  const most = up + shown > 0 ? [-1.06 * shown, up] : [-1, 1]
  const prices = bins.flatMap(ends)
  const domain = prices.length > 0 ? [Math.min(...prices), Math.max(...prices)] : [0, 1]
  return {
    box,
    x: linear([domain[0], domain[1]], [box.x, box.x + box.width]),
    y: linear([most[0], most[1]], [box.y + box.height, box.y + band]),
  }
}

function priceTicks(sheet: Sheet, { box, x }: Plot): void {
  const wanted = Math.max(2, Math.round(box.width / 120))
  const decimals = decimalsOf(niceStep(x.domain[1] - x.domain[0], wanted))
  const ticks = niceTicks(x.domain, wanted)
  ticksBelow(
    sheet,
    box,
    ticks.map((tick) => ({ x: x(tick), text: price(tick, decimals) })),
  )
}

type Paints = ReturnType<typeof paintsOf>

function paintsOf({ canvas, theme }: Sheet) {
  return {
    fates: [
      { key: 'first_usd', fill: theme.first, over: hatch(canvas, 'first', theme.first, 1) },
      { key: 'feedback_usd', fill: theme.total, over: hatch(canvas, 'total', theme.total, 1) },
      { key: 'untouched_usd', fill: theme.untouched, over: hatch(canvas, 'rest', theme.ink3, 1) },
    ],
    unseen: hatch(canvas, 'unseen', theme.absorb, -1),
  } as const
}

function keyEntries(sheet: Sheet, { fates, unseen }: Paints): KeyEntry[] {
  const { theme, report } = sheet
  const [first, feedback, untouched] = fates
  const entries = [
    { word: 'first round', fill: first.fill, rim: first.fill },
    { word: 'feedback', fill: feedback.fill, rim: feedback.fill },
    { word: 'untouched', fill: untouched.fill, rim: theme.ink3 },
    { word: 'above its bids', fill: feedback.over, rim: feedback.fill },
    { word: 'bids in the book', fill: theme.absorb, rim: theme.absorb },
    { word: 'bids beyond the observed edge', fill: unseen, rim: theme.absorb },
  ]
  const shown = report.levels.some((bin) => bin.extrapolated) ? entries : entries.slice(0, -1)
  // A page has room for one row; what is hatched stands in its own words there.
  const bare = [...entries.slice(0, 3), { ...entries[4], word: 'bids' }]
  return (sheet.options.bare ? bare : shown).map(({ word, fill, rim }) => ({
    word,
    draw: (box) => drawSwatch(sheet, box, { fill, stroke: rim }),
  }))
}

function drawBars(sheet: Sheet, { x, y }: Plot, { fates, unseen }: Paints): void {
  const { canvas, theme, report } = sheet
  for (const bin of report.levels) {
    const [low, high] = ends(bin)
    const gap = x(high) - x(low) > 5 ? 1 : 0.25
    const left = x(low) + gap / 2
    const width = Math.max(0.5, x(high) - x(low) - gap)
    const slab = (from: number, to: number, fill: string, stroke?: string) => {
      if (!(to > from)) return
      const height = y(from) - y(to)
      const area = { x: left, y: y(to), width, height }
      draw(canvas, 'rect', { ...area, fill, stroke, 'stroke-width': stroke && 0.75 })
      canvas.marks.push(area)
    }
    let top = 0
    for (const { key, fill, over } of fates) {
      const from = top
      top += bin[key]
      const level = Math.max(from, Math.min(top, bin.bids_usd))
      slab(from, level, fill)
      slab(level, top, over, fill)
    }
    const depth = Math.max(-bin.bids_usd, y.domain[0])
    if (bin.extrapolated) slab(depth, 0, unseen, theme.absorb)
    else slab(depth, 0, theme.absorb)
  }
}

/**
 * Upright lines at the opening, the shocked and the last price. Each is a row shorter than the one
 * to its right, so that a name to the left of its line meets no other.
 */
function priceLines(sheet: Sheet, { box, x }: Plot): void {
  const { canvas, theme, report } = sheet
  const { now, shocked, final } = report.map
  const lines = [
    { at: now, name: 'now', stroke: theme.ink1, fill: theme.ink1 },
    { at: shocked, name: 'shocked', stroke: theme.first, fill: theme.firstText },
    { at: final, name: 'settles', stroke: theme.total, fill: theme.totalText },
  ].filter(({ at }) => at >= x.domain[0] && at <= x.domain[1])
  const bottom = box.y + box.height
  const ways = lines.map(({ at }, row) => [
    { x: x(at), y: box.y + row * rise },
    { x: x(at), y: bottom },
  ])
  lines.forEach(({ stroke }, row) => {
    const ends = { x1: ways[row][0].x, x2: ways[row][1].x, y1: ways[row][0].y, y2: bottom }
    draw(canvas, 'line', { ...ends, stroke, 'stroke-width': 1.5 })
    canvas.marks.push(...along(ways[row], 1))
  })
  const frame = { x: 4, y: box.y - 6, width: sheet.width - 8, height: band + 6 }
  const sides: Side[] = ['left', 'right']
  lines.forEach(({ at, name, stroke, fill }, row) => {
    const words = [line(`${name} ${price(at)}`, fill, { size: 12, bold: true })]
    const middle = { x: x(at), y: box.y + row * rise + 7 }
    const note = { lines: words, at: middle, reach: 1, gap: 5, sides, leader: stroke, close: true }
    place(canvas, note, frame)
  })
}

/** How many times its bids the tallest wall on the path is, above that wall. */
function nameWall(sheet: Sheet, { box, x, y }: Plot, worst: Wall | null): void {
  const { canvas, theme } = sheet
  if (worst === null || worst.ratio <= 1) return
  const [low, high] = ends(worst.bin)
  const fill = worst.bin.feedback_usd > 0 ? theme.totalText : theme.firstText
  const words = line(`${factor(worst.ratio)}×`, fill, { size: 12, bold: true })
  const at = { x: x((low + high) / 2), y: y(wallOf(worst.bin)) }
  const sides: Side[] = ['above', 'above left', 'above right']
  const note = { lines: [words], at, reach: 0, gap: 4, sides, leader: theme.ink3 }
  place(canvas, note, { ...box, x: 4, width: sheet.width - 8 })
}

function describe(report: Report): string {
  const sum = (key: 'first_usd' | 'feedback_usd' | 'untouched_usd') =>
    report.levels.reduce((total, bin) => total + bin[key], 0)
  const drop = signedPercent(-report.shock.drop)
  return (
    `at ${drop} the first round takes ${money(sum('first_usd'))}, feedback ` +
    `${money(sum('feedback_usd'))}, and ${money(sum('untouched_usd'))} in view stays untouched.`
  )
}

function csvOf(report: Report): string {
  return table(
    report,
    ['from', 'to', 'first_usd', 'feedback_usd', 'untouched_usd', 'bids_usd', 'extrapolated'],
    report.levels.map((bin) => [
      bin.from,
      bin.to,
      bin.first_usd,
      bin.feedback_usd,
      bin.untouched_usd,
      bin.bids_usd,
      bin.extrapolated,
    ]),
  )
}
