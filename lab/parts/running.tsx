/** A run on its way: a skeleton where nothing is there yet, a line over what is there. */

import { useEffect, useState } from 'react'
import { count } from '../../src/format.ts'
import type { RunProgress } from '../engine/protocol.ts'
import { cancel, useLab } from '../state/store.ts'

/** A screen before its first result. */
export function Skeleton() {
  return (
    <>
      <Standing />
      <Coming />
    </>
  )
}

/** The shape of a screen that is on its way. */
export function Coming() {
  return (
    <>
      <div className="skeleton headlines card" aria-hidden="true">
        {labels.map((label) => (
          <div key={label}>
            <span className="blank short" />
            <span className="blank tall" />
            <span className="blank" />
          </div>
        ))}
      </div>
      <div className="skeleton card" aria-hidden="true">
        <span className="blank wide" />
        <span className="blank picture-blank" />
      </div>
    </>
  )
}

const labels = ['first', 'total', 'drop', 'ignition', 'data']

/** Over the last good result, once a run takes long enough to wonder. */
export function RunningLine() {
  const isRunning = useLab((state) => state.isRunning && state.ran !== null)
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isRunning) return
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [isRunning])
  if (!isRunning || !isLong) return null
  return (
    <div className="running">
      <Standing />
    </div>
  )
}

const PATIENCE_MS = 400

function Standing() {
  const progress = useLab((state) => state.progress)
  const name = useLab(({ draft }) => draft?.entry)
  return (
    <p className="standing">
      <span role="status">
        {progress === null ? `Reading ${name}` : `Running ${name}: ${standingOf(progress)}`}
      </span>
      {progress?.blocks == null ? null : (
        <progress
          aria-label="Blocks that ran"
          value={progress.blocks.passed}
          max={progress.blocks.all}
        />
      )}
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </p>
  )
}

function standingOf({ accounts, blocks }: RunProgress): string {
  const held = `${count(accounts)} accounts`
  if (blocks === null) return held
  return `${held}, ${count(blocks.passed)} of ${count(blocks.all)} blocks`
}
