/** A comparison on one screen: what came out, a table of arms, who dominates whom, the sample. */

import {
  changeText,
  dominanceWords,
  firstWords,
  intervalText,
  judgedNames,
  levelText,
  meanText,
  pairingWords,
  type Reading,
  readingOf,
  rowsShown,
  rowWords,
  sampleWords,
  sentencesOf,
} from '../../figures/compareFacts.ts'
import { counted, shortId } from '../../format.ts'
import type { CompareReport, MeasureRow } from '../../sweep/compare.ts'
import { flow, labelled, left, pageOf, right, wrap } from '../layout.ts'
import { width } from '../paint.ts'
import type { View } from '../terminal.ts'
import { gateLines } from './head.ts'

/** What runs one pair of one arm alone, and the path of the first pair. */
export interface Rerun {
  readonly command: string
  readonly path: number
}

/**
 * Returns the page, ending in a newline.
 *
 * Rule: a column for each arm: mean, what it changes, how that reads, and its interval below. Arms
 *       that do not fit beside each other follow below each other.
 */
export function renderCompare(report: CompareReport, rerun: Rerun, view: View): string {
  return pageOf(view.unicode, [
    headLines(report, view),
    gateLines(view),
    sentencesOf(report, 'plain')
      .flatMap((text) => wrap(text, view.columns - 2))
      .map(view.paint.strong),
    ...blocksOf(report, view),
    noteLines(report, view),
    addedLines(report, view),
    rerunLines(report, rerun, view),
    warningLines(report, view),
    lastLines(view),
  ])
}

function headLines(report: CompareReport, view: View): string[] {
  const { strong, quiet } = view.paint
  const facts = [
    report.scenario,
    `comparison ${shortId(report.run_id)}`,
    `${report.arms.length} arms of ${counted(report.pairs, 'pair')}`,
    `seed ${report.seed}`,
  ]
  const room = view.columns - 2
  const title = strong(`Firebreak ${report.engine_version}`)
  return flow([title, ...flow(facts, room, ' · ').map(quiet)], room, '   ')
}

/** What an arm shows in a measure. */
interface Cell {
  readonly mean: string
  readonly change: string
  readonly reading: Reading
  readonly interval: string
}

/** An arm with its cells, and how wide its parts are. */
interface ArmColumn {
  readonly title: string
  readonly cells: readonly Cell[]
  readonly mean: number
  /** Mean and change, or the interval below them. */
  readonly numbers: number
  readonly width: number
}

/** The table, cut into as many as the arms need. */
function blocksOf(report: CompareReport, view: View): string[][] {
  const rows = rowsShown(report)
  const base = { title: report.arms[0].name, cells: rows.map((row) => meanText(row, 0, 'plain')) }
  const names = rows.map((row) => `  ${rowWords(row)}`)
  const columns = report.arms.slice(1).map(({ name }, i) => columnOf(name, rows, i + 1))
  const baseWidth = GAP + Math.max(...[base.title, 'mean', ...base.cells].map(width))
  const room = view.columns - 2 - baseWidth
  const most = Math.max(...columns.map((column) => column.width)) + GAP
  const first = Math.min(Math.max(...names.map(width)), Math.max(NAME_LEAST, room - most))
  const blocks: ArmColumn[][] = []
  let free = 0
  for (const column of columns) {
    if (blocks.length === 0 || column.width + GAP > free) {
      blocks.push([])
      free = room - first
    }
    blocks[blocks.length - 1].push(column)
    free -= column.width + GAP
  }
  const heading = (text: string) => left('', first) + right(text, baseWidth)
  return blocks.map((block) => [
    view.paint.strong(heading(base.title) + block.map(titleOf).join('')),
    view.paint.quiet(heading('mean') + block.map(headOf).join('')),
    ...names.flatMap((name, r) => {
      const start = left(cut(name, first), first) + right(base.cells[r], baseWidth)
      const lines = [start + block.map((column) => cellText(column, r, view)).join('')]
      if (block.every(({ cells }) => cells[r].interval === '')) return lines
      const below = block.map((column) => belowText(column, column.cells[r].interval)).join('')
      return [...lines, left('', first + baseWidth) + view.paint.quiet(below)]
    }),
  ])
}

function columnOf(title: string, rows: readonly MeasureRow[], arm: number): ArmColumn {
  const cells = rows.map((row) => ({
    mean: meanText(row, arm, 'plain'),
    change: changeText(row, arm, 'plain'),
    reading: readingOf(row, arm),
    interval: intervalText(row, arm, 'plain'),
  }))
  const widest = (of: (cell: Cell) => string) => Math.max(...cells.map((cell) => width(of(cell))))
  const mean = Math.max(
    width('mean'),
    widest((cell) => cell.mean),
  )
  const numbers = Math.max(
    mean + 2 + widest((cell) => cell.change),
    widest((cell) => cell.interval),
  )
  return { title, cells, mean, numbers, width: numbers + 1 + widest((cell) => cell.reading) }
}

