/** The frame that both charts of a comparison stand in: axes, grid, and a cursor to read at. */

import { type CSSProperties, type PointerEvent, type ReactNode, useRef } from 'react'
import type { Scale } from '../../../src/figures/scale.ts'

/** Pixels of the sheet and of the room inside its axes. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function frameOf(width: number): Frame {
  const height = width < 480 ? 260 : 300
  return { width, height, left: 58, right: width - 12, top: 26, bottom: height - 30 }
}

export interface Tick {
  readonly at: number
  readonly text: string
}

export function Plot({
  frame,
  x,
  y,
  xTicks,
  yTicks,
  label,
  onPoint,
  onPick,
  children,
}: {
  readonly frame: Frame
  readonly x: Scale
  readonly y: Scale
  readonly xTicks: readonly Tick[]
  readonly yTicks: readonly Tick[]
  /** What a screen reader hears in place of the picture. */
  readonly label: string
  /** A pointer is over this share of the width, from 0 to 1. */
  readonly onPoint?: (share: number) => void
  readonly onPick?: (share: number) => void
  readonly children: ReactNode
}) {
  const sheet = useRef<SVGSVGElement>(null)
  const { width, height, left, right, top, bottom } = frame
  const shareAt = (event: PointerEvent) => {
    const { left: from } = sheet.current!.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - from - left) / (right - left)))
  }
  return (
    <svg
      ref={sheet}
      className="cmp-plot"
      width={width}
      height={height}
      role="img"
      aria-label={label}
      onPointerMove={(event) => onPoint?.(shareAt(event))}
      onPointerDown={(event) => onPick?.(shareAt(event))}
    >
      {yTicks.map(({ at, text }) => (
        <g key={at}>
          <line x1={left} x2={right} y1={y(at)} y2={y(at)} className="grid" />
          <text x={left - 8} y={y(at) + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {xTicks.map(({ at, text }) => (
        <text key={at} x={x(at)} y={bottom + 18} textAnchor="middle">
          {text}
        </text>
      ))}
      <line x1={left} x2={right} y1={bottom} y2={bottom} className="axis" />
      <line x1={left} x2={left} y1={top} y2={top} className="axis" />
      {children}
    </svg>
  )
}

/** The points of a line, as a path. */
export function pathOf(xs: readonly number[], ys: readonly number[]): string {
  return xs.map((x, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${ys[i].toFixed(1)}`).join('')
}

/** Moves words apart that would lie on each other, in their order, inside a span. */
export function apart(wanted: readonly number[], gap: number, from: number, to: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b])
  const placed = [...wanted]
  let last = from - gap
  for (const i of order) {
    placed[i] = Math.max(placed[i], last + gap)
    last = placed[i]
  }
  let next = to + gap
  for (const i of [...order].reverse()) {
    placed[i] = Math.min(placed[i], next - gap)
    next = placed[i]
  }
  return placed
}

/** How far the track of a slider is coloured. */
export function fillOf(share: number): CSSProperties {
  return { '--fill': `${100 * share}%` } as CSSProperties
}
