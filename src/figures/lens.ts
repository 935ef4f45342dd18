/** The lens of the cobweb: opens by itself where map and diagonal lie too close to tell apart. */

import { count, price } from '../format.ts'
import type { Report } from '../report.ts'
import { along, around, type Box, grown, overlap, type Point } from './box.ts'
import { type Canvas, draw, type Line, line } from './canvas.ts'
import { place, type Side } from './place.ts'
import { decadeBelow, decimalsOf, linear } from './scale.ts'
import { at, drawStaircase, type Window } from './staircase.ts'

/** What a lens shows: a square of prices around a place of interest. */
interface Throat {
  readonly kind: 'throat' | 'room' | 'steps'
  readonly from: number
  readonly to: number
  /** Narrowest gap, or room from stop to edge, or height of the whole staircase, USD. */
  readonly width: number
  readonly edge: number | null
}

/** Gaps below this many pixels need a lens. */
const narrow = 8

/**
 * Returns what needs a lens at a scale of so many pixels per dollar, or null.
 *
 * Rule:   past the edge, the narrowest gap between map and diagonal that the staircase passes, if
 *         both its sides are at least half as wide again; else the staircase itself, if it is
 *         smaller than a label; else the room between the stop and the next edge, if the map holds
 *         by little there.
 */
export function findThroat(report: Report, edge: number | null, perDollar: number): Throat | null {
  const { final, shocked } = report.map
  const passed = narrowest(report, perDollar)
  if (passed !== null) return passed
  const height = shocked - final
  if (report.rounds.length > 0 && height * perDollar < 5 * narrow) {
    const margin = 0.3 * height
    return { kind: 'steps', from: final - margin, to: shocked + margin, width: height, edge: null }
  }
  if (edge === null) return null
  const holds = report.map.before.reduce((most, before, i) => {
    const inside = before > edge && before < final
    return inside ? Math.max(most, report.map.after[i] - before) : most
  }, 0)
  if (holds * perDollar > 2 * narrow) return null
  const margin = 0.25 * (final - edge)
  return { kind: 'room', from: edge - margin, to: final + margin, width: final - edge, edge }
}

/** Draws the lens where the plot is empty and returns its box, or null where it found no room. */
export function drawLens(canvas: Canvas, report: Report, main: Window, throat: Throat): Box | null {
  // A phone has no room for both a lens and the words.
  if (main.box.width < 400) return null
  const box = freeSquare(canvas, main.box, throat.kind === 'throat')
  if (box === null) return null
  const perDollar = main.box.width / (main.x.domain[1] - main.x.domain[0])
  const middle = (throat.from + throat.to) / 2
  const fit = box.width / ((throat.to - throat.from) * perDollar)
  // A room that is wide already needs no lens.
  if (fit < 2 && throat.kind === 'room') return null
  const zoom = Math.max(2, Math.min(40, Math.floor(fit)))
  const half = box.width / perDollar / zoom / 2
  const domain = [middle - half, middle + half] as const
  const window = {
    name: 'lens',
    box,
    x: linear(domain, [box.x, box.x + box.width]),
    y: linear(domain, [box.y + box.height, box.y]),
  }
  connect(canvas, main, window)
  const frame = { x: box.x, y: box.y, width: box.width, height: box.height, rx: 6 }
  draw(canvas, 'rect', { ...frame, fill: canvas.theme.surface })
  drawStaircase(canvas, report, window)
  draw(canvas, 'rect', { ...frame, fill: 'none', stroke: canvas.theme.ink3, 'stroke-width': 1.25 })
  canvas.marks.push(...rim(box))
  if (throat.kind === 'room') pointsInside(canvas, report, window, throat)
  writeInside(canvas, report, window, throat, zoom)
  return box
}

/** Returns a small difference of prices with two significant figures: $5.2, $83. */
function priceGap(usd: number): string {
  const step = usd > 0 ? decadeBelow(usd) / 10 : 1
  return price(usd, step >= 1 ? 0 : decimalsOf(step))
}

function narrowest(report: Report, perDollar: number): Throat | null {
  const { before, after, final, shocked } = report.map
  const path = before
    .map((from, i) => ({ from, gap: from - after[i] }))
    .filter(({ from, gap }) => from > final && from <= shocked && gap > 0)
  const widestBelow = running(path.map(({ gap }) => gap))
  const widestAbove = running(path.map(({ gap }) => gap).reverse()).reverse()
  let best = -1
  path.forEach(({ gap }, i) => {
    // Teeth of single accounts are narrow beside gaps that are themselves too small to see.
    const beside = Math.min(widestBelow[i], widestAbove[i])
    const isThroat = beside >= 1.5 * gap && beside * perDollar >= narrow
    if (isThroat && gap * perDollar < narrow && (best === -1 || gap < path[best].gap)) best = i
  })
  if (best === -1) return null
  const tight = path.filter(({ gap }) => gap < 3 * path[best].gap).map(({ from }) => from)
  // Only the stretch around the throat: the last step towards the stop is tight as well.
  const reach = Math.max(
    (12 * narrow) / perDollar / 4,
    0.6 * Math.max(...tight.map((from) => Math.abs(from - path[best].from)).filter(isNear)),
  )
  function isNear(distance: number): boolean {
    return distance < (shocked - final) / 4
  }
  const middle = path[best].from
  return {
    kind: 'throat',
    from: middle - reach,
    to: middle + reach,
    width: path[best].gap,
    edge: null,
  }
}

