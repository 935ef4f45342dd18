/**
 * The public surface: the road, its contracts and its errors. Models and analysis have doors of
 * their own.
 */

export {
  accountsOf,
  type Book,
  bookFrom,
  health,
  healthFactor,
  healthSweep,
  type Leg,
  type Slots,
} from './book.ts'
export { type Definition, definitionOf, definitions } from './definitions.ts'
export { type ErrorFacts, FirebreakError, InputError, SourceError } from './errors.ts'
export { hopCurve, type Market, marketFrom, type Sale } from './market.ts'
export type { Metric, MetricAt, Order, Report, Stamp } from './report.ts'
export {
  type Bid,
  type Offers,
  type Protocol,
  protocolFrom,
  type Reason,
  type Rules,
  type Settlement,
} from './rules.ts'
export { run } from './run.ts'
export type { Scenario } from './scenario.ts'
export { type Factors, setup } from './setup.ts'
export type { Column, Table } from './table.ts'
export { type Progress, timedRun } from './timed.ts'
export type { TimedReport } from './timedReport.ts'
export type { Beyond, Curve, Fill, Venue } from './venue.ts'
export { type World, worldFrom } from './world.ts'
