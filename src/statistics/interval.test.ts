import { describe, expect, it } from 'vitest'
import { exp } from '../math/exponential.ts'
import { normalQuantile } from '../math/normal.ts'
import { randomAt } from '../math/random.ts'
import { meanOf, quantileOf, shareOf, shortfallOf, TAIL_LEAST } from './interval.ts'
import { incompleteBeta, studentCdf, studentQuantile } from './student.ts'

describe('studentQuantile', () => {
  // Tables of Student's t, as in every textbook; df 1 and 2 have closed forms.
  it.each([
    [0.975, 1, Math.tan(Math.PI * 0.475)],
    [0.975, 2, 4.302652729911275],
    [0.975, 4, 2.776445105198054],
    [0.95, 9, 1.833112932656237],
    [0.975, 29, 2.045229642132703],
    [0.995, 199, 2.600760216031],
    [0.975, 1e8, 1.959963984540054],
  ])('vector: %d at %d degrees', (u, df, t) => {
    expect(studentQuantile(u, df) / t).toBeCloseTo(1, 10)
    expect(studentQuantile(1 - u, df) / t).toBeCloseTo(-1, 10)
  })

  it('law: it turns the distribution round', () => {
    for (const df of [1, 3, 17, 400, 1e6])
      for (const u of [0.51, 0.8, 0.95, 0.999])
        expect(studentCdf(studentQuantile(u, df), df)).toBeCloseTo(u, 8)
  })
})

describe('incompleteBeta', () => {
  it('law: of whole numbers it is a binomial tail, added up', () => {
    for (const [n, k, p] of [
      [10, 3, 0.2],
      [40, 1, 0.03],
      [300, 150, 0.51],
    ]) {
      let chance = (1 - p) ** n
      let below = 0
      for (let i = 0; i < k; i++) {
        below += chance
        chance *= ((n - i) * p) / ((i + 1) * (1 - p))
      }
      expect(incompleteBeta(p, k, n - k + 1)).toBeCloseTo(1 - below, 12)
    }
  })
})

describe('shareOf', () => {
  // Clopper and Pearson, 1934, and the rule of three.
  it.each([
    [0, 10, 0, 0.3084971078187608],
    [1, 10, 0.0025285785444617869, 0.4450161170281954],
    [50, 100, 0.3983211295331172, 0.6016788704668828],
    [10, 10, 0.6915028921812392, 1],
  ])('vector: %d of %d', (hits, n, low, high) => {
    const found = shareOf(hits, n)
    expect(found.low!).toBeCloseTo(low, 10)
    expect(found.high!).toBeCloseTo(high, 10)
  })

  it('law: it covers at least what it says, counted over all outcomes', () => {
    for (const p of [0.02, 0.3, 0.5]) {
      let covered = 0
      let chance = (1 - p) ** 60
      for (let k = 0; k <= 60; k++) {
        const { low, high } = shareOf(k, 60)
        if (low! <= p && p <= high!) covered += chance
        chance *= ((60 - k) * p) / ((k + 1) * (1 - p))
      }
      expect(covered).toBeGreaterThanOrEqual(0.95)
    }
  })
})

describe('quantileOf', () => {
  it('behaviour: without an upper end below 72 values at 95 %, 146 at 97.5 %, 368 at 99 %', () => {
    for (const [p, n] of [
      [0.95, 72],
      [0.975, 146],
      [0.99, 368],
    ]) {
      const column = (size: number) => Float64Array.from({ length: size }, (_, k) => k)
      expect(quantileOf(column(n - 1), p).high).toBeNull()
      expect(quantileOf(column(n), p).high).toBe(n - 1)
    }
  })

  it('law: over samples of a known law it holds as often as its ranks say', () => {
    const truth = exp(normalQuantile(0.95))
    const seen = coverage(400, (s) => quantileOf(sample(s, 200), 0.95), truth)
    // V17: 184, 197 of 200 cover .967152.
    expect(Math.abs(seen - 0.967152)).toBeLessThan(3 * Math.sqrt((0.967 * 0.033) / 400))
  })
})

describe('meanOf', () => {
  it('behaviour: no interval of one value, no value of none', () => {
    expect(meanOf(Float64Array.of(3))).toEqual({ value: 3, low: null, high: null })
    expect(meanOf(new Float64Array(0)).value).toBeNull()
  })

  it('vector: 1, 2, 3, 4, 5', () => {
    const { value, low, high } = meanOf(Float64Array.of(1, 2, 3, 4, 5))
    const half = 2.776445105198054 * Math.sqrt(2.5 / 5)
    expect([value, low, high]).toEqual([
      3,
      expect.closeTo(3 - half, 12),
      expect.closeTo(3 + half, 12),
    ])
  })

  it('law: over normal samples it holds in 95 of 100', () => {
    const normal = (s: number) =>
      Float64Array.from({ length: 12 }, (_, k) => randomAt(7, s).normal(k, 0))
    const seen = coverage(1000, (s) => meanOf(normal(s)), 0)
    expect(seen).toBeGreaterThan(0.93)
    expect(seen).toBeLessThan(0.97)
  })
})

describe('shortfallOf', () => {
  it('vector: the mean of the worst, the last of them in part', () => {
    const column = Float64Array.from({ length: 10 }, (_, k) => k + 1)
    expect(shortfallOf(column, 0.8, 1)).toMatchObject({ value: 9.5, tail: 2 })
    expect(shortfallOf(column, 0.75, 1).value).toBeCloseTo((10 + 9 + 0.5 * 8) / 2.5, 12)
    expect(shortfallOf(column, 0.99, 1)).toEqual({ value: null, low: null, high: null, tail: 0 })
  })

  it('behaviour: no interval below 50 values in the tail', () => {
    expect(shortfallOf(sample(1, 20 * TAIL_LEAST - 20), 0.95, 1).low).toBeNull()
    expect(shortfallOf(sample(1, 20 * TAIL_LEAST), 0.95, 1).low).not.toBeNull()
  })

  it('law: over samples of a known law it covers as a bootstrap does', () => {
    // Of exp(z): E[e^z; z > q] / .05 = e^.5 P(z > q - 1) / .05.
    const truth = (Math.exp(0.5) * 0.2594603) / 0.05
    const seen = coverage(200, (s) => shortfallOf(sample(s, 1500), 0.95, s), truth)
    expect(seen).toBeGreaterThan(0.88)
    expect(seen).toBeLessThan(0.98)
  })
})

/** A rising sample of exp(normal). */
function sample(path: number, n: number): Float64Array {
  const random = randomAt(11, path)
  return Float64Array.from({ length: n }, (_, k) => exp(random.normal(k, 0))).sort()
}

type Ends = { readonly low: number | null; readonly high: number | null }

function coverage(times: number, of: (s: number) => Ends, truth: number): number {
  let held = 0
  for (let s = 0; s < times; s++) {
    const { low, high } = of(s)
    held += +(
      (low ?? Number.NEGATIVE_INFINITY) <= truth && truth <= (high ?? Number.POSITIVE_INFINITY)
    )
  }
  return held / times
}
