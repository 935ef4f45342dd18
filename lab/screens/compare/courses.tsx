/** One pair over time: every arm on the same path, with a cursor that reads all of them. */

import { useState } from 'react'
import { linear, niceTicks } from '../../../src/figures/scale.ts'
import { count, duration, missing, money, price } from '../../../src/format.ts'
import type { Course } from '../../engine/compareTypes.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import { type Side, sides } from '../../state/arms.ts'
import { armsOf, type Shown, useCompare } from '../../state/compare.ts'
import { dashes, Sign } from './mark.tsx'
import { apart, type Frame, fillOf, frameOf, Plot, pathOf, type Tick } from './plot.tsx'

type Look = 'price' | 'liquidated'

/** A line of the chart: an arm, or the scenario as it is beside them. */
interface Line {
  readonly side: Side | null
  readonly course: Course
}

export function Courses({ shown }: { readonly shown: Shown }) {
  const drawn = useCompare((state) => state.courses)
  const courses = drawn?.arms === armsOf(shown.ask) ? drawn : null
  const [look, setLook] = useState<Look>('price')
  const [share, setShare] = useState<number | null>(null)
  const [box, width] = useWidth()
  const arms = shown.compared.report.arms.length
  const lines = (courses?.of ?? []).map((course, arm): Line => {
    return { side: arm < arms ? sides[arm] : null, course }
  })
  const isReady = lines.length >= arms && lines[0].course.seconds.length > 1
  return (
    <Card
      title={isReady ? titleOf(lines, look) : 'One pair over time'}
      note={
        courses === null
          ? 'the pair is being drawn'
          : `pair ${courses.pair + 1}: the same path, book and depth for every arm; move to read`
      }
      tools={<Switch look={look} set={setLook} />}
    >
      <div ref={box} className="cmp-box">
        {isReady && width > 0 ? (
          <Chart
            lines={lines}
            look={look}
            frame={frameOf(width)}
            share={share ?? lowestShare(lines)}
            onPoint={setShare}
          />
        ) : (
          <p className="note cmp-empty">–</p>
        )}
      </div>
      {isReady ? (
        <>
          <Cursor lines={lines} share={share ?? lowestShare(lines)} set={setShare} look={look} />
          <Numbers lines={lines} look={look} />
        </>
      ) : null}
    </Card>
  )
}

function Switch({ look, set }: { readonly look: Look; readonly set: (look: Look) => void }) {
  return (
    <div className="segmented">
      {(['price', 'liquidated'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={look === one} onClick={() => set(one)}>
          {one === 'price' ? 'Price' : 'Liquidated'}
        </button>
      ))}
    </div>
  )
}

function Chart({
  lines,
  look,
  frame,
  share,
  onPoint,
}: {
  readonly lines: readonly Line[]
  readonly look: Look
  readonly frame: Frame
  readonly share: number
  readonly onPoint: (share: number) => void
}) {
  const { left, right, top, bottom } = frame
  const { seconds } = lines[0].course
  const all = lines.flatMap(({ course }) => course[look])
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const room = (high - low || 1) * 0.06
  const x = linear([0, seconds[seconds.length - 1]], [left, right])
  const y = linear([look === 'price' ? low - room : 0, high + room], [bottom, top])
  const at = indexAt(seconds, share)
  const steps = niceTicks([y.domain[0], y.domain[1]], 5)
  const decimals = (steps[1] ?? 1) - (steps[0] ?? 0) >= 1 ? 0 : 2
  const text = (value: number) => (look === 'price' ? price(value, decimals) : money(value))
  const cursor = x(seconds[at])
  const isLeft = cursor > (left + right) / 2
  const places = apart(
    lines.map(({ course }) => y(course[look][at]) + 4),
    16,
    top + 10,
    bottom - 4,
  )
  return (
    <Plot
      frame={frame}
      x={x}
      y={y}
      xTicks={timeTicks(seconds[seconds.length - 1], right - left)}
      yTicks={steps.map((value) => ({ at: value, text: text(value) }))}
      label={`${titleOf(lines, look)}. The slider below reads it; the table has all points.`}
      onPoint={onPoint}
    >
      {[...lines].reverse().map(({ side, course }) => (
        <path
          key={side ?? 'none'}
          d={pathOf(course.seconds.map(x), course[look].map(y))}
          className={`cmp-line stroke-${side ?? 'none'}`}
          strokeDasharray={side === null ? undefined : dashes[side]}
        />
      ))}
      <line x1={cursor} x2={cursor} y1={top - 6} y2={bottom} className="cursor" />
      <text x={cursor} y={top - 12} textAnchor={anchorOf(cursor, frame)} className="strong">
        {clockOf(seconds[at])}
      </text>
      {lines.map(({ side, course }, i) => (
        <g key={side ?? 'none'}>
          <Sign side={side} x={cursor} y={y(course[look][at])} />
          <text
            x={cursor + (isLeft ? -12 : 12)}
            y={places[i]}
            textAnchor={isLeft ? 'end' : 'start'}
            className={`halo ${side === null ? 'quiet' : `arm-${side}`}`}
          >
            {side === null ? 'as it is' : side.toUpperCase()} {valueText(course[look][at], look)}
          </text>
        </g>
      ))}
    </Plot>
  )
}

