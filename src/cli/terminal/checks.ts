/** The foot of the page: checks, warnings with what they do to the answer, and what to do next. */

import { shortId } from '../../format.ts'
import type { Report } from '../../report.ts'
import { flow, labelled, wrap } from '../layout.ts'
import type { View } from '../terminal.ts'

/** Checks that held in one line, failed ones and warnings on lines of their own. */
export function checkLines(report: Report, view: View): string[] {
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
  for (const warning of report.warnings) {
    const text = wrap(`! ${warning.text}: ${warning.effect}`, room, 2).map(warn)
    const help = quiet(`${view.program} help ${warning.code}`)
    lines.push(...text.slice(0, -1), ...flow([text[text.length - 1], help], room, '   '))
  }
  return labelled(strong('CHECKS'), 8, lines)
}

/** Where the run was saved, how long it took, and two commands that go on from here. */
export function lastLines(report: Report, view: View): string[] {
  const { quiet } = view.paint
  const lines: string[] = []
  const took = view.milliseconds === null ? [] : [quiet(`in ${view.milliseconds.toFixed(0)} ms`)]
  if (view.saved !== null) {
    lines.push(...labelled(quiet('saved'), 7, flow([view.saved, ...took], view.columns - 9, '   ')))
  } else if (took.length > 0) {
    lines.push(`${quiet('run')}    ${shortId(report.run_id)}   ${took[0]}`)
  }
  const next = [`${view.program} report ${view.entry}`, `${view.program} help loop_gain`]
  lines.push(...labelled(quiet('next'), 7, flow(next, view.columns - 9, ' · ')))
  return lines
}
