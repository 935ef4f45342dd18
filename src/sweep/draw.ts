/** Which of many runs a run is: another path of the seed, or another book. */

import { syntheticPositions } from '../cohorts.ts'
import type { Positions, Scenario } from '../scenario.ts'

/** Seeds and paths are whole numbers below this. */
const WORDS = 4294967296

/** The scenario key that tells runs of a scenario apart: set to it, `run` repeats one of them. */
export function drawKey({ time }: Scenario): 'path' | 'seed' {
  return time === null ? 'seed' : 'path'
}

/**
 * Run number `index` of a scenario, from 0.
 *
 * Rule: in time, path + index of its seed, over the same book unless the sample draws books anew;
 *       without time, seed + index, with every synthetic book that has no seed of its own drawn
 *       anew. Both wrap at 2^32.
 */
export function drawn(scenario: Scenario, index: number): Scenario {
  const { time } = scenario
  if (time === null) {
    const seed = (scenario.seed + index) % WORDS
    return { ...scenario, seed, protocols: withBooks(scenario, seed) }
  }
  const path = (time.path + index) % WORDS
  const moved = { ...scenario, time: { ...time, path } }
  if (!time.sample?.books) return moved
  return { ...moved, protocols: withBooks(scenario, bookSeed(scenario.seed, path)) }
}

/** Seed of the books of a path, where they differ from path to path. */
export function bookSeed(seed: number, path: number): number {
  return (seed + path) % WORDS
}

function withBooks({ protocols }: Scenario, seed: number): Scenario['protocols'] {
  return protocols.map((protocol) => ({
    ...protocol,
    positions: redrawn(protocol.positions, seed),
  }))
}

/** The value of `drawKey` in run number `index`. */
export function drawOf(scenario: Scenario, index: number): number {
  return ((scenario.time?.path ?? scenario.seed) + index) % WORDS
}

/** Whether two runs of a scenario may differ at all. */
export function isRandom({ time, protocols }: Scenario): boolean {
  if (time !== null) return true
  return protocols.some(
    ({ positions }) => positions.cohorts?.some(({ isFixed }) => !isFixed) === true,
  )
}

function redrawn(positions: Positions, seed: number): Positions {
  const { cohorts } = positions
  if (cohorts === undefined) return positions
  const free = cohorts.map((cohort) => (cohort.isFixed ? cohort : { ...cohort, seed }))
  return syntheticPositions(free)
}
