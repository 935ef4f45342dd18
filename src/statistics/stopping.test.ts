import { describe, expect, it } from 'vitest'
import { exp } from '../math/exponential.ts'
import { randomAt } from '../math/random.ts'
import { type Estimate, meanOf, shareOf } from './interval.ts'
import { anytimeLooks, anytimeMean, anytimeShare, levelOf, looks } from './stopping.ts'

const drawn = (path: number, n: number, of: (normal: number) => number) => {
  const random = randomAt(3, path)
  return Float64Array.from({ length: n }, (_, k) => of(random.normal(k, 0)))
}

describe('looks', () => {
  it('behaviour: doubling sizes up to the most, none below 50', () => {
    expect(looks(1000)).toEqual([63, 125, 250, 500, 1000])
    expect(looks(40)).toEqual([40])
    expect(levelOf(5)).toBe(0.99)
  })

  it('law: stopping at the first narrow interval covers 95 of 100', () => {
    const sizes = looks(800)
    let held = 0
    for (let s = 0; s < 400; s++) {
      const column = drawn(5000 + s, 800, (x) => x)
      const found = sizes
        .map((n) => meanOf(column.subarray(0, n), levelOf(sizes.length)))
        .find(({ low, high }) => high! - low! < 0.25)
      held += +holds(found ?? meanOf(column, levelOf(sizes.length)), 0)
    }
    expect(held / 400).toBeGreaterThanOrEqual(0.95)
  })
})

describe('anytimeMean', () => {
  // Skewed as losses are; its mean is exp(1 / 8).
  const losses = (s: number) => drawn(9000 + s, 4000, (x) => exp(x / 2))
  const truth = exp(1 / 8)
  const watched = Array.from({ length: 50 }, (_, k) => 500 + 70 * k)

  it('law: looked at fifty times it never leaves the truth in 95 of 100 sweeps', () => {
    const never = (of: (values: Float64Array) => Estimate) => {
      let held = 0
      for (let s = 0; s < 150; s++) {
        const column = losses(s)
        held += +watched.every((n) => holds(of(column.subarray(0, n)), truth))
      }
      return held / 150
    }
    expect(never((values) => anytimeMean(values))).toBeGreaterThanOrEqual(0.95)
    // That of a fixed n does not.
    expect(never((values) => meanOf(values))).toBeLessThan(0.85)
  })

  it('vector: its width at 500 and 5000, and none below', () => {
    for (const [n, half] of [
      [500, 0.13577],
      [5000, 0.04585],
    ]) {
      const column = Float64Array.from({ length: n }, (_, k) => (k % 2 === 0 ? 1 : -1))
      const sd = Math.sqrt(n / (n - 1))
      expect(anytimeMean(column).high! / sd).toBeCloseTo(half, 4)
    }
    expect(anytimeMean(new Float64Array(499))).toEqual({ value: 0, low: null, high: null })
  })

  it('behaviour: looks begin where it does, each a quarter more', () => {
    expect(anytimeLooks(1000)).toEqual([500, 625, 782, 978, 1000])
    expect(anytimeLooks(500)).toEqual([500])
    expect(anytimeLooks(60)).toEqual([60])
  })
})

describe('anytimeShare', () => {
  it('law: its ends are where the averaged chance is 20 times as great', () => {
    // B(1, n + 1) = 1 / (n + 1): (1 - p)^n = 0.05 / (n + 1).
    expect(anytimeShare(0, 99).low).toBe(0)
    expect(anytimeShare(0, 99).high).toBeCloseTo(1 - (0.05 / 100) ** (1 / 99), 12)
    const all = anytimeShare(99, 99)
    expect(all.high).toBe(1)
    expect(all.low).toBeCloseTo((0.05 / 100) ** (1 / 99), 12)
    const { low, high } = anytimeShare(30, 100)
    for (const p of [low!, high!]) {
      let averaged = 1 / 101
      for (let k = 0; k < 30; k++) averaged *= (k + 1) / (100 - k)
      expect((p ** 30 * (1 - p) ** 70) / averaged).toBeCloseTo(0.05, 9)
    }
    expect([low! < 0.3, high! > 0.3]).toEqual([true, true])
    expect(anytimeShare(0, 0).value).toBeNull()
  })

  it('law: looked at after every ten runs it never leaves a rare share in 95 of 100 sweeps', () => {
    let [always, fixed] = [0, 0]
    for (let s = 0; s < 200; s++) {
      const random = randomAt(4, s)
      let hits = 0
      let [one, other] = [true, true]
      for (let n = 1; n <= 600; n++) {
        hits += +(random.uniform(n, 0) < 0.03)
        if (n % 10 !== 0) continue
        one &&= holds(anytimeShare(hits, n), 0.03)
        other &&= holds(shareOf(hits, n), 0.03)
      }
      always += +one
      fixed += +other
    }
    expect(always / 200).toBeGreaterThanOrEqual(0.95)
    expect(fixed / 200).toBeLessThan(0.93)
  })
})

function holds({ low, high }: Estimate, truth: number): boolean {
  return low! <= truth && truth <= high!
}
