/** How the pairs differ: the share of them below each difference, and which one is drawn. */

import { useState } from 'react'
import { rowWords } from '../../../src/figures/compareFacts.ts'
import { linear, niceTicks } from '../../../src/figures/scale.ts'
import { shown as amount } from '../../../src/figures/sweepFacts.ts'
import { percent } from '../../../src/format.ts'
import type { MeasureRow } from '../../../src/sweep/compare.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import type { Side } from '../../state/arms.ts'
import { type Shown, show, useCompare } from '../../state/compare.ts'
import { differencesOf, drawable, middlePair, sideThere, signWords } from './facts.ts'
import { Sign } from './mark.tsx'
import { type Frame, fillOf, frameOf, Plot } from './plot.tsx'

type Differing = ReturnType<typeof differencesOf>

export function Differences({ shown }: { readonly shown: Shown }) {
  const { against, measure, pair, courses } = useCompare()
  const [box, width] = useWidth()
  const [over, setOver] = useState<number | null>(null)
  const rows = drawable(shown)
  const row = rows.find(({ name }) => name === measure) ?? rows[0]
  const side = sideThere(shown, against)
  const all = differencesOf(shown, side, row.name)
  const drawn = pair ?? courses?.pair ?? middlePair(shown, side, row.name)
  const at = all.findIndex((one) => one.pair === drawn)
  const rank = over ?? Math.max(0, at)
  const pick = (index: number) => all[index] && show({ pair: all[index].pair })
  const rankAt = (share: number, x: ReturnType<typeof scaleOf>['x']) => nearest(all, x, share)
  return (
    <Card
      title={`${signWords(row, side)}: ${rowWords(row)}`}
      note={`share of pairs below each difference, ${side.toUpperCase()} − A; each dot a pair`}
      tools={
        <select
          className="cmp-measure"
          aria-label="Measure that is drawn"
          value={row.name}
          onChange={(event) => show({ measure: event.target.value })}
        >
          {rows.map((one) => (
            <option key={one.name} value={one.name}>
              {rowWords(one)}
            </option>
          ))}
        </select>
      }
    >
      <div ref={box} className="cmp-box">
        {width > 0 && all.length > 1 ? (
          <Chart
            {...{ all, row, side, rank }}
            frame={frameOf(width)}
            onPoint={(share, x) => setOver(rankAt(share, x))}
            onPick={(share, x) => pick(rankAt(share, x))}
          />
        ) : (
          <p className="note cmp-empty">–</p>
        )}
      </div>
      {all.length > 1 ? (
        <>
          <input
            type="range"
            className="cmp-cursor"
            style={fillOf(Math.max(0, at) / (all.length - 1))}
            aria-label="Pair that is drawn over time, by its difference"
            aria-valuetext={`pair ${(all[Math.max(0, at)]?.pair ?? 0) + 1}, ${side.toUpperCase()} − A ${text(row, all[Math.max(0, at)]?.by ?? 0)}`}
            min={0}
            max={all.length - 1}
            value={Math.max(0, at)}
            onChange={(event) => {
              setOver(null)
              pick(Number(event.target.value))
            }}
          />
          <Numbers all={all} row={row} side={side} />
        </>
      ) : null}
    </Card>
  )
}

function scaleOf(all: Differing, { left, right, top, bottom }: Frame) {
  const low = Math.min(0, all[0].by)
  const high = Math.max(0, all[all.length - 1].by)
  const room = (high - low || 1) * 0.04
  return {
    x: linear([low - room, high + room], [left, right]),
    y: linear([0, 1], [bottom, top]),
  }
}

