/** Gauges of a house, for the run that tests show. */

import type { ClosingRow, GaugeRow } from '../timedReport.ts'

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

/** Most was closed in the market, some by winners. */
export const CLOSINGS: readonly ClosingRow[] = [
  { kind: 'liquidation', name: 'closed in the market', closings: 81, usd: 4_100_000 },
  { kind: 'takeover', name: 'taken over by the vault', closings: 1, usd: 70_000 },
  { kind: 'sale', name: 'closed by the vault', closings: 0, usd: 0 },
  { kind: 'deleveraged', name: 'closed for others', closings: 3, usd: 230_000 },
]
