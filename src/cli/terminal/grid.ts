/** Tables that fit the terminal: what matters least is left out first, names are cut last. */

import { left, right } from '../layout.ts'
import { width } from '../paint.ts'
import type { View } from '../terminal.ts'

/** A column of numbers. Where room is short the one of the highest `rank` goes first. */
export interface Column {
  readonly title: string
  readonly cells: readonly string[]
  readonly rank: number
}

/** Lines of a table: a heading over names, then columns of numbers that stand right. */
export function grid(
  heading: string,
  names: readonly string[],
  columns: readonly Column[],
  view: View,
): string[] {
  const { strong, quiet } = view.paint
  const room = view.columns - 2
  const widest = Math.max(width(heading), ...names.map((name) => width(name) + 2))
  const shown = fitting(columns, room - leastName)
  const taken = shown.reduce((sum, column) => sum + gap + widthOf(column), 0)
  const first = Math.max(leastName, Math.min(widest, room - taken))
  const cells = (cell: (column: Column) => string) =>
    shown.map((column) => ' '.repeat(gap) + right(cell(column), widthOf(column))).join('')
  return [
    left(strong(cut(heading, first)), first) + quiet(cells(({ title }) => title)),
    ...names.map((name, i) => {
      return left(`  ${cut(name, first - 2)}`, first) + cells((column) => column.cells[i])
    }),
  ]
}

/** Money with the sign of a minus in front, where it is below 0. */
export function minus(text: string): string {
  return text.replace(/-(?=[$\d])/g, '−')
}

const gap = 2

/** A name is never cut below this many columns, its indent counted. */
const leastName = 12

function fitting(columns: readonly Column[], room: number): readonly Column[] {
  const taken = columns.reduce((sum, column) => sum + gap + widthOf(column), 0)
  const last = Math.max(...columns.map(({ rank }) => rank))
  if (taken <= room || columns.length === 1) return columns
  const dropped = columns.findLastIndex(({ rank }) => rank === last)
  return fitting(
    columns.filter((_, i) => i !== dropped),
    room,
  )
}

function widthOf({ title, cells }: Column): number {
  return Math.max(width(title), ...cells.map(width))
}

function cut(text: string, columns: number): string {
  return width(text) <= columns ? text : `${[...text].slice(0, columns - 1).join('')}…`
}
