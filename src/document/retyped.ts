/** A scenario and what was changed in it, as a person would type it again in a shell. */

import type { Override } from '../scenario.ts'

/** A scenario, and where its files are if not beside it. */
export interface Typed {
  readonly entry: string
  readonly overrides: readonly Override[]
  readonly data: string | null
}

/** The scenario and its flags. */
export function retyped({ entry, overrides, data }: Typed): string {
  const words = [entry]
  for (const [key, value] of overrides) {
    if (key === 'shock.drop') words.push('--drop', value)
    else if (key === 'order') words.push('--order', value)
    else if (key === 'feedback' && value === 'false') words.push('--no-feedback')
    else words.push('--set', `${key}=${value}`)
  }
  if (data !== null) words.push('--data', data)
  return words.map(quoted).join(' ')
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
