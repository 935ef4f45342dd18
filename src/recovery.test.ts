/**
 * Critical gains in time, found by running the real block loop on a book of uniform density.
 *
 * Gain here is what the next block sees: a block's sales have decayed once before the next one
 * reads a price, so a round's gain g is density x impact x what is left after one block. With it
 * the block loop is the recursion of rounds, I' = rr I + g (I - I before)+.
 */

import { describe, expect, it } from 'vitest'
import { criticalGain, evenly, type Fall, growing, peakOf } from './recovery.suite.ts'

const AT_ONCE = { kind: 'blocks', blocks: 0 } as const

/** Blocks of a second in which displacement falls to `rr` of itself. */
const rounds = (rr: number): Pick<Fall, 'blockSeconds' | 'halfLife' | 'latency'> => ({
  blockSeconds: 1,
  halfLife: rr === 0 ? 0 : rr === 1 ? Number.POSITIVE_INFINITY : -1 / Math.log2(rr),
  latency: AT_ONCE,
})

const critical = (rr: number): number => (1 + Math.sqrt(1 - rr)) ** 2

/** Bisection of a rising yes or no. */
function least(isEnough: (gain: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to]
  while (high - low > 1e-7 * low) {
    const middle = (low + high) / 2
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}

/** The recursion itself: whether it passes `most` shocks. */
function roundsLeave(rr: number, gain: number, most: number): boolean {
  let before = 0
  let impact = gain
  while (impact > before) {
    if (1 + impact > most) return true
    const next = rr * impact + gain * (impact - before)
    before = impact
    impact = next
  }
  return false
}

/** Range of the books: from the first cells to the last drop, in shocks of 1e-8 of 100 USD. */
const SHOCK = 1e-8
const LAST = 50
const wide = growing(SHOCK / 4, LAST, 1.001)

describe('rounds with recovery between them (T24, target 6)', () => {
  const shock = 1e-3
  const fine = evenly(6 * shock, 6000)

  it('vector: the deepest price over the shock', () => {
    for (const [rr, atOne, below] of [
      [0.9, 4.2021, 1.99],
      [0.75, 3.0625, 1.81],
      [0.5, 2.5, 1.66],
    ]) {
      const fall = { ...rounds(rr), grid: fine, shock }
      expect(peakOf(fall, 1 / rr), `rr ${rr}, gain 1`).toBeCloseTo(atOne, 4)
      expect(peakOf(fall, 0.6 / rr), `rr ${rr}, gain 0.6`).toBeCloseTo(below, 4)
    }
  })

  it('vector: as all of it decays, 2 and 1.6 at the gains 1 and 0.6', () => {
    const rr = 1e-6
    const fall = { ...rounds(rr), grid: fine, shock }
    expect(peakOf(fall, 1 / rr)).toBeCloseTo(2, 4)
    expect(peakOf(fall, 0.6 / rr)).toBeCloseTo(1.6, 4)
  })

  it('law: what has decayed before anybody reads a price sets nothing off, at any gain', () => {
    expect(peakOf({ ...rounds(0), grid: fine, shock }, 1e6)).toBeCloseTo(1, 9)
  })

  it('law: without recovery the drop is shock / (1 - g), and the critical gain is 1', () => {
    for (const gain of [0.5, 0.9]) {
      const drop = peakOf({ ...rounds(1), grid: evenly(12 * shock, 12_000), shock }, gain)
      expect(Math.abs(drop * (1 - gain) - 1), `gain ${gain}: ${drop}`).toBeLessThan(0.002)
    }
    const long = { ...rounds(1), grid: evenly(1000 * shock, 20_000), shock }
    const found = criticalGain(long, 0.9, 1.1, 0.001)
    expect(Math.abs(found - 1), `${found}`).toBeLessThan(0.01)
  })

  it('law: the critical gain is (1 + sqrt(1 - rr))^2, to 1 %', () => {
    // A book ends: what would turn after it counts as gone. That lessens the gain by about
    // 2 (pi / ln range)^2 x (ln sqrt g)^2 / (sqrt g - 1), and the recursion by as much.
    for (const rr of [0.9, 0.75, 0.5, 0.01]) {
      const theory = critical(rr)
      const fall = { ...rounds(rr), grid: wide, shock: SHOCK }
      const found = criticalGain(fall, (0.95 * theory) / rr, (1.05 * theory) / rr, 0.0005) * rr
      const ended = least((g) => roundsLeave(rr, g, LAST / SHOCK), 1, 2 * theory)
      const where = `rr ${rr}: found ${found}, theory ${theory}, on this range ${ended}`
      expect(Math.abs(found / theory - 1), where).toBeLessThan(0.01)
      expect(Math.abs(found / ended - 1), where).toBeLessThan(0.002)
    }
    expect(critical(0.01)).toBeCloseTo(4, 1)
  })
})

/**
 * The same as a fluid in blocks: of what waits, 1 - e^(-block / tau) is sold in each block after
 * that which made it liquidatable. Whether it passes `most` shocks.
 */
function fluidLeaves(block: number, decay: number, gain: number, most: number): boolean {
  const share = 1 - Math.exp(-block)
  const kept = Math.exp(-decay * block)
  let [impact, waits, deepest] = [0, 0, 0]
  do {
    const sold = share * waits
    waits -= sold
    const drop = 1 + impact
    if (drop > most) return true
    if (drop > deepest) {
      waits += gain * (drop - deepest)
      deepest = drop
    }
    impact = kept * (impact + sold)
  } while (waits > 1e-9 * deepest)
  return false
}

describe('latency and recovery in continuous time', () => {
  // tau is the unit of time, so that rho tau is the rate of decay.
  const most = LAST / SHOCK
  const inBlocks = (block: number, decay: number): number =>
    least((gain) => fluidLeaves(block, decay, gain, most), 1, 10)

  it('law: sold in blocks, a fluid turns critical at (1 + sqrt(rho tau))^2 as blocks shrink', () => {
    for (const decay of [0.1, 0.25, 1]) {
      const [coarse, middle, short] = [0.1, 0.05, 0.025].map((block) => inBlocks(block, decay))
      const extrapolated = (8 * short - 6 * middle + coarse) / 3
      const theory = (1 + Math.sqrt(decay)) ** 2
      // On a range of e^L shocks half a turn must fit: w L = pi x growth.
      const turn = Math.PI / Math.log(most)
      const ended = 1 + decay + (2 * Math.sqrt(decay)) / Math.sqrt(1 + turn * turn)
      expect(Math.abs(extrapolated / theory - 1)).toBeLessThan(0.01)
      expect(Math.abs(extrapolated / ended - 1), `rho tau ${decay}`).toBeLessThan(0.001)
    }
  })

  it('law: the block loop turns critical at the same gain, to 1 %', () => {
    const block = 0.1
    const grid = growing(SHOCK / 4, LAST, 1.002)
    for (const decay of [0.25, 1]) {
      const theory = (1 + Math.sqrt(decay)) ** 2
      const wanted = inBlocks(block, decay)
      const found = [1, 2, 3].map((seed) => {
        const latency = { kind: 'exponential', meanSeconds: 1 } as const
        const halfLife = Math.LN2 / decay
        const fall = { grid, shock: SHOCK, blockSeconds: block, halfLife, latency, seed }
        return criticalGain(fall, 0.96 * wanted, 1.04 * wanted, 0.001)
      })
      const mean = found.reduce((sum, gain) => sum + gain, 0) / found.length
      // What blocks and the end of the book add is known from the fluid: taken out, theory is left.
      const inTime = mean - (wanted - theory)
      const where = `rho tau ${decay}: ${found.join(', ')}; fluid ${wanted}; theory ${theory}`
      expect(Math.abs(mean / wanted - 1), where).toBeLessThan(0.01)
      expect(Math.abs(inTime / theory - 1), where).toBeLessThan(0.01)
    }
  })
})
