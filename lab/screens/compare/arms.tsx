/** The arms: what each changes, as a card that opens. */

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { DefenceFacts, DefenceParameter } from '../../engine/compareTypes.ts'
import { Icon } from '../../parts/icons.tsx'
import {
  type Choice,
  differing,
  heading,
  kebab,
  mapOf,
  type Side,
  sides,
  sidesOf,
} from '../../state/arms.ts'
import { asking, choose, removeArm, show, swap, useCompare } from '../../state/compare.ts'
import { useLab } from '../../state/store.ts'
import { Mark } from './mark.tsx'

export function Arms() {
  const { choices, pairs, against } = useCompare()
  const draft = useLab((state) => state.draft)
  const there = sidesOf(choices)
  const next = sides[there.length]
  const ask = asking(draft, choices, pairs)
  const keys = ask === null ? [] : differing(ask)
  return (
    <section className="cmp-arms" aria-label="What is compared">
      {there.map((side) => (
        <Arm key={side} side={side} choice={choices[side]!} />
      ))}
      <div className="cmp-arm-tools">
        <button type="button" onClick={swap}>
          <Icon name="swap" />
          Swap
        </button>
        {next === undefined ? null : (
          <button
            type="button"
            onClick={() => choose(next, { kind: 'defence', defence: 'backstop', values: {} })}
          >
            <Icon name="plus" />
            Add {next.toUpperCase()}
          </button>
        )}
      </div>
      <p className="cmp-only note">
        {keys.length === 0 ? (
          'nothing differs yet'
        ) : (
          <>
            only{' '}
            {keys.map((key, i) => (
              <span key={key}>
                {i === 0 ? '' : ', '}
                <code>{key}</code>
              </span>
            ))}{' '}
            {keys.length === 1 ? 'differs' : 'differ'}
          </>
        )}
      </p>
      {there.length < 3 ? null : (
        <fieldset className="cmp-against">
          <legend>A against</legend>
          {there.slice(1).map((side) => (
            <label key={side}>
              <input
                type="radio"
                name="against"
                checked={against === side}
                onChange={() => show({ against: side, pair: null })}
              />
              {side.toUpperCase()}
            </label>
          ))}
        </fieldset>
      )}
    </section>
  )
}

function Arm({ side, choice }: { readonly side: Side; readonly choice: Choice }) {
  const box = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const shut = (event: Event) => {
      const details = box.current!
      const isOutside = event.type === 'pointerdown' && !details.contains(event.target as Node)
      if (isOutside || (event as KeyboardEvent).key === 'Escape') details.open = false
    }
    window.addEventListener('pointerdown', shut)
    window.addEventListener('keydown', shut)
    return () => {
      window.removeEventListener('pointerdown', shut)
      window.removeEventListener('keydown', shut)
    }
  }, [])
  const { title, detail } = wordsOf(choice)
  return (
    <details ref={box} className={`cmp-arm card side-${side}`}>
      <summary data-arm={side}>
        <span className={`badge-${side}`} aria-hidden="true">
          {side.toUpperCase()}
        </span>
        <span className="cmp-arm-words">
          <strong>
            <span className="unseen">{side.toUpperCase()}: </span>
            {title}
          </strong>
          <code>{detail}</code>
        </span>
        <Mark side={side} />
      </summary>
      <Editor side={side} choice={choice} />
    </details>
  )
}

function wordsOf(choice: Choice): { title: string; detail: string } {
  switch (choice.kind) {
    case 'none':
      return { title: 'As it is', detail: 'the scenario, unchanged' }
    case 'defence': {
      const map = mapOf(choice.values)
      return {
        title: heading(choice.defence),
        detail: map === '{}' ? 'with its defaults' : map.slice(2, -2),
      }
    }
    case 'keys':
      return {
        title: 'Changed keys',
        detail: choice.text.trim().split('\n').join('; ') || 'none yet',
      }
    case 'draft':
      return {
        title: 'Set from the Lab',
        detail:
          choice.draft.overrides.map(([key, value]) => `${key}=${value}`).join('; ') || 'no change',
      }
  }
}

