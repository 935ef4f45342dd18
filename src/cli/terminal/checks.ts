/** The foot of the page: checks, warnings with what they do to the answer, and what to do next. */

import { effectWords } from '../../document/facts.ts'
import type { Report } from '../../report.ts'
import { flow, labelled, wrap } from '../layout.ts'
import type { View } from '../terminal.ts'

/** Checks that held in one line, failed ones and warnings on lines of their own. */
export function checkLines(report: Pick<Report, 'checks' | 'warnings'>, view: View): string[] {
  const { ok, total, warn, quiet, strong } = view.paint
  const room = view.columns - 10
  const held = report.checks.filter((check) => check.ok)
  const lines = flow(
    held.map((check) => `${ok('✓')} ${check.name}`),
    room,
    '   ',
  )
  for (const check of report.checks.filter((check) => !check.ok)) {
    lines.push(...wrap(`✗ ${check.name}: ${check.detail}`, room, 2).map(total))
  }
  for (const { text, effect, code } of report.warnings) {
    const warning = wrap(`! ${text}: ${effectWords(effect)}`, room, 2).map(warn)
    const help = quiet(`${view.program} help ${code}`)
    const [last, more] = flow([warning[warning.length - 1], help], room, '   ')
    lines.push(...warning.slice(0, -1), last, ...(more === undefined ? [] : [`  ${more}`]))
  }
  return labelled(strong('CHECKS'), 8, lines)
}

/** Where the run was saved, how long it took, and two commands that go on from here. */
export function lastLines(view: View): string[] {
  const { quiet } = view.paint
  const room = view.columns - 9
  const took = view.milliseconds === null ? '' : quiet(`in ${view.milliseconds.toFixed(0)} ms`)
  const saved = view.saved === null ? [] : [view.saved]
  const first = saved.length > 0 ? flow([...saved, took], room, '   ') : [took]
  const report = command(`${view.program} report ${view.entry}`, room)
  const help = `${view.program} help loop_gain`
  const next = report.length > 1 ? [...report, help] : flow([...report, help], room, ' · ')
  return [
    ...(first.join('') === ''
      ? []
      : labelled(quiet(saved.length > 0 ? 'saved' : 'done'), 7, first)),
    ...labelled(quiet('next'), 7, next),
  ]
}

/** A command that can be copied even where it takes several lines. */
function command(text: string, columns: number): string[] {
  const words = text.match(/(?:'[^']*'|\S)+/g) ?? []
  const lines = flow(words, columns - 6, ' ').map((line, i) => (i === 0 ? line : `    ${line}`))
  return lines.map((line, i) => (i < lines.length - 1 ? `${line} \\` : line))
}
