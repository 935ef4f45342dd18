/** What pictures, document and terminal read from a run in time, once and in the same words. */

import { money, percent, points, price, type Style } from '../format.ts'
import type { EventRow, TimedReport } from '../timedReport.ts'
import { metricValue, type Segment } from './caption.ts'

export type Values = readonly (number | null)[]

/** A column of the timeline; null when the run does not have it, or nothing in it. */
export function columnOf(report: TimedReport, name: string): Values | null {
  const column = report.timeline.columns.find((column) => column.name === name)
  return column?.values.some((value) => value !== null) ? column.values : null
}

/**
 * Seconds of every row of the timeline, counted from the opening.
 *
 * Units: s. Without a column of times the rows stand evenly over the run.
 */
export function secondsOf(report: TimedReport): readonly number[] {
  const rows = report.timeline.columns[0]?.values.length ?? 0
  const known = columnOf(report, 'seconds')
  return Array.from({ length: rows }, (_, i) => known?.[i] ?? (spanOf(report) * (i + 1)) / rows)
}

/** A stretch of the run, s. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** The run from its opening to its end. */
export function wholeRun(report: TimedReport): Stretch {
  return { from: 0, to: spanOf(report) }
}

export function isWithin({ from, to }: Stretch, seconds: number): boolean {
  return seconds >= from && seconds <= to
}

/** A share of the liquidated dollars that is as good as all of them. */
const nearlyAll = 0.9

/**
 * The hours that mattered: the shortest stretch with nine tenths of the liquidated dollars, and a
 * quarter of its length before and after; null where that is no less than a third of the run.
 */
export function busiest(report: TimedReport): Stretch | null {
  const usd = columnOf(report, 'liquidated_usd')
  if (usd === null) return null
  const seconds = secondsOf(report)
  const span = spanOf(report)
  const goal = nearlyAll * usd.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  if (goal === 0) return null
  let best: Stretch = { from: 0, to: span }
  for (let from = 0, to = 0, sum = 0; from < usd.length; sum -= usd[from++] ?? 0) {
    while (sum < goal && to < usd.length) sum += usd[to++] ?? 0
    if (sum < goal * (1 - 1e-9)) break
    const stretch = { from: from > 0 ? seconds[from - 1] : 0, to: seconds[to - 1] }
    if (stretch.to - stretch.from < best.to - best.from) best = stretch
  }
  const beside = Math.max((best.to - best.from) / 4, span / 100)
  const wide = { from: Math.max(0, best.from - beside), to: Math.min(span, best.to + beside) }
  return wide.to - wide.from < span / 3 ? wide : null
}

/** Dollars of the timeline that were liquidated in a stretch, as a share of all of them. */
export function shareWithin(report: TimedReport, stretch: Stretch): number {
  const usd = columnOf(report, 'liquidated_usd') ?? []
  const seconds = secondsOf(report)
  let [inside, all] = [0, 0]
  usd.forEach((value, i) => {
    all += value ?? 0
    if (isWithin(stretch, seconds[i])) inside += value ?? 0
  })
  return all > 0 ? inside / all : 0
}

/** Length of the run, s; at least a second. */
export function spanOf(report: TimedReport): number {
  return Math.max(1, report.blocks * report.block_seconds)
}

/** Time since the opening: `9:40`; `0:09:40` where the whole run is shorter than half an hour. */
export function clock(seconds: number, span: number): string {
  const whole = Math.round(seconds)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const minutes = `${Math.floor(whole / 3600)}:${two((whole % 3600) / 60)}`
  return span < 1800 ? `${minutes}:${two(whole % 60)}` : minutes
}

/** The asset that the page speaks of; undefined in a report without assets. */
export function headlineAsset(report: TimedReport): TimedReport['assets'][number] | undefined {
  return report.assets.find(({ name }) => name === report.headline) ?? report.assets[0]
}

