/** What a map says in words, from the same numbers as its colours. */

import { count, counted, points, signedPercent } from '../../../src/format.ts'
import { DROP_KEY, IGNITES_AT } from '../../engine/phaseMap.ts'
import { type Cell, cell as cellOf, isWhole, type PhaseMap } from '../../state/phase.ts'
import { type AxisValues, type Input, indexOf, shownIn } from './axis.ts'
import { meetsColumn, meetsRow, nearest, valueAt } from './contour.ts'
import { fieldOf, knownEdges } from './frame.ts'
import { type Shown, valueWords } from './shade.ts'

/** A map with what is needed to speak of it. */
export interface Subject {
  readonly map: PhaseMap
  readonly x: Input
  readonly y: Input
  readonly shown: Shown
  /** The cell of the scenario as it is; null where it lies outside. */
  readonly you: Cell | null
  /** The row of the scenario as it is; -1 where it lies outside. */
  readonly row: number
}

/** Where the scenario as it is lies on a map. */
export function youIn(map: PhaseMap, x: Input, y: Input): Cell | null {
  const column = indexOf(map.x, x.value)
  const row = indexOf(map.y, y.value)
  return column < 0 || row < 0 ? null : { column, row }
}

/** The edges that count for a scenario: from its cell, or from no drop in its row. */
export function edgesOf({ map, x, you, row }: Subject): Edges {
  if (you !== null) return edgesAt(map, you)
  const isAtRest = x.key === DROP_KEY && x.value === 0 && row >= 0
  if (!isAtRest) return { across: null, down: null }
  return { ...edgesAt(map, { column: 0, row }), down: null }
}

/** A value of an axis in words: drops carry their sign. */
export function axisWords(input: Input, value: number): string {
  if (input.key === DROP_KEY) return signedPercent(-value).replace(/\.0(?=\u202f)/, '')
  return shownIn(value, input.unit)
}

/** The same beside an axis: no more digits than a round number needs. */
export function tickWords(input: Input, value: number): string {
  return value === 0 ? '0' : axisWords(input, value).replace(/\.0+(?=[MB])/, '')
}

/** The edge of the row and of the column through a cell, as values; null where there is none. */
export interface Edges {
  readonly across: number | null
  readonly down: number | null
}

/** The ignition nearest to a cell, along its row and along its column. */
function edgesAt(map: PhaseMap, { column, row }: Cell): Edges {
  const field = fieldOf(map, 'feedback')
  const known = knownEdges(map)
  const across = nearest(meetsRow(field, IGNITES_AT, row, known), column)
  const down = nearest(meetsColumn(field, IGNITES_AT, column, known), row)
  const value = ({ numbers }: AxisValues, place: number | null) =>
    place === null ? null : valueAt(numbers, place)
  return { across: value(map.x, across), down: value(map.y, down) }
}

/** Whether a cell is past ignition; null where that is not known. */
export function ignites(map: PhaseMap, cell: Cell): boolean | null {
  const feedback = map.values.feedback[cellOf(map, cell)]
  return Number.isNaN(feedback) ? null : feedback > IGNITES_AT
}

/**
 * The title of a map: where the scenario stands, and what would have changed it.
 *
 * Rule: along the drop, in points to the ignition of this row; the other input at the nearest
 *       ignition of this column.
 */
export function sentenceOf(subject: Subject): string {
  const { map, x, y, you } = subject
  const { across, down } = edgesOf(subject)
  if (you === null) return outsideWords(subject, across)
  const isPast = ignites(map, you)
  if (isPast === null) return isWhole(map) ? 'This scenario has no value here' : 'Computing'
  const side = isPast ? 'past the edge' : 'before the edge'
  const far = x.key === DROP_KEY && across !== null ? `${points(Math.abs(x.value - across))} ` : ''
  const first = `At ${axisWords(x, x.value)} you stand ${far}${side}`
  const would = isPast ? 'would have held it' : 'would have lit it'
  // Rows that are still to come may hold a nearer edge.
  if (!isWhole(map)) return `${first}.`
  if (down === null) return `${first}; no ${y.isLog ? 'book' : y.name} on this map ${would}.`
  return `${first}; ${changeWords(y, down)} ${would}.`
}

/** Another value of an input, beside its own. */
function changeWords(input: Input, value: number): string {
  const [to, from] = [axisWords(input, value), axisWords(input, input.value)]
  if (input.isLog) return `a book of ${to} within 2\u202f% instead of ${from}`
  return `${article(input.name)} ${input.name} of ${to} instead of ${from}`
}

function article(name: string): string {
  return /^[aeiou]/i.test(name) ? 'an' : 'a'
}

function outsideWords({ map, x, y }: Subject, across: number | null): string {
  const known = map.values.feedback.filter((value) => !Number.isNaN(value))
  const past = known.filter((value) => value > IGNITES_AT).length
  if (known.length === 0) return isWhole(map) ? 'No cell of this map has a value' : 'Computing'
  if (across !== null)
    return `As it opens, this scenario is ${points(across)} of ${x.name} from the edge.`
  const share = `${count(past)} of ${counted(known.length, 'cell')} are past the edge`
  const own = `${axisWords(x, x.value)} and ${axisWords(y, y.value)}`
  return `${share}; the scenario itself, at ${own}, lies outside.`
}

/** A cell in words, for eyes and ears. */
export function cellWords({ map, x, y, shown }: Subject, cell: Cell): string {
  const value = map.values[shown.measure][cellOf(map, cell)]
  const [across, down] = [map.x.numbers[cell.column], map.y.numbers[cell.row]]
  const place = `${x.name} ${axisWords(x, across)}, ${y.name} ${axisWords(y, down)}`
  if (map.known[cellOf(map, cell)] === 0) return `${place}: not computed yet`
  if (Number.isNaN(value)) return `${place}: no value`
  const side = ignites(map, cell) ? 'past ignition' : 'absorbed'
  return `${place}: ${shown.name} ${valueWords(shown, value)}, ${side}`
}
