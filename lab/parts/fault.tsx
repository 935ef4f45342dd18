/** What went wrong, where, and what to do; the last good result stays below it. */

import { ChooseFiles } from '../drop/choose.tsx'
import { dismiss, rerun, undo, useLab } from '../state/store.ts'
import { CodeButton } from './code.tsx'
import { Icon } from './icons.tsx'

export function Fault() {
  const fault = useLab((state) => state.fault)
  const isLost = useLab((state) => state.isLost)
  const isStale = useLab(({ isStale, ran }) => isStale && ran !== null)
  const canUndo = useLab(({ past, isStale }) => isStale && past.length > 0)
  if (fault === null) return null
  const { code, rule, came, place, remedy } = fault
  return (
    <div className="fault card" role="alert">
      <Icon name="warning" size={20} />
      <div className="fault-words">
        <p>
          {code === null ? null : <CodeButton code={code} />}{' '}
          <strong>{isLost ? 'The engine ended without an answer' : rule}</strong>
          {came === null ? null : (
            <>
              , got <code>{came}</code>
            </>
          )}
        </p>
        {place === null ? null : (
          <p className="note">
            at <code>{place}</code>
          </p>
        )}
        {remedy === null ? null : <p>{remedy.replace(/[.]?$/, '.')}</p>}
        {isLost ? <p className="note">{rule}. A fresh one is ready.</p> : null}
        {isStale ? <p className="note">What is shown below is the last good result.</p> : null}
      </div>
      <div className="fault-acts">
        {code === 'FB4001' && place !== null ? <ChooseFiles label={`Choose ${place}`} /> : null}
        {isLost ? (
          <button type="button" className="primary" onClick={() => void rerun()}>
            Run again
          </button>
        ) : null}
        {canUndo ? (
          <button type="button" onClick={() => void undo()}>
            <Icon name="undo" />
            Undo the change
          </button>
        ) : null}
        <button type="button" className="quiet icon-only" aria-label="Dismiss" onClick={dismiss}>
          <Icon name="close" />
        </button>
      </div>
    </div>
  )
}
