/** What lies over the cells: axes, the line of ignition, you, and the cell that is looked at. */

import { pathThrough } from '../../../src/figures/svg.ts'
import { points } from '../../../src/format.ts'
import { DROP_KEY, IGNITES_AT } from '../../engine/phaseMap.ts'
import { type Cell, cell as cellOf, type PhaseMap } from '../../state/phase.ts'
import { contour } from './contour.ts'
import { axisWords, edgesOf, type Subject, tickWords } from './facts.ts'
import { type Frame, fieldOf, knownEdges, pixelOf, roomiest, type Scales } from './frame.ts'
import { valueWords } from './shade.ts'

/** Everything over the cells. */
export function Over({
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
export function Tip({
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
