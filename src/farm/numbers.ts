/** Every number of a scenario, a tenth lower and a tenth higher: what a tornado asks of all. */

import type { FileSource } from '../ingest/bytes.ts'
import type { Override } from '../ingest/compose.ts'
import { readScenario } from '../ingest/read.ts'
import type { Variation } from '../sweep/plan.ts'

/** Keys whose numbers say which run it is, or how it is looked at. */
const STAY = new Set([
  ...['version', 'seed', 'path', 'generations', 'blocks', 'accounts', 'gates'],
  ...['gain', 'ignition', 'routes', 'sample', 'asOf', 'sha256', 'maxAge'],
])
const DOWN = 0.9
const UP = 1.1

/**
 * Variations of a resolved scenario, one for each of its numbers that is not 0.
 *
 * Rule:   numbers, and texts that are a number with a unit (600s), times 0.9 and 1.1; whole numbers
 *         that would not move (a count of 2) by one.
 * Shape:  in the order of the scenario; entries of lists by their index, as `--set` has them.
 */
export function everyNumber(resolved: unknown): Variation[] {
  return numbersIn(resolved, [])
}

/**
 * Of every number of a scenario the values with which it still reads: a threshold of 95 % has none
 * above it, and a point of a path cannot pass the next.
 */
export async function readableNumbers(
  entry: string,
  source: FileSource,
  overrides: readonly Override[],
): Promise<Variation[]> {
  const { resolved } = await readScenario(entry, source, overrides)
  const variations: Variation[] = []
  for (const { key, values } of everyNumber(resolved)) {
    const read: string[] = []
    for (const value of values) {
      const isRead = await readScenario(entry, source, [...overrides, [key, value]]).then(
        () => true,
        () => false,
      )
      if (isRead) read.push(value)
    }
    if (read.length > 0) variations.push({ key, values: read })
  }
  return variations
}

function numbersIn(value: unknown, path: readonly string[]): Variation[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inside]) =>
      STAY.has(key) ? [] : numbersIn(inside, [...path, key]),
    )
  const [, digits, unit] = /^(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([a-z%]*)$/.exec(String(value)) ?? []
  if (digits === undefined || typeof value === 'boolean' || Number(digits) === 0) return []
  const number = Number(digits)
  const isCount = path[path.length - 1] === 'count' && Number.isInteger(number)
  const values = isCount
    ? [number - 1, number + 1].filter((one) => one > 0)
    : [number * DOWN, number * UP]
  return [
    { key: path.join('.'), values: values.map((one) => `${Number(one.toPrecision(12))}${unit}`) },
  ]
}
