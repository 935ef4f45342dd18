/** Price, sales and gain by block: drawn once; only the cursor moves over it. */

import 'uplot/dist/uPlot.min.css'
import { type CSSProperties, useCallback, useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { themes } from '../../../src/figures/theme.ts'
import { factor, money, percent, price } from '../../../src/format.ts'
import { Card } from '../../parts/card.tsx'
import { useWidth } from '../../parts/picture.tsx'
import { type Loaded, useReplay } from '../../state/replay.ts'
import { type ThemeName, useTheme } from '../../state/theme.ts'
import { lowest } from './facts.ts'
import { usePointer } from './pointer.ts'
import { timeOf } from './words.ts'

const LEFT = 64
const RIGHT = 12
const HEIGHTS = { price: 132, sales: 56, gain: 68 }

export function Blocks({ loaded }: { readonly loaded: Loaded }) {
  const [box, width] = useWidth()
  const theme = useTheme(({ name }) => name)
  const { frames } = loaded.columns
  return (
    <Card
      title={titleOf(loaded)}
      tools={<p className="note">right of the cursor: not yet played</p>}
    >
      <ul className="replay-key replay-key-row note" aria-label="Key">
        <li className="key-price">market price</li>
        <li className="key-outside">without forced sales</li>
        {frames.oracles.length === 0 ? null : <li className="key-oracle">published</li>}
        <li className="key-none">below: debt repaid in each block, and the loop gain</li>
      </ul>
      <div ref={box} className="replay-blocks">
        {width === 0 ? null : <Plots loaded={loaded} width={width} theme={theme} />}
        <Cursor loaded={loaded} width={width} />
      </div>
    </Card>
  )
}

/** How far the price fell, and by when. */
function titleOf({ columns }: Loaded): string {
  const { asset, opening, frames } = columns
  const low = lowest(frames.price)
  const fall = percent(1 - frames.price[low] / opening)
  if (low === 0) return `${asset} never falls below ${price(opening)}`
  return `${asset} falls ${fall} to ${price(frames.price[low])} by ${timeOf(columns, low)}`
}

function Plots({
  loaded,
  width,
  theme,
}: {
  readonly loaded: Loaded
  readonly width: number
  readonly theme: ThemeName
}) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const plots = panelsOf(loaded, width, theme).map(
      ([options, data]) => new uPlot(options, data, place.current!),
    )
    return () => {
      for (const plot of plots) plot.destroy()
    }
  }, [loaded, width, theme])
  const { columns, facts } = loaded
  return (
    <div
      ref={place}
      role="img"
      aria-label={
        `${columns.asset} from ${price(columns.opening)} to ${price(columns.frames.price[facts.last])}, ` +
        `with ${money(facts.repaidUsd[facts.last])} liquidated in ${facts.last} blocks.`
      }
    />
  )
}

/** The line under the cursor and the veil over what is to come: moved, never redrawn. */
function Cursor({ loaded: { facts }, width }: { readonly loaded: Loaded; readonly width: number }) {
  const part = useReplay(({ at }) => (facts.last === 0 ? 0 : at / facts.last))
  const place = useRef<HTMLDivElement>(null)
  const frameAt = useCallback((x: number, all: number) => (x / all) * facts.last, [facts])
  usePointer(place, frameAt)
  const inner = width - LEFT - RIGHT
  const style = { '--x': `${(part * inner).toFixed(1)}px` } as CSSProperties
  return (
    <div ref={place} className="replay-over" style={{ left: LEFT, right: RIGHT }}>
      <div className="replay-veil" style={style} />
      <div className="replay-line" style={style} />
    </div>
  )
}

type Panel = [uPlot.Options, uPlot.AlignedData]

function panelsOf({ columns, facts }: Loaded, width: number, name: ThemeName): Panel[] {
  const theme = themes[name]
  const { frames } = columns
  const blocks = Float64Array.from(frames.price, (_, block) => block)
  const shared = {
    width,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, RIGHT, 4, 0] as uPlot.Padding,
  }
  const last = { min: 0, max: Math.max(1, facts.last) }
  const axes = (
    values: (value: number) => string,
    isLast: boolean,
    splits?: uPlot.Axis.Splits,
  ): uPlot.Axis[] => {
    const look = {
      stroke: theme.ink3,
      font,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { show: false },
    }
    return [
      isLast
        ? { ...look, size: 24, space: 90, values: (_, at) => at.map((one) => timeOf(columns, one)) }
        : { ...look, size: 0, values: (_, at) => at.map(() => '') },
      {
        ...{ ...look, size: LEFT, space: 28, values: (_, at) => at.map(values) },
        ...(splits === undefined ? {} : { splits }),
      },
    ]
  }
  const x = { time: false, range: () => [last.min, last.max] as [number, number] }
  const line = (stroke: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
    ...{ stroke, width: 1.75, points: { show: false } },
    ...more,
  })
  const oracles = frames.oracles.map(() => line(theme.ink3, { width: 1, dash: [2, 3] }))
  const bars = uPlot.paths.bars!({ size: [1, 6, 1] })
  return [
    [
      {
        ...shared,
        height: HEIGHTS.price,
        scales: { x },
        axes: axes((value) => price(value), false),
        series: [
          {},
          line(theme.first, { width: 1.25, dash: [6, 4] }),
          ...oracles,
          line(theme.total),
        ],
      },
      [
        blocks,
        frames.outside,
        ...frames.oracles.map((one) => gaps(one.price)),
        frames.price,
      ] as uPlot.AlignedData,
    ],
    [
      {
        ...shared,
        height: HEIGHTS.sales,
        scales: { x, y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] } },
        axes: axes((value) => money(value), false),
        series: [{}, line(theme.total, { fill: theme.total, width: 1, paths: bars })],
      },
      [blocks, frames.repaidUsd] as uPlot.AlignedData,
    ],
    [
      {
        ...shared,
        height: HEIGHTS.gain,
        scales: { x, y: { range: (_, __, most) => [0, Math.max(1.2, most * 1.05)] } },
        axes: axes((value) => factor(value), true, gainTicks),
        series: [
          {},
          line(theme.ink1, { width: 1.25 }),
          line(theme.total, { width: 1, dash: [3, 3] }),
        ],
      },
      [blocks, gaps(frames.gain), new Float64Array(blocks.length).fill(1)] as uPlot.AlignedData,
    ],
  ]
}

/** 0 and 1, where the loop closes, and the whole number below the highest. */
const gainTicks: uPlot.Axis.Splits = (_, __, ___, most) => [
  ...new Set([0, 1, Math.max(1, Math.floor(most))]),
]

/** What is missing is a gap in a line. */
function gaps(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value))
}

const font = '11px -apple-system, "Segoe UI", Roboto, Ubuntu, "Helvetica Neue", Arial, sans-serif'
