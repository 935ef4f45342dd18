/** Loop gain by further drop, its peak, and how many accounts stand behind it. */

import { metricsAt } from '../../document/metrics.ts'
import { factor, missing, shortPercent } from '../../format.ts'
import type { Report } from '../../report.ts'
import { left, right } from '../layout.ts'
import type { View } from '../terminal.ts'

/** One column per stated drop h, and the peak last. */
export function gainLines(report: Report, view: View): string[] {
  const peaks = metricsAt(report, 'loop_gain_peak').map((gain) => ({ gain, peak: true }))
  const stated = metricsAt(report, 'loop_gain').map((gain) => ({ gain, peak: false }))
  const columns = [...stated, ...peaks]
  if (columns.length === 0) return []
  const { strong, quiet, total } = view.paint
  const heads = columns.map(({ gain, peak }) => {
    return quiet(right(`${peak ? 'peak at ' : ''}${percentOf(gain.h)}`, peak ? 18 : 10))
  })
  const gains = columns.map(({ gain, peak }) => {
    const text = right(factor(gain.value), peak ? 16 : 8)
    return gain.value !== null && gain.value >= 1 ? total(`${text} ▲`) : `${text}  `
  })
  const behind = columns.map(({ gain, peak }) => {
    const number = gain.effective_accounts
    const text = typeof number === 'number' && number > 0 ? number.toFixed(1) : missing
    return quiet(right(text, peak ? 18 : 10))
  })
  return [
    left(strong('LOOP GAIN'), 11) + quiet(left('further drop', 16)) + heads.join(''),
    `${' '.repeat(11)}${left('forced / absorbed', 16)}${gains.join('')}`,
    `${' '.repeat(11)}${quiet(left('accounts (N)', 16))}${behind.join('')}`,
  ]
}

function percentOf(h: unknown): string {
  return typeof h === 'number' ? shortPercent(h, 'plain') : missing
}
