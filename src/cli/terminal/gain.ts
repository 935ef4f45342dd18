/** Loop gain by further drop, its peak, and how many accounts stand behind it. */

import { metricsAt } from '../../document/metrics.ts'
import { metricValue } from '../../figures/caption.ts'
import { factor, missing, shortPercent } from '../../format.ts'
import type { MetricAt, Report } from '../../report.ts'
import { left, right } from '../layout.ts'
import type { View } from '../terminal.ts'

/** One column per stated drop; rows of one asset, or of several where several prices move. */
export function gainLines(report: Report, view: View): string[] {
  const { quiet, strong } = view.paint
  const rows = gainRows.map(([name, label]) => ({ label, gains: metricsAt(report, name) }))
  const filled = rows.filter(({ gains }) => gains.length > 0)
  if (filled.length === 0) return []
  const heads = filled[0].gains.map(({ h }) => `${right(percentOf(h), 8)}  `).join('')
  return [
    left(strong('LOOP GAIN'), indent) + quiet(left('further drop', labelColumns) + heads),
    ...filled.map(({ label, gains }) => margin + left(label, labelColumns) + cells(gains, view)),
    ...accountsLine(last(report), view),
    ...peakLine(report, view),
  ]
}

/** The gains whose accounts are counted: those that the shock meets, where there are any. */
function last(report: Report): readonly MetricAt[] {
  const shocked = metricsAt(report, 'loop_gain_shocked')
  return shocked.length > 0 ? shocked : metricsAt(report, 'loop_gain')
}

const gainRows = [
  ['loop_gain', 'at the opening'],
  ['loop_gain_shocked', 'after the drop'],
  ['spectral_radius', 'spectral radius'],
  ['joint_gain', 'joint gain'],
] as const

const indent = 11
const labelColumns = 19
const margin = ' '.repeat(indent)

function cells(gains: readonly MetricAt[], view: View): string {
  return gains.map(({ value }) => cell(value, 8, view)).join('')
}

/** A gain, with ▲ from 1 on. */
function cell(value: number | null, columns: number, view: View): string {
  const text = right(factor(value), columns)
  return value !== null && value >= 1 ? view.paint.total(`${text} ▲`) : `${text}  `
}

function accountsLine(gains: readonly MetricAt[], view: View): string[] {
  if (gains.length === 0) return []
  const numbers = gains.map(({ effective_accounts: number }) => {
    const text = typeof number === 'number' && number > 0 ? number.toFixed(1) : missing
    return `${right(text, 8)}  `
  })
  return [margin + view.paint.quiet(left('accounts (N)', labelColumns) + numbers.join(''))]
}

function peakLine(report: Report, view: View): string[] {
  const peak = report.metrics.loop_gain_peak
  const value = metricValue(report, 'loop_gain_peak')
  if (value === null || peak === undefined || !('basis' in peak)) return []
  const where = view.paint.quiet(peak.basis)
  return [`${margin}${left('opening peak', labelColumns)}${cell(value, 8, view)}${where}`]
}

function percentOf(h: unknown): string {
  return typeof h === 'number' ? shortPercent(h, 'plain') : missing
}
