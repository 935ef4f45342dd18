/** The sentence that comes before every picture. It is computed from the report and never typed. */

import { count, money, percent, price, type Style, shortPercent, signedPercent } from '../format.ts'
import type { Report } from '../report.ts'

/** A run of words in one colour: `first` for the first round, `total` for where it all ends. */
export interface Segment {
  readonly text: string
  readonly tone: 'plain' | 'first' | 'total'
}

/** Returns the caption as plain text. */
export function caption(report: Report, style: Style = 'screen'): string {
  return captionSegments(report, style)
    .map((segment) => segment.text)
    .join('')
}

/**
 * Returns the caption in runs of one colour each.
 *
 * Rule:   A {drop} drop sells {first}; those sales push the price {impact} further; the staircase
 *         closes at {final} after {n} rounds. Other endings: nothing for sale, not settled, and the
 *         observed book ran out with no bid declared below it.
 * Units:  first is debt repaid, USD; impact is the first round's move of the shocked asset; final
 *         is the drop from the opening price.
 */
export function captionSegments(report: Report, style: Style = 'screen'): readonly Segment[] {
  const drop = shortPercent(report.shock.drop, style)
  const [first] = report.rounds
  if (first === undefined || first.repaid_usd === 0) return nothingForSale(report, drop)
  const impact = percent(1 - first.price_after / first.price_before, 1, style)
  return [
    plain(`A ${drop} drop `),
    { text: `sells ${money(metricValue(report, 'first_round_usd'), style)}`, tone: 'first' },
    plain(
      report.feedback
        ? `; those sales push the price ${impact} further; the staircase `
        : '; with feedback off they do not move the price; the staircase ',
    ),
    ...ending(report, style),
  ]
}

/** Returns the value of a metric that is a single number; null where the report lacks it. */
export function metricValue(report: Pick<Report, 'metrics'>, name: string): number | null {
  const metric = report.metrics[name]
  return metric !== undefined && 'value' in metric ? metric.value : null
}

/** Returns whether the rounds ended by themselves: the check named `settled` says so. */
export function settled(report: Report): boolean {
  return report.checks.every((check) => check.name !== 'settled' || check.ok)
}

/**
 * Returns whether the sales used up the book: past the observed edge no venue declares bids below
 * it, or those it declares are gone and the price is 0.
 */
export function ranOut(report: Report): boolean {
  const { observed_to, final } = report.map
  const venues = report.depth.find((table) => table.asset === report.shock.asset)?.venues ?? []
  return (
    observed_to !== null &&
    final < observed_to &&
    (final <= 0 || (venues.length > 0 && venues.every((venue) => venue.beyond === 'wall')))
  )
}

function nothingForSale(report: Report, drop: string): Segment[] {
  const nearest = nearestLevel(report)
  const where = nearest > 0 ? `the nearest level is ${price(nearest)}` : 'no level lies below'
  return [plain(`A ${drop} drop `), { text: 'sells nothing', tone: 'first' }, plain(`: ${where}.`)]
}

/** Map, curve and accounts each give a price at which something sells; the highest is nearest. */
function nearestLevel(report: Report): number {
  const { before, after, shocked, now } = report.map
  const { drop, first_usd } = report.curve
  const listed = report.accounts.map((account) => now * (1 - (account.trigger_drop ?? 1)))
  const levels = [
    ...before.filter((_, i) => after[i] < shocked),
    ...drop.filter((_, i) => first_usd[i] > 0).map((drop) => now * (1 - drop)),
    ...listed,
  ]
  return levels.reduce((best, level) => (level <= shocked && level > best ? level : best), 0)
}

function ending(report: Report, style: Style): Segment[] {
  const rounds = metricValue(report, 'rounds') ?? report.rounds.length
  const after = `${count(rounds)} ${rounds === 1 ? 'round' : 'rounds'}`
  if (!settled(report)) {
    return [{ text: 'had not closed', tone: 'total' }, plain(` after ${after}.`)]
  }
  if (ranOut(report)) {
    const edge = price(report.map.observed_to)
    return [{ text: `left the observed book at ${edge}`, tone: 'total' }, plain(` after ${after}.`)]
  }
  const final = metricValue(report, 'final_drop')
  const change = signedPercent(final === null ? null : -final, 1, style)
  return [{ text: `closes at ${change}`, tone: 'total' }, plain(` after ${after}.`)]
}

function plain(text: string): Segment {
  return { text, tone: 'plain' }
}
