import { describe, expect, it } from 'vitest'
import { arrangedWorld } from './arrange.ts'
import { recorderFor } from './block/recorder.ts'
import { blocks } from './blocks.ts'
import { accountsOf, health } from './book.ts'
import type { Scenario } from './scenario.ts'
import { setup } from './setup.ts'
import { openingOf, stageOf } from './stage.ts'
import { worldOf } from './timedWorlds.suite.ts'
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

describe('arrangedWorld', () => {
  it('law: it holds the same accounts, and says where each was listed', () => {
    let moved = 0
    for (let n = 0; n < 40; n++) {
      const scenario = worldOf(n)
      const [now, listed] = [arrangedWorld(setup(scenario)), setup(scenario)]
      now.protocols.forEach(({ book, values, accounts, row }, j) => {
        if (row === null) return
        const before = listed.protocols[j]
        expect([...row].sort((a, b) => a - b)).toEqual(accounts.map((_, i) => i))
        for (let i = 0; i < accountsOf(book); i++) {
          expect(accounts[i]).toBe(before.accounts[row[i]])
          expect(health(book, values, i)).toBe(health(before.book, before.values, row[i]))
          moved += +(row[i] !== i)
        }
      })
    }
    expect(moved).toBeGreaterThan(500)
  })

  it('law: everybody fares as in the order of the list, but for the rounding of sums', () => {
    let events = 0
    for (let n = 0; n < 60; n++) {
      const scenario = worldOf(n)
      const [now, before] = [
        ran(scenario, arrangedWorld(setup(scenario))),
        ran(scenario, setup(scenario)),
      ]
      expect(now.events.length, `world ${n}`).toBe(before.events.length)
      now.events.forEach((cells, row) => {
        cells.forEach((cell, c) => {
          const was = before.events[row][c]
          if (typeof cell !== 'number' || Number.isNaN(cell)) expect(cell).toEqual(was)
          else
            expect(Math.abs(cell - (was as number))).toBeLessThan(
              1e-9 * Math.max(1, Math.abs(cell)),
            )
        })
      })
      now.mids.forEach((mid, a) => {
        expect(Math.abs(mid - before.mids[a])).toBeLessThanOrEqual(1e-12 * mid)
      })
      events += now.events.length
    }
    expect(events).toBeGreaterThan(1000)
  })
})
