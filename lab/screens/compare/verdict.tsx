/** The sentence over a comparison: what the library says of the same report. */

import { dominanceWords, judgedNames } from '../../../src/figures/compareFacts.ts'
import { counted } from '../../../src/format.ts'
import type { Shown } from '../../state/compare.ts'
import { marked, type Piece, verdictOf } from './facts.ts'

export function Verdict({ shown }: { readonly shown: Shown }) {
  const { report } = shown.compared
  const [first, ...rest] = verdictOf(report)
  const dominance = dominanceWords(report)
  return (
    <section className="card cmp-verdict" aria-label="What came out">
      <p className="cmp-sentence" aria-live={shown.isWhole ? 'polite' : 'off'}>
        <Pieces of={first} />
      </p>
      {rest.map((pieces) => (
        <p key={pieces.map(({ text }) => text).join('')}>
          <Pieces of={pieces} />
        </p>
      ))}
      <p className="note">
        {dominance.length === 0
          ? 'No arm dominates another'
          : dominance.map((words, i) => (
              <span key={words}>
                {i > 0 ? '; ' : ''}
                <Pieces of={marked(words, report)} />
              </span>
            ))}{' '}
        (nowhere shown to be worse in {judgedNames(report)}, and somewhere better).
        {shown.isWhole ? null : ` So far: ${counted(report.pairs, 'pair')}.`}
      </p>
    </section>
  )
}

/** Text with the names of arms in their colours, each with its letter. */
export function Pieces({ of }: { readonly of: readonly Piece[] }) {
  return of.map(({ text, side }, i) =>
    side === null ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces stay in their order
      <span key={i} className={`arm-${side}`}>
        {side.toUpperCase()} {text}
      </span>
    ),
  )
}
