/** How far a comparison is: its pairs, the time that is left, and a way to end it. */

import { useEffect, useState } from 'react'
import { counted, duration } from '../../../src/format.ts'
import { CodeButton } from '../../parts/code.tsx'
import { compareNow, setPairs, stopComparing, useCompare } from '../../state/compare.ts'
import { fillOf } from './plot.tsx'

export function Running() {
  const { progress, isStopped, fault, pairs } = useCompare()
  const [moving, setMoving] = useState(pairs)
  useEffect(() => setMoving(pairs), [pairs])
  const commit = () => setPairs(moving)
  return (
    <section className="cmp-running" aria-label="How many pairs, and how far they are">
      <label className="cmp-pairs">
        <span>Pairs</span>
        <input
          type="range"
          aria-label="Pairs"
          min={10}
          max={400}
          step={10}
          value={moving}
          style={fillOf((moving - 10) / 390)}
          aria-valuetext={counted(moving, 'pair')}
          onChange={(event) => setMoving(Number(event.target.value))}
          onPointerUp={commit}
          onKeyUp={commit}
          onBlur={commit}
        />
        <output>{moving}</output>
      </label>
      {progress === null ? null : (
        <>
          <progress max={progress.all} value={progress.done} aria-label="Pairs that are there" />
          <span className="note">
            {progress.done} of {progress.all}
            {progress.secondsLeft === null ? '' : `, ${duration(progress.secondsLeft)} left`}
          </span>
          <button type="button" onClick={stopComparing}>
            Cancel
          </button>
        </>
      )}
      {isStopped && progress === null ? (
        <>
          <span className="note">Stopped; what is there stays.</span>
          <button type="button" onClick={() => void compareNow(true)}>
            Run again
          </button>
        </>
      ) : null}
      {fault === null ? null : (
        <p className="cmp-fault" role="alert">
          {fault.code === null ? null : <CodeButton code={fault.code} />} {fault.rule}
          {fault.came === null ? '' : `, got ${fault.came}`}
          {fault.place === null ? '' : `, at ${fault.place}`}
          {fault.remedy === null ? '' : `. ${fault.remedy}.`}
        </p>
      )}
    </section>
  )
}
