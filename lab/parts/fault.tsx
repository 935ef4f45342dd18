/** What went wrong, where, and what to do; the last good result stays below it. */

import { useLab } from '../state/store.ts'

export function Fault() {
  const fault = useLab((state) => state.fault)
  if (fault === null) return null
  return (
    <div className="fault card" role="alert">
      <p>
        {fault.code === null ? null : <code>{fault.code}</code>} {fault.rule}
        {fault.came === null ? null : `, got ${fault.came}`}
      </p>
      {fault.place === null ? null : <p className="note">at {fault.place}</p>}
      {fault.remedy === null ? null : <p>{fault.remedy}.</p>}
    </div>
  )
}
