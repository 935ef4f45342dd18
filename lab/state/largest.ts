/** Which account of a run is worked out. */

import type { Report } from '../../src/report.ts'
import type { TimedReport } from '../../src/timedReport.ts'
import type { Questions } from '../engine/protocol.ts'

/**
 * The account that repaid most, and the fall at which to look at it.
 *
 * Rule: the outside drop where that alone reaches it, else the drop that does; in time the lowest
 *       price.
 */
export function largestAccount(
  report: Report | TimedReport,
): Questions['explain']['ask']['account'] {
  if (report.schema === 'firebreak.run/1') {
    const [event] = report.events
    if (event === undefined) return null
    const falls = report.assets.map(({ name, opening, lowest }) => [name, 1 - lowest / opening])
    const { protocol, account } = event
    return { protocol, account, drops: Object.fromEntries(falls) }
  }
  const sold = report.accounts.find(({ repaid_usd }) => repaid_usd > 0)
  if (sold === undefined) return null
  const { protocol, account, trigger_drop } = sold
  const drop = Math.max(report.shock.drop, trigger_drop ?? 0)
  return { protocol, account, drops: { [report.shock.asset]: drop } }
}
