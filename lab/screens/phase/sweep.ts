/** A phase map as a sweep of one run a cell: what the figure of sweeps draws. */

import type { SweepReport } from '../../../src/sweep/report.ts'
import { cell as cellOf } from '../../state/phase.ts'
import type { Ran } from '../../state/store.ts'
import type { Input } from './axis.ts'
import { axisWords, type Subject } from './facts.ts'
import { summaryOf } from './sensitivity.ts'

/**
 * Returns the shown measure of a map as a sweep, the greatest y first.
 *
 * Rule: axes are in the words of the screen; cells are set as a sweep would be told, except that a
 *       book of another depth, which is written out whole, goes by its words there as well.
 */
export function mapSweep(
  { map, x, y, shown }: Subject,
  { report }: Pick<Ran, 'report'>,
): SweepReport {
  const { run_id, engine_version, scenario, seed, warnings, data } = report
  const wordsOf = (input: Input, numbers: readonly number[]) =>
    numbers.map((number) => axisWords(input, number))
  const [down, across] = [wordsOf(y, map.y.numbers), wordsOf(x, map.x.numbers)]
  const [rows, columns] = [y.isLog ? down : map.y.values, x.isLog ? across : map.x.values]
  // The greatest on top, as on the screen.
  const order = [...rows.keys()].reverse()
  const valueAt = (row: number, column: number) => {
    const value = map.values[shown.measure][cellOf(map, { column, row })]
    return Number.isNaN(value) ? null : value
  }
  return {
    ...{ schema: 'firebreak.sweep/1', run_id, engine_version, scenario, seed },
    ...{ draw: 'seed', first: seed, runs: 1, batch: 1, level: 0.95, anytime: false },
    variations: [
      { key: map.y.key, values: [...down].reverse() },
      { key: map.x.key, values: across },
    ],
    one_at_a_time: false,
    measures: [{ name: shown.measure, unit: shown.unit, definition: shown.words }],
    cells: order.flatMap((row) =>
      columns.map((other, column) => ({
        ...{ values: [rows[row], other], run_id, runs: 1, failed: 0, controlled: null },
        metrics: { [shown.measure]: summaryOf(valueAt(row, column)) },
      })),
    ),
    ...{ failed: [], warnings, data },
  }
}
