/** Short facts about a report that every page states in the same words. */

import { metricValue } from '../figures/caption.ts'
import { duration, factor, money, percent, points, shortPercent } from '../format.ts'
import type { DepthTable, Report } from '../report.ts'

/** The depth table of the shocked asset; undefined when it is never sold. */
export function shockedDepth(report: Report): DepthTable | undefined {
  return report.depth.find((table) => table.asset === report.shock.asset)
}

/** Accounts liquidated in the first round, and in all rounds. */
export function accountCounts(report: Report): readonly [number, number] {
  const all = report.rounds.reduce((sum, round) => sum + round.accounts, 0)
  return [report.rounds[0]?.accounts ?? 0, all]
}

/** Assets whose price has moved, the shocked one first. */
export function movedAssets({ assets, shock }: Report): Report['assets'] {
  const moved = assets.filter(({ price, final }) => Math.abs(final / price - 1) > NOTICED)
  return moved.toSorted((a, b) => +(b.name === shock.asset) - +(a.name === shock.asset))
}

/** A smaller move of a price is rounding. */
const NOTICED = 1e-9

/** Fall of the shocked asset from its opening price to the last one. */
export function finalDrop(report: Report): number {
  return 1 - report.map.final / report.map.now
}

/** Total over first round, `4.6x`; empty when there is no first round. */
export function multiple(report: Report): string {
  const first = metricValue(report, 'first_round_usd')
  const total = metricValue(report, 'total_liquidated_usd')
  if (first === null || total === null || first === 0) return ''
  const times = total / first
  return `${times < 10 ? times.toFixed(1) : times.toFixed(0)}x`
}

/** Where the shock stands against ignition: `0.2 points past the edge`. */
export function edgeNote(report: Report): string {
  if (!report.feedback) return 'feedback is off'
  const ignition = metricValue(report, 'ignition_drop')
  if (ignition === null) return 'no drop passes the tolerance'
  const past = report.shock.drop - ignition
  if (past === 0) return 'exactly at the edge'
  return `${points(Math.abs(past), 'plain')} ${past > 0 ? 'past the edge' : 'of room'}`
}

/** How old the depth is against the positions; from stamps in the input, never from the clock. */
export function depthAge(report: Report): string {
  const seconds = depthAgeSeconds(report)
  if (seconds === null) return report.book.synthetic ? 'age n/a' : 'age unknown'
  return seconds < 0 ? `${days(-seconds)} newer than the positions` : `age ${days(seconds)}`
}

/** Seconds from the oldest depth of the shocked asset to the positions; null when not recorded. */
export function depthAgeSeconds(report: Report): number | null {
  const stamps = (shockedDepth(report)?.venues ?? []).flatMap(({ as_of }) => as_of ?? [])
  if (report.as_of === null || stamps.length === 0) return null
  const oldest = Math.min(...stamps.map((stamp) => Date.parse(stamp)))
  return (Date.parse(report.as_of) - oldest) / 1000
}

/** What answers past the observed depth, and where that begins. */
export function beyond(report: Report): string {
  const venues = shockedDepth(report)?.venues ?? []
  const names = [...new Set(venues.map((venue) => venue.beyond))].join(', ')
  const edges = venues.flatMap(({ edge_drop }) => edge_drop ?? [])
  if (names === '') return 'not sold'
  return edges.length === 0 ? names : `${names} past ${shortPercent(Math.min(...edges), 'plain')}`
}

/** Cash that sales take out while the price falls by `band`: `$11.5M within 2%`. */
export function depthWithin(report: Report, band: number): string | null {
  const row = shockedDepth(report)?.bands.find((row) => Math.abs(row.band - band) < 1e-12)
  if (row === undefined || row.usd === null) return null
  return `${money(row.usd, 'plain')} within ${percent(band, 0, 'plain')}`
}

/** `amplification 1.77`, or why there is none. */
export function amplified(report: Report): string {
  const value = metricValue(report, 'amplification')
  return value === null ? 'no amplification at a drop of 0' : `amplification ${factor(value)}`
}

/** What a warning does to the answer, in words. */
export function effectWords(effect: string): string {
  if (effect === 'unknown') return 'effect unknown'
  return effect === 'none' ? 'no effect on the numbers' : effect
}

function days(seconds: number): string {
  const whole = Math.floor(seconds / 86_400)
  return whole >= 2 ? `${whole} days` : duration(seconds)
}
