/** A case of the conformance suite of venues, and its draws. */

import fc from 'fast-check'
import type { Venue } from '../venue.ts'

const RUNS = { seed: 20230619, numRuns: 100 }

/** A venue and what of the laws does not hold for it, each with its reason. */
export interface Case {
  readonly title: string
  readonly make: () => Venue
  /** A size of sale that matters here. */
  readonly units: number
  readonly exceptions: {
    readonly pathDependent?: string
    readonly oneSided?: string
    readonly steps?: string
    /** Of a sale only 1 - fee of the units moves the price, of a purchase all. */
    readonly inputFee?: string
  }
}

/** 0, or a number from 1e-8 to 1, more often near 0. */
export const share = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => (x < 1e-4 ? 0 : x * x))
/** A move of a price, from half to three tenths more. */
export const factor = fc.double({ min: 0.5, max: 1.3, noNaN: true })

/** Asks the law of many drawn values. */
export function check<A extends [unknown, ...unknown[]]>(
  ...parts: [...{ [K in keyof A]: fc.Arbitrary<A[K]> }, (...values: A) => void]
): void {
  const run = fc.property as unknown as (...given: typeof parts) => fc.IProperty<A>
  fc.assert(run(...parts), RUNS)
}
