/** The road: a resolved scenario goes in, a report comes out. Pure, synchronous, deterministic. */

import { instantRun } from './instant.ts'
import type { Report, Stamp } from './report.ts'
import type { Scenario } from './scenario.ts'
import { timedRun } from './timed.ts'
import type { TimedReport } from './timedReport.ts'

/**
 * Runs a scenario: an instant cascade, or block by block where it has a time.
 *
 * Units:  USD, fractions and whole tokens; see `Report` and `TimedReport`. `schema` tells which.
 * Throws: InputError when the scenario cannot be set up (a position without terms, an impossible
 *         venue) or its order does not fit its book.
 */
export function run(scenario: Scenario, stamp: Stamp): Report | TimedReport {
  if (scenario.time === null) return instantRun(scenario, stamp)
  const blocks = timedRun(scenario, stamp)
  for (;;) {
    const next = blocks.next()
    if (next.done) return next.value
  }
}
