/** Reads metrics that are stated at several parameters. */

import type { Metric, MetricAt, Report } from '../report.ts'

/** All entries of a metric that is stated at several parameters; empty when there are none. */
export function metricsAt(report: Report, name: string): readonly MetricAt[] {
  const metric = report.metrics[name]
  return metric !== undefined && isList(metric) ? metric : []
}

/** Whether a metric is stated at several parameters. */
export function isList(metric: Metric | readonly MetricAt[]): metric is readonly MetricAt[] {
  return Array.isArray(metric)
}
