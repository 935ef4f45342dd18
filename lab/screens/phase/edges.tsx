/** What moves the edge: the sensitivities of the ignition drop, in points. */

import { percent, signedPercent } from '../../../src/format.ts'
import type { Report } from '../../../src/report.ts'
import { Card } from '../../parts/card.tsx'
import { edgeMoves, numberIn, stillInputs } from './sensitivity.ts'

export function EdgeCard({ report }: { readonly report: Report }) {
  const moves = edgeMoves(report)
  const most = Math.max(...moves.map(({ change }) => Math.abs(change ?? 0)), 1e-12)
  const ignition = numberIn(report, 'ignition_drop')
  return (
    <Card
      title="What moves the edge"
      note="change of the ignition drop when one input moves by 1 %"
    >
      {ignition === null ? (
        <p className="note">No drop that was tried ignites, so there is no edge to move.</p>
      ) : (
        <ul className="moves">
          {moves.map(({ name, change }) => (
            <li key={name}>
              <span>{name}</span>
              <Bar share={(change ?? 0) / most} />
              <b className={`tone-${(change ?? 0) < 0 ? 'total' : 'absorb'}`}>
                {change === null ? (
                  <span title="the edge moved out of reach">–</span>
                ) : (
                  pointsOf(change)
                )}
              </b>
            </li>
          ))}
        </ul>
      )}
      <Beyond report={report} />
    </Card>
  )
}

function pointsOf(change: number): string {
  return change === 0 ? '0' : `${signedPercent(change, 2).replace('\u202f%', '')} points`
}

function Bar({ share }: { readonly share: number }) {
  const width = 50 * Math.abs(share)
  return (
    <svg className="move" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      <rect
        className={share < 0 ? 'less' : 'more'}
        x={share < 0 ? 50 - width : 50}
        y={1}
        width={width}
        height={14}
      />
      <line className="axis" x1={50} x2={50} y1={0} y2={16} />
    </svg>
  )
}

/** What of the map stands on depth that nobody saw. */
function Beyond({ report }: { readonly report: Report }) {
  const table = report.depth.find(({ asset }) => asset === report.shock.asset)
  const still = stillInputs(report)
  const ignition = numberIn(report, 'ignition_drop')
  const edged = table?.venues.filter(({ edge_drop }) => edge_drop !== null) ?? []
  return (
    <div className="notes">
      {still.length === 0 || ignition === null ? null : (
        <p className="note">1 % of {still.join(' or of ')} does not move it.</p>
      )}
      {edged.map(({ name, edge_drop, beyond }) => (
        <p key={name} className="note">
          Bids of {name} below −{percent(edge_drop)} are extrapolated on the declared rule{' '}
          <code>beyond: {beyond}</code>; cells that settle lower depend on it.
        </p>
      ))}
      <p className="note">
        The book is one snapshot: how far it ranged in the last days is not known, so no band is
        drawn.
      </p>
    </div>
  )
}
