/** What theory says of loops that are held back, found by running the real block loop. */

import { describe, expect, it } from 'vitest'
import { withdrawalDrop } from '../analysis/mitigation.ts'
import { COIN, ETH } from '../blocks.suite.ts'
import { blocks } from '../blocks.ts'
import type { DefenceSpec } from '../defence.ts'
import { evenly, type Fall, growing, PRICE, scenarioOf } from '../recovery.suite.ts'
import type { CourseSpec, RulesSpec, Scenario } from '../scenario.ts'
import { stageOf } from '../stage.ts'

const SHOCK = 1e-3

/** Blocks of a second; what sales displaced has this half-life. */
const fallOf = (halfLife: number, shock: number, most: number, cells: number): Fall => ({
  grid: evenly(most, cells),
  shock,
  blockSeconds: 1,
  halfLife,
  latency: { kind: 'blocks', blocks: 0 },
})

interface Changes {
  readonly defences?: readonly DefenceSpec[]
  readonly rules?: RulesSpec
  readonly courses?: readonly CourseSpec[]
  readonly depth?: number
}

function changed(scenario: Scenario, of: Changes): Scenario {
  const [bank] = scenario.protocols
  const { time } = scenario
  const { rules = bank.rules, defences = [], courses, depth = 1 } = of
  return {
    ...scenario,
    protocols: [{ ...bank, rules, defences }],
    time: {
      ...time!,
      prices: courses === undefined ? time!.prices : [{ asset: ETH, courses }],
      depth: depth === 1 ? [] : [{ kind: 'step', drop: 1 - depth, atSeconds: 0 }],
    },
  }
}

/** Blocks without a new low after which none comes: several rounds of the slowest loop here. */
const STILL = 60

/**
 * Runs until prices come back or the book is used up; the deepest drop at which the protocol acted,
 * USD, Infinity where it left the book behind.
 */
function deepest(fall: Fall, scenario: Scenario): number {
  const last = fall.grid.edges[fall.grid.edges.length - 2]
  const stage = stageOf(scenario, true, null)
  const [post] = stage.posts
  let peak = 0
  let still = 0
  for (const _ of blocks(stage, null)) {
    const drop = PRICE - post.protocol.prices[ETH]
    if (drop > last) return Number.POSITIVE_INFINITY
    still = drop > peak ? 0 : still + 1
    if (post.isOpen && drop > peak) peak = drop
    if (still > STILL) break
  }
  return peak
}

/** Pauses six blocks and opens for one, for ever. */
const oneInSeven: DefenceSpec = {
  ...{ kind: 'breaker', drop: 1e-17, windowSeconds: 1e9, pauseSeconds: 6, graceSeconds: 1 },
}

