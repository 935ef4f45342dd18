/** A book of uniform density on a line: what theory of rounds and of fluids is about. */

import { COIN, curve, ETH, plainTime, timedScenario, unlimited } from './blocks.suite.ts'
import { blocks } from './blocks.ts'
import type { Positions, Scenario, TakerSpec } from './scenario.ts'
import { stageOf } from './stage.ts'

/** Opening price, USD. */
export const PRICE = 100
/** Impact, USD per unit. */
const IMPACT = 1

/** Where the cells of a book end, USD below the opening price, and how wide the first is. */
export interface Grid {
  readonly edges: Float64Array
}

/** Cells of equal width from 0 to `most`. */
export function evenly(most: number, cells: number): Grid {
  return { edges: Float64Array.from({ length: cells + 1 }, (_, k) => (most * k) / cells) }
}

/** Cells from 0 to `least` of equal width, then `growth` times as wide as the one before. */
export function growing(least: number, most: number, growth: number): Grid {
  const edges: number[] = []
  const width = least * (growth - 1)
  for (let edge = 0; edge < least; edge += width) edges.push(edge)
  for (let edge = least; edge < most; edge *= growth) edges.push(edge)
  return { edges: Float64Array.from([...edges, most]) }
}

/** One account for each cell: its trigger in the middle, its units the gain times the width. */
function bookOf({ edges }: Grid, gain: number): Positions {
  const count = edges.length - 1
  const amount = new Float64Array(2 * count)
  for (let k = 0; k < count; k++) {
    const units = (gain * (edges[k + 1] - edges[k])) / IMPACT
    amount[2 * k] = units
    amount[2 * k + 1] = units * (PRICE - (edges[k] + edges[k + 1]) / 2) * 0.8
  }
  return {
    accounts: Array.from({ length: count }, (_, k) => `account ${k}`),
    account: Uint32Array.from({ length: 2 * count }, (_, k) => k >> 1),
    asset: Uint16Array.from({ length: 2 * count }, (_, k) => (k % 2 === 0 ? ETH : COIN)),
    side: Int8Array.from({ length: 2 * count }, (_, k) => (k % 2 === 0 ? 1 : -1)),
    group: new Uint16Array(2 * count),
    amount,
    synthetic: true,
    asOf: null,
  }
}

/** What a run of such a book needs beside the book. */
export interface Fall {
  readonly grid: Grid
  /** Outside drop in block 1, USD. */
  readonly shock: number
  readonly blockSeconds: number
  /** Half-life of impact, seconds. */
  readonly halfLife: number
  readonly latency: TakerSpec['latency']
  readonly seed?: number
}

/** The scenario of a fall in a book of this gain: everything that breaches is sold at once. */
export function scenarioOf(fall: Fall, gain: number): Scenario {
  const { shock, blockSeconds, halfLife, latency, seed = 1 } = fall
  const step = { kind: 'step', drop: shock / PRICE, atSeconds: blockSeconds } as const
  return timedScenario(
    bookOf(fall.grid, gain),
    {
      blocks: 100_000,
      chain: { ...plainTime.chain, blockSeconds },
      prices: [{ asset: ETH, courses: [step] }],
      formation: { ...plainTime.formation, halfLifeSeconds: [halfLife] },
      takers: [{ ...unlimited, latency }],
      generations: 1,
    },
    { seed, venues: [{ ...curve, shape: 'linear', coefficient: IMPACT } as typeof curve] },
  )
}

/**
 * Runs until prices come back or the book is used up; returns the deepest published drop over the
 * shock, Infinity where it left the book behind.
 */
export function peakOf(fall: Fall, gain: number): number {
  const { edges } = fall.grid
  const stage = stageOf(scenarioOf(fall, gain), true, null)
  const last = edges[edges.length - 2]
  let peak = 0
  for (const _ of blocks(stage, null)) {
    const drop = PRICE - stage.posts[0].protocol.prices[ETH]
    if (drop > last) return Number.POSITIVE_INFINITY
    if (drop > peak) peak = drop
    else if (stage.posts[0].watch.breached() === 0) break
  }
  return peak / fall.shock
}

/** The least gain between two at which the fall leaves the book behind, by bisection. */
export function criticalGain(fall: Fall, low: number, high: number, tolerance: number): number {
  while (high - low > tolerance * low) {
    const middle = (low + high) / 2
    if (peakOf(fall, middle) === Number.POSITIVE_INFINITY) high = middle
    else low = middle
  }
  return (low + high) / 2
}
