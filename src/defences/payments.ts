/** What a fund that stands for a protocol has paid. */

import type { Defence, Reading, Sight } from '../defence.ts'

/** The part of a defence that reads the fund of a name. */
export function paidBy(name: (protocol: string) => string): Pick<Defence, 'react' | 'read'> {
  let seen: Sight | null = null
  return {
    react(sight) {
      seen = sight
    },
    read(out) {
      const own = seen?.funds.find((one) => one.name === name(seen!.protocol.name))
      out[0] = own?.drawnUsd[seen!.index] ?? 0
      out[1] = own?.leftUsd ?? 0
    },
  }
}

/** Readings of `paidBy`. */
export const fundReadings: readonly Reading[] = [
  { name: 'paid_usd', unit: 'usd', definition: 'What it paid to lenders of the protocol.' },
  { name: 'left_usd', unit: 'usd', definition: 'What is left in it for all who may draw.' },
]
