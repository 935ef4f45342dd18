/** What a comparison prints once it is over. */

import type { CompareReport } from '../sweep/compare.ts'
import type { Flags } from './flags.ts'
import type { Host } from './host.ts'
import type { Job } from './job.ts'

export interface Finished {
  readonly job: Job
  readonly host: Host
  readonly milliseconds: number
}

export function pageOf(_flags: Flags) {
  return {
    print(report: CompareReport, { host }: Finished): number {
      host.stdout.write(`${JSON.stringify(report)}\n`)
      return 0
    },
  }
}
