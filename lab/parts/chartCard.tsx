/** A card with a picture, and the same numbers as a table for whoever would rather read them. */

import { type ReactNode, Suspense, useState } from 'react'
import type { Report } from '../../src/report.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import { Card } from './card.tsx'
import { later } from './later.tsx'

const ChartTable = later(async () => (await import('./chartTable.tsx')).ChartTable)

/** Tables of an instant cascade and of a run in time, by the figure that shows them. */
export type ChartName = 'cobweb' | 'levels' | 'response' | 'timeline' | 'closeup' | 'generations'

export function ChartCard({
  name,
  report,
  title,
  note,
  isLead = false,
  children,
}: {
  readonly name: ChartName
  readonly report: Report | TimedReport
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly isLead?: boolean
  readonly children: ReactNode
}) {
  const [isTable, setTable] = useState(false)
  const toggle = (
    <button
      type="button"
      className="quiet"
      aria-pressed={isTable}
      aria-label={`Table of the ${WORDS[name]}`}
      onClick={() => setTable(!isTable)}
    >
      Table
    </button>
  )
  return (
    <Card {...{ title, note, isLead }} tools={toggle}>
      {isTable ? (
        <div className="chart-table">
          <Suspense fallback={null}>
            <ChartTable name={name} report={report} />
          </Suspense>
        </div>
      ) : null}
      {/* It stays, for what is exported is the picture. */}
      <div className="chart-picture" hidden={isTable}>
        {children}
      </div>
    </Card>
  )
}

const WORDS: Readonly<Record<ChartName, string>> = {
  cobweb: 'rounds',
  levels: 'levels and bids',
  response: 'response curve',
  timeline: 'timeline',
  closeup: 'hours that mattered',
  generations: 'generations',
}
