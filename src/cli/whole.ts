/** Flags that count. */

import { InputError } from '../errors.ts'

/** The whole number of a flag; null where it was not given. Throws: WholeNumberError */
export function wholeOf(flag: string, given: unknown, least: number, most: number): number | null {
  if (given === undefined) return null
  const text = String(given).trim()
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new WholeNumberError(flag, text, least, most)
}

/** A flag that counts got something else. */
export class WholeNumberError extends InputError {
  constructor(place: string, came: string, least: number, most: number) {
    super({
      code: 'FB2087',
      rule: `must be a whole number from ${least} to ${most}`,
      place,
      came,
      remedy: `Write it like ${place} ${Math.max(least, Math.min(most, 1000))}`,
    })
  }
}
