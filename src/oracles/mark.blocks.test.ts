/** What forced sales do to a mark price in a run. */

import { describe, expect, it } from 'vitest'
import { recorderFor } from '../block/recorder.ts'
import { COIN, ETH, positionsOf, timedScenario } from '../blocks.suite.ts'
import { blocks } from '../blocks.ts'
import type { CourseSpec, OracleSpec } from '../scenario.ts'
import { stageOf } from '../stage.ts'
import { columnOf } from '../table.ts'
import type { SpecOf } from './opening.ts'

const BOOK: SpecOf<'mark'> = {
  kind: 'mark',
  component: 'book',
  timeSeconds: 1,
  ownWeight: 0,
  funding: null,
}
const INDEX: SpecOf<'mark'> = { ...BOOK, component: 'index', timeSeconds: null }

// Each account sells two units, 2 % of the price, and the next breaches 2 % lower.
const TRIGGERS = [97, 95, 93, 91, 89]
const positions = positionsOf(
  TRIGGERS.flatMap((trigger, k): [number, number, 1 | -1, number][] => [
    [k, ETH, 1, 2],
    [k, COIN, -1, 2 * trigger * 0.8],
  ]),
)
const drop: CourseSpec = { kind: 'step', drop: 0.04, atSeconds: 0 }

/** Runs the fall under a feed of ETH. */
function run(oracle: OracleSpec) {
  const time = { blocks: 20, prices: [{ asset: ETH, courses: [drop] }] }
  const scenario = timedScenario(positions, time)
  const oracles = scenario.protocols[0].oracles.map((spec, a) => (a === ETH ? oracle : spec))
  const protocols = [{ ...scenario.protocols[0], oracles }]
  const stage = stageOf({ ...scenario, protocols }, true, null)
  const recorder = recorderFor(stage)
  for (const _ of blocks(stage, recorder));
  const { firstBlock, generation } = stage.tally
  const liquidated = [...firstBlock].filter((block) => block > 0).length
  return { stage, frames: recorder.frames, liquidated, generations: [...generation] }
}

describe('mark in a run', () => {
  it('behaviour: an index of other exchanges does not feel the sales, so nothing spreads', () => {
    const { stage, frames, liquidated } = run(INDEX)
    expect(liquidated).toBe(1)
    expect(stage.mids[ETH]).toBeLessThan(95)
    const outside = columnOf(frames, 'outside_ETH')
    expect([...columnOf(frames, 'oracle_bank_ETH')]).toEqual([...outside])
  })

  it('behaviour: sales spread by the book, and by the weight of the own market', () => {
    const spot = run({ kind: 'spot' })
    expect(spot.liquidated).toBe(TRIGGERS.length)
    expect(run(BOOK).liquidated).toBe(TRIGGERS.length)
    const own = run({ ...INDEX, ownWeight: 1 })
    expect(own.generations).toEqual(spot.generations)
    expect(run({ ...INDEX, ownWeight: 0.1 }).liquidated).toBeLessThan(TRIGGERS.length)
  })

  it('behaviour: markets without a sale read the same outside price, so labels say who sold', () => {
    expect(run(BOOK).generations).toEqual([0, 1, 2, 3, 4])
  })

  it('law: a mark whose index is its own market is spot, to the last bit', () => {
    const own = run({ ...INDEX, ownWeight: 1 })
    expect([...own.stage.mids]).toEqual([...run({ kind: 'spot' }).stage.mids])
  })
})
