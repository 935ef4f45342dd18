import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { meanOf as meanAt } from './interval.ts'
import { controlled, paired, summary } from './summary.ts'

const normals = (path: number, n: number) => {
  const random = randomAt(3, path)
  return Float64Array.from({ length: n }, (_, k) => random.normal(k, 0))
}

const alone = { seed: 5, batch: 1, level: 0.95 }

describe('summary', () => {
  it('behaviour: JSON carries it as it is, of any number of runs', () => {
    for (const n of [0, 1, 2, 71, 72, 1000]) {
      const sums = summary(normals(1, n), alone)
      expect(JSON.parse(JSON.stringify(sums))).toEqual(sums)
      expect(sums.n).toBe(n)
    }
    expect(summary(new Float64Array(0), alone).mean).toEqual({ value: null, low: null, high: null })
  })

  it('behaviour: an atom at 0 is a share and a quantile, not a loss', () => {
    const losses = Float64Array.from({ length: 1000 }, (_, k) => (k % 25 === 0 ? 100 + k : 0))
    const { nonzero, quantiles, shortfalls, mean } = summary(losses, alone)
    expect(nonzero.value).toBe(0.04)
    expect([quantiles.q50.value, quantiles.q95.value]).toEqual([0, 0])
    expect(shortfalls.es95.value).toBeCloseTo(mean.value! / 0.05, 9)
  })

  it('law: of runs in batches the means of batches are what is independent', () => {
    // Pairs that cancel: the mean is certain though each run is not.
    const pairs = Float64Array.from({ length: 400 }, (_, k) => (k % 2 === 0 ? 1 : -1) * (k >> 1))
    const { mean, quantiles, n } = summary(pairs, { ...alone, batch: 2 })
    expect(mean).toEqual({ value: 0, low: 0, high: 0 })
    expect(summary(pairs, alone).mean.high!).toBeGreaterThan(5)
    expect([quantiles.q50.low, quantiles.q50.high, n]).toEqual([null, null, 400])
  })

  it('law: of runs that were looked at until they were enough, mean and share hold', () => {
    const column = normals(9, 600).map((x, k) => (k % 3 === 0 ? 0 : x))
    const { mean, nonzero, quantiles, shortfalls } = summary(column, { ...alone, anytime: true })
    const fixed = summary(column, alone)
    const width = ({ low, high }: typeof mean) => high! - low!
    expect(width(mean) / width(fixed.mean)).toBeGreaterThan(1.5)
    expect(width(nonzero) / width(fixed.nonzero)).toBeGreaterThan(1.2)
    expect([mean.value, nonzero.value]).toEqual([fixed.mean.value, fixed.nonzero.value])
    for (const one of [...Object.values(quantiles), ...Object.values(shortfalls)])
      expect(one).toMatchObject({ low: null, high: null })
    expect(quantiles.q95.value).toBe(fixed.quantiles.q95.value)
    const batches = summary(column, { ...alone, batch: 2, anytime: true })
    expect([batches.mean.low, batches.nonzero.low]).toEqual([null, null])
  })

  it('trap: in batches without a hit the share is not known to be 0', () => {
    const { nonzero, mean } = summary(new Float64Array(64), { ...alone, batch: 32 })
    expect(nonzero).toEqual({ value: 0, low: 0, high: expect.closeTo(0.056, 3) })
    expect(mean).toEqual({ value: 0, low: 0, high: 0 })
  })

  it('behaviour: the interval of a mean stays where the number can be', () => {
    const losses = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0.9)
    expect(summary(losses, alone).mean.low).toBeLessThan(0)
    const { mean } = summary(losses, alone, [0, 1])
    expect(mean).toMatchObject({ value: 0.1125, low: 0 })
    expect(mean.high).toBe(summary(losses, alone).mean.high)
    expect(
      summary(
        losses.map((x) => 1 - x),
        alone,
        [0, 1],
      ).mean.high,
    ).toBe(1)
  })

  it('behaviour: a run without a value is left out, in its batch too', () => {
    const column = Float64Array.of(1, Number.NaN, 3, 5, Number.NaN, Number.NaN)
    expect(summary(column, alone)).toMatchObject({ n: 3, least: 1, most: 5, mean: { value: 3 } })
    expect(summary(column, { ...alone, batch: 2 }).mean.value).toBe(2.5)
  })

  it('behaviour: of one run there are no intervals, and its numbers are held once', () => {
    for (const value of [3, 0]) {
      const sums = summary(Float64Array.of(value), alone)
      const one = { value, low: null, high: null }
      expect(sums).toMatchObject({ n: 1, sd: 0, least: value, most: value, mean: one })
      expect(sums.quantiles).toEqual({ q50: one, q90: one, q95: one, q99: one })
      expect(sums.nonzero).toEqual({ value: value === 0 ? 0 : 1, low: null, high: null })
      expect(sums.shortfalls.es99).toEqual({ value: null, low: null, high: null, tail: 0 })
      const again = summary(Float64Array.of(Number.NaN, value), alone)
      expect(again).toEqual(sums)
      expect(sums.quantiles.q99).toBe(sums.mean)
      expect(
        [again.nonzero, again.shortfalls].every((one) => Object.values(sums).includes(one)),
      ).toBe(true)
    }
  })

  it('law: it does not change from one call to the next', () => {
    const column = normals(2, 3000)
    expect(summary(column, alone)).toEqual(summary(column.slice(), alone))
  })
})

