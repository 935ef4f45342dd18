/** The checks that every venue makes on its parameters. */

import { InputError } from '../errors.ts'
import type { VenueCommon } from '../scenario.ts'

/** Throws InputError FB2111, FB2112 unless fee and opening price make a market. */
export function checkTerms(spec: VenueCommon): void {
  if (!(spec.fee >= 0 && spec.fee < 1)) {
    throw new InputError({
      code: 'FB2111',
      place: `venues.${spec.name}.fee`,
      rule: 'a fee must be a fraction from 0 to below 1',
      came: String(spec.fee),
      remedy: 'Write 0.3 % as 0.003',
    })
  }
  checkPositive(spec.outside, `venues.${spec.name}.outside`, 'FB2112', 'an opening price')
}

/** Throws InputError unless the value is positive and finite. */
export function checkPositive(value: number, place: string, code: string, what: string): void {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return
  throw new InputError({
    code,
    place,
    rule: `${what} must be positive and finite`,
    came: String(value),
    remedy: 'Leave it out where nothing was recorded; a missing value is not 0',
  })
}

/**
 * Throws InputError FB2114 unless each value lies strictly beyond the one before, in the stated
 * direction.
 */
export function checkOrder(
  values: readonly number[],
  direction: 'rising' | 'falling',
  place: string,
): void {
  for (let i = 1; i < values.length; i++) {
    const ordered = direction === 'rising' ? values[i] > values[i - 1] : values[i] < values[i - 1]
    if (ordered) continue
    throw new InputError({
      code: 'FB2114',
      place: `${place}[${i}]`,
      rule: `the column must be strictly ${direction}`,
      came: `${values[i]} after ${values[i - 1]}`,
      remedy: 'Sort it, and add up the sizes of equal prices',
    })
  }
}

/** Throws InputError FB2115 unless the columns have the stated lengths, at least one row. */
export function checkLength(found: number, wanted: number, place: string, rule: string): void {
  if (found === wanted && wanted > 0) return
  throw new InputError({
    code: 'FB2115',
    place,
    rule,
    came: `${found} against ${wanted}`,
    remedy: 'Give one value for each row, and at least one row',
  })
}
