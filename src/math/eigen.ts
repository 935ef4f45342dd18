/** The growth rate of a small matrix of non-negative numbers, and linear equations. */

import { assert } from '../errors.ts'
import { bisect } from './bisect.ts'

/** Rows of numbers, all of one length. */
export type Matrix = readonly (readonly number[])[]

/**
 * Returns the largest absolute eigenvalue of a square non-negative matrix.
 *
 * Rule:       it is the last s at which s I - A is not a non-singular M-matrix, which is when a
 *             pivot of its elimination (no exchanges) is not above 0. Needs neither a connected
 *             nor an aperiodic matrix, and repeated roots cost no digits: rounding in the pivots
 *             acts like a change of the diagonal by a few units in the last place of s, which
 *             moves the root by no more.
 * Units:      of the entries; exactly 0 where no product of entries leads back.
 * Source:     A. Berman, R. J. Plemmons, Nonnegative Matrices in the Mathematical Sciences,
 *             chapter 6.
 * Simplifies: rounding; relative error about n 2^-52.
 * Throws:     AssertionError unless the matrix is square, finite and non-negative.
 */
export function spectralRadius(matrix: Matrix): number {
  for (const row of matrix) {
    assert(row.length === matrix.length, 'spectralRadius needs a square matrix')
    const plain = row.every((entry) => entry >= 0 && entry < Number.POSITIVE_INFINITY)
    assert(plain, 'spectralRadius needs finite entries >= 0')
  }
  const rowSums = matrix.map((row) => row.reduce((sum, entry) => sum + entry, 0))
  const most = Math.max(0, ...rowSums)
  return most === 0 ? 0 : bisect((s) => !pivotsArePositive(matrix, s), 0, most)
}

// Zeros are skipped, so that a tiny s may drive other entries to Infinity but never to NaN.
function pivotsArePositive(matrix: Matrix, s: number): boolean {
  const rows = matrix.map((row, i) => row.map((entry, j) => (i === j ? s - entry : -entry)))
  for (let k = 0; k < rows.length; k++) {
    if (!(rows[k][k] > 0)) return false
    for (let i = k + 1; i < rows.length; i++) subtractRow(rows[i], rows[k], k)
  }
  return true
}

/**
 * Returns x with matrix x = vector.
 *
 * Rule:   Gaussian elimination, each pivot the largest of its column.
 * Source: G. H. Golub, C. F. Van Loan, Matrix Computations, section 3.4.
 * Throws: AssertionError if a column has no pivot (singular), or the shapes do not fit.
 */
export function solve(matrix: Matrix, vector: readonly number[]): number[] {
  const n = vector.length
  assert(matrix.length === n, 'solve needs as many rows as right-hand sides')
  const rows = matrix.map((row, i) => {
    assert(row.length === n, 'solve needs a square matrix')
    return [...row, vector[i]]
  })
  for (let k = 0; k < n; k++) {
    const pivot = largestInColumn(rows, k)
    const row = rows[pivot]
    assert(row[k] !== 0, 'solve met a singular matrix')
    rows[pivot] = rows[k]
    rows[k] = row
    for (let i = k + 1; i < n; i++) subtractRow(rows[i], row, k)
  }
  const x = new Array<number>(n).fill(0)
  for (let k = n - 1; k >= 0; k--) {
    let rest = rows[k][n]
    for (let j = k + 1; j < n; j++) rest -= rows[k][j] * x[j]
    x[k] = rest / rows[k][k]
  }
  return x
}

// Makes row[k] zero in effect (it is not read again).
function subtractRow(row: number[], pivotRow: readonly number[], k: number): void {
  const factor = row[k] / pivotRow[k]
  if (factor === 0) return
  for (let j = k + 1; j < row.length; j++) {
    if (pivotRow[j] !== 0) row[j] -= factor * pivotRow[j]
  }
}

function largestInColumn(rows: readonly (readonly number[])[], k: number): number {
  let best = k
  for (let i = k + 1; i < rows.length; i++) {
    if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i
  }
  return best
}