function anchorOf(x: number, { left, right }: Frame): 'start' | 'middle' | 'end' {
  return x < left + 40 ? 'start' : x > right - 40 ? 'end' : 'middle'
}

function Cursor({
  lines,
  share,
  set,
  look,
}: {
  readonly lines: readonly Line[]
  readonly share: number
  readonly set: (share: number) => void
  readonly look: Look
}) {
  const { seconds } = lines[0].course
  const at = indexAt(seconds, share)
  const words = lines.map(
    ({ side, course }) =>
      `${side === null ? 'as it is' : side.toUpperCase()} ${valueText(course[look][at], look)}`,
  )
  return (
    <input
      type="range"
      className="cmp-cursor"
      style={fillOf(at / (seconds.length - 1))}
      aria-label="Time at which the lines are read"
      aria-valuetext={`${clockOf(seconds[at])}: ${words.join(', ')}`}
      min={0}
      max={seconds.length - 1}
      value={at}
      onChange={(event) => set(Number(event.target.value) / (seconds.length - 1))}
    />
  )
}

function Numbers({ lines, look }: { readonly lines: readonly Line[]; readonly look: Look }) {
  const { seconds } = lines[0].course
  const rows = Array.from({ length: 13 }, (_, i) => indexAt(seconds, i / 12))
  return (
    <details className="cmp-numbers">
      <summary>Table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">time</th>
            {lines.map(({ side }) => (
              <th key={side ?? 'none'} scope="col">
                {side === null ? 'as it is' : side.toUpperCase()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((at) => (
            <tr key={at}>
              <th scope="row">{clockOf(seconds[at])}</th>
              {lines.map(({ side, course }) => (
                <td key={side ?? 'none'}>{valueText(course[look][at], look)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

/** The finding: where each arm was lowest, or what it came to. */
function titleOf(lines: readonly Line[], look: Look): string {
  const [a, b] = lines
  const { asset } = a.course
  const of = ({ course }: Line) =>
    look === 'price' ? price(Math.min(...course.price)) : money(course.liquidated.at(-1) ?? null)
  return look === 'price'
    ? `${asset} falls to ${of(a)} with A and ${of(b)} with B`
    : `A liquidates ${of(a)} and B ${of(b)}`
}

function valueText(value: number, look: Look): string {
  return look === 'price' ? price(value) : money(value)
}

function indexAt(seconds: readonly number[], share: number): number {
  return Math.round(share * (seconds.length - 1))
}

/** Where the first arm is lowest: what is looked at first. */
function lowestShare([{ course }]: readonly Line[]): number {
  const at = course.price.indexOf(Math.min(...course.price))
  return at / (course.price.length - 1)
}

function clockOf(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return seconds < 120 ? duration(seconds) : `${count(minutes)} min`
  const rest = minutes % 60
  return `${count(Math.floor(minutes / 60))} h${rest === 0 ? '' : ` ${rest} min`}`
}

function timeTicks(most: number, width: number): Tick[] {
  const wanted = Math.max(2, Math.floor(width / 90))
  const step = TIME_STEPS.find((one) => most / one <= wanted) ?? TIME_STEPS.at(-1)!
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
  return ticks.map((at) => ({ at, text: at === 0 ? '0' : clockOf(at) || missing }))
}

const TIME_STEPS = [10, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]
