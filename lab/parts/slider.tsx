/** A slider with a number field: a native range, larger steps by the page keys. */

import { type CSSProperties, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

/** What a slider needs to know of what it moves. */
export interface SliderProps {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly step: number
  /** A value as people read it, and back; null where it is no number. */
  show(value: number): string
  parse(text: string): number | null
  /** While it moves, and when it came to rest. */
  onMove(value: number): void
  onSettle(value: number): void
  /** A tick on the track with the words under it; past it the track is tinted. */
  readonly mark?: { readonly at: number; readonly text: string } | undefined
  readonly isMain?: boolean
}

/**
 * A slider.
 *
 * Rule: it shows what the hand does at once, whatever its owner knows already; arrow keys move it
 *       by a step, page keys by ten, and it comes to rest when the pointer lets go or a quarter of
 *       a second after the last key.
 */
export function Slider(props: SliderProps) {
  const { label, value, least, most, step, show, parse, onSettle, mark, isMain = false } = props
  const id = useId()
  const [moved, setMoved] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const range = useRef<HTMLInputElement>(null)
  const hand = useHand(range, props, (to) => setMoved({ from: value, to }))
  // What the hand did counts until the owner says another value.
  const shown = moved?.from === value ? moved.to : value
  const place = (at: number) =>
    `${(100 * (Math.min(Math.max(at, least), most) - least)) / (most - least)}%`
  const edge = mark === undefined ? '100%' : place(mark.at)
  return (
    <div
      className={isMain ? 'slider slider-main' : 'slider'}
      style={{ '--edge': edge } as CSSProperties}
    >
      <label htmlFor={id}>{label}</label>
      <NumberField
        {...{ label, shown, show, parse }}
        onEnter={(entered) => onSettle(clamp(entered))}
      />
      <span className={mark === undefined ? 'slider-track' : 'slider-track slider-marked'}>
        <input
          ref={range}
          id={id}
          type="range"
          // Here and not further up: it moves all the time, and styles only what it stands on.
          style={{ '--at': place(shown) } as CSSProperties}
          min={least}
          max={most}
          step={step}
          value={shown}
          aria-valuetext={show(shown)}
          onInput={() => hand.move(Number(range.current!.value))}
          onKeyDown={hand.key}
        />
        {mark === undefined ? null : <span className="slider-mark">{mark.text}</span>}
      </span>
    </div>
  )

  function clamp(entered: number): number {
    return Math.min(Math.max(entered, least), most)
  }
}

/** Pointer and keys on the range: `onMove` while it moves, `onSettle` once. */
function useHand(
  range: { readonly current: HTMLInputElement | null },
  { least, most, step, onMove, onSettle }: SliderProps,
  setMoved: (value: number) => void,
) {
  const timer = useRef(0)
  const isDown = useRef(false)
  const latest = useRef(onSettle)
  latest.current = onSettle
  useEffect(() => {
    const input = range.current!
    const down = () => {
      isDown.current = true
    }
    const rest = () => {
      window.clearTimeout(timer.current)
      // Keys come in bursts: only the last of one asks for an exact run.
      const wait = isDown.current ? 0 : REST_MS
      isDown.current = false
      timer.current = window.setTimeout(() => latest.current(Number(input.value)), wait)
    }
    input.addEventListener('pointerdown', down)
    input.addEventListener('change', rest)
    return () => {
      window.clearTimeout(timer.current)
      input.removeEventListener('pointerdown', down)
      input.removeEventListener('change', rest)
    }
  }, [range])
  const move = (value: number) => {
    setMoved(value)
    onMove(value)
  }
  const key = (event: KeyboardEvent) => {
    const by = event.key === 'PageUp' ? 10 : event.key === 'PageDown' ? -10 : 0
    if (by === 0) return
    event.preventDefault()
    const input = range.current!
    const to = Math.min(Math.max(Number(input.value) + by * step, least), most)
    input.value = String(to)
    move(Number(input.value))
    input.dispatchEvent(new Event('change'))
  }
  return { move, key }
}

function NumberField({
  label,
  shown,
  show,
  parse,
  onEnter,
}: Pick<SliderProps, 'label' | 'show' | 'parse'> & {
  readonly shown: number
  onEnter(value: number): void
}) {
  const [text, setText] = useState<string | null>(null)
  const enter = () => {
    const value = text === null ? null : parse(text)
    setText(null)
    if (value !== null && value !== shown) onEnter(value)
  }
  return (
    <input
      className="slider-number"
      type="text"
      inputMode="decimal"
      aria-label={`${label}, number`}
      value={text ?? show(shown)}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={enter}
      onKeyDown={(event) => {
        if (event.key === 'Enter') enter()
        if (event.key === 'Escape') setText(null)
      }}
    />
  )
}

const REST_MS = 250