function running(values: readonly number[]): number[] {
  let most = 0
  return values.map((value) => {
    most = Math.max(most, value)
    return most
  })
}

/** The largest square in the upper left that covers nothing. */
function freeSquare(canvas: Canvas, plot: Box, roomy: boolean): Box | null {
  const inset = 14
  for (let share = roomy ? 0.4 : 0.36; share * plot.width >= 120; share -= 0.03) {
    const side = Math.round(share * plot.width)
    for (const shift of [0.02, 0.06, 0.1]) {
      const corner = { x: plot.x + inset + shift * plot.width, y: plot.y + inset }
      const box = { ...corner, width: side, height: side }
      if (!canvas.marks.some((mark) => overlap(mark, grown(box, 10)))) return box
    }
  }
  return null
}

/** The small square on the map, and dotted lines from it to the lens. */
function connect(canvas: Canvas, main: Window, lens: Window): void {
  const [low, high] = lens.x.domain
  const from = at(main, low, high)
  const size = main.x(high) - main.x(low)
  const { theme } = canvas
  draw(canvas, 'rect', {
    ...from,
    width: size,
    height: size,
    fill: 'none',
    stroke: theme.ink3,
    'stroke-width': 1.25,
  })
  canvas.marks.push(...rim({ ...from, width: size, height: size }))
  const bottom = lens.box.y + lens.box.height
  const ties: [Point, Point][] = [
    [{ x: lens.box.x, y: bottom }, from],
    [
      { x: lens.box.x + lens.box.width, y: bottom },
      { x: from.x + size, y: from.y },
    ],
  ]
  for (const [start, end] of ties) {
    const ends = { x1: start.x, y1: start.y, x2: end.x, y2: end.y }
    const dots = { stroke: theme.control, 'stroke-width': 1, 'stroke-dasharray': '2 3' }
    draw(canvas, 'line', { ...ends, ...dots })
    canvas.marks.push(...along([start, end], 1))
  }
}

function rim({ x, y, width, height }: Box): Box[] {
  const corners = [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
    { x, y },
  ]
  return along(corners, 1)
}

function pointsInside(canvas: Canvas, report: Report, window: Window, throat: Throat): void {
  const { theme } = canvas
  const stop = at(window, report.map.final, report.map.final)
  const edge = at(window, throat.edge!, throat.edge!)
  const size = { size: canvas.labels.some((label) => label.height < 14) ? 11 : 12, bold: true }
  draw(canvas, 'circle', { cx: stop.x, cy: stop.y, r: 6, fill: theme.total })
  draw(canvas, 'circle', {
    cx: edge.x,
    cy: edge.y,
    r: 5,
    fill: theme.surface,
    stroke: theme.ink1,
    'stroke-width': 2,
  })
  canvas.marks.push(around(stop, 7), around(edge, 6))
  note(canvas, window, [line('stops', theme.totalText, size)], stop, [
    'below right',
    'below',
    'right',
    'above left',
    'left',
  ])
  note(canvas, window, [line('edge', theme.ink1, size)], edge, [
    'right',
    'below right',
    'above left',
  ])
}

function writeInside(
  canvas: Canvas,
  report: Report,
  window: Window,
  throat: Throat,
  zoom: number,
): void {
  const { theme } = canvas
  const size = window.box.width < 170 ? 11 : 12
  const [low, high] = window.x.domain
  const inside = report.rounds.filter((r) => r.price_before > low && r.price_before < high).length
  const rounds = `${count(inside)} ${inside === 1 ? 'round' : 'rounds'} inside`
  const wide = priceGap(throat.width)
  const facts = {
    throat: { name: 'the throat', lines: [`${wide} wide`, rounds] },
    room: { name: 'the throat', lines: [`shut: ${wide} from`, 'stop to edge'] },
    steps: { name: 'the staircase', lines: [`${wide} high`, rounds] },
  }[throat.kind]
  const title = line(`${facts.name}, ×${zoom}`, theme.ink1, { size, bold: true })
  const rest = facts.lines.map((text) => line(text, theme.ink2, { size }))
  const { x, y, width, height } = window.box
  const corner = { x: x + 4, y: y + 4 }
  const opposite = { x: x + width - 4, y: y + height - 4 }
  const all = [title, ...rest]
  if (note(canvas, window, all, corner, ['below right'])) return
  if (note(canvas, window, all, opposite, ['above left'])) return
  note(canvas, window, [title], corner, ['below right'])
  note(canvas, window, rest, opposite, ['above left', 'above'])
}

function note(
  canvas: Canvas,
  window: Window,
  lines: readonly Line[],
  point: Point,
  sides: readonly Side[],
): boolean {
  const words = {
    lines,
    at: point,
    reach: 4,
    sides,
    gap: 3,
    leader: canvas.theme.ink3,
    close: true,
  }
  return place(canvas, words, window.box)
}
