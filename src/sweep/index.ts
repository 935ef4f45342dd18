/** Many runs of a scenario: how they are told apart, measured, cut into tasks and summed up. */

export { type Paired, paired } from '../statistics/summary.ts'
export { drawKey, drawn, drawOf, isRandom } from './draw.ts'
export { type Aims, dominates, type Front, frontOf } from './frontier.ts'
export {
  type Aim,
  aimOf,
  type FrontReport,
  type FrontTerms,
  frontReport,
  type SearchReport,
} from './frontReport.ts'
export { type Measure, type Meter, measuresOf, meterOf } from './meter.ts'
export { type Cell, combinations, groupsOf, type Plan, type Span, type Task } from './plan.ts'
export { type CellReport, type SweepReport, sweepReport } from './report.ts'
export { type GridPoint, searchFront } from './search.ts'
export { type Stat, type StatName, statNames, statOf } from './stats.ts'
export { type FailedRun, type Outcome, workOn } from './work.ts'
