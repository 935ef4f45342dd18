import { describe, expect, it } from 'vitest'
import { exp } from '../math/exponential.ts'
import { normalQuantile } from '../math/normal.ts'
import { randomAt } from '../math/random.ts'
import {
  meanOf,
  quantileOf,
  shareOf,
  shareOfBatches,
  shortfallOf,
  TAIL_LEAST,
  within,
} from './interval.ts'
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

describe('shareOfBatches', () => {
  // E. L. Korn, B. I. Graubard, 1998: never more effective runs than runs.
  it('vector: of batches that are alike it is that of all runs', () => {
    const alike = new Float64Array(10).fill(0.5)
    expect(shareOfBatches(alike, 20)).toEqual(shareOf(10, 20))
    expect(shareOfBatches(new Float64Array(10), 20)).toEqual(shareOf(0, 20))
    expect(shareOfBatches(new Float64Array(10).fill(1), 20)).toEqual(shareOf(20, 20))
    expect(shareOfBatches(new Float64Array(0), 0).value).toBeNull()
    expect(shareOfBatches(Float64Array.of(0.3), 10)).toEqual({ value: 0.3, low: null, high: null })
  })

  it('vector: batches that are more alike than chance are worth no more than their runs', () => {
    const even = Float64Array.from({ length: 20 }, (_, k) => (k % 2 === 0 ? 0.4 : 0.6))
    const { low, high } = shareOfBatches(even, 200)
    const all = shareOf(100, 200)
    expect([low, high]).toEqual([expect.closeTo(all.low!, 9), expect.closeTo(all.high!, 9)])
  })

  it('vector: 20 batches of 5, the runs of a batch all alike, are as few as batches', () => {
    const means = Float64Array.from({ length: 20 }, (_, k) => +(k < 4))
    const { value, low, high } = shareOfBatches(means, 100)
    const effective = ((0.2 * 0.8) / ((0.2 * 0.8) / 19)) * (1.984216952 / 2.093024054) ** 2
    expect(value).toBeCloseTo(0.2, 12)
    expect(incompleteBeta(low!, 0.2 * effective, 0.8 * effective + 1)).toBeCloseTo(0.025, 7)
    expect(incompleteBeta(high!, 0.2 * effective + 1, 0.8 * effective)).toBeCloseTo(0.975, 7)
  })

  it('law: it covers rare and common hits, in mirrored pairs and in strata', () => {
    const pair = (u: number, p: number) => [+(u < p), +(1 - u < p)]
    const twice = (u: number, p: number) => [+(u < p), +(u < p)]
    for (const [runs, size] of [
      [pair, 60],
      [twice, 60],
    ] as const)
      for (const p of [0.01, 0.05, 0.3]) {
        const means = (s: number) => {
          const random = randomAt(31, s)
          return Float64Array.from({ length: size }, (_, k) => {
            const [a, b] = runs(random.uniform(k, 0), p)
            return (a + b) / 2
          })
        }
        const seen = coverage(400, (s) => shareOfBatches(means(s), 2 * size), p)
        expect(seen, `${p}`).toBeGreaterThan(0.93)
        // Student's t of the same means: no hit is no doubt.
        if (p === 0.01) expect(coverage(400, (s) => meanOf(means(s)), p)).toBeLessThan(0.75)
      }
    const strata = (s: number) => {
      const random = randomAt(32, s)
      return Float64Array.from({ length: 6 }, (_, b) => {
        const hits = (k: number): number =>
          k === 32 ? 0 : hits(k + 1) + +((k + random.uniform(b, k)) / 32 < 0.04)
        return hits(0) / 32
      })
    }
    expect(coverage(400, (s) => shareOfBatches(strata(s), 192), 0.04)).toBeGreaterThan(0.95)
  })
})

describe('within', () => {
  // Of drops that are mostly near 0, Student's t goes below 0.
  const drops = (s: number, n: number) => {
    const random = randomAt(33, s)
    return Float64Array.from({ length: n }, (_, k) => random.uniform(k, 0) ** 6)
  }

  it('law: it leaves out what cannot be, and the truth never', () => {
    let outside = 0
    const plain = coverage(2000, (s) => meanOf(drops(s, 8)), 1 / 7)
    const cut = coverage(
      2000,
      (s) => {
        const whole = meanOf(drops(s, 8))
        const { value, low, high } = within(whole, [0, 1])
        outside += +(whole.low! < 0)
        expect(value).toBe(whole.value)
        expect(low! >= 0 && low! <= value! && value! <= high! && high! <= 1).toBe(true)
        return { low, high }
      },
      1 / 7,
    )
    expect(outside).toBeGreaterThan(500)
    expect(cut).toBe(plain)
  })

  it('behaviour: an end that is not known stays so, and a range may be open', () => {
    const open = { value: 0.5, low: null, high: 1.5 }
    expect(within(open, [0, 1])).toEqual({ value: 0.5, low: null, high: 1 })
    expect(within({ value: 2, low: -1, high: 5 }, [0, null])).toEqual({ value: 2, low: 0, high: 5 })
    const hair = { value: -1e-17, low: -1, high: 5 }
    expect(within(hair, [0, null]).low).toBe(-1e-17)
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
