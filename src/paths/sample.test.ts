import { describe, expect, it } from 'vitest'
import { randomAt } from '../math/random.ts'
import type { CourseSpec, TimeSpec } from '../scenario.ts'
import {
  noiseAt,
  PRICE_STREAM,
  pathSampler,
  pathsFor,
  sampleCourse,
  samplePaths,
} from './sample.ts'
import { correlationOf, logReturns } from './statistics.suite.ts'

const GBM: CourseSpec = { kind: 'gbm', drift: 0, volatility: 0.8 }
const GARCH: CourseSpec = {
  kind: 'garch',
  stepSeconds: 12,
  omega: 1e-8,
  alpha: 0.1,
  beta: 0.8,
  opening: 1e-7,
}
const JUMPS: CourseSpec = {
  kind: 'jumpDiffusion',
  drift: 0,
  volatility: 0.5,
  jumpsPerYear: 1e6,
  jumpMean: 0,
  jumpDeviation: 0.01,
}
const DROP: CourseSpec = { kind: 'step', drop: 0.1, atSeconds: 60 }
const RECORD: CourseSpec = {
  kind: 'bootstrap',
  stepSeconds: 60,
  returns: Float64Array.of(0.01, -0.02, 0.015),
  meanRun: 2,
}

function timeOf(change: Partial<TimeSpec>): TimeSpec {
  return {
    blocks: 50,
    chain: {
      blockSeconds: 12,
      gasLimit: Infinity,
      demand: 0,
      priceSpread: 0,
      feeMarket: 'first-price',
      gwei: 1,
      gasAsset: 0,
      gasTokenUsd: 0,
      failedGasShare: 0,
    },
    prices: [{ asset: 0, courses: [GBM] }],
    correlation: null,
    pricesAre: 'outside',
    gas: [],
    depth: [],
    formation: { halfLifeSeconds: [], permanentShare: [], arbitrageSeconds: 0, withdrawal: null },
    takers: [],
    generations: 1,
    path: 0,
    ...change,
  }
}

function drawn(change: Partial<TimeSpec>, assets = 3, seed = 5) {
  const time = timeOf(change)
  const out = pathsFor(time, assets)
  samplePaths(time, seed, assets, out)
  const price = (asset: number) => out.price.filter((_, i) => i % assets === asset)
  return { ...out, price }
}

const prices = (...courses: CourseSpec[][]) =>
  courses.map((list, asset) => ({ asset, courses: list }))

describe('sampleCourse', () => {
  const grid = { blocks: 20, blockSeconds: 12 }
  const noise = noiseAt(randomAt(5, 0), PRICE_STREAM)
  const run = (...specs: CourseSpec[]) => {
    const out = new Float64Array(21).fill(Number.NaN)
    sampleCourse(specs, grid, noise, out)
    return out
  }

  it('default: no course is 1 throughout, whatever the buffer held', () => {
    expect(run()).toEqual(new Float64Array(21).fill(1))
  })

  it('behaviour: courses are multiplied', () => {
    const [walk, drop] = [run(GBM), run(DROP)]
    expect(run(GBM, DROP)).toEqual(walk.map((factor, b) => factor * drop[b]))
    expect(run(DROP)[20]).toBe(0.9)
  })

  it('behaviour: two courses of one kind share no numbers', () => {
    const [one, two] = [run(GBM), run(GBM, GBM)]
    const second = two.map((factor, b) => factor / one[b])
    for (let b = 1; b <= 20; b++) expect(second[b]).not.toBeCloseTo(one[b], 12)
  })

  it('error: the place names the course and its field', () => {
    const bad: CourseSpec = { kind: 'gbm', drift: 0, volatility: -1 }
    expect(() => run(DROP, bad)).toThrow(/FB2424 courses\[1\]\.volatility/)
  })
})

