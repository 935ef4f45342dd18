/** The staircase near the cursor: how far each round falls, and whether steps grow. */

import { useMemo } from 'react'
import { decimalsOf, linear, niceStep, niceTicks } from '../../../src/figures/scale.ts'
import { drawable } from '../../../src/figures/staircase.ts'
import { price } from '../../../src/format.ts'
import type { CobwebMap, Report } from '../../../src/report.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import { type Loaded, useReplay } from '../../state/replay.ts'
import type { ReplayFacts } from './facts.ts'

const AXIS = 52
const FOOT = 22
const SIDE_MAX = 224

export function Stairs({ loaded, report }: { readonly loaded: Loaded; readonly report: Report }) {
  const at = useReplay((state) => state.at)
  const [box, width] = useWidth()
  const { columns, facts } = loaded
  const prices = columns.frames.price
  const isClose = isCloseUp(facts, at)
  const window = useMemo(() => windowOf(prices, facts, isClose), [prices, facts, isClose])
  const side = Math.min(SIDE_MAX, width - AXIS - 24)
  return (
    <Card title={titleOf(facts, at, price(prices[facts.last]))}>
      <div className="replay-stairs" ref={box}>
        {side <= 0 ? null : (
          <Drawing map={report.map} prices={prices} at={at} side={side} window={window} />
        )}
        <Key isMap={report.map.whole} />
      </div>
    </Card>
  )
}

/** Prices of the close-up: from a little below the end to a little above the turning point. */
function windowOf(
  prices: Float64Array,
  { last, turning }: ReplayFacts,
  isClose: boolean,
): [number, number] {
  const [final, top] = [prices[last], isClose ? prices[turning! - 1] : prices[0]]
  const fall = Math.max(top - final, top * 0.001)
  return [final - 0.12 * fall, top + (isClose ? 0.45 : 0.08) * fall]
}

/** Whether the cursor stands where the close-up looks; before it the whole staircase is shown. */
function isCloseUp({ turning, last }: ReplayFacts, at: number): boolean {
  return turning !== null && turning > 2 && turning < last && at >= turning - 2
}

function titleOf({ turning, last }: ReplayFacts, at: number, final: string): string {
  if (last === 0) return 'No step: nothing is sold'
  if (at === last) return `The staircase closes at ${final}`
  if (turning === null) return 'The loop dies out: the staircase closes'
  if (at < turning) return 'The steps shrink, for now'
  return at === turning ? 'The staircase leaves the throat' : 'The staircase runs on'
}

function Drawing({
  map,
  prices,
  at,
  side,
  window,
}: {
  readonly map: CobwebMap
  readonly prices: Float64Array
  readonly at: number
  readonly side: number
  readonly window: readonly [number, number]
}) {
  const last = prices.length - 1
  const x = linear(window, [AXIS, AXIS + side])
  const y = linear(window, [side + 8, 8])
  const ticks = niceTicks(window, 4)
  const decimals = decimalsOf(niceStep(window[1] - window[0], 4))
  const line = useMemo(() => lineOf(map, x, y), [map, x, y])
  const now = Math.max(1, at)
  const here = last === 0 ? null : { x: x(prices[now - 1]), y: y(prices[now]) }
  return (
    <svg
      width={AXIS + side + 16}
      height={side + 8 + FOOT}
      role="img"
      aria-label={`The map of a round from ${price(window[0])} to ${price(window[1])}, and the staircase down to ${price(prices[last])}.`}
    >
      <clipPath id="stairs-clip">
        <rect x={AXIS} y={8} width={side} height={side} />
      </clipPath>
      <g className="replay-axis">
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={AXIS} x2={AXIS + side} y1={y(tick)} y2={y(tick)} />
            <line x1={x(tick)} x2={x(tick)} y1={8} y2={side + 8} />
            <text x={AXIS - 6} y={y(tick) + 4} textAnchor="end">
              {price(tick, decimals)}
            </text>
            <text x={x(tick)} y={side + 8 + 16} textAnchor="middle">
              {price(tick, decimals)}
            </text>
          </g>
        ))}
      </g>
      <g clipPath="url(#stairs-clip)">
        <path
          className="stairs-falls"
          d={`${line}L${x(window[1])} ${y(window[1])}L${x(window[0])} ${y(window[0])}Z`}
        />
        <path
          className="stairs-diagonal"
          d={`M${x(window[0])} ${y(window[0])}L${x(window[1])} ${y(window[1])}`}
        />
        <path className="stairs-map" d={line} />
        <path className="stairs-step is-to-come" d={stepsOf(prices, at, last, x, y)} />
        <path className="stairs-step" d={stepsOf(prices, 0, at, x, y)} />
        <circle className="stairs-end" cx={x(prices[last])} cy={y(prices[last])} r={6} />
        {here === null ? null : <circle className="stairs-here" cx={here.x} cy={here.y} r={12} />}
      </g>
      {here === null || at === last ? null : <Here {...here} round={now} />}
      <text
        className="replay-price-now halo"
        x={x(prices[last]) + 12}
        y={Math.min(y(prices[last]) + 20, side + 4)}
      >
        {at === last ? 'settles' : 'will settle'} at {price(prices[last])}
      </text>
    </svg>
  )
}

/** The name of the round, above the diagonal, where nothing else is drawn. */
function Here({ x, y, round }: { readonly x: number; readonly y: number; readonly round: number }) {
  const isLeft = x - AXIS < 84
  return (
    <text
      className="strong halo"
      x={isLeft ? AXIS + 6 : x - 16}
      y={isLeft ? y - 18 : y - 4}
      textAnchor={isLeft ? 'start' : 'end'}
    >
      round {round}
    </text>
  )
}

type Place = (value: number) => number

function lineOf(map: CobwebMap, x: Place, y: Place): string {
  const { before, after } = drawable(map)
  return `M${before.map((one, i) => `${x(one).toFixed(1)} ${y(after[i]).toFixed(1)}`).join('L')}`
}

/** Down from the diagonal to the map, then across to the diagonal, for the rounds of a stretch. */
function stepsOf(prices: Float64Array, from: number, upTo: number, x: Place, y: Place): string {
  let path = `M${x(prices[from])} ${y(prices[from])}`
  for (let f = from + 1; f <= upTo; f++) path += `V${y(prices[f])}H${x(prices[f])}`
  return path
}

function Key({ isMap }: { readonly isMap: boolean }) {
  return (
    <div className="replay-key note">
      <p>
        <strong>Slope of the {isMap ? 'map' : 'line'} = gain.</strong> Flatter than the diagonal:
        steps shrink. Steeper: steps grow.
      </p>
      <p>
        <svg width="20" height="12" aria-hidden="true">
          <path className="stairs-step" d="M1 2h9v8h9" />
        </svg>
        played
      </p>
      <p>
        <svg width="20" height="12" aria-hidden="true">
          <path className="stairs-step is-to-come" d="M1 2h9v8h9" />
        </svg>
        to come
      </p>
      <p>
        <svg width="20" height="14" aria-hidden="true">
          <circle className="stairs-here" cx="10" cy="7" r="5.5" />
        </svg>
        this round
      </p>
    </div>
  )
}
