/** The line and the sign of an arm: told apart without colour. */

import type { Side } from '../../state/arms.ts'

/** Dashes of the lines; A is solid. */
export const dashes: Readonly<Record<Side, string | undefined>> = {
  a: undefined,
  b: '7 4',
  c: '2 3',
  d: '10 3 2 3',
}

/** A short piece of the line of an arm. */
export function Mark({ side }: { readonly side: Side }) {
  return (
    <svg className="cmp-mark" width="36" height="12" aria-hidden="true">
      <line
        x1="0"
        x2="36"
        y1="6"
        y2="6"
        className={`stroke-${side}`}
        strokeDasharray={dashes[side]}
      />
    </svg>
  )
}

/** The sign of an arm: circle, square, triangle, diamond. */
export function Sign({
  side,
  x,
  y,
}: {
  readonly side: Side | null
  readonly x: number
  readonly y: number
}) {
  const look = side === null ? 'fill-none' : `fill-${side}`
  if (side === 'b') return <rect x={x - 5} y={y - 5} width="10" height="10" className={look} />
  if (side === 'c')
    return <path d={`M${x} ${y - 6}L${x + 6} ${y + 5}L${x - 6} ${y + 5}Z`} className={look} />
  if (side === 'd')
    return <path d={`M${x} ${y - 7}L${x + 6} ${y}L${x} ${y + 7}L${x - 6} ${y}Z`} className={look} />
  return <circle cx={x} cy={y} r={side === null ? 4 : 5} className={look} />
}
