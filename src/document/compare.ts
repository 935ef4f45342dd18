/** A comparison as a comment on a pull request: GitHub-flavoured Markdown without HTML. */

import {
  changeText,
  dominanceWords,
  firstWords,
  intervalText,
  judgedNames,
  levelText,
  meanText,
  pairingWords,
  readingOf,
  rowsShown,
  rowWords,
  sampleWords,
  sentencesOf,
} from '../figures/compareFacts.ts'
import { shortId } from '../format.ts'
import type { CompareReport, MeasureRow } from '../sweep/compare.ts'

export { compareCsv } from '../figures/compareFacts.ts'

/** Commands that belong to a comparison. */
export interface CompareCommands {
  /** What made it. */
  readonly all: string
  /** What runs one pair of one arm alone. */
  readonly one: string
}

/** Returns the page: what came out, measures by arms, how to read it and how to repeat it. */
export function compareDocument(report: CompareReport, commands: CompareCommands): string {
  const [first, ...rest] = sentencesOf(report, undefined)
  const arms = report.arms.slice(1).map(({ name }) => `\`${name.replaceAll('`', "'")}\``)
  const lines = [
    `## ${plain(report.scenario)}: ${arms.join(', ')}`,
    '',
    `**${plain(first)}**`,
    ...rest.map(plain),
    '',
    ...tableLines(report),
    '',
    ...noteLines(report),
    '',
    ...report.warnings.flatMap(({ code, text }) => [`- ${plain(text)} (${code})`, '']),
    'To see it again, and one pair of one arm alone:',
    '',
    '```sh',
    commands.all,
    commands.one,
    '```',
    '',
  ]
  return lines.join('\n')
}

function tableLines(report: CompareReport): string[] {
  const rows = rowsShown(report)
  const heads = ['', ...report.arms.map(({ name }) => name)]
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(heads.map(plain)),
    line(heads.map((_, i) => (i === 0 ? '---' : '--:'))),
    ...rows.map((row) => {
      const cells = report.arms.slice(1).map((_, i) => armCell(row, i + 1))
      return line([plain(rowWords(row)), plain(meanText(row, 0, undefined)), ...cells])
    }),
  ]
}

/** `$61.0M, +$13.6M (+$7.6M to +$19.7M) **worse**`. */
function armCell(row: MeasureRow, arm: number): string {
  const reading = readingOf(row, arm)
  const mean = plain(meanText(row, arm, undefined))
  if (reading === 'same') return `${mean} same`
  const interval = intervalText(row, arm, undefined)
  const range = interval === '' ? '' : ` (${interval})`
  const isShown = reading === 'better' || reading === 'worse'
  const mark = isShown ? `**${reading}**` : reading
  return `${mean}, ${plain(changeText(row, arm, undefined) + range)} ${mark}`
}

function noteLines(report: CompareReport): string[] {
  const dominance = dominanceWords(report)
  const of = `nowhere shown to be worse in ${judgedNames(report)}, and somewhere better`
  const { added, run_id, engine_version } = report
  const change = `the change from ${firstWords(report)}, and in brackets its interval`
  const keys = added.map(([key]) => `\`${key}\``).join(', ')
  return [
    `- Means of the pairs; then ${plain(change)}. Better, worse, less and more: the interval lies ` +
      'on one side of 0. Not shown: 0 is in it.',
    `- ${plain(dominance.length === 0 ? 'No arm dominates another' : dominance.join('; '))} ` +
      `(${plain(of)}).`,
    `- ${plain(sampleWords(report, undefined))}.`,
    `- Intervals: ${plain(pairingWords(report, undefined))}.`,
    ...(added.length === 0
      ? []
      : [`- The scenario has no time; this one was made up for it, from round numbers: ${keys}.`]),
    `- Comparison ${shortId(run_id)}, Firebreak ${engine_version}; ` +
      `intervals hold at ${levelText(report, undefined)}, each alone.`,
  ]
}

/** Text whose characters Markdown would otherwise read as its own. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|~]/g, '\\$&').replace(/\r?\n/g, ' ')
}