/** Whether sales move prices: not with feedback off, and not where prices are a record of them. */
export function isFelt(report: TimedReport): boolean {
  return report.feedback && report.prices_are !== 'given'
}

/** The price at the moment of the low had nobody been forced to sell, USD; null if unknown. */
export function priceAlone(report: TimedReport): number | null {
  const drop = metricValue(report, 'outside_drop_then')
  const asset = headlineAsset(report)
  return drop === null || asset === undefined || !isFelt(report) ? null : asset.opening * (1 - drop)
}

/** How much deeper forced sales made the low, as a share of the opening price; null if unknown. */
export function deepened(report: TimedReport): number | null {
  const asset = headlineAsset(report)
  const alone = priceAlone(report)
  if (asset === undefined || alone === null) return null
  return Math.max(0, (alone - asset.lowest) / asset.opening)
}

/** Bids within 2 % of the market, USD; null when they are not recorded. */
export function bidsUsd(report: TimedReport): Values | null {
  return columnOf(report, `bids_${headlineAsset(report)?.name}`) ?? columnOf(report, 'depth_usd')
}

/** Depth of the venues of the headline asset, 1 at the opening; null when it is not recorded. */
export function depthFactor(report: TimedReport): Values | null {
  return columnOf(report, `depth_${headlineAsset(report)?.name}`) ?? columnOf(report, 'depth')
}

/** A column as shares of its first value above 0. */
export function ofFirst(values: Values): Values {
  const first = firstOf(values) ?? 1
  return values.map((value) => (value === null ? null : value / first))
}

/** The first value above 0; null where there is none. */
export function firstOf(values: Values): number | null {
  return values.find((value) => value !== null && value > 0) ?? null
}

/** Debt repaid in liquidations, USD. */
export function liquidatedUsd(report: TimedReport): number {
  return metricValue(report, 'total_liquidated_usd') ?? sum(report, 'repaid_usd')
}

/** Accounts that were liquidated. */
export function accountsLiquidated(report: TimedReport): number {
  return metricValue(report, 'accounts_liquidated') ?? sum(report, 'accounts')
}

/** Debt left when the collateral is gone, USD. */
export function badDebtUsd(report: TimedReport): number {
  return metricValue(report, 'bad_debt_usd') ?? sum(report, 'bad_debt_usd')
}

/** Liquidations of all protocols. */
export function liquidationCount(report: TimedReport): number {
  return sum(report, 'liquidations')
}

/** What protocols sold of their own accord: how often, and at which worth; null where nothing. */
export function ownSales({ protocols }: TimedReport): { sales: number; usd: number } | null {
  const sales = protocols.reduce((sum, row) => sum + row.sales, 0)
  const usd = protocols.reduce((sum, row) => sum + row.sales_usd, 0)
  return sales === 0 ? null : { sales, usd }
}

/** Whether liquidators had nothing to do: every protocol closes positions itself. */
export function isWithoutLiquidators({ protocols, liquidators }: TimedReport): boolean {
  const isIdle = liquidators.every(({ won, failed }) => won === 0 && failed === 0)
  return isIdle && protocols.every(({ gauges }) => gauges.length > 0)
}

/** Gauges of a house that had something at the opening, in dollars, with their path. */
export function levelsOf(
  report: TimedReport,
  { name, gauges }: TimedReport['protocols'][number],
): { name: string; highest: number; lowest: number; values: Values }[] {
  return gauges.flatMap((gauge) => {
    const values = columnOf(report, `${gauge.name}_${name}`)
    if (values === null || gauge.unit !== 'usd' || !(gauge.opening > 0)) return []
    const { highest, lowest } = gauge
    return [{ name: gauge.name.replaceAll('_', ' '), highest, lowest, values }]
  })
}

/** How the fate of a liquidation is written: `feedback only`. */
export function fateOf(event: EventRow): string {
  return event.fate.replaceAll('_', ' ').replaceAll('-', ' ')
}

