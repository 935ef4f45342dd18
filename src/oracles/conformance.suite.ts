/** The laws of all feeds. Exceptions are listed with their reason by the case. */

import { describe, expect, it } from 'vitest'
import { exp } from '../math/exponential.ts'
import { type Random, randomAt } from '../math/random.ts'
import type { Moment } from '../moment.ts'
import type { Oracle } from '../oracle.ts'
import type { OracleSpec } from '../scenario.ts'
import type { OracleOpening } from './opening.ts'

/** A feed and what of the laws does not hold for it, each with its reason. */
export interface Case {
  readonly title: string
  readonly spec: OracleSpec
  readonly make: (opening: OracleOpening) => Oracle
  readonly exceptions: {
    /** Publishes prices that the market never had. */
    readonly invents?: string
    /** Publishes a price at a `seenAt` other than its own. */
    readonly retimes?: string
    /** May publish less than any price so far, or more. */
    readonly below?: string
    readonly above?: string
    /** Reads the price outside too: then that counts among the prices so far. */
    readonly reads?: string
    /** States a confidence interval. */
    readonly states?: string
  }
}

/** One block of a path. */
interface Step {
  readonly at: Moment
  readonly market: number
  readonly outside: number
}

const OPENING = 2000
const PATHS = 5
const BLOCKS = 900

export function openingAt(price: number): OracleOpening {
  const random = randomAt(20200312, 0)
  return { price, draw: (block) => random.uniform(block, 0) }
}

/** Registers the laws for one feed. */
export function conformance(subject: Case): void {
  const make = (): Oracle => subject.make(openingAt(OPENING))
  describe(subject.title, () => {
    openingLaws(subject, make)
    followLaw(make)
    priceLaws(subject, make)
    timeLaws(make)
    stateLaws(make)
  })
}

function openingLaws({ spec, exceptions }: Case, make: () => Oracle): void {
  it('law: opens valid, at the opening price, seen at the opening', () => {
    const oracle = make()
    expect(oracle.kind).toBe(spec.kind)
    expect(oracle.price()).toBe(OPENING)
    expect(oracle.seenAt()).toBe(0)
    expect(oracle.valid()).toBe(true)
    if (exceptions.states === undefined) expect(oracle.confidence()).toBe(0)
  })

  it('law: a constant market is never left', () => {
    const oracle = make()
    for (const { at } of pathOf(1)) {
      oracle.observe(at, OPENING, OPENING)
      expect(Math.abs(oracle.price() / OPENING - 1)).toBeLessThanOrEqual(1e-15)
      expect(oracle.valid()).toBe(true)
    }
  })
}

function followLaw(make: () => Oracle): void {
  it('law: of a lasting fall of the market it makes the share that it says', () => {
    const oracle = make()
    const fallen = 0.97 * OPENING
    for (let block = 1; block <= 20 * BLOCKS; block++)
      oracle.observe({ block, seconds: 12, atSeconds: 12 * block, gwei: 5 }, fallen, OPENING)
    const made = (OPENING - oracle.price()) / (OPENING - fallen)
    expect(made).toBeCloseTo(oracle.follows, 1)
  })
}

function priceLaws({ exceptions }: Case, make: () => Oracle): void {
  it('law: the published price stays between the prices seen so far, and moves', () => {
    const rounding = exceptions.invents === undefined ? 0 : 1e-12
    for (let path = 0; path < PATHS; path++) {
      const oracle = make()
      let least = OPENING
      let most = OPENING
      let moves = 0
      for (const { at, market, outside } of pathOf(path)) {
        const before = oracle.price()
        oracle.observe(at, market, outside)
        const seen = exceptions.reads === undefined ? market : outside
        least = Math.min(least, market, seen)
        most = Math.max(most, market, seen)
        if (exceptions.above === undefined) {
          expect(oracle.price()).toBeLessThanOrEqual(most * (1 + rounding))
        }
        if (exceptions.below === undefined) {
          expect(oracle.price()).toBeGreaterThanOrEqual(least * (1 - rounding))
        }
        expect(oracle.confidence()).toBeGreaterThanOrEqual(0)
        moves += Number(oracle.price() !== before)
      }
      expect(moves).toBeGreaterThan(1)
    }
  })

  if (exceptions.invents !== undefined) return
  it('law: never publishes a price that was not in the market, at the time it states', () => {
    for (let path = 0; path < PATHS; path++) {
      const oracle = make()
      const all = new Set([OPENING])
      const seen = new Map([[0, new Set([OPENING])]])
      for (const { at, market, outside } of pathOf(path)) {
        all.add(market)
        seen.set(at.atSeconds, (seen.get(at.atSeconds) ?? new Set()).add(market))
        oracle.observe(at, market, outside)
        const then = exceptions.retimes === undefined ? seen.get(oracle.seenAt()) : all
        expect(then?.has(oracle.price())).toBe(true)
      }
    }
  })
}

