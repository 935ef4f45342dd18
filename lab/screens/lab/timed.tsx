/** The Lab of a run in time: its numbers, the day, the hours that mattered, and its generations. */

import { useCallback } from 'react'
import { generations } from '../../../src/figures/generations.ts'
import type { Figure, FigureOptions } from '../../../src/figures/sheet.ts'
import { timedSegments } from '../../../src/figures/timedFacts.ts'
import { closeup, timeline, timelineSubtitle } from '../../../src/figures/timeline.ts'
import type { TimedReport } from '../../../src/timedReport.ts'
import { ChartCard, type ChartName } from '../../parts/chartCard.tsx'
import { Headlines } from '../../parts/headlines.tsx'
import { Sentence } from '../../parts/sentence.tsx'
import { usePreview } from '../../state/preview.ts'
import { useLab } from '../../state/store.ts'
import { Drawn } from './drawn.tsx'
import { timedNumbersOf } from './facts.ts'
import { Checks } from './rounds.tsx'

export function Timed({ report }: { readonly report: TimedReport }) {
  const isBehind = usePreview((state) => state.isBehind)
  const isStale = useLab((state) => state.isStale)
  const whole = useCallback((options: FigureOptions) => timeline(report, options), [report])
  return (
    <div className={isBehind ? 'lab-main lab-behind' : 'lab-main'}>
      <Headlines
        numbers={timedNumbersOf(report, Date.now())}
        badge={isStale ? 'running' : undefined}
      />
      <ChartCard
        name="timeline"
        report={report}
        title={<Sentence segments={timedSegments(report)} />}
        note={timelineSubtitle(report)}
        isLead
      >
        <Drawn name="timeline" draw={whole} />
      </ChartCard>
      <Titled name="closeup" report={report} figure={closeup} />
      <Titled name="generations" report={report} figure={generations} />
      <section className="card rounds-card" aria-label="Checks">
        <Checks checks={report.checks} warnings={report.warnings} />
      </section>
    </div>
  )
}

/** A figure in a card under its own finding; nothing where the run has none of it. */
function Titled({
  name,
  report,
  figure,
}: {
  readonly name: ChartName
  readonly report: TimedReport
  figure(report: TimedReport, options: FigureOptions): Figure | null
}) {
  const title = figure(report, TRIAL)?.title
  const draw = useCallback((options: FigureOptions) => figure(report, options)!, [figure, report])
  if (title === undefined) return null
  return (
    <ChartCard name={name} report={report} title={title}>
      <Drawn name={name} draw={draw} />
    </ChartCard>
  )
}

const TRIAL = { width: 640, theme: 'light', bare: true } as const
