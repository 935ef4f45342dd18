/** The heat map: cells on a canvas, everything that is read over them as shapes and words. */

import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { pathThrough } from '../../../src/figures/svg.ts'
import { themes } from '../../../src/figures/theme.ts'
import { points } from '../../../src/format.ts'
import { DROP_KEY, IGNITES_AT } from '../../engine/phaseMap.ts'
import { useWidth } from '../../parts/picture.tsx'
import { type Cell, cell as cellOf, look, type PhaseMap, usePhase } from '../../state/phase.ts'
import { useTheme } from '../../state/theme.ts'
import { contour } from './contour.ts'
import { axisWords, cellWords, edgesOf, type Subject, tickWords } from './facts.ts'
import { cellAt, type Frame, fieldOf, knownEdges, pixelOf, roomiest, scalesOf } from './frame.ts'
import { colourOf, type Shade, shadeOf, valueWords } from './shade.ts'

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
  const under = (event: PointerEvent<HTMLDivElement>) => {
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
          aria-label={`${shown.name} over ${subject.x.name} and ${subject.y.name}; arrow keys read cells, Enter loads one in Lab`}
          onKeyDown={keys}
          onPointerMove={(event) => event.pointerType === 'mouse' && look(under(event))}
          onPointerLeave={(event) => event.pointerType === 'mouse' && look(null)}
          onClick={(event) => {
            const { left, top } = event.currentTarget.getBoundingClientRect()
            const cell = cellAt(scales, { x: event.clientX - left, y: event.clientY - top })
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

type Scales = ReturnType<typeof scalesOf>

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

/** Everything over the cells. */
function Over({
  subject,
  frame,
  scales,
  height,
  width,
  cursor,
}: {
  readonly subject: Subject
  readonly frame: Frame
  readonly scales: Scales
  readonly height: number
  readonly width: number
  readonly cursor: Cell | null
}) {
  const { map, x, y } = subject
  const { left, top } = frame
  const bottom = top + frame.height
  return (
    <svg className="heat-over" width={width} height={height} aria-hidden="true">
      {scales.x.ticks.map((tick) => (
        <text key={tick} className="tick" x={scales.x(tick)} y={bottom + 16} textAnchor="middle">
          {tickWords(x, tick)}
        </text>
      ))}
      {scales.y.ticks.map((tick) => (
        <text key={tick} className="tick" x={left - 8} y={scales.y(tick) + 4} textAnchor="end">
          {tickWords(y, tick)}
        </text>
      ))}
      <text className="axis" x={left + frame.width / 2} y={bottom + 38} textAnchor="middle">
        {x.name}
      </text>
      {frame.left < 60 ? null : (
        <text
          className="axis"
          textAnchor="middle"
          transform={`translate(14 ${top + frame.height / 2}) rotate(-90)`}
        >
          {y.name}
          {y.isLog ? ' (log scale)' : ''}
        </text>
      )}
      <Regions {...{ subject, scales }} />
      <Contour {...{ map, scales }} />
      <Arrow {...{ subject, frame, scales }} />
      {cursor === null ? null : <Ring {...{ scales, cursor }} />}
    </svg>
  )
}

function Contour({ map, scales }: { map: PhaseMap; scales: Scales }) {
  const pieces = contour(fieldOf(map, 'feedback'), IGNITES_AT, LEAP, knownEdges(map))
  return (
    <g className="contour">
      {pieces.map(({ places, isJump }) => {
        const d = pathThrough(places.map((place) => pixelOf(map, scales, place)))
        return (
          <g key={`${isJump} ${d}`} className={isJump ? 'jump' : ''}>
            <path className="contour-rim" d={d} />
            <path className="contour-line" d={d} />
          </g>
        )
      })}
    </g>
  )
}

/** Feedback that more than doubles what ignition is declared at, in one cell, is a jump. */
const LEAP = 2

/** What the two sides of the line are, in the roomiest cell of each. */
function Regions({ subject, scales }: { subject: Subject; scales: Scales }) {
  const { map, row: own } = subject
  const [columns, rows] = [map.x.values.length, map.y.values.length]
  const sides = [
    { word: 'absorbed', isPast: false },
    { word: 'runs away', isPast: true },
  ].flatMap(({ word, isPast }) => {
    const place = roomiest(columns, rows, (row, column) => {
      const feedback = map.values.feedback[cellOf(map, { row, column })]
      const isClear = own < 0 || Math.abs(row - own) > 2
      return isClear && !Number.isNaN(feedback) && feedback > IGNITES_AT === isPast
    })
    const cell = Math.abs(scales.x.edges[1] - scales.x.edges[0])
    // Half of the word must fit beside its middle.
    return place === null || place.room * cell < 44 ? [] : [{ word, place }]
  })
  return sides.map(({ word, place }) => {
    const { x, y } = pixelOf(map, scales, place)
    return (
      <text key={word} className="region" x={x} y={y + 5} textAnchor="middle">
        {word}
      </text>
    )
  })
}

/** You, and how far it is to the line along the row. */
function Arrow({
  subject,
  frame,
  scales,
}: {
  readonly subject: Subject
  readonly frame: Frame
  readonly scales: Scales
}) {
  const { map, x, you, row } = subject
  const isDrop = x.key === DROP_KEY
  if (row < 0 || (you === null && !isDrop)) return null
  const at = pixelOf(map, scales, you ?? { column: 0, row })
  const { across } = edgesOf(subject)
  const from = isDrop ? frame.left : at.x
  const end = across === null ? null : scales.x(across)
  const isRoom = end !== null && Math.abs(end - from) > 24
  const way = end !== null && end < from ? -1 : 1
  const words = isDrop ? `today: ${points(across)} to ignition` : 'to ignition'
  const low = at.y + 22 > frame.top + frame.height ? at.y - 12 : at.y + 20
  return (
    <g>
      {isRoom ? (
        <g className="distance">
          <path className="distance-rim" d={`M${from} ${at.y}H${end}`} />
          <path className="distance-line" d={`M${from} ${at.y}H${end - way * 6}`} />
          <path className="distance-head" d={`M${end} ${at.y}l${-way * 9} -5v10z`} />
          <text className="mark" x={Math.min(from, end) + 12} y={low}>
            {words}
          </text>
        </g>
      ) : null}
      {you === null ? null : (
        <g>
          <circle className="you-rim" cx={at.x} cy={at.y} r={8} />
          <circle className="you" cx={at.x} cy={at.y} r={4.5} />
        </g>
      )}
    </g>
  )
}

function Ring({ scales, cursor }: { scales: Scales; cursor: Cell }) {
  const [x, y] = [scales.x.edges, scales.y.edges]
  const top = Math.min(y[cursor.row], y[cursor.row + 1])
  const box = {
    ...{ x: x[cursor.column], y: top },
    ...{
      width: x[cursor.column + 1] - x[cursor.column],
      height: Math.abs(y[cursor.row + 1] - y[cursor.row]),
    },
  }
  return (
    <g>
      <rect className="ring-rim" {...box} />
      <rect className="ring" {...box} />
    </g>
  )
}

/** The card beside the cell that is looked at. */
function Tip({
  subject,
  scales,
  frame,
  at,
}: {
  readonly subject: Subject
  readonly scales: Scales
  readonly frame: Frame
  readonly at: Cell
}) {
  const { map, x, y, shown, you } = subject
  const { x: left, y: top } = pixelOf(map, scales, at)
  const k = cellOf(map, at)
  const isYou = you?.column === at.column && you.row === at.row
  const isRight = left > frame.left + frame.width - 270
  const isLow = top > frame.top + frame.height - 100
  const place = {
    left: isRight ? left - 254 : left + 20,
    top: isLow ? top - 92 : top + 10,
  }
  const settles = map.values.final_drop[k]
  const value = map.values[shown.measure][k]
  return (
    <div className="tip" style={place} aria-hidden="true">
      <strong>{isYou ? 'your scenario' : 'this cell'}</strong>
      <span>
        {axisWords(x, map.x.numbers[at.column])} · {axisWords(y, map.y.numbers[at.row])}{' '}
        <small>{y.name}</small>
      </span>
      <b>
        {Number.isNaN(settles)
          ? 'no value'
          : `settles at ${axisWords({ ...x, key: DROP_KEY }, settles)} · ${valueWords(shown, value)}`}
      </b>
    </div>
  )
}
