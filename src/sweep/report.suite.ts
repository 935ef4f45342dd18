/** Made-up sweeps, for tests of what shows them. */

import { randomAt } from '../math/random.ts'
import { summary } from '../statistics/summary.ts'
import { combinations, type Variation } from './plan.ts'
import type { SweepReport } from './report.ts'

const measures = [
  { name: 'total_liquidated_usd', unit: 'usd', definition: 'Debt repaid.' },
  { name: 'bad_debt_usd', unit: 'usd', definition: 'Bad debt.' },
  { name: 'final_drop', unit: 'ratio', definition: 'Fall.' },
  { name: 'rounds', unit: 'count', definition: 'Rounds.' },
]

/** A sweep over keys with so many values each; `columns` are bad debts by cell. */
export function sweepReport({
  keys,
  runs,
  alone = false,
}: {
  readonly keys: Readonly<Record<string, number>>
  readonly runs: number
  readonly alone?: boolean
}): { report: SweepReport; columns: Float64Array[] } {
  const variations = Object.entries(keys).map(([key, count]): Variation => {
    return { key, values: Array.from({ length: count }, (_, k) => `${5 * (k + 1)}%`) }
  })
  const rows = combinations(variations, alone)
  const random = randomAt(9, 9)
  const columns = rows.map((values, cell) => {
    const size = values.reduce((sum, value) => sum + Number.parseFloat(value ?? '12'), 1)
    return Float64Array.from({ length: runs }, (_, run) =>
      Math.max(0, 1e5 * size * random.normal(cell, run % 60_000) + 3e4 * size * (size - 20)),
    )
  })
  const cells = rows.map((values, cell) => ({
    ...{ values, run_id: 'c'.repeat(64), runs, failed: 0, controlled: null },
    metrics: Object.fromEntries(
      measures.map(({ name, unit }) => {
        const by = name === 'bad_debt_usd' ? 1 : unit === 'usd' ? 7 : 1e-8
        const column = columns[cell].map((value) => value * by)
        return [name, summary(column, { seed: 1, batch: 1, level: 0.95 })]
      }),
    ),
  }))
  const report: SweepReport = {
    ...{ schema: 'firebreak.sweep/1', run_id: 'a1b2'.repeat(16), engine_version: '0.1.0' },
    ...{ scenario: 'made-up', seed: 42, draw: 'path', first: 0, runs, batch: 1, level: 0.95 },
    ...{
      anytime: false,
      variations,
      one_at_a_time: alone,
      measures,
      cells,
      failed: [],
      warnings: [],
      data: [],
    },
  }
  return { report, columns }
}
