import { describe, expect, it } from 'vitest'
import { correlationFactor } from './correlation.ts'

const factorOf = (matrix: number[][]) => correlationFactor(matrix, matrix.length, 'here')

describe('correlationFactor', () => {
  it('default: the factor of two', () => {
    expect(
      factorOf([
        [1, 0.6],
        [0.6, 1],
      ]),
    ).toEqual([
      [1, 0],
      [0.6, 0.8],
    ])
  })

  it('law: factor times its transpose is the matrix, of full rank or not', () => {
    const matrices = [
      [
        [1, 0.5, -0.3],
        [0.5, 1, 0.2],
        [-0.3, 0.2, 1],
      ],
      [
        [1, 1, 0.5],
        [1, 1, 0.5],
        [0.5, 0.5, 1],
      ],
      [
        [1, -1],
        [-1, 1],
      ],
      // Rows 1 and 2 fix the third: cos(20 degrees), cos(50 degrees), cos(70 degrees).
      [
        [1, Math.cos(0.3), Math.cos(0.8)],
        [Math.cos(0.3), 1, Math.cos(0.5)],
        [Math.cos(0.8), Math.cos(0.5), 1],
      ],
    ]
    for (const matrix of matrices) {
      const factor = factorOf(matrix)
      matrix.forEach((row, i) => {
        row.forEach((entry, j) => {
          const product = factor[i].reduce((sum, value, k) => sum + value * factor[j][k], 0)
          expect(product).toBeCloseTo(entry, 12)
        })
      })
    }
  })

  it('behaviour: no correlation leaves the numbers as they are', () => {
    expect(
      factorOf([
        [1, 0],
        [0, 1],
      ]),
    ).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(correlationFactor([], 0, 'here')).toEqual([])
  })

  it('error: FB2431 names the entry', () => {
    const wrong: [number[][], RegExp][] = [
      [
        [
          [1, 0.5],
          [0.4, 1],
        ],
        /FB2431 here\[1\]\[0\]: .*symmetric, got 0.4 against 0.5/,
      ],
      [
        [
          [1, 0],
          [0, 0.9],
        ],
        /FB2431 here\[1\]\[1\]: .*must be 1 here, got 0.9/,
      ],
      [
        [
          [1, 1.2],
          [1.2, 1],
        ],
        /FB2431 here\[1\]\[0\]: .*between -1 and 1, got 1.2/,
      ],
      [
        [
          [1, Number.NaN],
          [Number.NaN, 1],
        ],
        /FB2431 here\[1\]\[0\]/,
      ],
      [[[1, 0]], /FB2431 here\[0\]: /],
      [
        [
          [1, 0.9, -0.9],
          [0.9, 1, 0.9],
          [-0.9, 0.9, 1],
        ],
        /FB2431 here\[2\]\[2\]: .*eigenvalue/,
      ],
      [
        [
          [1, 1, 0.5],
          [1, 1, 0.4],
          [0.5, 0.4, 1],
        ],
        /FB2431 here\[2\]\[1\]: .*eigenvalue/,
      ],
    ]
    for (const [matrix, message] of wrong) expect(() => factorOf(matrix)).toThrow(message)
    expect(() => correlationFactor([[1]], 2, 'here')).toThrow(/FB2431 here: .*2 prices, got 1/)
  })
})
