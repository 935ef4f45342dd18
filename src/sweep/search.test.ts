import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { halton } from '../math/halton.ts'
import { type Aims, frontOf } from './frontier.ts'
import { type GridPoint, searchFront } from './search.ts'

type Of = (point: GridPoint) => Aims | null

function searched(sizes: readonly number[], budget: number, of: Of) {
  const rounds: GridPoint[][] = []
  const search = searchFront(sizes, budget)
  let step = search.next()
  while (!step.done) {
    rounds.push([...step.value])
    step = search.next(step.value.map(of))
  }
  return { rounds, points: rounds.flat() }
}

/** Two goals apart: the front is the line between them, here in 3 keys of 41 values. */
const sizes = [41, 41, 41]
const apart: Of = (point) => {
  const [x, y, z] = point.map((index) => index / 40)
  const far = (a: number, b: number, c: number) =>
    (x - a) * (x - a) + (y - b) * (y - b) + (z - c) * (z - c)
  return [far(0.2, 0.3, 0.9), far(0.8, 0.7, 0.1)]
}

function every(of: Of): Aims[] {
  const all: Aims[] = []
  for (let a = 0; a < 41; a++)
    for (let b = 0; b < 41; b++) for (let c = 0; c < 41; c++) all.push(of([a, b, c])!)
  const { front } = frontOf(all)
  return front.map((p) => all[p])
}

/** Area that points dominate below (1.5, 1.5), of two aims. */
function area(aims: readonly Aims[]): number {
  const { front } = frontOf(aims)
  const corners = front.map((p) => aims[p]).sort((a, b) => a[0] - b[0])
  let top = 1.5
  let sum = 0
  for (const [x, y] of corners) {
    if (x >= 1.5 || y >= top) continue
    sum += (1.5 - x) * (top - y)
    top = y
  }
  return sum
}

describe('searchFront', () => {
  it('law: inside the grid, no point twice, never above the budget, the same each time', () => {
    const grid = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        grid,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 9 }),
        (of, n, odd) => {
          const rate: Of = (point) => {
            const sum = point.reduce((all, index, d) => all + index * (d + 1), odd)
            return sum % 5 === 0 ? null : [sum % 7, (sum * 3) % 11]
          }
          const { points } = searched(of, n, rate)
          expect(new Set(points.map((point) => point.join())).size).toBe(points.length)
          const whole = of.reduce((product, size) => product * size, 1)
          if (whole <= n) expect(points.length).toBe(whole)
          expect(points.length).toBeLessThanOrEqual(n)
          for (const point of points)
            expect(
              point.every((index, d) => Number.isInteger(index) && index >= 0 && index < of[d]),
            ).toBe(true)
          expect(searched(of, n, rate).points).toEqual(points)
        },
      ),
    )
  })

  it('behaviour: half is spread, the rest lies ever nearer to the front', () => {
    const { rounds, points } = searched(sizes, 200, apart)
    expect([points.length, rounds[0].length]).toEqual([200, 100])
    expect(rounds.length).toBeGreaterThanOrEqual(5)
    const far = rounds.map((round) => {
      const [best] = round
        .map((point) => apart(point)!)
        .map(([a, b]) => Math.sqrt(a) + Math.sqrt(b))
        .sort((a, b) => a - b)
      return best
    })
    expect(Math.min(...far.slice(-2))).toBeLessThan(far[0])
  })

  it('behaviour: at the same budget it comes nearer to the front than points spread alone', () => {
    const budget = 300
    const truth = area(every(apart))
    const found = area(searched(sizes, budget, apart).points.map((point) => apart(point)!))
    const spread = Array.from(
      { length: budget },
      (_, n) => apart(sizes.map((size, d) => Math.floor(halton(n + 1, d) * size)))!,
    )
    expect(found).toBeLessThanOrEqual(truth)
    expect(truth - found).toBeLessThan((truth - area(spread)) / 2)
  })

  it('behaviour: where the front lies on a face of the box, the search reaches the face', () => {
    const face: Of = ([a, b, c]) => [a + b + c, b + c - a]
    const { points } = searched(sizes, 200, face)
    expect(points.filter(([, b, c]) => b === 0 && c === 0).length).toBeGreaterThan(3)
  })

  it('behaviour: refused points lead nowhere, and the search goes on', () => {
    const { points } = searched([20, 20], 100, () => null)
    expect(points.length).toBe(100)
  })
})
