/** Courses of a run in time in numbers. */

import type { CourseSpec } from '../scenario.ts'
import type { Context } from './context.ts'
import type { CourseKeys } from './pathSchema.ts'
import { returnsFrom, type Series, seriesFrom } from './series.ts'
import type { Step } from './tree.ts'
import { keyError } from './validate.ts'

/** What a course is of. */
export interface Subject {
  readonly name: string
  readonly path: readonly Step[]
  /** By unit: what a value in it is divided by to give a factor on the opening value. */
  readonly units: Readonly<Partial<Record<'factor' | 'price' | 'gwei', number>>>
  /** Length of the run. */
  readonly seconds: number
}

/**
 * Reads one course or several that are multiplied.
 *
 * Throws: ScenarioKeyError FB2075 for a unit that the subject has not; TableError for a record
 */
export async function coursesFrom(
  keys: CourseKeys | readonly CourseKeys[] | undefined,
  subject: Subject,
  context: Context,
): Promise<CourseSpec[]> {
  if (keys === undefined) return []
  if (!isList(keys)) return [await courseFrom(keys, subject, subject.path, context)]
  const courses: CourseSpec[] = []
  for (const [i, one] of keys.entries()) {
    courses.push(await courseFrom(one, subject, [...subject.path, i], context))
  }
  return courses
}

function isList(keys: CourseKeys | readonly CourseKeys[]): keys is readonly CourseKeys[] {
  return Array.isArray(keys)
}

async function courseFrom(
  keys: CourseKeys,
  subject: Subject,
  path: readonly Step[],
  context: Context,
): Promise<CourseSpec> {
  switch (keys.kind) {
    case 'step':
      return { kind: 'step', drop: keys.drop, atSeconds: keys.at.value }
    case 'ramp': {
      const { drop, from, to } = keys
      return { kind: 'ramp', drop, fromSeconds: from.value, toSeconds: to.value }
    }
    case 'waypoints': {
      const by = unitOf(keys, subject, path, context)
      const atSeconds = keys.points.map(([time]) => time.value)
      const factor = keys.points.map(([, value]) => value / by)
      if (atSeconds[0] === 0) warnOfOpening('its course', keys.points[0][1], by, subject, context)
      return { kind: 'waypoints', atSeconds, factor, between: keys.between }
    }
    case 'series': {
      const by = unitOf(keys, subject, path, context)
      const series = await seriesFrom(keys, 1, context, path)
      const atSeconds = series.time.map((time) => time - series.time[0])
      const factor = series.value.map((value) => value / by)
      warnOfOpening(keys.file, series.value[0], by, subject, context)
      warnOfEnd(series, subject, context)
      return { kind: 'waypoints', atSeconds, factor, between: keys.between }
    }
    case 'gbm':
      return { kind: 'gbm', drift: keys.drift.value, volatility: keys.volatility.value }
    case 'jumpDiffusion':
      return {
        kind: 'jumpDiffusion',
        drift: keys.drift.value,
        volatility: keys.volatility.value,
        jumpsPerYear: keys.jumpsPerYear,
        jumpMean: keys.jumpMean.value,
        jumpDeviation: keys.jumpDeviation.value,
      }
    case 'garch': {
      const { kind, step, omega, alpha, beta, opening } = keys
      return { kind, stepSeconds: step.value, omega, alpha, beta, opening }
    }
    case 'bootstrap': {
      const { kind, step, meanRun } = keys
      const series = await seriesFrom(keys, 2, context, path)
      const returns = returnsFrom(series, step.value, context)
      return { kind, stepSeconds: step.value, returns, meanRun }
    }
  }
}

function unitOf(
  keys: Extract<CourseKeys, { kind: 'waypoints' | 'series' }>,
  subject: Subject,
  path: readonly Step[],
  context: Context,
): number {
  const by = subject.units[keys.unit]
  if (by !== undefined) return by
  const known = Object.keys(subject.units).join(' or ')
  throw keyError(context.tree, [...path, 'unit'], {
    code: 'FB2075',
    rule: `${keys.unit} is no unit of ${subject.name} here`,
    remedy: `Write unit: ${known}${keys.unit === 'gwei' ? '; gas in gwei needs chain.gas' : ''}`,
  })
}

/** A course that begins elsewhere than the scenario opens moves the price before anything runs. */
function warnOfOpening(
  what: string,
  value: number,
  by: number,
  subject: Subject,
  context: Context,
): void {
  if (Math.abs(value / by - 1) <= OPENING_GAP) return
  const text = `${subject.name} opens at ${by}, ${what} at ${value}`
  context.warnings.push({ code: 'FB4117', text, effect: 'unknown' })
}

function warnOfEnd({ file, time }: Series, subject: Subject, context: Context): void {
  const length = time[time.length - 1] - time[0]
  if (length >= subject.seconds) return
  const text = `${file} ends after ${length} s of ${subject.seconds} s; its last value holds`
  context.warnings.push({ code: 'FB4117', text, effect: 'unknown' })
}

const OPENING_GAP = 0.01
