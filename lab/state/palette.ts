/** What the palette offers and how it is found as one types. */

/** One line of the palette. */
export interface Offer {
  readonly title: string
  /** What it is: a screen, an example, something to do. */
  readonly kind: string
  /** What else finds it. */
  readonly about?: string
  readonly key?: string
  readonly act: () => void
}

type Findable = Pick<Offer, 'title' | 'kind' | 'about'>

/**
 * The offers that fit what was typed, the best first.
 *
 * Rule: each word typed has to be in the title, or to begin a word of what it is about. Titles that
 *       begin with it come first, then words of titles, then the rest; equals keep their order.
 */
export function found<T extends Findable>(offers: readonly T[], typed: string): readonly T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return offers
    .map((offer) => ({ offer, rank: rankOf(offer, words) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ offer }) => offer)
}

function rankOf({ title, kind, about = '' }: Findable, words: readonly string[]): number {
  const name = title.toLowerCase()
  const begins = (text: string, word: string) =>
    text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))
  const ranks = words.map((word) => {
    if (name.startsWith(word)) return 0
    if (begins(name, word)) return 1
    if (name.includes(word)) return 2
    return begins(`${kind} ${about.toLowerCase()}`, word) ? 3 : Number.POSITIVE_INFINITY
  })
  return Math.max(0, ...ranks)
}
