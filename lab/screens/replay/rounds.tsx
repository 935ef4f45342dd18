/** Price, sales and gain by round: what is right of the cursor has not been played. */

import { memo, useCallback, useMemo, useState } from 'react'
import { linear, niceTicks } from '../../../src/figures/scale.ts'
import { factor, money, price } from '../../../src/format.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import { type Loaded, useReplay } from '../../state/replay.ts'
import { usePointer } from './pointer.ts'
import { known } from './words.ts'

const HEIGHT = 232
const LEFT = 56
const PRICE = { top: 14, bottom: 112 }
const BARS = { top: 128, bottom: 186 }
const GAIN = 204
const ROUND = 224

/** Where everything stands. */
function scaleOf({ columns, facts }: Loaded, width: number) {
  const { frames } = columns
  const right = 60
  const slot = (width - LEFT - right) / (facts.last + 1)
  const low = frames.price.reduce((least, one) => Math.min(least, one))
  const high = frames.price.reduce((most, one) => Math.max(most, one))
  const pad = (high - low || high || 1) * 0.06
  const most = frames.repaidUsd.reduce((largest, one) => Math.max(largest, one), 0)
  return {
    ...{ width, slot, most, low, high },
    /** Middle of a frame's slot; the price falls at its left edge. */
    x: (frame: number) => LEFT + slot * (frame + 0.5),
    y: linear([low - pad, high + pad], [PRICE.bottom, PRICE.top]),
    height: (usd: number) => (most === 0 ? 0 : (usd / most) * (BARS.bottom - BARS.top)),
  }
}

type Scale = ReturnType<typeof scaleOf>

export function Rounds({ loaded }: { readonly loaded: Loaded }) {
  const [box, width] = useWidth()
  const [isTable, setTable] = useState(false)
  const scale = useMemo(() => scaleOf(loaded, width), [loaded, width])
  const frameAt = useCallback((x: number) => (x - LEFT) / scale.slot - 0.5, [scale])
  usePointer(box, frameAt)
  return (
    <Card
      title="Price, sales and gain by round"
      tools={
        <p className="note">
          {isTable ? null : 'right of the cursor: not yet played · '}
          <button
            type="button"
            className="replay-link"
            aria-pressed={isTable}
            onClick={() => setTable(!isTable)}
          >
            Table
          </button>
        </p>
      }
    >
      {isTable ? <RoundTable loaded={loaded} /> : null}
      <div ref={box} className="replay-rounds" hidden={isTable}>
        {width === 0 ? null : <Drawing loaded={loaded} scale={scale} />}
      </div>
    </Card>
  )
}

function Drawing({ loaded, scale }: { readonly loaded: Loaded; readonly scale: Scale }) {
  const { columns, facts } = loaded
  const at = useReplay((state) => state.at)
  const { x, y, slot, width } = scale
  const edge = x(at)
  const { last } = facts
  const isNear = edge > width - 140
  return (
    <svg
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={`Price, sales and gain by round; the cursor is on round ${at} of ${last}.`}
    >
      <rect
        className="replay-unplayed"
        x={edge - slot / 2}
        y={0}
        width={Math.max(0, x(last) + slot / 2 - edge + slot / 2)}
        height={HEIGHT - 12}
      />
      <Axis scale={scale} />
      <path className="replay-price" d={pricePath(loaded, scale, 0, at)} />
      <path className="replay-price is-to-come" d={pricePath(loaded, scale, at, last)} />
      <Bars loaded={loaded} scale={scale} at={at} />
      <line
        className="replay-cursor"
        x1={edge}
        x2={edge}
        y1={4}
        y2={Math.min(BARS.top + 26, BARS.bottom - scale.height(columns.frames.repaidUsd[at]) - 18)}
      />
      <path className="replay-cursor-head" d={`M${edge - 6} 0h12l-6 8z`} />
      {at === facts.turning ? (
        <text
          x={isNear ? edge - 10 : edge + 10}
          y={16}
          textAnchor={isNear ? 'end' : 'start'}
          className="strong"
        >
          gain passes 1
        </text>
      ) : null}
      <circle className="replay-now" cx={edge} cy={y(columns.frames.price[at])} r={5} />
      <text
        className="replay-price-now"
        x={edge - 9}
        y={y(columns.frames.price[at]) + 18}
        textAnchor="end"
      >
        {price(columns.frames.price[at])}
      </text>
      {at === last ? null : (
        <text
          className="replay-price-now"
          x={x(last) + slot / 2 + 6}
          y={y(columns.frames.price[last]) + 4}
        >
          {price(columns.frames.price[last])}
        </text>
      )}
    </svg>
  )
}