/** The sentence as plain text. */
export function timedCaption(report: TimedReport, style: Style = 'screen'): string {
  return timedSegments(report, style)
    .map((segment) => segment.text)
    .join('')
}

/**
 * The sentence over the picture, in runs of one colour each.
 *
 * Rule:  {asset} fell {drop} to {low} by {time}; forced sales made that {points} worse: {total}
 *        liquidated, against {first} without feedback; {bad} of bad debt is left, in {protocol}.
 *        Other endings: nobody was liquidated (but {protocol} itself sold {own} of collateral),
 *        feedback off, and prices that are a record.
 * Units: total and first are debt repaid, USD.
 */
export function timedSegments(report: TimedReport, style: Style = 'screen'): Segment[] {
  const opening = [plain(`${fell(report, style)}; `)]
  const total = liquidatedUsd(report)
  if (total === 0 && liquidationCount(report) === 0) {
    const nobody: Segment = { text: 'nobody was liquidated', tone: 'first' }
    return [...opening, nobody, ...soldItself(report, style), plain('.')]
  }
  const sold: Segment = { text: `${money(total, style)} liquidated`, tone: 'total' }
  return [...opening, ...loop(report, sold, style), ...left(report, style), plain('.')]
}

function fell(report: TimedReport, style: Style): string {
  const asset = headlineAsset(report)
  if (asset === undefined) return 'No price was recorded'
  const { name, opening, lowest, lowest_at_seconds: at } = asset
  if (lowest >= opening) return `${name} never fell below ${price(opening)}`
  const drop = percent(1 - lowest / opening, 1, style)
  return `${name} fell ${drop} to ${price(lowest)} by ${clock(at, spanOf(report))}`
}

function loop(report: TimedReport, sold: Segment, style: Style): Segment[] {
  if (!isFelt(report)) {
    const why = report.feedback
      ? ' at recorded prices, which these sales did not move'
      : ' with feedback off: sales did not move the price'
    return [sold, plain(why)]
  }
  const by = deepened(report)
  const first = metricValue(report, 'first_round_usd')
  const against: Segment[] =
    first === null
      ? []
      : [
          plain(', against '),
          { text: money(first, style), tone: 'first' },
          plain(' without feedback'),
        ]
  if (by === null || by === 0) return [sold, ...against]
  const worse: Segment = { text: `${points(by, style)} worse`, tone: 'total' }
  return [plain('forced sales made that '), worse, plain(': '), sold, ...against]
}

/** Bands and reserves may be sold while every account stands. */
function soldItself(report: TimedReport, style: Style): Segment[] {
  const own = ownSales(report)
  if (own === null) return []
  const sellers = report.protocols.filter(({ sales }) => sales > 0)
  const who = sellers.length === 1 ? `${sellers[0].name} itself` : 'protocols themselves'
  const amount: Segment = { text: money(own.usd, style), tone: 'total' }
  return [plain(`, but ${who} sold `), amount, plain(' of collateral')]
}

function left(report: TimedReport, style: Style): Segment[] {
  const bad = badDebtUsd(report)
  if (bad === 0) return [plain('; no bad debt is left')]
  const amount: Segment = { text: `${money(bad, style)} of bad debt`, tone: 'total' }
  const most = [...report.protocols].sort((a, b) => b.bad_debt_usd - a.bad_debt_usd)[0]
  const mostly = report.protocols.length > 1 && most.bad_debt_usd > bad / 2
  return [plain('; '), amount, plain(mostly ? ` is left, most of it in ${most.name}` : ' is left')]
}

function sum(
  report: TimedReport,
  key: 'repaid_usd' | 'accounts' | 'bad_debt_usd' | 'liquidations',
): number {
  return report.protocols.reduce((total, protocol) => total + protocol[key], 0)
}

function plain(text: string): Segment {
  return { text, tone: 'plain' }
}
