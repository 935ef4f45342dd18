/** What a reader of the document will ask for, and whether it is there. */

import { depthAge, depthAgeSeconds, shockedDepth } from '../../../src/document/facts.ts'
import { counted } from '../../../src/format.ts'
import type { Report } from '../../../src/report.ts'
import type { TimedReport } from '../../../src/timedReport.ts'

/** One question of the checklist. */
export interface Evidence {
  readonly id: string
  readonly isThere: boolean
  readonly text: string
  /** What would bring it; null where it is there. */
  readonly remedy: string | null
}

/**
 * The checklist.
 *
 * Shape: `compared` is how many pairs a comparison of this scenario has; null where there is none.
 */
export function evidenceOf(report: Report | TimedReport, compared: number | null): Evidence[] {
  return [
    ...(report.schema === 'firebreak.result/1' ? ofInstant(report) : ofTimed(report)),
    either(
      'book',
      !report.book.synthetic,
      'The positions are a recorded book',
      'The positions are synthetic: drawn by a seeded generator',
      'Name a file of positions in the scenario',
    ),
    either(
      'comparison',
      compared !== null,
      `Compared with what would stop it, over ${counted(compared ?? 0, 'pair')}`,
      'No comparison: nothing says what would help',
      'Run one in Compare; it is then a part of this document',
    ),
    either(
      'checks',
      report.checks.every(({ ok }) => ok),
      `All ${report.checks.length} checks hold`,
      `A check fails: ${report.checks.find(({ ok }) => !ok)?.name ?? ''}`,
      'Read its detail before anything is shown to others',
    ),
    either(
      'digests',
      report.data.length > 0 && report.data.every(({ sha256 }) => sha256 !== null),
      `Every input has its digest (${counted(report.data.length, 'input')})`,
      'Some input has no digest',
      'Keep inputs in files that the scenario names',
    ),
  ]
}

function ofInstant(report: Report): Evidence[] {
  const past = ['FB4108', 'FB4109'].some((code) => report.warnings.some((one) => one.code === code))
  const beyond = shockedDepth(report)?.venues.map((venue) => venue.beyond) ?? []
  return [
    either(
      'depth-age',
      depthAgeSeconds(report) !== null,
      `The depth is dated: ${depthAge(report)}`,
      'No age of the depth: it may flatter the result',
      'Give the venues a time: asOf',
    ),
    either(
      'extrapolated',
      !past,
      'Sales stay within the observed depth',
      `Sales go past the observed depth, which answers by: ${[...new Set(beyond)].join(', ') || 'unknown'}`,
      'Record deeper, or compare another beyond:',
    ),
    either(
      'sensitivity',
      report.sensitivity.length > 0,
      `Sensitivities of ${counted(report.sensitivity.length, 'input')}`,
      'No sensitivity: nothing says which input matters',
      'Turn sensitivities on in the scenario',
    ),
  ]
}

function ofTimed(report: TimedReport): Evidence[] {
  return [
    either(
      'age',
      report.as_of !== null,
      `The data is dated: ${report.as_of}`,
      'No date of the data',
      'Give the book and the venues a time: asOf',
    ),
    {
      id: 'paths',
      isThere: false,
      text: 'One path of prices: another may end otherwise',
      remedy: 'Compare runs many; firebreak sweep says how far they spread',
    },
    {
      id: 'sensitivity',
      isThere: false,
      text: 'No sensitivity: a run in time has none of its own',
      remedy: 'Vary inputs in Phase, or with firebreak sweep --vary',
    },
  ]
}

function either(
  id: string,
  isThere: boolean,
  there: string,
  missing: string,
  remedy: string,
): Evidence {
  return { id, isThere, text: isThere ? there : missing, remedy: isThere ? null : remedy }
}