describe('pathSampler', () => {
  it('default: prices row by row, the rest at its opening', () => {
    const time = timeOf({
      prices: [{ asset: 2, courses: [DROP] }],
      gas: [{ kind: 'step', drop: -4, atSeconds: 24 }],
      depth: [{ kind: 'ramp', drop: 0.5, fromSeconds: 0, toSeconds: 600 }],
    })
    const out = pathsFor(time, 3)
    samplePaths(time, 5, 3, out)
    expect([out.price.length, out.gas.length, out.depth.length]).toEqual([153, 51, 51])
    expect([...out.price.subarray(4 * 3, 6 * 3)]).toEqual([1, 1, 1, 1, 1, 0.9])
    expect([...out.gas.subarray(0, 4)]).toEqual([1, 1, 5, 5])
    expect([out.depth[0], out.depth[25], out.depth[50]]).toEqual([1, 0.75, 0.5])
  })

  it('law: the same key gives the same bytes, another path or seed does not', () => {
    const every = { prices: prices([GBM], [JUMPS, DROP], [GARCH, RECORD]), gas: [GBM] }
    const [one, again] = [drawn(every), drawn(every)]
    const [other, reseeded] = [drawn({ ...every, path: 2 }), drawn(every, 3, 6)]
    for (const asset of [0, 1, 2]) {
      expect(one.price(asset)).toEqual(again.price(asset))
      expect(one.price(asset)).not.toEqual(other.price(asset))
      expect(one.price(asset)).not.toEqual(reseeded.price(asset))
    }
    expect(one.gas).toEqual(again.gas)
    expect(one.gas).not.toEqual(other.gas)
  })

  // Drawn once and written down: a change of streams, draws or formulas shows here.
  it('law: these bytes stay', () => {
    const out = drawn({ prices: prices([GBM], [JUMPS]), gas: [GBM] }, 2)
    expect([out.price(0)[50], out.price(1)[50], out.gas[50]]).toEqual(PINNED)
  })

  it('behaviour: a sampler used for many paths gives what one used once gives', () => {
    const time = timeOf({ prices: prices([GBM], [GARCH], [RECORD]), depth: [GBM] })
    const sampler = pathSampler(time, 3)
    const [out, alone] = [pathsFor(time, 3), pathsFor(time, 3)]
    for (const path of [0, 1, 2]) sampler.sample(5, path, out)
    samplePaths({ ...time, path: 2 }, 5, 3, alone)
    expect(out).toEqual(alone)
  })

  it('law: another asset, gas or depth changes no path of the rest', () => {
    const alone = drawn({ prices: prices([GBM]) }).price(0)
    const more = drawn({ prices: prices([GBM], [JUMPS], [GARCH]), gas: [GBM], depth: [GBM] })
    expect(more.price(0)).toEqual(alone)
    const turned = drawn({ prices: [...prices([GBM], [JUMPS])].reverse() })
    expect(turned.price(0)).toEqual(alone)
    expect(turned.price(1)).toEqual(more.price(1))
    const columns = [more.price(0), more.gas, more.depth].map(logReturns)
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      expect(Math.abs(correlationOf(columns[a], columns[b]))).toBeLessThan(0.6)
  })

  it('error: FB2433 for an asset with two lists', () => {
    const twice = [...prices([GBM]), ...prices([DROP])]
    expect(() => drawn({ prices: twice })).toThrow(/FB2433 time\.prices\[1\]\.asset/)
  })
})

