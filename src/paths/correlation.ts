/** Random courses that move together. */

import { InputError } from '../errors.ts'
import type { Matrix } from '../math/eigen.ts'

/**
 * Returns the lower triangle L with L L^T = matrix: with independent standard normals z, those of
 * L z have the matrix as their correlation.
 *
 * Rule:       Cholesky in the order of the rows, so that a row added at the end changes none before
 *             it. A pivot within 1e-12 of 0 counts as 0, and its column is left empty: rows may
 *             depend on each other, as two prices with a correlation of 1 do.
 * Source:     P. Glasserman, Monte Carlo Methods in Financial Engineering, 2003, section 2.3.3.
 * Throws:     InputError FB2431 with the entry unless the matrix is square of `count` rows,
 *             symmetric, has a diagonal of 1 and no negative eigenvalue.
 */
export function correlationFactor(matrix: Matrix, count: number, place: string): number[][] {
  checkShape(matrix, count, place)
  const factor = matrix.map((row) => row.map(() => 0))
  for (let j = 0; j < count; j++) {
    const pivot = left(matrix, factor, j, j)
    if (pivot < -PIVOT_MIN) throw indefinite(place, j, j, pivot)
    const root = pivot > PIVOT_MIN ? Math.sqrt(pivot) : 0
    factor[j][j] = root
    for (let i = j + 1; i < count; i++) {
      const rest = left(matrix, factor, i, j)
      if (root > 0) factor[i][j] = rest / root
      else if (Math.abs(rest) > REST_MAX) throw indefinite(place, i, j, rest)
    }
  }
  return factor
}

const PIVOT_MIN = 1e-12
// A pivot that counts as 0 allows the rest of its column the root of its size.
const REST_MAX = 1e-6

/** What is left of entry (i, j) after the columns before j. */
function left(matrix: Matrix, factor: Matrix, i: number, j: number): number {
  let rest = matrix[i][j]
  for (let k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k]
  return rest
}

function checkShape(matrix: Matrix, count: number, place: string): void {
  if (matrix.length !== count)
    throw wrong(place, `must have one row for each of ${count} prices`, matrix.length)
  matrix.forEach((row, i) => {
    if (row.length !== count)
      throw wrong(`${place}[${i}]`, `must have ${count} entries in each row`, row.length)
  })
  for (let i = 0; i < count; i++) {
    if (matrix[i][i] !== 1) throw wrong(`${place}[${i}][${i}]`, 'must be 1 here', matrix[i][i])
    for (let j = 0; j < i; j++) {
      const entry = `${place}[${i}][${j}]`
      if (!(Math.abs(matrix[i][j]) <= 1))
        throw wrong(entry, 'must lie between -1 and 1', matrix[i][j])
      if (matrix[i][j] !== matrix[j][i])
        throw wrong(entry, 'must be symmetric', `${matrix[i][j]} against ${matrix[j][i]}`)
    }
  }
}

function indefinite(place: string, i: number, j: number, came: number): InputError {
  const rule = 'must have no negative eigenvalue'
  return wrong(`${place}[${i}][${j}]`, rule, `${came} after the entries before it`)
}

function wrong(place: string, rule: string, came: unknown): InputError {
  return new InputError({
    code: 'FB2431',
    place,
    rule: `a correlation matrix ${rule}`,
    came: String(came),
    remedy: 'Take all entries from one record of simultaneous returns',
  })
}
