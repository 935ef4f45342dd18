/** Blocks for the tests of feeds. */

import type { Moment } from '../moment.ts'
import type { Oracle } from '../oracle.ts'

/** Walks a feed through blocks of one length. */
export interface Walk {
  readonly oracle: Oracle
  /**
   * Runs blocks at one market price, and answers what is published then. The price outside is the
   * market's unless it is given.
   */
  blocks(count: number, market: number, gwei?: number, outside?: number): number
  readonly at: Moment
}

export function walk(oracle: Oracle, seconds: number): Walk {
  const at = { block: 0, seconds, atSeconds: 0, gwei: 10 }
  return {
    oracle,
    at,
    blocks(count, market, gwei = 10, outside = market) {
      for (let i = 0; i < count; i++) {
        at.block++
        at.atSeconds += seconds
        at.gwei = gwei
        oracle.observe(at, market, outside)
      }
      return oracle.price()
    },
  }
}

/** The opening of a feed whose draws are given by block; those not given are the median. */
export function opening(price: number, draws: Readonly<Record<number, number>> = {}) {
  return { price, draw: (block: number) => draws[block] ?? 0.5 }
}

/** The code of the error that a call throws; a word if it throws none. */
export function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
  return 'none'
}
