/** A generated sentence, its parts in the colours of what they speak of. */

import type { Segment } from '../../src/figures/caption.ts'

export function Sentence({ segments }: { readonly segments: readonly Segment[] }) {
  return (
    <>
      {segments.map(({ text, tone }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts stay in their order
        <span key={i} className={`tone-${tone}`}>
          {text}
        </span>
      ))}
    </>
  )
}
