/** What a sweep runs: cells, each so many times, cut into tasks. */

import type { Extra, Measure } from './meter.ts'

/** One key and the values it takes, as typed. */
export interface Variation {
  readonly key: string
  readonly values: readonly string[]
}

/** One scenario of a sweep: values by variation, null where the scenario's own stands. */
export interface Cell {
  readonly values: readonly (string | null)[]
  /** Names the resolved scenario with its inputs. */
  readonly runId: string
}

/** Everything that decides what a sweep comes to. Plain data. */
export interface Plan {
  /** Of the cells and what is measured, not of how many runs: more runs extend the same sweep. */
  readonly id: string
  readonly engineVersion: string
  readonly scenario: string
  readonly seed: number
  /** The key that runs of a cell differ in, and its value in run 0. */
  readonly draw: 'path' | 'seed'
  readonly first: number
  /** Runs that are spread together; 1: all are independent. */
  readonly batch: number
  readonly variations: readonly Variation[]
  readonly cells: readonly Cell[]
  readonly measures: readonly Measure[]
  readonly extra: Extra
}

/** Consecutive runs of one cell. */
export interface Span {
  readonly cell: number
  readonly from: number
  readonly count: number
}

/** One job: work for a tenth of a second or so, kept or lost as a whole. */
export interface Task {
  readonly id: string
  readonly spans: readonly Span[]
}

/**
 * Every combination of the values; or, one at a time, the scenario itself and then each value of
 * each key alone.
 */
export function combinations(
  variations: readonly Variation[],
  oneAtATime: boolean,
): (string | null)[][] {
  if (oneAtATime) {
    const none = variations.map((): string | null => null)
    const alone = variations.flatMap(({ values }, v) => values.map((value) => none.with(v, value)))
    return [none, ...alone]
  }
  return variations.reduce<(string | null)[][]>(
    (rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  )
}

/** How many combinations there are, before any is made. */
export function combinationsCount(variations: readonly Variation[], oneAtATime: boolean): number {
  const sizes = variations.map(({ values }) => values.length)
  return oneAtATime
    ? sizes.reduce((sum, size) => sum + size, 1)
    : sizes.reduce((product, size) => product * size, 1)
}

/**
 * Cuts what is missing into spans, grouped into tasks.
 *
 * Rule:  cells in their order, runs in theirs; a group has `size()` runs in all, as asked when it
 *        is opened, and the last may have fewer.
 * Shape: `isDone(cell, run)` for run below `runs`.
 */
export function* groupsOf(
  cells: number,
  runs: number,
  size: () => number,
  isDone: (cell: number, run: number) => boolean,
): Generator<Span[], void> {
  let group: Span[] = []
  let room = size()
  for (let cell = 0; cell < cells; cell++)
    for (let run = 0; run < runs; run++) {
      if (isDone(cell, run)) continue
      const last = group[group.length - 1]
      if (last?.cell === cell && last.from + last.count === run)
        group[group.length - 1] = { ...last, count: last.count + 1 }
      else group.push({ cell, from: run, count: 1 })
      if (--room > 0) continue
      yield group
      group = []
      room = size()
    }
  if (group.length > 0) yield group
}
