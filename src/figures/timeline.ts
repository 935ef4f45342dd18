/** A run in time on one axis: price, sales, gas, book, houses, bad debt, its turns numbered. */

import { counted, duration, money } from '../format.ts'
import type { TimedReport } from '../timedReport.ts'
import {
  closeSheet,
  type Figure,
  type FigureOptions,
  openSheet,
  type Sheet,
  table,
  writeHeading,
} from './sheet.ts'
import {
  busiest,
  clock,
  isWithin,
  liquidatedUsd,
  liquidationCount,
  type Stretch,
  secondsOf,
  shareWithin,
  spanOf,
  timedCaption,
  timedSegments,
  wholeRun,
} from './timedFacts.ts'
import { listTurns, numberedTurns, timeAxis, writeHours } from './timelineAxis.ts'
import { bookPanel, gasPanel, housePanels, lossPanel } from './timelineGauges.ts'
import { pricePanel, salesPanel } from './timelinePanels.ts'

/**
 * Draws the day as small multiples over one time axis; columns that are missing are left out.
 *
 * Units: time since the opening, hours:minutes; USD, gwei, shares of the opening as the panels say.
 */
export function timeline(report: TimedReport, options: FigureOptions): Figure {
  const sheet = openSheet('timeline', report, options)
  writeHeading(sheet, timedSegments(report), timelineSubtitle(report))
  drawPanels(sheet, wholeRun(report))
  const content = {
    title: timedCaption(report),
    description: describe(report),
    csv: csvOf(report, wholeRun(report)),
  }
  return closeSheet(sheet, content)
}

/** Draws the hours that mattered in the same way; null where they are a good part of the run. */
export function closeup(report: TimedReport, options: FigureOptions): Figure | null {
  const stretch = busiest(report)
  if (stretch === null) return null
  const sheet = openSheet('closeup', report, options)
  const title = closeupTitle(report, stretch)
  writeHeading(sheet, [{ text: title, tone: 'plain' }], timelineSubtitle(report))
  drawPanels(sheet, stretch)
  const inside = report.turns.filter((turn) => isWithin(stretch, turn.at_seconds))
  const description = describe({ ...report, turns: inside }, title)
  return closeSheet(sheet, { title, description, csv: csvOf(report, stretch) })
}

function drawPanels(sheet: Sheet<TimedReport>, stretch: Stretch): void {
  const axis = timeAxis(sheet, stretch)
  const panels = [pricePanel, salesPanel, gasPanel, bookPanel, housePanels, lossPanel]
  for (const panel of panels) panel(sheet, axis)
  writeHours(sheet, axis)
  listTurns(sheet, axis)
}

function closeupTitle(report: TimedReport, stretch: Stretch): string {
  const span = spanOf(report)
  const usd = liquidatedUsd(report)
  const inside = shareWithin(report, stretch) * usd
  const all = money(usd)
  const part = money(inside) === all ? `Nearly all of ${all}` : `${money(inside)} of ${all}`
  const [from, to] = [clock(stretch.from, span), clock(stretch.to, span)]
  return `${part} was liquidated between ${from} and ${to}`
}

/** How long the run is, and what its hours count from. */
export function timelineSubtitle(report: TimedReport): string {
  const span = spanOf(report)
  const minutes = span < 3600 ? span : 60 * Math.round(span / 60)
  const length = `${duration(minutes)} in ${counted(report.blocks, 'block')}`
  return `${length} of ${report.block_seconds} s; time since the opening, hours:minutes`
}

function describe(report: TimedReport, title = timedCaption(report)): string {
  const span = spanOf(report)
  const largest = [...report.events].sort((a, b) => b.repaid_usd - a.repaid_usd)[0]
  const events =
    largest === undefined
      ? []
      : [
          `${counted(liquidationCount(report), 'liquidation')}, the largest of ` +
            `${money(largest.repaid_usd)} at ${clock(largest.at_seconds, span)}.`,
        ]
  const turns = numberedTurns(report).map(
    ({ at_seconds: at, text }) => `${clock(at, span)}: ${text}`,
  )
  return [title.endsWith('.') ? title : `${title}.`, ...events, ...turns].join(' ')
}

function csvOf(report: TimedReport, stretch: Stretch): string {
  const { columns } = report.timeline
  const seconds = secondsOf(report)
  const rows = seconds.map((_, i) => i).filter((i) => isWithin(stretch, seconds[i]))
  return table(
    report,
    columns.map(({ name }) => name),
    rows.map((i) => columns.map(({ values }) => values[i] ?? null)),
  )
}
