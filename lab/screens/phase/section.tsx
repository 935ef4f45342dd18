/** One row or column of the map as a line: the colours, explained. */

import { linear, niceTicks } from '../../../src/figures/scale.ts'
import { pathThrough } from '../../../src/figures/svg.ts'
import { extremes } from '../../../src/figures/sweepFacts.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import type { Input } from './axis.ts'
import { axisWords, tickWords } from './facts.ts'
import { MOST, type Shown, valueWords } from './shade.ts'

export interface SectionProps {
  readonly title: string
  readonly note: string
  readonly along: Input
  readonly shown: Shown
  readonly numbers: readonly number[]
  readonly values: readonly number[]
  /** The cell of the scenario as it is; null where it lies on none. */
  readonly you: number | null
  /** Where the section ignites; null: nowhere. */
  readonly edge: number | null
}

export function Section(props: SectionProps) {
  const { title, note } = props
  const [box, width] = useWidth()
  return (
    <Card title={title} note={note}>
      <div ref={box} className="section">
        {width === 0 ? null : <Line {...props} width={width} />}
      </div>
    </Card>
  )
}

function Line({
  title,
  along,
  shown,
  numbers,
  values,
  you,
  edge,
  width,
}: SectionProps & { readonly width: number }) {
  const height = 150
  const [left, right, top, bottom] = [44, 20, 18, height - 24]
  const isTimes = shown.unit === 'times'
  const capped = values.map((value) => (isTimes ? Math.min(MOST, value) : value))
  const known = capped.filter((value) => !Number.isNaN(value))
  const [least, most] = extremes(isTimes ? [1, ...known] : [0, ...known])
  const y = linear([least, most > least ? most : least + 1], [bottom, top])
  const x = linear([numbers[0], numbers[numbers.length - 1]], [left, width - right])
  const ticks = niceTicks(y.domain, 4)
  const points = numbers.map((number, k) => ({ x: x(number), y: y(capped[k]) }))
  const value = you === null ? Number.NaN : values[you]
  const words = valueWords(shown, value)
  const at = you === null ? '' : ` at ${axisWords(along, numbers[you])}`
  const summary = `${title}: ${shown.name} ${words}${at}`
  return (
    <svg width={width} height={height} role="img" aria-label={summary}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
          <text className="tick" x={left - 6} y={y(tick) + 4} textAnchor="end">
            {valueWords(shown, tick).replace(/^[×>]+|\.0(?=[MB])|0$/g, '')}
            {isTimes && tick === MOST ? '+' : ''}
          </text>
        </g>
      ))}
      {niceTicks(x.domain, Math.max(2, Math.round(width / 90))).map((tick) => (
        <text key={tick} className="tick" x={x(tick)} y={height - 6} textAnchor="middle">
          {tickWords(along, tick)}
        </text>
      ))}
      {edge === null ? null : (
        <line className="edge" x1={x(edge)} x2={x(edge)} y1={top} y2={bottom} />
      )}
      {runsOf(points).map((run) => (
        <path key={run[0].x} className="curve" d={pathThrough(run)} />
      ))}
      {you === null || Number.isNaN(value) ? null : <Here {...{ words, width }} at={points[you]} />}
    </svg>
  )
}

function Here({
  words,
  at,
  width,
}: {
  readonly words: string
  readonly at: { readonly x: number; readonly y: number }
  readonly width: number
}) {
  const isEnd = at.x > width - 90
  return (
    <g>
      <circle className="dot" cx={at.x} cy={at.y} r={5} />
      <text
        className="here"
        x={isEnd ? at.x - 8 : at.x + 8}
        y={Math.max(12, at.y - 8)}
        textAnchor={isEnd ? 'end' : 'start'}
      >
        {words}
      </text>
    </g>
  )
}

/** Parts of a line between values that are missing. */
function runsOf(points: readonly { x: number; y: number }[]): { x: number; y: number }[][] {
  const runs: { x: number; y: number }[][] = [[]]
  for (const point of points)
    if (Number.isNaN(point.y)) runs.push([])
    else runs[runs.length - 1].push(point)
  return runs.filter((run) => run.length > 0)
}
