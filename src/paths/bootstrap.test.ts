import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import { type BootstrapSpec, bootstrap } from './bootstrap.ts'
import { autocorrelation, courseOf, errorsFrom, logReturns } from './statistics.suite.ts'

const DAY = 86_400

/** A synthetic record: log returns follow x = 0.6 x + noise, so neighbours depend. */
function record(length: number): Float64Array {
  const random = randomAt(7, 0)
  let x = 0
  return Float64Array.from({ length }, (_, k) => {
    x = 0.6 * x + 0.001 * random.normal(k, 1)
    return Math.exp(x) - 1
  })
}

const RECORDED = record(4000)
const SPEC: BootstrapSpec = { stepSeconds: DAY, returns: RECORDED, meanRun: 20 }

/** The places in the record that the steps of a course were taken from. */
function placesOf(spec: BootstrapSpec, steps: number): Float64Array {
  const grid = { blocks: steps, blockSeconds: DAY }
  const found = logReturns(courseOf(bootstrap(spec, grid, 'here'), grid))
  const sorted = Array.from(spec.returns, (r, k) => ({ log: Math.log(1 + r), k })).sort(
    (a, b) => a.log - b.log,
  )
  return found.map((value) => {
    let [low, high] = [0, sorted.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle].log < value - 1e-12) low = middle + 1
      else high = middle
    }
    expect(Math.abs(sorted[low].log - value), 'a recorded return').toBeLessThan(1e-11)
    return sorted[low].k
  })
}

describe('bootstrap', () => {
  // Returns a millionth apart, so that each names its place in the record.
  const marked = Float64Array.from({ length: 500 }, (_, k) => (k - 249.5) * 1e-6)

  it('default: every step is a recorded one, and all places are used alike', () => {
    const places = placesOf({ ...SPEC, returns: marked, meanRun: 2 }, 20_000)
    expect(new Set(places).size).toBe(500)
    expect(Math.abs(places.reduce((sum, k) => sum + k, 0) / 20_000 - 249.5)).toBeLessThan(7)
  })

  // A new run starts at the successor anyway once in 500.
  it('law: runs have the mean length asked for, and are geometric', () => {
    for (const meanRun of [1, 5, 40]) {
      const places = placesOf({ ...SPEC, returns: marked, meanRun }, 20_000)
      const breaks = places.subarray(1).map((k, i) => (k === (places[i] + 1) % 500 ? 0 : 1))
      expect(errorsFrom(breaks, (1 / meanRun) * (1 - 1 / 500)), `run ${meanRun}`).toBeLessThan(4)
      const pairs = breaks.subarray(1).map((here, i) => here * breaks[i])
      if (meanRun > 1) expect(errorsFrom(pairs, 1 / meanRun ** 2)).toBeLessThan(4)
    }
  })

  it('behaviour: the first return follows the last', () => {
    const returns = Float64Array.of(-1e-3, 2e-3, 3e-3)
    const places = placesOf({ ...SPEC, returns, meanRun: 1e12 }, 9)
    for (let k = 1; k < 9; k++) expect(places[k]).toBe((places[k - 1] + 1) % 3)
  })

  it('law: long runs keep the autocorrelation of the record, runs of 1 lose it', () => {
    const grid = { blocks: 40_000, blockSeconds: DAY }
    const drawn = (meanRun: number) =>
      logReturns(courseOf(bootstrap({ ...SPEC, meanRun }, grid, 'here'), grid))
    const logs = RECORDED.map((r) => Math.log(1 + r))
    expect(autocorrelation(logs, 1)).toBeGreaterThan(0.55)
    const kept = drawn(100)
    for (const lag of [1, 2, 3])
      expect(Math.abs(autocorrelation(kept, lag) - autocorrelation(logs, lag))).toBeLessThan(0.04)
    expect(Math.abs(autocorrelation(drawn(1), 1))).toBeLessThan(0.02)
  })

  it('behaviour: a step is spread over its blocks in logs, and multiplied within a block', () => {
    const daily = { blocks: 12, blockSeconds: DAY }
    const days = courseOf(bootstrap(SPEC, daily, 'here'), daily)
    const hourly = { blocks: 12 * 24, blockSeconds: DAY / 24 }
    const hours = courseOf(bootstrap(SPEC, hourly, 'here'), hourly)
    const weekly = { blocks: 3, blockSeconds: 4 * DAY }
    const weeks = courseOf(bootstrap(SPEC, weekly, 'here'), weekly)
    for (let day = 0; day <= 12; day++) expect(hours[24 * day]).toBeCloseTo(days[day], 13)
    for (let week = 0; week <= 3; week++) expect(weeks[week]).toBeCloseTo(days[4 * week], 13)
    expect(hours[6] / hours[5]).toBeCloseTo((days[1] / days[0]) ** (1 / 24), 13)
  })

  it('error: FB2427 for returns, FB2428 for runs, FB2425 for steps out of range', () => {
    const grid = { blocks: 3, blockSeconds: DAY }
    const made = (change: Partial<BootstrapSpec>) => () =>
      bootstrap({ ...SPEC, ...change }, grid, 'here')
    expect(made({ returns: new Float64Array(0) })).toThrow(/FB2427 here.returns: /)
    for (const bad of [-1, Number.NaN, Infinity])
      expect(made({ returns: Float64Array.of(0.1, bad) })).toThrow(/FB2427 here.returns\[1\]/)
    for (const meanRun of [0.99, Number.NaN, Infinity])
      expect(made({ meanRun })).toThrow(/FB2428 here.meanRun/)
    expect(made({ stepSeconds: 0 })).toThrow(/FB2425 here.stepSeconds/)
  })
})
