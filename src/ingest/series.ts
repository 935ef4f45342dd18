/** Recorded prices: a table of times and values, as a series or as returns. */

import { type Context, checkAge, secondsOf } from './context.ts'
import { rowsWhere } from './depth.ts'
import type { RecordKeys } from './pathSchema.ts'
import { columnOf, failAt, numberAt, readTable, type Table, TableError, textAt } from './table.ts'
import type { Step } from './tree.ts'

/** Values by time, rising. Units: unix seconds; values as recorded. */
export interface Series {
  readonly file: string
  readonly time: readonly number[]
  readonly value: readonly number[]
}

/**
 * Reads the rows of a file that lie between `from` and `to`, both included.
 *
 * Rule:   times are unix seconds or ISO-8601 in UTC, and rise; values are positive.
 * Throws: TableError FB4118 for a row out of order or without a positive value, FB4119 where fewer
 *         rows are left than `rowsMin`, FB4011 for a time that is none
 */
export async function seriesFrom(
  keys: RecordKeys,
  rowsMin: number,
  context: Context,
  path: readonly Step[],
): Promise<Series> {
  checkAge(keys, context, path)
  const table = await readTable(keys, context.path, context.source)
  const { name, sha256, rows } = table
  const as_of = keys.asOf ?? null
  context.data.push({ name, role: 'prices', sha256, rows: rows.length, as_of })
  return within(keys, table, rowsMin)
}

function within(keys: RecordKeys, table: Table, rowsMin: number): Series {
  const timeColumn = columnOf(table, keys.columns?.time ?? 'time')
  const valueColumn = columnOf(table, keys.columns?.price ?? 'price')
  const from = secondsOf(keys.from) ?? Number.NEGATIVE_INFINITY
  const to = secondsOf(keys.to) ?? Number.POSITIVE_INFINITY
  const time: number[] = []
  const value: number[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const row of rowsWhere(table, keys.where)) {
    const now = timeAt(table, row, timeColumn)
    if (now <= last) failRow(table, row, timeColumn, 'the times of a record must rise')
    last = now
    if (now < from || now > to) continue
    const price = numberAt(table, row, valueColumn)
    if (!(price > 0)) failRow(table, row, valueColumn, 'a recorded value must be positive')
    time.push(now)
    value.push(price)
  }
  if (time.length < rowsMin) failShort(keys, rowsMin, time.length)
  return { file: keys.file, time, value }
}

/**
 * Simple returns of consecutive rows.
 *
 * Rule:   rows are a step apart, give or take half of it; a longer gap gives no return, for nobody
 *         knows what happened in it. Gaps are counted in a warning.
 * Throws: TableError FB4118 where rows are closer than half a step
 */
export function returnsFrom(series: Series, step: number, context: Context): Float64Array {
  const { file, time, value } = series
  const returns: number[] = []
  for (let i = 1; i < time.length; i++) {
    const passed = time[i] - time[i - 1]
    if (passed < STEP_LEAST * step) failDense(file, passed, step)
    if (passed <= STEP_MOST * step) returns.push(value[i] / value[i - 1] - 1)
  }
  const gaps = time.length - 1 - returns.length
  if (returns.length === 0) {
    throw new TableError({
      code: 'FB4119',
      rule: 'a bootstrap needs two rows one step apart',
      place: file,
      came: `${time.length} rows, none within ${STEP_MOST} steps of ${step} s of the next`,
      remedy: 'Correct step:, or record more often',
    })
  }
  if (gaps > 0) {
    const text = `${gaps} of ${time.length - 1} steps of ${file} are gaps and give no return`
    context.warnings.push({ code: 'FB4116', text, effect: 'unknown' })
  }
  return Float64Array.from(returns)
}

const STEP_LEAST = 0.5
const STEP_MOST = 1.5

function timeAt(table: Table, row: number, column: number): number {
  const text = textAt(table, row, column)
  const seconds = /^\d{4}-/.test(text) ? secondsOf(text) : numberAt(table, row, column)
  if (seconds !== null) return seconds
  const rule = 'a time must be unix seconds or ISO-8601 in UTC'
  return failAt(table, row, column, 'FB4011', rule, text, 'Write it like 2020-03-12T10:40:00Z')
}

function failRow(table: Table, row: number, column: number, rule: string): never {
  const remedy = 'Sort the rows by time, and remove those without a value'
  return failAt(table, row, column, 'FB4118', rule, table.rows[row][column], remedy)
}

function failDense(file: string, passed: number, step: number): never {
  throw new TableError({
    code: 'FB4118',
    rule: 'rows of a bootstrap must not be closer than half a step',
    place: file,
    came: `${passed} s between two rows, for a step of ${step} s`,
    remedy: 'Write the time between two rows as step:',
  })
}

function failShort(keys: RecordKeys, rowsMin: number, came: number): never {
  throw new TableError({
    code: 'FB4119',
    rule: `a record needs at least ${rowsMin === 1 ? 'one row' : `${rowsMin} rows`} that count`,
    place: keys.file,
    came: `${came} between ${keys.from ?? 'the first'} and ${keys.to ?? 'the last'}`,
    remedy: 'Correct from: and to:, or get a longer record',
  })
}
