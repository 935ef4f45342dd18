/** The words on the cobweb: each beside its mark, none on another. */

import { count, money, percent, price, shortPercent, signedPercent } from '../format.ts'
import type { Report } from '../report.ts'
import type { Box, Point } from './box.ts'
import { adopt, type Canvas, copied, type Line, line } from './canvas.ts'
import { metricValue, ranOut, settled } from './caption.ts'
import { type Note, place } from './place.ts'
import type { Sheet } from './sheet.ts'
import { at, mapAt, type Window } from './staircase.ts'

/** What the cobweb shows besides the staircase: crossings in view, falling in price. */
export interface CobwebScene {
  readonly window: Window
  readonly fixed: Report['map']['fixed']
  /** Price below which the fall would start again, and where it would then stop. */
  readonly edge: number | null
  readonly landing: number | null
}

/** Writes all notes; what finds no room is left out, the minor ones first. */
export function writeNotes(sheet: Sheet, scene: CobwebScene, lens: Box | null): void {
  const { canvas } = sheet
  const { window } = scene
  const blocked = lens === null ? [] : [lens]
  // Words may use the margin to the right of the plot, on a phone some of the left one as well.
  const x = window.box.x - (sheet.narrow ? 20 : 0)
  const frame = { ...window.box, x, width: sheet.width - 4 - x }
  const main = [
    endNote(sheet, window),
    openingNote(sheet, window),
    firstRoundNote(sheet, window),
    outsideNote(sheet, window),
    edgeNote(sheet, scene),
    feedbackNote(sheet, window),
  ].filter((note) => note !== null)
  const minor = [extrapolatedNote(sheet, window), landingNote(sheet, scene)]
  writeAll(canvas, main, frame, blocked)
  for (const note of minor) {
    if (note !== null) place(canvas, note, frame, blocked)
  }
}

/** What one attempt leaves out comes first in the next; the one that leaves out least stays. */
function writeAll(canvas: Canvas, notes: readonly Note[], frame: Box, blocked: Box[]): void {
  let order = notes
  let [best, leastLeft] = [canvas, Number.POSITIVE_INFINITY]
  for (let attempt = 0; attempt < notes.length && leastLeft > 0; attempt++) {
    const draft = copied(canvas)
    const left = order.filter((note) => !place(draft, note, frame, blocked))
    if (left.length < leastLeft) [best, leastLeft] = [draft, left.length]
    order = [...left, ...order.filter((note) => !left.includes(note))]
  }
  adopt(canvas, best)
}

/** Sizes of a note's leading line and of the others. */
function sizes(sheet: Sheet): { strong: number; plain: number } {
  return sheet.narrow ? { strong: 13, plain: 12 } : { strong: 14, plain: 13 }
}

function strong(sheet: Sheet, text: string, fill: string): Line {
  return line(text, fill, { size: sizes(sheet).strong, bold: true })
}

function plain(sheet: Sheet, text: string, fill: string): Line {
  return line(text, fill, { size: sizes(sheet).plain })
}

function endNote(sheet: Sheet, window: Window): Note {
  const { report, theme } = sheet
  const { final } = report.map
  const verb = !settled(report) ? 'reached' : report.rounds.length === 0 ? 'stays at' : 'settles at'
  const end = ranOut(report) ? 'no bids left' : `${verb} ${price(final)}`
  const drop = metricValue(report, 'final_drop')
  const change = signedPercent(drop === null ? null : -drop)
  const small = { size: sizes(sheet).plain, bold: true }
  return {
    lines: [strong(sheet, end, theme.totalText), line(change, theme.totalText, small)],
    at: at(window, final, final),
    reach: 8,
    sides: ['above left', 'left', 'below right', 'right'],
    gap: 6,
    leader: theme.total,
  }
}

function openingNote(sheet: Sheet, window: Window): Note {
  const { report, theme } = sheet
  const { now } = report.map
  const style = { size: sizes(sheet).plain }
  const spans = [
    { text: 'now ', fill: theme.ink2 },
    { text: price(now), fill: theme.ink1, bold: true },
  ]
  return {
    lines: [{ spans, style }],
    at: at(window, now, now),
    reach: 6,
    sides: ['left', 'above left', 'above'],
    gap: 12,
    leader: theme.ink3,
  }
}

