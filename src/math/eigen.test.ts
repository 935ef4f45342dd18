import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AssertionError } from '../errors.ts'
import { type Matrix, solve, spectralRadius } from './eigen.ts'

it.each([
  [
    'two assets',
    [
      [0.342, 0.258],
      [0.516, 0.484],
    ],
    0.784711,
    6,
  ],
  [
    'crossing books',
    [
      [2.7730249471, 0.30811388301],
      [0.46217082451, 3.2351957716],
    ],
    3.4466052351,
    9,
  ],
  [
    'periodic',
    [
      [0, 2],
      [2, 0],
    ],
    2,
    15,
  ],
  [
    'three in a ring',
    [
      [0, 1, 0],
      [0, 0, 1],
      [8, 0, 0],
    ],
    2,
    14,
  ],
  [
    'triangular',
    [
      [1, 5, 7],
      [0, 3, 2],
      [0, 0, 2],
    ],
    3,
    15,
  ],
  [
    'repeated root',
    [
      [1, 1],
      [0, 1],
    ],
    1,
    15,
  ],
  [
    'zero',
    [
      [0, 0],
      [0, 0],
    ],
    0,
    15,
  ],
  [
    'no way back',
    [
      [0, 0, 0],
      [1, 0, 0],
      [2, 3, 0],
    ],
    0,
    15,
  ],
  ['empty', [], 0, 15],
  ['one', [[0.25]], 0.25, 15],
] as [string, number[][], number, number][])('default: radius, %s', (_, matrix, radius, digits) => {
  expect(spectralRadius(matrix)).toBeCloseTo(radius, digits)
})

it('error: negative, infinite and oblong matrices stop the run', () => {
  expect(() => spectralRadius([[-1]])).toThrow(AssertionError)
  expect(() => spectralRadius([[Infinity]])).toThrow(AssertionError)
  expect(() => spectralRadius([[1, 2]])).toThrow(AssertionError)
})

it('default: solves equations, exchanging rows where a pivot is 0', () => {
  expect(
    solve(
      [
        [0, 2],
        [3, 1],
      ],
      [4, 5],
    ),
  ).toEqual([1, 2])
  expect(solve([], [])).toEqual([])
})

it('error: singular and oblong systems stop the run', () => {
  expect(() =>
    solve(
      [
        [1, 2],
        [2, 4],
      ],
      [1, 2],
    ),
  ).toThrow(AssertionError)
  expect(() => solve([[1, 2]], [1])).toThrow(AssertionError)
  expect(() => solve([[1]], [1, 2])).toThrow(AssertionError)
})

const square = fc.integer({ min: 1, max: 5 }).chain((n) => {
  const entry = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 3, noNaN: true }))
  return fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n })
})

it('law: lies between the least and the largest row sum and scales with the matrix', () => {
  fc.assert(
    fc.property(square, (matrix) => {
      const sums = matrix.map((row) => row.reduce((sum, entry) => sum + entry, 0))
      const radius = spectralRadius(matrix)
      expect(radius).toBeGreaterThanOrEqual(Math.min(...sums) * (1 - 1e-14))
      expect(radius).toBeLessThanOrEqual(Math.max(...sums))
      expect(spectralRadius(matrix.map((row) => row.map((entry) => 4 * entry)))).toBe(4 * radius)
    }),
    { seed: 10 },
  )
})

it('law: agrees with the growth of a long power of the matrix', () => {
  fc.assert(
    fc.property(square, (matrix) => {
      // With 1 added to the diagonal nothing is periodic; one root of the product for 2^30 steps.
      const shifted = matrix.map((row, i) => row.map((entry, j) => entry + +(i === j)))
      expect(Math.abs(growth(shifted) - 1 - spectralRadius(matrix))).toBeLessThan(1e-7)
    }),
    { seed: 12 },
  )
})

// The 2^30-th root of the largest row sum of the 2^30-th power, by repeated squaring.
function growth(matrix: Matrix): number {
  let power = matrix
  let rate = 1
  for (let k = 0; k <= 30; k++) {
    const size = Math.max(...power.map((row) => row.reduce((sum, entry) => sum + entry, 0)))
    rate *= rootOf(size, k)
    const scaled = power.map((row) => row.map((entry) => entry / size))
    power = scaled.map((row) => {
      return row.map((_, j) => row.reduce((sum, entry, m) => sum + entry * scaled[m][j], 0))
    })
  }
  return rate
}

function rootOf(x: number, squareRoots: number): number {
  for (let k = 0; k < squareRoots; k++) x = Math.sqrt(x)
  return x
}

it('law: what solve finds satisfies the equations', () => {
  const entry = fc.double({ min: -5, max: 5, noNaN: true })
  const rows = fc.array(fc.array(entry, { minLength: 4, maxLength: 4 }), {
    minLength: 4,
    maxLength: 4,
  })
  fc.assert(
    fc.property(rows, fc.array(entry, { minLength: 4, maxLength: 4 }), (matrix, vector) => {
      const strong = matrix.map((row, i) => row.map((a, j) => a + (i === j ? 30 : 0)))
      const x = solve(strong, vector)
      strong.forEach((row, i) => {
        expect(row.reduce((sum, a, j) => sum + a * x[j], 0)).toBeCloseTo(vector[i], 12)
      })
    }),
    { seed: 13 },
  )
})
