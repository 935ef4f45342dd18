/** What the map shows: two inputs with their ranges, and a measure. */

import { useState } from 'react'
import { DROP_KEY, type PhaseMeasure } from '../../engine/phaseMap.ts'
import { LINES, pick, setAxes, setMeasure, usePhase } from '../../state/phase.ts'
import { type Axis, axisFor, type Input } from './axis.ts'
import { shownMeasures } from './shade.ts'

export function Controls({
  inputs,
  axes,
}: {
  readonly inputs: readonly Input[]
  readonly axes: { readonly x: Axis; readonly y: Axis }
}) {
  const measure = usePhase((state) => state.measure)
  return (
    <div className="phase-controls">
      <Which which="x" {...{ inputs, axes }} />
      <Which which="y" {...{ inputs, axes }} />
      <label>
        colour
        <select
          value={measure}
          aria-label="colour"
          onChange={(event) => setMeasure(event.target.value as PhaseMeasure)}
        >
          {shownMeasures.map((one) => (
            <option key={one.measure} value={one.measure}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <details>
        <summary>Ranges</summary>
        <Range which="x" axes={axes} inputs={inputs} />
        <Range which="y" axes={axes} inputs={inputs} />
        {axes.x.key === DROP_KEY || axes.y.key === DROP_KEY ? null : (
          <p className="note">Without the drop every cell has a book of its own: this is slower.</p>
        )}
      </details>
    </div>
  )
}

function Which({
  which,
  inputs,
  axes,
}: {
  readonly which: 'x' | 'y'
  readonly inputs: readonly Input[]
  readonly axes: { readonly x: Axis; readonly y: Axis }
}) {
  const other = inputs.find(({ key }) => key === axes[which === 'x' ? 'y' : 'x'].key)!
  return (
    <label>
      {which}
      <select
        aria-label={`${which} axis`}
        value={axes[which].key}
        onChange={(event) =>
          pick(which, inputs.find(({ key }) => key === event.target.value)!, other)
        }
      >
        {inputs
          .filter(({ key }) => key !== other.key)
          .map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
      </select>
    </label>
  )
}

/** A range takes effect when its form is sent: half a number is no number. */
function Range({
  which,
  axes,
  inputs,
}: {
  readonly which: 'x' | 'y'
  readonly axes: { readonly x: Axis; readonly y: Axis }
  readonly inputs: readonly Input[]
}) {
  const axis = axes[which]
  const [draft, setDraft] = useState(axis)
  const shown = draft.key === axis.key ? draft : axis
  const input = inputs.find(({ key }) => key === axis.key)!
  const field = (name: 'from' | 'to' | 'step') => (
    <label>
      {name}
      <input
        value={shown[name]}
        size={7}
        inputMode="decimal"
        onChange={(event) => setDraft({ ...shown, [name]: event.target.value })}
      />
    </label>
  )
  return (
    <form
      className="range"
      aria-label={`Range of ${input.name}`}
      onSubmit={(event) => {
        event.preventDefault()
        setAxes({ ...axes, [which]: shown })
      }}
    >
      <span>{input.name}</span>
      {field('from')}
      {field('to')}
      {field('step')}
      <button type="submit">Apply</button>
      <button
        type="button"
        onClick={() => {
          const usual = axisFor(input, axis.key === DROP_KEY ? 60 : LINES)
          setDraft(usual)
          setAxes({ ...axes, [which]: usual })
        }}
      >
        Usual
      </button>
    </form>
  )
}
