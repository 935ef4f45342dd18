/** Ordinary least squares by the normal equations, for a handful of columns. */

/** A fit. `error` is the standard error that bears unequal variances and correlated residuals. */
export interface Fit {
  readonly slope: readonly number[]
  readonly error: readonly number[]
  readonly r2: number
  readonly count: number
}

/**
 * Fits y = constant + columns x slope.
 *
 * Shape:  `slope` and `error` follow the columns; the constant is not among them.
 * Source: W. K. Newey and K. D. West, Econometrica 1987: residuals up to `lags` apart correlate,
 *         with weights that fall evenly.
 */
export function leastSquares(
  y: readonly number[],
  columns: readonly (readonly number[])[],
  lags: number,
): Fit {
  const count = y.length
  const means = columns.map(meanOf)
  const x = columns.map((column, c) => column.map((value) => value - means[c]))
  const mean = meanOf(y)
  const inverse = inverseOf(x.map((a) => x.map((b) => dot(a, b, 0))))
  const moments = x.map((a) => a.reduce((sum, value, k) => sum + value * (y[k] - mean), 0))
  const slope = inverse.map((row) => dot(row, moments, 0))
  const residual = y.map(
    (value, k) => value - mean - slope.reduce((sum, each, c) => sum + each * x[c][k], 0),
  )
  const scores = x.map((column) => column.map((value, k) => value * residual[k]))
  const middle = scores.map((a) =>
    scores.map((b) => {
      let sum = dot(a, b, 0)
      for (let apart = 1; apart <= lags; apart++)
        sum += (1 - apart / (lags + 1)) * (dot(a, b, apart) + dot(b, a, apart))
      return sum
    }),
  )
  const error = inverse.map((row) =>
    Math.sqrt(
      dot(
        row,
        middle.map((line) => dot(line, row, 0)),
        0,
      ),
    ),
  )
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { slope, error, r2: 1 - dot(residual, residual, 0) / total, count }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Sum of a[k] x b[k - apart]. */
function dot(a: readonly number[], b: readonly number[], apart: number): number {
  let sum = 0
  for (let k = apart; k < a.length; k++) sum += a[k] * b[k - apart]
  return sum
}

/** Gauss-Jordan with the largest pivot, on columns scaled to each other. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length
  const scale = matrix.map((row, i) => 1 / Math.sqrt(row[i]))
  const work = matrix.map((row, i) => [
    ...row.map((value, k) => value * scale[i] * scale[k]),
    ...row.map((_, k) => +(i === k)),
  ])
  for (let c = 0; c < n; c++) {
    let best = c
    for (let i = c + 1; i < n; i++) if (Math.abs(work[i][c]) > Math.abs(work[best][c])) best = i
    ;[work[c], work[best]] = [work[best], work[c]]
    const pivot = work[c][c]
    work[c] = work[c].map((value) => value / pivot)
    for (let i = 0; i < n; i++) {
      if (i === c) continue
      const by = work[i][c]
      work[i] = work[i].map((value, k) => value - by * work[c][k])
    }
  }
  return work.map((row, i) => row.slice(n).map((value, k) => value * scale[i] * scale[k]))
}
