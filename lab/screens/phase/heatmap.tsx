/** The heat map: cells on a canvas, everything that is read over them as shapes and words. */

import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react'
import { themes } from '../../../src/figures/theme.ts'
import { useWidth } from '../../parts/picture.tsx'
import { type Cell, look, type PhaseMap, usePhase } from '../../state/phase.ts'
import { useTheme } from '../../state/theme.ts'
import { cellWords, type Subject } from './facts.ts'
import { cellAt, type Frame, type Scales, scalesOf } from './frame.ts'
import { Over, Tip } from './overlay.tsx'
import { colourOf, type Shade, shadeOf } from './shade.ts'

/** What the map does when a cell is chosen. */
export type Choose = (cell: Cell) => void

export function HeatMap({
  subject,
  before,
  choose,
}: {
  readonly subject: Subject
  readonly before: PhaseMap | null
  readonly choose: Choose
}) {
  const [box, width] = useWidth()
  const cursor = usePhase((state) => state.cursor)
  const isNarrow = width < 560
  const height = Math.round(Math.min(620, Math.max(300, 0.82 * width)))
  const frame = useMemo(() => frameOf(width, height, isNarrow), [width, height, isNarrow])
  const { map, shown } = subject
  const isLog = useMemo(() => ({ x: subject.x.isLog, y: subject.y.isLog }), [subject])
  const scales = useMemo(() => scalesOf(map, frame, isLog), [map, frame, isLog])
  const shade = useMemo(() => shadeOf(shown, map.values[shown.measure]), [shown, map])
  const at = cursor ?? subject.you
  const keys = (event: KeyboardEvent) => {
    const next = steppedBy(event, at ?? { column: 0, row: 0 }, map, scales.y.edges)
    if (event.key === 'Enter' && at !== null) choose(at)
    else if (event.key === 'Escape') look(null)
    else if (next !== null) look(next)
    else return
    event.preventDefault()
  }
  const under = (event: MouseEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    return cellAt(scales, { x: event.clientX - left, y: event.clientY - top })
  }
  return (
    <div ref={box} className="heat">
      {width === 0 ? null : (
        <div
          className="heat-map"
          style={{ height }}
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the cells
          tabIndex={0}
          aria-roledescription="heat map"
          aria-label={labelOf(subject)}
          onKeyDown={keys}
          onPointerMove={(event) => event.pointerType === 'mouse' && look(under(event))}
          onPointerLeave={(event) => event.pointerType === 'mouse' && look(null)}
          onClick={(event) => {
            const cell = under(event)
            const kind = (event.nativeEvent as unknown as { pointerType?: string }).pointerType
            if (cell === null) return
            // A finger has no hover: its first touch reads.
            if (kind === 'touch') look(cell)
            else choose(cell)
          }}
        >
          <Cells {...{ subject, before, frame, scales, shade }} />
          <Over {...{ subject, frame, scales, height, width, cursor }} />
          {isNarrow || at === null ? null : <Tip {...{ subject, scales, frame, at }} />}
        </div>
      )}
      <p className="readout" aria-live="polite">
        {at === null ? 'No cell is chosen' : cellWords(subject, at)}
      </p>
    </div>
  )
}

function labelOf({ shown, x, y }: Subject): string {
  const keys = 'arrow keys read cells, Enter loads one in Lab'
  return `${shown.name} over ${x.name} and ${y.name}; ${keys}`
}

function frameOf(width: number, height: number, isNarrow: boolean): Frame {
  const left = isNarrow ? 44 : 72
  return { left, top: 6, width: width - left - 18, height: height - 52 }
}

/** Up is up on the screen, whichever way the values run. */
function steppedBy(
  { key, shiftKey }: KeyboardEvent,
  { column, row }: Cell,
  { x, y }: PhaseMap,
  edges: readonly number[],
): Cell | null {
  const by = shiftKey ? 10 : 1
  const up = edges[0] < edges[1] ? -by : by
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-by, 0],
    ArrowRight: [by, 0],
    ArrowUp: [0, up],
    ArrowDown: [0, -up],
    Home: [-x.values.length, 0],
    End: [x.values.length, 0],
  }
  const step = steps[key]
  if (step === undefined) return null
  const within = (at: number, length: number) => Math.min(length - 1, Math.max(0, at))
  return {
    column: within(column + step[0], x.values.length),
    row: within(row + step[1], y.values.length),
  }
}

function Cells({
  subject: { map, shown },
  before,
  frame,
  scales,
  shade,
}: {
  readonly subject: Subject
  readonly before: PhaseMap | null
  readonly frame: Frame
  readonly scales: Scales
  readonly shade: Shade
}) {
  const theme = useTheme(({ name }) => name)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const density = window.devicePixelRatio
    const place = canvas.current!
    place.width = Math.round(frame.width * density)
    place.height = Math.round(frame.height * density)
    const context = place.getContext('2d')!
    context.fillStyle = themes[theme].sunken
    context.fillRect(0, 0, place.width, place.height)
    const paint = (of: PhaseMap, alpha: number) => {
      context.globalAlpha = alpha
      paintCells(context, of, of.values[shown.measure], { frame, scales, shade, density })
      context.globalAlpha = 1
    }
    // The last map only lies below where its cells mean the same.
    if (before !== null && before !== map && isSameGrid(before, map)) paint(before, 0.35)
    paint(map, 1)
  }, [map, before, shown, frame, scales, shade, theme])
  const { left, top, width, height } = frame
  return <canvas ref={canvas} className="heat-cells" style={{ left, top, width, height }} />
}

function isSameGrid(one: PhaseMap, other: PhaseMap): boolean {
  const name = ({ x, y }: PhaseMap) => JSON.stringify([x, y])
  return name(one) === name(other)
}

function paintCells(
  context: CanvasRenderingContext2D,
  map: PhaseMap,
  values: Float64Array,
  {
    frame,
    scales,
    shade,
    density,
  }: { frame: Frame; scales: Scales; shade: Shade; density: number },
): void {
  const columns = map.x.values.length
  const [x, y] = [
    scales.x.edges.map((edge) => Math.round((edge - frame.left) * density)),
    scales.y.edges.map((edge) => Math.round((edge - frame.top) * density)),
  ]
  map.known.forEach((isKnown, cell) => {
    if (isKnown === 0) return
    const [row, column] = [Math.floor(cell / columns), cell % columns]
    const top = Math.min(y[row], y[row + 1])
    const size = [x[column + 1] - x[column], Math.abs(y[row + 1] - y[row])] as const
    const value = values[cell]
    if (Number.isNaN(value)) hatch(context, x[column], top, size, density)
    else {
      context.fillStyle = `rgb(${colourOf(shade.share(value)).join(' ')})`
      context.fillRect(x[column], top, ...size)
    }
  })
}

/** A cell without a value. */
function hatch(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  [width, height]: readonly [number, number],
  density: number,
): void {
  context.strokeStyle = '#8A94A1'
  context.lineWidth = density
  context.beginPath()
  context.moveTo(x, y + height)
  context.lineTo(x + width, y)
  context.stroke()
}