describe('paired', () => {
  it('law: the interval is on the differences, and far narrower than two apart', () => {
    const shared = normals(3, 400)
    const own = normals(4, 400)
    const second = shared.map((x, k) => x + 0.1 + 0.05 * own[k])
    const { mean, median, lower, equal, higher, n } = paired(shared, second)
    expect(mean.low!).toBeGreaterThan(0.08)
    expect(mean.high!).toBeLessThan(0.12)
    expect(median.low!).toBeGreaterThan(0.08)
    expect(lower + equal + higher).toBe(n)
    expect(paired(shared, shared)).toMatchObject({ lower: 0, equal: 400, higher: 0 })
  })
})

describe('controlled', () => {
  const y = normals(5, 500)
  const noise = normals(6, 500)

  it('law: a control of correlation r leaves 1 - r^2 of the variance', () => {
    const control = y.map((x, k) => x + 0.5 * noise[k])
    const larger = normals(7, 50_000).map((x, k) => x + 0.5 * (k % 2 === 0 ? 1 : -1))
    const { reduction, explained, mean } = controlled(y, control, larger)
    expect(explained).toBeGreaterThan(0.75)
    expect(reduction).toBeGreaterThan(3)
    expect(mean.low!).toBeLessThan(mean.value!)
  })

  it('law: over samples with a known mean it covers 95 of 100, and is narrower', () => {
    let held = 0
    let narrower = 0
    for (let s = 0; s < 300; s++) {
      const c = normals(100 + 3 * s, 60)
      const own = normals(101 + 3 * s, 60)
      const values = c.map((x, k) => 4 + x + 0.4 * own[k])
      const { mean } = controlled(values, c, normals(102 + 3 * s, 1200))
      held += +(mean.low! <= 4 && 4 <= mean.high!)
      const plain = summary(values, alone).mean
      narrower += +(mean.high! - mean.low! < plain.high! - plain.low!)
    }
    expect(held / 300).toBeGreaterThan(0.92)
    expect(held / 300).toBeLessThan(0.98)
    expect(narrower).toBe(300)
  })

  it('law: of few runs too, with a control that says nothing or much', () => {
    for (const n of [2, 3, 5, 10])
      for (const r of [0, 0.9]) {
        let held = 0
        for (let s = 0; s < 1000; s++) {
          const c = normals(20_000 + 3 * s, n)
          const own = normals(20_001 + 3 * s, n)
          const values = c.map((x, k) => r * x + Math.sqrt(1 - r * r) * own[k])
          const { low, high } = controlled(values, c, normals(20_002 + 3 * s, 4 * n)).mean
          held += +(low! <= 0 && 0 <= high!)
        }
        expect(held / 1000, `${n} runs, correlation ${r}`).toBeGreaterThan(0.93)
      }
  })

  it('behaviour: a control that explains all leaves what its own mean is unsure of', () => {
    const column = Float64Array.of(1, 2, 3, 4, 5, 6)
    const larger = Float64Array.from({ length: 24 }, (_, k) => k)
    const { value, low, high } = controlled(column, column, larger).mean
    const error = Math.sqrt(50 / 24)
    expect(value).toBeCloseTo(11.5, 12)
    expect(high! - low!).toBeCloseTo(2 * 2.776445105198054 * error, 9)
  })

  it('behaviour: of no run and of one it is the plain mean', () => {
    for (const n of [0, 1]) {
      const column = normals(8, n)
      expect(controlled(column, column, y).mean).toEqual(meanAt(column))
    }
  })

  it('behaviour: a control that says nothing, or never changes, changes nothing', () => {
    const { mean, coefficient, reduction } = controlled(
      y,
      y.map(() => 2),
      new Float64Array(900).fill(2),
    )
    expect([coefficient, reduction]).toEqual([0, expect.closeTo(1, 12)])
    expect(mean.value).toBeCloseTo(summary(y, alone).mean.value!, 12)
  })
})
