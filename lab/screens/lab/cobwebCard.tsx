/** The signature picture, with its sentence: the shocked point can be dragged. */

import { type PointerEvent, useCallback, useRef, useSyncExternalStore } from 'react'
import { captionSegments } from '../../../src/figures/caption.ts'
import { cobweb } from '../../../src/figures/cobweb.ts'
import type { Figure, FigureOptions, PlotArea } from '../../../src/figures/sheet.ts'
import type { Report, Round } from '../../../src/report.ts'
import { ChartCard } from '../../parts/chartCard.tsx'
import { Sentence } from '../../parts/sentence.tsx'
import type { Control } from '../../state/controls.ts'
import { light, useLit } from '../../state/lit.ts'
import { Drawn } from './drawn.tsx'
import { Grip, moneyAt } from './grip.tsx'

export function CobwebCard({ report, drop }: { readonly report: Report; readonly drop: Control }) {
  const draw = useCallback((options: FigureOptions) => cobweb(report, options), [report])
  const over = ({ plot, width, height }: Figure) =>
    plot === undefined ? null : (
      <>
        <LitStep {...{ report, plot, width, height }} />
        <StepFinder {...{ report, plot }} />
        <ShockGrip {...{ report, plot, drop }} />
      </>
    )
  return (
    <ChartCard
      name="cobweb"
      report={report}
      isLead
      title={<Sentence segments={captionSegments(report)} />}
    >
      <Drawn name="cobweb" draw={draw} over={over} tallest={useTallest()} />
    </ChartCard>
  )
}

/** So high that the strip of rounds below still stands on the screen; free in a single column. */
function useTallest(): number | undefined {
  return useSyncExternalStore(
    (look) => {
      window.addEventListener('resize', look)
      return () => window.removeEventListener('resize', look)
    },
    () => (window.innerWidth < TWO_COLUMNS ? undefined : window.innerHeight - AROUND),
  )
}

const TWO_COLUMNS = 1280
/** Everything above and below the picture: bar, strip, sentence, rounds, gaps. Pixels. */
const AROUND = 388

/** The lit round's step, over the staircase. */
function LitStep({
  report,
  plot,
  width,
  height,
}: {
  readonly report: Report
  readonly plot: PlotArea
  readonly width: number
  readonly height: number
}) {
  const lit = useLit(({ round }) => round)
  const round = report.rounds.find((one) => one.round === lit)
  if (round === undefined) return null
  const { x, y } = plot
  const { price_before: before, price_after: after } = round
  const corners = [
    [before, before],
    [before, after],
    [after, after],
  ]
  const points = corners.map(([a, b]) => `${x(a)},${y(b)}`).join(' ')
  return (
    <svg className="lit" width={width} height={height} aria-hidden="true">
      <polyline className={lit === 1 ? 'lit-first' : 'lit-total'} points={points} />
    </svg>
  )
}

/** Finds the round below the pointer: each owns the prices from its opening to its close. */
function StepFinder({ report, plot }: { readonly report: Report; readonly plot: PlotArea }) {
  const { box } = plot
  const look = (event: PointerEvent<HTMLDivElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left
    light(roundAt(report.rounds, moneyAt(plot.x, box.x + event.clientX - left))?.round ?? null)
  }
  return (
    <div
      className="finder"
      aria-hidden="true"
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      onPointerMove={look}
      onPointerLeave={() => light(null)}
    />
  )
}

function roundAt(rounds: readonly Round[], price: number): Round | undefined {
  return rounds.find((round) => price <= round.price_before && price > round.price_after)
}

/** The arrow of the outside drop: its tip follows the hand, as the slider does. */
function ShockGrip({
  report,
  plot,
  drop,
}: {
  readonly report: Report
  readonly plot: PlotArea
  readonly drop: Control
}) {
  const { now, shocked } = report.map
  const tip = { x: plot.x(now), y: plot.y(shocked) }
  // The scale follows the drop: a drag keeps the one it began with.
  const scale = useRef(plot.y)
  return (
    <Grip
      at={tip}
      axis="y"
      drop={drop}
      onStart={() => {
        scale.current = plot.y
      }}
      dropAt={({ y }) => 1 - moneyAt(scale.current, y) / now}
    />
  )
}
