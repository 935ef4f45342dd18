/** Who pulled whom: forced sales of each protocol by what brought them about. */

import { money } from '../../format.ts'
import type { Report } from '../../report.ts'
import type { View } from '../terminal.ts'
import { type Column, grid } from './grid.ts'

/** One row for each protocol that sold, one column for each cause; none where one is alone. */
export function contagionLines({ contagion }: Report, view: View): string[] {
  if (contagion === null || contagion.total_usd.every((usd) => usd === 0)) return []
  const { protocols, first_usd, caused_usd, total_usd } = contagion
  const cells = (of: readonly number[]) => of.map((usd) => money(usd, 'plain').replace('-', '−'))
  const columns: Column[] = [
    { title: 'outside move', cells: cells(first_usd), rank: 1 },
    ...protocols.map((name, j) => ({
      title: `by ${name}`,
      cells: cells(caused_usd.map((row) => row[j])),
      rank: 0,
    })),
    { title: 'total', cells: cells(total_usd), rank: 0 },
  ]
  return grid('SOLD BECAUSE', protocols, columns, view)
}
