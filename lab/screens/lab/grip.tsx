/** A point of a picture that a pointer drags; by keyboard the slider does the same. */

import { type PointerEvent, useRef } from 'react'
import type { Point } from '../../../src/figures/box.ts'
import type { Scale } from '../../../src/figures/scale.ts'
import type { Control } from '../../state/controls.ts'
import { previewDrop, settle } from '../../state/preview.ts'

export function Grip({
  at,
  axis,
  drop,
  length = 0,
  onStart,
  dropAt,
}: {
  readonly at: Point
  readonly axis: 'x' | 'y'
  readonly drop: Control
  /** How far it reaches across the way that it moves, pixels. */
  readonly length?: number
  onStart(): void
  /** The drop at a point of the picture. */
  dropAt(point: Point): number
}) {
  const latest = useRef<number | null>(null)
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (latest.current === null) return
    const picture = event.currentTarget.parentElement!.getBoundingClientRect()
    const point = { x: event.clientX - picture.left, y: event.clientY - picture.top }
    latest.current = stepped(drop, dropAt(point))
    previewDrop(latest.current)
  }
  const end = () => {
    if (latest.current !== null) settle(drop.write(latest.current))
    latest.current = null
  }
  const [width, height] = axis === 'x' ? [GRIP, Math.max(GRIP, length)] : [GRIP, GRIP]
  return (
    <div
      className={`grip grip-${axis}`}
      aria-hidden="true"
      style={{
        left: at.x - width / 2,
        top: axis === 'x' ? at.y : at.y - height / 2,
        width,
        height,
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
        onStart()
        latest.current = drop.value
      }}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    />
  )
}

/** The value at a pixel of a straight scale. */
export function moneyAt({ domain, range }: Scale, pixel: number): number {
  const share = (pixel - range[0]) / (range[1] - range[0])
  return domain[0] + share * (domain[1] - domain[0])
}

/** A drop on the steps of its slider, within its ends. */
function stepped({ least, most, step }: Control, value: number): number {
  const steps = Math.round(Math.min(Math.max(value, least), most) / step)
  return Number((steps * step).toFixed(6))
}

const GRIP = 28
