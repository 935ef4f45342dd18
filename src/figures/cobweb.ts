/** The signature picture: how one price becomes the next, and where that ends. */

import { price } from '../format.ts'
import type { Report } from '../report.ts'
import { along, around, type Box } from './box.ts'
import { type Canvas, draw, line, write, writeUpright } from './canvas.ts'
import { caption, captionSegments } from './caption.ts'
import { type CobwebScene, writeNotes } from './cobwebNotes.ts'
import { drawLens, findThroat } from './lens.ts'
import { decimalsOf, linear, niceStep, niceTicks } from './scale.ts'
import {
  closeSheet,
  drawKey,
  type Figure,
  type FigureOptions,
  type KeyEntry,
  keepClear,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'
import { at, drawStaircase, mapAt, type Window } from './staircase.ts'
import { textWidth } from './text.ts'

/**
 * Draws the map of one round and the staircase down it.
 *
 * Rule:       x = price before a round, y = price after what is forced at it, on one scale, so that
 *             the diagonal rises at 45 degrees. Below the diagonal the price falls on, above it
 *             holds. The caption is computed from the same report.
 * Units:      USD of the shocked asset.
 * Simplifies: fixed points closer than 8 pixels are drawn as one; the picture reaches down to the
 *             next edge and the stop below it, if they lie above half the opening price.
 */
export function cobweb(report: Report, options: FigureOptions): Figure {
  const layout = layoutOf(options)
  const sheet = openSheet('cobweb', report, options, layout.column)
  writeHeading(sheet, captionSegments(report))
  drawKey(sheet, keyEntries(sheet))
  const window = placePlot(sheet, layout)
  drawAxes(sheet, window)
  drawStaircase(sheet.canvas, report, window)
  drawOutsideDrop(sheet.canvas, report, window)
  const scene = sceneOf(report, window)
  drawPoints(sheet.canvas, report, scene)
  const perDollar = window.box.width / (window.x.domain[1] - window.x.domain[0])
  const throat = findThroat(report, scene.edge, perDollar)
  const lens = throat === null ? null : drawLens(sheet.canvas, report, window, throat)
  writeNotes(sheet, scene, lens)
  const title = caption(report)
  return closeSheet(sheet, { title, description: describe(report, scene), csv: csvOf(report) })
}

/** A wide sheet has sentence and key in a column beside the plot. */
interface Layout {
  readonly column: number | undefined
  readonly side: number
}

/** Room for tick labels and the upright axis title, left of the plot. */
const axisRoom = { narrow: 50, wide: 86 }

function layoutOf({ width }: FigureOptions): Layout {
  if (width < 560) return { column: undefined, side: width - axisRoom.narrow - 24 }
  if (width < 1100) return { column: undefined, side: Math.min(width - axisRoom.wide - 72, 860) }
  const column = Math.min(Math.max(0.28 * width, 330), 520)
  return { column, side: Math.min(width - column - axisRoom.wide - 136, 900) }
}

function placePlot(sheet: Sheet, layout: Layout): Window {
  const beside = layout.column !== undefined
  if (sheet.narrow) writeNarrowTitle(sheet)
  const axis = sheet.narrow ? axisRoom.narrow : axisRoom.wide
  const x = beside ? sheet.right + 40 + axis : sheet.pad + axis
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
  const { now, final, shocked, before, fixed } = report.map
  const edge = fixed.find((point) => !point.stable && point.price < final - 0.01 * now)
  const then = fixed.find((point) => point.stable && point.price < (edge?.price ?? 0))
  const seen = [edge?.price, then?.price].filter((price) => price !== undefined && price > now / 2)
  const lowest = Math.min(final, shocked, 0.9 * now, ...(seen as number[]))
  const span = now - lowest
  return [Math.max(lowest - 0.06 * span, Math.min(before[0], 0.97 * lowest)), now + 0.05 * span]
}

function sceneOf(report: Report, window: Window): CobwebScene {
  const { final } = report.map
  const apart = (8 / window.box.width) * (window.x.domain[1] - window.x.domain[0])
  const fixed = spaced(
    report.map.fixed.filter((point) => point.price < final - apart / 4),
    apart,
  ).filter((point) => point.price > window.x.domain[0])
  const edge = fixed.find((point) => !point.stable)?.price ?? null
  const then = fixed.find((point) => point.stable && point.price < (edge ?? 0))?.price ?? null
  return { window, fixed, edge, then }
}

/** Leaves out pairs of crossings that stand so close that they would hide each other. */
function spaced(fixed: Report['map']['fixed'], apart: number): Report['map']['fixed'] {
  const kept: { price: number; stable: boolean }[] = []
  for (const point of fixed) {
    const last = kept[kept.length - 1]
    const isNoise = last !== undefined && last.price - point.price < apart
    if (isNoise && last.stable !== point.stable) kept.pop()
    else if (last?.stable !== point.stable) kept.push(point)
  }
  // The stop itself is stable, so the crossing after it can only be an edge.
  return kept.slice(kept.findIndex((point) => !point.stable))
}

function drawAxes(sheet: Sheet, window: Window): void {
  const { canvas, theme, narrow } = sheet
  const { box } = window
  const wanted = Math.max(2, Math.round(box.width / 150))
  const [low, high] = window.x.domain
  const decimals = decimalsOf(niceStep(high - low, wanted))
  const style = { size: 11 }
  for (const tick of niceTicks(window.x.domain, wanted)) {
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
  writeUpright(canvas, up, { x: box.x - axisRoom.wide + 16, y: box.y + box.height / 2 })
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
  const { canvas, theme } = sheet
  return [
    { word: 'the map', draw: (box) => stroke(box, theme.ink1, 2.25, 0) },
    { word: 'no change', draw: (box) => stroke(box, theme.control, 1.5, 6) },
    { word: 'falls on', draw: (box) => swatch(box, theme.total, theme.totalTint) },
    { word: 'holds', draw: (box) => swatch(box, theme.absorb, theme.absorbTint) },
    { word: 'stable', draw: (box) => dot(box, { r: 5, fill: theme.ink2 }) },
    {
      word: 'unstable',
      draw: (box) => dot(box, { r: 5, fill: theme.surface, stroke: theme.ink1, 'stroke-width': 2 }),
    },
  ]

  function stroke(box: Box, colour: string, width: number, rise: number): void {
    const y = box.y + box.height / 2
    const ends = { x1: box.x, x2: box.x + box.width, y1: y + rise, y2: y - rise }
    draw(canvas, 'line', { ...ends, stroke: colour, 'stroke-width': width })
    keepClear(sheet, box)
  }
  function swatch(box: Box, colour: string, tint: number): void {
    const frame = { ...box, rx: 3, stroke: colour, 'stroke-opacity': 0.7 }
    draw(canvas, 'rect', { ...frame, fill: colour, 'fill-opacity': tint })
    keepClear(sheet, box)
  }
  function dot(box: Box, look: Record<string, string | number>): void {
    const centre = { cx: box.x + box.width / 2, cy: box.y + box.height / 2 }
    draw(canvas, 'circle', { ...centre, ...look })
    keepClear(sheet, box)
  }
}

function describe(report: Report, scene: CobwebScene): string {
  const below =
    scene.edge === null
      ? 'no further edge in view'
      : `the next edge is at ${price(scene.edge)}` +
        (scene.then === null ? '' : `, and below it the price would stop at ${price(scene.then)}`)
  return `${caption(report).replace(/\.$/, '')}; ${below}.`
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