const Axis = memo(({ scale: { low, high, y, width } }: { readonly scale: Scale }) => (
  <g className="replay-axis">
    {niceTicks([low, high], 3).map((tick) => (
      <g key={tick}>
        <line x1={LEFT} x2={width - 60} y1={y(tick)} y2={y(tick)} />
        <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
          {price(tick)}
        </text>
      </g>
    ))}
    <text x={LEFT - 8} y={GAIN} textAnchor="end">
      gain
    </text>
    <text x={LEFT - 8} y={ROUND} textAnchor="end">
      round
    </text>
    <line className="replay-base" x1={LEFT} x2={width - 60} y1={BARS.bottom} y2={BARS.bottom} />
  </g>
))

/** Steps: the price of a frame stands over its slot, and falls between two. */
function pricePath({ columns }: Loaded, { x, y, slot }: Scale, from: number, upTo: number): string {
  const { price: prices } = columns.frames
  let path = `M${from === 0 ? x(0) - slot / 2 : x(from)} ${y(prices[from])}`
  for (let f = from + 1; f <= upTo; f++) path += `H${x(f) - slot / 2}V${y(prices[f])}`
  return `${path}H${x(upTo) + (upTo === columns.frames.price.length - 1 ? slot / 2 : 0)}`
}

function Bars({
  loaded,
  scale,
  at,
}: {
  readonly loaded: Loaded
  readonly scale: Scale
  readonly at: number
}) {
  const { columns, facts } = loaded
  const { x, slot, height, most } = scale
  const every = Math.max(1, Math.ceil(40 / slot))
  const { unit, word } = most >= 1e6 ? { unit: 1e6, word: '$M' } : { unit: 1e3, word: '$k' }
  const rounds = Array.from({ length: facts.last }, (_, i) => i + 1)
  return (
    <g className="replay-bars">
      <text className="tick" x={LEFT - 8} y={BARS.bottom - 6} textAnchor="end">
        {word}
      </text>
      {rounds.map((round) => {
        const usd = columns.frames.repaidUsd[round]
        const gain = known(columns.frames.gain[round])
        const tall = height(usd)
        const isShown = round === at || (round - at) % every === 0
        const state = round > at ? ' is-to-come' : ''
        return (
          <g key={round} className={round === at ? 'is-now' : undefined}>
            <rect
              className={(round === 1 ? 'bar-first' : 'bar-total') + state}
              x={x(round) - slot * 0.34}
              y={BARS.bottom - tall}
              width={slot * 0.68}
              height={tall}
              rx={1.5}
            />
            {isShown ? (
              <>
                <text x={x(round)} y={BARS.bottom - tall - 5} textAnchor="middle">
                  {shortOf(usd, unit)}
                </text>
                <text
                  x={x(round)}
                  y={GAIN}
                  textAnchor="middle"
                  className={gain !== null && gain > 1 ? 'is-growing' : undefined}
                >
                  {factor(gain)}
                </text>
                <text x={x(round)} y={ROUND} textAnchor="middle">
                  {round}
                </text>
              </>
            ) : null}
          </g>
        )
      })}
    </g>
  )
}

function shortOf(usd: number, unit: number): string {
  const text = (usd / unit).toFixed(1)
  return usd > 0 && text === '0.0' ? '<0.1' : text
}

/** The same numbers for who cannot see them. */
function RoundTable({ loaded: { columns, facts } }: { readonly loaded: Loaded }) {
  const { frames } = columns
  return (
    <table className="replay-table">
      <thead>
        <tr>
          <th scope="col">Round</th>
          <th scope="col">Sold</th>
          <th scope="col">Gain</th>
          <th scope="col">Price after</th>
          <th scope="col">Accounts so far</th>
          <th scope="col">Bad debt so far</th>
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: facts.last }, (_, i) => i + 1).map((round) => (
          <tr key={round}>
            <th scope="row">{round}</th>
            <td>{money(frames.repaidUsd[round])}</td>
            <td>{factor(known(frames.gain[round]))}</td>
            <td>{price(frames.price[round])}</td>
            <td>{facts.accounts[round]}</td>
            <td>{money(frames.badDebtUsd[round])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
