/** What the colours mean: a bar of them with its numbers, and words. */

import { cividis } from '../../../src/figures/cividis.ts'
import type { Subject } from './facts.ts'
import { shadeOf } from './shade.ts'

const STOPS = Array.from({ length: 11 }, (_, k) => k / 10)

export function Legend({ subject: { map, shown } }: { readonly subject: Subject }) {
  const { ticks } = shadeOf(shown, map.values[shown.measure])
  return (
    <figure className="legend">
      <figcaption>
        {shown.name}: {shown.words}
      </figcaption>
      <svg viewBox="-8 0 216 30" width="216" height="30" aria-hidden="true">
        <defs>
          <linearGradient id="phase-colours">
            {STOPS.map((at) => (
              <stop key={at} offset={at} stopColor={cividis(at)} />
            ))}
          </linearGradient>
        </defs>
        <rect width="200" height="12" fill="url(#phase-colours)" />
        {ticks.map(({ share, text }) => (
          <g key={text}>
            <line className="edge-tick" x1={200 * share} x2={200 * share} y1={12} y2={16} />
            <text
              className="tick"
              x={200 * share}
              y={28}
              textAnchor={share > 0.95 ? 'end' : share < 0.05 ? 'start' : 'middle'}
            >
              {text}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  )
}
