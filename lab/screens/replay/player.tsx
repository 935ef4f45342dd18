/** The player: back, play, step, speed, a scrubber with the places to jump to. */

import { type CSSProperties, memo, useMemo } from 'react'
import { niceTicks } from '../../../src/figures/scale.ts'
import { textWidth } from '../../../src/figures/text.ts'
import { count } from '../../../src/format.ts'
import { useWidth } from '../../parts/picture.tsx'
import {
  type Loaded,
  pause,
  play,
  type Speed,
  seek,
  setSpeed,
  speeds,
  step,
  useReplay,
} from '../../state/replay.ts'
import type { Mark } from './facts.ts'
import { frameName, timeOf } from './words.ts'

export function Player({ loaded }: { readonly loaded: Loaded }) {
  return (
    <section className="card replay-player" aria-label="Player">
      <Buttons loaded={loaded} />
      <Speeds />
      <Scrubber loaded={loaded} />
      <div className="replay-aside">
        <Jumps loaded={loaded} />
        <p className="replay-keys note" aria-hidden="true">
          <kbd>space</kbd> play <kbd>←</kbd>
          <kbd>→</kbd> step
        </p>
      </div>
    </section>
  )
}

function Buttons({ loaded: { facts } }: { readonly loaded: Loaded }) {
  const isPlaying = useReplay((state) => state.isPlaying)
  const isFirst = useReplay(({ at }) => at === 0)
  const isLast = useReplay(({ at }) => at === facts.last)
  return (
    <div className="replay-buttons">
      <button type="button" aria-label="Step back" disabled={isFirst} onClick={() => step(-1)}>
        <Icon path="M4 3v10M13 3 7 8l6 5z" />
      </button>
      <button type="button" className="replay-play" onClick={isPlaying ? pause : play}>
        <Icon path={isPlaying ? 'M5 3v10M11 3v10' : 'M5 3l8 5-8 5z'} />
        {isPlaying ? 'Pause' : 'Play'}
      </button>
      <button type="button" aria-label="Step forward" disabled={isLast} onClick={() => step(1)}>
        <Icon path="M12 3v10M3 3l6 5-6 5z" />
      </button>
    </div>
  )
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinejoin="round" />
    </svg>
  )
}

function Speeds() {
  const chosen = useReplay((state) => state.speed)
  return (
    <>
      <fieldset className="replay-speeds wide-only">
        <legend className="unseen">Speed</legend>
        {speeds.map((speed) => (
          <button
            key={speed}
            type="button"
            aria-pressed={speed === chosen}
            onClick={() => setSpeed(speed)}
          >
            {speed}×
          </button>
        ))}
      </fieldset>
      <select
        className="phone-only"
        aria-label="Speed"
        value={chosen}
        onChange={({ currentTarget }) => setSpeed(Number(currentTarget.value) as Speed)}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {speed}×
          </option>
        ))}
      </select>
    </>
  )
}

/** All places to jump to, those too close for words on the track as well. */
function Jumps({ loaded: { columns, facts } }: { readonly loaded: Loaded }) {
  const here = useReplay(({ at }) => (facts.marks.some(({ frame }) => frame === at) ? at : -1))
  return (
    <select
      className="replay-jumps"
      aria-label="Jump to"
      value={here}
      onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
    >
      <option value={-1} disabled>
        Jump to
      </option>
      {facts.marks.map(({ frame, names }) => (
        <option key={frame} value={frame}>
          {names.join(', ')} · {frameName(columns, frame)}
        </option>
      ))}
    </select>
  )
}

function Scrubber({ loaded }: { readonly loaded: Loaded }) {
  const { columns, facts } = loaded
  const at = useReplay((state) => state.at)
  const [box, width] = useWidth()
  const all = useMemo(() => ticksOf(facts.last, width), [facts, width])
  // The number under the cursor stands there alone.
  const ticks = all.filter((tick) => (Math.abs(tick - at) / facts.last) * width > TICK_ROOM)
  return (
    <div className="replay-scrubber" ref={box}>
      <Marks loaded={loaded} width={width} />
      <input
        type="range"
        className="replay-scrub"
        aria-label={columns.kind === 'instant' ? 'Round' : 'Block'}
        aria-valuetext={nameOf(loaded, at)}
        min={0}
        max={facts.last}
        value={at}
        style={placeOf(at, facts.last)}
        onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
      />
      <div className="replay-ticks" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={placeOf(tick, facts.last)}>
            {count(tick)}
          </span>
        ))}
        <b style={placeOf(at, facts.last)}>{count(at)}</b>
      </div>
    </div>
  )
}

const TICK_ROOM = 34

/** Signs on the track, with words where there is room for them. */
const Marks = memo(({ loaded, width }: { readonly loaded: Loaded; readonly width: number }) => {
  const { columns, facts } = loaded
  const places = useMemo(() => placesOf(facts.marks, facts.last, width), [facts, width])
  return (
    <ul className="replay-marks" aria-label="Marks">
      {places.map(({ mark, hasWord, end }) => (
        <li key={mark.frame} style={placeOf(mark.frame, facts.last)} data-end={end}>
          {hasWord ? (
            <button
              type="button"
              aria-label={`${mark.names.join(', ')}: ${frameName(columns, mark.frame)}`}
              onClick={() => seek(mark.frame)}
            >
              {mark.names[0]}
            </button>
          ) : null}
          <svg
            className={`mark-${mark.tone}`}
            width="8"
            height="7"
            viewBox="0 0 8 7"
            aria-hidden="true"
          >
            <path d="M0 0h8L4 7z" fill="currentColor" />
          </svg>
        </li>
      ))}
    </ul>
  )
})

function nameOf({ columns }: Loaded, at: number): string {
  const name = frameName(columns, at)
  return columns.kind === 'instant' ? name : `${name}, ${timeOf(columns, at)}`
}

/** Where a frame stands on the track, as a part of it: the style sheet keeps clear of the knob. */
function placeOf(frame: number, last: number): CSSProperties {
  return { '--at': last === 0 ? 0 : frame / last } as CSSProperties
}

function ticksOf(last: number, width: number): number[] {
  return niceTicks([0, last], Math.max(2, Math.min(last, Math.floor(width / 80)))).filter(
    Number.isInteger,
  )
}

interface Place {
  readonly mark: Mark
  readonly hasWord: boolean
  /** At which end its word is held inside the track. */
  readonly end: 'first' | 'last' | undefined
}

/** Marks from the left: one whose word would touch that before keeps its sign alone. */
export function placesOf(marks: readonly Mark[], last: number, width: number): Place[] {
  let free = Number.NEGATIVE_INFINITY
  return marks.map((mark) => {
    const word = textWidth(mark.names[0], { size: 12 })
    const x = last === 0 ? 0 : (mark.frame / last) * width
    const end = x < word / 2 ? 'first' : x > width - word / 2 ? 'last' : undefined
    const from = end === 'first' ? x : end === 'last' ? x - word : x - word / 2
    const hasWord = from >= free
    if (hasWord) free = from + word + 12
    return { mark, hasWord, end }
  })
}
