/** A point of a run in time. */

/** A year of 365 days: the unit of interest, drift, volatility and growth. */
export const YEAR_SECONDS = 31_536_000

/**
 * What everybody may know of the block that runs. Reused between blocks: read it, do not keep it.
 *
 * Units: `seconds` since the block before, `atSeconds` since the opening; block 0 is the opening
 *        itself, the first block that runs is 1. `gwei` is the gas price at which a transaction of
 *        this block is likely to be included.
 */
export interface Moment {
  readonly block: number
  readonly seconds: number
  readonly atSeconds: number
  readonly gwei: number
}