function Chart({
  all,
  row,
  side,
  rank,
  frame,
  onPoint,
  onPick,
}: {
  readonly all: Differing
  readonly row: MeasureRow
  readonly side: Side
  readonly rank: number
  readonly frame: Frame
  readonly onPoint: (share: number, x: ReturnType<typeof scaleOf>['x']) => void
  readonly onPick: (share: number, x: ReturnType<typeof scaleOf>['x']) => void
}) {
  const { left, right, top, bottom } = frame
  const { x, y } = scaleOf(all, frame)
  const share = (i: number) => (i + 1) / all.length
  const steps = all.map(({ by }, i) => `H${x(by).toFixed(1)}V${y(share(i)).toFixed(1)}`).join('')
  const zero = x(0)
  const one = all[Math.min(rank, all.length - 1)]
  const cursor = x(one.by)
  const isLeft = cursor > (left + right) / 2
  const below = row.better === 'higher' ? 'A' : side.toUpperCase()
  const above = row.better === 'higher' ? side.toUpperCase() : 'A'
  const verdict = row.better === null ? ['less', 'more'] : [`${below} better`, `${above} better`]
  return (
    <Plot
      frame={frame}
      x={x}
      y={y}
      xTicks={ticksOf(x.domain, right - left, row)}
      yTicks={[0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: percent(at, 0) }))}
      label={`Differences of ${all.length} pairs in ${rowWords(row)}, from ${text(row, all[0].by)} to ${text(row, all[all.length - 1].by)}. The slider below picks a pair.`}
      onPoint={(at) => onPoint(at, x)}
      onPick={(at) => onPick(at, x)}
    >
      <line x1={zero} x2={zero} y1={top} y2={bottom} className="zero" />
      {zero - left > 70 ? (
        <text x={zero - 6} y={top - 10} textAnchor="end">
          ← {verdict[0]}
        </text>
      ) : null}
      {right - zero > 70 ? (
        <text x={zero + 6} y={top - 10}>
          {verdict[1]} →
        </text>
      ) : null}
      <path d={`M${left} ${bottom}${steps}H${right}`} className={`cmp-line stroke-${side}`} />
      {all.map(({ pair, by }, i) => (
        <circle key={pair} cx={x(by)} cy={y(share(i))} r="2.5" className={`fill-${side}`} />
      ))}
      <line x1={cursor} x2={cursor} y1={top} y2={bottom} className="cursor" />
      <Sign side={side} x={cursor} y={y(share(rank))} />
      <text
        x={cursor + (isLeft ? -12 : 12)}
        y={Math.min(bottom - 8, Math.max(top + 12, y(share(rank)) + (isLeft ? -10 : 18)))}
        textAnchor={isLeft ? 'end' : 'start'}
        className="halo strong"
      >
        pair {one.pair + 1}: {text(row, one.by)}
      </text>
    </Plot>
  )
}

function nearest(all: Differing, x: ReturnType<typeof scaleOf>['x'], share: number): number {
  const [from, to] = x.domain
  const value = from + share * (to - from)
  let best = 0
  for (let i = 1; i < all.length; i++)
    if (Math.abs(all[i].by - value) < Math.abs(all[best].by - value)) best = i
  return best
}

function ticksOf(domain: readonly [number, number], width: number, row: MeasureRow) {
  return niceTicks(domain, Math.max(2, Math.floor(width / 90))).map((at) => ({
    at,
    text: at === 0 ? '0' : text(row, at),
  }))
}

function text({ unit }: MeasureRow, value: number): string {
  const words = unit === 'seconds' ? `${Math.round(value / 6) / 10} min` : amount(value, unit)
  return `${value > 0 ? '+' : ''}${words.replace(/^-/, '−')}`
}

function Numbers({
  all,
  row,
  side,
}: {
  readonly all: Differing
  readonly row: MeasureRow
  readonly side: Side
}) {
  const shares = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
  return (
    <details className="cmp-numbers">
      <summary>Table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">share of pairs</th>
            <th scope="col">{side.toUpperCase()} − A at most</th>
            <th scope="col">pair</th>
          </tr>
        </thead>
        <tbody>
          {shares.map((share) => {
            const { pair, by } = all[Math.max(0, Math.ceil(share * all.length) - 1)]
            return (
              <tr key={share}>
                <th scope="row">{percent(share, 0)}</th>
                <td>{text(row, by)}</td>
                <td>{pair + 1}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </details>
  )
}
