/** A report on one screen: sentence, numbers, rounds, who lights it, curve, checks, what next. */

import type { Report } from '../report.ts'
import type { GateResult } from './gate.ts'
import { pageOf } from './layout.ts'
import type { Paint } from './paint.ts'
import { checkLines, lastLines } from './terminal/checks.ts'
import { contagionLines } from './terminal/contagion.ts'
import { curveLines } from './terminal/curve.ts'
import { gainLines } from './terminal/gain.ts'
import { gateLines, headLines, numberLines } from './terminal/head.ts'
import { priceLines } from './terminal/prices.ts'
import { lighterLines, roundLines } from './terminal/rounds.ts'

/** How to draw, and what the report itself does not know. */
export interface View {
  readonly columns: number
  readonly paint: Paint
  readonly unicode: boolean
  /** What to type in front of a suggested command: `firebreak`. */
  readonly program: string
  /** The scenario and its flags as typed, for the next command. */
  readonly entry: string
  readonly gates: readonly GateResult[]
  /** Folder that was written; null when nothing was. */
  readonly saved: string | null
  /** Wall time of the run; null leaves it out. */
  readonly milliseconds: number | null
}

/**
 * Returns the page, ending in a newline.
 *
 * Rule: nothing is wider than `columns`; without colours the words, columns and ▲ tell the same.
 */
export function renderRun(report: Report, view: View): string {
  return pageOf(view.unicode, [
    headLines(report, view),
    gateLines(view),
    numberLines(report, view),
    roundLines(report, view),
    priceLines(report, view),
    lighterLines(report, view),
    curveLines(report, view),
    gainLines(report, view),
    contagionLines(report, view),
    checkLines(report, view),
    lastLines(view),
  ])
}
