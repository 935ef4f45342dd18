import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aims, dominates, frontOf } from './frontier.ts'

/** Few values, so that ties are frequent; now and then none. */
const value = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 4, arbitrary: fc.double({ noNaN: true, min: -1e300, max: 1e300 }) },
)
const cloud = fc
  .integer({ min: 1, max: 4 })
  .chain((aims) =>
    fc.array(fc.array(value, { minLength: aims, maxLength: aims }), { maxLength: 40 }),
  )

/** The definition, spelled out. */
function beats(a: Aims, b: Aims): boolean {
  return a.every((one, k) => one <= b[k]) && a.some((one, k) => one < b[k])
}

describe('frontOf', () => {
  it('law: the front is what no point dominates, by brute force', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const whole = points.map((point) => !point.some(Number.isNaN))
        const wanted = points.flatMap((point, p) =>
          whole[p] && !points.some((other) => beats(other, point)) ? [p] : [],
        )
        expect(frontOf(points).front).toEqual(wanted)
      }),
      { numRuns: 500 },
    )
  })

  it('law: what is off the front is dominated by one on it', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const { front, dominatedBy } = frontOf(points)
        points.forEach((point, p) => {
          const by = dominatedBy[p]
          const isOff = !front.includes(p) && !point.some(Number.isNaN)
          expect(by !== null).toBe(isOff)
          if (by !== null)
            expect([front.includes(by), beats(points[by], point)]).toEqual([true, true])
        })
      }),
      { numRuns: 500 },
    )
  })

  it('law: the order of points and the scale of aims change nothing', () => {
    // None below 1: half of the least number is no number. Twice 1024 times the largest still is.
    const scales = fc.array(fc.constantFrom(1, 2, 8, 1024), { minLength: 4, maxLength: 4 })
    const drawn = fc.tuple(cloud, fc.infiniteStream(fc.nat()), scales)
    fc.assert(
      fc.property(drawn, ([points, ranks, scale]) => {
        const keys = points.map(() => ranks.next().value as number)
        const turned = Array.from(points.keys()).sort((p, q) => keys[p] - keys[q] || p - q)
        const bent = turned.map((p) => points[p].map((one, k) => cubeLike(one) * scale[k]))
        const back = frontOf(bent).front.map((at) => turned[at])
        expect(back.sort((p, q) => p - q)).toEqual(frontOf(points).front)
      }),
    )
  })

  it('vector: equal points stand together, and a point without a value does not', () => {
    const points = [
      [1, 2],
      [1, 2],
      [2, 1],
      [2, 2],
      [Number.NaN, 0],
    ]
    expect(frontOf(points)).toEqual({ front: [0, 1, 2], dominatedBy: [null, null, null, 0, null] })
    expect(dominates([1, 2], [1, 2])).toBe(false)
    expect(dominates([1, Number.NaN], [2, 3])).toBe(false)
    expect(frontOf([])).toEqual({ front: [], dominatedBy: [] })
  })
})

/** A rising map that is not straight, exact for every double; NaN stays. */
function cubeLike(value: number): number {
  return value > 0 && value < 1e300 ? 2 * value : value
}
