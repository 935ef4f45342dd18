/** A run as events, one JSON document a line. */

import type { Report } from '../report.ts'
import type { TimedReport } from '../timedReport.ts'
import type { GateResult } from './gate.ts'

/** What ran, its rounds or its blocks and liquidations, its metrics, and how it ended. */
export function eventsOf(report: Report | TimedReport, gates: readonly GateResult[]): string {
  const { metrics, checks, warnings } = report
  const events = [
    ...(report.schema === 'firebreak.run/1' ? timed(report) : instant(report)),
    { event: 'metrics', metrics },
    { event: 'done', checks, warnings, gates },
  ]
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

function instant(report: Report): object[] {
  const { schema, run_id, engine_version, scenario, seed, order, shock } = report
  return [
    { event: 'start', schema, run_id, engine_version, scenario, seed, order, shock },
    ...report.rounds.map((round) => ({ event: 'round', ...round })),
  ]
}

/** Frames are the points of the timeline: thinned, where the tables of `--out` have every block. */
function timed(report: TimedReport): object[] {
  const { schema, run_id, engine_version, scenario, seed, path } = report
  const { feedback, blocks, block_seconds } = report
  const run = { schema, run_id, engine_version, scenario, seed, path }
  const { columns } = report.timeline
  const frame = (i: number) => Object.fromEntries(columns.map((c) => [c.name, c.values[i]]))
  return [
    { event: 'start', ...run, feedback, blocks, block_seconds },
    ...(columns[0]?.values ?? []).map((_, i) => ({ event: 'frame', ...frame(i) })),
    ...report.events.map((row) => ({ event: 'liquidation', ...row })),
  ]
}
