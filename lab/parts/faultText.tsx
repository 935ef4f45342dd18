/** What a fault says: its rule, its place, and what to do. */

import type { Fault } from '../engine/protocol.ts'
import { CodeButton } from './code.tsx'

export function FaultText({ fault }: { readonly fault: Fault }) {
  const { code, rule, came, place, remedy } = fault
  return (
    <div className="fault-text">
      <p>
        {code === null ? null : <CodeButton code={code} />} {rule}
        {came === null ? null : `, got ${came}`}
      </p>
      {place === null ? null : <p className="note">at {place}</p>}
      {remedy === null ? null : <p>{/[.?]$/.test(remedy) ? remedy : `${remedy}.`}</p>}
    </div>
  )
}
