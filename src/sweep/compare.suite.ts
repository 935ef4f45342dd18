/** Made-up comparisons, for tests of what shows them. */

import { randomAt } from '../math/random.ts'
import { type CompareReport, compareReport } from './compare.ts'

/** What an arm makes of a run, as factors and additions; all but `power` are noisy. */
interface Effect {
  readonly sold?: number
  readonly lenders?: number
  readonly borrowers?: number
  readonly power?: number
  readonly kept?: number
}

/**
 * Arms by what they do: one that helps, one that harms, one that does both, one that does
 * nothing, one of which nothing is shown, and one that costs borrowing power.
 */
export const effects: Readonly<Record<string, Effect>> = {
  none: {},
  'speed-limit': { sold: 0.8, borrowers: 0.85, lenders: 1.004 },
  breaker: { sold: 1.3, borrowers: 1.1, lenders: 1.4 },
  backstop: { sold: 0.7, lenders: 1.5 },
  'price-band': {},
  'oracle-guard': { lenders: 0.99 },
  'dynamic-threshold': { sold: 0.9, power: 0.08, kept: 2e5 },
}

const measures = [
  ...['total_liquidated_usd', 'bad_debt_usd', 'shortfall_usd', 'forced_sale_usd'],
  ...['borrower_loss_usd', 'kept_by_protocols_usd', 'liquidator_profit_usd', 'lowest_drop'],
  ...['borrowing_power', 'settle_seconds', 'paid_by_funds_usd'],
].map((name) => ({
  name,
  unit: name.endsWith('usd') ? 'usd' : name.endsWith('seconds') ? 'seconds' : 'ratio',
  definition: `${name}.`,
}))

/** A comparison of these arms, the first that of the scenario as it is. */
export function madeUp(names: readonly string[], pairs = 60): CompareReport {
  return compareReport({
    ...{ runId: 'a1b2'.repeat(16), engineVersion: '0.1.0', scenario: 'made-up', seed: 42 },
    sample: ['price paths', 'depth by 25 %', 'latencies and ties'],
    added: [
      ['blocks', '900'],
      ['chain', '{ block: 12s }'],
    ],
    arms: names.map((name, a) => ({
      name,
      set: a === 0 ? [] : ([[`defences.${name}`, '{}']] as const),
      run_id: 'c'.repeat(64),
    })),
    measures,
    rows: names.map((name, a) => rowsOf(effects[name] ?? {}, pairs, a)),
    still: rowsOf({ sold: 0.7 }, pairs, 0),
    toleranceUsd: 1.2e7,
    ...{ warnings: [], data: [] },
  })
}

function rowsOf(
  { sold = 1, lenders = 1, borrowers = 1, power = 0, kept = 0 }: Effect,
  pairs: number,
  arm: number,
): Float64Array {
  const random = randomAt(5, 1)
  const rows = new Float64Array(pairs * measures.length)
  for (let k = 0; k < pairs; k++) {
    const size = 4e7 * Math.max(0.1, 1 + 0.4 * random.normal(k, 0))
    // What an arm leaves alone stays the same to the last digit.
    const by = (factor: number, salt: number) =>
      factor === 1 ? 1 : factor + 0.1 * random.normal(k, 10 * arm + salt)
    const usd = size * by(sold, 1)
    rows.set(
      [
        ...[
          usd,
          0.01 * size * by(lenders, 2) + kept,
          0,
          1.05 * usd,
          0.05 * size * by(borrowers, 3),
        ],
        ...[
          kept,
          0.02 * usd,
          0.15 + 0.05 * (usd / 4e7),
          1 - power,
          600 * by(sold, 4) + size / 1e5,
          0,
        ],
      ],
      k * measures.length,
    )
  }
  return rows
}
