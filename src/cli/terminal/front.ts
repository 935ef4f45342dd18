/** The front of a sweep on a terminal: its cells, what limits bind them, what was refused. */

import { aimWords, frontWords, letterOf, searchWords } from '../../figures/frontFacts.ts'
import { rangeWords, shortKey, shown } from '../../figures/sweepFacts.ts'
import { count, counted } from '../../format.ts'
import type { FrontReport } from '../../sweep/frontReport.ts'
import type { SweepReport } from '../../sweep/report.ts'
import { wrap } from '../layout.ts'
import type { View } from '../terminal.ts'
import { type Column, grid } from './grid.ts'

/** Lines of the section; none where no front was asked for. */
export function frontLines(report: SweepReport, view: View): string[] {
  const { front, runs } = report
  if (front === undefined) return []
  const { strong, quiet } = view.paint
  const fold = (text: string) => wrap(text, view.columns - 2, 2)
  const judged = front.aims.map((aim) => `${aimWords(report, aim)} ${aim.better}`).join(', ')
  const names = front.points.map(({ cell }) => `cell ${cell}`)
  const shownNames = names.slice(0, POINTS_SHOWN)
  const more = names.length - shownNames.length
  const table =
    names.length === 0
      ? [strong('FRONT'), '  no cell is within all limits and has a value of every aim']
      : grid('FRONT', shownNames, columnsOf(report, front), view)
  return [
    ...table,
    ...(more > 0 ? [quiet(`  and ${counted(more, 'cell')} more`)] : []),
    '',
    ...fold(`better: ${judged}; ${frontWords(front)}`).map(quiet),
    ...fold(`search: ${searchWords(front, runs)}`).map(quiet),
    ...limitLines(front, view),
    ...refusedLines(front, view),
  ]
}

/** What was set, what it comes to, which limits bind; intervals go first where room is short. */
function columnsOf(report: SweepReport, { aims, points, ...front }: FrontReport): Column[] {
  const rows = points.slice(0, POINTS_SHOWN)
  const keys = report.variations.map(({ key }, v) => ({
    title: titleOf(key, report),
    cells: rows.map(({ cell }) => report.cells[cell].values[v] ?? '–'),
    rank: 0,
  }))
  const numbers = aims.flatMap((aim, k): Column[] => {
    // A key stands among the keys.
    if (aim.numbers !== undefined) return []
    const range = rows.map(({ aims: of }) => rangeWords(of[k], aim.unit, 'plain'))
    const value = rows.map(({ aims: of }) => shown(of[k].value, aim.unit, 'plain'))
    return [
      { title: aimWords(report, aim), cells: value, rank: 0 },
      ...(range.some((text) => text !== '')
        ? [{ title: '95 % interval', cells: range, rank: 2 + k }]
        : []),
    ]
  })
  const binds = rows.map((row) => row.binds.map((text) => letterOf(front, text)).join(' '))
  const isBound = binds.some((text) => text !== '')
  return [...keys, ...numbers, ...(isBound ? [{ title: 'binds', cells: binds, rank: 1 }] : [])]
}

/** The last step of a key, where no other ends alike. */
function titleOf(key: string, { variations }: SweepReport): string {
  const last = (one: string) => one.slice(one.lastIndexOf('.') + 1)
  const isAlone = variations.filter((other) => last(other.key) === last(key)).length === 1
  return isAlone ? last(key) : shortKey(key)
}

function limitLines(front: FrontReport, { columns, paint }: View): string[] {
  if (front.limits.length === 0) return []
  const all = front.limits.map((text) => `${letterOf(front, text)} ${text}`).join('; ')
  return wrap(`limits: ${all}`, columns - 2, 2).map(paint.quiet)
}

/** Cells that were refused, each with the letters of the limits that refuse it. */
function refusedLines(front: FrontReport, { columns, paint }: View): string[] {
  const { refused } = front
  if (refused.length === 0) return []
  const cells = refused
    .slice(0, REFUSED_SHOWN)
    .map(({ cell, by }) => `${cell} by ${by.map((text) => letterOf(front, text)).join(' ')}`)
  const more = refused.length - cells.length
  const rest = more > 0 ? ` and ${count(more)} more` : ''
  const text = `refused cells: ${cells.join(', ')}${rest}`
  return wrap(text, columns - 2, 2).map(paint.quiet)
}

const POINTS_SHOWN = 40
const REFUSED_SHOWN = 40
