/** The strip of numbers that stands above every chart. */

import { MethodMark } from './methodMark.tsx'

/** One number with its label and what it stands beside. */
export interface HeadlineNumber {
  readonly label: string
  readonly value: string
  readonly note: string
  /** Its name in `--json`: what it means can then be asked. */
  readonly metric?: string
  /** The note where there is little room; the same one where it is left out. */
  readonly shortNote?: string
  readonly tone?: Tone
  readonly noteTone?: Tone
}

type Tone = 'plain' | 'first' | 'total' | 'absorb' | 'warning'

export function Headlines({
  numbers,
  badge,
}: {
  readonly numbers: readonly HeadlineNumber[]
  /** A word such as `preview`. */
  readonly badge?: string | undefined
}) {
  return (
    <dl className="headlines card">
      {numbers.map(
        ({ label, value, note, metric, shortNote = note, tone = 'plain', noteTone = 'plain' }) => (
          <div key={label}>
            <dt>
              {label}
              {metric === undefined ? null : <MethodMark metric={metric} label={label} />}
            </dt>
            <dd className={`number tone-${tone}`}>{value}</dd>
            <dd className={`note note-long tone-${noteTone}`}>{note}</dd>
            <dd className={`note note-short tone-${noteTone}`}>{shortNote}</dd>
          </div>
        ),
      )}
      {badge === undefined ? null : <span className="badge">{badge}</span>}
    </dl>
  )
}
