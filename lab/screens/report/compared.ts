/** A comparison as a part of the document: its sentences, its table, its picture. */

import type { Block, FigureSet } from '../../../src/document/outline.ts'
import type { Table } from '../../../src/document/table.ts'
import { compareFigure } from '../../../src/figures/compare.ts'
import {
  changeText,
  firstWords,
  intervalText,
  meanText,
  readingOf,
  readingWords,
  rowsShown,
  rowWords,
  sampleWords,
  sentencesOf,
} from '../../../src/figures/compareFacts.ts'
import { counted } from '../../../src/format.ts'
import type { CompareReport } from '../../../src/sweep/compare.ts'

/** The blocks; `command` makes the comparison again. */
export function comparedBlocks(report: CompareReport, command: string): readonly Block[] {
  return [
    { kind: 'section', text: 'Comparison' },
    { kind: 'list', items: sentencesOf(report, undefined) },
    { kind: 'figure', figure: figureOf(report, command) },
    { kind: 'table', table: tableOf(report), rowsMax: 20 },
    { kind: 'list', items: [`${sampleWords(report, undefined)}.`] },
    { kind: 'code', text: command },
  ]
}

function figureOf(report: CompareReport, command: string): FigureSet {
  const stamp = counted(report.pairs, 'pair')
  const both = (width: number) => ({
    light: compareFigure(report, { width, theme: 'light', command, stamp }),
    dark: compareFigure(report, { width, theme: 'dark', command, stamp }),
  })
  return { name: 'comparison', wide: both(720), narrow: both(360) }
}

function tableOf(report: CompareReport): Table {
  const others = report.arms.slice(1)
  const keys = [
    'measure',
    report.arms[0].name,
    ...others.flatMap(({ name }) => [name, 'change', 'reads']),
  ]
  return {
    name: 'comparison',
    title: 'What each arm changes',
    note: `Means; the change from ${firstWords(report)}, with its 95 % interval.`,
    columns: keys.map((title, i) => ({
      key: `${title.replaceAll(' ', '_')}_${i}`,
      title,
      unit: 'text',
    })),
    rows: rowsShown(report).map((row) => [
      rowWords(row),
      meanText(row, 0, undefined),
      ...others.flatMap((_, i) => {
        const interval = intervalText(row, i + 1, undefined)
        const change = changeText(row, i + 1, undefined)
        return [
          meanText(row, i + 1, undefined),
          interval === '' ? change : `${change} (${interval})`,
          readingWords[readingOf(row, i + 1)],
        ]
      }),
    ]),
  }
}