describe('a pause on a market that recovers (T24, target 6)', () => {
  // Half of what was displaced decays in seven blocks: rr = 0.5 for a round of the breaker.
  const round = 0.5
  const fall = fallOf(7, SHOCK, 12 * SHOCK, 6000)
  const peak = (gain: number, defences: readonly DefenceSpec[]) =>
    deepest(fall, changed(scenarioOf(fall, gain), { defences })) / SHOCK

  it('vector: rounds are as far apart as the pause is long: 2.5 at gain 1, 1.66 at gain 0.6', () => {
    expect(peak(1 / round, [oneInSeven])).toBeCloseTo(2.5, 2)
    expect(peak(0.6 / round, [oneInSeven])).toBeCloseTo(1.66, 2)
  })

  it('helps: the same book runs away where every block is a round', () => {
    const block = 0.5 ** (1 / 7)
    expect(block / round).toBeGreaterThan((1 + Math.sqrt(1 - block)) ** 2)
    expect(peak(1 / round, [])).toBe(Number.POSITIVE_INFINITY)
  })

  it('law: with it the critical gain is that of its rounds, (1 + sqrt(1 - rr))^2, to 3 %', () => {
    const shock = 1e-8
    const wide: Fall = { ...fallOf(7, shock, 1, 1), grid: growing(shock / 4, 50, 1.002) }
    const critical = (1 + Math.sqrt(1 - round)) ** 2 / round
    const end = (gain: number) =>
      deepest(wide, changed(scenarioOf(wide, gain), { defences: [oneInSeven] }))
    expect(end(0.97 * critical)).toBeLessThan(50)
    expect(end(1.03 * critical)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a cut of thresholds is a shock of its own (T23b)', () => {
  const fall = fallOf(Number.POSITIVE_INFINITY, SHOCK, 6, 6000)
  // Up and back again: nobody breaches by it, but it is volatile.
  const spike: CourseSpec = {
    ...{ kind: 'waypoints', atSeconds: [0, 1, 2], factor: [1, 1.05, 1], between: 'hold' },
  }
  const cut = 0.01
  const defence = (of: Record<string, number>): DefenceSpec => ({
    ...{ kind: 'dynamicThreshold', calm: 0.8, sensitivity: 100, horizonSeconds: 86_400 },
    ...{ halfLifeSeconds: 1e6, floor: 1 - cut, everySeconds: 1, perDay: 1e5, rampSeconds: 0 },
    ...{ grandfathered: 0, ...of },
  })
  const impact = (gain: number, defences: readonly DefenceSpec[]) =>
    deepest(fall, changed(scenarioOf(fall, gain), { defences, courses: [spike] }))

  it('law: prices that are back where they were fall by g cut / (1 - g (1 - cut))', () => {
    expect(impact(0.5, [])).toBe(0)
    for (const gain of [0.3, 0.5, 0.7]) {
      const theory = (PRICE * gain * cut) / (1 - gain * (1 - cut))
      const found = impact(gain, [defence({})])
      expect(Math.abs(found / theory - 1), `gain ${gain}: ${found}`).toBeLessThan(0.003)
    }
  })

  it('law: who keeps its terms is no part of it', () => {
    // Half of the gain sees the cut; all of it sees the fall that follows.
    const theory = (PRICE * 0.25 * cut) / (1 - 0.25 * (1 - cut) - 0.25)
    const half = impact(0.5, [defence({ grandfathered: 0.5 })])
    expect(Math.abs(half / theory - 1), `${half}`).toBeLessThan(0.005)
    expect(impact(0.5, [defence({ grandfathered: 1 })])).toBe(0)
  })
})

describe('part of an account sold at a trigger (T23b: gain x share)', () => {
  const fall = fallOf(Number.POSITIVE_INFINITY, SHOCK, 8 * SHOCK, 8000)
  const rules: RulesSpec = {
    ...{ kind: 'lending', closeFactor: 1, wholeBelow: 0, dustUsd: 0, target: null },
    assets: [
      { asset: ETH, threshold: 0.8, bonus: 0 },
      { asset: COIN, threshold: null, bonus: 0 },
    ],
  }
  const amplified = (gain: number, defences: readonly DefenceSpec[]) =>
    deepest(fall, changed(scenarioOf(fall, gain), { defences, rules })) / SHOCK

  it('law: a target h leaves (h - 1) / (h - threshold) of the gain', () => {
    expect(amplified(0.75, [])).toBeCloseTo(1 / (1 - 0.6), 2)
    for (const target of [1.02, 1.05, 1.2]) {
      const share = (target - 1) / (target - 0.8)
      const found = amplified(0.75, [{ kind: 'targetHealth', target }])
      expect(found, `target ${target}`).toBeCloseTo(1 / (1 - 0.6 * share), 2)
    }
  })

  it('helps: a book that runs away whole stays with a target', () => {
    expect(amplified(2, [])).toBe(Number.POSITIVE_INFINITY)
    expect(amplified(2, [{ kind: 'targetHealth', target: 1.05 }])).toBeCloseTo(1 / (1 - 0.32), 2)
  })
})

describe('depth that leaves as the price falls (T23b, target 36)', () => {
  const [gain, omega] = [0.36, 2]

  /** The drop at which the loop rests with the depth of that drop; null where there is none. */
  function settles(shock: number): number | null {
    const fall = fallOf(Number.POSITIVE_INFINITY, shock * PRICE, 40, 8000)
    let drop = shock
    for (let n = 0; n < 60; n++) {
      const depth = 1 - omega * drop
      if (!(depth > 0.05)) return null
      const next = deepest(fall, changed(scenarioOf(fall, gain), { depth })) / PRICE
      if (next - drop < 1e-5) return next
      drop = next
    }
    return drop
  }

  it('vector: gain 0.36 and omega 2 rest at 8.895 % after 5 %, and run away past 8 %', () => {
    expect(withdrawalDrop(gain, omega, 0.05)).toBeCloseTo(0.088953, 6)
    expect(settles(0.05)).toBeCloseTo(0.088953, 4)
    expect(settles(0.079)).toBeCloseTo(withdrawalDrop(gain, omega, 0.079)!, 2)
    expect(settles(0.082)).toBeNull()
  })
})
