/** Liquidation levels over the book that must take them. */

import { useCallback } from 'react'
import { levels, levelsHeading } from '../../../src/figures/levels.ts'
import type { Figure, FigureOptions } from '../../../src/figures/sheet.ts'
import type { Report } from '../../../src/report.ts'
import { ChartCard } from '../../parts/chartCard.tsx'
import { useLit } from '../../state/lit.ts'
import { Drawn } from './drawn.tsx'

export function LevelsCard({ report }: { readonly report: Report }) {
  const draw = useCallback((options: FigureOptions) => levels(report, options), [report])
  const { title, subtitle } = levelsHeading(report)
  return (
    <ChartCard name="levels" report={report} title={title} note={subtitle}>
      <Drawn
        name="levels"
        fills
        draw={draw}
        over={(figure) => <LitPrices report={report} figure={figure} />}
      />
    </ChartCard>
  )
}

/** The prices that the lit round fell through. */
function LitPrices({ report, figure }: { readonly report: Report; readonly figure: Figure }) {
  const lit = useLit(({ round }) => round)
  const round = report.rounds.find((one) => one.round === lit)
  const { plot } = figure
  if (round === undefined || plot === undefined) return null
  // What a round sells had its trigger where the round before it fell.
  const before = report.rounds.find((one) => one.round === round.round - 1)
  const high = before?.price_before ?? report.map.now
  const { x, y, width, height } = plot.box
  const inside = (at: number) => Math.min(Math.max(at, x), x + width)
  const [left, right] = [inside(plot.x(round.price_before)), inside(plot.x(high))]
  return (
    <div
      className="lit-band"
      aria-hidden="true"
      style={{ left, top: y, width: Math.max(2, right - left), height }}
    />
  )
}
