/** What each outside drop sells: the line at one's own drop can be dragged. */

import { useCallback, useRef } from 'react'
import { response, responseHeading } from '../../../src/figures/response.ts'
import type { Figure, FigureOptions } from '../../../src/figures/sheet.ts'
import type { Report } from '../../../src/report.ts'
import { ChartCard } from '../../parts/chartCard.tsx'
import type { Control } from '../../state/controls.ts'
import { Drawn } from './drawn.tsx'
import { Grip, moneyAt } from './grip.tsx'

export function ResponseCard({
  report,
  drop,
}: {
  readonly report: Report
  readonly drop: Control
}) {
  const draw = useCallback((options: FigureOptions) => response(report, options), [report])
  const { title, subtitle } = responseHeading(report)
  const scale = useRef<Figure['plot']>(undefined)
  const over = ({ plot }: Figure) =>
    plot === undefined ? null : (
      <Grip
        at={{ x: plot.x(report.shock.drop), y: plot.box.y }}
        axis="x"
        length={plot.box.height}
        drop={drop}
        onStart={() => {
          scale.current = plot
        }}
        dropAt={({ x }) => moneyAt((scale.current ?? plot).x, x)}
      />
    )
  return (
    <ChartCard name="response" report={report} title={title} note={subtitle}>
      <Drawn name="response" fills draw={draw} over={over} />
    </ChartCard>
  )
}
