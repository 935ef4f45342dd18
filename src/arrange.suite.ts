/** Holds a run of an arranged book to the run of the book as listed. */

import { expect } from 'vitest'
import { arrangedWorld } from './arrange.ts'
import { recorderFor } from './block/recorder.ts'
import { blocks } from './blocks.ts'
import type { Scenario } from './scenario.ts'
import { setup } from './setup.ts'
import { openingOf, stageOf } from './stage.ts'
import type { World } from './world.ts'

/** A run's events, with the names of accounts, and its mids at the end. */
function ran(scenario: Scenario, world: World) {
  const stage = stageOf(scenario, true, null, undefined, false, openingOf(scenario, world))
  const recorder = recorderFor(stage)
  for (const _ of blocks(stage, recorder));
  const { columns, values, rows } = recorder.events
  const events = Array.from({ length: rows }, (_, row) =>
    columns.map(({ words }, c) =>
      words === null ? values[c][row] : (words[values[c][row]] ?? null),
    ),
  )
  return { events, mids: [...stage.mids] }
}

/** Expects the same events in the same order, but for rounding; returns how many. */
export function expectAsListed(scenario: Scenario, name: string): number {
  const now = ran(scenario, arrangedWorld(setup(scenario)))
  const before = ran(scenario, setup(scenario))
  expect(now.events.length, name).toBe(before.events.length)
  now.events.forEach((cells, row) => {
    cells.forEach((cell, c) => {
      const was = before.events[row][c]
      if (typeof cell !== 'number' || Number.isNaN(cell)) expect(cell, name).toEqual(was)
      else
        expect(Math.abs(cell - (was as number)), name).toBeLessThan(
          1e-7 * Math.max(1, Math.abs(cell)),
        )
    })
  })
  now.mids.forEach((mid, a) => {
    expect(Math.abs(mid - before.mids[a]), name).toBeLessThanOrEqual(1e-9 * mid)
  })
  return now.events.length
}
