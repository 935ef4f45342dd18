/** What the Lab says of a report: its numbers, in the order that every face of Firebreak keeps. */

import { metricValue } from '../../../src/figures/caption.ts'
import {
  count,
  counted,
  duration,
  factor,
  missing,
  money,
  percent,
  points,
  price,
  signedPercent,
  signedPercentApart,
} from '../../../src/format.ts'
import type { Report } from '../../../src/report.ts'
import type { TimedReport } from '../../../src/timedReport.ts'
import type { HeadlineNumber } from '../../parts/headlines.tsx'

/** First round, total, final drop, ignition and data of an instant cascade. */
export function numbersOf(report: Report, now: number): HeadlineNumber[] {
  const value = (name: string) => metricValue(report, name)
  const final = value('final_drop')
  return [
    ...soldNumbers(report),
    {
      label: 'Final drop',
      metric: 'final_drop',
      value: signedPercent(final === null ? null : -final),
      note: `${price(report.map.final)} · amplification ${factor(value('amplification'))}`,
      shortNote: `amplification ${factor(value('amplification'))}`,
      tone: 'total',
    },
    ignitionOf(report),
    dataOf(report, now),
  ]
}

function accounts(n: number | null): string {
  return n === null ? `${missing} accounts` : counted(n, 'account')
}

function times(first: number | null, total: number | null, what = ''): string {
  if (!first || total === null) return ''
  return ` · ${(total / first).toFixed(1)}×${what}`
}

function ignitionOf(report: Report): HeadlineNumber {
  const { drop } = report.shock
  const ignition = metricValue(report, 'ignition_drop')
  if (ignition === null) {
    const note = report.feedback ? 'no drop in view ignites' : 'feedback is off'
    return { label: 'Ignition', metric: 'ignition_drop', value: missing, note }
  }
  const isPast = ignition <= drop
  return {
    label: 'Ignition',
    metric: 'ignition_drop',
    value: signedPercentApart(-ignition, -drop),
    note: isPast
      ? `you are ${points(drop - ignition)} past it`
      : `${points(ignition - drop)} of room`,
    shortNote: isPast ? `${points(drop - ignition)} past it` : `${points(ignition - drop)} of room`,
    noteTone: isPast ? 'total' : 'absorb',
  }
}

/** How old the book is, how many accounts it has and how deep it was observed. */
function dataOf(report: Report, now: number): HeadlineNumber {
  const { accounts: n, synthetic } = report.book
  const edges = (report.depth[0]?.venues ?? [])
    .map(({ edge_drop }) => edge_drop)
    .filter((edge) => edge !== null)
  const edge = edges.length === 0 ? '' : ` · book to −${percent(Math.max(...edges), 0)}`
  return {
    label: 'Data',
    value: ageOf(report.as_of, synthetic, now),
    note: `${counted(n, 'account')}${edge}`,
    shortNote: counted(n, 'account'),
  }
}

/** The age as a number, without the words that a chip has around it. */
function ageOf(asOf: string | null, isSynthetic: boolean, now: number): string {
  if (asOf === null) return isSynthetic ? 'synthetic' : 'undated'
  return duration(Math.max(0, (now - Date.parse(asOf)) / 1000))
}

/** What was sold without feedback, and with it: the first two numbers of every strip. */
function soldNumbers(report: Report | TimedReport): HeadlineNumber[] {
  const value = (name: string) => metricValue(report, name)
  const [first, total] = [value('first_round_usd'), value('total_liquidated_usd')]
  return [
    {
      label: 'First round',
      metric: 'first_round_usd',
      value: money(first),
      note: `${accounts(value('first_round_accounts'))}, no feedback`,
      shortNote: accounts(value('first_round_accounts')),
      tone: 'first',
    },
    {
      label: 'Total with feedback',
      metric: 'total_liquidated_usd',
      value: money(total),
      note: accounts(value('accounts_liquidated')) + times(first, total, ' the first round'),
      shortNote: accounts(value('accounts_liquidated')) + times(first, total),
      tone: 'total',
    },
  ]
}

/** The strip of a run in time. */
export function timedNumbersOf(report: TimedReport, now: number): HeadlineNumber[] {
  const value = (name: string) => metricValue(report, name)
  const [lowest, outside] = [value('lowest_drop'), value('outside_drop_then')]
  const asset = report.assets.find(({ name }) => name === report.headline)
  return [
    ...soldNumbers(report),
    {
      label: 'Lowest price',
      metric: 'lowest_drop',
      value: signedPercent(lowest === null ? null : -lowest),
      shortNote: price(asset?.lowest ?? null),
      note: `${price(asset?.lowest ?? null)} · outside ${signedPercent(outside === null ? null : -outside)}`,
      tone: 'total',
    },
    {
      label: 'Bad debt',
      metric: 'bad_debt_usd',
      value: money(value('bad_debt_usd')),
      note: `settled in ${duration(value('settle_seconds'))}`,
    },
    {
      label: 'Data',
      value: ageOf(report.as_of, report.book.synthetic, now),
      note: `${counted(report.book.accounts, 'account')} · ${count(report.blocks)} blocks`,
      shortNote: counted(report.book.accounts, 'account'),
    },
  ]
}