function titleOf(column: ArmColumn): string {
  const title = cut(column.title, column.width)
  return ' '.repeat(GAP) + left(right(title, column.numbers), column.width)
}

function headOf({ mean, numbers, width: all }: ArmColumn): string {
  const heads = right('mean', mean) + right('change', numbers - mean)
  return ' '.repeat(GAP) + left(heads, all)
}

function cellText(column: ArmColumn, r: number, { paint }: View): string {
  const { mean, change, reading } = column.cells[r]
  const numbers = right(mean, column.mean) + right(change, column.numbers - column.mean)
  const mark = reading === 'better' ? paint.ok : reading === 'worse' ? paint.total : paint.quiet
  const text = `${left(numbers, column.numbers)} ${mark(reading)}`
  return ' '.repeat(GAP) + left(text, column.width)
}

function belowText({ numbers, width: all }: ArmColumn, interval: string): string {
  return ' '.repeat(GAP) + left(right(interval, numbers), all)
}

function cut(text: string, columns: number): string {
  return width(text) <= columns ? text : `${[...text].slice(0, columns - 1).join('')}…`
}

/** Who dominates whom, what the sample is, how intervals are made. */
function noteLines(report: CompareReport, view: View): string[] {
  const dominance = dominanceWords(report)
  const of = `nowhere shown to be worse in ${judgedNames(report)}, and somewhere better`
  const notes = [
    [
      'READ',
      `change from ${firstWords(report)}; below it its ${levelText(report, 'plain')} interval`,
    ],
    ['', 'better, worse, less, more: the interval lies on one side of 0; not shown: 0 is in it'],
    ['DOMINANCE', dominance.length === 0 ? 'no arm dominates another' : dominance.join('; ')],
    ['', of],
    ['SAMPLE', sampleWords(report, 'plain')],
    ['INTERVALS', pairingWords(report, 'plain')],
  ]
  return notes.flatMap(([label, text]) => noted(label, text, view))
}

function noted(label: string, text: string, view: View): string[] {
  const { strong, quiet } = view.paint
  return labelled(strong(label), LABEL, wrap(text, view.columns - 2 - LABEL).map(quiet))
}

/** Keys that were added; those whose value is a map by their name alone. */
function addedLines({ added }: CompareReport, view: View): string[] {
  if (added.length === 0) return []
  const keys = added.map(([key, value]) => (value.startsWith('{') ? key : `${key} ${value}`))
  const why = 'the scenario has no time; this one was made up for it, from round numbers:'
  return noted('ADDED', `${why} ${keys.join(', ')}`, view)
}

/** One pair of one arm alone, as a shell takes it. */
function rerunLines({ pairs }: CompareReport, rerun: Rerun, view: View): string[] {
  const { strong, quiet } = view.paint
  const paths = `path ${rerun.path} to ${rerun.path + pairs - 1}, and any arm`
  return [
    ...labelled(strong('AGAIN'), LABEL, [quiet(`one pair of one arm; ${paths}:`)]),
    ...shellLines(rerun.command, view.columns - 2).map(quiet),
  ]
}

/** A command over several lines: a backslash at each end, but where a quote is open. */
function shellLines(command: string, columns: number): string[] {
  const parts = flow(command.split(' '), columns - 4, ' ')
  let isOpen = false
  return parts.map((part, i) => {
    // A quote behind a backslash is a letter.
    if (part.replaceAll("\\'", '').split("'").length % 2 === 0) isOpen = !isOpen
    const line = i === 0 ? part : `  ${part}`
    return i === parts.length - 1 || isOpen ? line : `${line} \\`
  })
}

function warningLines({ warnings }: CompareReport, view: View): string[] {
  const { warn, quiet } = view.paint
  return warnings.flatMap(({ code, text }) => {
    const lines = wrap(`! ${text}   ${view.program} help ${code}`, view.columns - 2, 2)
    return lines.map((line, i) => (i === 0 ? warn('!') + quiet(line.slice(1)) : quiet(line)))
  })
}

function lastLines(view: View): string[] {
  const took = view.milliseconds === null ? [] : [`took ${(view.milliseconds / 1000).toFixed(1)} s`]
  const kept = view.saved === null ? [] : [`kept in ${view.saved}`]
  return flow([...kept, ...took], view.columns - 2, ' · ').map(view.paint.quiet)
}

const GAP = 2
const LABEL = 11
/** A name is never cut below this many columns. */
const NAME_LEAST = 12
