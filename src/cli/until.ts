/** `--until`: how narrow an interval is wanted, and how narrow it is. */

import { InputError } from '../errors.ts'
import { shown } from '../figures/sweepFacts.ts'
import { percent } from '../format.ts'
import { amount, ratio } from '../ingest/quantity.ts'
import type { SweepReport } from '../sweep/report.ts'
import { statNames } from '../sweep/stats.ts'
import { type Until, widest } from '../sweep/until.ts'

/**
 * Reads it: MEASURE or MEASURE(STAT), `<`, and half of the width, of the number with %. `at any
 * time` behind it asks for an interval of the mean that holds however often it is looked at.
 *
 * Throws: UntilError FB2090
 */
export function untilOf(given: unknown): Until | null {
  if (given === undefined) return null
  const text = String(given)
  const match = /^\s*(\w+)\s*(?:\(\s*([\w.]+)\s*\))?\s*<\s*(\S+)(\s+at any time)?\s*$/.exec(text)
  const stat = statNames.find((name) => name === (match?.[2] ?? 'mean'))
  if (match === null || stat === undefined) throw new UntilError(text)
  const isRelative = match[3].endsWith('%')
  const limits = { from: 0, to: Number.POSITIVE_INFINITY, open: 'lower' } as const
  const reading = isRelative ? ratio(match[3], limits) : amount(match[3], limits, true)
  if (!('value' in reading)) throw new UntilError(text)
  const anytime = match[4] !== undefined
  if (anytime && stat !== 'mean') throw new UntilError(text)
  return { measure: match[1], stat, width: reading.value, isRelative, anytime }
}

/** How narrow it is so far, in words. */
export function widthWords(report: SweepReport, until: Until): string {
  const width = widest(report, until)
  const unit = report.measures.find(({ name }) => name === until.measure)?.unit ?? ''
  const print = (value: number) =>
    until.isRelative ? percent(value, 1, 'plain') : shown(value, unit)
  if (width === null) return `too few for an interval of ${until.measure}`
  return `${until.measure} is known to within ${print(width)}, wanted ${print(until.width)}`
}

/** A wanted width that cannot be read. */
export class UntilError extends InputError {
  constructor(came: string) {
    super({
      code: 'FB2090',
      rule: 'a wanted width is a measure, <, and half of the width; at any time only of the mean',
      place: '--until',
      came: JSON.stringify(came),
      remedy: "Write it like 'bad_debt_usd(q95) < 5%' or 'bad_debt_usd < 100k', in quotes",
    })
  }
}
