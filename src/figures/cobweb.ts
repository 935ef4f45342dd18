/** The signature picture: how one price becomes the next, and where that ends. */

import { money, price, signedPercent, signedPercentApart } from '../format.ts'
import type { Report } from '../report.ts'
import { along, around, type Box } from './box.ts'
import { type Canvas, draw, line, write, writeUpright } from './canvas.ts'
import { caption, captionSegments, metricValue } from './caption.ts'
import { type CobwebScene, writeNotes } from './cobwebNotes.ts'
import { drawLens, findThroat } from './lens.ts'
import { decimalsOf, linear, niceStep, niceTicks } from './scale.ts'
import {
  closeSheet,
  drawKey,
  drawStroke,
  drawSwatch,
  type Figure,
  type FigureOptions,
  type KeyEntry,
  keepClear,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'
import { at, drawable, drawStaircase, mapAt, type Window } from './staircase.ts'
import type { Attributes } from './svg.ts'
import { textWidth } from './text.ts'

/**
 * Draws the map of one round and the staircase down it.
 *
 * Rule:       x = price before a round, y = price after what is forced at it, on one scale, so that
 *             the diagonal rises at 45 degrees. Below the diagonal the price falls on, above it
 *             holds. The caption is computed from the same report.
 * Units:      USD of the shocked asset.
 * Simplifies: where the report has no whole map, the line joins the corners of the rounds. The
 *             picture reaches down to the next edge and the stop below it, if they lie above half
 *             the opening price.
 */
export function cobweb(source: Report, options: FigureOptions): Figure {
  const report = { ...source, map: drawable(source.map) }
  const layout = layoutOf(options)
  const sheet = openSheet('cobweb', report, options, layout.column)
  writeHeading(sheet, captionSegments(report))
  drawKey(sheet, keyEntries(sheet))
  if (layout.column !== undefined) writeNumbers(sheet)
  const window = placePlot(sheet, layout)
  drawAxes(sheet, window, layout.axis)
  drawStaircase(sheet.canvas, report, window)
  drawOutsideDrop(sheet.canvas, report, window)
  const scene = sceneOf(report, window)
  drawPoints(sheet.canvas, report, scene)
  const perDollar = window.box.width / (window.x.domain[1] - window.x.domain[0])
  const throat = findThroat(report, scene.edge, perDollar)
  const lens = throat === null ? null : drawLens(sheet.canvas, report, window, throat)
  writeNotes(sheet, scene, lens)
  const title = caption(report)
  const { box, x, y } = window
  const content = { title, description: describe(report), csv: options.bare ? '' : csvOf(source) }
  return closeSheet(sheet, { ...content, plot: { box, x, y } })
}

/** A wide sheet has sentence and key in a column beside the plot. */
interface Layout {
  readonly column: number | undefined
  readonly side: number
  /** Room for tick labels and the upright axis title, left of the plot. */
  readonly axis: number
}

function layoutOf({ width, height, bare = false }: FigureOptions): Layout {
  if (bare) {
    const axis = width < 440 ? 50 : 70
    const tallest = height === undefined ? 640 : Math.max(280, height - 100)
    return { column: undefined, side: Math.min(width - axis - 20, tallest), axis }
  }
  if (width < 560) return { column: undefined, side: width - 74, axis: 50 }
  if (width < 1100) return { column: undefined, side: Math.min(width - 158, 860), axis: 86 }
  const column = Math.min(Math.max(0.28 * width, 330), 560)
  return { column, side: Math.min(width - column - 222, 1000), axis: 86 }
}

function placePlot(sheet: Sheet, layout: Layout): Window {
  const beside = layout.column !== undefined
  if (sheet.narrow) writeNarrowTitle(sheet)
  const free = sheet.options.bare ? sheet.width - layout.axis - layout.side - 20 : 0
  const x = (beside ? sheet.right + 40 : sheet.pad) + layout.axis + free / 2
  const y = beside ? 32 : sheet.y + (sheet.narrow ? 4 : 12)
  const box = { x, y, width: layout.side, height: layout.side }
  sheet.y = Math.max(sheet.y, y + layout.side + (sheet.narrow ? 44 : 52))
  const domain = domainOf(sheet.report)
  return {
    name: 'plot',
    box,
    x: linear(domain, [x, x + layout.side]),
    y: linear(domain, [y + layout.side, y]),
  }
}

/** From a little above the opening price to a little below whatever the next fall would reach. */
function domainOf(report: Report): [number, number] {
  const { now, final, shocked } = report.map
  const { edge, landing } = crossings(report)
  const seen = [edge ?? now, landing ?? now].filter((price) => price > now / 2)
  const lowest = Math.min(final, shocked, 0.9 * now, ...seen)
  const span = now - lowest
  // Without an edge to show, the room below goes to the words.
  return [lowest - (edge === null ? 0.14 : 0.06) * span, now + 0.05 * span]
}

function sceneOf(report: Report, window: Window): CobwebScene {
  const [low] = window.x.domain
  const { fixed, edge, landing } = crossings(report)
  const inView = (price: number | null) => (price !== null && price > low ? price : null)
  return {
    window,
    fixed: fixed.filter((point) => point.price > low),
    edge: inView(edge),
    landing: inView(landing),
  }
}

/**
 * Returns the crossings below the stop: an edge, a stop, an edge and so on.
 *
 * Simplifies: a fall from an edge to a stop of less than 0.6 % of the opening price is the step of
 *             a single account and is left out. An edge close below the stop always stays.
 */
function crossings(report: Report): Pick<CobwebScene, 'fixed' | 'edge' | 'landing'> {
  const { now, final } = report.map
  const below = report.map.fixed.filter((point) => point.price < final)
  const fixed: { price: number; stable: boolean }[] = []
  below.forEach((edge, i) => {
    if (edge.stable) return
    const stop = below.slice(i + 1).find((point) => point.stable)
    if (stop === undefined) fixed.push(edge)
    else if (edge.price - stop.price >= 0.006 * now) fixed.push(edge, stop)
  })
  return { fixed, edge: fixed[0]?.price ?? null, landing: fixed[1]?.price ?? null }
}

/** The headline beside a wide plot, in the order that every face of Firebreak keeps. */
function writeNumbers(sheet: Sheet): void {
  const { canvas, theme, report } = sheet
  const value = (name: string) => metricValue(report, name)
  const [final, ignition] = [value('final_drop'), value('ignition_drop')]
  const edge = ignition === null ? null : -ignition
  const numbers = [
    ['First round', money(value('first_round_usd')), theme.firstText],
    ['Total with feedback', money(value('total_liquidated_usd')), theme.totalText],
    ['Final drop', signedPercent(final === null ? null : -final), theme.totalText],
    ['Ignition', signedPercentApart(edge, -report.shock.drop), theme.ink1],
  ]
  sheet.y += 20
  for (const [name, figure, fill] of numbers) {
    write(canvas, line(name, theme.ink2, { size: 13 }), { x: sheet.left, y: sheet.y + 13 })
    const large = line(figure, fill, { size: 26, bold: true })
    write(canvas, large, { x: sheet.left, y: sheet.y + 45 })
    sheet.y += 72
  }
}

function drawAxes(sheet: Sheet, window: Window, axis: number): void {
  const { canvas, theme, narrow } = sheet
  const { box } = window
  const wanted = Math.max(2, Math.round(box.width / (narrow ? 100 : 120)))
  const [low, high] = window.x.domain
  const decimals = decimalsOf(niceStep(high - low, wanted))
  const style = { size: 11 }
  for (const tick of niceTicks([Math.max(0, low), high], wanted)) {
    const x = window.x(tick)
    const y = window.y(tick)
    const word = line(price(tick, decimals), theme.ink3, style)
    const lines = [
      { x1: x, x2: x, y1: box.y, y2: box.y + box.height },
      { x1: box.x, x2: box.x + box.width, y1: y, y2: y },
    ]
    for (const ends of lines) draw(canvas, 'line', { ...ends, stroke: theme.grid })
    const room = textWidth(price(tick, decimals), style) / 2
    const inside = Math.min(Math.max(x, box.x + room - 8), sheet.width - 2 - room)
    write(canvas, word, { x: inside, y: box.y + box.height + 18 }, 'middle')
    write(canvas, word, { x: box.x - 8, y: y + 4 }, 'end')
  }
  const title = { size: narrow ? 12 : 13 }
  const middle = box.x + box.width / 2
  const across = line('price before the round', theme.ink2, title)
  write(canvas, across, { x: middle, y: box.y + box.height + (narrow ? 36 : 42) }, 'middle')
  if (narrow) return
  const up = line('price after the sales at that price', theme.ink2, title)
  writeUpright(canvas, up, { x: box.x - axis + 16, y: box.y + box.height / 2 })
}

function writeNarrowTitle(sheet: Sheet): void {
  const words = line('↑ price after the sales at that price', sheet.theme.ink2, { size: 12 })
  write(sheet.canvas, words, { x: sheet.pad, y: sheet.y + 12 })
  sheet.y += 22
}

/** The arrow from the opening price down to the shocked one, and the dotted way to the diagonal. */
function drawOutsideDrop(canvas: Canvas, report: Report, window: Window): void {
  const { theme } = canvas
  const { now, shocked } = report.map
  const top = at(window, now, now)
  const tip = at(window, now, shocked)
  const corner = at(window, shocked, shocked)
  const length = tip.y - top.y
  if (length > 1) {
    const head = Math.min(10, length / 2)
    const shaft = { x1: top.x, y1: top.y, x2: tip.x, y2: tip.y - head / 2 }
    draw(canvas, 'line', { ...shaft, stroke: theme.ink1, 'stroke-width': 3 })
    const d = `M${tip.x - head / 2} ${tip.y - head}h${head}L${tip.x} ${tip.y}Z`
    draw(canvas, 'path', { d, fill: theme.ink1 })
    const way = { x1: tip.x, y1: tip.y, x2: corner.x, y2: corner.y }
    const dots = { stroke: theme.ink1, 'stroke-width': 1.5, 'stroke-dasharray': '2 4' }
    draw(canvas, 'line', { ...way, ...dots })
  }
  draw(canvas, 'circle', { cx: top.x, cy: top.y, r: 5, fill: theme.ink1 })
  canvas.marks.push(...along([top, tip], 5), ...along([tip, corner], 1), around(top, 6))
}

function drawPoints(canvas: Canvas, report: Report, scene: CobwebScene): void {
  const { theme } = canvas
  for (const { price, stable } of scene.fixed) {
    const { x: cx, y: cy } = at(scene.window, price, price)
    const filled = { fill: theme.ink2, stroke: theme.surface, 'stroke-width': 1.5, r: 5.75 }
    const hollow = { fill: theme.surface, stroke: theme.ink1, 'stroke-width': 2, r: 5 }
    draw(canvas, 'circle', { cx, cy, ...(stable ? filled : hollow) })
    canvas.marks.push(around({ x: cx, y: cy }, 6))
  }
  const end = at(scene.window, report.map.final, report.map.final)
  const dot = { cx: end.x, cy: end.y, r: 8, stroke: theme.surface, 'stroke-width': 2 }
  draw(canvas, 'circle', { ...dot, fill: theme.total })
  canvas.marks.push(around(end, 8))
}

function keyEntries(sheet: Sheet): KeyEntry[] {
  const { canvas, theme, report } = sheet
  const mapLook = { stroke: theme.ink1, 'stroke-width': 2.25 }
  const diagonal = { stroke: theme.control, 'stroke-width': 1.5 }
  const tint = (fill: string, opacity: number) => {
    return { fill, 'fill-opacity': opacity, stroke: fill, 'stroke-opacity': 0.7 }
  }
  const hollow = { fill: theme.surface, stroke: theme.ink1, 'stroke-width': 2 }
  const [low] = domainOf(report)
  const shows = (stable: boolean) =>
    crossings(report).fixed.some((point) => point.stable === stable && point.price > low)
  const [falls, holds] = [tint(theme.total, theme.totalTint), tint(theme.absorb, theme.absorbTint)]
  const points = [
    { word: 'stable', draw: (box: Box) => dot(box, { fill: theme.ink2 }) },
    { word: 'unstable', draw: (box: Box) => dot(box, hollow) },
  ]
  return [
    {
      word: report.map.whole ? 'the map' : 'joins the rounds',
      draw: (box) => drawStroke(sheet, box, mapLook),
    },
    { word: 'no change', draw: (box) => drawStroke(sheet, box, diagonal, 6) },
    { word: 'falls on', draw: (box) => drawSwatch(sheet, box, falls) },
    { word: 'holds', draw: (box) => drawSwatch(sheet, box, holds) },
    ...points.filter(({ word }) => shows(word === 'stable')),
  ]

  function dot(box: Box, look: Attributes): void {
    const centre = { cx: box.x + box.width / 2, cy: box.y + box.height / 2 }
    draw(canvas, 'circle', { ...centre, r: 5, ...look })
    keepClear(sheet, box)
  }
}

function describe(report: Report): string {
  if (!report.map.whole) return `${caption(report)} The line joins the rounds only.`
  const { edge, landing } = crossings(report)
  const stop = landing === null ? '' : `, and below it the price would stop at ${price(landing)}`
  const below = edge === null ? 'no further edge lies below' : `the next edge is at ${price(edge)}`
  return `${caption(report).replace(/\.$/, '')}; ${below}${stop}.`
}

function csvOf(report: Report): string {
  const { map } = report
  const edge = map.observed_to ?? 0
  return table(
    report,
    ['series', 'round', 'price_before', 'price_after', 'extrapolated'],
    [
      ...map.before.map((before, i) => ['map', null, before, map.after[i], map.after[i] < edge]),
      ...report.rounds.map((r) => {
        return ['round', r.round, r.price_before, r.price_after, r.price_after < edge]
      }),
      ...map.fixed.map((point) => {
        const kind = point.stable ? 'stable' : 'unstable'
        return [kind, null, point.price, mapAt(map, point.price), point.price < edge]
      }),
    ],
  )
}
