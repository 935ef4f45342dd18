/** A table once, for every page: raw values with their units; pages print them, CSV keeps them. */

import { count, factor, missing, money, percent, price, type Style } from '../format.ts'

/**
 * What a column holds: how it is printed, and that numbers stand right. `ratio` has one decimal,
 * `percent` two.
 */
export type Unit =
  | 'text'
  | 'usd'
  | 'ratio'
  | 'percent'
  | 'factor'
  | 'count'
  | 'units'
  | 'price'
  | 'plain'

export type Value = string | number | boolean | null

/**
 * `name` is the file name without `.csv`; `note` one sentence for people. Rows match the columns.
 */
export interface Table {
  readonly name: string
  readonly title: string
  readonly note: string
  readonly columns: readonly { readonly key: string; readonly title: string; readonly unit: Unit }[]
  readonly rows: readonly (readonly Value[])[]
}

/** A value as a person reads it. Missing prints as a dash, never as 0. */
export function display(value: Value, unit: Unit, style: Style = 'screen'): string {
  if (value === null) return missing
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return value
  switch (unit) {
    case 'usd':
      return money(value, style)
    case 'ratio':
      return percent(value, 1, style)
    case 'percent':
      return percent(value, 2, style)
    case 'factor':
      return factor(value, style)
    case 'price':
      return price(value)
    case 'units':
    case 'plain':
      return short(value)
    default:
      return count(value)
  }
}

/** Four significant figures, or all digits of a number that is larger. */
function short(value: number): string {
  return Math.abs(value) >= 1000 ? count(value) : String(Number(value.toPrecision(4)))
}

/** Whether the column stands right, as numbers do. */
export function isNumeric(unit: Unit): boolean {
  return unit !== 'text'
}

/** CSV with a header row, raw numbers, `.` decimals, empty for missing; ends in a newline. */
export function csv(table: Table): string {
  const lines = [table.columns.map(({ key }) => key), ...table.rows.map((row) => row.map(field))]
  return `${lines.map((line) => line.join(',')).join('\n')}\n`
}

function field(value: Value): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
