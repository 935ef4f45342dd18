/** The levels chart at full width, and the levels of it that are looked at. */

import { type PointerEvent, useCallback, useRef } from 'react'
import { plotSpan } from '../../../src/figures/chart.ts'
import { levels } from '../../../src/figures/levels.ts'
import { type FigureOptions, sizesOf } from '../../../src/figures/sheet.ts'
import { price } from '../../../src/format.ts'
import type { Report } from '../../../src/report.ts'
import { Picture, useWidth } from '../../parts/picture.tsx'
import { type Span, show, useWalls } from '../../state/walls.ts'

export function Levels({ report }: { readonly report: Report }) {
  const [box, width] = useWidth()
  const span = useWalls((state) => state.span)
  const draw = useCallback((options: FigureOptions) => levels(report, options), [report])
  const count = report.levels.length
  const [low, high] = span ?? [0, count]
  const plot = plotSpan(sizesOf(width))
  const place = { left: plot.x, width: plot.width }
  const chosen = { left: `${(100 * low) / count}%`, width: `${(100 * (high - low)) / count}%` }
  return (
    <div className="levels">
      <div ref={box} className="levels-picture">
        <Picture draw={draw} name="levels" />
        {width === 0 ? null : (
          <Brush place={place} count={count}>
            {span === null ? null : <div className="brush-chosen" style={chosen} />}
          </Brush>
        )}
      </div>
      {width === 0 ? null : <Ends {...{ report, count, low, high }} place={place} />}
    </div>
  )
}

interface Place {
  readonly left: number
  readonly width: number
}

/** Drags over the chart choose levels; the sliders below it do the same by keys. */
function Brush({
  place,
  count,
  children,
}: {
  readonly place: Place
  readonly count: number
  readonly children: React.ReactNode
}) {
  const from = useRef<number | null>(null)
  const levelAt = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const at = Math.floor(((event.clientX - left) / width) * count)
    return Math.min(count - 1, Math.max(0, at))
  }
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (from.current === null) return
    const at = levelAt(event)
    show({ span: [Math.min(at, from.current), Math.max(at, from.current) + 1] })
  }
  return (
    <div
      className="brush"
      style={place}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = levelAt(event)
        drag(event)
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        from.current = null
      }}
      onPointerCancel={() => {
        from.current = null
      }}
    >
      {children}
    </div>
  )
}

/** Width of a slider's thumb, pixels: its middle stands on the price. */
const THUMB = 14

/** Two sliders on one track as wide as the plot: the lowest and the highest price. */
function Ends({
  report,
  count,
  low,
  high,
  place,
}: {
  readonly report: Report
  readonly count: number
  readonly low: number
  readonly high: number
  readonly place: Place
}) {
  const priceAt = (edge: number) => {
    const bin = report.levels[count - 1 - Math.min(edge, count - 1)]
    return edge === count ? report.levels[0].from : bin.to
  }
  const choose = (span: Span) => show({ span: span[0] === 0 && span[1] === count ? null : span })
  return (
    <div
      className="ends"
      style={{ marginLeft: place.left - THUMB / 2, width: place.width + THUMB }}
    >
      <p className="note">
        <span>
          from <b>{price(priceAt(low))}</b> to <b>{price(priceAt(high))}</b>
        </span>
        <button
          type="button"
          disabled={low === 0 && high === count}
          onClick={() => show({ span: null })}
        >
          All levels
        </button>
      </p>
      <input
        type="range"
        min={0}
        max={count}
        value={low}
        aria-label="Lowest price of the levels"
        aria-valuetext={price(priceAt(low))}
        onChange={({ target }) => choose([Math.min(Number(target.value), high - 1), high])}
      />
      <input
        type="range"
        min={0}
        max={count}
        value={high}
        aria-label="Highest price of the levels"
        aria-valuetext={price(priceAt(high))}
        onChange={({ target }) => choose([low, Math.max(Number(target.value), low + 1)])}
      />
    </div>
  )
}
