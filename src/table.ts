/** What a run in time records: columns of numbers that grow row by row. */

import { assert } from './errors.ts'

/** One column. `words` names what a number stands for, where it is not a number: -1 is none. */
export interface Column {
  readonly name: string
  readonly unit: string
  readonly definition: string
  readonly words: readonly string[] | null
}

/**
 * Rows as columns. `values[c]` has room for more than `rows` numbers; only the first `rows` count,
 * and all others are NaN.
 *
 * Units: NaN is a missing value, never 0. A column with words holds indices into them.
 */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  rows: number
  /** Replaced by longer arrays as the table grows: take it anew after each block. */
  readonly values: Float64Array[]
}

/** An empty table. */
export function tableOf(name: string, columns: readonly Column[]): Table {
  const values = columns.map(() => new Float64Array(ROOM).fill(Number.NaN))
  return { name, columns, rows: 0, values }
}

/** Opens one more row, of missing values, and returns its index: fill it column by column. */
export function addRow(table: Table): number {
  const { values, rows } = table
  if (rows === values[0].length) {
    for (let c = 0; c < values.length; c++) {
      const longer = new Float64Array(2 * rows)
      longer.set(values[c])
      values[c] = longer.fill(Number.NaN, rows)
    }
  }
  table.rows++
  return rows
}

/** The column of that name, the first `rows` of it. */
export function columnOf(table: Table, name: string): Float64Array {
  const c = table.columns.findIndex((column) => column.name === name)
  assert(c >= 0, `${table.name} has a column ${name}`)
  return table.values[c].subarray(0, table.rows)
}

const ROOM = 64
