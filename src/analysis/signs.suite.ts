/** Signs and sizes of changes over many random scenarios, as `docs/sensitivity.md` has them. */

import { readFileSync } from 'node:fs'
import { quantile } from '../math/quantile.ts'

export const page = readFileSync(new URL('../../docs/sensitivity.md', import.meta.url), 'utf8')

/** A number of one scenario before and after a change. */
export type Pair = readonly [before: number, after: number]

/** In how many scenarios the number went down, stayed, and went up. */
export function signsOf(pairs: readonly Pair[]) {
  const counts = { down: 0, same: 0, up: 0 }
  for (const [before, after] of pairs) {
    const isSame = Math.abs(after - before) <= 1e-9 * Math.max(Math.abs(before), Math.abs(after))
    counts[isSame ? 'same' : after < before ? 'down' : 'up']++
  }
  return counts
}

/** The median, and the quartiles around it. */
export function quartiles(values: readonly number[], text: (value: number) => string): string {
  const [low, median, high] = [0.25, 0.5, 0.75].map((p) => text(quantileOf(values, p)))
  return `${median} (${low} to ${high})`
}

export function quantileOf(values: readonly number[], p: number): number {
  return quantile(Float64Array.from(values).sort(), p)
}

/** A row of a table of the page. */
export function rowOf(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`
}