function Editor({ side, choice }: { readonly side: Side; readonly choice: Choice }) {
  const defences = useCompare((state) => state.defences)
  const draft = useLab((state) => state.draft)
  const value = choice.kind === 'defence' ? `defence ${choice.defence}` : choice.kind
  const pick = (word: string) => {
    const [kind, defence] = word.split(' ')
    if (kind === 'none') choose(side, { kind: 'none' })
    else if (kind === 'keys') choose(side, { kind: 'keys', text: '' })
    else if (kind === 'defence') choose(side, { kind: 'defence', defence, values: {} })
    else if (draft !== null) choose(side, { kind: 'draft', draft })
  }
  const own = defences.find(({ kind }) => choice.kind === 'defence' && kind === choice.defence)
  return (
    <div className="cmp-editor">
      <Row label="Arm">
        <select
          aria-label={`What ${side.toUpperCase()} is`}
          value={value}
          onChange={(event) => pick(event.target.value)}
        >
          <option value="none">The scenario as it is</option>
          <option value="keys">Keys of the scenario</option>
          <option value="draft">As the Lab stands now</option>
          <optgroup label="Defences">
            {optionsOf(defences, choice).map((kind) => (
              <option key={kind} value={`defence ${kind}`}>
                {heading(kind)}
              </option>
            ))}
          </optgroup>
        </select>
      </Row>
      {choice.kind === 'defence' && own !== undefined ? (
        <>
          {own.parameters.map((parameter) => (
            <Parameter key={parameter.key} side={side} choice={choice} parameter={parameter} />
          ))}
          <p className="note">
            <code>firebreak help {kebab(choice.defence)}</code> says what it does, and where it
            hurts.
          </p>
        </>
      ) : null}
      {choice.kind === 'keys' ? <Keys key={side} side={side} text={choice.text} /> : null}
      {side === 'a' || side === 'b' ? null : (
        <button type="button" onClick={() => removeArm(side)}>
          Remove {side.toUpperCase()}
        </button>
      )}
    </div>
  )
}

/** The chosen one is there before the list has come. */
function optionsOf(defences: readonly DefenceFacts[], choice: Choice): readonly string[] {
  if (defences.length > 0) return defences.map(({ kind }) => kind)
  return choice.kind === 'defence' ? [choice.defence] : []
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className="cmp-row">
      <span>{label}</span>
      {children}
    </label>
  )
}

function Parameter({
  side,
  choice,
  parameter: { key, about, otherwise, choices },
}: {
  readonly side: Side
  readonly choice: Extract<Choice, { kind: 'defence' }>
  readonly parameter: DefenceParameter
}) {
  const given = choice.values[key] ?? ''
  const [typed, setTyped] = useState(given)
  useEffect(() => setTyped(given), [given])
  const set = (value: string) => {
    if (value === given) return
    const { [key]: _, ...others } = choice.values
    choose(side, { ...choice, values: value === '' ? others : { ...others, [key]: value } })
  }
  return (
    <>
      <Row label={key}>
        {choices === null ? (
          <input
            type="text"
            value={typed}
            placeholder={otherwise ?? 'not set'}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => set(typed.trim())}
            onKeyDown={(event) => event.key === 'Enter' && set(typed.trim())}
          />
        ) : (
          <select value={given} onChange={(event) => set(event.target.value)}>
            <option value="">{otherwise}</option>
            {choices
              .filter((word) => word !== otherwise)
              .map((word) => (
                <option key={word}>{word}</option>
              ))}
          </select>
        )}
      </Row>
      <p className="note">{about}</p>
    </>
  )
}

function Keys({ side, text }: { readonly side: Side; readonly text: string }) {
  const [typed, setTyped] = useState(text)
  return (
    <>
      <Row label="Keys">
        <textarea
          rows={4}
          value={typed}
          placeholder={'depth.haircut=50%\nshock.drop=20%'}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => typed !== text && choose(side, { kind: 'keys', text: typed })}
        />
      </Row>
      <p className="note">One key=value a line, as after --set.</p>
    </>
  )
}
