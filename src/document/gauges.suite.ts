/** Gauges of a house, for the run that tests show. */

import type { GaugeRow } from '../timedReport.ts'

/** A fund that was nearly emptied. */
export const FUND: GaugeRow = {
  name: 'fund',
  unit: 'usd',
  definition: 'Insurance fund.',
  opening: 5_000_000,
  lowest: 120_000,
  highest: 5_000_000,
  final: 340_000,
}
