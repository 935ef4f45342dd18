/** One page of help on a code. */

/** One code, for a person who has just met it. */
export interface CodePage {
  readonly means: string
  readonly remedy: string
}

/** A page of help on one code. */
export function page(means: string, remedy: string): CodePage {
  return { means, remedy }
}
