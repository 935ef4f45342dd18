/** The shape of a metric's explanation. */

/** One metric, explained. `sentence` goes into the report beside the number. */
export interface Definition {
  /** `usd`, `ratio`, `count`, `units` or `usd per unit`. */
  readonly unit: string
  readonly sentence: string
  readonly formula: string
  readonly source: string
  /** What it is easily mistaken for, or where it misleads. */
  readonly trap: string
}