function timeLaws(make: () => Oracle): void {
  it('law: the published price was seen in the past, and that time never falls', () => {
    for (let path = 0; path < PATHS; path++) {
      const oracle = make()
      let before = 0
      for (const { at, market, outside } of pathOf(path)) {
        oracle.observe(at, market, outside)
        expect(oracle.seenAt()).toBeGreaterThanOrEqual(before)
        expect(oracle.seenAt()).toBeLessThanOrEqual(at.atSeconds)
        before = oracle.seenAt()
      }
      expect(before).toBeGreaterThan(0)
    }
  })

  it('law: a market at 0 gives numbers, and the feed comes back from it', () => {
    const oracle = make()
    for (const { at } of pathOf(2)) {
      const price = at.block < 300 || at.block > 400 ? OPENING : 0
      oracle.observe(at, price, price)
      for (const figure of figuresOf(oracle)) expect(Number.isFinite(figure)).toBe(true)
      expect(oracle.price()).toBeGreaterThanOrEqual(0)
    }
    expect(oracle.price()).toBeGreaterThan(0.9 * OPENING)
  })
}

function stateLaws(make: () => Oracle): void {
  it('law: a copy is independent, and goes on as the original would', () => {
    const oracle = make()
    const path = pathOf(3)
    run(oracle, path.slice(0, BLOCKS / 2))
    const copy = oracle.copy()
    const held = figuresOf(copy)
    const one = run(oracle, path.slice(BLOCKS / 2))
    expect(figuresOf(copy)).toEqual(held)
    const two = run(copy, path.slice(BLOCKS / 2))
    expect(bytesOf(two)).toEqual(bytesOf(one))
    expect(figuresOf(oracle)).not.toEqual(held)
  })

  it('law: after reset a path runs byte for byte as on a new feed', () => {
    const base = make()
    const reused = base.copy()
    for (let path = 4; path < 7; path++) {
      reused.reset(base)
      run(reused, pathOf(path))
      reused.reset(base)
      const again = run(reused, pathOf(path + 1))
      expect(bytesOf(again)).toEqual(bytesOf(run(make(), pathOf(path + 1))))
      expect(figuresOf(base)).toEqual(figuresOf(make()))
    }
  })

  it('law: reset takes over a state in the middle of a path', () => {
    const oracle = make()
    const path = pathOf(8)
    run(oracle, path.slice(0, BLOCKS / 2))
    const other = make()
    run(other, pathOf(9))
    other.reset(oracle)
    const rest = path.slice(BLOCKS / 2)
    expect(bytesOf(run(other, rest))).toEqual(bytesOf(run(oracle, rest)))
  })

  it('error: a feed resets from its own model only', () => {
    const stranger = { ...make(), kind: 'another' }
    expect(() => make().reset(stranger)).toThrow(/resets from its own copies/)
  })
}

/**
 * A path of jumps and lulls, with blocks of uneven length (some of no time at all) and gas that
 * spikes. The price outside is a few per cent off, for some blocks at a time.
 */
export function pathOf(path: number): Step[] {
  const random = randomAt(20230619, path)
  const lengths = [0, 0.25, 1, 12, 12, 13, 24, 300]
  let atSeconds = 0
  let market = OPENING
  return Array.from({ length: BLOCKS }, (_, i) => {
    const block = i + 1
    const seconds = lengths[Math.floor(random.uniform(block, 0) * lengths.length)]
    atSeconds += seconds
    market *= exp(moveOf(random, block))
    const outside = market * (1 + 0.02 * random.normal(block >> 3, 6))
    return { at: { block, seconds, atSeconds, gwei: gweiOf(random, block) }, market, outside }
  })
}

function moveOf(random: Random, block: number): number {
  const size = random.uniform(block, 2) < 0.03 ? 0.05 : 0.002
  return random.uniform(block, 3) < 0.2 ? 0 : size * random.normal(block, 1)
}

function gweiOf(random: Random, block: number): number {
  return random.uniform(block >> 4, 4) < 0.2 ? 400 : 5 + 40 * random.uniform(block, 5)
}

function run(oracle: Oracle, path: readonly Step[]): number[] {
  return path.flatMap(({ at, market, outside }) => {
    oracle.observe(at, market, outside)
    return figuresOf(oracle)
  })
}

function figuresOf(oracle: Oracle): number[] {
  return [oracle.price(), oracle.confidence(), Number(oracle.valid()), oracle.seenAt()]
}

function bytesOf(figures: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(figures).buffer)
}
