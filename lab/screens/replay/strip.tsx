/** The sentence about the frame under the cursor, and its four numbers. */

import { Sentence } from '../../parts/sentence.tsx'
import { type Loaded, useReplay } from '../../state/replay.ts'
import { sentenceOf, stripOf } from './words.ts'

export function Strip({ loaded: { columns, facts } }: { readonly loaded: Loaded }) {
  const at = useReplay((state) => state.at)
  const isPlaying = useReplay((state) => state.isPlaying)
  return (
    <section className="card replay-strip" aria-label="This moment">
      <p className="replay-sentence" aria-live={isPlaying ? 'off' : 'polite'}>
        <Sentence segments={sentenceOf(columns, facts, at)} />
      </p>
      <dl>
        {stripOf(columns, facts, at).map(({ label, value, note, tone }, i) => (
          <div key={String(i)}>
            <dt>{label}</dt>
            <dd className={`number tone-${tone}`}>{value}</dd>
            <dd className="note">{note}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