function outsideNote(sheet: Sheet, window: Window): Note | null {
  const { report, theme } = sheet
  const { now, shocked } = report.map
  if (!(shocked < now)) return null
  const small = { size: sizes(sheet).plain, bold: true }
  // One decimal at least, and as many as the drop was given with.
  const short = shortPercent(report.shock.drop)
  const text = short.includes('.') ? `\u2212${short}` : signedPercent(-report.shock.drop)
  const change = line(text, theme.ink1, small)
  // On a page the number alone stays beside a short arrow, and needs no leader.
  const isShort = window.y(shocked) - window.y(now) < 200 && sheet.options.bare === true
  const isAlone = sheet.narrow || isShort
  const lines = isAlone ? [change] : [plain(sheet, 'outside drop', theme.ink2), change]
  const middle = at(window, now, now - 0.6 * (now - shocked))
  return { lines, at: middle, reach: 6, sides: ['left'], gap: 8, leader: theme.ink3 }
}

function firstRoundNote(sheet: Sheet, window: Window): Note | null {
  const { report, theme } = sheet
  const [first] = report.rounds
  if (first === undefined) return null
  const { price_before: before, price_after: after } = first
  const sold = money(metricValue(report, 'first_round_usd'))
  const name = plain(sheet, 'first round', theme.firstText)
  const size = strong(sheet, `${sold} sold`, theme.firstText)
  const further = `price ${percent(1 - after / before)} further`
  return {
    lines: sheet.narrow ? [size, name] : [name, size, plain(sheet, further, theme.firstText)],
    at: at(window, before, before - 0.6 * (before - after)),
    reach: 2,
    sides: ['below right', 'right', 'below'],
    gap: sheet.narrow ? 24 : 60,
    leader: theme.first,
  }
}

/** Points at the middle one of the later rounds that is large enough to see. */
function feedbackNote(sheet: Sheet, window: Window): Note | null {
  const { report, theme } = sheet
  const later = report.rounds.slice(1)
  const total = metricValue(report, 'total_liquidated_usd')
  const first = metricValue(report, 'first_round_usd')
  if (later.length === 0 || total === null || first === null || total <= first) return null
  const tallest = later.reduce((best, r) => (fallOf(r) > fallOf(best) ? r : best))
  const rounds = later.length === 1 ? '1 more round' : `${count(later.length)} more rounds`
  const size = strong(sheet, `${money(total - first)} sold`, theme.totalText)
  const words = sheet.narrow ? ['by feedback in', rounds] : [`feedback, ${rounds}`]
  const names = words.map((text) => plain(sheet, text, theme.totalText))
  return {
    lines: sheet.narrow ? [size, ...names] : [...names, size],
    at: at(window, tallest.price_before, tallest.price_before - 0.6 * fallOf(tallest)),
    reach: 2,
    sides: ['below right', 'right', 'below'],
    gap: sheet.narrow ? 24 : 60,
    leader: theme.total,
  }
}

function fallOf(round: Report['rounds'][number]): number {
  return round.price_before - round.price_after
}

function edgeNote(sheet: Sheet, scene: CobwebScene): Note | null {
  const { theme } = sheet
  if (scene.edge === null) return null
  const style = { size: sizes(sheet).plain, bold: true }
  const words = sheet.narrow ? ['next edge', price(scene.edge)] : [`next edge ${price(scene.edge)}`]
  const lines = words.map((text) => line(text, theme.ink1, style))
  return beside(sheet, lines, at(scene.window, scene.edge, scene.edge))
}

function landingNote(sheet: Sheet, scene: CobwebScene): Note | null {
  const { theme } = sheet
  if (scene.landing === null) return null
  const words = plain(sheet, `then ${price(scene.landing)}`, theme.ink2)
  return beside(sheet, [words], at(scene.window, scene.landing, scene.landing))
}

function beside(sheet: Sheet, lines: readonly Line[], point: Point): Note {
  const { theme } = sheet
  const sides = ['below right', 'right', 'above left', 'left'] as const
  return { lines, at: point, reach: 6, sides, gap: 4, leader: theme.ink3 }
}

/** Names the dotted part of the map at its upper end. */
function extrapolatedNote(sheet: Sheet, window: Window): Note | null {
  const { report, theme } = sheet
  const { map } = report
  const [low] = window.y.domain
  if (map.observed_to === null || map.observed_to <= low) return null
  const from = map.before.findIndex((_, i) => map.after[i] >= map.observed_to!)
  const lowest = Math.max(window.x.domain[0], map.before[0])
  const before = from === -1 ? lowest : Math.max(map.before[from], lowest)
  const lines = [
    plain(sheet, 'extrapolated', theme.ink2),
    plain(sheet, `below ${price(map.observed_to)}`, theme.ink2),
  ]
  const point = at(window, before, mapAt(map, before))
  const sides = ['right', 'below right', 'left', 'above left'] as const
  return { lines, at: point, reach: 2, sides, gap: 24, leader: theme.ink3 }
}
