/** Facts of a comparison that the page shows in more than one place. */

import { readingOf, rowsShown, sentencesOf } from '../../../src/figures/compareFacts.ts'
import { count, counted } from '../../../src/format.ts'
import type { CompareReport, MeasureRow } from '../../../src/sweep/compare.ts'
import { type Side, sides } from '../../state/arms.ts'
import type { Shown } from '../../state/compare.ts'

/** The arm of a side, by its place. */
export function armOf(side: Side): number {
  return sides.indexOf(side)
}

/** A side whose arm is there: B where the wanted one is gone. */
export function sideThere({ compared }: Shown, wanted: Side): Side {
  return armOf(wanted) < compared.report.arms.length ? wanted : 'b'
}

/** What an arm changes in a measure, pair by pair, the smallest first. */
export function differencesOf(
  { compared }: Shown,
  side: Side,
  measure: string,
): readonly { readonly pair: number; readonly by: number }[] {
  const [first, other] = [compared.columns[0], compared.columns[armOf(side)]]
  return compared.pairs
    .map((pair, k) => ({ pair, by: (other[measure]?.[k] ?? 0) - (first[measure]?.[k] ?? 0) }))
    .filter(({ by }) => Number.isFinite(by))
    .sort((a, b) => a.by - b.by || a.pair - b.pair)
}

/** The pair in the middle of them. */
export function middlePair(shown: Shown, side: Side, measure: string): number | null {
  const all = differencesOf(shown, sideThere(shown, side), measure)
  return all[Math.floor((all.length - 1) / 2)]?.pair ?? null
}

/** A piece of a sentence; `side` where it names an arm. */
export interface Piece {
  readonly text: string
  readonly side: Side | null
}

/** What came out, with the arms marked where they are named. */
export function verdictOf(report: CompareReport): Piece[][] {
  return sentencesOf(report, undefined).map((sentence) => marked(sentence, report))
}

/** Cuts a sentence where it names arms; the longest name first, so that none is cut in two. */
export function marked(sentence: string, { arms }: Pick<CompareReport, 'arms'>): Piece[] {
  const named = arms
    .map(({ name }, arm) => ({ name, side: sides[arm] }))
    .filter(({ name }) => name !== 'none')
    .sort((a, b) => b.name.length - a.name.length)
  if (named.length === 0) return [{ text: sentence, side: null }]
  const words = named.map(({ name }) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return sentence
    .split(new RegExp(`(?<![\\w-])(${words.join('|')})(?![\\w-])`))
    .filter((text) => text !== '')
    .map((text) => ({ text, side: named.find(({ name }) => name === text)?.side ?? null }))
}

/** How a row reads, with the letters of the arms. */
export function readsAs(row: MeasureRow, side: Side): { text: string; side: Side | null } {
  const letter = side.toUpperCase()
  switch (readingOf(row, armOf(side))) {
    case 'better':
      return { text: `${letter} better`, side }
    case 'worse':
      return { text: 'A better', side: 'a' }
    case 'less':
      return { text: `${letter} less`, side: null }
    case 'more':
      return { text: `${letter} more`, side: null }
    case 'not shown':
      return { text: 'no difference shown', side: null }
    case 'same':
      return { text: 'same in every pair', side: null }
  }
}

/** Where an interval stands in its row, from -1 on the left to 1. Better stands left. */
export function barOf(row: MeasureRow, side: Side) {
  const mean = row.arms[armOf(side)].difference?.mean
  if (mean?.value == null || mean.low === null || mean.high === null) return null
  const ends = row.arms.flatMap(({ difference }) => [
    Math.abs(difference?.mean.low ?? 0),
    Math.abs(difference?.mean.high ?? 0),
  ])
  const most = Math.max(...ends)
  if (most === 0) return null
  const turn = row.better === 'higher' ? -1 : 1
  const [one, other] = [(turn * mean.low) / most, (turn * mean.high) / most]
  return { from: Math.min(one, other), to: Math.max(one, other), at: (turn * mean.value) / most }
}

/** In how many pairs an arm is lower and higher: `B is lower in 31 of 40 pairs`. */
export function signWords(row: MeasureRow, side: Side): string {
  const { lower = 0, higher = 0, equal = 0 } = row.arms[armOf(side)].difference ?? {}
  const all = lower + higher + equal
  const letter = side.toUpperCase()
  if (lower === 0 && higher === 0) return `${letter} and A are the same in every pair`
  const [word, many] = lower >= higher ? ['lower', lower] : ['higher', higher]
  const other = Math.min(lower, higher)
  const rest = other > 0 ? `, and ${word === 'lower' ? 'higher' : 'lower'} in ${count(other)}` : ''
  return `${letter} is ${word} in ${count(many)} of ${counted(all, 'pair')}${rest}`
}

/** Measures that can be drawn: those that the table has. */
export function drawable({ compared }: Shown): MeasureRow[] {
  return rowsShown(compared.report).filter(({ name }) => name !== 'ignited')
}