describe('correlation', () => {
  const blocks = 40_000
  const three = prices([GBM], [GBM], [GARCH])
  const correlation = [
    [1, 0.7, -0.4],
    [0.7, 1, 0.1],
    [-0.4, 0.1, 1],
  ]

  it('law: the correlation asked for is found, within 4 standard errors', () => {
    const out = drawn({ blocks, prices: three, correlation })
    // The GARCH's own variance wanders, which leaves a little less than its normals have.
    const calm = { ...GARCH, alpha: 0, beta: 1, omega: 0 } as CourseSpec
    const still = drawn({ blocks, prices: [...prices([GBM], [GBM], [calm])], correlation })
    const logs = [0, 1, 2].map((asset) => logReturns(still.price(asset)))
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      const rho = correlation[i][j]
      const error = (1 - rho * rho) / Math.sqrt(blocks)
      expect(Math.abs(correlationOf(logs[i], logs[j]) - rho)).toBeLessThan(4 * error)
    }
    expect(correlationOf(logReturns(out.price(0)), logReturns(out.price(2)))).toBeLessThan(-0.35)
  })

  it('behaviour: a correlation of 1 moves two prices as one, of -1 against each other', () => {
    const flat: CourseSpec = { kind: 'gbm', drift: 0.32, volatility: 0.8 }
    for (const rho of [1, -1]) {
      const matrix = [
        [1, rho],
        [rho, 1],
      ]
      const out = drawn({ prices: prices([flat], [flat]), correlation: matrix }, 2)
      const second = out.price(1)
      out.price(0).forEach((factor, b) => {
        expect(second[b]).toBeCloseTo(factor ** rho, 12)
      })
    }
  })

  it('behaviour: jumps and further courses stay independent', () => {
    const full = [
      [1, 1],
      [1, 1],
    ]
    const plain = drawn({ blocks, prices: prices([GBM, GBM], [GBM, GBM]), correlation: full }, 2)
    const half = correlationOf(logReturns(plain.price(0)), logReturns(plain.price(1)))
    expect(Math.abs(half - 0.5)).toBeLessThan(4 * (0.75 / Math.sqrt(blocks)))
    const jumpy = drawn({ blocks, prices: prices([JUMPS], [JUMPS]), correlation: full }, 2)
    // Variance per year: 0.25 of the diffusion, shared, and 1e6 x 1e-4 of the jumps, not shared.
    const shared = correlationOf(logReturns(jumpy.price(0)), logReturns(jumpy.price(1)))
    expect(Math.abs(shared - 0.25 / 100.25)).toBeLessThan(0.04)
  })

  it('law: a row added at the end, or a matrix without correlation, changes no path', () => {
    const two = drawn({
      prices: prices([GBM], [GBM]),
      correlation: [
        [1, 0.7],
        [0.7, 1],
      ],
    })
    const more = drawn({ prices: three, correlation })
    for (const asset of [0, 1]) expect(more.price(asset)).toEqual(two.price(asset))
    const none = drawn({ prices: three })
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]
    const unmixed = drawn({ prices: three, correlation: identity })
    for (const asset of [0, 1, 2]) expect(unmixed.price(asset)).toEqual(none.price(asset))
  })

  it('behaviour: the first course that draws normals takes part', () => {
    const out = drawn(
      {
        prices: prices([DROP, GBM], [GBM]),
        correlation: [
          [1, 1],
          [1, 1],
        ],
      },
      2,
    )
    const second = out.price(1)
    out.price(0).forEach((factor, b) => {
      expect(factor / (b >= 5 ? 0.9 : 1)).toBeCloseTo(second[b], 12)
    })
  })

  it('error: FB2431 for a wrong matrix, FB2432 for normals that never meet', () => {
    const pair = (first: CourseSpec, second: CourseSpec, rho: number) => () =>
      drawn({
        prices: prices([first], [second]),
        correlation: [
          [1, rho],
          [rho, 1],
        ],
      })
    expect(pair(GBM, GBM, 1.1)).toThrow(/FB2431 time\.correlation\[1\]\[0\]/)
    const slow = { ...GARCH, stepSeconds: 60 } as CourseSpec
    expect(pair(GBM, slow, 0.5)).toThrow(/FB2432 time\.correlation\[1\]\[0\]: .*60 and 12 seconds/)
    expect(pair(GBM, RECORD, 0.5)).toThrow(/FB2432 .*no and 12 seconds/)
    expect(pair(DROP, DROP, 0.5)).toThrow(/FB2432/)
    expect(pair(slow, slow, 0.5)).not.toThrow()
    expect(pair(GBM, RECORD, 0)).not.toThrow()
  })
})

const PINNED = [1.0034744392191868, 1.0855610681665646, 1.0074379767671457]
